package testsupport

import (
	"net/http"
	"testing"
)

// BasicHeader is the Authorization header of user AWS with password token.
const BasicHeader = "Basic QVdTOnRva2Vu"

// Challenge answers 401 with the header that says how to log in.
func Challenge(w http.ResponseWriter, header string) {
	w.Header().Set("WWW-Authenticate", header)
	w.WriteHeader(http.StatusUnauthorized)
}

// AskBasic serves with the handler requests that have the credentials.
func AskBasic(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != BasicHeader {
			Challenge(w, `Basic realm="registry"`)
			return
		}
		handler(w, r)
	}
}

// NewRequest creates a GET request that ends with the test.
func NewRequest(t *testing.T, target string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// StatusOnly answers with a status code and nothing else.
func StatusOnly(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}
