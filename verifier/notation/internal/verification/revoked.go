package verification

import (
	"sync"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

// maxRevoked limits the number of stored revoked signatures.
const maxRevoked = 10_000

// revoked stores, for the life of the process, what Signer reported as revoked: a revocation cannot be undone (AWS
// Signer API reference, RevokeSignature and RevokeSigningProfile).
type revoked struct {
	mu    sync.Mutex
	known map[envelope.Content]protocol.FailedCheck
	// oldest first
	order []envelope.Content
}

// newRevoked creates an empty store.
func newRevoked() *revoked { return &revoked{known: map[envelope.Content]protocol.FailedCheck{}} }

// Find returns the stored answer.
func (r *revoked) Find(content envelope.Content) (protocol.FailedCheck, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	failed, ok := r.known[content]
	return failed, ok
}

// Remember stores the answer if the signature is revoked; when full, the oldest is removed.
func (r *revoked) Remember(content envelope.Content, failed *protocol.FailedCheck) {
	if failed == nil || failed.Fault.Kind != protocol.KindRevoked {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.known[content]; ok {
		return
	}
	if len(r.order) == maxRevoked {
		delete(r.known, r.order[0])
		r.order = r.order[1:]
	}
	r.known[content] = *failed
	r.order = append(r.order, content)
}
