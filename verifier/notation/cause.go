package main

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
)

// maxCause bounds the explanation of a fault of the network, in characters.
const maxCause = 300

// causeFirst is the text of an error. That of a call that failed begins with the cause, and not with the URL, which can be
// so long that the cause is never seen.
func causeFirst(err error) string {
	var call *url.Error
	if !errors.As(err, &call) {
		return err.Error()
	}
	return shorten(fmt.Sprintf("%v (%s %s)", call.Err, call.Op, call.URL))
}

// sendFailed is how the AWS SDK says that it got no answer: what it was about, then the cause.
var sendFailed = regexp.MustCompile(`^(.*)request send failed, (\w+) "([^"?]*)[^"]*": (.*)$`)

// sdkCauseFirst does the same for a text of the AWS SDK.
func sdkCauseFirst(text string) string {
	parts := sendFailed.FindStringSubmatch(text)
	if parts == nil {
		return text
	}
	return shorten(fmt.Sprintf("%s (%s %s; %s)", parts[4], parts[2], parts[3], parts[1]))
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > maxCause {
		return string(runes[:maxCause-3]) + "..."
	}
	return text
}
