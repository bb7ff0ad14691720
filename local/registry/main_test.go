package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// With this variable the test executable is the program itself.
const runProgram = "TEST_RUN_REGISTRY"

func TestMain(m *testing.M) {
	if os.Getenv(runProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestProgramServesUntilItsInputIsClosed(t *testing.T) {
	program, input, address := startProgram(t)

	response, err := http.Get("http://" + address + "/v2/")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", response, err)
	}
	response.Body.Close()
	_ = input.Close()

	if err := program.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestProgramEndsOnSIGTERM(t *testing.T) {
	program, _, _ := startProgram(t)

	_ = program.Process.Signal(syscall.SIGTERM)

	if err := program.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestAddressesThatOthersCouldReachAreRefused(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "localhost:0", "192.0.2.1:0", "127.0.0.1"} {
		err := serve(t.Context(), address, http.NotFoundHandler(), io.Discard)
		if err == nil || !strings.Contains(err.Error(), "127.0.0.1:0") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func startProgram(t *testing.T) (program *exec.Cmd, input io.WriteCloser, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	program = exec.CommandContext(ctx, os.Args[0])
	program.Env = append(os.Environ(), runProgram+"=1")
	input, err := program.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var ready struct {
		Ready   bool
		Address string
	}
	if err := json.Unmarshal(line, &ready); err != nil || !ready.Ready {
		t.Fatalf("%s: %v", line, err)
	}
	return program, input, ready.Address
}
