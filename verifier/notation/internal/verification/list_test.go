package verification

import (
	"bytes"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// What package registry reads of a list: so many pages and entries, and of each text so many characters.
const (
	pageLimit  = 100
	entryLimit = 10_000
	textLimit  = 255
)

func TestLongListsEndAsTooManySignatures(t *testing.T) {
	for _, test := range []struct {
		name      string
		referrers http.HandlerFunc
		max       int
		tried     int
		Pages     int
	}{
		{"one page over the limit", testsupport.OnePage(testsupport.Junk("", 51)), 0, 50, 1},
		{"one page over a limit of one's own", testsupport.OnePage(testsupport.Junk("", 4)), 3, 3, 1},
		{"pages without end", testsupport.Pages(10, ""), 0, 50, 6},
		{"empty pages without end", testsupport.Pages(0, ""), 0, 0, pageLimit},
		{"pages of other things without end", testsupport.Pages(10, "application/spdx+json"), 0, 0, pageLimit},
		{"a thousand, whatever limit is asked for", testsupport.OnePage(testsupport.Junk("", 1001)), 5000, 1000, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			registry, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, test.referrers)

			result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{ID: "1", Reference: reference, DeadlineMs: 20_000, MaxSignatures: test.max})

			if result.Outcome != protocol.OutcomeTooManySignatures {
				t.Fatalf("%s %+v", result.Outcome, result.Error)
			}
			if len(result.Signatures) != test.tried || result.Pages != test.Pages {
				t.Errorf("%d signatures, %d pages; want %d and %d", len(result.Signatures), result.Pages, test.tried, test.Pages)
			}
			if asked := registry.Count("/referrers/"); asked > pageLimit {
				t.Errorf("%d pages were asked for", asked)
			}
		})
	}
}

func TestAPageIsReadNoFurtherThanItsLimit(t *testing.T) {
	const endless = 64 << 20
	var sent atomic.Int64
	_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
		chunk := bytes.Repeat([]byte(" "), 64<<10)
		for sent.Load() < endless {
			n, err := w.Write(chunk)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: reference, DeadlineMs: 10_000})

	if result.Outcome != protocol.OutcomeTooManySignatures {
		t.Errorf("%s %+v", result.Outcome, result.Error)
	}
	if sent.Load() > endless/2 {
		t.Errorf("%d bytes were sent", sent.Load())
	}
}

func TestListsWithinTheLimitsAreTriedToTheirEnd(t *testing.T) {
	for _, test := range []struct {
		name      string
		referrers http.HandlerFunc
		tried     int
		outcome   protocol.Outcome
	}{
		{"none", testsupport.OnePage(nil), 0, protocol.OutcomeNoSignatures},
		{"as many as the limit", testsupport.OnePage(testsupport.Junk("", 50)), 50, protocol.OutcomeNotVerified},
		{"on two pages", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("second") {
				testsupport.WritePage(w, "", testsupport.Junk("2", 2))
				return
			}
			testsupport.WritePage(w, r.URL.Path+"?second=1", testsupport.Junk("1", 3))
		}, 5, protocol.OutcomeNotVerified},
		{"with other things between", testsupport.OnePage([]ocispec.Descriptor{testsupport.Junk("", 1)[0], {ArtifactType: "application/spdx+json", MediaType: ocispec.MediaTypeImageManifest, Digest: testsupport.Image.Digest}}), 1, protocol.OutcomeNotVerified},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, test.referrers)

			result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: reference, DeadlineMs: 20_000})

			if result.Outcome != test.outcome || len(result.Signatures) != test.tried {
				t.Fatalf("%s with %d signatures, %+v", result.Outcome, len(result.Signatures), result.Error)
			}
			for _, fact := range result.Signatures {
				if fact.Valid || fact.Check != protocol.CheckFetch || fact.Fault.Kind != protocol.KindNotFound {
					t.Errorf("%+v %+v", fact, fact.Fault)
				}
			}
		})
	}
}

func TestPagesAreCountedWhenTheDeadlineComes(t *testing.T) {
	slowly := func(handler http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(50 * time.Millisecond)
			handler(w, r)
		}
	}
	for _, test := range []struct {
		name      string
		referrers http.HandlerFunc
		atLeast   int
		atMost    int
	}{
		{"empty pages without end", slowly(testsupport.Pages(0, "")), 3, pageLimit},
		{"pages of other things without end", slowly(testsupport.Pages(5, "application/spdx+json")), 3, pageLimit},
		{"a first page that does not come", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, test.referrers)

			result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: reference, DeadlineMs: 500})

			if result.Outcome != protocol.OutcomeFailed || result.Error == nil || result.Error.Kind != protocol.KindDeadline {
				t.Fatalf("%s %+v", result.Outcome, result.Error)
			}
			if result.Pages < test.atLeast || result.Pages > test.atMost {
				t.Errorf("%d pages", result.Pages)
			}
		})
	}
}

