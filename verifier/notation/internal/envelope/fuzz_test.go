package envelope

import (
	"encoding/json"
	"testing"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// What the cheap checks let through, the library must read in the same way: an envelope with two readings could pass
// them as one thing and be trusted as another.
func FuzzExamine(f *testing.F) {
	f.Fuzz(func(t *testing.T, bytes []byte) {
		envelope := Raw{MediaType: jws.MediaTypeEnvelope, Bytes: bytes}
		if Examine(envelope, testsupport.Image) != nil {
			return
		}
		parsed, err := signature.ParseEnvelope(jws.MediaTypeEnvelope, bytes)
		if err != nil {
			return
		}
		claims, err := parsed.Content()
		if err != nil {
			return
		}
		if found := len(claims.SignerInfo.CertificateChain); found > maxCertificates {
			t.Errorf("a chain of %d certificates passed", found)
		}
		var payload struct {
			TargetArtifact ocispec.Descriptor `json:"targetArtifact"`
		}
		if err := json.Unmarshal(claims.Payload.Content, &payload); err != nil || !content.Equal(payload.TargetArtifact, testsupport.Image) {
			t.Errorf("the payload of another image passed: %q", claims.Payload.Content)
		}
		spaced := Raw{MediaType: envelope.MediaType, Bytes: append([]byte(" "), bytes...)}
		if ContentOf(envelope, claims.SignerInfo.CertificateChain) != ContentOf(spaced, claims.SignerInfo.CertificateChain) {
			t.Error("another wrapping is another question")
		}
	})
}
