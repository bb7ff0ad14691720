package main

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

const (
	// maxQuestionsOfProfile bounds what Signer is asked about the signatures of one profile version on an image, and
	// maxQuestions about all of them: each question counts against the account's quota, which all launches share.
	maxQuestionsOfProfile = 5
	maxQuestions          = 25
	// maxRevoked bounds the revoked signatures that are remembered.
	maxRevoked = 10_000
)

// signedContent identifies a signature by what was signed, protected header and payload, and by its chain. Nothing else does. Trailing
// bytes, an unprotected header, the order of members and the other root of an ECDSA signature make another envelope of
// the same signature.
type signedContent [sha256.Size]byte

// question is what Signer is asked about a signature that has passed every other check.
type question struct {
	content        signedContent
	profileVersion string
	signingTime    time.Time
	attributes     []signature.Attribute
	request        *plugin.VerifySignatureRequest
}

// group holds the signatures of an image with the same signed content. One answer is for all of them.
type group struct {
	*question
	members []*examined
}

// groupsOf puts the signatures with the same signed content together, the newest first; of the same signing time, as the
// registry lists them.
func groupsOf(examined []*examined) []*group {
	var groups []*group
	of := map[signedContent]*group{}
	for _, one := range examined {
		if one == nil || one.question == nil {
			continue
		}
		known, ok := of[one.question.content]
		if !ok {
			known = &group{question: one.question}
			of[one.question.content] = known
			groups = append(groups, known)
		}
		known.members = append(known.members, one)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return b.signingTime.Compare(a.signingTime) })
	return groups
}

// withinLimits gives the groups, in their order, that Signer is asked about, and the others.
func withinLimits(groups []*group) (asked, others []*group) {
	ofProfile := map[string]int{}
	for _, one := range groups {
		if len(asked) == maxQuestions || ofProfile[one.profileVersion] == maxQuestionsOfProfile {
			others = append(others, one)
			continue
		}
		ofProfile[one.profileVersion]++
		asked = append(asked, one)
	}
	return asked, others
}

func notAsked() *failedCheck {
	detail := fmt.Sprintf("Signer is asked about %d signatures of a profile version on an image and %d of an image, not more", maxQuestionsOfProfile, maxQuestions)
	return &failedCheck{CheckRevocation, &Fault{Kind: KindOverLimit, Detail: detail}}
}

// Revoked remembers, for the life of the process, what Signer has called revoked: a revocation cannot be undone (AWS
// Signer API reference, RevokeSignature and RevokeSigningProfile).
type Revoked struct {
	mu    sync.Mutex
	known map[signedContent]failedCheck
	// oldest first
	order []signedContent
}

// NewRevoked remembers nothing yet.
func NewRevoked() *Revoked { return &Revoked{known: map[signedContent]failedCheck{}} }

// Find gives the answer that was remembered.
func (r *Revoked) Find(content signedContent) (failedCheck, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	failed, ok := r.known[content]
	return failed, ok
}

// Remember keeps the answer if it says that the signature is revoked; of too many, the oldest gives way.
func (r *Revoked) Remember(content signedContent, failed *failedCheck) {
	if failed == nil || failed.fault.Kind != KindRevoked {
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
