// Package config reads the configuration: the trust policy, the trust store and root certificates. An unusable file
// results in an Error that names it.
//
// It uses no network: everything is read from files once, at start-up.
package config

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	nx509 "github.com/notaryproject/notation-core-go/x509"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"
)

// Error is a configuration that cannot be used; File names the file at fault.
type Error struct {
	File string
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.File, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// Trust is the content of a configuration folder, read once at start-up.
type Trust struct {
	Policy *trustpolicy.Document
	Store  truststore.X509TrustStore
}

// LoadTrust reads trustpolicy.json and the trust stores it names from a folder laid out like NOTATION_CONFIG. It
// rejects every level except strict without overrides: the other levels accept signatures that must be denied.
func LoadTrust(ctx context.Context, folder string) (*Trust, error) {
	policy, err := loadPolicy(filepath.Join(folder, dir.PathTrustPolicy))
	if err != nil {
		return nil, err
	}
	store, err := loadStores(ctx, folder, policy)
	if err != nil {
		return nil, err
	}
	return &Trust{Policy: policy, Store: store}, nil
}

func loadPolicy(file string) (*trustpolicy.Document, error) {
	info, err := os.Lstat(file)
	if err != nil {
		return nil, &Error{file, reason(err)}
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{file, errors.New("the trust policy must be a regular file (not a symbolic link)")}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &Error{file, reason(err)}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var policy trustpolicy.Document
	if err := decoder.Decode(&policy); err != nil {
		return nil, &Error{file, fmt.Errorf("malformed trust policy: %w", err)}
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, &Error{file, errors.New("malformed trust policy: there is extra content after its JSON value")}
	}
	if err := policy.Validate(); err != nil {
		return nil, &Error{file, err}
	}
	for _, statement := range policy.TrustPolicies {
		if err := requireStrict(statement); err != nil {
			return nil, &Error{file, err}
		}
	}
	return &policy, nil
}

func requireStrict(statement trustpolicy.TrustPolicy) error {
	verification := statement.SignatureVerification
	if verification.VerificationLevel != trustpolicy.LevelStrict.Name {
		return fmt.Errorf("statement %q has level %q: only %q is allowed", statement.Name, verification.VerificationLevel, trustpolicy.LevelStrict.Name)
	}
	if len(verification.Override) > 0 {
		return fmt.Errorf("statement %q has an override: none is allowed", statement.Name)
	}
	for _, store := range statement.TrustStores {
		if !strings.HasPrefix(store, string(truststore.TypeSigningAuthority)+":") {
			return fmt.Errorf("statement %q names trust store %q: only %s:<name> is allowed", statement.Name, store, truststore.TypeSigningAuthority)
		}
	}
	for _, identity := range statement.TrustedIdentities {
		// Notation itself would match x509.subject identities, and query OCSP servers that the certificates name. An
		// alias fixes neither account nor region of the profile behind it.
		if !strings.HasPrefix(identity, "arn:") || !strings.Contains(identity, ":/signing-profiles/") {
			return fmt.Errorf("statement %q trusts identity %q: only ARNs of signing profiles are allowed", statement.Name, identity)
		}
	}
	return nil
}

// loadedStores keeps certificates in memory, so that a verification reads no file.
type loadedStores map[string][]*x509.Certificate

func (s loadedStores) GetCertificates(_ context.Context, kind truststore.Type, name string) ([]*x509.Certificate, error) {
	certificates, ok := s[storeKey(kind, name)]
	if !ok {
		return nil, truststore.TrustStoreError{Msg: fmt.Sprintf("the trust store %q of type %q does not exist", name, kind)}
	}
	return certificates, nil
}

func storeKey(kind truststore.Type, name string) string { return string(kind) + ":" + name }

func loadStores(ctx context.Context, folder string, policy *trustpolicy.Document) (loadedStores, error) {
	files := truststore.NewX509TrustStore(dir.NewSysFS(folder))
	stores := loadedStores{}
	for _, statement := range policy.TrustPolicies {
		for _, store := range statement.TrustStores {
			kind, name, _ := strings.Cut(store, ":")
			key := storeKey(truststore.Type(kind), name)
			if _, done := stores[key]; done {
				continue
			}
			certificates, err := files.GetCertificates(ctx, truststore.Type(kind), name)
			if err != nil {
				return nil, &Error{filepath.Join(folder, dir.X509TrustStoreDir(kind, name)), err}
			}
			stores[key] = certificates
		}
	}
	return stores, nil
}

// LoadRoots reads root certificates from a file in PEM.
func LoadRoots(file string) ([]*x509.Certificate, error) {
	roots, err := nx509.ReadCertificateFile(file)
	if err != nil {
		return nil, &Error{file, reason(err)}
	}
	return roots, nil
}

// reason removes the path that Error already contains.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
