package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxRequestBytes bounds one line of a request.
	maxRequestBytes = 1 << 20
	// answerGrace is how long after its deadline a request is answered at the latest, whatever its work still does.
	answerGrace = 250 * time.Millisecond
)

// verifyFunc answers a request; what it finds out is in progress at any time.
type verifyFunc func(ctx context.Context, request Request, progress *Progress) Result

// Ready is the first line that serve writes.
type Ready struct {
	Ready bool `json:"ready"`
	Versions
	Plugin PluginVersion `json:"plugin"`
}

// PluginVersion names the Signer plugin in use.
type PluginVersion struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// NotReady is what serve writes in place of Ready when its configuration cannot be used.
type NotReady struct {
	Ready  bool   `json:"ready"`
	File   string `json:"file,omitempty"`
	Detail string `json:"detail"`
}

func runServe(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var settings pluginFlags
	var config string
	flags := newFlags("serve")
	settings.register(flags)
	flags.StringVar(&config, "config", "", "folder with trustpolicy.json and truststore, as NOTATION_CONFIG")
	if err := parseFlags(flags, args, "config", "plugin"); err != nil {
		return err
	}
	limitMemory()
	out := &lines{encoder: json.NewEncoder(stdout)}
	verifier, signer, err := start(ctx, config, settings)
	if err != nil {
		out.write(notReady(err))
		return err
	}
	out.write(Ready{Ready: true, Versions: versions(), Plugin: PluginVersion{signer.metadata.Name, signer.metadata.Version}})
	signer.Prepare()
	defer signer.Stop()
	return serve(ctx, stdin, out, stderr, verifier.Verify, signer.Prepare)
}

// memoryLimit is what the garbage collector keeps this process below, as far as it can. The function shares 512 MiB with
// it; what is read for a verification is bounded elsewhere.
const memoryLimit = 100 << 20

func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

func start(ctx context.Context, config string, settings pluginFlags) (*Verifier, *SignerPlugin, error) {
	trust, err := LoadTrust(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	// Before the Signer endpoint changes the environment: its proxy is for the plugin alone.
	registries := NewRegistries(settings.plainHTTP)
	if err := redirectSigner(ctx, settings.signerEndpoint); err != nil {
		return nil, nil, err
	}
	signer, err := LoadSignerPlugin(ctx, settings.plugin)
	if err != nil {
		return nil, nil, err
	}
	verifier, err := NewVerifier(trust, signer, registries)
	return verifier, signer, err
}

func notReady(err error) NotReady {
	var config *ConfigError
	if errors.As(err, &config) {
		return NotReady{File: config.File, Detail: printable(config.Err.Error())}
	}
	return NotReady{Detail: printable(err.Error())}
}

// serve answers requests until its input ends. Requests run at the same time and are answered once each, in any order.
// It calls idle whenever it has answered all requests that it has read.
func serve(ctx context.Context, stdin io.Reader, out *lines, stderr io.Writer, verify verifyFunc, idle func()) error {
	// With the input ends the interest in the answers still under way.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	input := make(chan []byte)
	scanned := make(chan error, 1)
	go func() {
		defer close(input)
		scanner := bufio.NewScanner(stdin)
		scanner.Buffer(make([]byte, 0, 64<<10), maxRequestBytes)
		for scanner.Scan() {
			select {
			case input <- append([]byte(nil), scanner.Bytes()...):
			case <-ctx.Done():
				return
			}
		}
		scanned <- scanner.Err()
	}()
	var unanswered atomic.Int64
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, open := <-input:
			if !open {
				select {
				case err := <-scanned:
					return err
				default:
					return nil
				}
			}
			request, err := parseRequest(line)
			if err != nil && request.ID != "" {
				out.write(refuseRequest(request))
				continue
			}
			if err != nil {
				// There is nobody to answer, and the line itself may hold credentials.
				fmt.Fprintln(stderr, "notation-verifier: a line of the input is not a request")
				continue
			}
			unanswered.Add(1)
			go func() {
				out.write(answerInTime(ctx, request, verify))
				if unanswered.Add(-1) == 0 {
					idle()
				}
			}()
		}
	}
}

// parseRequest reads as much of a request as there is: the decoder goes on past a field of the wrong type.
func parseRequest(line []byte) (Request, error) {
	var request Request
	err := json.Unmarshal(line, &request)
	return request, err
}

func refuseRequest(request Request) Result {
	return NewProgress(request).Failed(StageRequest, &Fault{Kind: KindMisconfigured, Detail: "the request has a field of the wrong type"})
}

// answerInTime gives the answer of verify or, at the deadline, what is known by then.
func answerInTime(ctx context.Context, request Request, verify verifyFunc) Result {
	progress := NewProgress(request)
	results := make(chan Result, 1)
	go func() { results <- verify(ctx, request, progress) }()
	timer := time.NewTimer(time.Duration(max(request.DeadlineMs, 0))*time.Millisecond + answerGrace)
	defer timer.Stop()
	select {
	case result := <-results:
		return result
	case <-timer.C:
		return progress.Failed(StageVerify, &Fault{Kind: KindDeadline, Detail: "the deadline came and the verification had not ended"})
	}
}

// lines writes one JSON object a line, from several goroutines.
type lines struct {
	mu      sync.Mutex
	encoder *json.Encoder
}

func (l *lines) write(value any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// A reader that is gone ends our input too, and with it this process.
	_ = l.encoder.Encode(value)
}
