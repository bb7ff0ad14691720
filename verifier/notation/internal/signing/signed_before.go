package signing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// signedBefore returns a signature that the profile made for the image earlier, so that repeating a signing adds no
// second one. The signature is intact, not expired, and not revoked according to Signer; where Signer does not say it, the
// answer does. Whether a trust policy trusts it does not matter here. nil: there is none.
func (j Job) signedBefore(ctx context.Context) (*protocol.Signed, error) {
	image, err := j.Repository.Manifests().Resolve(ctx, j.Repository.Reference.Reference)
	if err != nil {
		return nil, &registryError{protocol.StageResolve, err}
	}
	manifests, err := registry.NewLists().Read(ctx, j.Repository, image.Digest, protocol.DefaultMaxSignatures, func() {})
	if err != nil && !registry.IsOverLimits(err) {
		return nil, &registryError{protocol.StageList, err}
	}
	// Whoever may push can add copies of a revoked signature. Each would be asked about, until the time is over.
	revoked := map[envelope.Content]bool{}
	for _, manifest := range manifests {
		raw, err := registry.FetchEnvelope(ctx, j.Repository, manifest)
		if err != nil {
			continue
		}
		contents := readOwn(raw, image, j.Profile)
		if contents == nil || !j.endsInRoot(contents) {
			continue
		}
		content := envelope.ContentOf(raw, contents.SignerInfo.CertificateChain)
		if revoked[content] {
			continue
		}
		revocation := j.Plugin.AskRevocation(ctx, contents)
		if revocation.Status == protocol.StatusRevoked {
			revoked[content] = true
			continue
		}
		// Nobody has said that it is valid, and nobody can any more.
		if ctx.Err() != nil {
			return nil, &registryError{protocol.StageList, ctx.Err()}
		}
		fact := protocol.SignatureFact{Digest: manifest.Digest.String(), Valid: true}
		envelope.AddEvidence(&fact, contents.SignerInfo)
		signed := newSigned(j.Repository.Reference, image, fact)
		signed.Earlier = &revocation
		return signed, nil
	}
	return nil, nil
}

// endsInRoot tells whether AWS Signer can have made a signature. Otherwise whoever may push could keep an image from being
// signed, with a certificate and a profile's name of their own.
func (j Job) endsInRoot(contents *signature.EnvelopeContent) bool {
	chain := contents.SignerInfo.CertificateChain
	return len(j.Roots) == 0 || slices.ContainsFunc(j.Roots, chain[len(chain)-1].Equal)
}

// readOwn reads an envelope if it is intact, made by the profile for the image, and valid by its own dates.
func readOwn(raw envelope.Raw, image ocispec.Descriptor, profile string) (contents *signature.EnvelopeContent) {
	// As in a verification: whoever may push controls the bytes, and they may make a parser panic.
	defer func() {
		if recover() != nil {
			contents = nil
		}
	}()
	if envelope.Examine(raw, image) != nil {
		return nil
	}
	parsed, err := signature.ParseEnvelope(jws.MediaTypeEnvelope, raw.Bytes)
	if err != nil {
		return nil
	}
	claims, err := parsed.Verify()
	if err != nil {
		return nil
	}
	expiry := claims.SignerInfo.SignedAttributes.Expiry
	if !strings.HasPrefix(envelope.TextAttribute(claims.SignerInfo, envelope.AttributeProfileVersion), profile+"/") || (!expiry.IsZero() && time.Now().After(expiry)) {
		return nil
	}
	return claims
}
