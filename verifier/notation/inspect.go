package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// maxInspections bounds the signatures that are read at the same time.
const maxInspections = 4

// inspectSettings say how to inspect. Limits are those of a verification.
type inspectSettings struct {
	imageFlags
	roots         string
	noRevocation  bool
	maxSignatures int
	deadlineMs    int64
}

// runInspect writes an Inspection of one image. It fails if the registry could not be asked.
func runInspect(ctx context.Context, args []string, stdin io.Reader, stdout, _ io.Writer) error {
	var settings inspectSettings
	flags := newFlags("inspect")
	settings.register(flags)
	flags.StringVar(&settings.roots, "roots", "", "file with the root certificates to recognise, in PEM")
	flags.BoolVar(&settings.noRevocation, "no-revocation", false, "do not ask AWS Signer; no plugin is needed")
	flags.IntVar(&settings.maxSignatures, "max-signatures", protocol.DefaultMaxSignatures, "how many signatures are read")
	flags.Int64Var(&settings.deadlineMs, "deadline-ms", 30_000, "how long it may take, in milliseconds")
	if err := parseFlags(flags, args, "roots"); err != nil {
		return err
	}
	if settings.maxSignatures < 1 || settings.maxSignatures > protocol.MaxSignatures || settings.deadlineMs < 1 {
		return usageError{fmt.Sprintf("inspect: --max-signatures is 1 to %d, and --deadline-ms at least 1", protocol.MaxSignatures)}
	}
	if settings.plugin == "" && !settings.noRevocation {
		return usageError{"inspect: --plugin is missing; --no-revocation goes without it"}
	}
	reference, credentials, err := settings.imageArgument(flags, stdin)
	if err != nil {
		return err
	}
	roots, err := config.LoadRoots(settings.roots)
	if err != nil {
		return err
	}
	// Before the Signer endpoint changes the environment: its proxy is for the plugin alone.
	clients := registry.NewClients(settings.plainHTTP)
	signer, err := askSigner(ctx, settings)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(registry.WithLastFailure(ctx), time.Duration(settings.deadlineMs)*time.Millisecond)
	defer cancel()
	i := inspector{repository: clients.Repository(reference, credentials), roots: roots, revocation: signer, now: time.Now()}
	inspection := i.inspect(ctx, reference, settings.maxSignatures)
	if err := json.NewEncoder(stdout).Encode(inspection); err != nil {
		return err
	}
	if inspection.Error != nil {
		return fmt.Errorf("inspect: %s: %s", inspection.Error.Kind, inspection.Error.Detail)
	}
	return nil
}

// inspector reads the signatures of one image.
type inspector struct {
	repository *remote.Repository
	roots      []*x509.Certificate
	revocation revocationOf
	now        time.Time
}

func (i *inspector) inspect(ctx context.Context, reference ociregistry.Reference, limit int) protocol.Inspection {
	inspection := protocol.Inspection{Reference: reference.String(), Signatures: []*protocol.InspectedSignature{}}
	image, err := i.repository.Manifests().Resolve(ctx, reference.Reference)
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
		inspection.Error = stageFault(protocol.StageInspect, &protocol.Fault{Kind: protocol.KindDeadline, Detail: "the deadline came before all signatures were read"})
	}
	return inspection
}

func (i *inspector) list(ctx context.Context, image ocispec.Descriptor, limit int) (manifests []ocispec.Descriptor, more bool, err error) {
	manifests, err = registry.NewLists().Read(ctx, i.repository, image.Digest, limit, func() {})
	if registry.IsOverLimits(err) {
		return manifests, true, nil
	}
	return manifests, false, err
}

// readAll reads several signatures at a time and keeps the registry's order.
func (i *inspector) readAll(ctx context.Context, image ocispec.Descriptor, manifests []ocispec.Descriptor) []*protocol.InspectedSignature {
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

func (i *inspector) read(ctx context.Context, image, manifest ocispec.Descriptor) *protocol.InspectedSignature {
	signature := &protocol.InspectedSignature{Digest: protocol.Printable(manifest.Digest.String())}
	envelope, err := registry.FetchEnvelope(ctx, i.repository, manifest)
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
