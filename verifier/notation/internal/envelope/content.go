package envelope

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
)

// Content identifies a signature by what was signed, protected header and payload, and by its chain. Nothing else does. Trailing
// bytes, an unprotected header, the order of members and the other root of an ECDSA signature make another envelope of
// the same signature.
type Content [sha256.Size]byte

// ContentOf identifies what was signed, of an envelope whose signature holds: a JWS signs the texts of protected header
// and payload as they stand in the envelope (RFC 7515, section 5.1). Signer is asked about the chain as well, which nobody
// has signed: another chain that holds is another question. Of a certificate counts what its issuer has signed, since an
// ECDSA signature has two forms.
func ContentOf(envelope Raw, chain []*x509.Certificate) Content {
	var parsed unverified
	// It was parsed before.
	_ = json.Unmarshal(envelope.Bytes, &parsed)
	hash := sha256.New()
	fmt.Fprintf(hash, "%s.%s", parsed.Protected, parsed.Payload)
	for _, certificate := range chain {
		part := sha256.Sum256(certificate.RawTBSCertificate)
		hash.Write(part[:])
	}
	return Content(hash.Sum(nil))
}
