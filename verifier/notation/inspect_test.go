package main

import (
	"bytes"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestAPluginThatCannotBeUsedLeavesRevocationUnknown(t *testing.T) {
	ask, err := askSigner(t.Context(), inspectSettings{imageFlags: imageFlags{pluginFlags: pluginFlags{plugin: "/no/plugin"}}})
	if err != nil {
		t.Fatal(err)
	}

	revocation := ask(t.Context(), nil)

	if revocation.Status != protocol.StatusUnknown || !strings.Contains(*revocation.Detail, "/no/plugin") {
		t.Errorf("%+v", revocation)
	}
}

func TestCallsOfInspectThatCannotBeUnderstood(t *testing.T) {
	roots := testsupport.WriteFile(t, t.TempDir()+"/roots.pem", "no certificate", 0o600)
	reference := "127.0.0.1:1/r@" + testsupport.Image.Digest.String()
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no roots":     {[]string{"--plugin", "p", reference}, exitUsage, "--roots is missing"},
		"no plugin":    {[]string{"--roots", roots, reference}, exitUsage, "--no-revocation needs none"},
		"no reference": {[]string{"--roots", roots, "--no-revocation"}, exitUsage, "exactly one REFERENCE"},
		"no signature": {[]string{"--roots", roots, "--no-revocation", "--max-signatures", "0", reference}, exitUsage, "1 to 1000"},
		"bad roots":    {[]string{"--roots", roots, "--no-revocation", reference}, exitFailure, roots},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer

			code := run(t.Context(), append([]string{"inspect"}, test.args...), strings.NewReader(""), &stdout, &stderr)

			if code != test.code || !strings.Contains(stderr.String(), test.says) || stdout.Len() > 0 {
				t.Errorf("%d %q %q", code, stdout.String(), stderr.String())
			}
		})
	}
}
