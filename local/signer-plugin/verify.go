package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

// Signed attributes that AWS Signer adds to every signature.
const (
	attributeProfileVersion = "com.amazonaws.signer.signingProfileVersion"
	attributeJob            = "com.amazonaws.signer.signingJob"
)

const signingScheme = "notary.x509.signingAuthority"

// checkVerifyRequest refuses requests that no signature of AWS Signer under a
// usable trust policy leads to.
func checkVerifyRequest(request *plugin.VerifySignatureRequest) error {
	if request.ContractVersion != plugin.ContractVersion {
		return plugin.NewUnsupportedContractVersionError(request.ContractVersion)
	}
	// All AWS customers share one root certificate, so "*" would trust them all.
	if slices.Contains(request.TrustPolicy.TrustedIdentities, "*") {
		return plugin.NewValidationError("The AWSSigner plugin does not support wildcard identity in the trust policy.")
	}
	for _, capability := range request.TrustPolicy.SignatureVerification {
		if capability != plugin.CapabilityTrustedIdentityVerifier && capability != plugin.CapabilityRevocationCheckVerifier {
			return plugin.NewValidationErrorf("'%s' is not a supported plugin capability", capability)
		}
	}
	attributes := request.Signature.CriticalAttributes
	if attributes.AuthenticSigningTime == nil || attributes.AuthenticSigningTime.IsZero() {
		return plugin.NewValidationError("missing authenticSigningTime")
	}
	if !strings.EqualFold(attributes.SigningScheme, signingScheme) {
		return plugin.NewUnsupportedError(fmt.Sprintf("'%s' signing scheme", attributes.SigningScheme))
	}
	return nil
}

// signedAttribute reads one of the attributes that AWS Signer adds.
func signedAttribute(request *plugin.VerifySignatureRequest, name string) (string, error) {
	value, ok := request.Signature.CriticalAttributes.ExtendedAttributes[name].(string)
	if !ok {
		return "", plugin.NewValidationErrorf("unable to parse attribute %q.", name)
	}
	return value, nil
}
