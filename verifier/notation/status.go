package main

import "net/http"

// kindOfStatus tells what kind of fault the status code of an answer stands for.
func kindOfStatus(status int) Kind {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return KindAccessDenied
	case status == http.StatusNotFound:
		return KindNotFound
	case isUnavailable(status):
		return KindUnavailable
	default:
		return KindRejected
	}
}

// isUnavailable tells whether the server is there but cannot answer now.
func isUnavailable(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500
}
