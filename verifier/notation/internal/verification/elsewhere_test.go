package verification

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func verifyElsewhere(t *testing.T, repository string) protocol.Result {
	t.Helper()
	_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(nil))
	return verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{
		Reference: reference, DeadlineMs: 5000, Elsewhere: &protocol.Elsewhere{Repository: repository},
	})
}

func TestSignaturesElsewhereAreTriedIfThoseBesideTheImageDoNotSuffice(t *testing.T) {
	junk := testsupport.Junk("", 2)
	source, _ := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(junk))

	result := verifyElsewhere(t, source.Host+"/team/source")

	if result.Outcome != protocol.OutcomeNotVerified || len(result.Signatures) != len(junk) || result.Pages != 1 {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestARepositoryElsewhereWithoutTheImageHasNoSignatures(t *testing.T) {
	source := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, `{"errors":[{"code":"NAME_UNKNOWN"}]}`, http.StatusNotFound)
	})

	result := verifyElsewhere(t, source.Host+"/team/source")

	if result.Outcome != protocol.OutcomeNoSignatures || source.Count("/team/source/") == 0 {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestARepositoryElsewhereThatFailsIsNamed(t *testing.T) {
	source := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotImplemented) })

	result := verifyElsewhere(t, source.Host+"/team/source")

	if result.Outcome != protocol.OutcomeFailed || result.Error.Stage != protocol.StageElsewhere || result.Error.Kind != protocol.KindUnavailable {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestARepositoryElsewhereThatIsNoneIsOurMistake(t *testing.T) {
	for _, repository := range []string{"", "no registry", "registry.example/UPPER"} {
		result := verifyElsewhere(t, repository)

		if result.Outcome != protocol.OutcomeFailed || result.Error.Kind != protocol.KindMisconfigured {
			t.Errorf("%q: %+v %+v", repository, result, result.Error)
		}
	}
}

func TestManySignaturesBesideTheImageAreReadAfterTheOtherRepository(t *testing.T) {
	var order []string
	var mu sync.Mutex
	noting := func(name string, serve http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				mu.Lock()
				order = append(order, name+" "+r.URL.Path[strings.LastIndex(r.URL.Path[:strings.LastIndex(r.URL.Path, "/")], "/")+1:strings.LastIndex(r.URL.Path, "/")])
				mu.Unlock()
			}
			serve(w, r)
		}
	}
	image, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(testsupport.Junk("", longList)))
	image.Handler = noting("beside", image.Handler)
	source, _ := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(nil))
	source.Handler = noting("elsewhere", source.Handler)

	verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{
		Reference: reference, DeadlineMs: 5000, Elsewhere: &protocol.Elsewhere{Repository: source.Host + "/team/source"},
	})

	if len(order) < 3 || order[0] != "beside referrers" || order[1] != "elsewhere referrers" || order[2] != "beside manifests" {
		t.Errorf("%q", order)
	}
}

func TestARememberedSignatureThatTheRegistryDoesNotGiveOutIsAFact(t *testing.T) {
	gone, held := digest.FromString("gone"), digest.FromString("held back")
	image, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(nil))
	serve := image.Handler
	image.Handler = func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, held.String()) {
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
		serve(w, r)
	}

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{
		Reference: reference, DeadlineMs: 5000, Remembered: []digest.Digest{gone, held},
	})

	if len(result.Signatures) != 1 || result.Signatures[0].Digest != held.String() || result.Signatures[0].Check != protocol.CheckFetch || !result.Signatures[0].Remembered {
		t.Errorf("%+v", result)
	}
}

func TestRememberedDigestsThatAreNoneAreNotAskedFor(t *testing.T) {
	registry, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(nil))

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{
		Reference: reference, DeadlineMs: 5000, Remembered: []digest.Digest{"latest", "sha256:12", ""},
	})

	if result.Outcome != protocol.OutcomeNoSignatures || registry.Count("/manifests/") != 1 {
		t.Errorf("%+v, %d manifests asked for", result, registry.Count("/manifests/"))
	}
}

func TestSlowSignaturesBesideTheImageLeaveTimeForTheOtherRepository(t *testing.T) {
	junk := testsupport.Junk("", 3)
	source, _ := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(nil))
	image, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, testsupport.OnePage(junk))
	serve := image.Handler
	image.Handler = func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/manifests/") {
			<-r.Context().Done()
			return
		}
		serve(w, r)
	}

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{
		Reference: reference, DeadlineMs: 1000, Elsewhere: &protocol.Elsewhere{Repository: source.Host + "/team/source"},
	})

	if source.Count("/referrers/") != 1 {
		t.Error("the other repository was not asked")
	}
	if result.Outcome != protocol.OutcomeFailed || result.Error.Stage != protocol.StageVerify || result.Error.Kind != protocol.KindDeadline {
		t.Errorf("%+v %+v", result, result.Error)
	}
}
