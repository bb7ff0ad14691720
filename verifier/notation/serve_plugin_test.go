package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestServeStartsAPluginInAdvanceAndLeavesNone(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	executable, runs := testsupport.WritePlugin(t, "echo '"+testsupport.PluginMetadata+"'", "echo $$ >> "+pids+"; exec sleep 30")
	in, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(t.Context(), []string{"serve", "--config", testsupport.ConfigFolder(t, testsupport.TrustPolicy), "--plugin", executable}, in, io.Discard, io.Discard)
	}()
	testsupport.Eventually(t, "a plugin that waits", func() bool { return len(testsupport.CommandsOf(t, pids)) == 1 })

	out.Close()

	if code := <-ended; code != 0 {
		t.Errorf("ended with %d", code)
	}
	if got := testsupport.CommandsOf(t, runs); len(got) != 2 || got[1] != "verify-signature" {
		t.Errorf("the plugin was run for %v", got)
	}
	pid := testsupport.CommandsOf(t, pids)[0]
	if err := exec.Command("kill", "-0", pid).Run(); err == nil {
		t.Errorf("process %s is left", pid)
	}
}

func TestServeStartsAnotherPluginOnceItHasAnswered(t *testing.T) {
	executable, runs := testsupport.WritePlugin(t, "echo '"+testsupport.PluginMetadata+"'", testsupport.OnceThen(t, "exit 0", "exec sleep 30"))
	in, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(t.Context(), []string{"serve", "--config", testsupport.ConfigFolder(t, testsupport.TrustPolicy), "--plugin", executable}, in, io.Discard, io.Discard)
	}()
	testsupport.Eventually(t, "a plugin that ends by itself", func() bool { return len(testsupport.CommandsOf(t, runs)) == 2 })

	// Whether the first has ended is seen when a request has been answered, so it may take more than one.
	testsupport.Eventually(t, "another plugin", func() bool {
		_, _ = io.WriteString(out, `{"id":"1","reference":"no reference","deadlineMs":1000}`+"\n")
		return len(testsupport.CommandsOf(t, runs)) == 3
	})

	out.Close()
	<-ended
}

// TestServeProcess is no test: it is the process that TestAPluginDoesNotOutliveAKilledServe starts.
func TestServeProcess(t *testing.T) {
	if os.Getenv("SERVE_ARGUMENTS") == "" {
		t.Skip("runs as a child of TestAPluginDoesNotOutliveAKilledServe only")
	}
	os.Exit(run(t.Context(), strings.Split(os.Getenv("SERVE_ARGUMENTS"), "\n"), os.Stdin, os.Stdout, os.Stderr))
}

func TestAPluginDoesNotOutliveAKilledServe(t *testing.T) {
	script, hasEnded := testsupport.Endless(t)
	executable, runs := testsupport.WritePlugin(t, "echo '"+testsupport.PluginMetadata+"'", script)
	serve := exec.Command(os.Args[0], "-test.run=^TestServeProcess$")
	serve.Env = append(os.Environ(), "SERVE_ARGUMENTS="+strings.Join([]string{"serve", "--config", testsupport.ConfigFolder(t, testsupport.TrustPolicy), "--plugin", executable}, "\n"))
	stdin, err := serve.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || !strings.Contains(line, `"ready":true`) {
		t.Fatal(line, err)
	}
	testsupport.Eventually(t, "a plugin that waits", func() bool { return len(testsupport.CommandsOf(t, runs)) == 2 })
	if hasEnded() {
		t.Fatal("the plugin did not wait")
	}

	if err := serve.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = serve.Wait()

	testsupport.Eventually(t, "the end of the plugin", hasEnded)
}
