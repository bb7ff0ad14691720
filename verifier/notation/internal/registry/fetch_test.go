package registry

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestAnEnvelopeIsReadOnceAndKept(t *testing.T) {
	served := testsupport.Contents{}
	layer := served.Add(testsupport.JWSMediaType, []byte(`{"payload":""}`))
	manifest := served.Signature(t, layer)
	registry := testsupport.StartRegistry(t, served.Serve)
	envelopes := NewEnvelopes()

	for range 3 {
		envelope, err := envelopes.Fetch(t.Context(), repositoryOf(registry, nil), manifest)
		if err != nil || string(envelope.Bytes) != `{"payload":""}` || envelope.MediaType != testsupport.JWSMediaType {
			t.Fatalf("%+v %v", envelope, err)
		}
	}

	if manifests, blobs := registry.Count("/manifests/"), registry.Count("/blobs/"); manifests != 1 || blobs != 1 {
		t.Errorf("asked for %d manifests and %d blobs", manifests, blobs)
	}
}

func TestAKeptEnvelopeIsNotThatOfAnotherRepository(t *testing.T) {
	served := testsupport.Contents{}
	manifest := served.Signature(t, served.Add(testsupport.JWSMediaType, []byte("{}")))
	first, second := testsupport.StartRegistry(t, served.Serve), testsupport.StartRegistry(t, testsupport.Contents{}.Serve)
	envelopes := NewEnvelopes()
	if _, err := envelopes.Fetch(t.Context(), repositoryOf(first, nil), manifest); err != nil {
		t.Fatal(err)
	}

	_, err := envelopes.Fetch(t.Context(), repositoryOf(second, nil), manifest)

	if Explain(t.Context(), orOK(err)).Kind != protocol.KindNotFound {
		t.Errorf("got %v", err)
	}
}

func TestKeptEnvelopesAreBounded(t *testing.T) {
	envelopes := NewEnvelopes()
	for i := range 100 {
		envelopes.keep(fmt.Sprint(i), envelope.Raw{Bytes: make([]byte, envelope.MaxBytes)})
		envelopes.keep(fmt.Sprint(i), envelope.Raw{Bytes: make([]byte, envelope.MaxBytes)})

		if kept := len(envelopes.kept) * envelope.MaxBytes; kept > maxKeptBytes || kept > envelopes.size {
			t.Fatalf("%d bytes are kept, counted as %d", kept, envelopes.size)
		}
	}
}

func TestKeptEnvelopesOfNoBytesAreBounded(t *testing.T) {
	envelopes := NewEnvelopes()
	for i := range 100_000 {
		envelopes.keep(fmt.Sprint(i), envelope.Raw{})
	}
	if most := maxKeptBytes / keptEntryBytes; len(envelopes.kept) > most {
		t.Errorf("%d are kept", len(envelopes.kept))
	}
}

// orOK makes an error of a success, for tables of faults.
func orOK(err error) error {
	if err == nil {
		return errors.New("no error at all")
	}
	return err
}

func TestContentThatIsNotWhatItsDescriptorSays(t *testing.T) {
	const text = `{"payload":"0123456789"}`
	served := testsupport.Contents{}
	good := served.Add(testsupport.JWSMediaType, []byte(text))
	registry := testsupport.StartRegistry(t, served.Serve)
	changed := func(change func(*ocispec.Descriptor)) ocispec.Descriptor {
		descriptor := good
		change(&descriptor)
		return descriptor
	}
	for _, test := range []struct {
		name       string
		descriptor ocispec.Descriptor
		kind       protocol.Kind
		contacts   bool
	}{
		{"a size too small", changed(func(d *ocispec.Descriptor) { d.Size-- }), protocol.KindRejected, true},
		{"a size too large", changed(func(d *ocispec.Descriptor) { d.Size++ }), protocol.KindRejected, true},
		{"size zero", changed(func(d *ocispec.Descriptor) { d.Size = 0 }), protocol.KindRejected, true},
		{"a negative size", changed(func(d *ocispec.Descriptor) { d.Size = -1 }), protocol.KindRejected, false},
		{"the most negative size", changed(func(d *ocispec.Descriptor) { d.Size = -1 << 63 }), protocol.KindRejected, false},
		{"over the limit", changed(func(d *ocispec.Descriptor) { d.Size = 101 }), protocol.KindTooLarge, false},
		{"the largest size", changed(func(d *ocispec.Descriptor) { d.Size = 1<<63 - 1 }), protocol.KindTooLarge, false},
		{"nobody has it", testsupport.Describe(testsupport.JWSMediaType, []byte("other")), protocol.KindNotFound, true},
		{"no digest", changed(func(d *ocispec.Descriptor) { d.Digest = "" }), protocol.KindRejected, false},
		{"a path as digest", changed(func(d *ocispec.Descriptor) { d.Digest = "../../x" }), protocol.KindRejected, false},
		{"a digest with a path", changed(func(d *ocispec.Descriptor) { d.Digest = "sha256:../../x" }), protocol.KindRejected, false},
		{"an algorithm that we do not have", changed(func(d *ocispec.Descriptor) { d.Digest = "md5:" + digest.Digest(strings.Repeat("a", 32)) }), protocol.KindRejected, false},
		{"an algorithm that is little used", changed(func(d *ocispec.Descriptor) { d.Digest = digest.SHA384.FromString(text) }), protocol.KindRejected, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := registry.Count("/")

			_, err := fetchBounded(t.Context(), repositoryOf(registry, nil).Blobs(), test.descriptor, 100)

			if fault := Explain(t.Context(), orOK(err)); fault.Kind != test.kind || err == nil {
				t.Errorf("got %v: %s, want %s", err, fault.Kind, test.kind)
			}
			if contacts := registry.Count("/") > before; contacts != test.contacts {
				t.Errorf("the registry was asked: %t", contacts)
			}
		})
	}
}

