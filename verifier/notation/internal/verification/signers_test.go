package verification

import (
	"fmt"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

const profiles = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/"

func version(profile, version string) string { return profiles + profile + "/" + version }

func requirement(atLeast int, names ...string) protocol.Requirement {
	required := protocol.Requirement{AtLeast: atLeast}
	for _, name := range names {
		required.Identities = append(required.Identities, profiles+name)
	}
	return required
}

func TestWithoutRequirementsOneValidSignatureSuffices(t *testing.T) {
	signers := newSigners(nil)

	if signers.suffice() || !signers.need(version("a", "1")) {
		t.Error("nobody has signed yet")
	}
	signers.count(version("a", "1"))
	if !signers.suffice() || signers.need(version("b", "1")) {
		t.Error("one has signed")
	}
}

func TestEachRequirementNeedsItsOwnSigners(t *testing.T) {
	signers := newSigners([]protocol.Requirement{requirement(1, "ci"), requirement(2, "a", "b", "c")})

	signers.count(version("ci", "1"))
	signers.count(version("a", "1"))
	signers.count(version("a", "2"))

	if signers.suffice() {
		t.Error("two versions of a profile are one identity")
	}
	if signers.need(version("ci", "2")) || signers.need(version("a", "3")) || signers.need(version("other", "1")) || !signers.need(version("b", "1")) {
		t.Error("only an identity that has not counted, of a requirement that is open, is needed")
	}
	signers.count(version("c", "1"))
	if !signers.suffice() || signers.need(version("b", "1")) {
		t.Error("all requirements are met")
	}
}

func TestARequirementThatListsAVersionCountsItsProfile(t *testing.T) {
	signers := newSigners([]protocol.Requirement{{Identities: []string{version("ci", "1")}, AtLeast: 1}})

	if !signers.need(version("ci", "1")) || signers.need(version("ci", "2")) {
		t.Error("only the listed version is needed")
	}
	signers.count(version("ci", "1"))
	if !signers.suffice() {
		t.Error("the listed version has signed")
	}
}

func TestTheNewestOfEachNeededSignerIsAskedFirst(t *testing.T) {
	signers := newSigners([]protocol.Requirement{requirement(1, "ci"), requirement(2, "a", "b", "c")})
	var groups []*group
	for _, name := range []string{"a", "a", "ci", "b", "c", "ci"} {
		groups = append(groups, &group{question: open(byte(len(groups)), version(name, fmt.Sprint(len(groups))), 0).question})
	}

	first, others := signers.choose(groups)

	if len(first) != 3 || first[0] != groups[0] || first[1] != groups[2] || first[2] != groups[3] || len(others) != 3 {
		t.Errorf("%d first, %d others", len(first), len(others))
	}
	if signers.suffice() {
		t.Error("nobody has been asked yet")
	}
}
