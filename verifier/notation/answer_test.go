package main

import (
	"context"
	"testing"
	"time"
)

func TestTheDeadlineIsAnsweredEvenIfTheWorkHangs(t *testing.T) {
	hangs := make(chan struct{})
	defer close(hangs)
	hang := func(context.Context, Request, *Progress) Result { <-hangs; return Result{} }
	started := time.Now()

	result := answerInTime(t.Context(), Request{ID: "1", Reference: "r", DeadlineMs: 50}, hang)

	if result.ID != "1" || result.Reference != "r" || result.Outcome != OutcomeFailed || result.Error.Kind != KindDeadline || result.Signatures == nil {
		t.Errorf("%+v %+v", result, result.Error)
	}
	if took := time.Since(started); took < 50*time.Millisecond || took > 50*time.Millisecond+answerGrace+time.Second {
		t.Errorf("answered after %s", took)
	}
}

func TestTheAnswerAtTheDeadlineKeepsWhatIsKnown(t *testing.T) {
	hangs := make(chan struct{})
	defer close(hangs)
	hang := func(_ context.Context, _ Request, progress *Progress) Result {
		progress.note(func(result *Result) { result.Digest, result.Pages = "sha256:1", 2 })
		progress.expect(3)
		progress.add(0, refusedSignature(refuse(CheckTrustStore, "no")))
		progress.add(2, &examined{fact: SignatureFact{Job: "job"}, question: &question{}})
		<-hangs
		return Result{}
	}

	result := answerInTime(t.Context(), Request{ID: "1", Reference: "r", DeadlineMs: 50}, hang)

	if result.Digest != "sha256:1" || result.Pages != 2 || len(result.Signatures) != 2 || result.Error.Kind != KindDeadline {
		t.Fatalf("%+v", result)
	}
	first, second := result.Signatures[0], result.Signatures[1]
	if first.Check != CheckTrustStore || second.Check != CheckRevocation || second.Fault.Kind != KindDeadline || second.Job != "job" {
		t.Errorf("%+v %+v", first, second)
	}
}
