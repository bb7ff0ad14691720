package verification

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// maxFetches limits the signatures of one image that are read in parallel.
const maxFetches = 8

// trial is one verification in progress. Its results go into its progress.
type trial struct {
	*Verifier
	*progress
	repository *remote.Repository
	reference  ociregistry.Reference
	refusals   *registry.Refusals
	// statement is the name of the statement that applies.
	statement string
	limit     int
}

func (t *trial) run(ctx context.Context) protocol.Result {
	image, listed, err := t.find(ctx)
	if err != nil {
		return t.Failed(protocol.StageResolve, t.refusals.Explain(ctx, err))
	}
	t.examineInTime(ctx, image, listed.found)
	if t.askAll(ctx) {
		return t.verified()
	}
	result := t.Result()
	switch {
	case registry.IsOverLimits(listed.err), slices.ContainsFunc(result.Signatures, isOverLimit):
		result.Outcome = protocol.OutcomeTooManySignatures
	case listed.err != nil:
		return t.Failed(protocol.StageList, t.refusals.Explain(ctx, listed.err))
	case len(result.Signatures) < len(listed.found) || slices.ContainsFunc(result.Signatures, isCutOff):
		return t.Failed(protocol.StageVerify, interruption(ctx, result.Signatures))
	case len(listed.found) == 0:
		result.Outcome = protocol.OutcomeNoSignatures
	default:
		result.Outcome = protocol.OutcomeNotVerified
	}
	return result
}

// verified excludes signatures whose result was no longer waited for.
func (t *trial) verified() protocol.Result {
	result := t.Result()
	result.Outcome = protocol.OutcomeVerified
	result.Signatures = slices.DeleteFunc(result.Signatures, isCutOff)
	return result
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

// listed is what the registry listed before an error.
type listed struct {
	found []ocispec.Descriptor
	err   error
}

// find requests the image and its signatures. With a known digest, the signatures are listed in parallel.
func (t *trial) find(ctx context.Context) (ocispec.Descriptor, listed, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	digest, err := t.reference.Digest()
	if err != nil {
		image, err := t.resolve(ctx)
		if err != nil {
			return ocispec.Descriptor{}, listed{}, err
		}
		return image, t.list(ctx, image.Digest), nil
	}
	lists := make(chan listed, 1)
	go func() { lists <- t.list(ctx, digest) }()
	image, err := t.resolve(ctx)
	if err != nil {
		return ocispec.Descriptor{}, listed{}, err
	}
	return image, <-lists, nil
}

func (t *trial) resolve(ctx context.Context) (ocispec.Descriptor, error) {
	image, err := t.repository.Manifests().Resolve(ctx, t.reference.Reference)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	t.note(func(result *protocol.Result) {
		result.Digest, result.MediaType, result.Size = image.Digest.String(), image.MediaType, image.Size
	})
	return image, nil
}

func (t *trial) list(ctx context.Context, image digest.Digest) listed {
	found, err := t.lists.Read(ctx, t.repository, image, t.limit, func() { t.note(func(result *protocol.Result) { result.Pages++ }) })
	return listed{found, err}
}

// examineInTime reserves a quarter of the time for Signer: signatures that take all the time must not prevent Signer
// from being asked about the others.
func (t *trial) examineInTime(ctx context.Context, image ocispec.Descriptor, manifests []ocispec.Descriptor) {
	if deadline, ok := ctx.Deadline(); ok && len(manifests) > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)*3/4)
		defer cancel()
	}
	t.examineAll(ctx, image, manifests)
}

// examineAll reads the signatures, several in parallel, and runs every check that needs no other service.
func (t *trial) examineAll(ctx context.Context, image ocispec.Descriptor, manifests []ocispec.Descriptor) {
	t.expect(len(manifests))
	running := make(chan struct{}, maxFetches)
	var all sync.WaitGroup
	for place, manifest := range manifests {
		running <- struct{}{}
		all.Go(func() {
			defer func() { <-running }()
			t.add(place, t.examine(ctx, image, manifest))
		})
	}
	all.Wait()
}

// examine returns nil if the deadline passed before it could start.
func (t *trial) examine(ctx context.Context, image, manifest ocispec.Descriptor) *examined {
	if ctx.Err() != nil {
		return nil
	}
	raw, err := t.envelopes.Fetch(ctx, t.repository, manifest)
	if err != nil {
		return &examined{fact: protocol.SignatureFact{Digest: protocol.Printable(manifest.Digest.String()), Check: protocol.CheckFetch, Fault: t.fetchFault(ctx, err)}}
	}
	select {
	case t.examining <- struct{}{}:
		defer func() { <-t.examining }()
	case <-ctx.Done():
		return nil
	}
	reference := fmt.Sprintf("%s/%s@%s", t.reference.Registry, t.reference.Repository, image.Digest)
	one := examineEnvelope(ctx, t.notation, t.statement, reference, image, raw)
	one.fact.Digest = manifest.Digest.String()
	return one
}

// fetchFault returns why a signature cannot be read. Some registries answer 500 for contents that they do not
// understand (CNCF distribution, for a blob that is listed as a manifest). If the registry still serves the image,
// whoever pushed that signature caused the failure. ECR's 500 is a fault of AWS.
func (t *trial) fetchFault(ctx context.Context, err error) *protocol.Fault {
	fault := t.refusals.Explain(ctx, err)
	if fault.Kind != protocol.KindUnavailable || fault.Status != http.StatusInternalServerError || t.refusals.IsECR() {
		return fault
	}
	if _, err := t.repository.Manifests().Resolve(ctx, t.reference.Reference); err != nil {
		return fault
	}
	return &protocol.Fault{Kind: protocol.KindRejected, Status: fault.Status, Detail: protocol.Printable("the registry serves the image, and fails for this signature: " + fault.Detail)}
}

// askAll asks Signer about the signatures that passed every other check: first the newest alone, which is nearly always
// the valid one, then the others, several in parallel. It ends with the first valid one.
func (t *trial) askAll(ctx context.Context) (valid bool) {
	var open []*group
	for _, one := range groupsOf(t.examined) {
		if failed, ok := t.revoked.Find(one.content); ok {
			t.settle(one, &failed)
		} else {
			open = append(open, one)
		}
	}
	asked, others := withinLimits(open)
	for _, one := range others {
		t.settle(one, notAsked())
	}
	if len(asked) == 0 {
		return false
	}
	return t.ask(ctx, asked[0]) || t.askTogether(ctx, asked[1:])
}

func (t *trial) askTogether(ctx context.Context, groups []*group) (valid bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan bool, len(groups))
	for _, one := range groups {
		go func() { answers <- t.ask(ctx, one) }()
	}
	for range groups {
		if <-answers {
			valid = true
			cancel()
		}
	}
	return valid
}

func (t *trial) ask(ctx context.Context, one *group) (valid bool) {
	failed := t.signer.Judge(ctx, one.Question)
	t.revoked.Remember(one.content, failed)
	t.settle(one, failed)
	return failed == nil
}
