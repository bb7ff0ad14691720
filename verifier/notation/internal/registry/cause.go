package registry

import (
	"errors"
	"fmt"
	"net/url"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// causeFirst is the text of an error. For a failed call it starts with the cause instead of the URL, which can be so
// long that the cause is cut off.
func causeFirst(err error) string {
	var call *url.Error
	if !errors.As(err, &call) {
		return err.Error()
	}
	return protocol.Shorten(fmt.Sprintf("%v (%s %s)", call.Err, call.Op, call.URL))
}
