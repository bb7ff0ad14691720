package signer

import (
	"testing"
	"time"

	"github.com/notaryproject/notation-core-go/signature"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestARevocationRequestAsksForNothingElse(t *testing.T) {
	signed := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	claims := &signature.EnvelopeContent{SignerInfo: signature.SignerInfo{SignedAttributes: signature.SignedAttributes{
		SigningScheme: signature.SigningSchemeX509SigningAuthority,
		SigningTime:   signed,
		ExtendedAttributes: []signature.Attribute{
			{Key: envelope.AttributePlugin, Value: pluginName, Critical: true},
			{Key: envelope.AttributeProfileVersion, Value: testsupport.ProfileVersionARN, Critical: true},
			{Key: envelope.AttributeJob, Value: "job", Critical: true},
		},
	}}}

	request := revocationRequest(claims)

	if got := request.TrustPolicy.SignatureVerification; len(got) != 1 || got[0] != "SIGNATURE_VERIFIER.REVOCATION_CHECK" {
		t.Errorf("capabilities %v", got)
	}
	attributes := request.Signature.CriticalAttributes
	if len(attributes.ExtendedAttributes) != 2 || attributes.ExtendedAttributes[envelope.AttributeJob] != "job" || !attributes.AuthenticSigningTime.Equal(signed) {
		t.Errorf("%+v", attributes)
	}
}
