package testsupport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"testing"
	"time"
)

const (
	// ProfileARN is the signing profile that TrustPolicy trusts.
	ProfileARN = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release"
	// ProfileVersionARN is a version of it.
	ProfileVersionARN = ProfileARN + "/abcdefghij"
)

// TrustPolicy is a policy with one statement, release, that trusts ProfileARN.
const TrustPolicy = `{"version":"1.0","trustPolicies":[{"name":"release","registryScopes":["*"],` +
	`"signatureVerification":{"level":"strict"},"trustStores":["signingAuthority:aws-signer-ts"],"trustedIdentities":["` + ProfileARN + `"]}]}`

// ConfigFolder makes a folder as NOTATION_CONFIG with the policy and a root certificate.
func ConfigFolder(t *testing.T, policy string) string {
	t.Helper()
	folder := t.TempDir()
	WriteFile(t, filepath.Join(folder, "trustpolicy.json"), policy, 0o644)
	WriteFile(t, filepath.Join(StoreFolder(folder), "root.crt"), rootPEM(t), 0o644)
	return folder
}

// StoreFolder is the trust store in a folder of ConfigFolder's.
func StoreFolder(folder string) string {
	return filepath.Join(folder, "truststore", "x509", "signingAuthority", "aws-signer-ts")
}

// PolicyFile is the trust policy in a folder of ConfigFolder's.
func PolicyFile(folder string) string { return filepath.Join(folder, "trustpolicy.json") }

func rootPEM(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "root"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
