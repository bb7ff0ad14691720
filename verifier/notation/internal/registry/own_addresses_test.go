package registry

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// The EKS Pod Identity Agent, which gives out credentials, is at 169.254.170.23 and [fd00:ec2::23] (EKS user guide, "Pod
// Identity Agent"). NAT64 (64:ff9b::/96, RFC 6052) and SIIT (::ffff:0:0:0/96, RFC 2765) hold an IPv4 address.
func TestMoreAddressesOfThisMachineAreRefused(t *testing.T) {
	for _, address := range []string{"[fd00:ec2::23]:80", "[fd00:ec2::23]:443", "[64:ff9b::a9fe:a9fe]:443", "[64:ff9b::7f00:1]:443", "[::ffff:0:169.254.169.254]:443", "[::127.0.0.1]:443"} {
		if err := refuseOwnAddresses("tcp", address, nil); err == nil {
			t.Errorf("%s is connected to", address)
		}
	}
}

// On the command line the proxy of the machine is used. It is asked for any address, and looks at none.
func TestAProxyIsNotAskedForAddressesOfThisMachine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	asked := make(chan string, 16)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			line, _ := bufio.NewReader(connection).ReadString('\n')
			asked <- strings.TrimSpace(line)
			connection.Close()
		}
	}()
	t.Setenv("HTTPS_PROXY", "http://"+listener.Addr().String())
	registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://169.254.169.254/latest/meta-data/", http.StatusTemporaryRedirect)
	})
	registries := NewClients(false)
	registries.dialer.trust(registry.Host, "http")

	_, err = newHTTPClient(registries.base, "http", registry.Host, protocol.Credentials{}).Do(testsupport.NewRequest(t, "http://"+registry.Host+"/v2/"))

	select {
	case line := <-asked:
		t.Errorf("the proxy was asked: %q; then %v", line, err)
	default:
	}
}
