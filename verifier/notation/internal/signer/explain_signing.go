package signer

import (
	"context"
	"errors"
	"regexp"

	"github.com/notaryproject/notation-go/plugin/proto"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// signError is how the AWS SDK's error begins when SignPayload could not be called. The plugin passes it on where it is
// not an answer of Signer. The local plugin does; for AWS's it is inferred (plugin-passes-errors-on).
var signError = regexp.MustCompile(`^operation error [Ss]igner: SignPayload, (?:exceeded maximum number of attempts, \d+, )?`)

// ExplainSigning tells why the plugin has not signed.
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
