package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"

	ociregistry "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// Refusals tells for one image whose doing a refusal of its registry is. Ours is a login that is refused itself, and a
// policy of ours that AWS names. Everything else is in the hands of whoever owns the repository, who could otherwise make
// a denial into "could not tell" by refusing us.
type Refusals struct {
	clients     *Clients
	reference   ociregistry.Reference
	credentials *protocol.Credentials
	ecr         bool

	once  sync.Once
	login *protocol.Fault
}

// Refusals explains the refusals of one image; ecr says that its registry is one of Amazon ECR's.
func (c *Clients) Refusals(reference ociregistry.Reference, credentials *protocol.Credentials, ecr bool) *Refusals {
	return &Refusals{clients: c, reference: reference, credentials: credentials, ecr: ecr}
}

// IsECR says whether the registry is one of Amazon ECR's.
func (r *Refusals) IsECR() bool { return r.ecr }

// Explain tells what kind of fault a failed call was.
func (r *Refusals) Explain(ctx context.Context, err error) *protocol.Fault {
	fault := Explain(ctx, err)
	var storage *storageError
	switch {
	case fault.Kind != protocol.KindAccessDenied:
	case errors.As(err, &storage):
		// The storage is ECR's own: it refuses what a policy of ours refuses, of a VPC endpoint for instance, or the key of
		// the repository, which its owner can take away: inferred (ecr-storage-refusal). Elsewhere it is the publisher's, as
		// far as we can tell.
		if !r.ecr || storage.namesKey {
			fault.Kind = protocol.KindRejected
		}
	case r.credentials == nil:
		fault.Kind = protocol.KindLoginRequired
		fault.Detail = protocol.Printable("the registry wants a login, and the trust document names no secret with one: " + fault.Detail)
	case r.ecr && fault.Status == http.StatusForbidden:
		r.readAWS(ctx, err, fault)
	default:
		r.tryLogin(ctx, fault)
	}
	return fault
}

// ourPolicy is how AWS names a policy of ours behind a refusal (IAM user guide, "Troubleshoot access denied error
// messages"). Names of principals, actions and resources have no spaces, so nobody can put these words into a name. A
// policy of the resource is the owner's, who is not always we; so is a resource control policy. ECR's registry
// API sends this text in the body of its answer to GET: inferred (ecr-refusal-text).
var ourPolicy = regexp.MustCompile(`^(?:denied: )?User: \S+ is not authorized to perform: \S+(?: on resource: \S+)? ` +
	`(?:because no|with an explicit deny in an?) (?:identity-based policy|permissions boundary|session policy|service control policy|VPC endpoint policy)\b`)

// readAWS looks for the policy behind a refusal of ECR's. Its text is in the body of the answer, which that to HEAD
// lacks: the manifest is asked for once more.
func (r *Refusals) readAWS(ctx context.Context, err error, fault *protocol.Fault) {
	texts := textsOf(err)
	if len(texts) == 0 {
		texts = textsOf(r.getManifest(ctx))
	}
	fault.Kind = protocol.KindRepositoryDenied
	for _, text := range texts {
		fault.Detail = protocol.Printable(fmt.Sprintf("%s: %s", fault.Detail, text))
		if ourPolicy.MatchString(text) {
			fault.Kind = protocol.KindAccessDenied
		}
	}
}

func textsOf(err error) []string {
	var refused *errcode.ErrorResponse
	if !errors.As(err, &refused) {
		return nil
	}
	var texts []string
	for _, one := range refused.Errors {
		if one.Message != "" {
			texts = append(texts, one.Message)
		}
	}
	return texts
}

func (r *Refusals) getManifest(ctx context.Context) error {
	repository := r.clients.Repository(r.reference, r.credentials)
	_, body, err := repository.Manifests().FetchReference(ctx, r.reference.Reference)
	if err == nil {
		body.Close()
	}
	return err
}

// tryLogin asks the registry whether it takes our login at all, once for an image (OCI distribution specification,
// "Determining Support": GET /v2/). That ECR refuses there, too, what it answers 401 to is inferred (ecr-401-is-the-token).
func (r *Refusals) tryLogin(ctx context.Context, fault *protocol.Fault) {
	r.once.Do(func() { r.login = r.clients.tryLogin(ctx, r.reference, r.credentials) })
	if r.login == nil {
		fault.Kind = protocol.KindRepositoryDenied
		return
	}
	fault.Kind, fault.Status = r.login.Kind, r.login.Status
	fault.Detail = protocol.Printable("the login itself is refused: " + r.login.Detail)
}

// tryLogin gives nil if the registry takes the login, or says nothing against it.
func (c *Clients) tryLogin(ctx context.Context, reference ociregistry.Reference, credentials *protocol.Credentials) *protocol.Fault {
	scheme := "https"
	if c.plainHTTP {
		scheme = "http"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s://%s/v2/", scheme, reference.Host()), nil)
	if err != nil {
		return nil
	}
	// A client of its own: a token that it has for the repository would say nothing about the login.
	response, err := c.newClient(reference.Host(), *credentials).Do(request)
	if err == nil {
		defer response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized && response.StatusCode != http.StatusForbidden && !protocol.IsUnavailable(response.StatusCode) {
			return nil
		}
		err = responseError(response)
	}
	return Explain(ctx, err)
}
