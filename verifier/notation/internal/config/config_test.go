package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestTrustIsLoaded(t *testing.T) {
	trust, err := config.LoadTrust(t.Context(), testsupport.ConfigFolder(t, testsupport.TrustPolicy))

	if err != nil {
		t.Fatal(err)
	}
	certificates, err := trust.Store.GetCertificates(t.Context(), "signingAuthority", "aws-signer-ts")
	if err != nil || len(certificates) != 1 || certificates[0].Subject.CommonName != "root" {
		t.Errorf("%v %v", certificates, err)
	}
	if _, err := trust.Store.GetCertificates(t.Context(), "ca", "aws-signer-ts"); err == nil {
		t.Error("a store of another type was found")
	}
}

func TestTrustIsReadOnce(t *testing.T) {
	folder := testsupport.ConfigFolder(t, testsupport.TrustPolicy)
	trust, err := config.LoadTrust(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}

	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}

	if _, err := trust.Store.GetCertificates(t.Context(), "signingAuthority", "aws-signer-ts"); err != nil {
		t.Error(err)
	}
}

func TestRefusedPoliciesNameTheFileAndTheReason(t *testing.T) {
	change := func(from, to string) string { return strings.Replace(testsupport.TrustPolicy, from, to, 1) }
	for _, test := range []struct{ name, policy, reason string }{
		{"empty", "", "malformed trust policy"},
		{"no JSON", "trust me", "malformed trust policy"},
		{"cut", testsupport.TrustPolicy[:len(testsupport.TrustPolicy)-1], "malformed trust policy"},
		{"two values", testsupport.TrustPolicy + testsupport.TrustPolicy, "extra content after its JSON value"},
		{"a bracket too many", testsupport.TrustPolicy + "}", "extra content after its JSON value"},
		{"an unknown field", change(`"name"`, `"nmae":"x","name"`), `unknown field "nmae"`},
		{"an unknown field of a level", change(`"strict"`, `"strict","overide":{}`), `unknown field "overide"`},
		{"another version", change(`"1.0"`, `"2.0"`), "2.0"},
		{"no statements", `{"version":"1.0","trustPolicies":[]}`, "zero trust policy statements"},
		{"level audit", change(`"strict"`, `"audit"`), `level "audit": only "strict" is allowed`},
		{"level permissive", change(`"strict"`, `"permissive"`), `level "permissive": only "strict" is allowed`},
		{"level skip", change(`"signatureVerification":{"level":"strict"},"trustStores":["signingAuthority:aws-signer-ts"],"trustedIdentities":["`+testsupport.ProfileARN+`"]`,
			`"signatureVerification":{"level":"skip"}`), `level "skip": only "strict" is allowed`},
		{"level in another case", change(`"strict"`, `"STRICT"`), `STRICT`},
		{"an override", change(`"strict"`, `"strict","override":{"revocation":"skip"}`), "has an override: none is allowed"},
		{"an override that only repeats", change(`"strict"`, `"strict","override":{"expiry":"enforce"}`), "has an override: none is allowed"},
		{"a trust store of type ca", change("signingAuthority:", "ca:"), `trust store "ca:aws-signer-ts": only signingAuthority:<name> is allowed`},
		{"a trust store of type tsa", change(`["signingAuthority:aws-signer-ts"]`, `["signingAuthority:aws-signer-ts","tsa:x"]`), `trust store "tsa:x": only signingAuthority:<name> is allowed`},
		{"a wildcard identity", change(testsupport.ProfileARN, "*"), `identity "*": only ARNs of signing profiles are allowed`},
		{"an X.509 identity", change(testsupport.ProfileARN, "x509.subject: C=US, ST=WA, O=AWS"), `only ARNs of signing profiles are allowed`},
		{"no identity", change(`["`+testsupport.ProfileARN+`"]`, `[]`), "release"},
		{"a wildcard within a scope", change(`["*"]`, `["registry.example/*"]`), "registry.example/*"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := testsupport.ConfigFolder(t, test.policy)

			_, err := config.LoadTrust(t.Context(), folder)

			testsupport.WantConfigError(t, err, filepath.Join(folder, "trustpolicy.json"), test.reason)
		})
	}
}

func TestRefusedFilesAreNamed(t *testing.T) {
	for _, test := range []struct {
		name   string
		breaks func(t *testing.T, folder string)
		file   func(folder string) string
		reason string
	}{
		{"no policy", func(t *testing.T, folder string) { remove(t, testsupport.PolicyFile(folder)) }, testsupport.PolicyFile, "no such file"},
		{"the policy is a folder", func(t *testing.T, folder string) {
			remove(t, testsupport.PolicyFile(folder))
			makeFolder(t, testsupport.PolicyFile(folder))
		}, testsupport.PolicyFile, "regular file"},
		{"the policy is a symbolic link", func(t *testing.T, folder string) { linkAway(t, testsupport.PolicyFile(folder)) }, testsupport.PolicyFile, "not a symbolic link"},
		{"no trust store", func(t *testing.T, folder string) { remove(t, testsupport.StoreFolder(folder)) }, testsupport.StoreFolder, "does not exist"},
		{"an empty trust store", func(t *testing.T, folder string) { remove(t, rootFile(folder)) }, testsupport.StoreFolder, "no x509 certificates"},
		{"the trust store is a symbolic link", func(t *testing.T, folder string) { linkAway(t, testsupport.StoreFolder(folder)) }, testsupport.StoreFolder, "is not a regular directory"},
		{"a root is a symbolic link", func(t *testing.T, folder string) { linkAway(t, rootFile(folder)) }, testsupport.StoreFolder, "root.crt"},
		{"a root that is no certificate", func(t *testing.T, folder string) {
			testsupport.WriteFile(t, rootFile(folder), "not a certificate", 0o644)
		}, testsupport.StoreFolder, "root.crt"},
		{"a folder within the trust store", func(t *testing.T, folder string) {
			makeFolder(t, filepath.Join(testsupport.StoreFolder(folder), "..data"))
		}, testsupport.StoreFolder, "..data"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := testsupport.ConfigFolder(t, testsupport.TrustPolicy)
			test.breaks(t, folder)

			_, err := config.LoadTrust(t.Context(), folder)

			testsupport.WantConfigError(t, err, test.file(folder), test.reason)
		})
	}
}

func rootFile(folder string) string {
	return filepath.Join(testsupport.StoreFolder(folder), "root.crt")
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func makeFolder(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

// linkAway moves a file or folder to another place and leaves a symbolic link.
func linkAway(t *testing.T, path string) {
	t.Helper()
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(moved, path); err != nil {
		t.Fatal(err)
	}
}
