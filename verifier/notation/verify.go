package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/notaryproject/notation-go"
	notationregistry "github.com/notaryproject/notation-go/registry"
	"github.com/notaryproject/notation-go/verifier"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
)

const (
	// defaultMaxSignatures is how many signatures of an image are tried.
	defaultMaxSignatures = 50
	// maxReferrers is how many signatures of an image may be listed.
	maxReferrers = 1000
)

var (
	errVerified    = errors.New("a signature is valid")
	errTooMany     = errors.New("too many signatures")
	errInterrupted = errors.New("the deadline came while a signature was tried")
)

// Verifier verifies images. It is safe for use by several goroutines.
type Verifier struct {
	trust      *Trust
	registries *Registries
	envelopes  *Envelopes
	notation   notation.Verifier
}

// NewVerifier puts a verifier together.
func NewVerifier(trust *Trust, signer *SignerPlugin, registries *Registries) (*Verifier, error) {
	library, err := verifier.NewWithOptions(trust.Policy, trust.Store, onlySigner{signer}, verifier.VerifierOptions{})
	if err != nil {
		return nil, err
	}
	return &Verifier{trust: trust, registries: registries, envelopes: NewEnvelopes(), notation: library}, nil
}

// Verify answers one request within its deadline.
func (v *Verifier) Verify(ctx context.Context, request Request) Result {
	result := Result{ID: request.ID, Reference: request.Reference, Outcome: OutcomeFailed, Signatures: []SignatureFact{}}
	if request.DeadlineMs <= 0 {
		return failed(result, StageRequest, &Fault{Kind: KindRejected, Detail: "deadlineMs must be positive"})
	}
	reference, err := registry.ParseReference(request.Reference)
	if err == nil && reference.Reference == "" {
		err = errors.New("neither tag nor digest")
	}
	if err != nil {
		return failed(result, StageRequest, &Fault{Kind: KindRejected, Detail: printable(err.Error())})
	}
	if _, err := v.trust.Policy.GetApplicableTrustPolicy(scopeOf(reference)); err != nil {
		return failed(result, StagePolicy, &Fault{Kind: KindNoStatement, Detail: printable(err.Error())})
	}
	ctx, cancel := context.WithTimeout(withLastFailure(ctx), time.Duration(request.DeadlineMs)*time.Millisecond)
	defer cancel()
	max := request.MaxSignatures
	if max <= 0 {
		max = defaultMaxSignatures
	}
	t := trial{v: v, repository: v.registries.Repository(reference, request.Credentials), reference: reference, credentials: request.Credentials, max: max, result: result}
	return t.run(ctx)
}

// scopeOf is the form in which the library compares a reference with the scopes of the statements.
func scopeOf(reference registry.Reference) string {
	return fmt.Sprintf("%s/%s@", reference.Registry, reference.Repository)
}

func failed(result Result, stage Stage, fault *Fault) Result {
	fault.Stage = stage
	result.Error = fault
	return result
}

// trial is one verification under way.
type trial struct {
	v           *Verifier
	repository  *remote.Repository
	reference   registry.Reference
	credentials *Credentials
	max         int
	listed      int
	result      Result
}

// resolution is the registry's answer to the question for the image.
type resolution struct {
	image ocispec.Descriptor
	err   error
}

func (t *trial) run(ctx context.Context) Result {
	resolved := make(chan resolution, 1)
	resolve := func() {
		image, err := t.repository.Manifests().Resolve(ctx, t.reference.Reference)
		resolved <- resolution{image, err}
	}
	digest, err := t.reference.Digest()
	if err != nil {
		resolve()
		r := <-resolved
		if r.err != nil {
			return failed(t.result, StageResolve, registryFault(ctx, r.err))
		}
		digest = r.image.Digest
		resolved <- r
	} else {
		// The signatures of a known digest can be listed while the image is asked for.
		go resolve()
	}

	var image *resolution
	await := func() resolution {
		if image == nil {
			r := <-resolved
			image = &r
		}
		return *image
	}
	list := t.v.registries.Repository(t.reference, t.credentials)
	counter := &pageCounter{Client: list.Client}
	list.Client = counter
	err = list.Referrers(ctx, ocispec.Descriptor{Digest: digest}, notationregistry.ArtifactTypeNotation, func(page []ocispec.Descriptor) error {
		if r := await(); r.err != nil {
			return r.err
		}
		return t.tryPage(ctx, image.image, page)
	})
	t.result.Pages = int(counter.pages.Load())
	if r := await(); r.err != nil {
		return failed(t.result, StageResolve, registryFault(ctx, r.err))
	}
	t.result.Digest = image.image.Digest.String()
	t.result.MediaType = image.image.MediaType
	t.result.Size = image.image.Size
	return t.conclude(ctx, err)
}

func (t *trial) conclude(ctx context.Context, err error) Result {
	switch {
	case errors.Is(err, errVerified):
		t.result.Outcome = OutcomeVerified
	case errors.Is(err, errTooMany), errors.Is(err, errdef.ErrTooManyPages), errors.Is(err, errdef.ErrSizeExceedsLimit):
		t.result.Outcome = OutcomeTooManySignatures
	case errors.Is(err, errInterrupted):
		return failed(t.result, StageVerify, t.deadlineFault(ctx))
	case err != nil:
		return failed(t.result, StageList, registryFault(ctx, err))
	case len(t.result.Signatures) == 0:
		t.result.Outcome = OutcomeNoSignatures
	default:
		t.result.Outcome = OutcomeNotVerified
	}
	return t.result
}

// deadlineFault explains a deadline by what the last signature waited for, which may be Signer and not the registry.
func (t *trial) deadlineFault(ctx context.Context) *Fault {
	fault := deadlineFault(ctx)
	if last := t.result.Signatures[len(t.result.Signatures)-1].Fault; fault.Kind == KindDeadline && last != nil && last.Kind == KindDeadline {
		fault.Detail = last.Detail
	}
	return fault
}

func (t *trial) tryPage(ctx context.Context, image ocispec.Descriptor, page []ocispec.Descriptor) error {
	for _, manifest := range page {
		t.listed++
		if t.listed > maxReferrers || len(t.result.Signatures) >= t.max {
			return errTooMany
		}
		fact := t.try(ctx, image, manifest)
		t.result.Signatures = append(t.result.Signatures, fact)
		if fact.Valid {
			return errVerified
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
	}
	return nil
}

func (t *trial) try(ctx context.Context, image, manifest ocispec.Descriptor) SignatureFact {
	envelope, err := t.v.envelopes.Fetch(ctx, t.repository, manifest)
	if err != nil {
		return SignatureFact{Digest: printable(manifest.Digest.String()), Check: CheckFetch, Fault: registryFault(ctx, err)}
	}
	reference := fmt.Sprintf("%s/%s@%s", t.reference.Registry, t.reference.Repository, image.Digest)
	fact := examineEnvelope(ctx, t.v.notation, reference, image, envelope)
	fact.Digest = manifest.Digest.String()
	return fact
}
