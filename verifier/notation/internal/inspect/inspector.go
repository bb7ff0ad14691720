// Package inspect reads the signatures of an image and reports what they contain, with the limits of a verification and
// without a trust policy.
//
// It gives no verdict: everyone who may push to the repository can write most of what it reads. All text is made
// printable, and Signer is asked only about envelopes that are intact and whose chain ends in a given root.
package inspect

import (
	"context"
	"crypto/x509"
	"fmt"
	"sync"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// maxInspections limits the number of signatures that are read in parallel.
const maxInspections = 4

// Inspector reads the signatures of one image.
type Inspector struct {
	// Repository of the image.
	Repository *remote.Repository
	// Roots are the certificates in which a chain of AWS Signer ends.
	Roots      []*x509.Certificate
	Revocation AskRevocation
	// Now decides which signatures have expired.
	Now time.Time
}

// Inspect reads up to the given number of signatures of an image. Faults are part of the inspection.
func (i *Inspector) Inspect(ctx context.Context, reference ociregistry.Reference, limit int) protocol.Inspection {
	inspection := protocol.Inspection{Reference: reference.String(), Signatures: []*protocol.InspectedSignature{}}
	image, err := i.Repository.Manifests().Resolve(ctx, reference.Reference)
	if err != nil {
		inspection.Error = stageFault(protocol.StageResolve, registry.Explain(ctx, err))
		return inspection
	}
	inspection.Reference = fmt.Sprintf("%s/%s@%s", reference.Registry, reference.Repository, image.Digest)
	inspection.Image = artifactOf(image)
	manifests, more, err := i.list(ctx, image, limit)
	if err != nil {
		inspection.Error = stageFault(protocol.StageList, registry.Explain(ctx, err))
		return inspection
	}
	inspection.More = more
	inspection.Signatures = i.readAll(ctx, image, manifests)
	if ctx.Err() != nil {
		inspection.Error = stageFault(protocol.StageInspect, &protocol.Fault{Kind: protocol.KindDeadline, Detail: "the deadline passed before all signatures were read"})
	}
	return inspection
}

func (i *Inspector) list(ctx context.Context, image ocispec.Descriptor, limit int) (manifests []ocispec.Descriptor, more bool, err error) {
	manifests, err = registry.NewLists().Read(ctx, i.Repository, image.Digest, limit, func() {})
	if registry.IsOverLimits(err) {
		return manifests, true, nil
	}
	return manifests, false, err
}

// readAll reads several signatures in parallel and keeps the registry's order.
func (i *Inspector) readAll(ctx context.Context, image ocispec.Descriptor, manifests []ocispec.Descriptor) []*protocol.InspectedSignature {
	signatures := make([]*protocol.InspectedSignature, len(manifests))
	running := make(chan struct{}, maxInspections)
	var all sync.WaitGroup
	for n, manifest := range manifests {
		running <- struct{}{}
		all.Go(func() {
			defer func() { <-running }()
			signatures[n] = i.read(ctx, image, manifest)
		})
	}
	all.Wait()
	return signatures
}

func (i *Inspector) read(ctx context.Context, image, manifest ocispec.Descriptor) *protocol.InspectedSignature {
	signature := &protocol.InspectedSignature{Digest: protocol.Printable(manifest.Digest.String())}
	envelope, err := registry.FetchEnvelope(ctx, i.Repository, manifest)
	if err != nil {
		signature.Unreadable = registry.Explain(ctx, err)
		return signature
	}
	signature.Contents, signature.Unreadable = i.open(ctx, envelope, image)
	return signature
}

func artifactOf(descriptor ocispec.Descriptor) *protocol.Artifact {
	return &protocol.Artifact{MediaType: protocol.Printable(descriptor.MediaType), Digest: protocol.Printable(descriptor.Digest.String()), Size: descriptor.Size}
}

func stageFault(stage protocol.Stage, fault *protocol.Fault) *protocol.Fault {
	fault.Stage = stage
	return fault
}
