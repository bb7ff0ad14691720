package testsupport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Payload is the signed payload of a signature for the image.
func Payload(t *testing.T, image ocispec.Descriptor) string {
	t.Helper()
	return string(ToJSON(t, map[string]any{"targetArtifact": image}))
}

// Envelope is a JWS whose parts are plausible; nothing has been signed.
func Envelope(t *testing.T, payload string, chain ...[]byte) []byte {
	t.Helper()
	if len(chain) == 0 {
		chain = [][]byte{Certificate(t, 1)}
	}
	protected := ToJSON(t, map[string]any{
		"alg": "ES256", "cty": "application/vnd.cncf.notary.payload.v1+json", "crit": []string{"io.cncf.notary.signingScheme"},
		"io.cncf.notary.signingScheme": "notary.x509", "io.cncf.notary.signingTime": time.Now().UTC().Format(time.RFC3339),
	})
	encode := base64.RawURLEncoding.EncodeToString
	return ToJSON(t, map[string]any{
		"payload": encode([]byte(payload)), "protected": encode(protected), "signature": encode(make([]byte, 64)),
		"header": map[string]any{"x5c": chain},
	})
}

// Certificate creates one in DER, signed by itself.
func Certificate(t *testing.T, serial int64) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, named("leaf", serial), named("leaf", serial), &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func named(name string, serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
}

// ChainUnderHugeKey is a leaf that claims to be signed with an RSA key of this many bits. Finding out that it is not
// takes many seconds of CPU time.
func ChainUnderHugeKey(t *testing.T, bits int) [][]byte {
	t.Helper()
	modulus, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), uint(bits)))
	if err != nil {
		t.Fatal(err)
	}
	modulus.SetBit(modulus, bits-1, 1).SetBit(modulus, 0, 1)
	signer, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent := named("parent", 1)
	parent.IsCA, parent.BasicConstraintsValid, parent.KeyUsage = true, true, x509.KeyUsageCertSign
	huge := &rsa.PublicKey{N: modulus, E: 1<<31 - 1}
	// The issuer has another name, so that creating the certificate does not check the template of a self-signed one.
	parentDER, err := x509.CreateCertificate(rand.Reader, parent, named("root", 3), huge, signer)
	if err != nil {
		t.Fatal(err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, named("leaf", 2), parent, &leafKey.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return [][]byte{withSignature(t, leafDER, make([]byte, (bits+7)/8)), parentDER}
}

func withSignature(t *testing.T, der, signature []byte) []byte {
	t.Helper()
	var certificate struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &certificate); err != nil {
		t.Fatal(err)
	}
	signature[len(signature)-1] = 2
	certificate.Signature = asn1.BitString{Bytes: signature, BitLength: len(signature) * 8}
	changed, err := asn1.Marshal(certificate)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// JWSMediaType is the media type of AWS Signer's envelopes.
const JWSMediaType = "application/jose+json"
