package testsupport

import (
	"errors"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/config"
)

// WantConfigError fails the test unless the error names the file and has the reason in its text.
func WantConfigError(t *testing.T, err error, file, reason string) {
	t.Helper()
	var unusable *config.Error
	if !errors.As(err, &unusable) {
		t.Fatalf("got %v, want a config.Error", err)
	}
	if unusable.File != file {
		t.Errorf("names %s, want %s", unusable.File, file)
	}
	if !strings.Contains(unusable.Err.Error(), reason) {
		t.Errorf("says %q, want %q in it", unusable.Err, reason)
	}
}
