package signer

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	notationplugin "github.com/notaryproject/notation-go/plugin"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// answering reads its request and answers.
const answering = `cat >/dev/null; echo '{"verificationResults":{},"processedAttributes":[]}'`

// isGone tells whether a child of this process has ended and was waited for.
func isGone(process *pluginProcess) bool {
	return errors.Is(process.command.Process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

func prepared(t *testing.T, verify string) (*Plugin, *pluginProcess, string) {
	t.Helper()
	signer, runs := loadScript(t, verify)
	signer.Prepare()
	t.Cleanup(signer.Stop)
	if signer.waiting.process == nil {
		t.Fatal("no process was started")
	}
	return signer, signer.waiting.process, runs
}

func TestAWaitingPluginAnswersTheNextRequestAndNoOther(t *testing.T) {
	signer, process, runs := prepared(t, answering)

	for run := 1; run <= 2; run++ {
		response, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

		if err != nil || response == nil {
			t.Fatal(response, err)
		}
		if got := len(testsupport.CommandsOf(t, runs)); got != 1+run {
			t.Errorf("after %d requests it was run %d times", run, got)
		}
		testsupport.Eventually(t, "the end of the process", func() bool { return isGone(process) })
	}
}

func TestAWaitingPluginGetsTheWholeRequest(t *testing.T) {
	seen := filepath.Join(t.TempDir(), "seen")
	signer, _, _ := prepared(t, "cat > "+seen+`; echo '{}'`)
	request := verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN)
	// More than a pipe holds.
	request.Signature.CertificateChain = [][]byte{make([]byte, 200<<10)}

	if _, err := signer.Ask(t.Context(), request); err != nil {
		t.Fatal(err)
	}

	got, err := os.ReadFile(seen)
	if want := testsupport.ToJSON(t, request); err != nil || string(got) != string(want) {
		t.Errorf("%d bytes in place of %d, %v", len(got), len(want), err)
	}
}

func TestRequestsBeyondTheWaitingPluginStartTheirOwn(t *testing.T) {
	folder := t.TempDir()
	// Each answers only when both have their request.
	both := "cat >/dev/null; : > " + folder + "/$$; until [ $(ls " + folder + " | wc -l) -eq 2 ]; do sleep 0.01; done; echo '{}'"
	signer, _, runs := prepared(t, both)

	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if _, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()

	if got := testsupport.CommandsOf(t, runs); len(got) != 3 {
		t.Errorf("the plugin was run for %v", got)
	}
}

func TestAPluginThatCannotTakeTheRequestIsReplacedOnce(t *testing.T) {
	for _, test := range []struct{ name, first string }{
		{"it has ended", "exit 0"},
		{"it has failed", "echo broken >&2; exit 1"},
		{"it has crashed", "kill -9 $$"},
		{"it has closed its input", "exec <&-; exec sleep 30"},
	} {
		t.Run(test.name, func(t *testing.T) {
			closed := filepath.Join(t.TempDir(), "closed")
			signer, process, runs := prepared(t, testsupport.OnceThen(t, strings.Replace(test.first, "<&-", "<&-; : > "+closed, 1), answering))
			testsupport.Eventually(t, "the process that does not read", func() bool {
				_, err := os.Stat(closed)
				return err == nil || isGone(process)
			})

			_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

			if err != nil {
				t.Error(err)
			}
			if got := testsupport.CommandsOf(t, runs); len(got) != 3 {
				t.Errorf("the plugin was run for %v", got)
			}
			testsupport.Eventually(t, "the end of the first process", func() bool { return isGone(process) })
		})
	}
}

func TestAPluginThatNeverReadsIsReplacedOnlyOnce(t *testing.T) {
	signer, process, runs := prepared(t, "exit 3")
	<-process.ended

	_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

	var crashed *notationplugin.PluginExecutableFileError
	if !errors.As(err, &crashed) || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
	testsupport.WantConfigError(t, err, signer.file, "exit status 3")
	if got := testsupport.CommandsOf(t, runs); len(got) != 3 {
		t.Errorf("the plugin was run for %v", got)
	}
}

func TestAPluginThatFailsAfterItsRequestIsNotReplaced(t *testing.T) {
	for _, test := range []struct{ name, script, reason string }{
		{"it crashes", "kill -9 $$", "signal: killed"},
		{"it ends without a word", "exit 100", "exit status 100"},
		{"it answers nonsense", "echo nonsense", "failed to unmarshal the response of verify-signature"},
		{"it fails with nonsense", "echo nonsense >&2; exit 1", "invalid character"},
	} {
		t.Run(test.name, func(t *testing.T) {
			signer, _, runs := prepared(t, "cat >/dev/null; "+test.script)

			_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

			testsupport.WantConfigError(t, err, signer.file, test.reason)
			if got := testsupport.CommandsOf(t, runs); len(got) != 2 {
				t.Errorf("the plugin was run for %v", got)
			}
		})
	}
}

func TestAWaitingPluginIsKilledAtTheLimit(t *testing.T) {
	signer, process, runs := prepared(t, "cat >/dev/null; exec sleep 30")
	signer.limit = 100 * time.Millisecond
	started := time.Now()

	_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

	if !errors.Is(err, errLimit) || time.Since(started) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(started))
	}
	if got := testsupport.CommandsOf(t, runs); len(got) != 2 {
		t.Errorf("the plugin was run for %v", got)
	}
	testsupport.Eventually(t, "the end of the process", func() bool { return isGone(process) })
}

