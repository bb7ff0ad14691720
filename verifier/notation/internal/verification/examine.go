package verification

import (
	"context"

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

// examineEnvelope runs every check of level strict on one envelope, except those that need Signer.
func examineEnvelope(ctx context.Context, verifier notation.Verifier, statement, reference string, image ocispec.Descriptor, raw envelope.Raw) (one *examined) {
	// A parser that panics on an envelope must not end the process, and with it the other verifications.
	defer func() {
		if r := recover(); r != nil {
			one = refusedSignature(protocol.Refuse(protocol.CheckIntegrity, "the envelope cannot be parsed: %v", r))
		}
	}()
	if failed := envelope.Examine(raw, image); failed != nil {
		return refusedSignature(failed)
	}
	ctx, seen := signer.WithCall(ctx, statement)
	outcome, err := verifier.Verify(ctx, image, raw.Bytes, notation.VerifierVerifyOptions{
		ArtifactReference:  reference,
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
	default:
		one.question = &question{
			content:     envelope.ContentOf(raw, outcome.EnvelopeContent.SignerInfo.CertificateChain),
			signingTime: outcome.EnvelopeContent.SignerInfo.SignedAttributes.SigningTime,
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

func refusedSignature(failed *protocol.FailedCheck) *examined {
	return &examined{fact: protocol.SignatureFact{Check: failed.Check, Fault: failed.Fault}}
}

// isAuthenticated: the chain was found in the trust store, so Signer wrote the attributes.
func isAuthenticated(fact protocol.SignatureFact) bool {
	switch fact.Check {
	case protocol.CheckExpiry, protocol.CheckSigningTime, protocol.CheckIdentity, protocol.CheckAttributes, protocol.CheckRevocation:
		return true
	}
	return false
}
