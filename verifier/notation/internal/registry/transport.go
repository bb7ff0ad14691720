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
	// callLimit is the time limit of one call to the registry, including the body of its response.
	callLimit = 10 * time.Second
	// maxRetries is the number of retries after a network or server fault.
	maxRetries = 4
	// maxRedirects is the number of redirects that are followed; ECR needs one, to the storage of its blobs.
	maxRedirects = 5
)

var (
	errCallLimit    = fmt.Errorf("the registry did not answer within %s", callLimit)
	errBodyCut      = errors.New("the connection failed before the answer was complete")
	errDowngrade    = errors.New("refused a redirect from HTTPS to HTTP")
	errRedirectLoop = fmt.Errorf("refused more than %d redirects", maxRedirects)
)

// newBaseTransport creates what all registries share: one pool of connections. The proxy settings are those at
// start-up; on Lambda the caller passes no proxy variables.
func newBaseTransport() *http.Transport {
	proxy := httpproxy.FromEnvironment().ProxyFunc()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = func(request *http.Request) (*url.URL, error) { return proxy(request.URL) }
	transport.MaxIdleConnsPerHost = 16
	transport.MaxResponseHeaderBytes = 64 << 10
	return transport
}

// newHTTPClient creates the client for one registry and the token server of its login, on top of the shared transport.
func newHTTPClient(base http.RoundTripper, scheme, host string, login protocol.Credentials) *http.Client {
	policy := &retry.GenericPolicy{
		Retryable: isRetryable,
		Backoff:   retry.DefaultBackoff,
		MinWait:   100 * time.Millisecond,
		MaxWait:   3 * time.Second,
		MaxRetry:  maxRetries,
	}
	return &http.Client{
		Transport: &boundTransport{scheme: scheme, host: host, login: login, base: storageTransport{&retry.Transport{
			Base:   &limitedTransport{base: base, limit: callLimit},
			Policy: func() retry.Policy { return policy },
		}}},
		CheckRedirect: checkRedirect,
	}
}

// isRetryable selects the failures for which a retry may help; every request here is a read.
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

// limitedTransport limits the time of each call and records its failure, to explain a deadline.
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

// limitedBody ends the call's time with the body, and separates a failed connection from wrong contents.
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
		// Whatever the error is called in HTTP/1, HTTP/2 or TLS.
		err = fmt.Errorf("%w: %w", errBodyCut, err)
	}
	return n, err
}

func (b *limitedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
