package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"fmt"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
)

const (
	// maxCertificates bounds a signature's chain; AWS Signer's has four.
	maxCertificates = 10
	// maxRSABits is the longest RSA key that the signature specification of the Notary Project allows.
	maxRSABits = 4096
)

// examineUntrusted looks at an envelope before anything of it is trusted, and at no more than is cheap to look at.
// It gives no answer where the library explains better what is wrong.
func examineUntrusted(envelope Envelope, image ocispec.Descriptor) *failedCheck {
	// AWS Signer signs in this format only.
	if envelope.MediaType != jws.MediaTypeEnvelope {
		return refuse(CheckIntegrity, "a signature of media type %q is not supported, only %s is", envelope.MediaType, jws.MediaTypeEnvelope)
	}
	if failed := examineChain(envelope); failed != nil {
		return failed
	}
	return examineTarget(envelope, image)
}

// examineChain refuses chains that would keep a processor busy, beyond every deadline, before they are found to be
// worthless: the library verifies the whole chain before it asks the trust store for it, and the time for one RSA
// signature grows with more than the square of the key's length.
func examineChain(envelope Envelope) *failedCheck {
	// The members as the library names them.
	var parsed struct {
		Header struct {
			CertChain [][]byte `json:"x5c"`
		} `json:"header"`
	}
	if err := json.Unmarshal(envelope.Bytes, &parsed); err != nil {
		return nil
	}
	if count := len(parsed.Header.CertChain); count > maxCertificates {
		return refuse(CheckIntegrity, "the signature's chain has %d certificates, the limit is %d", count, maxCertificates)
	}
	for _, der := range parsed.Header.CertChain {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil
		}
		if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxRSABits {
			return refuse(CheckIntegrity, "the signature's chain has an RSA key of %d bits, the limit is %d", key.N.BitLen(), maxRSABits)
		}
	}
	return nil
}

// examineTarget compares the image that the envelope claims to be for. The library does so last, after the call to
// Signer; a signature copied from another image must be refused also while Signer is down.
func examineTarget(envelope Envelope, image ocispec.Descriptor) *failedCheck {
	parsed, err := signature.ParseEnvelope(envelope.MediaType, envelope.Bytes)
	if err != nil {
		return nil
	}
	contents, err := parsed.Content()
	if err != nil {
		return nil
	}
	var payload struct {
		TargetArtifact ocispec.Descriptor `json:"targetArtifact"`
	}
	if err := json.Unmarshal(contents.Payload.Content, &payload); err != nil {
		return refuse(CheckTarget, "the signature's payload does not say which image it is for: %v", err)
	}
	claimed := payload.TargetArtifact
	if !content.Equal(claimed, image) {
		return refuse(CheckTarget, "the signature is for %s (%s, %d bytes), not for this image", claimed.Digest, claimed.MediaType, claimed.Size)
	}
	return nil
}

func refuse(check Check, format string, values ...any) *failedCheck {
	return &failedCheck{check, &Fault{Kind: KindRefused, Detail: printable(fmt.Sprintf(format, values...))}}
}
