package signer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/plugin/proto"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// How the errors of the AWS SDK for Go v2 begin, with the plugin's own words before them.
const (
	sdkPrefix   = "GetRevocationStatus call failed with error: operation error signer: GetRevocationStatus, "
	sdkAttempts = "exceeded maximum number of attempts, 3, "
	sdkResponse = "https response error StatusCode: "
	requestID   = ", RequestID: 5d1c7a2e-0000-4a6b-9f2e-000000000000, "
)

func TestRevocationReasons(t *testing.T) {
	refusedConnection := `request send failed, Get "http://data-signer.test/revocations?jobArn=arn%3Aaws": dial tcp 127.0.0.1:1: connect: connection refused`
	unknownHost := `request send failed, Get "https://data-signer.eu-west-1.amazonaws.com/revocations?jobArn=arn%3Aaws": dial tcp: lookup data-signer.eu-west-1.amazonaws.com: no such host`
	for _, test := range []struct {
		name, reason string
		kind         protocol.Kind
		status       int
	}{
		{"access denied", sdkPrefix + sdkResponse + "403" + requestID + "AccessDeniedException: User is not authorized", protocol.KindAccessDenied, 403},
		{"access denied without a message, as AWS answers", sdkPrefix + sdkResponse + "403" + requestID + "AccessDeniedException: ", protocol.KindAccessDenied, 403},
		{"access denied without a request id", sdkPrefix + sdkResponse + "403, RequestID: , AccessDeniedException: ", protocol.KindAccessDenied, 403},
		{"expired token", sdkPrefix + sdkResponse + "403" + requestID + "api error ExpiredTokenException: The security token is expired", protocol.KindAccessDenied, 403},
		{"expired token answered with 400", sdkPrefix + sdkResponse + "400" + requestID + "api error ExpiredTokenException: expired", protocol.KindAccessDenied, 400},
		{"another 403", sdkPrefix + sdkResponse + "403" + requestID + "api error UnknownError: UnknownError", protocol.KindAccessDenied, 403},
		{"401", sdkPrefix + sdkResponse + "401" + requestID + "api error UnknownError: UnknownError", protocol.KindAccessDenied, 401},
		{"invalid request", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: 1 validation error", protocol.KindRejected, 400},
		{"no such operation", sdkPrefix + sdkResponse + "404" + requestID + "ResourceNotFoundException: no", protocol.KindRejected, 404},
		{"throttled", sdkPrefix + sdkAttempts + sdkResponse + "429" + requestID + "TooManyRequestsException: Rate exceeded", protocol.KindUnavailable, 429},
		{"throttled with 400", sdkPrefix + sdkAttempts + sdkResponse + "400" + requestID + "api error ThrottlingException: Rate exceeded", protocol.KindUnavailable, 400},
		{"server error", sdkPrefix + sdkAttempts + sdkResponse + "500" + requestID + "InternalServiceErrorException: oh", protocol.KindUnavailable, 500},
		{"HTML with 503", sdkPrefix + sdkAttempts + sdkResponse + "503" + requestID + "deserialization failed, failed to decode response body, invalid character '<'", protocol.KindUnavailable, 503},
		{"HTML with 200", sdkPrefix + sdkResponse + "200" + requestID + "deserialization failed, failed to decode response body, invalid character '<'", protocol.KindUnavailable, 200},
		{"refused connection", sdkPrefix + sdkAttempts + sdkResponse + "0, RequestID: , " + refusedConnection, protocol.KindUnavailable, 0},
		{"unknown host", sdkPrefix + sdkResponse + "0, RequestID: , " + unknownHost, protocol.KindUnavailable, 0},
		{"no credentials", sdkPrefix + "get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata", protocol.KindAccessDenied, 0},
		{"no region", sdkPrefix + "failed to resolve service endpoint, endpoint rule error, Invalid Configuration: Missing Region", protocol.KindMisconfigured, 0},
		{"the SDK's own quota of retries", sdkPrefix + "failed to get rate limit token, retry quota exceeded, 0 available, 5 requested", protocol.KindUnavailable, 0},
		{"later generations of the SDK", strings.Replace(sdkPrefix, "signer:", "SignerData:", 1) + sdkResponse + "403" + requestID + "AccessDeniedException: ", protocol.KindAccessDenied, 403},

		{"revoked profile version", "Resource(s) " + testsupport.ProfileVersionARN + " have been revoked.", protocol.KindRevoked, 0},
		{"revoked certificate", "Certificate(s) have been revoked.", protocol.KindRevoked, 0},
		{"revoked both", "Resource(s) " + testsupport.ProfileVersionARN + ", arn:x have been revoked.Certificate(s) have been revoked.", protocol.KindRevoked, 0},

		{"a status within the message", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: https response error StatusCode: 503, RequestID: x, InternalServiceErrorException", protocol.KindRejected, 400},
		{"an error's name within the message", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: ThrottlingException: AccessDeniedException", protocol.KindRejected, 400},
		{"a line break and another error within the message", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: a\n" + sdkPrefix + sdkResponse + "503", protocol.KindRejected, 400},
		{"the call's failure not at the start", "Attribute x: " + sdkPrefix + sdkResponse + "503" + requestID + "x", protocol.KindRejected, 0},
		{"the call's failure on a second line", "Attribute x\n" + sdkPrefix + sdkResponse + "503" + requestID + "x", protocol.KindRejected, 0},
		{"a call of something else", "GetRevocationStatus call failed with error: operation error s3: GetObject, " + sdkResponse + "503" + requestID + "x", protocol.KindRejected, 0},
		{"an error that is not the SDK's", "GetRevocationStatus call failed with error: " + sdkResponse + "503" + requestID + "x", protocol.KindRejected, 0},
		{"an unknown error of the SDK", sdkPrefix + "something new, " + sdkResponse + "503" + requestID + "x", protocol.KindRejected, 0},
		{"no status", sdkPrefix + sdkResponse + "many" + requestID + "x", protocol.KindRejected, 0},
		{"revoked not at the start", "x Resource(s) arn:x have been revoked.", protocol.KindRejected, 0},
		{"nothing", "", protocol.KindRejected, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			fault := revocationFault(test.reason)

			if fault.Kind != test.kind || fault.Status != test.status {
				t.Errorf("got %s %d, want %s %d", fault.Kind, fault.Status, test.kind, test.status)
			}
			if fault.Detail != protocol.Printable(sdkCauseFirst(test.reason)) {
				t.Errorf("detail %q", fault.Detail)
			}
		})
	}
}

func TestFailuresOfThePluginItself(t *testing.T) {
	refusal := func(code proto.ErrorCode, message string) error {
		return fmt.Errorf("failed to verify: %w", proto.RequestError{Code: code, Err: errors.New(message)})
	}
	for _, test := range []struct {
		name string
		err  error
		kind protocol.Kind
	}{
		{"over its limit", errLimit, protocol.KindUnavailable},
		{"access denied", refusal(proto.ErrorCodeAccessDenied, "x"), protocol.KindAccessDenied},
		{"throttled", refusal(proto.ErrorCodeThrottled, "x"), protocol.KindUnavailable},
		{"timeout", refusal(proto.ErrorCodeTimeout, "x"), protocol.KindUnavailable},
		{"contract version", refusal(proto.ErrorCodeUnsupportedContractVersion, "x"), protocol.KindMisconfigured},
		{"validation", refusal(proto.ErrorCodeValidation, "unable to parse attribute"), protocol.KindRejected},
		{"generic", refusal(proto.ErrorCodeGeneric, "x"), protocol.KindRejected},
		{"generic, about the AWS profile", refusal(proto.ErrorCodeGeneric, "failed to get shared config profile, nobody"), protocol.KindMisconfigured},
		{"generic, about a profile but not at the start", refusal(proto.ErrorCodeGeneric, "x failed to get shared config profile"), protocol.KindRejected},
		{"crashed", &notationplugin.PluginExecutableFileError{InnerError: errors.New("exit status 2")}, protocol.KindMisconfigured},
		{"no JSON", &notationplugin.PluginMalformedError{InnerError: errors.New("invalid character")}, protocol.KindMisconfigured},
		{"unknown", errors.New("x"), protocol.KindRejected},
	} {
		t.Run(test.name, func(t *testing.T) {
			if fault := pluginFault(t.Context(), test.err); fault.Kind != test.kind {
				t.Errorf("got %s, want %s", fault.Kind, test.kind)
			}
		})
	}
}

func TestDeadlineWhileThePluginRuns(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()

	if fault := pluginFault(ctx, ctx.Err()); fault.Kind != protocol.KindDeadline {
		t.Errorf("got %s", fault.Kind)
	}
}

func TestAQuestionToSignerThatGotNoAnswerBeginsWithItsCause(t *testing.T) {
	reason := sdkPrefix + sdkResponse + `0, RequestID: , request send failed, Get "https://data-signer.eu-west-1.amazonaws.com/revocations?jobArn=` +
		strings.Repeat("a", 400) + `": dial tcp: lookup data-signer.eu-west-1.amazonaws.com: no such host`

	fault := revocationFault(reason)

	if fault.Kind != protocol.KindUnavailable || !strings.HasPrefix(fault.Detail, "dial tcp: lookup data-signer.eu-west-1.amazonaws.com: no such host (Get https://") {
		t.Errorf("%s %s", fault.Kind, fault.Detail)
	}
	if len([]rune(fault.Detail)) > protocol.MaxCause {
		t.Errorf("%d characters", len([]rune(fault.Detail)))
	}
}