func TestAnswersThatAreNotWhatWasAskedFor(t *testing.T) {
	blob := testsupport.Describe(testsupport.JWSMediaType, []byte("0123456789"))
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		kind    protocol.Kind
	}{
		{"other bytes of the same length", bodyOnly("9876543210"), protocol.KindRejected},
		{"a longer body", bodyOnly("0123456789x"), protocol.KindRejected},
		{"a longer body without a length", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "01234")
			_ = http.NewResponseController(w).Flush()
			fmt.Fprint(w, "56789x")
		}, protocol.KindRejected},
		{"a shorter body", bodyOnly("012345678"), protocol.KindRejected},
		{"a shorter body without a length", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "01234")
			_ = http.NewResponseController(w).Flush()
		}, protocol.KindRejected},
		{"a body that is cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			fmt.Fprint(w, "01234")
		}, protocol.KindUnavailable},
		{"nothing", bodyOnly(""), protocol.KindRejected},
	} {
		t.Run(test.name, func(t *testing.T) {
			registry := testsupport.StartRegistry(t, test.handler)

			_, err := fetchBounded(t.Context(), repositoryOf(registry, nil).Blobs(), blob, 100)

			if fault := Explain(t.Context(), orOK(err)); fault.Kind != test.kind || err == nil {
				t.Errorf("got %v: %s, want %s", err, fault.Kind, test.kind)
			}
		})
	}
}

func bodyOnly(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

func TestNoMoreIsReadThanADescriptorSays(t *testing.T) {
	const endless = 64 << 20
	var sent atomic.Int64
	registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := make([]byte, 64<<10)
		for sent.Load() < endless {
			n, err := w.Write(chunk)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})

	_, err := fetchBounded(t.Context(), repositoryOf(registry, nil).Blobs(), testsupport.Describe(testsupport.JWSMediaType, []byte("short")), 100)

	if err == nil {
		t.Error("accepted")
	}
	// What the sockets hold has been sent, and not been read.
	if sent.Load() > endless/4 {
		t.Errorf("%d bytes were sent", sent.Load())
	}
}

func TestSignatureManifestsThatAreNone(t *testing.T) {
	served := testsupport.Contents{}
	layer := served.Add(testsupport.JWSMediaType, []byte("{}"))
	registry := testsupport.StartRegistry(t, served.Serve)
	for _, test := range []struct {
		name     string
		manifest ocispec.Descriptor
		reason   string
	}{
		{"no layer", served.Signature(t), "0 layers"},
		{"two layers", served.Signature(t, layer, layer), "2 layers"},
		{"no JSON", served.Add(ocispec.MediaTypeImageManifest, []byte("junk")), "invalid character"},
		{"layers of another kind", served.Add(ocispec.MediaTypeImageManifest, []byte(`{"layers":"many"}`)), "cannot unmarshal"},
		{"an index", served.Add(ocispec.MediaTypeImageIndex, []byte("{}")), "is not supported"},
		{"a hostile media type", served.Add("a\nlevel=info", []byte("{}")), `"a\nlevel=info"`},
		{"nesting without end", served.Add(ocispec.MediaTypeImageManifest, []byte(strings.Repeat("[", 20_000))), "exceeded max depth"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewEnvelopes().Fetch(t.Context(), repositoryOf(registry, nil), test.manifest)

			if fault := Explain(t.Context(), orOK(err)); fault.Kind != protocol.KindRejected || !strings.Contains(fault.Detail, test.reason) {
				t.Errorf("got %+v", fault)
			}
		})
	}
}

func TestAManifestOfAPublisherTakesLittleMemory(t *testing.T) {
	fill := func(open, item, end string) []byte {
		return []byte(open + strings.Repeat(item+",", (maxManifestBytes-len(open)-len(end))/(len(item)+1)-1) + item + end)
	}
	for name, text := range map[string][]byte{
		"layers":      fill(`{"layers":[`, "{}", "]}"),
		"URLs":        fill(`{"config":{"urls":[`, `""`, "]}}"),
		"os features": fill(`{"subject":{"platform":{"os.features":[`, `""`, "]}}}"),
	} {
		served := testsupport.Contents{}
		manifest := served.Add(ocispec.MediaTypeImageManifest, text)
		repository := repositoryOf(testsupport.StartRegistry(t, served.Serve), nil)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)

		_, err := FetchEnvelope(t.Context(), repository, manifest)

		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; allocated > 8 {
			t.Errorf("%s: %d MiB were allocated", name, allocated)
		}
	}
}
