// Package signing signs one image with an AWS Signer profile, through the plugin, and pushes the signature to the
// image's repository.
//
// It makes no trust decision: only a verification decides whether a signature counts. It is the only package that
// writes to a registry.
package signing

import (
	"context"
	"crypto/x509"
	"fmt"

	"github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go"
	notationregistry "github.com/notaryproject/notation-go/registry"
	notationsigner "github.com/notaryproject/notation-go/signer"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// Job is one image to sign.
type Job struct {
	// Repository of the image; its reference names the image.
	Repository *remote.Repository
	Plugin     *signer.Plugin
	// Profile is the ARN of the signing profile.
	Profile string
	// UnlessSigned skips the image if the profile has already signed it.
	UnlessSigned bool
	// Roots are the certificates in which the chain of such an earlier signature must end. None: it may end in any.
	Roots []*x509.Certificate
}

// Sign signs the image, and pushes the signature to its repository.
func (j Job) Sign(ctx context.Context) (*protocol.Signed, error) {
	reference := j.Repository.Reference
	if j.UnlessSigned {
		if signed, err := j.signedBefore(ctx); signed != nil || err != nil {
			return signed, err
		}
	}
	pluginSigner, err := notationsigner.NewPluginSigner(j.Plugin, j.Profile, signer.Configuration(j.Profile))
	if err != nil {
		return nil, err
	}
	repository := &recordingRepository{Repository: notationregistry.NewRepository(j.Repository)}
	image, err := notation.Sign(ctx, pluginSigner, repository, notation.SignOptions{
		SignerSignOptions: notation.SignerSignOptions{SignatureMediaType: jws.MediaTypeEnvelope, SigningAgent: "ecs-image-verification/" + protocol.Version},
		ArtifactReference: reference.Reference,
	})
	if err != nil {
		return nil, fmt.Errorf("signing %s with %s: %w", reference, j.Profile, repository.explain(err))
	}
	fact, err := repository.fact()
	if err != nil {
		return nil, err
	}
	return newSigned(reference, image, fact), nil
}

func newSigned(reference ociregistry.Reference, image ocispec.Descriptor, fact protocol.SignatureFact) *protocol.Signed {
	return &protocol.Signed{
		Reference: fmt.Sprintf("%s/%s@%s", reference.Registry, reference.Repository, image.Digest),
		Digest:    image.Digest.String(),
		Signature: fact,
	}
}
