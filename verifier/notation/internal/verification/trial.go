package verification

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// maxFetches limits the signatures of one image that are read in parallel.
const maxFetches = 8

// trial is one verification in progress. Its results go into its progress.
type trial struct {
	*Verifier
	*progress
	// beside is the image's own repository; elsewhere, if not nil, is read if the signatures beside the image do not
	// suffice.
	beside    *source
	elsewhere *source
	reference ociregistry.Reference
	// statement is the name of the statement that applies.
	statement  string
	notBefore  *time.Time
	signers    *signers
	remembered []digest.Digest
	// tried are the remembered signatures that were found: a list that has them, too, adds nothing.
	tried map[digest.Digest]bool
	limit int
}

func (t *trial) run(ctx context.Context) protocol.Result {
	besideCtx, cancel := t.timeBeside(ctx)
	defer cancel()
	image, beside, err := t.find(ctx, besideCtx)
	if err != nil {
		return t.Failed(protocol.StageResolve, t.beside.refusals.Explain(ctx, err))
	}
	if t.tryRemembered(besideCtx, image) || t.try(besideCtx, t.beside, image, beside().found) {
		return t.verified()
	}
	var elsewhere listed
	if t.elsewhere != nil {
		elsewhere = t.listElsewhere(ctx, image.Digest)
		if t.try(ctx, t.elsewhere, image, elsewhere.found) {
			return t.verified()
		}
	}
	return t.refused(ctx, beside(), elsewhere)
}

// timeBeside reserves half of the time for the other repository: signatures beside the image that take all the time must
// not look like a slow answer from there.
func (t *trial) timeBeside(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if t.elsewhere == nil || !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/2)
}

// verified excludes signatures whose result was no longer waited for.
func (t *trial) verified() protocol.Result {
	t.leaveOut(isCutOff)
	result := t.Result()
	result.Outcome = protocol.OutcomeVerified
	return result
}

// refused says why the signatures do not suffice.
func (t *trial) refused(ctx context.Context, beside, elsewhere listed) protocol.Result {
	t.leaveOut(t.isUnneeded)
	result := t.Result()
	isOverLimits := func(list listed) bool { return registry.IsOverLimits(list.err) }
	switch {
	case elsewhere.err != nil && !isOverLimits(elsewhere):
		return t.Failed(protocol.StageElsewhere, t.explainElsewhere(ctx, elsewhere.err))
	case isOverLimits(beside), isOverLimits(elsewhere), slices.ContainsFunc(result.Signatures, isOverLimit):
		result.Outcome = protocol.OutcomeTooManySignatures
	case beside.err != nil:
		return t.Failed(protocol.StageList, t.beside.refusals.Explain(ctx, beside.err))
	case !t.isComplete() || slices.ContainsFunc(result.Signatures, isCutOff):
		return t.Failed(protocol.StageVerify, interruption(ctx, result.Signatures))
	case len(result.Signatures) == 0:
		result.Outcome = protocol.OutcomeNoSignatures
	default:
		result.Outcome = protocol.OutcomeNotVerified
	}
	return result
}

// isUnneeded: another signature of the same identity has counted, so this one was not asked about to the end.
func (t *trial) isUnneeded(fact protocol.SignatureFact) bool {
	return (isCutOff(fact) || isOverLimit(fact)) && fact.Check == protocol.CheckRevocation && !t.signers.need(fact.ProfileVersion)
}

// interruption explains a deadline by what was being waited for: Signer or the registry.
func interruption(ctx context.Context, facts []protocol.SignatureFact) *protocol.Fault {
	for _, fact := range facts {
		if isCutOff(fact) && fact.Check == protocol.CheckRevocation {
			return &protocol.Fault{Kind: protocol.KindDeadline, Detail: fact.Fault.Detail}
		}
	}
	return registry.ExplainDeadline(ctx)
}

// isCutOff: the deadline passed before all checks of the signature ran.
func isCutOff(fact protocol.SignatureFact) bool {
	return fact.Fault != nil && fact.Fault.Kind == protocol.KindDeadline
}

