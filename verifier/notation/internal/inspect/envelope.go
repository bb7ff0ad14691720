package inspect

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-go/plugin/proto"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
)

// open reads an envelope: its contents, or why it cannot be read.
func (i *Inspector) open(ctx context.Context, raw envelope.Raw, image ocispec.Descriptor) (contents *protocol.SignatureContents, unreadable *protocol.Fault) {
	// As in a verification: a parser that panics must not affect the other signatures.
	defer func() {
		if r := recover(); r != nil {
			contents, unreadable = nil, unparsable(r)
		}
	}()
	if failed := envelope.ExamineFormat(raw); failed != nil {
		return nil, failed.Fault
	}
	parsed, err := signature.ParseEnvelope(jws.MediaTypeEnvelope, raw.Bytes)
	if err != nil {
		return nil, unparsable(err)
	}
	// Content also checks the form of the chain, and that each certificate signed the one before it.
	claims, err := parsed.Content()
	if err != nil {
		return nil, unparsable(err)
	}
	contents = i.describe(raw, claims, image)
	if _, err := parsed.Verify(); err != nil {
		contents.Broken = protocol.OptionalText(err.Error())
	} else {
		contents.Intact = true
	}
	contents.Revocation = i.askRevocation(ctx, contents, claims)
	return contents, nil
}

func unparsable(why any) *protocol.Fault {
	return protocol.Refuse(protocol.CheckIntegrity, "the envelope cannot be parsed: %v", why).Fault
}

// askRevocation asks Signer only about signatures that Signer made: it knows nothing about others, and would not say
// so.
func (i *Inspector) askRevocation(ctx context.Context, contents *protocol.SignatureContents, claims *signature.EnvelopeContent) protocol.Revocation {
	switch {
	case !contents.Intact:
		return protocol.UnknownRevocation("not checked, because the envelope is not intact")
	case !contents.RootTrusted:
		return protocol.UnknownRevocation("not checked, because the chain does not end in a root certificate of AWS Signer")
	default:
		return i.Revocation(ctx, claims)
	}
}

func (i *Inspector) describe(raw envelope.Raw, claims *signature.EnvelopeContent, image ocispec.Descriptor) *protocol.SignatureContents {
	signer := claims.SignerInfo
	signed := signer.SignedAttributes
	contents := &protocol.SignatureContents{
		MediaType:      protocol.Printable(raw.MediaType),
		Algorithm:      algorithmName(signer.SignatureAlgorithm),
		Scheme:         protocol.Printable(string(signed.SigningScheme)),
		ProfileVersion: protocol.OptionalText(envelope.TextAttribute(signer, envelope.AttributeProfileVersion)),
		Job:            protocol.OptionalText(envelope.TextAttribute(signer, envelope.AttributeJob)),
		SigningTime:    timeText(signed.SigningTime),
		Attributes:     otherAttributes(signed.ExtendedAttributes),
		Metadata:       []protocol.NamedText{},
		SigningAgent:   protocol.OptionalText(signer.UnsignedAttributes.SigningAgent),
		Certificates:   []protocol.Certificate{},
		RootTrusted:    slices.ContainsFunc(i.Roots, signer.CertificateChain[len(signer.CertificateChain)-1].Equal),
	}
	if !signed.Expiry.IsZero() {
		contents.Expiry = protocol.OptionalText(timeText(signed.Expiry))
		contents.Expired = i.Now.After(signed.Expiry)
	}
	for _, certificate := range signer.CertificateChain {
		contents.Certificates = append(contents.Certificates, describeCertificate(certificate))
	}
	var payload struct {
		TargetArtifact ocispec.Descriptor `json:"targetArtifact"`
	}
	if err := json.Unmarshal(claims.Payload.Content, &payload); err == nil && payload.TargetArtifact.Digest != "" {
		target := payload.TargetArtifact
		contents.Artifact = artifactOf(target)
		contents.ForThisImage = content.Equal(target, image)
		contents.Metadata = namedTexts(target.Annotations)
	}
	return contents
}

func describeCertificate(certificate *x509.Certificate) protocol.Certificate {
	fingerprint := sha256.Sum256(certificate.Raw)
	return protocol.Certificate{
		Subject:   protocol.Printable(certificate.Subject.String()),
		Issuer:    protocol.Printable(certificate.Issuer.String()),
		NotBefore: timeText(certificate.NotBefore),
		NotAfter:  timeText(certificate.NotAfter),
		SHA256:    hex.EncodeToString(fingerprint[:]),
	}
}

func algorithmName(algorithm signature.Algorithm) string {
	name, err := proto.EncodeSigningAlgorithm(algorithm)
	if err != nil {
		return "unknown"
	}
	return string(name)
}

func otherAttributes(attributes []signature.Attribute) []protocol.NamedText {
	others := map[string]string{}
	for _, attribute := range attributes {
		name := fmt.Sprint(attribute.Key)
		if name == envelope.AttributeProfileVersion || name == envelope.AttributeJob {
			continue
		}
		value, ok := attribute.Value.(string)
		if !ok {
			encoded, _ := json.Marshal(attribute.Value)
			value = string(encoded)
		}
		others[name] = value
	}
	return namedTexts(others)
}

func namedTexts(texts map[string]string) []protocol.NamedText {
	named := make([]protocol.NamedText, 0, len(texts))
	for name, value := range texts {
		named = append(named, protocol.NamedText{Name: protocol.Printable(name), Value: protocol.Printable(value)})
	}
	slices.SortFunc(named, func(a, b protocol.NamedText) int { return strings.Compare(a.Name, b.Name) })
	return named
}

// timeText also formats years that JSON's time format rejects: an envelope can contain any year.
func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339) }
