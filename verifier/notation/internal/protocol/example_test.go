package protocol_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/opencontainers/go-digest"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// One line in, one line out, as the process at the other end of the pipe sees it.
func ExampleServe() {
	in, requests := io.Pipe()
	go fmt.Fprintln(requests, `{"id":"1","reference":"registry.example/team/app:v1","deadlineMs":1000}`)
	answer := func(_ context.Context, request protocol.Request, _ <-chan []digest.Digest) protocol.Result {
		return protocol.Result{
			ID:         request.ID,
			Reference:  request.Reference,
			Outcome:    protocol.OutcomeNoSignatures,
			Signatures: []protocol.SignatureFact{},
			Pages:      1,
		}
	}
	// When all requests are answered, the other end closes the pipe, and serving ends.
	idle := func() { requests.Close() }

	_ = protocol.Serve(context.Background(), in, protocol.NewLines(os.Stdout), os.Stderr, answer, idle)
	// Output: {"id":"1","reference":"registry.example/team/app:v1","outcome":"no-signatures","signatures":[],"pages":1}
}

// Text from a signer cannot add a line to a log.
func ExamplePrintable() {
	fmt.Println(protocol.Printable("CN=release\nlevel=info msg=trusted"))
	// Output: CN=release\nlevel=info msg=trusted
}
