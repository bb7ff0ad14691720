package main

import (
	"crypto/x509"
	"testing"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestAnotherChainIsAnotherQuestion(t *testing.T) {
	envelope := Envelope{MediaType: testsupport.JWSMediaType, Bytes: testsupport.Envelope(t, testsupport.Payload(t, testsupport.Image))}
	parse := func(der []byte) []*x509.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return []*x509.Certificate{parsed}
	}
	one := parse(testsupport.Certificate(t, 1))
	spaced := Envelope{MediaType: testsupport.JWSMediaType, Bytes: append([]byte(" "), envelope.Bytes...)}

	if contentOf(envelope, one) != contentOf(spaced, one) {
		t.Error("another wrapping is another question")
	}
	if contentOf(envelope, one) == contentOf(envelope, parse(testsupport.Certificate(t, 2))) {
		t.Error("another chain is the same question")
	}
}
