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

// Refusals decides, for one image, who caused a refusal of its registry. We caused it if the login itself is refused,
// or if AWS names one of our policies. The owner of the repository controls everything else, and could otherwise turn a
// denial into an inconclusive verdict by refusing us.
type Refusals struct {
	clients     *Clients
	reference   ociregistry.Reference
	credentials *protocol.Credentials
	ecr         bool

	once  sync.Once
	login *protocol.Fault
}

// Refusals explains the refusals of one image; ecr says that its registry belongs to Amazon ECR.
func (c *Clients) Refusals(reference ociregistry.Reference, credentials *protocol.Credentials, ecr bool) *Refusals {
	return &Refusals{clients: c, reference: reference, credentials: credentials, ecr: ecr}
}

// IsECR reports whether the registry belongs to Amazon ECR.
func (r *Refusals) IsECR() bool { return r.ecr }

// Explain returns the kind of fault of a failed call, without the login that it was made with.
func (r *Refusals) Explain(ctx context.Context, err error) *protocol.Fault {
	fault := r.explain(ctx, err)
	fault.Detail = redact(fault.Detail, r.credentials)
	return fault
}

func (r *Refusals) explain(ctx context.Context, err error) *protocol.Fault {
	fault := explain(ctx, err, r.credentials)
	var storage *storageError
	switch {
	case fault.Kind != protocol.KindAccessDenied:
	case errors.As(err, &storage):
		// The storage belongs to ECR: it refuses because of one of our policies, for example of a VPC endpoint, or
		// because of the key of the repository, which its owner can withdraw: inferred (ecr-storage-refusal). Elsewhere
		// we must assume that the publisher controls the storage.
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

// ourPolicy is how AWS names one of our policies as the cause of a refusal (IAM user guide, "Troubleshoot access denied
// error messages"). Names of principals, actions and resources have no spaces, so these words cannot be part of a name.
// A resource-based policy belongs to the owner, who may be someone else; so does a resource control policy. ECR's
// registry API sends this text in the body of its answer to GET: inferred (ecr-refusal-text).
var ourPolicy = regexp.MustCompile(`^(?:denied: )?User: \S+ is not authorized to perform: \S+(?: on resource: \S+)? ` +
	`(?:because no|with an explicit deny in an?) (?:identity-based policy|permissions boundary|session policy|service control policy|VPC endpoint policy)\b`)

// readAWS looks for the policy behind a refusal of ECR. Its text is in the body, which an answer to HEAD does not have,
// so the manifest is requested once more.
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

// tryLogin asks the registry whether it accepts our login at all, once per image (OCI distribution specification,
// "Determining Support": GET /v2/). That ECR refuses there, too, what it answers 401 to is inferred
// (ecr-401-is-the-token).
func (r *Refusals) tryLogin(ctx context.Context, fault *protocol.Fault) {
	r.once.Do(func() { r.login = r.clients.tryLogin(ctx, r.reference, r.credentials) })
	if r.login == nil {
		fault.Kind = protocol.KindRepositoryDenied
		return
	}
	fault.Kind, fault.Status = r.login.Kind, r.login.Status
	fault.Detail = protocol.Printable("the login itself is refused: " + r.login.Detail)
}

// tryLogin returns nil if the registry accepts the login, or does not reject it.
func (c *Clients) tryLogin(ctx context.Context, reference ociregistry.Reference, credentials *protocol.Credentials) *protocol.Fault {
	scheme := "https"
	if c.plainHTTP {
		scheme = "http"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s://%s/v2/", scheme, reference.Host()), nil)
	if err != nil {
		return nil
	}
	// A new client: a token that the other one has for the repository would say nothing about the login.
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
