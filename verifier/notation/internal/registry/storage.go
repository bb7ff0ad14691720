package registry

import (
	"fmt"
	"io"
	"net/http"
	"regexp"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// storageError is the refusal of a server to which the registry redirected us.
type storageError struct {
	host   string
	status int
	// namesKey says that the response is about a KMS key, which belongs to the owner of the repository.
	namesKey bool
}

func (e *storageError) Error() string {
	return fmt.Sprintf("the storage %q, to which the registry redirects, answers %d %s", e.host, e.status, http.StatusText(e.status))
}

// aboutKey looks for a mention of KMS in S3's response (S3 API reference, error codes KMS.*; AccessDenied names
// kms:Decrypt). It is safe to accept it anywhere in the text: it can only lead to a denial.
var aboutKey = regexp.MustCompile(`(?i)\bkms\b`)

// storageTransport separates the responses of a registry from those of the storage to which it redirects: a login
// cannot change a refusal there.
type storageTransport struct{ base http.RoundTripper }

func (t storageTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.base.RoundTrip(request)
	// The client sets Response on a request that follows a redirect.
	if err != nil || request.Response == nil || response.StatusCode < 400 || protocol.IsUnavailable(response.StatusCode) {
		return response, err
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, maxErrorBytes))
	return nil, &storageError{host: request.URL.Host, status: response.StatusCode, namesKey: aboutKey.Match(text)}
}
