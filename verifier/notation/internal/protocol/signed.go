package protocol

// Signed is the output of sign: the image and the signature that it has now.
type Signed struct {
	Reference string        `json:"reference"`
	Digest    string        `json:"digest"`
	Signature SignatureFact `json:"signature"`
	// Earlier is what Signer says of a signature that was there before. A new one lacks it.
	Earlier *Revocation `json:"earlier,omitempty"`
}

// SignFailure is what sign prints instead of Signed.
type SignFailure struct {
	Error *Fault `json:"error"`
}
