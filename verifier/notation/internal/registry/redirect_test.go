package registry

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestATokenRequestThatIsRedirectedTakesNoLoginAlong(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for kind, login := range secretLogins {
			for target, hostOf := range map[string]func(*hostileScene) string{
				"another host":  func(s *hostileScene) string { return "https://" + s.stranger.Host },
				"without HTTPS": func(s *hostileScene) string { return "http://" + s.insecure.Host },
			} {
				t.Run(fmt.Sprintf("%d/%s/%s", status, kind, target), func(t *testing.T) {
					scene := startHostileScene(t, func(s *hostileScene) http.HandlerFunc {
						return referTo(func(string) string { return "https://" + s.tokens.Host + "/token" }, serveImage)
					}, func(s *hostileScene) http.HandlerFunc {
						return func(w http.ResponseWriter, r *http.Request) {
							http.Redirect(w, r, hostOf(s)+"/token", status)
						}
					})
					// The stranger can be reached, so that what it is sent is seen.
					for _, reachable := range []*testsupport.Recorder{scene.tokens, scene.stranger} {
						scene.clients.dialer.trust(reachable.Host, "https")
					}

					_ = scene.ask(t, login, scene.tokens.Host)

					if scene.tokens.Told() == "" {
						t.Error("the token server was not asked")
					}
					scene.assertStrangersKnowNothing(t)
				})
			}
		}
	}
}

func TestARedirectKeepsTheTokenFromOthers(t *testing.T) {
	scene := startHostileScene(t, func(s *hostileScene) http.HandlerFunc {
		return referTo(func(registry string) string { return "https://" + registry + "/token" }, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+s.stranger.Host+r.URL.Path, http.StatusTemporaryRedirect)
		})
	}, giving)
	scene.clients.dialer.trust(scene.stranger.Host, "https")

	_ = scene.ask(t, secretLogins["password"], "")

	scene.assertStrangersKnowNothing(t)
}

func TestATokenServerOnThisMachineIsNotConnectedTo(t *testing.T) {
	for _, host := range []string{"localhost:9", "169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "[fd00:ec2::254]"} {
		for kind, login := range secretLogins {
			t.Run(host+"/"+kind, func(t *testing.T) {
				client := newHTTPClient(NewClients(false).base, "https", "registry.example", protocol.Credentials{TokenServer: host, IdentityToken: login.IdentityToken})
				request := testsupport.NewRequest(t, "https://"+host+"/token")
				request.Header.Set("Authorization", testsupport.BasicHeader)

				_, err := client.Do(request)

				fault := Explain(t.Context(), err)
				if fault.Kind != protocol.KindRejected || !strings.Contains(fault.Detail, "only this machine can reach that address") {
					t.Errorf("%+v", fault)
				}
			})
		}
	}
}

func TestABlobIsNotFetchedFromTheMetadataService(t *testing.T) {
	for _, target := range []string{"https://169.254.169.254/latest/meta-data/", "https://[::ffff:169.254.169.254]/", "https://localhost:9/2018-06-01/runtime/invocation/next"} {
		scene := startHostileScene(t, func(*hostileScene) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, target, http.StatusTemporaryRedirect)
			}
		}, giving)

		fault := scene.ask(t, secretLogins["password"], "")

		if fault == nil || fault.Kind != protocol.KindRejected || !strings.Contains(fault.Detail, "refused to connect") {
			t.Errorf("%s: %+v", target, fault)
		}
	}
}

func TestARegistryThatWantsAPasswordGetsNoIdentityToken(t *testing.T) {
	scene := startHostileScene(t, func(*hostileScene) http.HandlerFunc { return testsupport.AskBasic(serveImage) }, giving)

	fault := scene.ask(t, secretLogins["identity token"], "")

	if fault == nil || fault.Kind != protocol.KindAccessDenied || !strings.Contains(fault.Detail, "identity token") {
		t.Errorf("%+v", fault)
	}
	if strings.Contains(scene.registry.Told(), secretToken) {
		t.Error("it was sent")
	}
}