func TestTheTagSchemaCountsAsOnePage(t *testing.T) {
	served := testsupport.Contents{}
	var tagged []byte
	registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "/referrers/"):
			http.NotFound(w, r)
		case strings.Contains(r.URL.Path, "/manifests/sha256-"):
			w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
			_, _ = w.Write(tagged)
		default:
			served.Serve(w, r)
		}
	})
	described := served.Add(ocispec.MediaTypeImageManifest, []byte("image"))
	index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex, Manifests: testsupport.Junk("", 2)}
	for i := range index.Manifests {
		index.Manifests[i].ArtifactType = testsupport.ArtifactType
	}
	tagged = testsupport.ToJSON(t, index)

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: fmt.Sprintf("%s/%s@%s", registry.Host, testsupport.RepositoryName, described.Digest), DeadlineMs: 5000})

	if result.Outcome != protocol.OutcomeNotVerified || len(result.Signatures) != 2 || result.Pages != 1 {
		t.Errorf("%+v %+v", result, result.Error)
	}
}

func TestHostileListsAreDeniedAndTakeLittleMemory(t *testing.T) {
	entries := func(count int, entry string) string {
		return `{"schemaVersion":2,"manifests":[` + strings.Repeat(entry+",", count-1) + entry + `]}`
	}
	urls := func(count int) string {
		return `{"manifests":[{"mediaType":"` + ocispec.MediaTypeImageManifest + `","artifactType":"` + testsupport.ArtifactType + `","urls":[` + strings.Repeat(`"",`, count) + `""]}]}`
	}
	for _, test := range []struct {
		name, list string
		outcome    protocol.Outcome
	}{
		{"4 MiB of empty entries", entries(4<<20/3, "{}"), protocol.OutcomeTooManySignatures},
		{"1 MiB of empty entries", entries(1<<20/3-100, "{}"), protocol.OutcomeTooManySignatures},
		{"a million empty entries of another name", strings.Replace(entries(1<<20/3-100, "{}"), "manifests", "MANIFESTS", 1), protocol.OutcomeTooManySignatures},
		{"one entry with a third of a million URLs", urls(1<<20/3 - 200), protocol.OutcomeNotVerified},
		{"one entry with 1.4 million URLs", urls(1_400_000), protocol.OutcomeTooManySignatures},
		{"lists in lists", `{"x":` + strings.Repeat("[", 500_000), protocol.OutcomeFailed},
		{"other things", `{"annotations":{` + strings.Repeat(`"a":"b",`, 100_000) + `"a":"b"},"manifests":null}`, protocol.OutcomeNoSignatures},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
				_, _ = w.Write([]byte(test.list))
			})
			verifier := startVerifier(t, testsupport.TrustPolicy)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)

			result := verifyWith(t, verifier, protocol.Request{Reference: reference, DeadlineMs: 10_000})

			runtime.ReadMemStats(&after)
			if result.Outcome != test.outcome || (test.outcome == protocol.OutcomeFailed && result.Error.Kind != protocol.KindRejected) {
				t.Errorf("%s %+v", result.Outcome, result.Error)
			}
			if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; allocated > 24 {
				t.Errorf("%d MiB were allocated", allocated)
			}
		})
	}
}

func TestEntriesOfAnyKindAreCounted(t *testing.T) {
	_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("page")
		w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
		w.Header().Set("Link", "<"+r.URL.Path+"?page="+page+"x>; rel=\"next\"")
		_, _ = w.Write([]byte(`{"manifests":[` + strings.Repeat("{},", 999) + `{}]}`))
	})

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: reference, DeadlineMs: 10_000})

	if result.Outcome != protocol.OutcomeTooManySignatures || result.Pages != entryLimit/1000+1 {
		t.Errorf("%s after %d pages, %+v", result.Outcome, result.Pages, result.Error)
	}
}

func TestAListThatBreaksOffIsTriedAsFarAsItCame(t *testing.T) {
	_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("second") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		testsupport.WritePage(w, r.URL.Path+"?second=1", testsupport.Junk("1", 3))
	})

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: reference, DeadlineMs: 10_000})

	if result.Outcome != protocol.OutcomeFailed || result.Error.Stage != protocol.StageList || result.Error.Kind != protocol.KindLoginRequired || len(result.Signatures) != 3 {
		t.Errorf("%s %+v, %d signatures", result.Outcome, result.Error, len(result.Signatures))
	}
}

func TestLongTextsOfEntriesAreNotKept(t *testing.T) {
	long := strings.Repeat("0", 900_000)
	_, reference := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
		_, _ = fmt.Fprintf(w, `{"manifests":[{"digest":"sha256:%s","mediaType":"x","artifactType":"%s"}]}`, long, testsupport.ArtifactType)
	})

	result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: reference, DeadlineMs: 10_000})

	if len(result.Signatures) != 1 || result.Signatures[0].Check != protocol.CheckFetch || result.Signatures[0].Fault.Kind != protocol.KindRejected {
		t.Fatalf("%s %+v", result.Outcome, result.Signatures)
	}
	if digest := result.Signatures[0].Digest; len(digest) > textLimit {
		t.Errorf("%d characters are kept", len(digest))
	}
}
