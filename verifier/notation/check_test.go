package main

import (
	"path/filepath"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestCheckNamesTheStatements(t *testing.T) {
	var stdout, stderr strings.Builder

	code := run(t.Context(), []string{"check", "--config", testsupport.ConfigFolder(t, testsupport.TrustPolicy)}, nil, &stdout, &stderr)

	if code != 0 || stdout.String() != "release\n" || stderr.Len() > 0 {
		t.Errorf("code %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
	}
}

func TestCheckFailsWithTheFileThatIsWrong(t *testing.T) {
	folder := testsupport.ConfigFolder(t, strings.Replace(testsupport.TrustPolicy, `"strict"`, `"audit"`, 1))
	var stdout, stderr strings.Builder

	code := run(t.Context(), []string{"check", "--config", folder}, nil, &stdout, &stderr)

	if code != exitFailure || stdout.Len() > 0 {
		t.Errorf("code %d, stdout %q", code, stdout.String())
	}
	for _, want := range []string{filepath.Join(folder, "trustpolicy.json"), `only "strict" is allowed`} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr %q lacks %q", stderr.String(), want)
		}
	}
}

func TestCheckRefusesCallsItCannotUnderstand(t *testing.T) {
	for _, args := range [][]string{{"check"}, {"check", "--config", ""}, {"check", "--config", "x", "y"}, {"check", "--plugin", "x"}} {
		var stdout, stderr strings.Builder

		code := run(t.Context(), args, nil, &stdout, &stderr)

		if code != exitUsage || !strings.Contains(stderr.String(), "usage:") {
			t.Errorf("%q: code %d, stderr %q", args, code, stderr.String())
		}
	}
}
