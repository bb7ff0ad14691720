package registry

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestATokenServerThatTheLoginNamesGetsIt(t *testing.T) {
	for name, login := range secretLogins {
		t.Run(name, func(t *testing.T) {
			scene := startHostileScene(t, func(s *hostileScene) http.HandlerFunc {
				return referTo(func(string) string { return "https://" + s.tokens.Host + "/token" }, serveImage)
			}, giving)
			// The operator named it, by an address of this machine.
			scene.clients.dialer.trust(scene.tokens.Host, "https")

			if fault := scene.ask(t, login, scene.tokens.Host); fault != nil {
				t.Errorf("%+v", fault)
			}
			if told := scene.tokens.Told(); !strings.Contains(told, secretForms[1]) && !strings.Contains(told, secretToken) {
				t.Errorf("the token server was told %s", told)
			}
		})
	}
}

func TestALoginIsSentToNoOtherRealm(t *testing.T) {
	for name, realm := range map[string]func(*hostileScene) string{
		"on another host": func(s *hostileScene) string {
			return "https://" + strings.Replace(s.stranger.Host, "127.0.0.1", "localhost", 1)
		},
		"on another port": func(s *hostileScene) string { return "https://" + s.stranger.Host },
		"on the token server's name": func(s *hostileScene) string {
			return "https://" + strings.Replace(s.tokens.Host, "127.0.0.1", "localhost", 1)
		},
		"on loopback":                 func(*hostileScene) string { return "https://127.0.0.1:9001" },
		"on the metadata service":     func(*hostileScene) string { return "http://169.254.169.254" },
		"on the metadata service, S":  func(*hostileScene) string { return "https://169.254.169.254" },
		"on link-local":               func(*hostileScene) string { return "https://[fe80::1]" },
		"on an IPv6-mapped address":   func(*hostileScene) string { return "https://[::ffff:169.254.169.254]" },
		"without HTTPS":               func(s *hostileScene) string { return "http://" + s.insecure.Host },
		"the registry without HTTPS":  func(s *hostileScene) string { return "http://" + s.registry.Host },
		"the known one without HTTPS": func(s *hostileScene) string { return "http://" + s.tokens.Host },
	} {
		for kind, login := range secretLogins {
			t.Run(name+"/"+kind, func(t *testing.T) {
				scene := startHostileScene(t, func(s *hostileScene) http.HandlerFunc {
					return referTo(func(string) string { return realm(s) + "/token" }, serveImage)
				}, giving)
				// They can be reached, so that what they are sent is seen.
				scene.clients.dialer.trust(scene.stranger.Host, "https")
				scene.clients.dialer.trust(scene.insecure.Host, "http")

				fault := scene.ask(t, login, scene.tokens.Host)

				host := hostOf(t, realm(scene))
				if fault == nil || !strings.Contains(fault.Detail, host) || fault.Kind != protocol.KindAccessDenied {
					t.Errorf("not a refused login that names %s: %+v", host, fault)
				}
				for _, other := range []*testsupport.Recorder{scene.stranger, scene.insecure, scene.tokens} {
					if told := other.Told(); told != "" {
						t.Errorf("it was sent %s", told)
					}
				}
			})
		}
	}
}

// hostOf is the host of a URL as errors name it: with its port, without the brackets of IPv6.
func hostOf(t *testing.T, target string) string {
	t.Helper()
	parsed, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(parsed.Host, "[]")
}

func TestARealmOnThisMachineIsNotAskedWithoutALoginEither(t *testing.T) {
	for _, realm := range []string{"https://localhost:9/2018-06-01/runtime/invocation/next", "https://169.254.169.254/latest/meta-data/", "https://[::ffff:169.254.170.2]/v2/credentials"} {
		scene := startHostileScene(t, func(*hostileScene) http.HandlerFunc {
			return referTo(func(string) string { return realm }, serveImage)
		}, giving)

		fault := scene.ask(t, protocol.Credentials{}, "")

		if fault == nil || fault.Kind != protocol.KindRejected {
			t.Errorf("%s: %+v", realm, fault)
		}
	}
}

func TestAChallengeThatCanBeReadInTwoWaysGivesNothingAway(t *testing.T) {
	for name, challenge := range map[string]string{
		"two realms":           `Bearer realm="https://%[1]s/token",realm="https://%[2]s/token"`,
		"an escaped quote":     `Bearer realm="https:\u002f\u002f%[2]s/token"`,
		"spaces, large letter": `BEARER  Realm = "https://%[1]s/token" , realm = "https://%[2]s/token"`,
		"a user in the realm":  `Bearer realm="https://%[1]s@%[2]s/token"`,
		"a realm in another":   `Bearer x="realm=https://%[1]s",realm="https://%[2]s/token"`,
	} {
		for kind, login := range secretLogins {
			t.Run(name+"/"+kind, func(t *testing.T) {
				scene := startHostileScene(t, func(s *hostileScene) http.HandlerFunc {
					return func(w http.ResponseWriter, r *http.Request) {
						testsupport.Challenge(w, fmt.Sprintf(challenge, r.Host, s.stranger.Host))
					}
				}, giving)
				scene.clients.dialer.trust(scene.stranger.Host, "https")

				fault := scene.ask(t, login, "")

				if fault == nil {
					t.Error("it was answered")
				}
				scene.assertStrangersKnowNothing(t)
			})
		}
	}
}

func TestAFormIsBoundToTheTokenServer(t *testing.T) {
	for target, want := range map[string]bool{
		"https://registry.example/token": true, "https://tokens.example/token": true,
		"https://evil.example/token": false, "http://tokens.example/token": false, "https://tokens.example:8443/token": false,
	} {
		for _, redirected := range []bool{false, true} {
			sent := false
			transport := &boundTransport{scheme: "https", host: "registry.example", login: protocol.Credentials{TokenServer: "tokens.example"}, base: roundTrip(func(*http.Request) (*http.Response, error) {
				sent = true
				return answerWith(200), nil
			})}
			request := testsupport.NewRequest(t, target)
			request.Method = http.MethodPost
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if redirected {
				request.Response = answerWith(307)
			}

			_, err := transport.RoundTrip(request)

			if sent != want || (err == nil) != want {
				t.Errorf("%s, redirected %t: sent %t, %v", target, redirected, sent, err)
			}
		}
	}
}
