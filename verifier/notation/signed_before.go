package main

import (
	"context"
	"strings"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// signedBefore gives a signature that the profile has made for the image, so that a signing can be repeated without a
// second one: it is intact, has not expired, and is not revoked as far as Signer says. Whether it is trusted is not in
// question. nil: there is none.
func signedBefore(ctx context.Context, repository *remote.Repository, plugin *signer.Plugin, profile, reference string) (*protocol.Signed, error) {
	image, err := repository.Manifests().Resolve(ctx, reference)
	if err != nil {
		return nil, &registryError{protocol.StageResolve, err}
	}
	manifests, err := registry.NewLists().Read(ctx, repository, image.Digest, protocol.DefaultMaxSignatures, func() {})
	if err != nil && !registry.IsOverLimits(err) {
		return nil, &registryError{protocol.StageList, err}
	}
	for _, manifest := range manifests {
		raw, err := registry.FetchEnvelope(ctx, repository, manifest)
		if err != nil {
			continue
		}
		contents := readOwn(raw, image, profile)
		if contents == nil || plugin.AskRevocation(ctx, contents).Status == protocol.StatusRevoked {
			continue
		}
		fact := protocol.SignatureFact{Digest: manifest.Digest.String(), Valid: true}
		envelope.AddEvidence(&fact, contents.SignerInfo)
		return newSigned(repository.Reference, image, fact), nil
	}
	return nil, nil
}

// readOwn reads an envelope if it is an intact one of the profile for the image, and valid by its own dates.
func readOwn(raw envelope.Raw, image ocispec.Descriptor, profile string) (contents *signature.EnvelopeContent) {
	// As in a verification: whoever may push chooses the bytes, and a parser may panic on them.
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
