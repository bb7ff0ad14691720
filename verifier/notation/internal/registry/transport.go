package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpproxy"
	"oras.land/oras-go/v2/registry/remote/retry"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

const (
	// callLimit bounds one call to the registry, its answer's body included.
	callLimit = 10 * time.Second
	// maxRetries is how often a call is repeated after a fault of the network or of the server.
	maxRetries = 4
	// maxRedirects is how many redirects are followed; ECR needs one, to the storage of its blobs.
	maxRedirects = 5
)

var (
	errCallLimit    = fmt.Errorf("the registry did not answer within %s", callLimit)
	errBodyCut      = errors.New("the connection failed before the answer was complete")
	errDowngrade    = errors.New("refused a redirect from HTTPS to HTTP")
	errRedirectLoop = fmt.Errorf("refused more than %d redirects", maxRedirects)
)

// newBaseTransport makes what all registries share: one pool of connections. The proxy settings are those of the start-up; on
// Lambda the caller lets no variable of a proxy through.
func newBaseTransport() *http.Transport {
	proxy := httpproxy.FromEnvironment().ProxyFunc()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = func(request *http.Request) (*url.URL, error) { return proxy(request.URL) }
	transport.MaxIdleConnsPerHost = 16
	transport.MaxResponseHeaderBytes = 64 << 10
	return transport
}

// newHTTPClient makes the client for one registry, and the server that gives tokens for it, on top of the shared transport.
func newHTTPClient(base http.RoundTripper, scheme, host, tokenServer string) *http.Client {
	policy := &retry.GenericPolicy{
		Retryable: isRetryable,
		Backoff:   retry.DefaultBackoff,
		MinWait:   100 * time.Millisecond,
		MaxWait:   3 * time.Second,
		MaxRetry:  maxRetries,
	}
	return &http.Client{
		Transport: &boundTransport{scheme: scheme, host: host, tokenServer: tokenServer, base: storageTransport{&retry.Transport{
			Base:   &limitedTransport{base: base, limit: callLimit},
			Policy: func() retry.Policy { return policy },
		}}},
		CheckRedirect: checkRedirect,
	}
}

// isRetryable repeats what another try may help; every request here is a read.
func isRetryable(response *http.Response, err error) (bool, error) {
	if err != nil {
		return !errors.As(err, new(*ownAddressError)), nil
	}
	return protocol.IsUnavailable(response.StatusCode), nil
}

func checkRedirect(request *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errRedirectLoop
	}
	if via[len(via)-1].URL.Scheme == "https" && request.URL.Scheme != "https" {
		return errDowngrade
	}
	return nil
}

// boundTransport sends the Authorization header to one registry and its token server only. Redirects, Link headers and the
// realm of a Bearer challenge are chosen by the other side; whatever they point to, the credentials stay where they belong.
type boundTransport struct {
	base                      http.RoundTripper
	scheme, host, tokenServer string
}

// foreignRealmError is a registry that sends us for a token to a server that must not have our login.
type foreignRealmError struct{ host string }

func (e *foreignRealmError) Error() string {
	return fmt.Sprintf("the registry takes logins at %q; if that is right, name it as the registry's tokenServer in the trust document", e.host)
}

func (t *boundTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Header.Get("Authorization") == "" || (request.URL.Scheme == t.scheme && request.URL.Host == t.host) {
		return t.base.RoundTrip(request)
	}
	if request.Response == nil {
		// Not redirected, so it is for a token, which is worth asking for with our login only.
		if request.URL.Scheme != t.scheme || t.tokenServer == "" || request.URL.Host != t.tokenServer {
			return nil, &foreignRealmError{request.URL.Host}
		}
		return t.base.RoundTrip(request)
	}
	request = request.Clone(request.Context())
	request.Header.Del("Authorization")
	return t.base.RoundTrip(request)
}

// limitedTransport bounds the time of each call and notes its failure for the explanation of a deadline.
type limitedTransport struct {
	base  http.RoundTripper
	limit time.Duration
}

func (t *limitedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(request.Context(), t.limit, errCallLimit)
	response, err := t.base.RoundTrip(request.WithContext(ctx))
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, errCallLimit) {
			err = cause
		}
		cancel()
		noteFailure(request.Context(), 0, err)
		return nil, err
	}
	if protocol.IsUnavailable(response.StatusCode) {
		noteFailure(request.Context(), response.StatusCode, fmt.Errorf("%s", response.Status))
	} else {
		noteFailure(request.Context(), 0, nil)
	}
	response.Body = &limitedBody{ReadCloser: response.Body, ctx: ctx, cancel: cancel}
	return response, nil
}

// limitedBody ends the call's time with the body, and tells a connection that failed from contents that are wrong.
type limitedBody struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelFunc
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil || err == io.EOF:
	case errors.Is(context.Cause(b.ctx), errCallLimit):
		err = errCallLimit
	default:
		// Whatever HTTP/1, HTTP/2 or TLS calls it.
		err = fmt.Errorf("%w: %w", errBodyCut, err)
	}
	return n, err
}

func (b *limitedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
