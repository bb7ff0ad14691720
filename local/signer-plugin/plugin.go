package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/signer"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

const (
	pluginName = "com.amazonaws.signer.notation.plugin"
	// Notation compares it with the minimum version that a signature asks for;
	// the part after the plus tells it from the real plugin and counts for
	// nothing in that comparison (SemVer 2.0.0, section 10).
	pluginVersion = "1.0.2292+local"
)

// signerAPI is what the plugin needs of AWS Signer.
type signerAPI interface {
	SignPayload(context.Context, *signer.SignPayloadInput, ...func(*signer.Options)) (*signer.SignPayloadOutput, error)
	GetRevocationStatus(context.Context, *signer.GetRevocationStatusInput, ...func(*signer.Options)) (*signer.GetRevocationStatusOutput, error)
}

// signerPlugin implements plugin.Plugin, the Notary Project's plugin contract
// 1.0. It connects to AWS Signer only for the commands that need it.
type signerPlugin struct {
	connect func(ctx context.Context, pluginConfig map[string]string) (signerAPI, error)
}

// GetMetadata describes the plugin.
func (signerPlugin) GetMetadata(context.Context, *plugin.GetMetadataRequest) (*plugin.GetMetadataResponse, error) {
	return &plugin.GetMetadataResponse{
		Name:                      pluginName,
		Description:               "Local stand-in for the AWS Signer plugin for Notation",
		Version:                   pluginVersion,
		URL:                       "https://docs.aws.amazon.com/signer",
		SupportedContractVersions: []string{plugin.ContractVersion},
		Capabilities: []plugin.Capability{
			plugin.CapabilityEnvelopeGenerator,
			plugin.CapabilityTrustedIdentityVerifier,
			plugin.CapabilityRevocationCheckVerifier,
		},
	}, nil
}

// GenerateEnvelope has AWS Signer sign a payload with the signing profile whose
// ARN is the key id. Errors are *plugin.Error.
func (p signerPlugin) GenerateEnvelope(ctx context.Context, request *plugin.GenerateEnvelopeRequest) (*plugin.GenerateEnvelopeResponse, error) {
	input, err := signPayloadInput(request)
	if err != nil {
		return nil, err
	}
	api, err := p.connect(ctx, request.PluginConfig)
	if err != nil {
		return nil, err
	}
	output, err := api.SignPayload(ctx, input)
	if err != nil {
		return nil, signingError(err)
	}
	return &plugin.GenerateEnvelopeResponse{
		SignatureEnvelope:     output.Signature,
		SignatureEnvelopeType: request.SignatureEnvelopeType,
		Annotations:           output.Metadata,
	}, nil
}

// VerifySignature checks the capabilities that the request names, and no other.
// A check that fails is a result; an error (*plugin.Error) means that the
// request itself cannot be judged.
func (p signerPlugin) VerifySignature(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerifySignatureResponse, error) {
	if err := checkVerifyRequest(request); err != nil {
		return nil, err
	}
	results := map[plugin.Capability]*plugin.VerificationResult{}
	for _, capability := range request.TrustPolicy.SignatureVerification {
		var result *plugin.VerificationResult
		var err error
		switch capability {
		case plugin.CapabilityTrustedIdentityVerifier:
			result, err = checkIdentity(request)
		case plugin.CapabilityRevocationCheckVerifier:
			result, err = p.checkRevocation(ctx, request)
		}
		if err != nil {
			return nil, err
		}
		results[capability] = result
	}
	return &plugin.VerifySignatureResponse{
		VerificationResults: results,
		// The alias attribute is missing here as it is in v1.0.2292, so Notation
		// refuses alias-signed images.
		ProcessedAttributes: []any{attributeProfileVersion, attributeJob},
	}, nil
}

// DescribeKey is not part of what AWS Signer offers.
func (signerPlugin) DescribeKey(context.Context, *plugin.DescribeKeyRequest) (*plugin.DescribeKeyResponse, error) {
	return nil, plugin.NewUnsupportedError("DescribeKey operation")
}

// GenerateSignature is not part of what AWS Signer offers.
func (signerPlugin) GenerateSignature(context.Context, *plugin.GenerateSignatureRequest) (*plugin.GenerateSignatureResponse, error) {
	return nil, plugin.NewUnsupportedError("GenerateSignature operation")
}
