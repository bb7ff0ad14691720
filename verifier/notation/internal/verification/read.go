package verification

import (
	"context"
	"fmt"
	"sync"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// maxFetches limits the signatures of one image that are read in parallel.
const maxFetches = 8

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
