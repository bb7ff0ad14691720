package verification

import (
	"fmt"
	"slices"
	"time"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

const (
	// maxQuestionsOfProfile bounds what Signer is asked about the signatures of one profile version on an image, and
	// maxQuestions about all of them: each question counts against the account's quota, which all launches share.
	maxQuestionsOfProfile = 5
	maxQuestions          = 25
)

// question is what Signer is asked about a signature that has passed every other check.
type question struct {
	signer.Question
	content     envelope.Content
	signingTime time.Time
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
	of := map[envelope.Content]*group{}
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
		if len(asked) == maxQuestions || ofProfile[one.ProfileVersion] == maxQuestionsOfProfile {
			others = append(others, one)
			continue
		}
		ofProfile[one.ProfileVersion]++
		asked = append(asked, one)
	}
	return asked, others
}

func notAsked() *protocol.FailedCheck {
	detail := fmt.Sprintf("Signer is asked about %d signatures of a profile version on an image and %d of an image, not more", maxQuestionsOfProfile, maxQuestions)
	return &protocol.FailedCheck{Check: protocol.CheckRevocation, Fault: &protocol.Fault{Kind: protocol.KindOverLimit, Detail: detail}}
}
