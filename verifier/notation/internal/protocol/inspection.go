package protocol

// Inspection is the output of inspect: the signatures of an image and their contents. No verdict. Text from signers is
// made printable. Every key is always present.
type Inspection struct {
	// Reference is registry/repository@digest once the image is known, and the given reference before.
	Reference string `json:"reference"`
	// Image is the registry's answer to the request for the image.
	Image      *Artifact             `json:"image"`
	Signatures []*InspectedSignature `json:"signatures"`
	// More: the registry lists more signatures than were read.
	More bool `json:"more"`
	// Error is why the list is missing or incomplete.
	Error *Fault `json:"error"`
}

// Artifact is something in a registry.
type Artifact struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	// Size in bytes.
	Size int64 `json:"size"`
}

// InspectedSignature is one signature: its contents, or why it cannot be read.
type InspectedSignature struct {
	// Digest of the signature manifest.
	Digest     string             `json:"digest"`
	Unreadable *Fault             `json:"unreadable"`
	Contents   *SignatureContents `json:"contents"`
}

// SignatureContents is what an envelope says about itself. It is true only as far as Intact and RootTrusted go:
// everyone who may push to the repository can write the rest. Times are RFC 3339 in UTC.
type SignatureContents struct {
	// MediaType of the envelope.
	MediaType string `json:"mediaType"`
	Algorithm string `json:"algorithm"`
	// Scheme says who vouches for the signing time.
	Scheme         string  `json:"scheme"`
	ProfileVersion *string `json:"profileVersion"`
	Job            *string `json:"job"`
	SigningTime    string  `json:"signingTime"`
	Expiry         *string `json:"expiry"`
	Expired        bool    `json:"expired"`
	// Attributes are the other signed attributes.
	Attributes []NamedText `json:"attributes"`
	// Artifact is what the signature is for, if its payload says so.
	Artifact *Artifact `json:"artifact"`
	// ForThisImage: Artifact is exactly the image.
	ForThisImage bool `json:"forThisImage"`
	// Metadata are the annotations that the signer added to the artifact.
	Metadata []NamedText `json:"metadata"`
	// SigningAgent is not protected by the signature.
	SigningAgent *string `json:"signingAgent"`
	// Certificates from the leaf to the root. Each has been checked to have signed the one before.
	Certificates []Certificate `json:"certificates"`
	// Intact: the signature of attributes and payload is valid for the key of the leaf.
	Intact bool `json:"intact"`
	// Broken says why it is not.
	Broken *string `json:"broken"`
	// RootTrusted: the chain ends in one of the given roots.
	RootTrusted bool       `json:"rootTrusted"`
	Revocation  Revocation `json:"revocation"`
}

// NamedText is an attribute or an annotation. A value that is not text is written as JSON.
type NamedText struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Certificate of a signature's chain.
type Certificate struct {
	Subject   string `json:"subject"`
	Issuer    string `json:"issuer"`
	NotBefore string `json:"notBefore"`
	NotAfter  string `json:"notAfter"`
	// SHA256 of the certificate in DER, in lower-case hexadecimal.
	SHA256 string `json:"sha256"`
}

// RevocationStatus is Signer's answer.
type RevocationStatus string

const (
	StatusNotRevoked RevocationStatus = "not-revoked"
	StatusRevoked    RevocationStatus = "revoked"
	// StatusUnknown: Signer was not asked, or did not answer.
	StatusUnknown RevocationStatus = "unknown"
)

// Revocation is what Signer reports about a signature.
type Revocation struct {
	Status RevocationStatus `json:"status"`
	// Detail says what is revoked, or why the status is unknown; null if nothing is revoked.
	Detail *string `json:"detail"`
}

// UnknownRevocation is a status that stays unknown, with the reason.
func UnknownRevocation(why string) Revocation { return Revocation{StatusUnknown, OptionalText(why)} }

// OptionalText is printable text, or nil if it is empty.
func OptionalText(raw string) *string {
	if raw == "" {
		return nil
	}
	safe := Printable(raw)
	return &safe
}
