package registry

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

const secretPassword, secretToken = "s3cr3t-password", "s3cr3t-identity-token"

// secretForms are the secrets as they could be sent: the password in plain text and in a Basic header, the identity token
// in plain text, and the Bearer token that the token server gave.
var secretForms = []string{secretPassword, "Y2k6czNjcjN0LXBhc3N3b3Jk", secretToken, "given-token"}

var secretLogins = map[string]protocol.Credentials{
	"password":       {Username: "ci", Password: secretPassword},
	"identity token": {IdentityToken: secretToken},
}

// giveToken answers as a token server does.
func giveToken(w http.ResponseWriter, _ *http.Request) {
	_, _ = fmt.Fprint(w, `{"token":"given-token","access_token":"given-token"}`)
}

// referTo is a registry that sends all without a token to the realm for one.
func referTo(realm func(registry string) string, served http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer given-token" {
			testsupport.Challenge(w, fmt.Sprintf(`Bearer realm=%q,service="registry"`, realm(r.Host)))
			return
		}
		served(w, r)
	}
}

// hostileScene is a registry by HTTPS, a token server that its login names, and a stranger by HTTPS and one without.
type hostileScene struct {
	registry, tokens, stranger, insecure *testsupport.Recorder
	clients                              *Clients
}

func startHostileScene(t *testing.T, registry, tokens func(*hostileScene) http.HandlerFunc) *hostileScene {
	t.Helper()
	pool := x509.NewCertPool()
	scene := &hostileScene{clients: NewClients(false)}
	scene.clients.base.TLSClientConfig = testsupport.TrustOnly(pool)
	scene.stranger = testsupport.StartRecorder(t, pool, giveToken)
	scene.insecure = testsupport.StartRecorder(t, nil, giveToken)
	late := func(handler func(*hostileScene) http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { handler(scene)(w, r) }
	}
	scene.tokens = testsupport.StartRecorder(t, pool, late(tokens))
	scene.registry = testsupport.StartRecorder(t, pool, late(registry))
	return scene
}

func giving(*hostileScene) http.HandlerFunc { return giveToken }

// ask asks for an image of the scene's registry, with a login whose token server is the scene's unless another is given.
func (s *hostileScene) ask(t *testing.T, login protocol.Credentials, tokenServer string) *protocol.Fault {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	login.TokenServer = tokenServer
	reference := ociregistry.Reference{Registry: s.registry.Host, Repository: testsupport.RepositoryName, Reference: "v1"}
	descriptor, err := s.clients.Repository(reference, &login).Resolve(ctx, "v1")
	if err == nil {
		_, err = s.clients.Repository(reference, &login).Blobs().Resolve(ctx, descriptor.Digest.String())
	}
	if err == nil {
		return nil
	}
	return Explain(ctx, err)
}

func (s *hostileScene) assertStrangersKnowNothing(t *testing.T) {
	t.Helper()
	for name, stranger := range map[string]*testsupport.Recorder{"a stranger": s.stranger, "a server without HTTPS": s.insecure} {
		for _, secret := range secretForms {
			if told := stranger.Told(); strings.Contains(told, secret) {
				t.Errorf("%s was told %q:\n%s", name, secret, told)
			}
		}
	}
}

func serveImage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", testsupport.Image.MediaType)
	w.Header().Set("Docker-Content-Digest", testsupport.Image.Digest.String())
	w.Header().Set("Content-Length", "5")
}
