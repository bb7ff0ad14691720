// Package verification verifies images with the trust policy: it finds an image and its signatures, runs every check
// that needs no other service, and asks Signer about the rest. It answers each request in time, with facts.
//
// Anything that is not verified is refused: only package registry and package signer may report an infrastructure
// fault. It gives no verdict, and stores nothing on disk.
package verification

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/opencontainers/go-digest"
	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// maxExaminations limits the envelopes that are examined in parallel, over all requests: this is CPU work that cannot
// be interrupted.
const maxExaminations = 2

// Verifier verifies images. It is safe for use by several goroutines.
type Verifier struct {
	trust     *config.Trust
	clients   *registry.Clients
	lists     *registry.Lists
	envelopes *registry.Envelopes
	revoked   *revoked
	signer    *signer.Plugin
	examining chan struct{}
	notation  notation.Verifier
}

// New creates a verifier that reads signatures with the clients and asks Signer through the plugin.
func New(trust *config.Trust, plugin *signer.Plugin, clients *registry.Clients) (*Verifier, error) {
	library, err := verifier.NewWithOptions(trust.Policy, trust.Store, signer.NewManager(plugin), verifier.VerifierOptions{})
	if err != nil {
		return nil, err
	}
	return &Verifier{
		trust:     trust,
		clients:   clients,
		lists:     registry.NewLists(),
		envelopes: registry.NewEnvelopes(),
		revoked:   newRevoked(),
		signer:    plugin,
		examining: make(chan struct{}, maxExaminations),
		notation:  library,
	}, nil
}

// verify answers one request within its deadline. Its results so far are in progress as well.
func (v *Verifier) verify(ctx context.Context, request protocol.Request, remembered <-chan []digest.Digest, progress *progress) protocol.Result {
	if request.DeadlineMs <= 0 {
		return progress.Failed(protocol.StageRequest, &protocol.Fault{Kind: protocol.KindRejected, Detail: "deadlineMs must be positive"})
	}
	reference, err := registry.ParseReference(request.Reference)
	if err == nil && reference.Reference == "" {
		err = errors.New("neither tag nor digest")
	}
	if err != nil {
		return progress.Failed(protocol.StageRequest, &protocol.Fault{Kind: protocol.KindRejected, Detail: protocol.Printable(err.Error())})
	}
	elsewhere, err := v.elsewhere(request.Elsewhere)
	if err != nil {
		return progress.Failed(protocol.StageRequest, &protocol.Fault{Kind: protocol.KindMisconfigured, Detail: protocol.Printable(err.Error())})
	}
	statement, err := v.trust.Policy.GetApplicableTrustPolicy(scopeOf(reference))
	if err != nil {
		return progress.Failed(protocol.StagePolicy, &protocol.Fault{Kind: protocol.KindNoStatement, Detail: protocol.Printable(err.Error())})
	}
	defer v.clients.Begin()()
	ctx, cancel := context.WithTimeout(registry.WithLastFailure(ctx), time.Duration(request.DeadlineMs)*time.Millisecond)
	defer cancel()
	limit := request.MaxSignatures
	if limit <= 0 {
		limit = protocol.DefaultMaxSignatures
	}
	t := trial{
		Verifier:   v,
		progress:   progress,
		beside:     v.source(reference, request.Credentials, request.ECR),
		elsewhere:  elsewhere,
		reference:  reference,
		statement:  statement.Name,
		notBefore:  request.NotBefore,
		signers:    newSigners(request.Require),
		remembered: request.Remembered,
		awaited:    remembered,
		tried:      map[digest.Digest]bool{},
		limit:      min(limit, protocol.MaxSignatures),
	}
	return t.run(ctx)
}

// elsewhere returns the other repository of a request; nil if it names none.
func (v *Verifier) elsewhere(asked *protocol.Elsewhere) (*source, error) {
	if asked == nil {
		return nil, nil
	}
	reference, err := registry.ParseReference(asked.Repository)
	if err != nil {
		return nil, err
	}
	return v.source(reference, asked.Credentials, asked.ECR), nil
}

// scopeOf is the form in which the library compares a reference with the scopes of the statements.
func scopeOf(reference ociregistry.Reference) string {
	return fmt.Sprintf("%s/%s@", reference.Registry, reference.Repository)
}
