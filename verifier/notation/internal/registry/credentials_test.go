package registry

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

var credentials = &protocol.Credentials{Username: "AWS", Password: "token"}

func TestCredentialsStayWithTheirRegistry(t *testing.T) {
	content := []byte("{}")
	blob := testsupport.Describe("application/jose+json", content)
	served := testsupport.Contents{}
	served.Add("", content)
	other := testsupport.StartRegistry(t, served.Serve)
	asksToo := testsupport.StartRegistry(t, testsupport.AskBasic(served.Serve))
	asksForToken := testsupport.StartRegistry(t, func(w http.ResponseWriter, _ *http.Request) {
		testsupport.Challenge(w, `Bearer realm="http://`+other.Host+`/token",service="x"`)
	})
	redirectTo := func(target string) http.HandlerFunc {
		return testsupport.AskBasic(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, target+r.URL.Path, http.StatusTemporaryRedirect)
		})
	}
	onOtherName := strings.Replace(other.Host, "127.0.0.1", "localhost", 1)

	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"redirect to another port", redirectTo("http://" + other.Host)},
		{"redirect to another name of this host", redirectTo("http://" + onOtherName)},
		{"redirect to a server that asks for credentials", redirectTo("http://" + asksToo.Host)},
		{"redirect to a server that sends for a token", redirectTo("http://" + asksForToken.Host)},
		{"redirect with a user in the URL", redirectTo("http://AWS:guess@" + other.Host)},
		{"realm on another port", func(w http.ResponseWriter, _ *http.Request) {
			testsupport.Challenge(w, `Bearer realm="http://`+other.Host+`/token",service="x"`)
		}},
		{"realm on another name", func(w http.ResponseWriter, _ *http.Request) {
			testsupport.Challenge(w, `Bearer realm="http://`+onOtherName+`/token",service="x"`)
		}},
		{"realm of another scheme", func(w http.ResponseWriter, r *http.Request) {
			testsupport.Challenge(w, `Bearer realm="https://`+other.Host+`/token",service="x"`)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			registry := testsupport.StartRegistry(t, test.handler)

			// Some of the baits fail for good; what counts is what has been sent until then.
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()

			_, _ = fetchBounded(ctx, repositoryOf(registry, credentials).Blobs(), blob, 100)

			for _, stranger := range []*testsupport.Registry{other, asksToo, asksForToken} {
				if told := stranger.Authorizations(); len(told) > 0 {
					t.Errorf("a stranger was told %v", told)
				}
			}
		})
	}
}

func TestALinkToAnotherHostIsNotFollowed(t *testing.T) {
	other := testsupport.StartRegistry(t, testsupport.AskBasic(func(w http.ResponseWriter, _ *http.Request) { testsupport.WritePage(w, "", nil) }))
	registry := testsupport.StartRegistry(t, testsupport.AskBasic(func(w http.ResponseWriter, r *http.Request) {
		testsupport.WritePage(w, "http://"+other.Host+r.URL.Path, nil)
	}))

	_, err := NewLists().Read(t.Context(), repositoryOf(registry, credentials), testsupport.Image.Digest, 1, func() {})

	if got := other.Count("/"); got > 0 {
		t.Errorf("the other host was asked %d times", got)
	}
	if fault := Explain(t.Context(), err); fault.Kind != protocol.KindRejected {
		t.Errorf("%+v", fault)
	}
}

func TestTheRegistryItselfGetsTheCredentials(t *testing.T) {
	served := testsupport.Contents{}
	blob := served.Add("application/jose+json", []byte("{}"))
	registry := testsupport.StartRegistry(t, testsupport.AskBasic(served.Serve))

	got, err := fetchBounded(t.Context(), repositoryOf(registry, credentials).Blobs(), blob, 100)

	if err != nil || string(got) != "{}" {
		t.Errorf("%q %v", got, err)
	}
}

// roundTrip is a transport that a function stands in for.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

func answerWith(status int) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: io.NopCloser(strings.NewReader("")), Header: http.Header{}}
}

func TestAuthorizationIsBoundToSchemeAndHost(t *testing.T) {
	const registry, tokens = "registry.example", "tokens.example"
	for _, test := range []struct {
		target     string
		redirected bool
		want       string
	}{
		{"https://registry.example/v2/", false, testsupport.BasicHeader},
		{"https://registry.example/v2/", true, testsupport.BasicHeader},
		{"https://tokens.example/token", false, testsupport.BasicHeader},
		{"https://tokens.example/token", true, ""},
		{"http://registry.example/v2/", true, ""},
		{"https://registry.example:8443/v2/", true, ""},
		{"https://registry.example.evil/v2/", true, ""},
		{"https://evil/registry.example", true, ""},
		{"http://registry.example/token", false, "refused"},
		{"http://tokens.example/token", false, "refused"},
		{"ftp://tokens.example/token", false, "refused"},
		{"https://evil/token", false, "refused"},
		{"https://tokens.example:8443/token", false, "refused"},
	} {
		sent := "refused"
		transport := &boundTransport{scheme: "https", host: registry, login: protocol.Credentials{TokenServer: tokens}, base: roundTrip(func(request *http.Request) (*http.Response, error) {
			sent = request.Header.Get("Authorization")
			return answerWith(200), nil
		})}
		request := testsupport.NewRequest(t, test.target)
		request.Header.Set("Authorization", testsupport.BasicHeader)
		if test.redirected {
			request.Response = answerWith(307)
		}

		_, err := transport.RoundTrip(request)

		if sent != test.want || errors.As(err, new(*foreignRealmError)) != (test.want == "refused") {
			t.Errorf("%s, redirected %t, was sent %q: %v", test.target, test.redirected, sent, err)
		}
		if request.Header.Get("Authorization") != testsupport.BasicHeader {
			t.Error("the caller's request was changed")
		}
	}
}

func TestWithoutATokenServerNoneGetsTheLogin(t *testing.T) {
	transport := &boundTransport{scheme: "https", host: "registry.example", base: roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("it was sent")
		return answerWith(200), nil
	})}
	request := testsupport.NewRequest(t, "https:///token")
	request.Header.Set("Authorization", testsupport.BasicHeader)

	if _, err := transport.RoundTrip(request); err == nil {
		t.Error("it was not refused")
	}
}

func TestARefusalOfTheTokenServerSaysNothingAboutTheImage(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404} {
		server := httptest.NewServer(nil)
		defer server.Close()
		host := strings.TrimPrefix(server.URL, "http://")
		server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				w.WriteHeader(status)
				return
			}
			w.Header().Set("Www-Authenticate", `Bearer realm="http://`+host+`/token",service="x"`)
			w.WriteHeader(http.StatusUnauthorized)
		})
		reference, err := ociregistry.ParseReference(host + "/team/app:v1")
		if err != nil {
			t.Fatal(err)
		}

		_, err = NewClients(true).Repository(reference, nil).Manifests().Resolve(t.Context(), "v1")

		if fault := Explain(t.Context(), err); fault.Kind != protocol.KindAccessDenied || fault.Status != status {
			t.Errorf("%d is %+v", status, fault)
		}
	}
}
