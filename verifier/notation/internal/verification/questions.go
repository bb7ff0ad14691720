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
	// maxQuestionsOfProfile limits the calls to Signer about the signatures of one profile version on an image, and
	// maxQuestions those about all of them: each call counts against the account's quota, which all launches share.
	maxQuestionsOfProfile = 5
	maxQuestions          = 25
)

// question is the request to Signer about a signature that passed every other check.
type question struct {
	signer.Question
	content     envelope.Content
	signingTime time.Time
}

// group has the signatures of an image with the same signed content. One answer applies to all of them.
type group struct {
	*question
	members []*examined
}

// groupsOf groups the signatures by signed content, the newest first; with the same signing time, in the registry's
// order.
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

// withinLimits returns the groups, in order, about which Signer is asked after the first ones, and the others.
func withinLimits(groups, first []*group) (asked, others []*group) {
	ofProfile := map[string]int{}
	for _, one := range first {
		ofProfile[one.ProfileVersion]++
	}
	for _, one := range groups {
		if len(first)+len(asked) == maxQuestions || ofProfile[one.ProfileVersion] == maxQuestionsOfProfile {
			others = append(others, one)
			continue
		}
		ofProfile[one.ProfileVersion]++
		asked = append(asked, one)
	}
	return asked, others
}

func notAsked() *protocol.FailedCheck {
	detail := fmt.Sprintf("Signer is asked about at most %d signatures of a profile version on an image and at most %d of an image", maxQuestionsOfProfile, maxQuestions)
	return &protocol.FailedCheck{Check: protocol.CheckRevocation, Fault: &protocol.Fault{Kind: protocol.KindOverLimit, Detail: detail}}
}
