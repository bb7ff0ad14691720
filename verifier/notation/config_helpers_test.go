package main

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

const goodPolicy = `{"version":"1.0","trustPolicies":[{"name":"release","registryScopes":["*"],` +
	`"signatureVerification":{"level":"strict"},"trustStores":["signingAuthority:aws-signer-ts"],"trustedIdentities":["` + profileARN + `"]}]}`

// configFolder makes a folder as NOTATION_CONFIG with the policy and a root certificate.
func configFolder(t *testing.T, policy string) string {
	t.Helper()
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "trustpolicy.json"), policy, 0o644)
	writeFile(t, filepath.Join(storeFolder(folder), "root.crt"), rootPEM(t), 0o644)
	return folder
}

func storeFolder(folder string) string {
	return filepath.Join(folder, "truststore", "x509", "signingAuthority", "aws-signer-ts")
}

func policyFile(folder string) string { return filepath.Join(folder, "trustpolicy.json") }

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
