package inspect

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func inspectorOf(t *testing.T, text string) (*Inspector, ociregistry.Reference) {
	t.Helper()
	reference, err := ociregistry.ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	unasked := func(context.Context, *signature.EnvelopeContent) protocol.Revocation {
		t.Error("Signer was asked")
		return protocol.Revocation{}
	}
	return &Inspector{Repository: registry.NewClients(true).Repository(reference, nil), Revocation: unasked, Now: time.Now()}, reference
}

// inspectedPages is how many pages of a list package registry reads.
const inspectedPages = 100

func TestAnInspectionReadsNoMoreThanItsLimit(t *testing.T) {
	for _, test := range []struct {
		name      string
		referrers http.HandlerFunc
		limit     int
		read      int
		more      bool
	}{
		{"as many as the limit", testsupport.OnePage(testsupport.Junk("", 3)), 3, 3, false},
		{"one more", testsupport.OnePage(testsupport.Junk("", 4)), 3, 3, true},
		{"pages without end", testsupport.Pages(10, ""), 50, 50, true},
		{"empty pages without end", testsupport.Pages(0, ""), 50, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			stub, text := testsupport.StartRegistryWithImage(t, testsupport.Contents{}, test.referrers)
			i, reference := inspectorOf(t, text)

			inspection := i.Inspect(t.Context(), reference, test.limit)

			if inspection.Error != nil || len(inspection.Signatures) != test.read || inspection.More != test.more {
				t.Errorf("%d signatures, more %t, error %+v", len(inspection.Signatures), inspection.More, inspection.Error)
			}
			if asked := stub.Count("/referrers/"); asked > inspectedPages {
				t.Errorf("%d pages were asked for", asked)
			}
		})
	}
}

func TestEnvelopesThatCostTimeAreUnreadableAtOnce(t *testing.T) {
	small := testsupport.Certificate(t, 1)
	for name, chain := range map[string][][]byte{
		"a huge RSA key":        testsupport.ChainUnderHugeKey(t, 50_000),
		"too many certificates": {small, small, small, small, small, small, small, small, small, small, small},
	} {
		t.Run(name, func(t *testing.T) {
			i, _ := inspectorOf(t, "127.0.0.1:1/r@"+testsupport.Image.Digest.String())
			started := time.Now()

			read, unreadable := i.open(t.Context(), envelope.Raw{MediaType: testsupport.JWSMediaType, Bytes: testsupport.Envelope(t, testsupport.Payload(t, testsupport.Image), chain...)}, testsupport.Image)

			if read != nil || unreadable == nil || !strings.Contains(unreadable.Detail, "the limit is") {
				t.Errorf("%+v %+v", read, unreadable)
			}
			if took := time.Since(started); took > time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestTimesOfAnyYearHaveAText(t *testing.T) {
	if got := timeText(time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600))); got != "10000-01-01T00:59:59Z" {
		t.Error(got)
	}
}

func TestDescriptorsOfOthersAreMadePrintable(t *testing.T) {
	artifact := artifactOf(ocispec.Descriptor{MediaType: "a\x1b[2K", Digest: "d\n", Size: 1})

	if artifact.MediaType != `a\x1b[2K` || artifact.Digest != `d\n` {
		t.Errorf("%+v", artifact)
	}
}
