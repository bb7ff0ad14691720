package verification

import (
	"fmt"
	"testing"
	"time"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

func open(content byte, profile string, age time.Duration) *examined {
	return &examined{question: &question{content: envelope.Content{content}, Question: signer.Question{ProfileVersion: profile}, signingTime: time.Unix(1_000_000, 0).Add(-age)}}
}

func TestSignaturesOfTheSameContentAreOneQuestion(t *testing.T) {
	first, copied, other := open(1, "p", 0), open(1, "p", 0), open(2, "p", 0)

	groups := groupsOf([]*examined{first, nil, refusedSignature(protocol.Refuse(protocol.CheckIntegrity, "no")), copied, other})

	if len(groups) != 2 || len(groups[0].members) != 2 || groups[0].members[1] != copied || groups[1].members[0] != other {
		t.Errorf("%+v", groups)
	}
}

func TestTheNewestIsAskedAboutFirst(t *testing.T) {
	groups := groupsOf([]*examined{open(1, "p", 2*time.Hour), open(2, "p", time.Hour), open(3, "p", time.Hour), open(4, "p", 3*time.Hour)})

	order := ""
	for _, one := range groups {
		order += fmt.Sprint(one.content[0])
	}
	if order != "2314" {
		t.Errorf("order %s", order)
	}
}

func TestQuestionsAreLimitedForEachProfileVersionAndInAll(t *testing.T) {
	var all []*examined
	for i := range 40 {
		all = append(all, open(byte(i), fmt.Sprint("profile ", i%8), time.Duration(i)*time.Minute))
	}
	for i := range 10 {
		all = append(all, open(byte(100+i), "profile 0", time.Duration(100+i)*time.Minute))
	}

	asked, others := withinLimits(groupsOf(all), nil)

	ofProfile := map[string]int{}
	for _, one := range asked {
		if ofProfile[one.ProfileVersion]++; ofProfile[one.ProfileVersion] > maxQuestionsOfProfile {
			t.Errorf("%s is asked about too often", one.ProfileVersion)
		}
	}
	if len(asked) != maxQuestions || len(others) != len(all)-maxQuestions || asked[0].content[0] != 0 {
		t.Errorf("%d asked, %d others", len(asked), len(others))
	}
	few, none := withinLimits(groupsOf(all[:maxQuestionsOfProfile]), nil)
	if len(few) != maxQuestionsOfProfile || len(none) != 0 {
		t.Errorf("%d asked, %d others of few", len(few), len(none))
	}
}

func TestOnlyARevocationIsRemembered(t *testing.T) {
	revoked := newRevoked()
	answers := []*protocol.FailedCheck{nil, {Check: protocol.CheckRevocation, Fault: &protocol.Fault{Kind: protocol.KindUnavailable}}, {Check: protocol.CheckRevocation, Fault: &protocol.Fault{Kind: protocol.KindRejected}}, {Check: protocol.CheckRevocation, Fault: &protocol.Fault{Kind: protocol.KindRevoked, Detail: "job"}}}

	for i, failed := range answers {
		revoked.Remember(envelope.Content{byte(i)}, failed)
	}

	for i := range answers {
		failed, ok := revoked.Find(envelope.Content{byte(i)})
		if ok != (i == 3) || (ok && failed.Fault.Detail != "job") {
			t.Errorf("%d: %+v", i, failed)
		}
	}
}

func TestTheOldestRevocationGivesWay(t *testing.T) {
	revoked := newRevoked()
	content := func(i int) envelope.Content { return envelope.Content{byte(i), byte(i >> 8), byte(i >> 16)} }
	for i := range maxRevoked + 3 {
		revoked.Remember(content(i), &protocol.FailedCheck{Check: protocol.CheckRevocation, Fault: &protocol.Fault{Kind: protocol.KindRevoked}})
	}

	_, oldest := revoked.Find(content(2))
	_, newest := revoked.Find(content(maxRevoked + 2))

	if oldest || !newest || len(revoked.known) != maxRevoked || len(revoked.order) != maxRevoked {
		t.Errorf("oldest %t, newest %t, %d kept", oldest, newest, len(revoked.known))
	}
}
