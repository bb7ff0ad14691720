package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/verifier"
	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// maxExaminations bounds the envelopes that are examined at the same time, of all requests: it is work for the
// processor that nothing can cut short.
const maxExaminations = 2

// Verifier verifies images. It is safe for use by several goroutines.
type Verifier struct {
	trust     *config.Trust
	clients   *registry.Clients
	lists     *registry.Lists
	envelopes *registry.Envelopes
	revoked   *Revoked
	signer    *signer.Plugin
	examining chan struct{}
	notation  notation.Verifier
}

// NewVerifier puts a verifier together.
func NewVerifier(trust *config.Trust, plugin *signer.Plugin, clients *registry.Clients) (*Verifier, error) {
	library, err := verifier.NewWithOptions(trust.Policy, trust.Store, signer.NewManager(plugin), verifier.VerifierOptions{})
	if err != nil {
		return nil, err
	}
	return &Verifier{
		trust:     trust,
		clients:   clients,
		lists:     registry.NewLists(),
		envelopes: registry.NewEnvelopes(),
		revoked:   NewRevoked(),
		signer:    plugin,
		examining: make(chan struct{}, maxExaminations),
		notation:  library,
	}, nil
}

// Verify answers one request within its deadline. What it has found out by then is in progress as well.
func (v *Verifier) Verify(ctx context.Context, request protocol.Request, progress *Progress) protocol.Result {
	if request.DeadlineMs <= 0 {
		return progress.Failed(protocol.StageRequest, &protocol.Fault{Kind: protocol.KindRejected, Detail: "deadlineMs must be positive"})
	}
	reference, err := ociregistry.ParseReference(request.Reference)
	if err == nil && reference.Reference == "" {
		err = errors.New("neither tag nor digest")
	}
	if err != nil {
		return progress.Failed(protocol.StageRequest, &protocol.Fault{Kind: protocol.KindRejected, Detail: protocol.Printable(err.Error())})
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
		Progress:   progress,
		repository: v.clients.Repository(reference, request.Credentials),
		reference:  reference,
		refusals:   v.clients.Refusals(reference, request.Credentials, request.ECR),
		statement:  statement.Name,
		limit:      min(limit, protocol.MaxSignatures),
	}
	return t.run(ctx)
}

// scopeOf is the form in which the library compares a reference with the scopes of the statements.
func scopeOf(reference ociregistry.Reference) string {
	return fmt.Sprintf("%s/%s@", reference.Registry, reference.Repository)
}
