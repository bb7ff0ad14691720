package registry

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
)

// realmParameter is the realm of a Bearer challenge (RFC 6750, section 3). Where the client reads another one in it than
// we do, boundTransport refuses the request itself.
var realmParameter = regexp.MustCompile(`(?i)(?:^|[\s,])realm="([^"\\]*)"`)

// realmIn returns the URL of the token server in the parameters of a challenge, or nil.
func realmIn(parameters string) *url.URL {
	found := realmParameter.FindStringSubmatch(parameters)
	if found == nil {
		return nil
	}
	realm, err := url.Parse(found[1])
	if err != nil || realm.Host == "" {
		return nil
	}
	return realm
}

// foreignRealmError is a registry that refers us for a token to a server that must not receive our login.
type foreignRealmError struct {
	realm *url.URL
	// insecure says that the server would be asked without HTTPS, own that only this machine can reach it.
	insecure, own bool
}

func (e *foreignRealmError) Error() string {
	if e.insecure {
		return fmt.Sprintf("the registry asks for the login at %q, without HTTPS; it was not sent", e.realm.Scheme+"://"+e.realm.Host)
	}
	if e.own {
		return fmt.Sprintf("the registry asks for the login at %q, an address that only this machine can reach; it was not sent", e.realm.Host)
	}
	return fmt.Sprintf("the registry's token server is %q; if that is correct, set it as the registry's tokenServer in the trust document, or with --token-server on the command line", e.realm.Host)
}

// isOwnHost says of an address, not of a name, that only this machine can reach it.
func isOwnHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && isOwnAddress(ip)
}

// sentOnError is a token server that redirects a request with a login in its body. The client would send the body again.
type sentOnError struct{ to string }

func (e *sentOnError) Error() string {
	return fmt.Sprintf("the token server redirects the login to %q; it was not sent there", e.to)
}

// basicOnlyError is a registry that wants a password, where the login is an identity token.
type basicOnlyError struct{ host string }

func (e *basicOnlyError) Error() string {
	return fmt.Sprintf("%q wants a user name and a password, and the login is an identity token, which only a token server takes", e.host)
}
