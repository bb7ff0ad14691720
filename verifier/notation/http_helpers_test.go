package main

import (
	"net/http"
	"testing"
)

const basicHeader = "Basic QVdTOnRva2Vu"

func challenge(w http.ResponseWriter, header string) {
	w.Header().Set("WWW-Authenticate", header)
	w.WriteHeader(http.StatusUnauthorized)
}

// asksBasic serves with the handler whoever brings the credentials.
func asksBasic(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != basicHeader {
			challenge(w, `Basic realm="registry"`)
			return
		}
		handler(w, r)
	}
}

func newRequest(t *testing.T, target string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func statusOnly(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}
