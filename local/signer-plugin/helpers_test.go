package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/signer"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

const (
	profileARN        = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release"
	profileVersionARN = profileARN + "/abcdefghij"
	jobARN            = "arn:aws:signer:eu-west-1:111122223333:/signing-jobs/6f1c8c1e-0000-0000-0000-000000000000"
	payloadType       = "application/vnd.cncf.notary.payload.v1+json"
)

// standInSigner answers as AWS Signer would and keeps what it was asked.
type standInSigner struct {
	status    int
	errorType string
	body      string

	requests []*http.Request
	bodies   [][]byte
}

// plugin returns a plugin whose SDK client reaches the stand-in under any host
// name, host prefixes included, and retries without waiting.
func (s *standInSigner) plugin(t *testing.T) signerPlugin {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.requests = append(s.requests, r)
		s.bodies = append(s.bodies, body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-RequestId", "request-1")
		if s.errorType != "" {
			w.Header().Set("X-Amzn-ErrorType", s.errorType)
		}
		w.WriteHeader(s.status)
		_, _ = io.WriteString(w, s.body)
	}))
	t.Cleanup(server.Close)
	return pluginTalkingTo(server.Listener.Addr().String(), credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""))
}

func pluginTalkingTo(address string, provider aws.CredentialsProvider) signerPlugin {
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	client := signer.New(signer.Options{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String("http://signer.test"),
		HTTPClient:   &http.Client{Transport: transport},
		Credentials:  provider,
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		}),
	})
	return signerPlugin{connect: func(context.Context, map[string]string) (signerAPI, error) { return client, nil }}
}

// offlinePlugin fails the test when it would call AWS Signer.
func offlinePlugin(t *testing.T) signerPlugin {
	return signerPlugin{connect: func(context.Context, map[string]string) (signerAPI, error) {
		t.Error("AWS Signer was to be called")
		return nil, plugin.NewGenericError("no network in this test")
	}}
}

// verifyRequest is what Notation sends for a good signature under a policy that
// trusts its profile.
func verifyRequest(t *testing.T) *plugin.VerifySignatureRequest {
	t.Helper()
	signedAt := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	leaf, root := certificateChain(t)
	return &plugin.VerifySignatureRequest{
		ContractVersion: plugin.ContractVersion,
		Signature: plugin.Signature{
			CriticalAttributes: plugin.CriticalAttributes{
				ContentType:          payloadType,
				SigningScheme:        signingScheme,
				AuthenticSigningTime: &signedAt,
				ExtendedAttributes: map[string]any{
					attributeProfileVersion: profileVersionARN,
					attributeJob:            jobARN,
				},
			},
			CertificateChain: [][]byte{leaf.Raw, root.Raw},
		},
		TrustPolicy: plugin.TrustPolicy{
			TrustedIdentities: []string{profileARN},
			SignatureVerification: []plugin.Capability{
				plugin.CapabilityTrustedIdentityVerifier,
				plugin.CapabilityRevocationCheckVerifier,
			},
		},
	}
}

func certificateChain(t *testing.T) (leaf, root *x509.Certificate) {
	t.Helper()
	rootKey, leafKey := newKey(t), newKey(t)
	rootTemplate := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "root"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	root = newCertificate(t, rootTemplate, rootTemplate, rootKey, rootKey)
	leafTemplate := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "leaf"}, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	return newCertificate(t, leafTemplate, root, leafKey, rootKey), root
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newCertificate(t *testing.T, template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func wantError(t *testing.T, err error, code plugin.ErrorCode, message string) {
	t.Helper()
	if got, ok := err.(*plugin.Error); !ok || got.ErrCode != code || got.Message != message {
		t.Errorf("got %v, want %s %q", err, code, message)
	}
}
