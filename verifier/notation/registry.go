package main

import (
	"context"
	"net/http"
	"sync"

	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// maxClients bounds the registries whose connections and tokens are kept.
const maxClients = 64

// Registries makes repositories. It keeps one authenticated client a registry, so that a token or a challenge is not
// asked for again with each verification.
type Registries struct {
	plainHTTP bool
	base      *http.Transport
	dialer    *dialer
	idle      *idleWatch

	mu      sync.Mutex
	clients map[string]registryClient
}

type registryClient struct {
	client      *auth.Client
	credentials protocol.Credentials
}

// NewRegistries makes the repositories of a process.
func NewRegistries(plainHTTP bool) *Registries {
	base := newBaseTransport()
	dialer := newDialer()
	if !plainHTTP {
		base.DialContext = dialer.dial
	}
	return &Registries{plainHTTP: plainHTTP, base: base, dialer: dialer, idle: newIdleWatch(base.CloseIdleConnections), clients: map[string]registryClient{}}
}

// Begin notes that registries are about to be asked; the result is called when that is over. Connections that may be dead
// since are closed.
func (r *Registries) Begin() (end func()) { return r.idle.begin() }

// Repository gives the repository of a reference. The credentials are bound to the reference's registry.
func (r *Registries) Repository(reference registry.Reference, credentials *protocol.Credentials) *remote.Repository {
	return &remote.Repository{
		Client:           r.client(reference.Host(), credentials),
		Reference:        reference,
		PlainHTTP:        r.plainHTTP,
		MaxMetadataBytes: maxListBytes,
		SkipReferrersGC:  true,
	}
}

func (r *Registries) client(host string, given *protocol.Credentials) *auth.Client {
	var credentials protocol.Credentials
	if given != nil {
		credentials = *given
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.clients[host]; ok && known.credentials == credentials {
		return known.client
	}
	if len(r.clients) >= maxClients {
		clear(r.clients)
	}
	r.dialer.trust(host, "https")
	client := r.newClient(host, credentials)
	r.clients[host] = registryClient{client, credentials}
	return client
}

func (r *Registries) newClient(host string, credentials protocol.Credentials) *auth.Client {
	scheme := "https"
	if r.plainHTTP {
		scheme = "http"
	}
	client := &auth.Client{
		Client: newHTTPClient(r.base, scheme, host, credentials.TokenServer),
		Cache:  auth.NewCache(),
		Credential: func(_ context.Context, asked string) (auth.Credential, error) {
			if asked != host || credentials == (protocol.Credentials{}) {
				return auth.EmptyCredential, nil
			}
			return auth.Credential{Username: credentials.Username, Password: credentials.Password}, nil
		},
	}
	client.SetUserAgent("ecs-image-verification/" + protocol.Version)
	return client
}
