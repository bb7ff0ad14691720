package main

import (
	"context"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/signer"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

const platform = "Notation-OCI-SHA384-ECDSA"

// checkRevocation asks AWS Signer whether the profile version, the job or a
// certificate of the signature has been revoked. When the call fails the result
// is a failure too, whose reason holds the SDK's error.
func (p signerPlugin) checkRevocation(ctx context.Context, request *plugin.VerifySignatureRequest) (*plugin.VerificationResult, error) {
	input, err := revocationInput(request)
	if err != nil {
		return nil, err
	}
	api, err := p.connect(ctx, request.PluginConfig)
	if err != nil {
		return nil, err
	}
	output, err := api.GetRevocationStatus(ctx, input)
	if err != nil {
		return &plugin.VerificationResult{Reason: fmt.Sprintf("GetRevocationStatus call failed with error: %v", err)}, nil
	}
	if len(output.RevokedEntities) > 0 {
		return &plugin.VerificationResult{Reason: revokedReason(output.RevokedEntities)}, nil
	}
	return &plugin.VerificationResult{Success: true, Reason: "Signature is not revoked."}, nil
}

func revocationInput(request *plugin.VerifySignatureRequest) (*signer.GetRevocationStatusInput, error) {
	profileVersion, err := signedAttribute(request, attributeProfileVersion)
	if err != nil {
		return nil, err
	}
	job, err := signedAttribute(request, attributeJob)
	if err != nil {
		return nil, err
	}
	hashes, err := certificateHashes(request.Signature.CertificateChain)
	if err != nil {
		return nil, plugin.NewValidationError("unable to parse certificates in certificate chain.")
	}
	return &signer.GetRevocationStatusInput{
		CertificateHashes:  hashes,
		JobArn:             aws.String(job),
		PlatformId:         aws.String(platform),
		ProfileVersionArn:  aws.String(profileVersion),
		SignatureTimestamp: request.Signature.CriticalAttributes.AuthenticSigningTime,
	}, nil
}

// certificateHashes names each certificate of a chain (DER, leaf first) as
// GetRevocationStatus wants it: the SHA-384 of its to-be-signed part followed by
// that of its issuer, in hexadecimal. The root is its own issuer.
func certificateHashes(chain [][]byte) ([]string, error) {
	digests := make([]string, len(chain))
	for i, der := range chain {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		digest := sha512.Sum384(certificate.RawTBSCertificate)
		digests[i] = hex.EncodeToString(digest[:])
	}
	hashes := make([]string, len(chain))
	for i, digest := range digests {
		issuer := min(i+1, len(digests)-1)
		hashes[i] = digest + digests[issuer]
	}
	return hashes, nil
}

// revokedReason tells ARNs (profile version, job) from hashes of certificates.
func revokedReason(revokedEntities []string) string {
	var resources []string
	certificates := false
	for _, entity := range revokedEntities {
		if strings.HasPrefix(entity, "arn") {
			resources = append(resources, entity)
		} else {
			certificates = true
		}
	}
	reason := ""
	if len(resources) > 0 {
		reason = fmt.Sprintf("Resource(s) %s have been revoked.", strings.Join(resources, ", "))
	}
	if certificates {
		reason += "Certificate(s) have been revoked."
	}
	return reason
}
