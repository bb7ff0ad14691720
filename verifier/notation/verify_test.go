package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

func startVerifier(t *testing.T, policy string) *Verifier {
	t.Helper()
	trust, err := LoadTrust(t.Context(), configFolder(t, policy))
	if err != nil {
		t.Fatal(err)
	}
	signer, _ := loadScript(t, "exit 3")
	verifier, err := NewVerifier(trust, signer, NewRegistries(true))
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

func verifyWith(t *testing.T, verifier *Verifier, request Request) Result {
	t.Helper()
	return verifier.Verify(t.Context(), request, NewProgress(request))
}

func TestRequestsThatAreRefusedWithoutContact(t *testing.T) {
	registry, reference := imageWith(t, contents{}, onePage(nil))
	scoped := strings.Replace(goodPolicy, `["*"]`, `["registry.example/team/app"]`, 1)
	for _, test := range []struct {
		name    string
		policy  string
		request Request
		stage   Stage
		kind    Kind
	}{
		{"no deadline", goodPolicy, Request{Reference: reference}, StageRequest, KindRejected},
		{"a negative deadline", goodPolicy, Request{Reference: reference, DeadlineMs: -1}, StageRequest, KindRejected},
		{"no reference", goodPolicy, Request{DeadlineMs: 1000}, StageRequest, KindRejected},
		{"neither tag nor digest", goodPolicy, Request{Reference: registry.host + "/team/app", DeadlineMs: 1000}, StageRequest, KindRejected},
		{"a malformed digest", goodPolicy, Request{Reference: registry.host + "/team/app@sha256:12", DeadlineMs: 1000}, StageRequest, KindRejected},
		{"a path for a repository", goodPolicy, Request{Reference: registry.host + "/../x:v1", DeadlineMs: 1000}, StageRequest, KindRejected},
		{"no statement", scoped, Request{Reference: reference, DeadlineMs: 1000}, StagePolicy, KindNoStatement},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := verifyWith(t, startVerifier(t, test.policy), test.request)

			if result.Outcome != OutcomeFailed || result.Error.Stage != test.stage || result.Error.Kind != test.kind || result.Signatures == nil {
				t.Errorf("%+v %+v", result, result.Error)
			}
		})
	}
	if asked := registry.count("/"); asked != 0 {
		t.Errorf("the registry got %d requests", asked)
	}
}

func TestATagLeadsToTheDigestThatIsVerified(t *testing.T) {
	served := contents{}
	registry, _ := imageWith(t, served, onePage(nil))
	served["v1"] = []byte("image")
	tagged := startStub(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/manifests/v1") {
			w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
			w.Header().Set("Docker-Content-Digest", image.Digest.String())
			w.Header().Set("Content-Length", "5")
			return
		}
		http.Redirect(w, r, "http://"+registry.host+r.URL.Path, http.StatusTemporaryRedirect)
	})

	result := verifyWith(t, startVerifier(t, goodPolicy), Request{Reference: tagged.host + "/team/app:v1", DeadlineMs: 5000})

	if result.Outcome != OutcomeNoSignatures || result.Digest != image.Digest.String() || result.Size != 5 || result.MediaType != ocispec.MediaTypeImageManifest {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestADigestThatTheRegistryAnswersWithAnotherImageIsRefused(t *testing.T) {
	other := describe(ocispec.MediaTypeImageManifest, []byte("other"))
	registry := startStub(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/referrers/") {
			writePage(w, "", nil)
			return
		}
		w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
		w.Header().Set("Docker-Content-Digest", other.Digest.String())
		w.Header().Set("Content-Length", "5")
	})

	result := verifyWith(t, startVerifier(t, goodPolicy), Request{Reference: fmt.Sprintf("%s/team/app@%s", registry.host, image.Digest), DeadlineMs: 5000})

	if result.Outcome != OutcomeFailed || result.Error.Stage != StageResolve || result.Error.Kind != KindRejected {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestAnImageThatIsNotThereIsNotFoundWhateverIsListed(t *testing.T) {
	registry := startStub(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/referrers/") {
			writePage(w, "", junk("", 3))
			return
		}
		http.NotFound(w, r)
	})

	result := verifyWith(t, startVerifier(t, goodPolicy), Request{Reference: fmt.Sprintf("%s/team/app@%s", registry.host, image.Digest), DeadlineMs: 5000})

	if result.Outcome != OutcomeFailed || result.Error.Stage != StageResolve || result.Error.Kind != KindNotFound {
		t.Errorf("%+v %+v", result, result.Error)
	}
}
