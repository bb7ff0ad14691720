package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestARegistryThatQuotesTheLoginDoesNotGetItIntoTheVerdict(t *testing.T) {
	login := &protocol.Credentials{Username: "ci", Password: secretPassword}
	registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			testsupport.Challenge(w, `Basic realm="registry"`)
			return
		}
		_, password, _ := r.BasicAuth()
		quoted, _ := json.Marshal(fmt.Sprintf("no access for %s with %s", password, r.Header.Get("Authorization")))
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":%s}]}`, quoted)
	})
	clients := NewClients(true)
	reference := registry.Reference("v1")
	_, _, err := clients.Repository(reference, login).Manifests().FetchReference(t.Context(), "v1")

	fault := clients.Refusals(reference, login, false).Explain(t.Context(), err)

	if fault.Kind != protocol.KindAccessDenied || !strings.Contains(fault.Detail, "no access for (secret) with Basic (secret)") {
		t.Errorf("%+v", fault)
	}
}

func TestALoginIsRemovedBeforeATextIsCut(t *testing.T) {
	login := &protocol.Credentials{Username: "ci", Password: strings.Repeat("correct-horse-", 20)}
	clients := NewClients(true)
	quoting := errors.New(strings.Repeat("x", 1900) + " bad password " + login.Password)

	fault := clients.Refusals(ociregistry.Reference{}, login, false).Explain(t.Context(), quoting)

	if strings.Contains(fault.Detail, "correct") || !strings.Contains(fault.Detail, "(secret)") {
		t.Error(fault.Detail)
	}
}

func TestOnlyWhatIsLongEnoughIsLookedFor(t *testing.T) {
	login := &protocol.Credentials{Username: "ci", Password: "no", IdentityToken: "a/token"}

	if got := redact("there is no a/token, a%2Ftoken", login); got != "there is no (secret), (secret)" {
		t.Error(got)
	}
	if got := redact("no access with Bearer abc.def-ghi=", login); got != "no access with Bearer (secret)" {
		t.Error(got)
	}
	if got := redact("there is no login", nil); got != "there is no login" {
		t.Error(got)
	}
}
