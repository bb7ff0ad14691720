package envelope

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
)

// Content identifies a signature by its signed parts, protected header and payload, and by its chain. Nothing else
// counts. Trailing bytes, an unprotected header, the order of members and the second form of an ECDSA signature make a
// different envelope of the same signature.
type Content [sha256.Size]byte

// ContentOf identifies the signed content of an envelope whose signature is valid: a JWS signs the texts of protected
// header and payload exactly as they are in the envelope (RFC 7515, section 5.1). Signer also checks the chain, which
// is not signed, so a different valid chain needs a new call. Of a certificate, only the part that its issuer signed
// counts, because an ECDSA signature has two forms.
func ContentOf(envelope Raw, chain []*x509.Certificate) Content {
	var parsed unverified
	// It has been parsed before.
	_ = json.Unmarshal(envelope.Bytes, &parsed)
	hash := sha256.New()
	fmt.Fprintf(hash, "%s.%s", parsed.Protected, parsed.Payload)
	for _, certificate := range chain {
		part := sha256.Sum256(certificate.RawTBSCertificate)
		hash.Write(part[:])
	}
	return Content(hash.Sum(nil))
}
