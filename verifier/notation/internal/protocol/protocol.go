// Package protocol defines what this program reads and writes: requests, results and the answers of its commands, one
// JSON object per line. The TypeScript side reads exactly this format (verifier/src/notation), so each field has an
// explanation.
//
// It has facts and no verdicts, and it imports no other package of this program. All text from others must pass through
// Printable first.
package protocol

import (
	"time"

	"github.com/opencontainers/go-digest"
)

// Request asks for the verification of one image. One JSON object per line on standard input.
type Request struct {
	// ID is repeated in the result.
	ID string `json:"id"`
	// Reference is registry/repository with a tag or a digest.
	Reference string `json:"reference"`
	// Credentials are for the registry of Reference and are never sent anywhere else.
	Credentials *Credentials `json:"credentials,omitempty"`
	// ECR says that the registry belongs to Amazon ECR, whose refusals name the policy that caused them.
	ECR bool `json:"ecr,omitempty"`
	// DeadlineMs is the time limit for the answer, in milliseconds.
	DeadlineMs int64 `json:"deadlineMs"`
	// MaxSignatures is the maximum number of signatures tried; 0 means 50.
	MaxSignatures int `json:"maxSignatures,omitempty"`
	// Require lists the signers that the statement requires: each entry must be met. Without it, one valid signature is
	// enough.
	Require []Requirement `json:"require,omitempty"`
	// NotBefore refuses signatures that were made earlier.
	NotBefore *time.Time `json:"notBefore,omitempty"`
	// Remembered are the digests of signature manifests that decided earlier. They are tried first, outside the limits.
	// A line with an ID and this field only adds them to a request that awaits them.
	Remembered []digest.Digest `json:"remembered,omitempty"`
	// AwaitsRemembered says that such a line follows: the work that needs no signatures starts before it.
	AwaitsRemembered bool `json:"awaitsRemembered,omitempty"`
	// Elsewhere is a repository with signatures of the same digest. It is read only if the signatures beside the image
	// are not enough.
	Elsewhere *Elsewhere `json:"elsewhere,omitempty"`
}

// Requirement is met by valid signatures of AtLeast of its identities. Versions of a signing profile are one identity.
type Requirement struct {
	// Identities are ARNs of signing profiles or profile versions.
	Identities []string `json:"identities"`
	AtLeast    int      `json:"atLeast"`
}

// Elsewhere is a repository other than that of the image.
type Elsewhere struct {
	// Repository is registry/repository.
	Repository string `json:"repository"`
	// Credentials are for the registry of Repository.
	Credentials *Credentials `json:"credentials,omitempty"`
	// ECR says that the registry belongs to Amazon ECR.
	ECR bool `json:"ecr,omitempty"`
}

const (
	// DefaultMaxSignatures is the default for the number of signatures of an image that are tried or read.
	DefaultMaxSignatures = 50
	// MaxSignatures is the highest number that a request may have.
	MaxSignatures = 1000
)

// Credentials authenticate to one registry.
type Credentials struct {
	Username string `json:"username"`
	Password string `json:"password"`
	// TokenServer is the host, with its port if it has one, of the registry's token server, if it is another host.
	TokenServer string `json:"tokenServer,omitempty"`
	// IdentityToken takes the place of the password at the token server (OAuth 2 refresh token).
	IdentityToken string `json:"identityToken,omitempty"`
}

// Outcome says how a verification ended. It is a fact, not a verdict.
type Outcome string

const (
	// OutcomeVerified: one signature passed every check, or one of each required signer.
	OutcomeVerified Outcome = "verified"
	// OutcomeNotVerified: all signatures were tried, and none passed.
	OutcomeNotVerified Outcome = "not-verified"
	// OutcomeNoSignatures: the registry answered and lists none.
	OutcomeNoSignatures Outcome = "no-signatures"
	// OutcomeTooManySignatures: a limit on signatures or referrers was reached.
	OutcomeTooManySignatures Outcome = "too-many-signatures"
	// OutcomeFailed: the verification could not be completed; see Error.
	OutcomeFailed Outcome = "failed"
)

