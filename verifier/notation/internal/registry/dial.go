package registry

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/http/httpproxy"

	"ecs-image-verification/verifier/notation/internal/hostport"
)

// dialer connects to registries. A registry chooses the targets of its redirects and its realm. They must not lead to
// addresses that only this machine can reach: Lambda's runtime API on loopback, the credentials of a task or an
// instance.
type dialer struct {
	open, guarded *net.Dialer

	mu sync.Mutex
	// trusted has the addresses that the operator of this process chose: registries and proxies.
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

// trust allows connections to a host, whatever its address is.
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

// ownAddressError is a target to which a registry must not send us.
type ownAddressError struct{ address string }

func (e *ownAddressError) Error() string {
	return fmt.Sprintf("refused to connect to %s, to which the registry sent us: only this machine can reach that address", e.address)
}

// awsLocal has the IPv6 addresses of EC2's own services: instance metadata, time, DNS (EC2 user guide), and the agent
// that provides credentials to pods (EKS user guide, "Pod Identity Agent").
var awsLocal = netip.MustParsePrefix("fd00:ec2::/32")

// embedding prefixes have an IPv4 address in their last four bytes: IPv4-compatible (RFC 4291), IPv4-translated (RFC
// 2765), NAT64 (RFC 6052).
var embedding = []netip.Prefix{
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("::ffff:0:0:0/96"), netip.MustParsePrefix("64:ff9b::/96"),
}

// refuseOwnAddresses checks the address after the name is resolved, so that a name cannot hide it.
func refuseOwnAddresses(_, address string, _ syscall.RawConn) error {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if isOwnAddress(parsed.Addr()) {
		return &ownAddressError{address}
	}
	return nil
}

func isOwnAddress(address netip.Addr) bool {
	ip := address.Unmap().WithZone("")
	if ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast() || awsLocal.Contains(ip) {
		return true
	}
	for _, prefix := range embedding {
		if prefix.Contains(ip) {
			bytes := ip.As16()
			return isOwnAddress(netip.AddrFrom4([4]byte(bytes[12:])))
		}
	}
	return false
}

// guardProxy checks the host of a URL before it goes to a proxy, because a proxy connects to any target. The proxy
// resolves names itself, so a name with such an address is not detected here.
func (d *dialer) guardProxy(choose func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(request *http.Request) (*url.URL, error) {
		proxy, err := choose(request)
		ip, notAnAddress := netip.ParseAddr(request.URL.Hostname())
		if proxy == nil || err != nil || notAnAddress != nil || !isOwnAddress(ip) {
			return proxy, err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if address := hostport.WithPort(request.URL.Host, request.URL.Scheme); !d.trusted[address] {
			return nil, &ownAddressError{address}
		}
		return proxy, nil
	}
}
