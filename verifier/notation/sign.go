package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go"
	notationregistry "github.com/notaryproject/notation-go/registry"
	notationsigner "github.com/notaryproject/notation-go/signer"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// signLimit bounds a signing as a whole.
const signLimit = 2 * time.Minute

// runSign signs one image with a profile of AWS Signer through the plugin, and pushes the signature to the image's
// repository: by the referrers API, or by the tag schema where a registry lacks it. With --unless-signed a signature that
// the profile has made for the image before does as well. It writes Signed or SignFailure.
func runSign(ctx context.Context, args []string, stdin io.Reader, stdout, _ io.Writer) error {
	var settings imageFlags
	var profile string
	var unlessSigned bool
	flags := newFlags("sign")
	settings.register(flags)
	flags.StringVar(&profile, "profile", "", "ARN of the signing profile")
	flags.BoolVar(&unlessSigned, "unless-signed", false, "leave the image alone if the profile has signed it")
	if err := parseFlags(flags, args, "profile", "plugin"); err != nil {
		return err
	}
	reference, credentials, err := settings.imageArgument(flags, stdin)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(registry.WithLastFailure(ctx), signLimit)
	defer cancel()
	signed, err := sign(ctx, settings.pluginFlags, profile, unlessSigned, reference, credentials)
	if err != nil {
		return errors.Join(err, json.NewEncoder(stdout).Encode(protocol.SignFailure{Error: signFault(ctx, err)}))
	}
	return json.NewEncoder(stdout).Encode(signed)
}

func sign(ctx context.Context, settings pluginFlags, profile string, unlessSigned bool, reference ociregistry.Reference, credentials *protocol.Credentials) (*protocol.Signed, error) {
	clients := registry.NewClients(settings.plainHTTP)
	if err := settings.redirectSigner(ctx); err != nil {
		return nil, err
	}
	plugin, err := signer.Load(ctx, settings.plugin)
	if err != nil {
		return nil, err
	}
	remoteRepository := clients.Repository(reference, credentials)
	if unlessSigned {
		if signed, err := signedBefore(ctx, remoteRepository, plugin, profile, reference.Reference); signed != nil || err != nil {
			return signed, err
		}
	}
	pluginSigner, err := notationsigner.NewPluginSigner(plugin, profile, signer.Configuration(profile))
	if err != nil {
		return nil, err
	}
	repository := &recordingRepository{Repository: notationregistry.NewRepository(remoteRepository)}
	image, err := notation.Sign(ctx, pluginSigner, repository, notation.SignOptions{
		SignerSignOptions: notation.SignerSignOptions{SignatureMediaType: jws.MediaTypeEnvelope, SigningAgent: "ecs-image-verification/" + protocol.Version},
		ArtifactReference: reference.Reference,
	})
	if err != nil {
		return nil, fmt.Errorf("signing %s with %s: %w", reference, profile, repository.explain(err))
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

// recordingRepository notes the signature that notation.Sign pushes, and which call to the registry failed.
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

// explain gives the registry's error where there was one: the library keeps only its text.
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
