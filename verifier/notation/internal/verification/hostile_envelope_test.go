package verification

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/notaryproject/notation-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// notationVerifier stands in for the library.
type notationVerifier func() (*notation.VerificationOutcome, error)

func (f notationVerifier) Verify(context.Context, ocispec.Descriptor, []byte, notation.VerifierVerifyOptions) (*notation.VerificationOutcome, error) {
	return f()
}

func unasked(t *testing.T) notationVerifier {
	return func() (*notation.VerificationOutcome, error) {
		t.Error("the library was asked")
		return nil, nil
	}
}

func TestAPanicOverAnEnvelopeIsARefusal(t *testing.T) {
	panics := notationVerifier(func() (*notation.VerificationOutcome, error) { panic("index out of range\nlevel=info") })

	fact := examination{verifier: panics, statement: "release", reference: "r/n@d", image: testsupport.Image}.examineEnvelope(t.Context(), envelope.Raw{MediaType: testsupport.JWSMediaType, Bytes: testsupport.Envelope(t, testsupport.Payload(t, testsupport.Image))}).current()

	if fact.Valid || fact.Check != protocol.CheckIntegrity || fact.Fault.Kind != protocol.KindRefused {
		t.Errorf("%+v", fact)
	}
	if !strings.Contains(fact.Fault.Detail, `index out of range\nlevel=info`) {
		t.Errorf("detail %q", fact.Fault.Detail)
	}
}

func TestEnvelopesOfOtherFormatsAreRefusedUnread(t *testing.T) {
	for _, mediaType := range []string{"application/cose", "", "application/jose+json; x=y", "text/plain"} {
		fact := examination{verifier: unasked(t), statement: "release", reference: "r/n@d", image: testsupport.Image}.examineEnvelope(t.Context(), envelope.Raw{MediaType: mediaType, Bytes: []byte("{}")}).current()

		if fact.Check != protocol.CheckIntegrity || fact.Fault.Kind != protocol.KindRefused {
			t.Errorf("%q: %+v", mediaType, fact)
		}
	}
}

func TestAPayloadThatNamesNoImageIsRefusedBeforeSignerIsAsked(t *testing.T) {
	other := testsupport.Describe(ocispec.MediaTypeImageManifest, []byte("other"))
	for _, payload := range []string{
		testsupport.Payload(t, other), "{}", "null", "", "[]", "not JSON", `{"targetArtifact":"x"}`, `{"targetArtifact":{"size":"x"}}`,
		// Of two, the last counts, here as in the library.
		`{"targetArtifact":` + string(testsupport.ToJSON(t, testsupport.Image)) + `,"targetArtifact":` + string(testsupport.ToJSON(t, other)) + `}`,
		strings.Repeat(`{"a":`, 2000),
	} {
		fact := examination{verifier: unasked(t), statement: "release", reference: "r/n@d", image: testsupport.Image}.examineEnvelope(t.Context(), envelope.Raw{MediaType: testsupport.JWSMediaType, Bytes: testsupport.Envelope(t, payload)}).current()

		if fact.Check != protocol.CheckTarget || fact.Fault.Kind != protocol.KindRefused {
			t.Errorf("%.60q: %+v", payload, fact)
		}
	}
}

func TestSignedPartsThatCostTimeAreRefusedBeforeAnythingIsComputed(t *testing.T) {
	attributes := map[string]any{}
	for i := range 11_000 {
		attributes[fmt.Sprint("a", i)] = 0
	}
	critical := make([]string, 15_500)
	for i := range critical {
		critical[i] = "a0"
	}
	attributes["crit"] = critical
	encode := base64.RawURLEncoding.EncodeToString
	chain := map[string]any{"x5c": [][]byte{testsupport.Certificate(t, 1)}}
	for name, raw := range map[string][]byte{
		"attributes times critical ones": testsupport.ToJSON(t, map[string]any{"payload": encode([]byte(testsupport.Payload(t, testsupport.Image))), "protected": encode(testsupport.ToJSON(t, attributes)), "signature": "AA", "header": chain}),
		"a long payload":                 testsupport.Envelope(t, strings.Repeat(`{"a":`, 20_000)),
	} {
		started := time.Now()

		fact := examination{verifier: unasked(t), statement: "release", reference: "r/n@d", image: testsupport.Image}.examineEnvelope(t.Context(), envelope.Raw{MediaType: testsupport.JWSMediaType, Bytes: raw}).current()

		if fact.Check != protocol.CheckIntegrity || fact.Fault.Kind != protocol.KindRefused || !strings.Contains(fact.Fault.Detail, "the limit is 16384") {
			t.Errorf("%s: %+v", name, fact.Fault)
		}
		if took := time.Since(started); took > time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestChainsThatCostTimeAreRefusedBeforeAnythingIsComputed(t *testing.T) {
	small := testsupport.Certificate(t, 1)
	many := make([][]byte, 600)
	for i := range many {
		many[i] = small
	}
	for _, test := range []struct {
		name   string
		chain  [][]byte
		reason string
	}{
		{"an RSA key of 50,000 bits", testsupport.ChainUnderHugeKey(t, 50_000), "50000 bits"},
		{"hundreds of certificates", many, "600 certificates"},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw := testsupport.Envelope(t, testsupport.Payload(t, testsupport.Image), test.chain...)
			if len(raw) > envelope.MaxBytes {
				t.Fatalf("%d bytes would be refused for their size", len(raw))
			}
			started := time.Now()

			fact := examination{verifier: unasked(t), statement: "release", reference: "r/n@d", image: testsupport.Image}.examineEnvelope(t.Context(), envelope.Raw{MediaType: testsupport.JWSMediaType, Bytes: raw}).current()

			if fact.Check != protocol.CheckIntegrity || fact.Fault.Kind != protocol.KindRefused || !strings.Contains(fact.Fault.Detail, test.reason) {
				t.Errorf("%+v %+v", fact, fact.Fault)
			}
			if took := time.Since(started); took > time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}
