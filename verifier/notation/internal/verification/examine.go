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
	// question is what Signer is still to be asked; nil if a check has failed.
	question *question
}

// settle gives the signature Signer's answer.
func (e *examined) settle(failed *protocol.FailedCheck) {
	e.question = nil
	e.fact.Valid = failed == nil
	if failed != nil {
		e.fact.Check, e.fact.Fault = failed.Check, failed.Fault
	}
}

// current is what is known of the signature now.
func (e *examined) current() protocol.SignatureFact {
	fact := e.fact
	if e.question != nil {
		fact.Check, fact.Fault = protocol.CheckRevocation, &protocol.Fault{Kind: protocol.KindDeadline, Detail: "the deadline came while Signer's answer was awaited"}
	}
	return fact
}

// examineEnvelope makes every check of level strict on one envelope but those for which Signer is asked.
func examineEnvelope(ctx context.Context, verifier notation.Verifier, statement, reference string, image ocispec.Descriptor, raw envelope.Raw) (one *examined) {
	// A parser that panics on an envelope must not take the process, and with it the other verifications, down.
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
		// Without the plugin the library would compare certificate subjects, which every customer of AWS shares.
		one.fact.Check, one.fact.Fault = protocol.CheckIdentity, &protocol.Fault{Kind: protocol.KindRefused, Detail: "the signature does not ask for the Signer plugin"}
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

// isAuthenticated: the chain was found in the trust store, so the attributes are those that Signer wrote.
func isAuthenticated(fact protocol.SignatureFact) bool {
	switch fact.Check {
	case protocol.CheckExpiry, protocol.CheckSigningTime, protocol.CheckIdentity, protocol.CheckAttributes, protocol.CheckRevocation:
		return true
	}
	return false
}
