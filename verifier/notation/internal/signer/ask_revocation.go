package signer

import (
	"context"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

// AskRevocation asks the plugin about revocation only, in the same way as a verification.
func (p *Plugin) AskRevocation(ctx context.Context, claims *signature.EnvelopeContent) protocol.Revocation {
	response, err := p.Ask(ctx, revocationRequest(claims))
	if err != nil {
		return protocol.UnknownRevocation(pluginFault(ctx, err).Detail)
	}
	result := response.VerificationResults[plugin.CapabilityRevocationCheckVerifier]
	switch {
	case result == nil:
		return protocol.UnknownRevocation("the Signer plugin's answer lacks revocation")
	case result.Success:
		return protocol.Revocation{Status: protocol.StatusNotRevoked}
	}
	fault := revocationFault(result.Reason)
	if fault.Kind != protocol.KindRevoked {
		return protocol.UnknownRevocation(fault.Detail)
	}
	return protocol.Revocation{Status: protocol.StatusRevoked, Detail: &fault.Detail}
}

// revocationRequest is the request that notation-go sends to a plugin (verifier.go, executePlugin), without the
// identity check.
func revocationRequest(claims *signature.EnvelopeContent) *plugin.VerifySignatureRequest {
	signer := claims.SignerInfo
	signed := signer.SignedAttributes
	request := &plugin.VerifySignatureRequest{
		ContractVersion: plugin.ContractVersion,
		Signature: plugin.Signature{CriticalAttributes: plugin.CriticalAttributes{
			ContentType:        claims.Payload.ContentType,
			SigningScheme:      string(signed.SigningScheme),
			Expiry:             &signed.Expiry,
			ExtendedAttributes: map[string]any{},
		}},
		TrustPolicy: plugin.TrustPolicy{
			// The signature's own profile version, because the identity is not checked here.
			TrustedIdentities:     []string{envelope.TextAttribute(signer, envelope.AttributeProfileVersion)},
			SignatureVerification: []plugin.Capability{plugin.CapabilityRevocationCheckVerifier},
		},
	}
	if signed.SigningScheme == signature.SigningSchemeX509SigningAuthority {
		request.Signature.CriticalAttributes.AuthenticSigningTime = &signed.SigningTime
	}
	for _, attribute := range signed.ExtendedAttributes {
		name, ok := attribute.Key.(string)
		if !ok || name == envelope.AttributePlugin || name == envelope.AttributePluginMinVersion {
			continue
		}
		request.Signature.CriticalAttributes.ExtendedAttributes[name] = attribute.Value
		request.Signature.UnprocessedAttributes = append(request.Signature.UnprocessedAttributes, name)
	}
	for _, certificate := range signer.CertificateChain {
		request.Signature.CertificateChain = append(request.Signature.CertificateChain, certificate.Raw)
	}
	request.PluginConfig = Configuration(request.TrustPolicy.TrustedIdentities[0])
	return request
}
