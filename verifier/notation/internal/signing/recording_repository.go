package signing

import (
	"context"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	notationregistry "github.com/notaryproject/notation-go/registry"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

// recordingRepository records the signature that notation.Sign pushes, and which call to the registry failed.
type recordingRepository struct {
	notationregistry.Repository
	manifest ocispec.Descriptor
	envelope []byte
	failed   *registryError
}

func (r *recordingRepository) Resolve(ctx context.Context, reference string) (ocispec.Descriptor, error) {
	image, err := r.Repository.Resolve(ctx, reference)
	if err != nil {
		r.failed = &registryError{protocol.StageResolve, err}
	}
	return image, err
}

func (r *recordingRepository) PushSignature(ctx context.Context, mediaType string, envelope []byte, subject ocispec.Descriptor, annotations map[string]string) (blob, manifest ocispec.Descriptor, err error) {
	blob, manifest, err = r.Repository.PushSignature(ctx, mediaType, envelope, subject, annotations)
	r.manifest, r.envelope = manifest, envelope
	if err != nil {
		r.failed = &registryError{protocol.StagePush, err}
	}
	return blob, manifest, err
}

// explain returns the registry's error if there was one: the library keeps only its text.
func (r *recordingRepository) explain(err error) error {
	if r.failed != nil {
		return r.failed
	}
	return err
}

func (r *recordingRepository) fact() (protocol.SignatureFact, error) {
	parsed, err := signature.ParseEnvelope(jws.MediaTypeEnvelope, r.envelope)
	if err != nil {
		return protocol.SignatureFact{}, err
	}
	contents, err := parsed.Content()
	if err != nil {
		return protocol.SignatureFact{}, err
	}
	fact := protocol.SignatureFact{Digest: r.manifest.Digest.String(), Valid: true}
	envelope.AddEvidence(&fact, contents.SignerInfo)
	return fact, nil
}
