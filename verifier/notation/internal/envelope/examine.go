package envelope

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"

	"github.com/notaryproject/notation-core-go/signature/jws"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

const (
	// maxCertificates limits a signature's chain; AWS Signer's has four certificates.
	maxCertificates = 10
	// maxCertificateBytes and maxChainBytes limit its certificates; those of AWS Signer have less than two kilobytes
	// each. The library writes names into its errors, and Go formats a long name in quadratic time: seconds of CPU
	// time.
	maxCertificateBytes = 8 << 10
	maxChainBytes       = 32 << 10
	// maxSignedPart limits the protected header and the payload, each as encoded in the envelope: the library compares
	// each attribute with each critical one before it checks the signer. AWS Signer's have about a kilobyte.
	maxSignedPart = 16 << 10
	// maxRSABits is the longest RSA key that the Notary Project's signature specification allows.
	maxRSABits = 4096
)

// unverified has the members of a JWS envelope that are read before anything in it is trusted. Names and decoding are
// those of notation-core-go, so that both read the same.
type unverified struct {
	Payload   string `json:"payload"`
	Protected string `json:"protected"`
	Header    struct {
		CertChain [][]byte `json:"x5c"`
	} `json:"header"`
}

// Examine runs the cheap checks. It reports nothing where the library explains the fault better.
func Examine(envelope Raw, image ocispec.Descriptor) *protocol.FailedCheck {
	if failed := ExamineFormat(envelope); failed != nil {
		return failed
	}
	var parsed unverified
	if err := json.Unmarshal(envelope.Bytes, &parsed); err != nil {
		return nil
	}
	return examineTarget(parsed.Payload, image)
}

// ExamineFormat rejects formats that AWS Signer never uses, and chains that take too long to check.
func ExamineFormat(envelope Raw) *protocol.FailedCheck {
	// AWS Signer uses this format only.
	if envelope.MediaType != jws.MediaTypeEnvelope {
		return protocol.Refuse(protocol.CheckIntegrity, "a signature of media type %q is not supported, only %s is", envelope.MediaType, jws.MediaTypeEnvelope)
	}
	var parsed unverified
	if err := json.Unmarshal(envelope.Bytes, &parsed); err != nil {
		return nil
	}
	if longest := max(len(parsed.Protected), len(parsed.Payload)); longest > maxSignedPart {
		return protocol.Refuse(protocol.CheckIntegrity, "the signature's protected header or payload has %d characters, the limit is %d", longest, maxSignedPart)
	}
	return examineChain(parsed.Header.CertChain)
}

// examineChain rejects chains that would use the CPU beyond every deadline before they turn out to be worthless: the
// library verifies the whole chain before it looks for it in the trust store, and the time for one RSA signature grows
// with more than the square of the key's length.
func examineChain(chain [][]byte) *protocol.FailedCheck {
	if len(chain) > maxCertificates {
		return protocol.Refuse(protocol.CheckIntegrity, "the signature's chain has %d certificates, the limit is %d", len(chain), maxCertificates)
	}
	total := 0
	for _, der := range chain {
		total += len(der)
		if len(der) > maxCertificateBytes || total > maxChainBytes {
			return protocol.Refuse(protocol.CheckIntegrity, "the signature's chain has a certificate of %d bytes, %d in all; the limits are %d and %d", len(der), total, maxCertificateBytes, maxChainBytes)
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil
		}
		if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxRSABits {
			return protocol.Refuse(protocol.CheckIntegrity, "the signature's chain has an RSA key of %d bits, the limit is %d", key.N.BitLen(), maxRSABits)
		}
	}
	return nil
}

// examineTarget compares the image that the payload names. The library does this last, after the call to Signer; but a
// signature copied from another image must be rejected even while Signer is down.
func examineTarget(encoded string, image ocispec.Descriptor) *protocol.FailedCheck {
	payload, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil
	}
	var claims struct {
		TargetArtifact ocispec.Descriptor `json:"targetArtifact"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return protocol.Refuse(protocol.CheckTarget, "the signature's payload does not say which image it is for: %v", err)
	}
	if claimed := claims.TargetArtifact; !content.Equal(claimed, image) {
		return protocol.Refuse(protocol.CheckTarget, "the signature is for %s (%s, %d bytes), not for this image", claimed.Digest, claimed.MediaType, claimed.Size)
	}
	return nil
}
