package main

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

// checkIdentity looks for the trusted identity that covers the profile version
// which signed.
func checkIdentity(request *plugin.VerifySignatureRequest) (*plugin.VerificationResult, error) {
	profileVersion, err := signedAttribute(request, attributeProfileVersion)
	if err != nil {
		return nil, err
	}
	for _, identity := range request.TrustPolicy.TrustedIdentities {
		if covers(identity, profileVersion) {
			return &plugin.VerificationResult{
				Success: true,
				Reason:  fmt.Sprintf("Signature publisher matched %q trusted identity.", identity),
			}, nil
		}
	}
	return &plugin.VerificationResult{Reason: "Signature publisher doesn't match any trusted identities."}, nil
}

// covers reports whether an identity is the ARN of the profile version or of
// its profile, which covers every version. Case does not count; identities of
// any other form cover nothing.
func covers(identity, profileVersion string) bool {
	parsed, err := arn.Parse(identity)
	if err != nil || parsed.Service != "signer" || !strings.HasPrefix(parsed.Resource, "/signing-profiles/") {
		return false
	}
	switch strings.Count(parsed.Resource, "/") {
	case 2: // /signing-profiles/NAME
		slash := strings.LastIndex(profileVersion, "/")
		return slash >= 0 && strings.EqualFold(profileVersion[:slash], identity)
	case 3: // /signing-profiles/NAME/VERSION
		return strings.EqualFold(profileVersion, identity)
	default:
		return false
	}
}
