package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/plugin/proto"

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
		kind         Kind
		status       int
	}{
		{"access denied", sdkPrefix + sdkResponse + "403" + requestID + "AccessDeniedException: User is not authorized", KindAccessDenied, 403},
		{"access denied without a message, as AWS answers", sdkPrefix + sdkResponse + "403" + requestID + "AccessDeniedException: ", KindAccessDenied, 403},
		{"access denied without a request id", sdkPrefix + sdkResponse + "403, RequestID: , AccessDeniedException: ", KindAccessDenied, 403},
		{"expired token", sdkPrefix + sdkResponse + "403" + requestID + "api error ExpiredTokenException: The security token is expired", KindAccessDenied, 403},
		{"expired token answered with 400", sdkPrefix + sdkResponse + "400" + requestID + "api error ExpiredTokenException: expired", KindAccessDenied, 400},
		{"another 403", sdkPrefix + sdkResponse + "403" + requestID + "api error UnknownError: UnknownError", KindAccessDenied, 403},
		{"401", sdkPrefix + sdkResponse + "401" + requestID + "api error UnknownError: UnknownError", KindAccessDenied, 401},
		{"invalid request", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: 1 validation error", KindRejected, 400},
		{"no such operation", sdkPrefix + sdkResponse + "404" + requestID + "ResourceNotFoundException: no", KindRejected, 404},
		{"throttled", sdkPrefix + sdkAttempts + sdkResponse + "429" + requestID + "TooManyRequestsException: Rate exceeded", KindUnavailable, 429},
		{"throttled with 400", sdkPrefix + sdkAttempts + sdkResponse + "400" + requestID + "api error ThrottlingException: Rate exceeded", KindUnavailable, 400},
		{"server error", sdkPrefix + sdkAttempts + sdkResponse + "500" + requestID + "InternalServiceErrorException: oh", KindUnavailable, 500},
		{"HTML with 503", sdkPrefix + sdkAttempts + sdkResponse + "503" + requestID + "deserialization failed, failed to decode response body, invalid character '<'", KindUnavailable, 503},
		{"HTML with 200", sdkPrefix + sdkResponse + "200" + requestID + "deserialization failed, failed to decode response body, invalid character '<'", KindUnavailable, 200},
		{"refused connection", sdkPrefix + sdkAttempts + sdkResponse + "0, RequestID: , " + refusedConnection, KindUnavailable, 0},
		{"unknown host", sdkPrefix + sdkResponse + "0, RequestID: , " + unknownHost, KindUnavailable, 0},
		{"no credentials", sdkPrefix + "get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata", KindAccessDenied, 0},
		{"no region", sdkPrefix + "failed to resolve service endpoint, endpoint rule error, Invalid Configuration: Missing Region", KindMisconfigured, 0},
		{"the SDK's own quota of retries", sdkPrefix + "failed to get rate limit token, retry quota exceeded, 0 available, 5 requested", KindUnavailable, 0},
		{"later generations of the SDK", strings.Replace(sdkPrefix, "signer:", "SignerData:", 1) + sdkResponse + "403" + requestID + "AccessDeniedException: ", KindAccessDenied, 403},

		{"revoked profile version", "Resource(s) " + testsupport.ProfileVersionARN + " have been revoked.", KindRevoked, 0},
		{"revoked certificate", "Certificate(s) have been revoked.", KindRevoked, 0},
		{"revoked both", "Resource(s) " + testsupport.ProfileVersionARN + ", arn:x have been revoked.Certificate(s) have been revoked.", KindRevoked, 0},

		{"a status within the message", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: https response error StatusCode: 503, RequestID: x, InternalServiceErrorException", KindRejected, 400},
		{"an error's name within the message", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: ThrottlingException: AccessDeniedException", KindRejected, 400},
		{"a line break and another error within the message", sdkPrefix + sdkResponse + "400" + requestID + "ValidationException: a\n" + sdkPrefix + sdkResponse + "503", KindRejected, 400},
		{"the call's failure not at the start", "Attribute x: " + sdkPrefix + sdkResponse + "503" + requestID + "x", KindRejected, 0},
		{"the call's failure on a second line", "Attribute x\n" + sdkPrefix + sdkResponse + "503" + requestID + "x", KindRejected, 0},
		{"a call of something else", "GetRevocationStatus call failed with error: operation error s3: GetObject, " + sdkResponse + "503" + requestID + "x", KindRejected, 0},
		{"an error that is not the SDK's", "GetRevocationStatus call failed with error: " + sdkResponse + "503" + requestID + "x", KindRejected, 0},
		{"an unknown error of the SDK", sdkPrefix + "something new, " + sdkResponse + "503" + requestID + "x", KindRejected, 0},
		{"no status", sdkPrefix + sdkResponse + "many" + requestID + "x", KindRejected, 0},
		{"revoked not at the start", "x Resource(s) arn:x have been revoked.", KindRejected, 0},
		{"nothing", "", KindRejected, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			fault := revocationFault(test.reason)

			if fault.Kind != test.kind || fault.Status != test.status {
				t.Errorf("got %s %d, want %s %d", fault.Kind, fault.Status, test.kind, test.status)
			}
			if fault.Detail != printable(sdkCauseFirst(test.reason)) {
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
		kind Kind
	}{
		{"over its limit", errPluginLimit, KindUnavailable},
		{"access denied", refusal(proto.ErrorCodeAccessDenied, "x"), KindAccessDenied},
		{"throttled", refusal(proto.ErrorCodeThrottled, "x"), KindUnavailable},
		{"timeout", refusal(proto.ErrorCodeTimeout, "x"), KindUnavailable},
		{"contract version", refusal(proto.ErrorCodeUnsupportedContractVersion, "x"), KindMisconfigured},
		{"validation", refusal(proto.ErrorCodeValidation, "unable to parse attribute"), KindRejected},
		{"generic", refusal(proto.ErrorCodeGeneric, "x"), KindRejected},
		{"generic, about the AWS profile", refusal(proto.ErrorCodeGeneric, "failed to get shared config profile, nobody"), KindMisconfigured},
		{"generic, about a profile but not at the start", refusal(proto.ErrorCodeGeneric, "x failed to get shared config profile"), KindRejected},
		{"crashed", &notationplugin.PluginExecutableFileError{InnerError: errors.New("exit status 2")}, KindMisconfigured},
		{"no JSON", &notationplugin.PluginMalformedError{InnerError: errors.New("invalid character")}, KindMisconfigured},
		{"unknown", errors.New("x"), KindRejected},
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

	if fault := pluginFault(ctx, ctx.Err()); fault.Kind != KindDeadline {
		t.Errorf("got %s", fault.Kind)
	}
}

func TestAQuestionToSignerThatGotNoAnswerBeginsWithItsCause(t *testing.T) {
	reason := sdkPrefix + sdkResponse + `0, RequestID: , request send failed, Get "https://data-signer.eu-west-1.amazonaws.com/revocations?jobArn=` +
		strings.Repeat("a", 400) + `": dial tcp: lookup data-signer.eu-west-1.amazonaws.com: no such host`

	fault := revocationFault(reason)

	if fault.Kind != KindUnavailable || !strings.HasPrefix(fault.Detail, "dial tcp: lookup data-signer.eu-west-1.amazonaws.com: no such host (Get https://") {
		t.Errorf("%s %s", fault.Kind, fault.Detail)
	}
	if len([]rune(fault.Detail)) > maxCause {
		t.Errorf("%d characters", len([]rune(fault.Detail)))
	}
}
