package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
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
	return writeFile(t, filepath.Join(folder, "plugin"), script, 0o755), request
}

func TestASigningGoesToTheRegionOfItsProfile(t *testing.T) {
	t.Setenv("AWS_REGION", "us-east-1")
	served := contents{}
	image := served.add(ocispec.MediaTypeImageManifest, []byte("{}"))
	stub := startStub(t, served.serve)
	executable, noted := signingScript(t)
	args := []string{"--profile", profileARN, "--plugin", executable, "--plain-http", stub.reference(image.Digest.String()).String()}

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
	if err := json.Unmarshal(content, &request); err != nil || request.PluginConfig[pluginConfigRegion] != "eu-west-1" {
		t.Errorf("%s %v", content, err)
	}
}
