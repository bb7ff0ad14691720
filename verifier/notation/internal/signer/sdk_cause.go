package signer

import (
	"fmt"
	"regexp"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// sendFailed is the AWS SDK's error when it got no response: the operation, then the cause.
var sendFailed = regexp.MustCompile(`^(.*)request send failed, (\w+) "([^"?]*)[^"]*": (.*)$`)

// sdkCauseFirst does the same for a text of the AWS SDK.
func sdkCauseFirst(text string) string {
	parts := sendFailed.FindStringSubmatch(text)
	if parts == nil {
		return text
	}
	return protocol.Shorten(fmt.Sprintf("%s (%s %s; %s)", parts[4], parts[2], parts[3], parts[1]))
}
