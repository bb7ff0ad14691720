package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestAFaultOfTheNetworkBeginsWithItsCause(t *testing.T) {
	long := "https://registry.example/v2/" + strings.Repeat("a", 400)
	refused := &url.Error{Op: "Get", URL: long, Err: errors.New("dial tcp 127.0.0.1:1: connect: connection refused")}

	detail := registryFault(t.Context(), fmt.Errorf("list: %w", refused)).Detail

	if !strings.HasPrefix(detail, "dial tcp 127.0.0.1:1: connect: connection refused (Get https://registry.example/") || len([]rune(detail)) > maxCause {
		t.Errorf("%s", detail)
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
