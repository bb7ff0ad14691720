package verification

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

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
	// awaited brings more remembered signatures; nil if none come.
	awaited <-chan []digest.Digest
	// tried are the remembered signatures that were found: a list that has them, too, adds nothing.
	tried map[digest.Digest]bool
	limit int
}

func (t *trial) run(ctx context.Context) protocol.Result {
	firstCtx, cancel := t.timeForFirst(ctx)
	defer cancel()
	image, beside, err := t.find(ctx, firstCtx)
	if err != nil {
		return t.Failed(protocol.StageResolve, t.beside.refusals.Explain(ctx, err))
	}
	t.awaitRemembered(firstCtx)
	if t.tryRemembered(firstCtx, image) {
		return t.verified()
	}
	lists := map[*source]listed{}
	for _, from := range t.order(beside) {
		sourceCtx := ctx
		if len(lists) == 0 {
			sourceCtx = firstCtx
		}
		if from == t.beside {
			lists[from] = beside()
		} else {
			lists[from] = t.listElsewhere(sourceCtx, image.Digest)
		}
		if t.try(sourceCtx, from, image, lists[from].found) {
			return t.verified()
		}
	}
	return t.refused(ctx, lists[t.beside], lists[t.elsewhere])
}

// timeForFirst reserves half of the time for the second repository, if there are two: signatures in one that take all the
// time must not look like a slow answer of the other.
func (t *trial) timeForFirst(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if t.elsewhere == nil || !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/2)
}

// longList is the number of signatures from which on they may be there to make their registry throttle us.
const longList = 10

// order returns the repositories in the order in which they are tried. A long list of signatures beside the image comes
// last: it must not make the other repository unreadable.
func (t *trial) order(beside func() listed) []*source {
	switch {
	case t.elsewhere == nil:
		return []*source{t.beside}
	case len(beside().found) >= longList || registry.IsOverLimits(beside().err):
		return []*source{t.elsewhere, t.beside}
	default:
		return []*source{t.beside, t.elsewhere}
	}
}

// awaitLimit is how long the work waits for remembered signatures once the image is found.
const awaitLimit = 500 * time.Millisecond

func (t *trial) awaitRemembered(ctx context.Context) {
	if t.awaited == nil {
		return
	}
	limit := time.NewTimer(awaitLimit)
	defer limit.Stop()
	select {
	case t.remembered = <-t.awaited:
	case <-limit.C:
	case <-ctx.Done():
	}
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
	case !t.isComplete() || slices.ContainsFunc(result.Signatures, isUnread):
		return t.Failed(protocol.StageVerify, registry.ExplainDeadline(ctx))
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

// isUnread: the deadline passed before the signature was read. One about which Signer has not answered is read: the facts
// say so.
func isUnread(fact protocol.SignatureFact) bool {
	return isCutOff(fact) && fact.Check != protocol.CheckRevocation
}

// isCutOff: the deadline passed before all checks of the signature ran.
func isCutOff(fact protocol.SignatureFact) bool {
	return fact.Fault != nil && fact.Fault.Kind == protocol.KindDeadline
}

func isOverLimit(fact protocol.SignatureFact) bool {
	return fact.Fault != nil && fact.Fault.Kind == protocol.KindOverLimit
}

// find requests the image and, with the context for it, the list of its signatures. With a known digest, the signatures are
// listed in parallel, unless a remembered signature may make the list unnecessary.
func (t *trial) find(ctx, listCtx context.Context) (image ocispec.Descriptor, beside func() listed, err error) {
	digest, err := t.reference.Digest()
	if err != nil || len(t.remembered) > 0 {
		image, err := t.resolve(ctx)
		return image, sync.OnceValue(func() listed { return t.listBeside(listCtx, image.Digest) }), err
	}
	listing, cancel := context.WithCancel(listCtx)
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
	t.examineInTime(ctx, from, image, slices.DeleteFunc(manifests, func(one ocispec.Descriptor) bool { return t.tried[one.Digest] }))
	return t.askAll(ctx)
}
