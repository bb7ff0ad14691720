package envelope

import (
	"crypto/x509"
	"testing"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestAnotherChainIsAnotherQuestion(t *testing.T) {
	envelope := Raw{MediaType: testsupport.JWSMediaType, Bytes: testsupport.Envelope(t, testsupport.Payload(t, testsupport.Image))}
	parse := func(der []byte) []*x509.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return []*x509.Certificate{parsed}
	}
	one := parse(testsupport.Certificate(t, 1))
	spaced := Raw{MediaType: testsupport.JWSMediaType, Bytes: append([]byte(" "), envelope.Bytes...)}

	if ContentOf(envelope, one) != ContentOf(spaced, one) {
		t.Error("another wrapping is another question")
	}
	if ContentOf(envelope, one) == ContentOf(envelope, parse(testsupport.Certificate(t, 2))) {
		t.Error("another chain is the same question")
	}
}
