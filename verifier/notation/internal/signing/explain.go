package signing

import (
	"context"
	"errors"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// registryError is a failed call to the registry while signing an image.
type registryError struct {
	stage protocol.Stage
	err   error
}

func (e *registryError) Error() string { return e.err.Error() }
func (e *registryError) Unwrap() error { return e.err }

// Explain returns why an image could not be signed: the registry, our own configuration, or AWS Signer.
func Explain(ctx context.Context, err error) *protocol.Fault {
	fault := &protocol.Fault{Kind: protocol.KindMisconfigured, Detail: protocol.Printable(err.Error())}
	var call *registryError
	stage := protocol.StageSign
	switch {
	case errors.As(err, &call):
		fault = registry.Explain(ctx, call.err)
		stage = call.stage
	case errors.As(err, new(*config.Error)):
	default:
		fault = signer.ExplainSigning(ctx, err)
	}
	fault.Stage = stage
	return fault
}
