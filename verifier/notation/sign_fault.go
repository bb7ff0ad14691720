package main

import (
	"context"
	"errors"
	"regexp"

	"github.com/notaryproject/notation-go/plugin/proto"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// registryError is a call to the registry that failed while an image was signed.
type registryError struct {
	stage protocol.Stage
	err   error
}

func (e *registryError) Error() string { return e.err.Error() }
func (e *registryError) Unwrap() error { return e.err }

// signError is how the AWS SDK's error begins when SignPayload could not be called. The plugin passes it on where it is
// not an answer of Signer (local plugin; inferred for AWS's).
var signError = regexp.MustCompile(`^operation error [Ss]igner: SignPayload, (?:exceeded maximum number of attempts, \d+, )?`)

// signFault tells why an image could not be signed: the registry, our own set-up, or AWS Signer.
func signFault(ctx context.Context, err error) *protocol.Fault {
	fault := &protocol.Fault{Kind: protocol.KindMisconfigured, Detail: protocol.Printable(err.Error())}
	var call *registryError
	stage := protocol.StageSign
	switch {
	case errors.As(err, &call):
		fault = registry.Explain(ctx, call.err)
		stage = call.stage
	case errors.As(err, new(*config.Error)):
	default:
		fault = pluginFault(ctx, err)
		var refused proto.RequestError
		if errors.As(err, &refused) {
			fault.Detail = protocol.Printable(refused.Error())
		}
		if fault.Kind == protocol.KindRejected {
			sdkFault(fault, refused.Error(), signError)
		}
	}
	fault.Stage = stage
	return fault
}
