package registry

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// minSecret is the length from which a secret is looked for in texts: shorter ones would be found everywhere.
const minSecret = 4

// quotedHeader is the value of an Authorization header in a text: a registry can quote the token that it got, too.
var quotedHeader = regexp.MustCompile(`\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}`)

// redact takes a login out of a text: a registry or its token server can quote in an error what it was sent.
func redact(text string, login *protocol.Credentials) string {
	if login == nil {
		return text
	}
	for _, secret := range []string{
		base64.StdEncoding.EncodeToString([]byte(login.Username + ":" + login.Password)),
		login.Password, url.QueryEscape(login.Password), login.IdentityToken, url.QueryEscape(login.IdentityToken),
	} {
		if len(secret) >= minSecret {
			text = strings.ReplaceAll(text, secret, "(secret)")
		}
	}
	return quotedHeader.ReplaceAllString(text, "$1 (secret)")
}
