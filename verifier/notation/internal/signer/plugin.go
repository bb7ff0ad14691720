// Package signer asks AWS Signer through its Notation plugin: it runs only that plugin, limits each run, retries
// temporary faults, and tells a revocation from a missing answer.
//
// It reads typed answers and the start of errors, and never searches in text from others. It knows no registry, and of
// trust only the identities that the library passes to it.
package signer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/plugin/proto"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

const (
	// pluginName is the only plugin that is ever run.
	pluginName = "com.amazonaws.signer.notation.plugin"
	// runLimit is the time limit of one plugin run.
	runLimit = 15 * time.Second
	// maxRuns limits the plugin processes that run in parallel.
	maxRuns = 8
)

var errLimit = fmt.Errorf("the Signer plugin did not answer within %s", runLimit)

// Plugin is the AWS Signer plugin as a verification uses it: its metadata is read once, and each run has a time limit.
type Plugin struct {
	*notationplugin.CLIPlugin
	file     string
	metadata *plugin.GetMetadataResponse
	runs     chan struct{}
	limit    time.Duration
	waiting  waitingProcess
}

// Load checks that the executable is the AWS Signer plugin by asking for its metadata.
func Load(ctx context.Context, file string) (*Plugin, error) {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return nil, &config.Error{File: file, Err: err}
	}
	executable, err := notationplugin.NewCLIPlugin(ctx, pluginName, absolute)
	if err != nil {
		return nil, &config.Error{File: file, Err: err}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, runLimit, errLimit)
	defer cancel()
	metadata, err := executable.GetMetadata(ctx, &plugin.GetMetadataRequest{})
	if err != nil {
		return nil, &config.Error{File: file, Err: fmt.Errorf("the plugin does not give its metadata: %w", err)}
	}
	return &Plugin{CLIPlugin: executable, file: file, metadata: metadata, runs: make(chan struct{}, maxRuns), limit: runLimit}, nil
}

// GetMetadata returns the metadata that was read at start-up.
func (p *Plugin) GetMetadata(context.Context, *plugin.GetMetadataRequest) (*plugin.GetMetadataResponse, error) {
	return p.metadata, nil
}

// Version names the plugin.
func (p *Plugin) Version() protocol.PluginVersion {
	return protocol.PluginVersion{Name: p.metadata.Name, Version: p.metadata.Version}
}

// Ask asks the plugin, and through it Signer. Temporary faults are retried, with growing pauses, as long as time
// allows. The SDK in the plugin is told not to retry, so that the total time is known.
func (p *Plugin) Ask(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	for _, pause := range askPauses {
		response, err := p.askOnce(ctx, request)
		if !mayPass(ctx, response, err) {
			return response, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return response, err
		}
	}
	return p.askOnce(ctx, request)
}

// askPauses are the pauses between the calls to Signer.
var askPauses = []time.Duration{100 * time.Millisecond, 300 * time.Millisecond, 900 * time.Millisecond}

// mayPass reports whether a retry may help.
func mayPass(ctx context.Context, response *plugin.VerifySignatureResponse, err error) bool {
	if err != nil {
		// A run that exceeded its limit is not retried.
		return !errors.Is(err, errLimit) && pluginFault(ctx, err).Kind == protocol.KindUnavailable
	}
	revocation := response.VerificationResults[plugin.CapabilityRevocationCheckVerifier]
	return revocation != nil && !revocation.Success && revocationFault(revocation.Reason).Kind == protocol.KindUnavailable
}

func (p *Plugin) askOnce(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.limit, errLimit)
	defer cancel()
	select {
	case p.runs <- struct{}{}:
		defer func() { <-p.runs }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	response, err := p.run(ctx, request)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil && !errors.As(err, new(proto.RequestError)) {
		// The plugin did not report this error: the executable itself is unusable.
		return nil, &config.Error{File: p.file, Err: err}
	}
	return response, err
}

// run uses the waiting process, or a new one if none is waiting or it has ended.
func (p *Plugin) run(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	input, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	if process := p.waiting.take(); process != nil {
		if process.send(ctx, input) == nil {
			return process.answer(ctx)
		}
		process.kill()
	}
	process, err := startPluginProcess(p.file)
	if err != nil {
		return nil, &notationplugin.PluginExecutableFileError{InnerError: err}
	}
	// It does not matter whether it read the whole request: its exit and its answer count.
	_ = process.send(ctx, input)
	return process.answer(ctx)
}

// Prepare starts a plugin process in advance, for the next verification.
func (p *Plugin) Prepare() { p.waiting.prepare(p.file) }

// Stop ends the process that Prepare started.
func (p *Plugin) Stop() { p.waiting.stop() }
