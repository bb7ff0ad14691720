package verification

import (
	"context"
	"testing"
	"time"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

func TestTheDeadlineIsAnsweredEvenIfTheWorkHangs(t *testing.T) {
	hangs := make(chan struct{})
	defer close(hangs)
	hang := func(context.Context, protocol.Request, *progress) protocol.Result { <-hangs; return protocol.Result{} }
	started := time.Now()

	result := answerInTime(t.Context(), protocol.Request{ID: "1", Reference: "r", DeadlineMs: 50}, hang)

	if result.ID != "1" || result.Reference != "r" || result.Outcome != protocol.OutcomeFailed || result.Error.Kind != protocol.KindDeadline || result.Signatures == nil {
		t.Errorf("%+v %+v", result, result.Error)
	}
	if took := time.Since(started); took < 50*time.Millisecond || took > 50*time.Millisecond+answerGrace+time.Second {
		t.Errorf("answered after %s", took)
	}
}

func TestTheAnswerAtTheDeadlineKeepsWhatIsKnown(t *testing.T) {
	hangs := make(chan struct{})
	defer close(hangs)
	hang := func(_ context.Context, _ protocol.Request, progress *progress) protocol.Result {
		progress.note(func(result *protocol.Result) { result.Digest, result.Pages = "sha256:1", 2 })
		progress.expect(3)
		progress.add(0, refusedSignature(protocol.Refuse(protocol.CheckTrustStore, "no")))
		progress.add(2, &examined{fact: protocol.SignatureFact{Job: "job"}, question: &question{}})
		<-hangs
		return protocol.Result{}
	}

	result := answerInTime(t.Context(), protocol.Request{ID: "1", Reference: "r", DeadlineMs: 50}, hang)

	if result.Digest != "sha256:1" || result.Pages != 2 || len(result.Signatures) != 2 || result.Error.Kind != protocol.KindDeadline {
		t.Fatalf("%+v", result)
	}
	first, second := result.Signatures[0], result.Signatures[1]
	if first.Check != protocol.CheckTrustStore || second.Check != protocol.CheckRevocation || second.Fault.Kind != protocol.KindDeadline || second.Job != "job" {
		t.Errorf("%+v %+v", first, second)
	}
}
