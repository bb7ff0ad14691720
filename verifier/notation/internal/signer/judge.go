package signer

import (
	"context"
	"slices"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

// Question is the request to Signer about a signature that passed every other check.
type Question struct {
	// ProfileVersion is the ARN of the signing profile version of the signature.
	ProfileVersion string
	// Attributes are the signed attributes that the plugin must process.
	Attributes []signature.Attribute
	Request    *plugin.VerifySignatureRequest
}

// Judge asks about one signature; nil means that it is valid. The request goes to the region of the signing profile,
// which has been checked to be a listed one: the plugin uses the region of its configuration or environment, and
// ignores that of the ARN (aws-signer-notation-plugin, internal/client).
func (p *Plugin) Judge(ctx context.Context, asked Question) *protocol.FailedCheck {
	request := *asked.Request
	request.PluginConfig = Configuration(asked.ProfileVersion)
	response, err := p.Ask(ctx, &request)
	if err != nil {
		return &protocol.FailedCheck{Check: protocol.CheckRevocation, Fault: pluginFault(ctx, err)}
	}
	return explainAnswer(asked.Attributes, response)
}

// explainAnswer returns the check that failed according to the plugin's answer; nil if all passed.
func explainAnswer(attributes []signature.Attribute, response *plugin.VerifySignatureResponse) *protocol.FailedCheck {
	identity := response.VerificationResults[plugin.CapabilityTrustedIdentityVerifier]
	if identity != nil && !identity.Success {
		return &protocol.FailedCheck{Check: protocol.CheckIdentity, Fault: &protocol.Fault{Kind: protocol.KindRefused, Detail: protocol.Printable(identity.Reason)}}
	}
	if attribute, ok := unprocessedAttribute(attributes, response); ok {
		return protocol.Refuse(protocol.CheckAttributes, "attribute %q was not processed by the Signer plugin", attribute)
	}
	revocation := response.VerificationResults[plugin.CapabilityRevocationCheckVerifier]
	if revocation != nil && !revocation.Success {
		return &protocol.FailedCheck{Check: protocol.CheckRevocation, Fault: revocationFault(revocation.Reason)}
	}
	if identity == nil || revocation == nil {
		return &protocol.FailedCheck{Check: protocol.CheckRevocation, Fault: &protocol.Fault{Kind: protocol.KindMisconfigured, Detail: "the Signer plugin's answer lacks identity or revocation"}}
	}
	return nil
}

func unprocessedAttribute(attributes []signature.Attribute, response *plugin.VerifySignatureResponse) (any, bool) {
	for _, attribute := range attributes {
		name, _ := attribute.Key.(string)
		if name == envelope.AttributePlugin || name == envelope.AttributePluginMinVersion {
			continue
		}
		if !slices.ContainsFunc(response.ProcessedAttributes, func(processed any) bool { return processed == attribute.Key }) {
			return attribute.Key, true
		}
	}
	return nil, false
}
