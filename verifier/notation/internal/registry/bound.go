package registry

import (
	"net/http"
	"net/url"
	"strings"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// boundTransport sends a login, and the tokens that it gave, only to one registry and its token server. The other side
// chooses redirects, Link headers and the realm of a Bearer challenge; wherever they point, nothing of it is sent there,
// neither in a header nor in a body.
type boundTransport struct {
	base         http.RoundTripper
	scheme, host string
	login        protocol.Credentials
}

func (t *boundTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	switch {
	case request.URL.Scheme == t.scheme && request.URL.Host == t.host:
		return t.askRegistry(request)
	case !hasLoginInHeader(request) && !hasLoginInBody(request):
	case request.Response == nil:
		// The request was not redirected, so it is for a token, which needs our login.
		if err := t.checkRealm(request.URL); err != nil {
			return nil, err
		}
	case hasLoginInBody(request):
		if t.checkRealm(request.URL) != nil {
			return nil, &sentOnError{request.URL.Host}
		}
	default:
		request = request.Clone(request.Context())
		request.Header.Del("Authorization")
	}
	return t.base.RoundTrip(request)
}

// askRegistry gives up at once where the registry wants the login sent to a server that must not have it, or in a form
// that this login has not.
func (t *boundTransport) askRegistry(request *http.Request) (*http.Response, error) {
	response, err := t.base.RoundTrip(request)
	if err != nil || response.StatusCode != http.StatusUnauthorized || t.login == (protocol.Credentials{}) {
		return response, err
	}
	if err := t.checkChallenge(response.Header.Get("WWW-Authenticate")); err != nil {
		response.Body.Close()
		return nil, err
	}
	return response, nil
}

func (t *boundTransport) checkChallenge(challenge string) error {
	scheme, parameters, _ := strings.Cut(challenge, " ")
	switch {
	case strings.EqualFold(scheme, "Basic"):
		if t.login.IdentityToken != "" && t.login.Password == "" {
			return &basicOnlyError{t.host}
		}
	case strings.EqualFold(scheme, "Bearer"):
		if realm := realmIn(parameters); realm != nil && (realm.Scheme != t.scheme || realm.Host != t.host) {
			return t.checkRealm(realm)
		}
	}
	return nil
}

// checkRealm returns an error if the login must not be sent there.
func (t *boundTransport) checkRealm(realm *url.URL) error {
	isSecure := realm.Scheme == "https" || realm.Scheme == t.scheme
	if isSecure && t.login.TokenServer != "" && realm.Host == t.login.TokenServer {
		return nil
	}
	return &foreignRealmError{realm: realm, insecure: !isSecure, own: t.scheme == "https" && isOwnHost(realm.Hostname())}
}

func hasLoginInHeader(request *http.Request) bool { return request.Header.Get("Authorization") != "" }

// hasLoginInBody recognises the request of a token by OAuth 2, whose form has the password or the identity token
// (Distribution, "Token Authentication Specification: OAuth2"). No other request of ours is a form.
func hasLoginInBody(request *http.Request) bool {
	return strings.HasPrefix(request.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}
