// Package envelope reads signature envelopes that nobody has verified yet: it refuses those that are too much work or for
// another image, names what was signed, and knows the attributes that AWS Signer writes.
//
// It decides nothing about trust and asks nobody: whatever it reads was written by whoever may push to the repository.
package envelope

// MaxBytes bounds what a publisher can make us read. An envelope of AWS Signer's has about eight kilobytes.
const MaxBytes = 256 << 10

// Raw is a signature envelope as it was published.
type Raw struct {
	MediaType string
	Bytes     []byte
}
