package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/plugin/proto"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

const (
	// signerPluginName is the only plugin that is ever run.
	signerPluginName = "com.amazonaws.signer.notation.plugin"
	// pluginLimit bounds one run of the plugin.
	pluginLimit = 15 * time.Second
	// maxPluginRuns bounds the plugin processes that run at the same time.
	maxPluginRuns = 8
)

var errPluginLimit = fmt.Errorf("the Signer plugin did not answer within %s", pluginLimit)

// SignerPlugin is the AWS Signer plugin as a verification uses it: its metadata is asked once, and a run is bounded in
// time.
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
		return nil, &config.Error{File: file, Err: err}
	}
	executable, err := notationplugin.NewCLIPlugin(ctx, signerPluginName, absolute)
	if err != nil {
		return nil, &config.Error{File: file, Err: err}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pluginLimit, errPluginLimit)
	defer cancel()
	metadata, err := executable.GetMetadata(ctx, &plugin.GetMetadataRequest{})
	if err != nil {
		return nil, &config.Error{File: file, Err: fmt.Errorf("the plugin does not give its metadata: %w", err)}
	}
	return &SignerPlugin{CLIPlugin: executable, file: file, metadata: metadata, runs: make(chan struct{}, maxPluginRuns), limit: pluginLimit}, nil
}

// GetMetadata gives the metadata asked at start-up.
func (p *SignerPlugin) GetMetadata(context.Context, *plugin.GetMetadataRequest) (*plugin.GetMetadataResponse, error) {
	return p.metadata, nil
}

// Ask asks the plugin, and through it Signer. Faults that pass are asked again, with pauses that grow, as long as the
// time allows: the SDK inside the plugin is told to leave that to us, so that the time it takes is known.
func (p *SignerPlugin) Ask(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
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

// askPauses are the pauses between the attempts to ask Signer.
var askPauses = []time.Duration{100 * time.Millisecond, 300 * time.Millisecond, 900 * time.Millisecond}

// mayPass tells whether asking again may help.
func mayPass(ctx context.Context, response *plugin.VerifySignatureResponse, err error) bool {
	if err != nil {
		// A run over its limit has had its time.
		return !errors.Is(err, errPluginLimit) && pluginFault(ctx, err).Kind == protocol.KindUnavailable
	}
	revocation := response.VerificationResults[plugin.CapabilityRevocationCheckVerifier]
	return revocation != nil && !revocation.Success && revocationFault(revocation.Reason).Kind == protocol.KindUnavailable
}

func (p *SignerPlugin) askOnce(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
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
		return nil, &config.Error{File: p.file, Err: err}
	}
	return response, err
}

// judge asks about one signature; nil: it is valid. The question goes to the region of the signing profile, which is one
// of the listed ones by now: the plugin asks in the region of its configuration, or of its environment, and does not look
// into the ARN (aws-signer-notation-plugin, internal/client).
func (p *SignerPlugin) judge(ctx context.Context, asked *question) *protocol.FailedCheck {
	request := *asked.request
	request.PluginConfig = map[string]string{pluginConfigRegion: regionOf(asked.profileVersion)}
	response, err := p.Ask(ctx, &request)
	if err != nil {
		return &protocol.FailedCheck{Check: protocol.CheckRevocation, Fault: pluginFault(ctx, err)}
	}
	return explainAnswer(asked.attributes, response)
}

// pluginConfigRegion is the key of the plugin's configuration for the region that it asks in.
const pluginConfigRegion = "aws-region"

func regionOf(profileVersion string) string {
	parts := strings.SplitN(profileVersion, ":", 5)
	if len(parts) < 5 {
		return ""
	}
	return parts[3]
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

// isListed tells whether a trusted identity is the profile version, or its profile. They are compared letter by letter:
// the plugin ignores case, and profile names that differ in it alone are two profiles.
func isListed(profileVersion string, identities []string) bool {
	profile := profileVersion[:max(strings.LastIndex(profileVersion, "/"), 0)]
	return profile != "" && (slices.Contains(identities, profileVersion) || slices.Contains(identities, profile))
}

// offlinePlugin is the plugin as the library sees it while it checks a signature: it refuses identities that are not
// listed, and keeps what is to be asked for later. So foreign signatures cost nothing, and Signer is asked once all
// signatures are known.
type offlinePlugin struct{ *SignerPlugin }

// VerifySignature answers that all is well where the identity is listed: the plugin's own answer comes later, and decides.
func (offlinePlugin) VerifySignature(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	call := pluginCallOf(ctx)
	result := &plugin.VerificationResult{Success: true}
	profileVersion, _ := request.Signature.CriticalAttributes.ExtendedAttributes[envelope.AttributeProfileVersion].(string)
	if isListed(profileVersion, request.TrustPolicy.TrustedIdentities) {
		call.request = request
	} else {
		call.refused = protocol.Refuse(protocol.CheckIdentity, "%s", notListed(profileVersion, call.statement, request.TrustPolicy.TrustedIdentities))
		result = &plugin.VerificationResult{Reason: "the signer is not listed"}
	}
	response := &plugin.VerifySignatureResponse{VerificationResults: map[plugin.Capability]*plugin.VerificationResult{}}
	for _, capability := range request.TrustPolicy.SignatureVerification {
		response.VerificationResults[capability] = result
	}
	for _, attribute := range request.Signature.UnprocessedAttributes {
		response.ProcessedAttributes = append(response.ProcessedAttributes, attribute)
	}
	return response, nil
}

// maxNamed bounds the identities that an explanation names.
const maxNamed = 3

func notListed(profileVersion, statement string, identities []string) string {
	if profileVersion == "" {
		return "the signature names no signing profile"
	}
	named := strings.Join(identities[:min(len(identities), maxNamed)], ", ")
	if others := len(identities) - maxNamed; others > 0 {
		named = fmt.Sprintf("%s and %d more", named, others)
	}
	return fmt.Sprintf("signed by %s, which the statement %q does not list; it lists %s", profileVersion, statement, named)
}

// onlySigner is a plugin manager that serves the AWS Signer plugin and no other. The name comes from the signature,
// before anything of it is trusted, so it never reaches the file system.
type onlySigner struct{ plugin *SignerPlugin }

func (m onlySigner) Get(ctx context.Context, name string) (plugin.Plugin, error) {
	if name != signerPluginName {
		return nil, errors.New("only " + signerPluginName + " is supported")
	}
	return offlinePlugin{m.plugin}, nil
}

func (m onlySigner) List(context.Context) ([]string, error) { return []string{signerPluginName}, nil }

// pluginCall keeps what the library wanted to ask the plugin about one signature, or why it is not asked.
type pluginCall struct {
	// statement is the name of the statement that applies.
	statement string
	request   *plugin.VerifySignatureRequest
	refused   *protocol.FailedCheck
}

type pluginCallKey struct{}

func withPluginCall(ctx context.Context, statement string) (context.Context, *pluginCall) {
	call := &pluginCall{statement: statement}
	return context.WithValue(ctx, pluginCallKey{}, call), call
}

func pluginCallOf(ctx context.Context) *pluginCall {
	if call, ok := ctx.Value(pluginCallKey{}).(*pluginCall); ok {
		return call
	}
	return &pluginCall{}
}
