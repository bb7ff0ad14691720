package envelope

import (
	"time"

	"github.com/notaryproject/notation-core-go/signature"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

const (
	// AttributeProfileVersion and AttributeJob are the attributes that AWS Signer writes into each signature: the
	// version of the signing profile, and the signing job.
	AttributeProfileVersion = "com.amazonaws.signer.signingProfileVersion"
	AttributeJob            = "com.amazonaws.signer.signingJob"
	// AttributePlugin and AttributePluginMinVersion are the attributes by which a signature requires a plugin (Notary
	// Project signature specification).
	AttributePlugin           = "io.cncf.notary.verificationPlugin"
	AttributePluginMinVersion = "io.cncf.notary.verificationPluginMinVersion"
)

// TextAttribute returns an extended attribute with a text value; empty if there is none.
func TextAttribute(signer signature.SignerInfo, key string) string {
	attribute, err := signer.ExtendedAttribute(key)
	if err != nil {
		return ""
	}
	text, _ := attribute.Value.(string)
	return text
}

// AddEvidence copies what the envelope says about its signing. It is true only if its chain has been verified.
func AddEvidence(fact *protocol.SignatureFact, signer signature.SignerInfo) {
	fact.ProfileVersion = protocol.Printable(TextAttribute(signer, AttributeProfileVersion))
	fact.Job = protocol.Printable(TextAttribute(signer, AttributeJob))
	fact.SigningTime = optionalTime(signer.SignedAttributes.SigningTime)
	fact.Expiry = optionalTime(signer.SignedAttributes.Expiry)
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
