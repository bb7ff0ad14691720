package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

const signingMetadata = `{"name":"com.amazonaws.signer.notation.plugin","description":"d","version":"1.0.2292","url":"https://docs.aws.amazon.com/signer",` +
	`"supportedContractVersions":["1.0"],"capabilities":["SIGNATURE_GENERATOR.ENVELOPE"]}`

// signingScript makes a plugin that keeps the request to sign in a file, and refuses it.
func signingScript(t *testing.T) (executable, request string) {
	t.Helper()
	folder := t.TempDir()
	request = filepath.Join(folder, "request.json")
	script := "#!/bin/sh\ncase $1 in\nget-plugin-metadata)\necho '" + signingMetadata + "'\n;;\ngenerate-envelope)\ncat > " + request +
		"\necho '{\"errorCode\":\"VALIDATION_ERROR\",\"errorMessage\":\"noted\"}' >&2\nexit 1\n;;\nesac\n"
	return testsupport.WriteFile(t, filepath.Join(folder, "plugin"), script, 0o755), request
}

func TestASigningGoesToTheRegionOfItsProfile(t *testing.T) {
	t.Setenv("AWS_REGION", "us-east-1")
	served := testsupport.Contents{}
	image := served.Add(ocispec.MediaTypeImageManifest, []byte("{}"))
	stub := testsupport.StartRegistry(t, served.Serve)
	executable, noted := signingScript(t)
	args := []string{"--profile", testsupport.ProfileARN, "--plugin", executable, "--plain-http", stub.Reference(image.Digest.String()).String()}

	err := runSign(t.Context(), args, strings.NewReader(""), &bytes.Buffer{}, nil)

	if err == nil || !strings.Contains(err.Error(), "noted") {
		t.Fatal(err)
	}
	var request struct {
		PluginConfig map[string]string `json:"pluginConfig"`
	}
	content, err := os.ReadFile(noted)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &request); err != nil || request.PluginConfig["aws-region"] != "eu-west-1" {
		t.Errorf("%s %v", content, err)
	}
}
