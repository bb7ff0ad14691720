package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/notaryproject/notation-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// notationVerifier stands in for the library.
type notationVerifier func() (*notation.VerificationOutcome, error)

func (f notationVerifier) Verify(context.Context, ocispec.Descriptor, []byte, notation.VerifierVerifyOptions) (*notation.VerificationOutcome, error) {
	return f()
}

func unasked(t *testing.T) notationVerifier {
	return func() (*notation.VerificationOutcome, error) {
		t.Error("the library was asked")
		return nil, nil
	}
}

var image = describe(ocispec.MediaTypeImageManifest, []byte("image"))

func TestAPanicOverAnEnvelopeIsARefusal(t *testing.T) {
	panics := notationVerifier(func() (*notation.VerificationOutcome, error) { panic("index out of range\nlevel=info") })

	fact := examineEnvelope(t.Context(), panics, "release", "r/n@d", image, Envelope{MediaType: jwsMediaType, Bytes: envelopeOf(t, payloadFor(t, image))}).current()

	if fact.Valid || fact.Check != CheckIntegrity || fact.Fault.Kind != KindRefused {
		t.Errorf("%+v", fact)
	}
	if !strings.Contains(fact.Fault.Detail, `index out of range\nlevel=info`) {
		t.Errorf("detail %q", fact.Fault.Detail)
	}
}

func TestEnvelopesOfOtherFormatsAreRefusedUnread(t *testing.T) {
	for _, mediaType := range []string{"application/cose", "", "application/jose+json; x=y", "text/plain"} {
		fact := examineEnvelope(t.Context(), unasked(t), "release", "r/n@d", image, Envelope{MediaType: mediaType, Bytes: []byte("{}")}).current()

		if fact.Check != CheckIntegrity || fact.Fault.Kind != KindRefused {
			t.Errorf("%q: %+v", mediaType, fact)
		}
	}
}

func TestAPayloadThatNamesNoImageIsRefusedBeforeSignerIsAsked(t *testing.T) {
	other := describe(ocispec.MediaTypeImageManifest, []byte("other"))
	for _, payload := range []string{
		payloadFor(t, other), "{}", "null", "", "[]", "not JSON", `{"targetArtifact":"x"}`, `{"targetArtifact":{"size":"x"}}`,
		// Of two, the last counts, here as in the library.
		`{"targetArtifact":` + string(toJSON(t, image)) + `,"targetArtifact":` + string(toJSON(t, other)) + `}`,
		strings.Repeat(`{"a":`, 2000),
	} {
		fact := examineEnvelope(t.Context(), unasked(t), "release", "r/n@d", image, Envelope{MediaType: jwsMediaType, Bytes: envelopeOf(t, payload)}).current()

		if fact.Check != CheckTarget || fact.Fault.Kind != KindRefused {
			t.Errorf("%.60q: %+v", payload, fact)
		}
	}
}

func TestSignedPartsThatCostTimeAreRefusedBeforeAnythingIsComputed(t *testing.T) {
	attributes := map[string]any{}
	for i := range 11_000 {
		attributes[fmt.Sprint("a", i)] = 0
	}
	critical := make([]string, 15_500)
	for i := range critical {
		critical[i] = "a0"
	}
	attributes["crit"] = critical
	encode := base64.RawURLEncoding.EncodeToString
	chain := map[string]any{"x5c": [][]byte{certificate(t, 1)}}
	for name, envelope := range map[string][]byte{
		"attributes times critical ones": toJSON(t, map[string]any{"payload": encode([]byte(payloadFor(t, image))), "protected": encode(toJSON(t, attributes)), "signature": "AA", "header": chain}),
		"a long payload":                 envelopeOf(t, strings.Repeat(`{"a":`, 20_000)),
	} {
		started := time.Now()

		fact := examineEnvelope(t.Context(), unasked(t), "release", "r/n@d", image, Envelope{MediaType: jwsMediaType, Bytes: envelope}).current()

		if fact.Check != CheckIntegrity || fact.Fault.Kind != KindRefused || !strings.Contains(fact.Fault.Detail, "the limit is 16384") {
			t.Errorf("%s: %+v", name, fact.Fault)
		}
		if took := time.Since(started); took > time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestAnotherChainIsAnotherQuestion(t *testing.T) {
	envelope := Envelope{MediaType: jwsMediaType, Bytes: envelopeOf(t, payloadFor(t, image))}
	parse := func(der []byte) []*x509.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return []*x509.Certificate{parsed}
	}
	one := parse(certificate(t, 1))
	spaced := Envelope{MediaType: jwsMediaType, Bytes: append([]byte(" "), envelope.Bytes...)}

	if contentOf(envelope, one) != contentOf(spaced, one) {
		t.Error("another wrapping is another question")
	}
	if contentOf(envelope, one) == contentOf(envelope, parse(certificate(t, 2))) {
		t.Error("another chain is the same question")
	}
}

func TestChainsThatCostTimeAreRefusedBeforeAnythingIsComputed(t *testing.T) {
	small := certificate(t, 1)
	many := make([][]byte, 600)
	for i := range many {
		many[i] = small
	}
	for _, test := range []struct {
		name   string
		chain  [][]byte
		reason string
	}{
		{"an RSA key of 50,000 bits", chainUnderHugeKey(t, 50_000), "50000 bits"},
		{"hundreds of certificates", many, "600 certificates"},
	} {
		t.Run(test.name, func(t *testing.T) {
			envelope := envelopeOf(t, payloadFor(t, image), test.chain...)
			if len(envelope) > maxEnvelopeBytes {
				t.Fatalf("%d bytes would be refused for their size", len(envelope))
			}
			started := time.Now()

			fact := examineEnvelope(t.Context(), unasked(t), "release", "r/n@d", image, Envelope{MediaType: jwsMediaType, Bytes: envelope}).current()

			if fact.Check != CheckIntegrity || fact.Fault.Kind != KindRefused || !strings.Contains(fact.Fault.Detail, test.reason) {
				t.Errorf("%+v %+v", fact, fact.Fault)
			}
			if took := time.Since(started); took > time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func payloadFor(t *testing.T, image ocispec.Descriptor) string {
	t.Helper()
	return string(toJSON(t, map[string]any{"targetArtifact": image}))
}

// envelopeOf is a JWS whose parts are plausible; nothing has been signed.
func envelopeOf(t *testing.T, payload string, chain ...[]byte) []byte {
	t.Helper()
	if len(chain) == 0 {
		chain = [][]byte{certificate(t, 1)}
	}
	protected := toJSON(t, map[string]any{
		"alg": "ES256", "cty": "application/vnd.cncf.notary.payload.v1+json", "crit": []string{"io.cncf.notary.signingScheme"},
		"io.cncf.notary.signingScheme": "notary.x509", "io.cncf.notary.signingTime": time.Now().UTC().Format(time.RFC3339),
	})
	encode := base64.RawURLEncoding.EncodeToString
	return toJSON(t, map[string]any{
		"payload": encode([]byte(payload)), "protected": encode(protected), "signature": encode(make([]byte, 64)),
		"header": map[string]any{"x5c": chain},
	})
}

func certificate(t *testing.T, serial int64) []byte {
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

// chainUnderHugeKey is a leaf that claims to be signed with an RSA key of so many bits. To find out that it is not takes
// a processor many seconds.
func chainUnderHugeKey(t *testing.T, bits int) [][]byte {
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
	// Named by another issuer, so that the template of a self-signed certificate is not checked when it is made.
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

const jwsMediaType = "application/jose+json"
