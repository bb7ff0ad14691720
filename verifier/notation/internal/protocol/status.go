package protocol

import "net/http"

// KindOfStatus tells what kind of fault the status code of an answer stands for.
func KindOfStatus(status int) Kind {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return KindAccessDenied
	case status == http.StatusNotFound:
		return KindNotFound
	case IsUnavailable(status):
		return KindUnavailable
	default:
		return KindRejected
	}
}

// IsUnavailable tells whether the server is there but cannot answer now.
func IsUnavailable(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500
}
