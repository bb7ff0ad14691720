package protocol

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// session is a running serve: requests go in as lines, answers come out.
type session struct {
	t      *testing.T
	in     *io.PipeWriter
	out    *bufio.Scanner
	stderr *buffer
	ended  chan error
}

// buffer can be written to while it is read.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func startServe(t *testing.T, answer Answer) *session {
	t.Helper()
	inReader, inWriter := io.Pipe()
	outReader, outWriter := io.Pipe()
	s := &session{t: t, in: inWriter, out: bufio.NewScanner(outReader), stderr: &buffer{}, ended: make(chan error, 1)}
	go func() {
		s.ended <- Serve(t.Context(), inReader, NewLines(outWriter), s.stderr, answer, func() {})
	}()
	t.Cleanup(func() {
		inWriter.Close()
		outReader.Close()
	})
	return s
}

func (s *session) send(line string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, line+"\n"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) answer() Result {
	s.t.Helper()
	if !s.out.Scan() {
		s.t.Fatalf("no answer: %v", s.out.Err())
	}
	var result Result
	if err := json.Unmarshal(s.out.Bytes(), &result); err != nil {
		s.t.Fatal(err)
	}
	return result
}

func echo(_ context.Context, request Request, _ <-chan []digest.Digest) Result {
	return Result{ID: request.ID, Outcome: OutcomeNoSignatures, Signatures: []SignatureFact{}}
}

func TestRequestsAreAnsweredInTheOrderInWhichTheyAreDone(t *testing.T) {
	release := make(chan struct{})
	s := startServe(t, func(ctx context.Context, request Request, _ <-chan []digest.Digest) Result {
		if request.ID == "slow" {
			<-release
		}
		return echo(ctx, request, nil)
	})

	s.send(`{"id":"slow","deadlineMs":10000}`)
	s.send(`{"id":"fast","deadlineMs":10000}`)
	first := s.answer()
	close(release)
	second := s.answer()

	if first.ID != "fast" || second.ID != "slow" {
		t.Errorf("answered %s, then %s", first.ID, second.ID)
	}
}

func TestManyRequestsAtATimeAreEachAnsweredOnce(t *testing.T) {
	s := startServe(t, echo)
	const count = 200
	go func() {
		for i := range count {
			_, _ = io.WriteString(s.in, string(testsupport.ToJSON(t, Request{ID: strings.Repeat("x", i+1), DeadlineMs: 10_000}))+"\n")
		}
	}()

	seen := map[string]bool{}
	for range count {
		seen[s.answer().ID] = true
	}

	if len(seen) != count {
		t.Errorf("%d requests were answered", len(seen))
	}
}

func TestALineThatIsNoRequestDoesNoHarm(t *testing.T) {
	for _, line := range []string{"hello", "", "{", `{"id":1}`, `["id"]`, `{"credentials":{"password":"secret"}`, "\x00"} {
		s := startServe(t, echo)

		s.send(line)
		s.send(`{"id":"next","deadlineMs":10000}`)

		if got := s.answer().ID; got != "next" {
			t.Errorf("after %q came the answer %q", line, got)
		}
		if text := s.stderr.String(); !strings.Contains(text, "not a request") || strings.Contains(text, "secret") {
			t.Errorf("after %q: %q", line, text)
		}
	}
}

func TestARequestWithAFieldOfTheWrongTypeIsAnswered(t *testing.T) {
	s := startServe(t, echo)

	s.send(`{"deadlineMs":1.5,"reference":"r/a:v1","id":"a"}`)

	result := s.answer()
	if result.ID != "a" || result.Error == nil || result.Error.Stage != StageRequest || result.Error.Kind != KindMisconfigured {
		t.Errorf("answered %+v, %+v", result, result.Error)
	}
}

func TestALongLineIsReadUpToItsLimit(t *testing.T) {
	s := startServe(t, echo)
	long := strings.Repeat("x", maxRequestBytes/2)

	s.send(`{"id":"` + long + `","deadlineMs":10000}`)
	if !s.out.Scan() && !errors.Is(s.out.Err(), bufio.ErrTooLong) {
		t.Fatal(s.out.Err())
	}
}

func TestALineOverItsLimitEndsTheProcess(t *testing.T) {
	s := startServe(t, echo)

	go func() { _, _ = s.in.Write(bytes.Repeat([]byte("x"), 2*maxRequestBytes)) }()

	if err := <-s.ended; !errors.Is(err, bufio.ErrTooLong) {
		t.Errorf("got %v", err)
	}
}

func TestServeIsIdleOnceAllIsAnswered(t *testing.T) {
	release := make(chan struct{})
	idle := make(chan int, 10)
	inReader, in := io.Pipe()
	out := &buffer{}
	answered := func() int { return strings.Count(out.String(), "\n") }
	answer := func(ctx context.Context, request Request, _ <-chan []digest.Digest) Result {
		if request.ID == "slow" {
			<-release
		}
		return echo(ctx, request, nil)
	}
	go Serve(t.Context(), inReader, NewLines(out), io.Discard, answer, func() { idle <- answered() })
	defer in.Close()

	_, _ = io.WriteString(in, `{"id":"slow","deadlineMs":10000}`+"\n"+`{"id":"fast","deadlineMs":10000}`+"\n")
	testsupport.Eventually(t, "the first answer", func() bool { return answered() == 1 })
	close(release)

	if got := <-idle; got != 2 {
		t.Errorf("idle after %d answers", got)
	}
	_, _ = io.WriteString(in, `{"id":"next","deadlineMs":10000}`+"\n")
	if got := <-idle; got != 3 {
		t.Errorf("idle after %d answers", got)
	}
}

func TestServeEndsWithItsInput(t *testing.T) {
	cancelled := make(chan struct{})
	s := startServe(t, func(ctx context.Context, request Request, _ <-chan []digest.Digest) Result {
		<-ctx.Done()
		close(cancelled)
		return echo(ctx, request, nil)
	})
	s.send(`{"id":"1","deadlineMs":60000}`)

	s.in.Close()

	if err := <-s.ended; err != nil {
		t.Error(err)
	}
	<-cancelled
}

func TestRememberedSignaturesReachTheRequestThatAwaitsThem(t *testing.T) {
	s := startServe(t, func(ctx context.Context, request Request, remembered <-chan []digest.Digest) Result {
		result := Result{ID: request.ID, Signatures: []SignatureFact{}}
		if remembered == nil {
			return result
		}
		for _, one := range <-remembered {
			result.Signatures = append(result.Signatures, SignatureFact{Digest: one.String()})
		}
		return result
	})

	s.send(`{"id":"plain","reference":"r","deadlineMs":1000}`)
	if result := s.answer(); result.ID != "plain" || len(result.Signatures) != 0 {
		t.Errorf("%+v", result)
	}
	s.send(`{"id":"unknown","remembered":["sha256:0"]}`)
	s.send(`{"id":"a","reference":"r","deadlineMs":1000,"awaitsRemembered":true}`)
	s.send(`{"id":"b","reference":"r","deadlineMs":1000,"awaitsRemembered":true}`)
	s.send(`{"id":"b","remembered":[]}`)
	if result := s.answer(); result.ID != "b" || len(result.Signatures) != 0 {
		t.Errorf("%+v", result)
	}
	s.send(`{"id":"a","remembered":["sha256:1","sha256:2"]}`)
	s.send(`{"id":"a","remembered":["sha256:3"]}`)
	if result := s.answer(); result.ID != "a" || len(result.Signatures) != 2 || result.Signatures[1].Digest != "sha256:2" {
		t.Errorf("%+v", result)
	}
}
