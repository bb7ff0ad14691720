// Package hostport spells out the port of a host, so that addresses can be compared and dialled. It connects to nothing.
package hostport

import "net"

// WithPort gives the host with its port: that of the scheme where it names none.
func WithPort(host, scheme string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	if scheme == "https" {
		return host + ":443"
	}
	return host + ":80"
}
