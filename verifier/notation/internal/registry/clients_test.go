package registry

import (
	"oras.land/oras-go/v2/registry/remote"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func repositoryOf(stub *testsupport.Registry, credentials *protocol.Credentials) *remote.Repository {
	return NewClients(true).Repository(stub.Reference(""), credentials)
}
