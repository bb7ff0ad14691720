package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/plugin/proto"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

const (
	// signerPluginName is the only plugin that is ever run.
	signerPluginName = "com.amazonaws.signer.notation.plugin"
	// pluginLimit bounds one run of the plugin.
	pluginLimit = 15 * time.Second
	// maxPluginRuns bounds the plugin processes that run at the same time.
	maxPluginRuns = 8

	attributeProfileVersion = "com.amazonaws.signer.signingProfileVersion"
	attributeJob            = "com.amazonaws.signer.signingJob"
)

var errPluginLimit = fmt.Errorf("the Signer plugin did not answer within %s", pluginLimit)

// SignerPlugin is the AWS Signer plugin as a verification uses it: its metadata is asked once, a run is bounded in time,
// and its typed answer is kept for the explanation of the verdict.
type SignerPlugin struct {
	*notationplugin.CLIPlugin
	file     string
	metadata *plugin.GetMetadataResponse
	runs     chan struct{}
	limit    time.Duration
	waiting  waitingPlugin
}

// LoadSignerPlugin checks that the executable is the AWS Signer plugin by asking for its metadata.
func LoadSignerPlugin(ctx context.Context, file string) (*SignerPlugin, error) {
	absolute, err := filepath.Abs(file)
	if err != nil {
		return nil, &ConfigError{file, err}
	}
	executable, err := notationplugin.NewCLIPlugin(ctx, signerPluginName, absolute)
	if err != nil {
		return nil, &ConfigError{file, err}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pluginLimit, errPluginLimit)
	defer cancel()
	metadata, err := executable.GetMetadata(ctx, &plugin.GetMetadataRequest{})
	if err != nil {
		return nil, &ConfigError{file, fmt.Errorf("the plugin does not give its metadata: %w", err)}
	}
	return &SignerPlugin{CLIPlugin: executable, file: file, metadata: metadata, runs: make(chan struct{}, maxPluginRuns), limit: pluginLimit}, nil
}

// GetMetadata gives the metadata asked at start-up.
func (p *SignerPlugin) GetMetadata(context.Context, *plugin.GetMetadataRequest) (*plugin.GetMetadataResponse, error) {
	return p.metadata, nil
}

// VerifySignature asks the plugin about identity and revocation. A signature by a profile that the statement does not
// list is refused here: the plugin would refuse it too, but only after a call to Signer, and foreign signatures must
// cost nothing.
func (p *SignerPlugin) VerifySignature(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	answer := answerOf(ctx)
	if !mayMatch(request) {
		answer.response = refuseIdentity(request)
		return answer.response, nil
	}
	answer.response, answer.err = p.verify(ctx, request)
	return answer.response, answer.err
}

func (p *SignerPlugin) verify(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.limit, errPluginLimit)
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
		// Not an error that the plugin has reported: the executable itself is unusable.
		return nil, &ConfigError{p.file, err}
	}
	return response, err
}

// run asks the process that waits, or a new one where none does or it has ended while it waited.
func (p *SignerPlugin) run(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
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
	// Whether it has read all of the request is its own affair: how it ends and what it answers counts.
	_ = process.send(ctx, input)
	return process.answer(ctx)
}

// Prepare starts a plugin process in advance, for the next verification.
func (p *SignerPlugin) Prepare() { p.waiting.prepare(p.file) }

// Stop ends the process that Prepare has started.
func (p *SignerPlugin) Stop() { p.waiting.stop() }

// mayMatch tells whether the plugin could find the signing profile among the trusted identities. Alias forms are
// resolved by the plugin alone.
func mayMatch(request *plugin.VerifySignatureRequest) bool {
	profileVersion, _ := request.Signature.CriticalAttributes.ExtendedAttributes[attributeProfileVersion].(string)
	profile := profileVersion[:max(strings.LastIndex(profileVersion, "/"), 0)]
	for _, identity := range request.TrustPolicy.TrustedIdentities {
		if isAlias(identity) || strings.EqualFold(identity, profileVersion) || strings.EqualFold(identity, profile) {
			return true
		}
	}
	// Without the attribute the plugin gives the better explanation.
	return profileVersion == ""
}

func isAlias(identity string) bool {
	return strings.Contains(identity, ":/aliases/") || strings.Contains(identity, ":/aliased-signing-profiles/")
}

func refuseIdentity(request *plugin.VerifySignatureRequest) *plugin.VerifySignatureResponse {
	refused := &plugin.VerificationResult{Reason: "Signature publisher doesn't match any trusted identities."}
	response := &plugin.VerifySignatureResponse{VerificationResults: map[plugin.Capability]*plugin.VerificationResult{}}
	for _, capability := range request.TrustPolicy.SignatureVerification {
		response.VerificationResults[capability] = refused
	}
	// All attributes count as processed, so that the identity is what the refusal names.
	for _, attribute := range request.Signature.UnprocessedAttributes {
		response.ProcessedAttributes = append(response.ProcessedAttributes, attribute)
	}
	return response
}

// onlySigner is a plugin manager that serves the AWS Signer plugin and no other. The name comes from the signature,
// before anything of it is trusted, so it never reaches the file system.
type onlySigner struct{ plugin *SignerPlugin }

func (m onlySigner) Get(ctx context.Context, name string) (plugin.Plugin, error) {
	if name != signerPluginName {
		return nil, errors.New("only " + signerPluginName + " is supported")
	}
	return m.plugin, nil
}

func (m onlySigner) List(context.Context) ([]string, error) { return []string{signerPluginName}, nil }

// pluginAnswer keeps what the plugin said about one signature.
type pluginAnswer struct {
	response *plugin.VerifySignatureResponse
	err      error
}

type pluginAnswerKey struct{}

func withPluginAnswer(ctx context.Context) (context.Context, *pluginAnswer) {
	answer := &pluginAnswer{}
	return context.WithValue(ctx, pluginAnswerKey{}, answer), answer
}

func answerOf(ctx context.Context) *pluginAnswer {
	if answer, ok := ctx.Value(pluginAnswerKey{}).(*pluginAnswer); ok {
		return answer
	}
	return &pluginAnswer{}
}
