package signer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

// ProfileOf returns the signing profile of a profile version.
func ProfileOf(profileVersion string) string {
	return profileVersion[:max(strings.LastIndex(profileVersion, "/"), 0)]
}

// IsListed reports whether a trusted identity is the profile version or its profile. The comparison is case-sensitive:
// the plugin ignores case, but profile names that differ only in case are two profiles.
func IsListed(profileVersion string, identities []string) bool {
	profile := ProfileOf(profileVersion)
	return profile != "" && (slices.Contains(identities, profileVersion) || slices.Contains(identities, profile))
}

// offlinePlugin is the plugin that the library sees while it checks a signature: it refuses identities that are not
// listed, and stores the request for later. So signatures by others cost nothing, and Signer is asked only when all
// signatures are known.
type offlinePlugin struct{ *Plugin }

// VerifySignature reports success if the identity is listed: the real plugin's answer comes later, and decides.
func (offlinePlugin) VerifySignature(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	call := callOf(ctx)
	result := &plugin.VerificationResult{Success: true}
	profileVersion, _ := request.Signature.CriticalAttributes.ExtendedAttributes[envelope.AttributeProfileVersion].(string)
	if IsListed(profileVersion, request.TrustPolicy.TrustedIdentities) {
		call.Request = request
	} else {
		call.Refused = protocol.Refuse(protocol.CheckIdentity, "%s", notListed(profileVersion, call.statement, request.TrustPolicy.TrustedIdentities))
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

// maxNamed limits the identities that an explanation names.
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

// onlySigner is a plugin manager for the AWS Signer plugin only. The name comes from the signature, before anything in
// it is trusted, so it is never used as a path.
type onlySigner struct{ plugin *Plugin }

// NewManager creates a plugin manager that returns only the offline plugin.
func NewManager(signer *Plugin) notationplugin.Manager { return onlySigner{signer} }

func (m onlySigner) Get(ctx context.Context, name string) (plugin.Plugin, error) {
	if name != pluginName {
		return nil, errors.New("only " + pluginName + " is supported")
	}
	return offlinePlugin{m.plugin}, nil
}

func (m onlySigner) List(context.Context) ([]string, error) { return []string{pluginName}, nil }

// Call stores the request of the library to the plugin about one signature, or why there is none.
type Call struct {
	// statement is the name of the statement that applies.
	statement string
	// Request is the request still to be sent; nil if the library made none, or the identity is not listed.
	Request *plugin.VerifySignatureRequest
	// Refused is the refusal of an identity that the statement does not list.
	Refused *protocol.FailedCheck
}

type callKey struct{}

// WithCall prepares a verification by the library with a statement; its request to the plugin is stored in the call.
func WithCall(ctx context.Context, statement string) (context.Context, *Call) {
	call := &Call{statement: statement}
	return context.WithValue(ctx, callKey{}, call), call
}

func callOf(ctx context.Context) *Call {
	if call, ok := ctx.Value(callKey{}).(*Call); ok {
		return call
	}
	return &Call{}
}
