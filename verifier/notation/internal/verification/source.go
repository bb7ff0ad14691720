package verification

import (
	"context"
	"net/http"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// source is a repository that has signatures of the image.
type source struct {
	repository *remote.Repository
	refusals   *registry.Refusals
}

func (v *Verifier) source(reference ociregistry.Reference, credentials *protocol.Credentials, ecr bool) *source {
	return &source{
		repository: v.clients.Repository(reference, credentials),
		refusals:   v.clients.Refusals(reference, credentials, ecr),
	}
}

// listed is what a registry listed before an error.
type listed struct {
	found []ocispec.Descriptor
	err   error
}

func (t *trial) list(ctx context.Context, from *source, image digest.Digest, paged func()) listed {
	found, err := t.lists.Read(ctx, from.repository, image, t.limit, paged)
	return listed{found, err}
}

// listElsewhere lists the signatures in the other repository. Many registries answer 404 for the referrers of an image
// that they do not have; then there are none.
func (t *trial) listElsewhere(ctx context.Context, image digest.Digest) listed {
	list := t.list(ctx, t.elsewhere, image, func() {})
	if list.err != nil && t.elsewhere.refusals.Explain(ctx, list.err).Kind == protocol.KindNotFound {
		list.err = nil
	}
	return list
}

func (t *trial) explainElsewhere(ctx context.Context, err error) *protocol.Fault {
	fault := t.elsewhere.refusals.Explain(ctx, err)
	reference := t.elsewhere.repository.Reference
	fault.Detail = protocol.Printable("signatures in " + reference.Registry + "/" + reference.Repository + ": " + fault.Detail)
	return fault
}

// tryRemembered tries the signatures that decided earlier, wherever they still are, before any list is read. They are
// checked in full.
func (t *trial) tryRemembered(ctx context.Context, image ocispec.Descriptor) bool {
	for _, from := range []*source{t.beside, t.elsewhere} {
		if from == nil {
			continue
		}
		if t.try(ctx, from, image, t.findRemembered(ctx, from)) {
			return true
		}
		t.noteTried()
	}
	return false
}

// noteTried: a list that has a signature that was read, too, adds nothing.
func (t *trial) noteTried() {
	for _, fact := range t.markRemembered() {
		if fact.Check != protocol.CheckFetch {
			t.tried[digest.Digest(fact.Digest)] = true
		}
	}
}

// findRemembered leaves out signatures that are not here: they are elsewhere, or gone. One that the registry does not give
// out may still be valid.
func (t *trial) findRemembered(ctx context.Context, from *source) []ocispec.Descriptor {
	var found []ocispec.Descriptor
	for _, signature := range t.remembered {
		if signature.Validate() != nil || t.tried[signature] {
			continue
		}
		manifest, err := from.repository.Manifests().Resolve(ctx, signature.String())
		if err == nil {
			found = append(found, manifest)
			continue
		}
		if fault := from.refusals.Explain(ctx, err); fault.Kind != protocol.KindNotFound {
			t.add(t.expect(1), &examined{fact: protocol.SignatureFact{Digest: signature.String(), Check: protocol.CheckFetch, Fault: fault}})
		}
	}
	return found
}

// explainFetch returns why a signature cannot be read. Some registries answer 500 for contents that they do not
// understand (CNCF distribution, for a blob that is listed as a manifest). If the registry still serves the image,
// whoever pushed that signature caused the failure. ECR's 500 is a fault of AWS.
func (s *source) explainFetch(ctx context.Context, image ocispec.Descriptor, err error) *protocol.Fault {
	fault := s.refusals.Explain(ctx, err)
	if fault.Kind != protocol.KindUnavailable || fault.Status != http.StatusInternalServerError || s.refusals.IsECR() {
		return fault
	}
	if _, err := s.repository.Manifests().Resolve(ctx, image.Digest.String()); err != nil {
		return fault
	}
	return &protocol.Fault{Kind: protocol.KindRejected, Status: fault.Status, Detail: protocol.Printable("the registry serves the image, and fails for this signature: " + fault.Detail)}
}
