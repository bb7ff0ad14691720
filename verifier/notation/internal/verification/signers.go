package verification

import (
	"sync"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// signers counts the signing profiles with a valid signature. It decides only what is still worth asking: the verdict
// follows from the facts.
type signers struct {
	// required is empty where one valid signature is enough.
	required []protocol.Requirement

	mu    sync.Mutex
	valid map[string]bool
}

func newSigners(required []protocol.Requirement) *signers {
	return &signers{required: required, valid: map[string]bool{}}
}

// count notes a valid signature.
func (s *signers) count(profileVersion string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.valid[signer.ProfileOf(profileVersion)] = true
}

// suffice reports whether no other signature is needed.
func (s *signers) suffice() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.required) == 0 {
		return len(s.valid) > 0
	}
	for _, one := range s.required {
		if s.lacking(one) > 0 {
			return false
		}
	}
	return true
}

// need reports whether a valid signature of a profile version would help.
func (s *signers) need(profileVersion string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.required) == 0 {
		return len(s.valid) == 0
	}
	if s.valid[signer.ProfileOf(profileVersion)] {
		return false
	}
	for _, one := range s.required {
		if signer.IsListed(profileVersion, one.Identities) && s.lacking(one) > 0 {
			return true
		}
	}
	return false
}

// lacking is the number of profiles that a requirement still needs.
func (s *signers) lacking(required protocol.Requirement) int {
	lacking := required.AtLeast
	for profile := range s.valid {
		if includes(required, profile) {
			lacking--
		}
	}
	return lacking
}

// includes reports whether a requirement lists a profile or a version of it.
func includes(required protocol.Requirement, profile string) bool {
	for _, identity := range required.Identities {
		if identity == profile || signer.ProfileOf(identity) == profile {
			return true
		}
	}
	return false
}

// choose returns the groups that are asked about first, and the others: the newest of each profile, as many as are
// needed if all of them are valid. They are nearly always valid, and all others are saved.
func (s *signers) choose(groups []*group) (first, others []*group) {
	expected := newSigners(s.required)
	s.mu.Lock()
	for profile := range s.valid {
		expected.valid[profile] = true
	}
	s.mu.Unlock()
	for _, one := range groups {
		if expected.need(one.ProfileVersion) {
			expected.count(one.ProfileVersion)
			first = append(first, one)
		} else {
			others = append(others, one)
		}
	}
	return first, others
}
