package protocol

import "net/http"

// KindOfStatus returns the kind of fault for the status code of a response.
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

// IsUnavailable reports whether the server exists but cannot answer now.
func IsUnavailable(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500
}
