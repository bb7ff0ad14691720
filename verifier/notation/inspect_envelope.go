package main

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
)

// open reads an envelope: what it says, or why it cannot be read.
func (i *inspector) open(ctx context.Context, envelope Envelope, image ocispec.Descriptor) (contents *SignatureContents, unreadable *Fault) {
	// As in a verification: a parser that panics must not take the other signatures down.
	defer func() {
		if r := recover(); r != nil {
			contents, unreadable = nil, unparsable(r)
		}
	}()
	if failed := examineFormat(envelope); failed != nil {
		return nil, failed.fault
	}
	parsed, err := signature.ParseEnvelope(jws.MediaTypeEnvelope, envelope.Bytes)
	if err != nil {
		return nil, unparsable(err)
	}
	// Content also checks the form of the chain and that each certificate has signed the one before it.
	claims, err := parsed.Content()
	if err != nil {
		return nil, unparsable(err)
	}
	contents = i.describe(envelope, claims, image)
	if _, err := parsed.Verify(); err != nil {
		contents.Broken = text(err.Error())
	} else {
		contents.Intact = true
	}
	contents.Revocation = i.askRevocation(ctx, contents, claims)
	return contents, nil
}

func unparsable(why any) *Fault {
	return refuse(CheckIntegrity, "the envelope cannot be parsed: %v", why).fault
}

// askRevocation asks Signer about signatures that are Signer's only: of others it knows nothing, and would not say so.
func (i *inspector) askRevocation(ctx context.Context, contents *SignatureContents, claims *signature.EnvelopeContent) Revocation {
	switch {
	case !contents.Intact:
		return unknown("not asked, because the envelope is not intact")
	case !contents.RootTrusted:
		return unknown("not asked, because the chain does not end in a root certificate of AWS Signer")
	default:
		return i.revocation(ctx, claims)
	}
}

func (i *inspector) describe(envelope Envelope, claims *signature.EnvelopeContent, image ocispec.Descriptor) *SignatureContents {
	signer := claims.SignerInfo
	signed := signer.SignedAttributes
	contents := &SignatureContents{
		MediaType:      printable(envelope.MediaType),
		Algorithm:      algorithmName(signer.SignatureAlgorithm),
		Scheme:         printable(string(signed.SigningScheme)),
		ProfileVersion: text(stringAttribute(signer, attributeProfileVersion)),
		Job:            text(stringAttribute(signer, attributeJob)),
		SigningTime:    timeText(signed.SigningTime),
		Attributes:     otherAttributes(signed.ExtendedAttributes),
		Metadata:       []NamedText{},
		SigningAgent:   text(signer.UnsignedAttributes.SigningAgent),
		Certificates:   []Certificate{},
		RootTrusted:    slices.ContainsFunc(i.roots, signer.CertificateChain[len(signer.CertificateChain)-1].Equal),
	}
	if !signed.Expiry.IsZero() {
		contents.Expiry = text(timeText(signed.Expiry))
		contents.Expired = i.now.After(signed.Expiry)
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

func describeCertificate(certificate *x509.Certificate) Certificate {
	fingerprint := sha256.Sum256(certificate.Raw)
	return Certificate{
		Subject:   printable(certificate.Subject.String()),
		Issuer:    printable(certificate.Issuer.String()),
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

func otherAttributes(attributes []signature.Attribute) []NamedText {
	others := map[string]string{}
	for _, attribute := range attributes {
		name := fmt.Sprint(attribute.Key)
		if name == attributeProfileVersion || name == attributeJob {
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

func namedTexts(texts map[string]string) []NamedText {
	named := make([]NamedText, 0, len(texts))
	for name, value := range texts {
		named = append(named, NamedText{printable(name), printable(value)})
	}
	slices.SortFunc(named, func(a, b NamedText) int { return strings.Compare(a.Name, b.Name) })
	return named
}

// timeText writes also years that JSON's time format refuses: an envelope may say any.
func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339) }
