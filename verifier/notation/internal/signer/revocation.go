package signer

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	notationplugin "github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/plugin/proto"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// callFailed is the start of the plugin's reason when the call of GetRevocationStatus failed
// (aws-signer-notation-plugin, internal/verifier). The AWS SDK alone writes what follows, up to the error's name. So
// reading from the start of the reason is safe against text from a signature. The rest is never searched: it contains
// the request's URL or the service's message.
const callFailed = "GetRevocationStatus call failed with error: "

// The errors of the AWS SDK for Go v2, in the order in which they can occur: before the request, or with a response.
// Status 0 is a request without a response.
var (
	sdkError       = regexp.MustCompile(`^operation error [Ss]igner(?: ?[Dd]ata)?: GetRevocationStatus, (?:exceeded maximum number of attempts, \d+, )?`)
	sdkCredentials = regexp.MustCompile(`^get identity: `)
	sdkQuota       = regexp.MustCompile(`^failed to get rate limit token, `)
	sdkEndpoint    = regexp.MustCompile(`^failed to resolve service endpoint, `)
	sdkAnswer      = regexp.MustCompile(`^https response error StatusCode: (\d+), RequestID: [^,]*, (?:api error )?([A-Za-z ]+)`)
	revokedReason  = regexp.MustCompile(`^(Resource\(s\)|Certificate\(s\)) .*have been revoked\.`)
)

// revocationFault returns from the plugin's reason that something is revoked, or why the call failed.
func revocationFault(reason string) *protocol.Fault {
	fault := &protocol.Fault{Kind: protocol.KindRejected, Detail: protocol.Printable(reason)}
	text, failed := strings.CutPrefix(reason, callFailed)
	if !failed {
		if revokedReason.MatchString(reason) {
			fault.Kind = protocol.KindRevoked
		}
		return fault
	}
	sdkFault(fault, text, sdkError)
	fault.Detail = protocol.Printable(sdkCauseFirst(reason))
	return fault
}

// sdkFault reads the kind of a failed call from the AWS SDK's error, which starts as operation says; other text does
// not change the fault.
func sdkFault(fault *protocol.Fault, text string, operation *regexp.Regexp) {
	cause := text[len(operation.FindString(text)):]
	if len(cause) == len(text) {
		return
	}
	switch {
	case sdkCredentials.MatchString(cause):
		fault.Kind = protocol.KindAccessDenied
	case sdkQuota.MatchString(cause):
		fault.Kind = protocol.KindUnavailable
	case sdkEndpoint.MatchString(cause):
		fault.Kind = protocol.KindMisconfigured
	default:
		if answer := sdkAnswer.FindStringSubmatch(cause); answer != nil {
			fault.Status, _ = strconv.Atoi(answer[1])
			fault.Kind = kindOfAnswer(fault.Status, answer[2])
		}
	}
}

// kindOfAnswer checks the error's name first: AWS services answer some throttling and refused credentials with 400.
func kindOfAnswer(status int, name string) protocol.Kind {
	switch name {
	case "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded":
		return protocol.KindUnavailable
	case "AccessDeniedException", "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException",
		"InvalidClientTokenId", "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken":
		return protocol.KindAccessDenied
	}
	switch {
	case status == 0 || protocol.IsUnavailable(status):
		return protocol.KindUnavailable
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return protocol.KindAccessDenied
	case status < 300 && name == "deserialization failed":
		// A server between us and Signer answered instead of Signer.
		return protocol.KindUnavailable
	default:
		return protocol.KindRejected
	}
}

// pluginFault returns why a run of the plugin gave no answer.
func pluginFault(ctx context.Context, err error) *protocol.Fault {
	fault := &protocol.Fault{Kind: protocol.KindRejected, Detail: protocol.Printable(err.Error())}
	var refused proto.RequestError
	var crashed *notationplugin.PluginExecutableFileError
	var malformed *notationplugin.PluginMalformedError
	switch {
	case errors.Is(err, errLimit):
		fault.Kind = protocol.KindUnavailable
	case ctx.Err() != nil:
		fault.Kind = protocol.KindDeadline
		fault.Detail = "the deadline passed while waiting for the Signer plugin's answer"
	case errors.As(err, &refused):
		fault.Kind = kindOfPluginError(refused)
		if strings.HasPrefix(refused.Error(), sharedProfileMissing) {
			fault.Kind = protocol.KindMisconfigured
		}
	case errors.As(err, &crashed), errors.As(err, &malformed):
		fault.Kind = protocol.KindMisconfigured
		fault.Detail = protocol.Printable("the Signer plugin failed: " + err.Error())
	}
	return fault
}

// sharedProfileMissing is the AWS SDK's text for an AWS_PROFILE that is not in the configuration files.
const sharedProfileMissing = "failed to get shared config profile"

// kindOfPluginError reads the error codes of the plugin contract.
func kindOfPluginError(err proto.RequestError) protocol.Kind {
	switch err.Code {
	case proto.ErrorCodeAccessDenied:
		return protocol.KindAccessDenied
	case proto.ErrorCodeThrottled, proto.ErrorCodeTimeout:
		return protocol.KindUnavailable
	case proto.ErrorCodeUnsupportedContractVersion:
		return protocol.KindMisconfigured
	default:
		return protocol.KindRejected
	}
}
