package verification

import (
	"context"
	"time"

	"github.com/opencontainers/go-digest"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// answerGrace is the maximum time after its deadline until a request is answered, whatever its work still does.
const answerGrace = 250 * time.Millisecond

// verifyFunc answers a request; its results so far are always in progress.
type verifyFunc func(ctx context.Context, request protocol.Request, progress *progress) protocol.Result

// Answer verifies one image, and answers in time even if the work hangs. Remembered signatures that the request awaits
// come by the channel.
func (v *Verifier) Answer(ctx context.Context, request protocol.Request, remembered <-chan []digest.Digest) protocol.Result {
	return answerInTime(ctx, request, func(ctx context.Context, request protocol.Request, progress *progress) protocol.Result {
		return v.verify(ctx, request, remembered, progress)
	})
}

// answerInTime returns the answer of verify or, at the deadline, the results so far.
func answerInTime(ctx context.Context, request protocol.Request, verify verifyFunc) protocol.Result {
	progress := newProgress(request)
	results := make(chan protocol.Result, 1)
	go func() { results <- verify(ctx, request, progress) }()
	timer := time.NewTimer(time.Duration(max(request.DeadlineMs, 0))*time.Millisecond + answerGrace)
	defer timer.Stop()
	select {
	case result := <-results:
		return result
	case <-timer.C:
		return progress.Failed(protocol.StageVerify, &protocol.Fault{Kind: protocol.KindDeadline, Detail: "the deadline passed before the verification ended"})
	}
}
