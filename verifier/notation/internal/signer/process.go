package signer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/plugin/proto"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

// maxOutput limits each output of the plugin that is read; it is the limit of notation-go.
const maxOutput = 64 << 20

var errOutput = fmt.Errorf("the plugin wrote more than %d bytes", maxOutput)

// pluginProcess is one run of the plugin's verify-signature. It reads one request from its standard input, answers and
// ends. Without a request it ends when its input is closed, so it never outlives this process.
type pluginProcess struct {
	command        *exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr limitedBuffer
	// ended is closed when the process has ended and its output is read; err is set before that.
	ended chan struct{}
	err   error
}

func startPluginProcess(file string) (*pluginProcess, error) {
	p := &pluginProcess{command: exec.Command(file, string(plugin.CommandVerifySignature)), ended: make(chan struct{})}
	// Retries are done here (see Ask). That AWS's plugin obeys this variable is inferred (plugin-retries).
	p.command.Env = append(p.command.Environ(), "AWS_MAX_ATTEMPTS=1")
	p.command.Stdout, p.command.Stderr = &p.stdout, &p.stderr
	var err error
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.command.Wait()
		close(p.ended)
	}()
	return p, nil
}

// send writes the request. It fails if the process does not read it, or when ctx ends.
func (p *pluginProcess) send(ctx context.Context, request []byte) error {
	defer context.AfterFunc(ctx, p.kill)()
	_, err := p.stdin.Write(request)
	// A process that has answered closes it when it ends.
	_ = p.stdin.Close()
	return err
}

// answer waits for the answer and reads it like notation-go (plugin.go, run). The process is killed when ctx ends; a
// child process that keeps its output open is not waited for.
func (p *pluginProcess) answer(ctx context.Context) (*plugin.VerifySignatureResponse, error) {
	select {
	case <-p.ended:
	case <-ctx.Done():
		p.kill()
		return nil, ctx.Err()
	}
	if p.err != nil {
		return nil, pluginError(p.err, p.stderr.content.Bytes())
	}
	var response plugin.VerifySignatureResponse
	if err := json.Unmarshal(p.stdout.content.Bytes(), &response); err != nil {
		return nil, &notationplugin.PluginMalformedError{
			Msg:        fmt.Sprintf("failed to unmarshal the response of %s command for plugin %s", plugin.CommandVerifySignature, pluginName),
			InnerError: err,
		}
	}
	return &response, nil
}

// pluginError is the error that a plugin reported, or says that the executable does not follow the plugin contract.
func pluginError(ended error, stderr []byte) error {
	if len(stderr) == 0 {
		return &notationplugin.PluginExecutableFileError{InnerError: ended}
	}
	var reported proto.RequestError
	if err := json.Unmarshal(stderr, &reported); err != nil {
		return &notationplugin.PluginMalformedError{InnerError: err}
	}
	return reported
}

func (p *pluginProcess) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill ends the process, or does nothing if it has ended.
func (p *pluginProcess) kill() {
	_ = p.stdin.Close()
	_ = p.command.Process.Kill()
}

// limitedBuffer keeps up to maxOutput bytes, and rejects more.
type limitedBuffer struct{ content bytes.Buffer }

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.content.Len()+len(p) > maxOutput {
		return 0, errOutput
	}
	return b.content.Write(p)
}
