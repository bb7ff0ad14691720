package verification

import (
	"errors"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// explain returns the check that failed. If the plugin was involved, the stored identity check decides, not the
// library's text.
func explain(outcome *notation.VerificationOutcome, seen *signer.Call, err error) *protocol.FailedCheck {
	if seen.Refused != nil {
		return seen.Refused
	}
	if seen.Request != nil {
		return protocol.Refuse(protocol.CheckTarget, "%v", err)
	}
	for _, result := range outcome.VerificationResults {
		if result.Error != nil {
			return protocol.Refuse(checkOf(result), "%v", result.Error)
		}
	}
	// The library has no separate result for a plugin that a signature requires.
	return protocol.Refuse(protocol.CheckPlugin, "%v", err)
}

func checkOf(result *notation.ValidationResult) protocol.Check {
	switch result.Type {
	case trustpolicy.TypeAuthenticity:
		if isTrustStoreError(result.Error) {
			return protocol.CheckTrustStore
		}
		return protocol.CheckIdentity
	case trustpolicy.TypeExpiry:
		return protocol.CheckExpiry
	case trustpolicy.TypeAuthenticTimestamp:
		return protocol.CheckSigningTime
	case trustpolicy.TypeRevocation:
		return protocol.CheckRevocation
	default:
		return protocol.CheckIntegrity
	}
}

// isTrustStoreError: the library has one result for trust store and identity, and typed errors only for the trust
// store.
func isTrustStoreError(err error) bool {
	return errors.As(err, new(*signature.SignatureAuthenticityError)) ||
		errors.As(err, new(notation.ErrorVerificationInconclusive)) ||
		errors.As(err, new(truststore.TrustStoreError)) ||
		errors.As(err, new(truststore.CertificateError))
}
