package inspect

import (
	"context"

	"github.com/notaryproject/notation-core-go/signature"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// AskRevocation asks whether any part of a signature is revoked.
type AskRevocation func(context.Context, *signature.EnvelopeContent) protocol.Revocation

// WithoutAsking leaves the status unknown and gives the reason.
func WithoutAsking(why string) AskRevocation {
	revocation := protocol.UnknownRevocation(why)
	return func(context.Context, *signature.EnvelopeContent) protocol.Revocation { return revocation }
}
