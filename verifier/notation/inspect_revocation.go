package main

import (
	"context"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

// revocationOf asks whether anything of a signature is revoked.
type revocationOf func(context.Context, *signature.EnvelopeContent) protocol.Revocation

// askSigner makes the question. A plugin that cannot be used leaves the status unknown; the rest can still be read.
func askSigner(ctx context.Context, settings inspectSettings) (revocationOf, error) {
	if settings.noRevocation {
		return answer(protocol.UnknownRevocation("not asked, as the call says")), nil
	}
	if err := redirectSigner(ctx, settings.signerEndpoint); err != nil {
		return nil, err
	}
	signer, err := LoadSignerPlugin(ctx, settings.plugin)
	if err != nil {
		return answer(protocol.UnknownRevocation("the Signer plugin cannot be used: " + err.Error())), nil
	}
	return signer.revocation, nil
}

// revocation asks the plugin, as a verification does, about revocation alone.
func (p *SignerPlugin) revocation(ctx context.Context, claims *signature.EnvelopeContent) protocol.Revocation {
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

// revocationRequest is what notation-go asks a plugin (verifier.go, executePlugin), without the question for identity.
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
			// The signature's own profile version: identity is not in question here.
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
	request.PluginConfig = map[string]string{pluginConfigRegion: regionOf(request.TrustPolicy.TrustedIdentities[0])}
	return request
}

func answer(revocation protocol.Revocation) revocationOf {
	return func(context.Context, *signature.EnvelopeContent) protocol.Revocation { return revocation }
}
