package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
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
	template := named("leaf", 1)
	if template.RawSubject, err = asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: name}); err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, named("root", 2), &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}

// signedEnvelope is a JWS that holds, by a key of the publisher's own.
func signedEnvelope(t *testing.T, key *ecdsa.PrivateKey, chain ...[]byte) []byte {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	protected := encode(toJSON(t, map[string]any{
		"alg": "ES256", "cty": "application/vnd.cncf.notary.payload.v1+json", "crit": []string{"io.cncf.notary.signingScheme"},
		"io.cncf.notary.signingScheme": "notary.x509", "io.cncf.notary.signingTime": time.Now().UTC().Format(time.RFC3339),
	}))
	payload := encode([]byte(payloadFor(t, image)))
	hash := sha256.Sum256([]byte(protected + "." + payload))
	r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return toJSON(t, map[string]any{
		"payload": payload, "protected": protected, "signature": encode(signature), "header": map[string]any{"x5c": chain},
	})
}

func TestALongNameDoesNotKeepAProcessorBusy(t *testing.T) {
	key, der := chainWithLongName(t, 193_000)
	envelope := signedEnvelope(t, key, der)
	if len(envelope) > maxEnvelopeBytes {
		t.Fatalf("%d bytes would be refused for their size", len(envelope))
	}
	verifier := startVerifier(t, goodPolicy)
	started := time.Now()

	fact := examineEnvelope(t.Context(), verifier.notation, "release", "r/n@"+image.Digest.String(), image, Envelope{MediaType: jwsMediaType, Bytes: envelope}).current()

	if fact.Valid || fact.Check != CheckIntegrity {
		t.Errorf("%+v %.300s", fact, fact.Fault.Detail)
	}
	if took := time.Since(started); took > time.Second {
		t.Errorf("one envelope of %d bytes took %s", len(envelope), took)
	}
}

// One such envelope under 50 manifests of a few hundred bytes each.
func TestLongNamesDoNotUseUpTheDeadline(t *testing.T) {
	key, der := chainWithLongName(t, 193_000)
	served := contents{}
	layer := served.add(jwsMediaType, signedEnvelope(t, key, der))
	var listed []ocispec.Descriptor
	for i := range 50 {
		one := layer
		one.Annotations = map[string]string{"n": strings.Repeat("x", i)}
		listed = append(listed, served.signature(t, one))
	}
	_, reference := imageWith(t, served, func(w http.ResponseWriter, _ *http.Request) { writePage(w, "", listed) })
	started := time.Now()

	result := verifyWith(t, startVerifier(t, goodPolicy), Request{Reference: reference, DeadlineMs: 20_000})

	t.Logf("%d of 50 signatures looked at in %s, %+v", len(result.Signatures), time.Since(started), result.Error)
	if result.Outcome != OutcomeNotVerified {
		t.Errorf("outcome %s with %d signatures, %+v", result.Outcome, len(result.Signatures), result.Error)
	}
}
