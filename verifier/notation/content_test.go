package main

import (
	"crypto/x509"
	"testing"
)

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
