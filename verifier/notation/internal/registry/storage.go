package registry

import (
	"fmt"
	"io"
	"net/http"
	"regexp"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// storageError is the refusal of a server that the registry has redirected us to.
type storageError struct {
	host   string
	status int
	// namesKey says that the answer is about a KMS key, which is that of whoever owns the repository.
	namesKey bool
}

func (e *storageError) Error() string {
	return fmt.Sprintf("the storage %q, to which the registry redirects, answers %d %s", e.host, e.status, http.StatusText(e.status))
}

// aboutKey finds a word about KMS in S3's answer (S3 API reference, error codes KMS.*; AccessDenied names kms:Decrypt). That
// it may stand anywhere does no harm: it can only make a denial.
var aboutKey = regexp.MustCompile(`(?i)\bkms\b`)

// storageTransport tells the answers of a registry from those of the storage that it redirects to: a refusal there is
// nothing that a login could change.
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
