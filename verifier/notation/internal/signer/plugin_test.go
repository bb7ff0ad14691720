package signer

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func loadScript(t *testing.T, verify string) (*Plugin, string) {
	t.Helper()
	executable, runs := testsupport.WritePlugin(t, "echo '"+testsupport.PluginMetadata+"'", verify)
	signer, err := Load(t.Context(), executable)
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

			_, err := Load(t.Context(), file)

			testsupport.WantConfigError(t, err, file, test.reason)
		})
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

			if !errors.Is(err, errLimit) {
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

	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errLimit) {
		t.Errorf("got %v", err)
	}
}

func TestARunWaitsForAFreePlaceNoLongerThanItsLimit(t *testing.T) {
	signer, runs := loadScript(t, "exec sleep 30")
	signer.limit = 50 * time.Millisecond
	for range maxRuns {
		signer.runs <- struct{}{}
	}

	_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

	if !errors.Is(err, errLimit) || len(testsupport.CommandsOf(t, runs)) != 1 {
		t.Errorf("%v, run for %v", err, testsupport.CommandsOf(t, runs))
	}
}
