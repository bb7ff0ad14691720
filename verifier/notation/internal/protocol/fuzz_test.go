package protocol

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/opencontainers/go-digest"
)

// Whatever stands in the lines of the input, each answer is for a request that was read, the process goes on to the end
// of its input, and nothing of a line is repeated on standard error: it may contain credentials.
func FuzzServe(f *testing.F) {
	f.Fuzz(func(t *testing.T, input []byte) {
		var stdout buffer
		var stderr bytes.Buffer
		answer := func(_ context.Context, request Request, _ <-chan []digest.Digest) Result {
			return Result{ID: request.ID, Reference: Printable(request.Reference), Outcome: OutcomeNoSignatures, Signatures: []SignatureFact{}}
		}

		err := Serve(t.Context(), bytes.NewReader(input), NewLines(&stdout), &stderr, answer, func() {})

		if err != nil && !errors.Is(err, bufio.ErrTooLong) {
			t.Fatal(err)
		}
		asked := map[string]bool{}
		for line := range bytes.SplitSeq(input, []byte("\n")) {
			request, _ := parseRequest(line)
			asked[printed(t, request.ID)] = true
		}
		for line := range strings.Lines(stdout.String()) {
			var result Result
			if err := json.Unmarshal([]byte(line), &result); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if !asked[result.ID] {
				t.Errorf("an answer for %q, which nobody asked for", result.ID)
			}
		}
		for line := range strings.Lines(stderr.String()) {
			if line != "notation-verifier: a line of the input is not a request\n" {
				t.Errorf("standard error has %q", line)
			}
		}
	})
}

// printed is a text as it arrives by way of JSON, which has no bytes that are not UTF-8.
func printed(t *testing.T, text string) string {
	t.Helper()
	line, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	var arrived string
	if err := json.Unmarshal(line, &arrived); err != nil {
		t.Fatal(err)
	}
	return arrived
}

// A printable text is one line for a log or a terminal, of limited length, and making it so again changes nothing.
func FuzzPrintable(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		safe := Printable(text)
		for _, r := range safe {
			if !unicode.IsPrint(r) {
				t.Errorf("%q has %q", safe, r)
			}
		}
		// The last character may be the longest escape, and the ellipsis follows it.
		if longest := maxDetail + len(`\U0010ffff`) + len("…"); len(safe) > longest {
			t.Errorf("%d bytes", len(safe))
		}
		if len(safe) <= maxDetail && Printable(safe) != safe {
			t.Errorf("%q became %q", safe, Printable(safe))
		}
	})
}
