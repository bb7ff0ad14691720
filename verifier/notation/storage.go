package main

import (
	"fmt"
	"net/http"
)

// storageError is the refusal of a server that the registry has redirected us to.
type storageError struct {
	host   string
	status int
}

func (e *storageError) Error() string {
	return fmt.Sprintf("the storage %q, to which the registry redirects, answers %d %s", e.host, e.status, http.StatusText(e.status))
}

// storageTransport tells the answers of a registry from those of the storage that it redirects to: a refusal there is
// nothing that a login could change.
type storageTransport struct{ base http.RoundTripper }

func (t storageTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.base.RoundTrip(request)
	// The client sets Response on a request that follows a redirect.
	if err != nil || request.Response == nil || response.StatusCode < 400 || isUnavailable(response.StatusCode) {
		return response, err
	}
	response.Body.Close()
	return nil, &storageError{host: request.URL.Host, status: response.StatusCode}
}
