package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func loadScript(t *testing.T, verify string) (*SignerPlugin, string) {
	t.Helper()
	executable, runs := testsupport.WritePlugin(t, "echo '"+testsupport.PluginMetadata+"'", verify)
	signer, err := LoadSignerPlugin(t.Context(), executable)
	if err != nil {
		t.Fatal(err)
	}
	return signer, runs
}

func verifyRequest(profileVersion string, identities ...string) *plugin.VerifySignatureRequest {
	attributes := map[string]any{}
	if profileVersion != "" {
		attributes[envelope.AttributeProfileVersion] = profileVersion
	}
	return &plugin.VerifySignatureRequest{
		ContractVersion: plugin.ContractVersion,
		Signature:       plugin.Signature{CriticalAttributes: plugin.CriticalAttributes{ExtendedAttributes: attributes}, UnprocessedAttributes: []string{envelope.AttributeProfileVersion}},
		TrustPolicy: plugin.TrustPolicy{
			TrustedIdentities:     identities,
			SignatureVerification: []plugin.Capability{plugin.CapabilityTrustedIdentityVerifier, plugin.CapabilityRevocationCheckVerifier},
		},
	}
}

func TestOnlyTheSignerPluginIsServed(t *testing.T) {
	signer, runs := loadScript(t, "")
	manager := onlySigner{signer}
	names := []string{
		"", "x", "..", "../" + signerPluginName, signerPluginName + "/../x", signerPluginName + " ", strings.ToUpper(signerPluginName),
		"/bin/sh", "a\nlevel=info", signerPluginName + "\x00",
	}

	for _, name := range names {
		if found, err := manager.Get(t.Context(), name); err == nil || found != nil {
			t.Errorf("%q was found", name)
		}
	}

	found, err := manager.Get(t.Context(), signerPluginName)
	if err != nil || found != plugin.Plugin(offlinePlugin{signer}) {
		t.Errorf("%v %v", found, err)
	}
	if got := testsupport.CommandsOf(t, runs); len(got) != 1 {
		t.Errorf("the plugin was run for %v", got)
	}
}

func TestMetadataIsAskedOnce(t *testing.T) {
	signer, runs := loadScript(t, "")

	for range 5 {
		metadata, err := signer.GetMetadata(t.Context(), &plugin.GetMetadataRequest{})
		if err != nil || metadata.Version != "1.0.2292" {
			t.Fatalf("%v %v", metadata, err)
		}
	}

	if got := testsupport.CommandsOf(t, runs); len(got) != 1 || got[0] != "get-plugin-metadata" {
		t.Errorf("the plugin was run for %v", got)
	}
}

func TestUnusablePluginsAreNamed(t *testing.T) {
	script := func(metadata string) func(t *testing.T) string {
		return func(t *testing.T) string {
			executable, _ := testsupport.WritePlugin(t, metadata, "")
			return executable
		}
	}
	for _, test := range []struct {
		name   string
		file   func(t *testing.T) string
		reason string
	}{
		{"missing", func(t *testing.T) string { return filepath.Join(t.TempDir(), "none") }, "no such file"},
		{"a folder", func(t *testing.T) string { return t.TempDir() }, "not a regular file"},
		{"not executable", func(t *testing.T) string {
			return testsupport.WriteFile(t, filepath.Join(t.TempDir(), "p"), "#!/bin/sh\n", 0o644)
		}, "permission denied"},
		{"crashing", script("exit 3"), "exit status 3"},
		{"no JSON", script("echo hello"), "does not give its metadata"},
		{"another plugin", script("echo '" + strings.Replace(testsupport.PluginMetadata, "com.amazonaws.signer.notation.plugin", "other", 1) + "'"), "other"},
		{"another contract", script("echo '" + strings.Replace(testsupport.PluginMetadata, `["1.0"]`, `["9.0"]`, 1) + "'"), "contract version"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := test.file(t)

			_, err := LoadSignerPlugin(t.Context(), file)

			testsupport.WantConfigError(t, err, file, test.reason)
		})
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
			ctx, call := withPluginCall(t.Context(), "release")

			response, err := offlinePlugin{signer}.VerifySignature(ctx, verifyRequest(test.profileVersion, test.identities...))

			if err != nil || (call.request != nil) != test.asked || (call.refused == nil) != test.asked {
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
	ctx, call := withPluginCall(t.Context(), "release")

	_, err := offlinePlugin{}.VerifySignature(ctx, request)

	if err != nil || call.request != nil || call.refused.Check != protocol.CheckIdentity {
		t.Errorf("%v, kept %+v", err, call)
	}
}

func TestPluginRunsAreBoundedInTime(t *testing.T) {
	for _, test := range []struct{ name, script string }{
		{"it hangs", "exec sleep 30"},
		{"it has ended, and a child holds its output open", "sleep 2 &\nexit 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			signer, _ := loadScript(t, test.script)
			signer.limit = 100 * time.Millisecond
			started := time.Now()

			_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

			if !errors.Is(err, errPluginLimit) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(started); took > time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestPluginRunsEndWithTheDeadline(t *testing.T) {
	signer, _ := loadScript(t, "exec sleep 30")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()

	_, err := signer.Ask(ctx, verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errPluginLimit) {
		t.Errorf("got %v", err)
	}
}

func TestARunWaitsForAFreePlaceNoLongerThanItsLimit(t *testing.T) {
	signer, runs := loadScript(t, "exec sleep 30")
	signer.limit = 50 * time.Millisecond
	for range maxPluginRuns {
		signer.runs <- struct{}{}
	}

	_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

	if !errors.Is(err, errPluginLimit) || len(testsupport.CommandsOf(t, runs)) != 1 {
		t.Errorf("%v, run for %v", err, testsupport.CommandsOf(t, runs))
	}
}
