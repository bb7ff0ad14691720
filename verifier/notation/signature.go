package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// failedCheck is the check that a signature did not pass.
type failedCheck struct {
	check Check
	fault *Fault
}

// examineEnvelope makes every check of level strict on one envelope.
func examineEnvelope(ctx context.Context, verifier notation.Verifier, reference string, image ocispec.Descriptor, envelope Envelope) (fact SignatureFact) {
	// A parser that panics on an envelope must not take the process, and with it the other verifications, down.
	defer func() {
		if r := recover(); r != nil {
			failed := refuse(CheckIntegrity, "the envelope cannot be parsed: %v", r)
			fact = SignatureFact{Check: failed.check, Fault: failed.fault}
		}
	}()
	if failed := examineUnverified(envelope, image); failed != nil {
		return SignatureFact{Check: failed.check, Fault: failed.fault}
	}
	ctx, answer := withPluginAnswer(ctx)
	outcome, err := verifier.Verify(ctx, image, envelope.Bytes, notation.VerifierVerifyOptions{
		ArtifactReference:  reference,
		SignatureMediaType: envelope.MediaType,
	})
	if err == nil {
		fact.Valid = true
	} else {
		failed := explain(ctx, outcome, answer, err)
		fact.Check, fact.Fault = failed.check, failed.fault
	}
	if outcome != nil && outcome.EnvelopeContent != nil && isAuthenticated(fact) {
		addEvidence(&fact, outcome.EnvelopeContent.SignerInfo)
	}
	return fact
}

// isAuthenticated: the chain was found in the trust store, so the attributes are those that Signer wrote.
func isAuthenticated(fact SignatureFact) bool {
	if fact.Valid {
		return true
	}
	switch fact.Check {
	case CheckExpiry, CheckSigningTime, CheckIdentity, CheckAttributes, CheckRevocation:
		return true
	}
	return false
}

func addEvidence(fact *SignatureFact, signer signature.SignerInfo) {
	fact.ProfileVersion = printable(stringAttribute(signer, attributeProfileVersion))
	fact.Job = printable(stringAttribute(signer, attributeJob))
	fact.SigningTime = optionalTime(signer.SignedAttributes.SigningTime)
	fact.Expiry = optionalTime(signer.SignedAttributes.Expiry)
}

func stringAttribute(signer signature.SignerInfo, key string) string {
	attribute, err := signer.ExtendedAttribute(key)
	if err != nil {
		return ""
	}
	text, _ := attribute.Value.(string)
	return text
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// explain tells which check failed. Where the plugin was asked, its typed answer decides and not the library's text.
func explain(ctx context.Context, outcome *notation.VerificationOutcome, answer *pluginAnswer, err error) failedCheck {
	if answer.err != nil {
		return failedCheck{CheckRevocation, pluginFault(ctx, answer.err)}
	}
	if answer.response != nil {
		if failed, ok := explainAnswer(outcome, answer.response); ok {
			return failed
		}
		return failedCheck{CheckTarget, refused(err)}
	}
	for _, result := range outcome.VerificationResults {
		if result.Error != nil {
			return failedCheck{checkOf(result), refused(result.Error)}
		}
	}
	// The library has no result of its own for the plugin that a signature asks for.
	return failedCheck{CheckPlugin, refused(err)}
}

func explainAnswer(outcome *notation.VerificationOutcome, response *plugin.VerifySignatureResponse) (failedCheck, bool) {
	identity := response.VerificationResults[plugin.CapabilityTrustedIdentityVerifier]
	if identity != nil && !identity.Success {
		return failedCheck{CheckIdentity, &Fault{Kind: KindRefused, Detail: printable(identity.Reason)}}, true
	}
	if attribute, ok := unprocessedAttribute(outcome, response); ok {
		return *refuse(CheckAttributes, "attribute %q was not processed by the Signer plugin", attribute), true
	}
	revocation := response.VerificationResults[plugin.CapabilityRevocationCheckVerifier]
	if revocation != nil && !revocation.Success {
		return failedCheck{CheckRevocation, revocationFault(revocation.Reason)}, true
	}
	if identity == nil || revocation == nil {
		return failedCheck{CheckRevocation, &Fault{Kind: KindMisconfigured, Detail: "the Signer plugin's answer lacks identity or revocation"}}, true
	}
	return failedCheck{}, false
}

func unprocessedAttribute(outcome *notation.VerificationOutcome, response *plugin.VerifySignatureResponse) (any, bool) {
	for _, attribute := range outcome.EnvelopeContent.SignerInfo.SignedAttributes.ExtendedAttributes {
		name, _ := attribute.Key.(string)
		if name == headerPlugin || name == headerPluginMinVersion {
			continue
		}
		if !slices.ContainsFunc(response.ProcessedAttributes, func(processed any) bool { return processed == attribute.Key }) {
			return attribute.Key, true
		}
	}
	return nil, false
}

// The attributes by which a signature asks for a plugin (Notary Project signature specification).
const (
	headerPlugin           = "io.cncf.notary.verificationPlugin"
	headerPluginMinVersion = "io.cncf.notary.verificationPluginMinVersion"
)

func checkOf(result *notation.ValidationResult) Check {
	switch result.Type {
	case trustpolicy.TypeAuthenticity:
		if isTrustStoreError(result.Error) {
			return CheckTrustStore
		}
		return CheckIdentity
	case trustpolicy.TypeExpiry:
		return CheckExpiry
	case trustpolicy.TypeAuthenticTimestamp:
		return CheckSigningTime
	case trustpolicy.TypeRevocation:
		return CheckRevocation
	default:
		return CheckIntegrity
	}
}

// isTrustStoreError: the library has one result for trust store and identity, and typed errors for the first only.
func isTrustStoreError(err error) bool {
	return errors.As(err, new(*signature.SignatureAuthenticityError)) ||
		errors.As(err, new(notation.ErrorVerificationInconclusive)) ||
		errors.As(err, new(truststore.TrustStoreError)) ||
		errors.As(err, new(truststore.CertificateError))
}

func refused(err error) *Fault { return &Fault{Kind: KindRefused, Detail: printable(err.Error())} }
