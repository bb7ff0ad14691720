package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestConfigurationThatCannotBeUsedIsTheFirstLine(t *testing.T) {
	folder := t.TempDir()
	var stdout, stderr bytes.Buffer

	code := run(t.Context(), []string{"serve", "--config", folder, "--plugin", "/none"}, strings.NewReader(""), &stdout, &stderr)

	var answer protocol.NotReady
	if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if code != exitFailure || answer.Ready || answer.File != testsupport.PolicyFile(folder) || answer.Detail != "no such file or directory" {
		t.Errorf("%d %+v", code, answer)
	}
	if !strings.Contains(stderr.String(), testsupport.PolicyFile(folder)) {
		t.Errorf("stderr %q", stderr.String())
	}
}

func TestReadyNamesWhatVerifies(t *testing.T) {
	executable, _ := testsupport.WritePlugin(t, "echo '"+testsupport.PluginMetadata+"'", "")
	var stdout, stderr bytes.Buffer

	code := run(t.Context(), []string{"serve", "--config", testsupport.ConfigFolder(t, testsupport.TrustPolicy), "--plugin", executable}, strings.NewReader(""), &stdout, &stderr)

	var answer protocol.Ready
	if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if code != 0 || !answer.Ready || answer.Verifier == "" || answer.Plugin != (protocol.PluginVersion{Name: "com.amazonaws.signer.notation.plugin", Version: "1.0.2292"}) {
		t.Errorf("%d %+v %s", code, answer, stderr.String())
	}
}

func TestCallsThatCannotBeUnderstood(t *testing.T) {
	for _, args := range [][]string{
		{}, {"verify"}, {"serve"}, {"serve", "--config", "x"}, {"serve", "--config", "x", "--plugin", "y", "--nonsense"},
		{"serve", "--plugin", "y"}, {"sign", "--profile", "p", "--plugin", "x"}, {"sign", "--profile", "p", "--plugin", "x", "a", "b"},
		{"sign", "--profile", "p", "--plugin", "x", "not a reference"}, {"sign", "--profile", "p", "--plugin", "x", "registry.example/team/app"},
	} {
		var stdout, stderr bytes.Buffer

		code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr)

		if code != exitUsage || stdout.Len() > 0 || !strings.Contains(stderr.String(), "usage:") {
			t.Errorf("%q: %d %q %q", args, code, stdout.String(), stderr.String())
		}
	}
}
