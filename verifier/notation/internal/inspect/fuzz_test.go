package inspect

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// Everyone who may push to a repository writes what an inspection prints: whatever stands in an envelope, the answer is
// one line of JSON whose texts are safe for a terminal.
func FuzzOpen(f *testing.F) {
	inspector := &Inspector{Now: time.Unix(1_800_000_000, 0), Revocation: func(context.Context, *signature.EnvelopeContent) protocol.Revocation {
		return protocol.UnknownRevocation("not asked here")
	}}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		contents, unreadable := inspector.open(t.Context(), envelope.Raw{MediaType: jws.MediaTypeEnvelope, Bytes: bytes}, testsupport.Image)
		if (contents == nil) == (unreadable == nil) {
			t.Fatalf("contents %+v, unreadable %+v", contents, unreadable)
		}
		line, err := json.Marshal([]any{contents, unreadable})
		if err != nil {
			t.Fatal(err)
		}
		var answer any
		if err := json.Unmarshal(line, &answer); err != nil {
			t.Fatal(err)
		}
		testsupport.WantPrintable(t, answer)
	})
}
