package registry

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/http/httpproxy"

	"ecs-image-verification/verifier/notation/internal/hostport"
)

// dialer connects to registries. A registry chooses where its redirects and its realm lead; they must not lead to what
// only this machine can reach: Lambda's runtime API on loopback, the credentials of a task or an instance.
type dialer struct {
	open, guarded *net.Dialer

	mu sync.Mutex
	// trusted holds the addresses that were chosen by whoever runs this process: registries and proxies.
	trusted map[string]bool
}

func newDialer() *dialer {
	d := &dialer{
		open:    &net.Dialer{Timeout: callLimit, KeepAlive: 30 * time.Second},
		guarded: &net.Dialer{Timeout: callLimit, KeepAlive: 30 * time.Second, Control: refuseOwnAddresses},
		trusted: map[string]bool{},
	}
	proxies := httpproxy.FromEnvironment()
	for _, proxy := range []string{proxies.HTTPProxy, proxies.HTTPSProxy} {
		if parsed, err := url.Parse(proxy); err == nil && parsed.Host != "" {
			d.trust(parsed.Host, parsed.Scheme)
		}
	}
	return d
}

// trust lets a host be reached at whatever address it has.
func (d *dialer) trust(host, scheme string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trusted[hostport.WithPort(host, scheme)] = true
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d.mu.Lock()
	trusted := d.trusted[address]
	d.mu.Unlock()
	if trusted {
		return d.open.DialContext(ctx, network, address)
	}
	return d.guarded.DialContext(ctx, network, address)
}

// ownAddressError is a place that a registry has no business to send us to.
type ownAddressError struct{ address string }

func (e *ownAddressError) Error() string {
	return fmt.Sprintf("refused to connect to %s, where the registry leads: only this machine has that address", e.address)
}

// metadataV6 is the IPv6 address of EC2's instance metadata service (EC2 user guide).
var metadataV6 = netip.MustParseAddr("fd00:ec2::254")

// refuseOwnAddresses looks at the address once its name is resolved, so that a name cannot hide it.
func refuseOwnAddresses(_, address string, _ syscall.RawConn) error {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := parsed.Addr().Unmap().WithZone("")
	if ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast() || ip == metadataV6 {
		return &ownAddressError{address}
	}
	return nil
}
