package signer

import (
	"strings"
	"testing"

	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestOnlyTheSignerPluginIsServed(t *testing.T) {
	signer, runs := loadScript(t, "")
	manager := onlySigner{signer}
	names := []string{
		"", "x", "..", "../" + pluginName, pluginName + "/../x", pluginName + " ", strings.ToUpper(pluginName),
		"/bin/sh", "a\nlevel=info", pluginName + "\x00",
	}

	for _, name := range names {
		if found, err := manager.Get(t.Context(), name); err == nil || found != nil {
			t.Errorf("%q was found", name)
		}
	}

	found, err := manager.Get(t.Context(), pluginName)
	if err != nil || found != plugin.Plugin(offlinePlugin{signer}) {
		t.Errorf("%v %v", found, err)
	}
	if got := testsupport.CommandsOf(t, runs); len(got) != 1 {
		t.Errorf("the plugin was run for %v", got)
	}
}

func TestForeignSignaturesAreNotAskedAbout(t *testing.T) {
	otherVersion := testsupport.ProfileARN + "/ABCDEFGHI2"
	alias := "arn:aws:signer:eu-west-1:111122223333:/aliases/team"
	for _, test := range []struct {
		name           string
		profileVersion string
		identities     []string
		asked          bool
	}{
		{"the profile", testsupport.ProfileVersionARN, []string{testsupport.ProfileARN}, true},
		{"the profile version", testsupport.ProfileVersionARN, []string{testsupport.ProfileVersionARN}, true},
		{"the second of two identities", testsupport.ProfileVersionARN, []string{"arn:x", testsupport.ProfileARN}, true},
		{"the profile in other letter case", testsupport.ProfileVersionARN, []string{strings.ToUpper(testsupport.ProfileARN)}, false},
		{"the profile version in other letter case", strings.ToUpper(testsupport.ProfileVersionARN), []string{testsupport.ProfileVersionARN}, false},
		{"a profile's name in other letter case", strings.Replace(testsupport.ProfileVersionARN, "release", "Release", 1), []string{testsupport.ProfileARN}, false},
		{"an alias", "arn:x/y", []string{alias}, false},
		{"no attribute", "", []string{testsupport.ProfileARN}, false},
		{"no attribute, and an empty identity", "", []string{""}, false},
		{"another version", otherVersion, []string{testsupport.ProfileVersionARN}, false},
		{"another profile", testsupport.ProfileVersionARN, []string{testsupport.ProfileARN + "2"}, false},
		{"a profile whose name begins alike", testsupport.ProfileARN + "2/abcdefghij", []string{testsupport.ProfileARN}, false},
		{"another account", strings.Replace(testsupport.ProfileVersionARN, "1111", "9999", 1), []string{testsupport.ProfileARN}, false},
		{"a profile below the profile", testsupport.ProfileARN + "/x/y", []string{testsupport.ProfileARN}, false},
		{"a trailing slash", testsupport.ProfileARN + "/", []string{testsupport.ProfileVersionARN}, false},
		{"no slash", "release", []string{testsupport.ProfileARN}, false},
		{"no identities", testsupport.ProfileVersionARN, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			signer, runs := loadScript(t, "exit 3")
			ctx, call := WithCall(t.Context(), "release")

			response, err := offlinePlugin{signer}.VerifySignature(ctx, verifyRequest(test.profileVersion, test.identities...))

			if err != nil || (call.Request != nil) != test.asked || (call.Refused == nil) != test.asked {
				t.Fatalf("%v, kept %+v", err, call)
			}
			if identity := response.VerificationResults[plugin.CapabilityTrustedIdentityVerifier]; identity == nil || identity.Success != test.asked {
				t.Errorf("identity: %+v", identity)
			}
			if got := testsupport.CommandsOf(t, runs); len(got) != 1 {
				t.Errorf("the plugin was run for %v", got)
			}
		})
	}
}

func TestTheExplanationNamesWhoSignedTheStatementAndWhomItLists(t *testing.T) {
	for _, test := range []struct {
		identities []string
		want       string
	}{
		{[]string{"arn:a"}, `signed by arn:x/y, which the statement "release" does not list; it lists arn:a`},
		{[]string{"arn:a", "arn:b", "arn:c", "arn:d", "arn:e"}, `signed by arn:x/y, which the statement "release" does not list; it lists arn:a, arn:b, arn:c and 2 more`},
	} {
		if got := notListed("arn:x/y", "release", test.identities); got != test.want {
			t.Errorf("%s", got)
		}
	}
}

func TestAttributesThatAreNoTextAreNoProfile(t *testing.T) {
	request := verifyRequest("", testsupport.ProfileARN)
	request.Signature.CriticalAttributes.ExtendedAttributes[envelope.AttributeProfileVersion] = []any{testsupport.ProfileVersionARN}
	ctx, call := WithCall(t.Context(), "release")

	_, err := offlinePlugin{}.VerifySignature(ctx, request)

	if err != nil || call.Request != nil || call.Refused.Check != protocol.CheckIdentity {
		t.Errorf("%v, kept %+v", err, call)
	}
}
