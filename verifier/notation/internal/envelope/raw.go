// Package envelope reads signature envelopes before they are verified: it rejects those that take too long to check or
// are for another image, identifies the signed content, and knows the attributes that AWS Signer writes.
//
// It makes no trust decision and uses no network. Everyone who may push to the repository can write what it reads.
package envelope

// MaxBytes limits what a publisher can make us read. An envelope of AWS Signer has about eight kilobytes.
const MaxBytes = 256 << 10

// Raw is a signature envelope as it was published.
type Raw struct {
	MediaType string
	Bytes     []byte
}