// Result answers one request. It has facts only.
type Result struct {
	ID         string          `json:"id"`
	Reference  string          `json:"reference"`
	Digest     string          `json:"digest,omitempty"`
	MediaType  string          `json:"mediaType,omitempty"`
	Size       int64           `json:"size,omitempty"`
	Outcome    Outcome         `json:"outcome"`
	Signatures []SignatureFact `json:"signatures"`
	// Pages counts the pages of referrers that the registry sent.
	Pages int    `json:"pages"`
	Error *Fault `json:"error,omitempty"`
}

// Check is one step in verifying a signature. They are listed in the order in which they run.
type Check string

const (
	CheckFetch       Check = "fetch"        // the signature's manifest and envelope are read
	CheckTarget      Check = "target"       // the envelope is for this image
	CheckIntegrity   Check = "integrity"    // the envelope is well formed, its signature and chain hold
	CheckPlugin      Check = "plugin"       // the plugin asked for is the AWS Signer plugin, new enough
	CheckTrustStore  Check = "trust-store"  // the chain ends in the trust store
	CheckExpiry      Check = "expiry"       // the signature has not expired
	CheckSigningTime Check = "signing-time" // the certificates were valid at signing time
	CheckIdentity    Check = "identity"     // the signing profile is listed in the statement
	CheckAge         Check = "age"          // the signature was not made before the request's NotBefore
	CheckAttributes  Check = "attributes"   // all extended attributes are processed
	CheckRevocation  Check = "revocation"   // Signer says that nothing is revoked
)

// SignatureFact says which checks one signature passed.
type SignatureFact struct {
	// Digest of the signature manifest.
	Digest string `json:"digest"`
	Valid  bool   `json:"valid"`
	// Remembered says that the request named the signature: it was tried before any list was used, and outside the limits.
	Remembered bool `json:"remembered,omitempty"`
	// Check is the one that failed, with its Fault.
	Check Check  `json:"check,omitempty"`
	Fault *Fault `json:"fault,omitempty"`
	// The fields below come from the envelope. They are present once its chain was found in the trust store.
	ProfileVersion string     `json:"profileVersion,omitempty"`
	Job            string     `json:"job,omitempty"`
	SigningTime    *time.Time `json:"signingTime,omitempty"`
	Expiry         *time.Time `json:"expiry,omitempty"`
}

// Stage is the part of the work that failed as a whole.
type Stage string

const (
	StageRequest   Stage = "request"   // the request itself
	StagePolicy    Stage = "policy"    // looking for the statement that applies
	StageResolve   Stage = "resolve"   // asking the registry for the image
	StageList      Stage = "list"      // asking the registry for its signatures
	StageElsewhere Stage = "elsewhere" // asking the other repository for its signatures
	StageVerify    Stage = "verify"    // trying the signatures
	StageInspect   Stage = "inspect"   // reading the signatures
	StageSign      Stage = "sign"      // having AWS Signer sign
	StagePush      Stage = "push"      // storing the signature in the registry
)

// Kind of a fault.
type Kind string

const (
	KindRefused          Kind = "refused"           // a check said no
	KindRevoked          Kind = "revoked"           // Signer says that it is revoked
	KindRejected         Kind = "rejected"          // an answer that is an error of the request, or that makes no sense
	KindNotFound         Kind = "not-found"         // the registry does not have it
	KindTooLarge         Kind = "too-large"         // over a size limit
	KindAccessDenied     Kind = "access-denied"     // our credentials themselves are refused, or there are none for AWS
	KindLoginRequired    Kind = "login-required"    // the registry wants a login, and there was none
	KindRepositoryDenied Kind = "repository-denied" // our login is accepted, and this repository refuses it
	KindOverLimit        Kind = "over-limit"        // not asked about: a limit was reached
	KindUnavailable      Kind = "unavailable"       // network, DNS, TLS, throttling, server errors
	KindDeadline         Kind = "deadline"          // the request's deadline passed
	KindMisconfigured    Kind = "misconfigured"     // our own set-up is unusable
	KindNoStatement      Kind = "no-statement"      // no statement of the trust policy applies
)

// Fault is something that failed, and where.
type Fault struct {
	Stage Stage `json:"stage,omitempty"`
	Kind  Kind  `json:"kind"`
	// Status is the HTTP status code, if there was one.
	Status int `json:"status,omitempty"`
	// Detail is text for people. It may contain text from others, made printable.
	Detail string `json:"detail"`
}