func TestTheLimitHoldsWhileTheRequestIsWritten(t *testing.T) {
	signer, process, _ := prepared(t, "exec sleep 30")
	signer.limit = 100 * time.Millisecond
	request := verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN)
	request.Signature.CertificateChain = [][]byte{make([]byte, 200<<10)}
	started := time.Now()

	_, err := signer.Ask(t.Context(), request)

	if !errors.Is(err, errLimit) || time.Since(started) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(started))
	}
	testsupport.Eventually(t, "the end of the process", func() bool { return isGone(process) })
}

func TestStopLeavesNoProcessAndStartsNone(t *testing.T) {
	signer, process, runs := prepared(t, "exec sleep 30")
	testsupport.Eventually(t, "the process", func() bool { return len(testsupport.CommandsOf(t, runs)) == 2 })

	signer.Stop()
	signer.Prepare()

	if !isGone(process) || signer.waiting.process != nil {
		t.Error("a process is left")
	}
}

func TestStopDoesNotWaitForAChildOfThePlugin(t *testing.T) {
	signer, _, runs := prepared(t, "sleep 5 & wait")
	testsupport.Eventually(t, "the process", func() bool { return len(testsupport.CommandsOf(t, runs)) == 2 })
	started := time.Now()

	signer.Stop()

	if took := time.Since(started); took > stopLimit+2*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestPrepareStartsOneProcessHoweverOftenItIsCalled(t *testing.T) {
	signer, process, _ := prepared(t, answering)

	var all sync.WaitGroup
	for range 20 {
		all.Go(signer.Prepare)
	}
	all.Wait()

	if signer.waiting.take() != process || signer.waiting.take() != nil {
		t.Error("another process was started")
	}
	process.kill()
}

func TestWhatPrepareCannotStartTheNextRunReports(t *testing.T) {
	signer, _ := loadScript(t, answering)
	if err := os.Remove(signer.file); err != nil {
		t.Fatal(err)
	}

	signer.Prepare()
	_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

	testsupport.WantConfigError(t, err, signer.file, "no such file")
}

func TestOutputOfThePluginIsBounded(t *testing.T) {
	for _, test := range []struct{ name, script string }{
		{"its answer", "cat >/dev/null; head -c 70000000 /dev/zero"},
		{"its errors", "cat >/dev/null; head -c 70000000 /dev/zero >&2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			signer, process, _ := prepared(t, test.script)

			_, err := signer.Ask(t.Context(), verifyRequest(testsupport.ProfileVersionARN, testsupport.ProfileARN))

			testsupport.WantConfigError(t, err, signer.file, "")
			if size := process.stdout.content.Len() + process.stderr.content.Len(); size > maxOutput {
				t.Errorf("%d bytes were kept", size)
			}
		})
	}
}
