package main

import (
	"strings"
	"testing"

	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

func TestIdentityCoversItsProfileVersions(t *testing.T) {
	cases := map[string]struct {
		identity string
		covered  bool
	}{
		"the profile":                  {profileARN, true},
		"the profile in capitals":      {strings.Replace(profileARN, "release", "RELEASE", 1), true},
		"the profile version":          {profileVersionARN, true},
		"another version":              {profileARN + "/zzzzzzzzzz", false},
		"another profile":              {profileARN + "2", false},
		"another account":              {strings.Replace(profileARN, "111122223333", "444455556666", 1), false},
		"another region":               {strings.Replace(profileARN, "eu-west-1", "eu-west-2", 1), false},
		"singular, a common typo":      {strings.Replace(profileARN, "profiles", "profile", 1), false},
		"another service":              {strings.Replace(profileARN, ":signer:", ":lambda:", 1), false},
		"deeper than a version":        {profileVersionARN + "/more", false},
		"only the prefix":              {strings.TrimSuffix(profileARN, "release"), false},
		"alias, unknown to v1.0.2292":  {"arn:aws:signer:eu-west-1:111122223333:/aliases/release", false},
		"not an ARN":                   {"x509.subject: C=US, ST=WA, O=AWS", false},
		"the profile with a separator": {profileARN + "/", false},
	}
	for name, c := range cases {
		if got := covers(c.identity, profileVersionARN); got != c.covered {
			t.Errorf("%s: covers(%q) = %v", name, c.identity, got)
		}
	}
}

func TestMatchedIdentityIsNamed(t *testing.T) {
	request := verifyRequest(t)
	request.TrustPolicy.TrustedIdentities = []string{profileARN + "2", profileVersionARN}

	result, err := checkIdentity(request)

	if err != nil || !result.Success || result.Reason != `Signature publisher matched "`+profileVersionARN+`" trusted identity.` {
		t.Errorf("%+v %v", result, err)
	}
}

func TestUnlistedPublisherFails(t *testing.T) {
	request := verifyRequest(t)
	request.TrustPolicy.TrustedIdentities = []string{profileARN + "2"}

	result, err := checkIdentity(request)

	if err != nil || *result != (plugin.VerificationResult{Reason: "Signature publisher doesn't match any trusted identities."}) {
		t.Errorf("%+v %v", result, err)
	}
}
