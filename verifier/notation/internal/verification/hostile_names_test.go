package verification

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"testing"
	"time"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// chainWithLongName is a self-signed certificate whose subject has thousands of parts, and is not its issuer's. The library
// writes the subject into its error, twice, and Go's pkix.RDNSequence.String puts it together in quadratic time.
func chainWithLongName(t *testing.T, bytes int) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// SET { SEQUENCE { OID 2.47.127.127.127, PrintableString "" } }
	part := []byte{0x31, 0x0a, 0x30, 0x08, 0x06, 0x04, 0x7f, 0x7f, 0x7f, 0x7f, 0x13, 0x00}
	var name []byte
	for len(name)+len(part) <= bytes {
		name = append(name, part...)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	if template.RawSubject, err = asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: name}); err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "root"}}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}

// signedEnvelope is a JWS that holds, by a key of the publisher's own.
func signedEnvelope(t *testing.T, key *ecdsa.PrivateKey, chain ...[]byte) []byte {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	protected := encode(testsupport.ToJSON(t, map[string]any{
		"alg": "ES256", "cty": "application/vnd.cncf.notary.payload.v1+json", "crit": []string{"io.cncf.notary.signingScheme"},
		"io.cncf.notary.signingScheme": "notary.x509", "io.cncf.notary.signingTime": time.Now().UTC().Format(time.RFC3339),
	}))
	payload := encode([]byte(testsupport.Payload(t, testsupport.Image)))
	hash := sha256.Sum256([]byte(protected + "." + payload))
	r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return testsupport.ToJSON(t, map[string]any{
		"payload": payload, "protected": protected, "signature": encode(signature), "header": map[string]any{"x5c": chain},
	})
}

func TestALongNameDoesNotKeepAProcessorBusy(t *testing.T) {
	key, der := chainWithLongName(t, 193_000)
	signed := signedEnvelope(t, key, der)
	verifier := startVerifier(t, testsupport.TrustPolicy)
	started := time.Now()

	fact := examination{verifier: verifier.notation, statement: "release", reference: "r/n@" + testsupport.Image.Digest.String(), image: testsupport.Image}.examineEnvelope(t.Context(), envelope.Raw{MediaType: testsupport.JWSMediaType, Bytes: signed}).current()

	if fact.Valid || fact.Check != protocol.CheckIntegrity {
		t.Errorf("%+v %.300s", fact, fact.Fault.Detail)
	}
	if took := time.Since(started); took > time.Second {
		t.Errorf("one envelope of %d bytes took %s", len(signed), took)
	}
}
