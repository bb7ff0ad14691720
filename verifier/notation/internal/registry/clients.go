// Package registry talks to OCI registries: it lists and fetches signatures, sends credentials only to the registry
// that they are for, refuses to connect to addresses that only this machine can reach, and explains failures.
//
// The publisher of an image controls what its registry answers. So everything is read with limits, and only known
// infrastructure faults are reported as such. It knows neither Signer nor trust, and verifies nothing.
package registry

import (
	"context"
	"net/http"
	"sync"

	ociregistry "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// maxClients limits the number of registries whose connections and tokens are kept.
const maxClients = 64

// Clients creates repositories. It keeps one authenticated client per registry, so that not every verification needs a
// new token or challenge.
type Clients struct {
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

// NewClients creates the repositories of a process.
func NewClients(plainHTTP bool) *Clients {
	base := newBaseTransport()
	dialer := newDialer()
	if !plainHTTP {
		base.DialContext = dialer.dial
		base.Proxy = dialer.guardProxy(base.Proxy)
	}
	return &Clients{plainHTTP: plainHTTP, base: base, dialer: dialer, idle: newIdleWatch(base.CloseIdleConnections), clients: map[string]registryClient{}}
}

// Begin notes that calls to registries follow; the returned function must be called when they are done. It closes
// connections that may have died since the last call.
func (c *Clients) Begin() (end func()) { return c.idle.begin() }

// Repository returns the repository of a reference. The credentials are bound to the reference's registry.
func (c *Clients) Repository(reference ociregistry.Reference, credentials *protocol.Credentials) *remote.Repository {
	return &remote.Repository{
		Client:           c.client(reference.Host(), credentials),
		Reference:        reference,
		PlainHTTP:        c.plainHTTP,
		MaxMetadataBytes: maxListBytes,
		SkipReferrersGC:  true,
	}
}

func (c *Clients) client(host string, given *protocol.Credentials) *auth.Client {
	var credentials protocol.Credentials
	if given != nil {
		credentials = *given
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.clients[host]; ok && known.credentials == credentials {
		return known.client
	}
	if len(c.clients) >= maxClients {
		clear(c.clients)
	}
	c.dialer.trust(host, "https")
	client := c.newClient(host, credentials)
	c.clients[host] = registryClient{client, credentials}
	return client
}

func (c *Clients) newClient(host string, credentials protocol.Credentials) *auth.Client {
	scheme := "https"
	if c.plainHTTP {
		scheme = "http"
	}
	client := &auth.Client{
		Client: newHTTPClient(c.base, scheme, host, credentials),
		Cache:  auth.NewCache(),
		Credential: func(_ context.Context, asked string) (auth.Credential, error) {
			if asked != host || credentials == (protocol.Credentials{}) {
				return auth.EmptyCredential, nil
			}
			return auth.Credential{Username: credentials.Username, Password: credentials.Password, RefreshToken: credentials.IdentityToken}, nil
		},
	}
	client.SetUserAgent("ecs-image-verification/" + protocol.Version)
	return client
}
