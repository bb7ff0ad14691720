package registry

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

func TestAFaultOfTheNetworkBeginsWithItsCause(t *testing.T) {
	long := "https://registry.example/v2/" + strings.Repeat("a", 400)
	refused := &url.Error{Op: "Get", URL: long, Err: errors.New("dial tcp 127.0.0.1:1: connect: connection refused")}

	detail := Explain(t.Context(), fmt.Errorf("list: %w", refused)).Detail

	if !strings.HasPrefix(detail, "dial tcp 127.0.0.1:1: connect: connection refused (Get https://registry.example/") || len([]rune(detail)) > protocol.MaxCause {
		t.Errorf("%s", detail)
	}
}
