package verification

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func startVerifier(t *testing.T, policy string) *Verifier {
	t.Helper()
	trust, err := config.LoadTrust(t.Context(), testsupport.ConfigFolder(t, policy))
	if err != nil {
		t.Fatal(err)
	}
	executable, _ := testsupport.WritePlugin(t, "echo '"+testsupport.PluginMetadata+"'", "exit 3")
	signer, err := signer.Load(t.Context(), executable)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := New(trust, signer, registry.NewClients(true))
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

func verifyWith(t *testing.T, verifier *Verifier, request protocol.Request) protocol.Result {
	t.Helper()
	return verifier.verify(t.Context(), request, nil, newProgress(request))
}

func TestRequestsThatAreRefusedWithoutContact(t *testing.T) {
	registry, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(nil))
	scoped := strings.Replace(testsupport.TrustPolicy, `["*"]`, `["registry.example/team/app"]`, 1)
	for _, test := range []struct {
		name    string
		policy  string
		request protocol.Request
		stage   protocol.Stage
		kind    protocol.Kind
	}{
		{"no deadline", testsupport.TrustPolicy, protocol.Request{Reference: reference}, protocol.StageRequest, protocol.KindRejected},
		{"a negative deadline", testsupport.TrustPolicy, protocol.Request{Reference: reference, DeadlineMs: -1}, protocol.StageRequest, protocol.KindRejected},
		{"no reference", testsupport.TrustPolicy, protocol.Request{DeadlineMs: 1000}, protocol.StageRequest, protocol.KindRejected},
		{"neither tag nor digest", testsupport.TrustPolicy, protocol.Request{Reference: registry.Host + "/team/app", DeadlineMs: 1000}, protocol.StageRequest, protocol.KindRejected},
		{"a malformed digest", testsupport.TrustPolicy, protocol.Request{Reference: registry.Host + "/team/app@sha256:12", DeadlineMs: 1000}, protocol.StageRequest, protocol.KindRejected},
		{"a path for a repository", testsupport.TrustPolicy, protocol.Request{Reference: registry.Host + "/../x:v1", DeadlineMs: 1000}, protocol.StageRequest, protocol.KindRejected},
		{"a host that no address can have", testsupport.TrustPolicy, protocol.Request{Reference: "::/app:v1", DeadlineMs: 1000}, protocol.StageRequest, protocol.KindRejected},
		{"a host that no address can have, elsewhere", testsupport.TrustPolicy, protocol.Request{Reference: reference, Elsewhere: &protocol.Elsewhere{Repository: "::/app"}, DeadlineMs: 1000}, protocol.StageRequest, protocol.KindMisconfigured},
		{"no statement", scoped, protocol.Request{Reference: reference, DeadlineMs: 1000}, protocol.StagePolicy, protocol.KindNoStatement},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := verifyWith(t, startVerifier(t, test.policy), test.request)

			if result.Outcome != protocol.OutcomeFailed || result.Error.Stage != test.stage || result.Error.Kind != test.kind || result.Signatures == nil {
				t.Errorf("%+v %+v", result, result.Error)
			}
		})
	}
	if asked := registry.Count("/"); asked != 0 {
		t.Errorf("the registry got %d requests", asked)
	}
}

func TestATagLeadsToTheDigestThatIsVerified(t *testing.T) {
	served := testsupport.Contents{}
	registry, _ := testsupport.StartRegistryWithImage(t, served, testsupport.OnePage(nil))
	served["v1"] = []byte("image")
	tagged := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/manifests/v1") {
			w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
			w.Header().Set("Docker-Content-Digest", testsupport.Image.Digest.String())
			w.Header().Set("Content-Length", "5")
			return
		}
		http.Redirect(w, r, "http://"+registry.Host+r.URL.Path, http.StatusTemporaryRedirect)
	})

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: tagged.Host + "/team/app:v1", DeadlineMs: 5000})

	if result.Outcome != protocol.OutcomeNoSignatures || result.Digest != testsupport.Image.Digest.String() || result.Size != 5 || result.MediaType != ocispec.MediaTypeImageManifest {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestADigestThatTheRegistryAnswersWithAnotherImageIsRefused(t *testing.T) {
	other := testsupport.Describe(ocispec.MediaTypeImageManifest, []byte("other"))
	registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/referrers/") {
			testsupport.WritePage(w, "", nil)
			return
		}
		w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
		w.Header().Set("Docker-Content-Digest", other.Digest.String())
		w.Header().Set("Content-Length", "5")
	})

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: fmt.Sprintf("%s/team/app@%s", registry.Host, testsupport.Image.Digest), DeadlineMs: 5000})

	if result.Outcome != protocol.OutcomeFailed || result.Error.Stage != protocol.StageResolve || result.Error.Kind != protocol.KindRejected {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestAnImageThatIsNotThereIsNotFoundWhateverIsListed(t *testing.T) {
	registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/referrers/") {
			testsupport.WritePage(w, "", testsupport.Junk("", 3))
			return
		}
		http.NotFound(w, r)
	})

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: fmt.Sprintf("%s/team/app@%s", registry.Host, testsupport.Image.Digest), DeadlineMs: 5000})

	if result.Outcome != protocol.OutcomeFailed || result.Error.Stage != protocol.StageResolve || result.Error.Kind != protocol.KindNotFound {
		t.Errorf("%+v %+v", result, result.Error)
	}
}
