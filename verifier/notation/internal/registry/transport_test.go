package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	at := func(target string) *http.Request { return testsupport.NewRequest(t, target) }
	loop := make([]*http.Request, maxRedirects+1)
	for i := range loop {
		loop[i] = at("https://a/")
	}
	if err := checkRedirect(at("http://b/"), []*http.Request{at("https://a/")}); !errors.Is(err, errDowngrade) {
		t.Errorf("downgrade: %v", err)
	}
	if err := checkRedirect(at("https://a/"), loop); !errors.Is(err, errRedirectLoop) {
		t.Errorf("loop: %v", err)
	}
	if err := checkRedirect(at("https://b/"), loop[:1]); err != nil {
		t.Errorf("to another host: %v", err)
	}
}

func TestCallsAreRepeatedAfterFaultsThatPass(t *testing.T) {
	for _, test := range []struct {
		name   string
		first  http.HandlerFunc
		wanted int
	}{
		{"429", testsupport.StatusOnly(429), 2}, {"408", testsupport.StatusOnly(408), 2}, {"500", testsupport.StatusOnly(500), 2}, {"503", testsupport.StatusOnly(503), 2},
		{"connection cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 2},
		{"403", testsupport.StatusOnly(403), 1}, {"404", testsupport.StatusOnly(404), 1}, {"400", testsupport.StatusOnly(400), 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
				if calls++; calls == 1 {
					test.first(w, r)
				}
			})
			client := newHTTPClient(newBaseTransport(), "http", registry.Host, protocol.Credentials{})

			response, err := client.Do(testsupport.NewRequest(t, "http://"+registry.Host+"/"))

			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := registry.Count("/"); got != test.wanted {
				t.Errorf("%d calls, want %d", got, test.wanted)
			}
		})
	}
}

func TestAFaultThatStaysIsReportedAfterTheLastRetry(t *testing.T) {
	t.Parallel()
	calls := 0
	policy := newHTTPClient(roundTrip(func(*http.Request) (*http.Response, error) {
		calls++
		return nil, errors.New("no route")
	}), "http", "registry.example", protocol.Credentials{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()

	_, err := policy.Do(testsupport.NewRequest(t, "http://registry.example/").WithContext(ctx))

	if fault := Explain(ctx, err); fault.Kind != protocol.KindUnavailable || calls != maxRetries+1 {
		t.Errorf("%+v after %d calls", fault, calls)
	}
}

func TestACallIsBoundedInTime(t *testing.T) {
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"no answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"a body that trickles", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				fmt.Fprint(w, " ")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			registry := testsupport.StartRegistry(t, test.handler)
			client := &http.Client{Transport: &limitedTransport{base: newBaseTransport(), limit: 100 * time.Millisecond}}

			response, err := client.Do(testsupport.NewRequest(t, "http://"+registry.Host+"/"))
			if err == nil {
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}

			if !errors.Is(err, errCallLimit) {
				t.Errorf("got %v", err)
			}
			if fault := Explain(t.Context(), err); fault.Kind != protocol.KindUnavailable {
				t.Errorf("%+v", fault)
			}
		})
	}
}

func TestAConnectionThatFailsWithinABodyIsNotAWrongBody(t *testing.T) {
	cut := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{"))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("HTTP/2 %t", http2), func(t *testing.T) {
			server := httptest.NewUnstartedServer(cut)
			server.EnableHTTP2 = http2
			server.StartTLS()
			t.Cleanup(server.Close)
			client := &http.Client{Transport: &limitedTransport{base: server.Client().Transport, limit: time.Second}}
			response, err := client.Do(testsupport.NewRequest(t, server.URL))
			if err != nil {
				t.Fatal(err)
			}

			_, err = io.Copy(io.Discard, response.Body)
			response.Body.Close()

			if response.ProtoMajor == 2 != http2 {
				t.Fatalf("spoke %s", response.Proto)
			}
			if fault := Explain(t.Context(), err); fault.Kind != protocol.KindUnavailable {
				t.Errorf("%+v", fault)
			}
		})
	}
}

func TestTheDeadlineTellsARegistryThatFailsFromOneThatIsSlow(t *testing.T) {
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		want    protocol.Fault
	}{
		{"slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, protocol.Fault{Kind: protocol.KindDeadline}},
		{"throttling", testsupport.StatusOnly(429), protocol.Fault{Kind: protocol.KindUnavailable, Status: 429}},
	} {
		t.Run(test.name, func(t *testing.T) {
			registry := testsupport.StartRegistry(t, test.handler)
			ctx, cancel := context.WithTimeout(WithLastFailure(t.Context()), 300*time.Millisecond)
			defer cancel()

			_, err := repositoryOf(registry, nil).Resolve(ctx, "v1")

			fault := Explain(ctx, err)
			if fault.Kind != test.want.Kind || fault.Status != test.want.Status {
				t.Errorf("%+v, want %+v", fault, test.want)
			}
		})
	}
}

func TestErrorsOfTheRegistryBecomeFaults(t *testing.T) {
	for status, kind := range map[int]protocol.Kind{
		400: protocol.KindRejected, 401: protocol.KindAccessDenied, 403: protocol.KindAccessDenied, 404: protocol.KindNotFound, 405: protocol.KindRejected, 418: protocol.KindRejected,
		408: protocol.KindUnavailable, 429: protocol.KindUnavailable, 500: protocol.KindUnavailable, 502: protocol.KindUnavailable, 503: protocol.KindUnavailable, 504: protocol.KindUnavailable,
	} {
		if got := protocol.KindOfStatus(status); got != kind {
			t.Errorf("%d: %s, want %s", status, got, kind)
		}
	}
	refused := &url.Error{Op: "Get", URL: "http://x", Err: errors.New("connect: connection refused")}
	if got := Explain(t.Context(), fmt.Errorf("list: %w", refused)).Kind; got != protocol.KindUnavailable {
		t.Errorf("refused connection: %s", got)
	}
	if got := Explain(t.Context(), errors.New("unavailable, connection refused, 503")).Kind; got != protocol.KindRejected {
		t.Errorf("an unknown error: %s", got)
	}
}

func TestClientsAreKeptForTheSameCredentialsOnly(t *testing.T) {
	clients := NewClients(true)
	first := clients.client("a", credentials)

	if clients.client("a", &protocol.Credentials{Username: "AWS", Password: "token"}) != first {
		t.Error("the same credentials made another client")
	}
	if clients.client("a", &protocol.Credentials{Username: "AWS", Password: "newer"}) == first {
		t.Error("other credentials got the same client")
	}
	for i := range 10 * maxClients {
		clients.client(fmt.Sprint(i), nil)
	}
	if len(clients.clients) > maxClients {
		t.Errorf("%d clients are kept", len(clients.clients))
	}
}

func TestHeadersOfAnAnswerAreBounded(t *testing.T) {
	registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", string(bytes.Repeat([]byte("x"), 1<<20)))
	})

	_, err := (&http.Client{Transport: newBaseTransport()}).Do(testsupport.NewRequest(t, "http://"+registry.Host+"/"))

	if err == nil {
		t.Error("a megabyte of headers was read")
	}
}