func isOverLimit(fact protocol.SignatureFact) bool {
	return fact.Fault != nil && fact.Fault.Kind == protocol.KindOverLimit
}

// find requests the image and, within the time for it, the list of its signatures. With a known digest, the signatures are
// listed in parallel, unless a remembered signature may make the list unnecessary.
func (t *trial) find(ctx, besideCtx context.Context) (image ocispec.Descriptor, beside func() listed, err error) {
	digest, err := t.reference.Digest()
	if err != nil || len(t.remembered) > 0 {
		image, err := t.resolve(ctx)
		return image, sync.OnceValue(func() listed { return t.listBeside(besideCtx, image.Digest) }), err
	}
	listing, cancel := context.WithCancel(besideCtx)
	lists := make(chan listed, 1)
	go func() {
		defer cancel()
		lists <- t.listBeside(listing, digest)
	}()
	image, err = t.resolve(ctx)
	if err != nil {
		cancel()
	}
	return image, sync.OnceValue(func() listed { return <-lists }), err
}

func (t *trial) resolve(ctx context.Context) (ocispec.Descriptor, error) {
	image, err := t.beside.repository.Manifests().Resolve(ctx, t.reference.Reference)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	t.note(func(result *protocol.Result) {
		result.Digest, result.MediaType, result.Size = image.Digest.String(), image.MediaType, image.Size
	})
	return image, nil
}

func (t *trial) listBeside(ctx context.Context, image digest.Digest) listed {
	return t.list(ctx, t.beside, image, func() { t.note(func(result *protocol.Result) { result.Pages++ }) })
}

// try examines signatures of a source and asks Signer about them. It reports whether the statement is satisfied.
func (t *trial) try(ctx context.Context, from *source, image ocispec.Descriptor, manifests []ocispec.Descriptor) bool {
	manifests = slices.DeleteFunc(manifests, func(one ocispec.Descriptor) bool { return t.tried[one.Digest] })
	t.examineInTime(ctx, from, image, manifests)
	return t.askAll(ctx)
}

// examineInTime reserves a quarter of the time for Signer: signatures that take all the time must not prevent Signer
// from being asked about the others.
func (t *trial) examineInTime(ctx context.Context, from *source, image ocispec.Descriptor, manifests []ocispec.Descriptor) {
	if deadline, ok := ctx.Deadline(); ok && len(manifests) > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)*3/4)
		defer cancel()
	}
	t.examineAll(ctx, from, image, manifests)
}

// examineAll reads the signatures, several in parallel, and runs every check that needs no other service.
func (t *trial) examineAll(ctx context.Context, from *source, image ocispec.Descriptor, manifests []ocispec.Descriptor) {
	first := t.expect(len(manifests))
	running := make(chan struct{}, maxFetches)
	var all sync.WaitGroup
	for place, manifest := range manifests {
		running <- struct{}{}
		all.Go(func() {
			defer func() { <-running }()
			t.add(first+place, t.examine(ctx, from, image, manifest))
		})
	}
	all.Wait()
}

// examine returns nil if the deadline passed before it could start.
func (t *trial) examine(ctx context.Context, from *source, image, manifest ocispec.Descriptor) *examined {
	if ctx.Err() != nil {
		return nil
	}
	raw, err := t.envelopes.Fetch(ctx, from.repository, manifest)
	if err != nil {
		return &examined{fact: protocol.SignatureFact{Digest: protocol.Printable(manifest.Digest.String()), Check: protocol.CheckFetch, Fault: from.explainFetch(ctx, image, err)}}
	}
	select {
	case t.examining <- struct{}{}:
		defer func() { <-t.examining }()
	case <-ctx.Done():
		return nil
	}
	one := examination{
		verifier:  t.notation,
		statement: t.statement,
		reference: fmt.Sprintf("%s/%s@%s", t.reference.Registry, t.reference.Repository, image.Digest),
		image:     image,
		notBefore: t.notBefore,
	}.examineEnvelope(ctx, raw)
	one.fact.Digest = manifest.Digest.String()
	return one
}
