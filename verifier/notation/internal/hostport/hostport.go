// Package hostport adds the port to a host, so that addresses can be compared and dialed. It connects to nothing.
package hostport

import "net"

// WithPort returns the host with its port: that of the scheme if it names none.
func WithPort(host, scheme string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	if scheme == "https" {
		return host + ":443"
	}
	return host + ":80"
}
