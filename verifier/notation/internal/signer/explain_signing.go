package signer

import (
	"context"
	"errors"
	"regexp"

	"github.com/notaryproject/notation-go/plugin/proto"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// signError is the start of the AWS SDK's error when the call of SignPayload failed. The plugin passes it on if there
// was no answer of Signer. The local plugin does; for AWS's it is inferred (plugin-passes-errors-on).
var signError = regexp.MustCompile(`^operation error [Ss]igner: SignPayload, (?:exceeded maximum number of attempts, \d+, )?`)

// ExplainSigning returns why the plugin did not sign.
func ExplainSigning(ctx context.Context, err error) *protocol.Fault {
	fault := pluginFault(ctx, err)
	var refused proto.RequestError
	if errors.As(err, &refused) {
		fault.Detail = protocol.Printable(refused.Error())
	}
	if fault.Kind == protocol.KindRejected {
		sdkFault(fault, refused.Error(), signError)
	}
	return fault
}
