package main

import "oras.land/oras-go/v2/registry/remote"

func repositoryOf(stub *stubRegistry, credentials *Credentials) *remote.Repository {
	return NewRegistries(true).Repository(stub.reference(""), credentials)
}
