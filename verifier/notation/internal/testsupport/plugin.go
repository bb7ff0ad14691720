package testsupport

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// PluginMetadata is the answer of AWS's Signer plugin to get-plugin-metadata.
const PluginMetadata = `{"name":"com.amazonaws.signer.notation.plugin","description":"d","version":"1.0.2292","url":"https://docs.aws.amazon.com/signer",` +
	`"supportedContractVersions":["1.0"],"capabilities":["SIGNATURE_VERIFIER.TRUSTED_IDENTITY","SIGNATURE_VERIFIER.REVOCATION_CHECK"]}`

// WritePlugin creates a plugin that records its commands in a file and answers verify-signature with the script.
func WritePlugin(t *testing.T, metadata, verify string) (executable, runs string) {
	t.Helper()
	folder := t.TempDir()
	runs = filepath.Join(folder, "runs")
	script := "#!/bin/sh\necho $1 >> " + runs + "\ncase $1 in\nget-plugin-metadata)\n" + metadata + "\n;;\nverify-signature)\n" + verify + "\n;;\nesac\n"
	return WriteFile(t, filepath.Join(folder, "plugin"), script, 0o755), runs
}

// CommandsOf lists the commands with which a script has been run.
func CommandsOf(t *testing.T, runs string) []string {
	t.Helper()
	text, err := os.ReadFile(runs)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

// OnceThen runs one command in the first process and another in those after it.
func OnceThen(t *testing.T, first, then string) string {
	t.Helper()
	mark := filepath.Join(t.TempDir(), "mark")
	return "if mkdir " + mark + " 2>/dev/null; then " + first + "; else " + then + "; fi"
}

// Endless records its end, which comes with the end of its input.
func Endless(t *testing.T) (script string, hasEnded func() bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ended")
	return "cat >/dev/null; : > " + file, func() bool {
		_, err := os.Stat(file)
		return err == nil
	}
}
