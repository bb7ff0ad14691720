package signing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/notaryproject/notation-go/plugin/proto"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

func TestWhySigningFailed(t *testing.T) {
	plugin := func(code proto.ErrorCode, text string) error {
		return fmt.Errorf("signing: %w", proto.RequestError{Code: code, Err: errors.New(text)})
	}
	for _, test := range []struct {
		name  string
		err   error
		stage protocol.Stage
		kind  protocol.Kind
	}{
		{"no image", &registryError{protocol.StageResolve, errdef.ErrNotFound}, protocol.StageResolve, protocol.KindNotFound},
		{"no permission to push", fmt.Errorf("signing: %w", &registryError{protocol.StagePush, &errcode.ErrorResponse{StatusCode: http.StatusForbidden}}), protocol.StagePush, protocol.KindAccessDenied},
		{"no permission to sign", plugin(proto.ErrorCodeAccessDenied, "Failed to call AWSSigner. Error: ."), protocol.StageSign, protocol.KindAccessDenied},
		{"too often", plugin(proto.ErrorCodeThrottled, "slow down"), protocol.StageSign, protocol.KindUnavailable},
		{"too often, in the words of the SDK", plugin(proto.ErrorCodeGeneric, "operation error signer: SignPayload, exceeded maximum number of attempts, 3, https response error StatusCode: 429, RequestID: x, TooManyRequestsException: x"), protocol.StageSign, protocol.KindUnavailable},
		{"no profile", plugin(proto.ErrorCodeValidation, "Failed to call AWSSigner. Error: Signing profile x does not exist."), protocol.StageSign, protocol.KindRejected},
		{"no AWS credentials", plugin(proto.ErrorCodeGeneric, "operation error signer: SignPayload, get identity: get credentials: failed to refresh cached credentials"), protocol.StageSign, protocol.KindAccessDenied},
		{"no network", plugin(proto.ErrorCodeGeneric, "operation error signer: SignPayload, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed"), protocol.StageSign, protocol.KindUnavailable},
		{"words of the SDK not at the start", plugin(proto.ErrorCodeGeneric, "x operation error signer: SignPayload, get identity: "), protocol.StageSign, protocol.KindRejected},
		{"no plugin", &config.Error{File: "/no/plugin", Err: errors.New("no such file")}, protocol.StageSign, protocol.KindMisconfigured},
	} {
		t.Run(test.name, func(t *testing.T) {
			fault := Explain(t.Context(), test.err)

			if fault.Stage != test.stage || fault.Kind != test.kind {
				t.Errorf("%+v", fault)
			}
		})
	}
}

func TestASigningThatTookTooLong(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	fault := Explain(ctx, errors.New("signal: killed"))

	if fault.Stage != protocol.StageSign || fault.Kind != protocol.KindDeadline {
		t.Errorf("%+v", fault)
	}
}
