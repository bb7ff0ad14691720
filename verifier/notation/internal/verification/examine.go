package verification

import (
	"context"
	"time"

	"github.com/notaryproject/notation-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// examined is a signature that was read.
type examined struct {
	fact protocol.SignatureFact
	// question is the request still to be sent to Signer; nil if a check failed.
	question *question
	// unneeded is set if the statement needs no answer about it any more: it is no result.
	unneeded bool
}

// settle adds Signer's answer to the signature.
func (e *examined) settle(failed *protocol.FailedCheck) {
	e.question = nil
	e.fact.Valid = failed == nil
	if failed != nil {
		e.fact.Check, e.fact.Fault = failed.Check, failed.Fault
	}
}

// current returns the present facts about the signature.
func (e *examined) current() protocol.SignatureFact {
	fact := e.fact
	if e.question != nil {
		fact.Check, fact.Fault = protocol.CheckRevocation, &protocol.Fault{Kind: protocol.KindDeadline, Detail: "the deadline passed while waiting for Signer's answer"}
	}
	return fact
}

// examination has what the checks of an envelope need.
type examination struct {
	verifier notation.Verifier
	// statement is the name of the statement that applies.
	statement string
	// reference has the digest of the image.
	reference string
	image     ocispec.Descriptor
	// notBefore refuses signatures that were made earlier; nil refuses none.
	notBefore *time.Time
}

// examineEnvelope runs every check of level strict on one envelope, except those that need Signer.
func (e examination) examineEnvelope(ctx context.Context, raw envelope.Raw) (one *examined) {
	// A parser that panics on an envelope must not end the process, and with it the other verifications.
	defer func() {
		if r := recover(); r != nil {
			one = refusedSignature(protocol.Refuse(protocol.CheckIntegrity, "the envelope cannot be parsed: %v", r))
		}
	}()
	if failed := envelope.Examine(raw, e.image); failed != nil {
		return refusedSignature(failed)
	}
	ctx, seen := signer.WithCall(ctx, e.statement)
	outcome, err := e.verifier.Verify(ctx, e.image, raw.Bytes, notation.VerifierVerifyOptions{
		ArtifactReference:  e.reference,
		SignatureMediaType: raw.MediaType,
	})
	one = &examined{}
	switch {
	case err != nil:
		failed := explain(outcome, seen, err)
		one.fact.Check, one.fact.Fault = failed.Check, failed.Fault
	case seen.Request == nil:
		// Without the plugin, the library would compare certificate subjects, which all AWS customers share.
		one.fact.Check, one.fact.Fault = protocol.CheckIdentity, &protocol.Fault{Kind: protocol.KindRefused, Detail: "the signature does not require the Signer plugin"}
	case e.isTooOld(outcome):
		failed := protocol.Refuse(protocol.CheckAge, "signed at %s; the statement accepts signatures from %s on", signingTime(outcome).UTC().Format(time.RFC3339), e.notBefore.UTC().Format(time.RFC3339))
		one.fact.Check, one.fact.Fault = failed.Check, failed.Fault
	default:
		one.question = &question{
			content:     envelope.ContentOf(raw, outcome.EnvelopeContent.SignerInfo.CertificateChain),
			signingTime: signingTime(outcome),
			Question: signer.Question{
				ProfileVersion: envelope.TextAttribute(outcome.EnvelopeContent.SignerInfo, envelope.AttributeProfileVersion),
				Attributes:     outcome.EnvelopeContent.SignerInfo.SignedAttributes.ExtendedAttributes,
				Request:        seen.Request,
			},
		}
	}
	if outcome != nil && outcome.EnvelopeContent != nil && (one.question != nil || isAuthenticated(one.fact)) {
		envelope.AddEvidence(&one.fact, outcome.EnvelopeContent.SignerInfo)
	}
	return one
}

// isTooOld uses the time that Signer put into the signature: its signing scheme has an authentic signing time.
func (e examination) isTooOld(outcome *notation.VerificationOutcome) bool {
	return e.notBefore != nil && signingTime(outcome).Before(*e.notBefore)
}

func signingTime(outcome *notation.VerificationOutcome) time.Time {
	return outcome.EnvelopeContent.SignerInfo.SignedAttributes.SigningTime
}

func refusedSignature(failed *protocol.FailedCheck) *examined {
	return &examined{fact: protocol.SignatureFact{Check: failed.Check, Fault: failed.Fault}}
}

// isAuthenticated: the chain was found in the trust store, so Signer wrote the attributes.
func isAuthenticated(fact protocol.SignatureFact) bool {
	switch fact.Check {
	case protocol.CheckExpiry, protocol.CheckSigningTime, protocol.CheckIdentity, protocol.CheckAge, protocol.CheckAttributes, protocol.CheckRevocation:
		return true
	}
	return false
}
