package protocol

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/opencontainers/go-digest"
)

// maxRequestBytes limits one line of a request.
const maxRequestBytes = 1 << 20

// Serve answers requests until its input ends. Requests run in parallel and are answered once each, in any order. It
// calls idle each time all requests read so far are answered.
func Serve(ctx context.Context, stdin io.Reader, out *Lines, stderr io.Writer, answer Answer, idle func()) error {
	// When the input ends, no one waits for the remaining answers.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	input := make(chan []byte)
	scanned := make(chan error, 1)
	go func() {
		defer close(input)
		scanner := bufio.NewScanner(stdin)
		scanner.Buffer(make([]byte, 0, 64<<10), maxRequestBytes)
		for scanner.Scan() {
			select {
			case input <- append([]byte(nil), scanner.Bytes()...):
			case <-ctx.Done():
				return
			}
		}
		scanned <- scanner.Err()
	}()
	var unanswered atomic.Int64
	var awaiting memories
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, open := <-input:
			if !open {
				select {
				case err := <-scanned:
					return err
				default:
					return nil
				}
			}
			request, err := parseRequest(line)
			if err != nil && request.ID != "" {
				out.Write(refuseRequest(request))
				continue
			}
			if err != nil {
				// The request has no ID to answer to, and the line itself may contain credentials.
				fmt.Fprintln(stderr, "notation-verifier: a line of the input is not a request")
				continue
			}
			if request.isMemory() {
				awaiting.deliver(request)
				continue
			}
			remembered := awaiting.expect(request)
			unanswered.Add(1)
			go func() {
				out.Write(answer(ctx, request, remembered))
				awaiting.forget(request)
				if unanswered.Add(-1) == 0 {
					idle()
				}
			}()
		}
	}
}

// Answer answers one request. What the request awaits comes by the channel; it is nil if the request awaits nothing.
type Answer func(ctx context.Context, request Request, remembered <-chan []digest.Digest) Result

// parseRequest reads as much of a request as it can: the decoder continues after a field of the wrong type.
func parseRequest(line []byte) (Request, error) {
	var request Request
	err := json.Unmarshal(line, &request)
	return request, err
}

func refuseRequest(request Request) Result {
	return Result{
		ID:         request.ID,
		Reference:  request.Reference,
		Outcome:    OutcomeFailed,
		Signatures: []SignatureFact{},
		Error:      &Fault{Stage: StageRequest, Kind: KindMisconfigured, Detail: "the request has a field of the wrong type"},
	}
}
