package testsupport

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// WriteFile prevents other goroutines from starting a process meanwhile: until it runs its program, the new process has
// the open file too, and Linux does not run a file that is open for writing ("text file busy", golang/go#22315).
func WriteFile(t *testing.T, file, content string, mode os.FileMode) string {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	return file
}

// Eventually waits until a condition is true.
func Eventually(t *testing.T, what string, isSo func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !isSo(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}
