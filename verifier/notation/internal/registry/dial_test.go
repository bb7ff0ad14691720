package registry

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestAddressesOfThisMachineAreRefused(t *testing.T) {
	for address, refused := range map[string]bool{
		"127.0.0.1:9001": true, "127.8.8.8:443": true, "[::1]:443": true, "[::ffff:127.0.0.1]:443": true,
		"169.254.169.254:80": true, "169.254.170.2:80": true, "[fe80::1]:443": true, "[fe80::1%eth0]:443": true, "[fd00:ec2::254]:80": true,
		"0.0.0.0:443": true, "[::]:443": true, "224.0.0.1:443": true,
		"10.0.0.1:443": false, "192.168.1.1:443": false, "203.0.113.7:443": false, "[2001:db8::1]:443": false, "[fd00::1]:443": false,
	} {
		if err := refuseOwnAddresses("tcp", address, nil); (err != nil) != refused {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestARedirectToThisMachineIsRefusedWhateverItsNameIs(t *testing.T) {
	asked := 0
	runtimeAPI := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer runtimeAPI.Close()
	for _, target := range []string{runtimeAPI.URL, strings.Replace(runtimeAPI.URL, "127.0.0.1", "localhost", 1)} {
		registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, target+"/2018-06-01/runtime/invocation/next", http.StatusTemporaryRedirect)
		})
		clients := NewClients(false)
		clients.dialer.trust(registry.Host, "http")

		_, err := newHTTPClient(clients.base, "http", registry.Host, protocol.Credentials{}).Do(testsupport.NewRequest(t, "http://"+registry.Host+"/v2/"))

		if !errors.As(err, new(*ownAddressError)) || Explain(t.Context(), err).Kind != protocol.KindRejected {
			t.Errorf("%s: %v", target, err)
		}
	}
	if asked > 0 {
		t.Errorf("asked %d times", asked)
	}
}
