package main

import (
	"context"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

func TestRevocationStatusIsAskedForTheWholeSignature(t *testing.T) {
	api := &standInSigner{status: http.StatusOK, body: `{"revokedEntities":[]}`}
	request := verifyRequest(t)

	result, err := api.plugin(t).checkRevocation(t.Context(), request)

	if err != nil || !result.Success || len(api.requests) != 1 {
		t.Fatalf("%+v %v, %d requests", result, err, len(api.requests))
	}
	asked := api.requests[0]
	if asked.Method != http.MethodGet || asked.URL.Path != "/revocations" || asked.Host != "data-signer.test" {
		t.Errorf("asked %s %s%s", asked.Method, asked.Host, asked.URL.Path)
	}
	query := asked.URL.Query()
	for name, want := range map[string]string{
		"platformId":         "Notation-OCI-SHA384-ECDSA",
		"profileVersionArn":  profileVersionARN,
		"jobArn":             jobARN,
		"signatureTimestamp": "2026-01-02T03:04:05Z",
	} {
		if query.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, query.Get(name), want)
		}
	}
	leaf, root := tbsDigest(t, request.Signature.CertificateChain[0]), tbsDigest(t, request.Signature.CertificateChain[1])
	// Signing the request puts the values of one parameter in order.
	want := []string{leaf + root, root + root}
	slices.Sort(want)
	if got := query["certificateHashes"]; !slices.Equal(got, want) {
		t.Errorf("certificateHashes = %v, want %v", got, want)
	}
}

func TestRevokedEntitiesAreNamed(t *testing.T) {
	hash := "0badc0de"
	cases := []struct {
		entities []string
		reason   string
	}{
		{[]string{jobARN}, "Resource(s) " + jobARN + " have been revoked."},
		{[]string{profileVersionARN, jobARN}, "Resource(s) " + profileVersionARN + ", " + jobARN + " have been revoked."},
		{[]string{hash}, "Certificate(s) have been revoked."},
		{[]string{hash, jobARN}, "Resource(s) " + jobARN + " have been revoked.Certificate(s) have been revoked."},
	}
	for _, c := range cases {
		if got := revokedReason(c.entities); got != c.reason {
			t.Errorf("%v: %q, want %q", c.entities, got, c.reason)
		}
	}
}

func TestRevokedSignatureFails(t *testing.T) {
	api := &standInSigner{status: http.StatusOK, body: `{"revokedEntities":["` + jobARN + `"]}`}

	result, err := api.plugin(t).checkRevocation(t.Context(), verifyRequest(t))

	if err != nil || result.Success || result.Reason != "Resource(s) "+jobARN+" have been revoked." {
		t.Errorf("%+v %v", result, err)
	}
}

// The texts are the SDK's. Whoever sorts failures by them finds here which ones
// exist.
func TestFailedCallGivesTheErrorOfTheSDK(t *testing.T) {
	const call = "GetRevocationStatus call failed with error: operation error signer: GetRevocationStatus, "
	const threeTimes = "exceeded maximum number of attempts, 3, "
	cases := map[string]struct {
		api      standInSigner
		attempts int
		reason   string
	}{
		"access denied": {
			standInSigner{status: 403, errorType: "AccessDeniedException", body: `{"message":"not authorized"}`}, 1,
			call + "https response error StatusCode: 403, RequestID: request-1, AccessDeniedException: not authorized",
		},
		"access denied, without a message as AWS sends it": {
			standInSigner{status: 403, errorType: "AccessDeniedException", body: `{}`}, 1,
			call + "https response error StatusCode: 403, RequestID: request-1, AccessDeniedException: ",
		},
		"expired session": {
			standInSigner{status: 403, errorType: "ExpiredTokenException", body: `{"message":"expired"}`}, 1,
			call + "https response error StatusCode: 403, RequestID: request-1, api error ExpiredTokenException: expired",
		},
		"refused as invalid": {
			standInSigner{status: 400, errorType: "ValidationException", body: `{"message":"bad ARN"}`}, 1,
			call + "https response error StatusCode: 400, RequestID: request-1, ValidationException: bad ARN",
		},
		"throttled": {
			standInSigner{status: 429, errorType: "TooManyRequestsException", body: `{"message":"slow down"}`}, 3,
			call + threeTimes + "https response error StatusCode: 429, RequestID: request-1, TooManyRequestsException: slow down",
		},
		"fault of the service": {
			standInSigner{status: 500, errorType: "InternalServiceErrorException", body: `{"message":"oops"}`}, 3,
			call + threeTimes + "https response error StatusCode: 500, RequestID: request-1, InternalServiceErrorException: oops",
		},
		"page of a gateway": {
			standInSigner{status: 503, body: `<html>`}, 3,
			call + threeTimes + "https response error StatusCode: 503, RequestID: request-1, deserialization failed, failed to decode response body, invalid character '<' looking for beginning of value",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			result, err := c.api.plugin(t).checkRevocation(t.Context(), verifyRequest(t))
			if err != nil {
				t.Fatal(err)
			}
			if result.Success || result.Reason != c.reason {
				t.Errorf("got  %q\nwant %q", result.Reason, c.reason)
			}
			if len(c.api.requests) != c.attempts {
				t.Errorf("%d attempts, want %d", len(c.api.requests), c.attempts)
			}
		})
	}
}

func TestRefusedConnectionGivesTheErrorOfTheSDK(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	program := pluginTalkingTo(address, credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""))

	result, err := program.checkRevocation(t.Context(), verifyRequest(t))

	want := regexp.MustCompile(`^GetRevocationStatus call failed with error: operation error signer: GetRevocationStatus, ` +
		`exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, ` +
		`Get "http://data-signer\.test/revocations\?[^"]+": dial tcp 127\.0\.0\.1:\d+: connect: connection refused$`)
	if err != nil || result.Success || !want.MatchString(result.Reason) {
		t.Errorf("%+v %v", result, err)
	}
}

func TestMissingCredentialsGiveTheErrorOfTheSDK(t *testing.T) {
	none := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("none here")
	})

	result, err := pluginTalkingTo("127.0.0.1:0", none).checkRevocation(t.Context(), verifyRequest(t))

	want := "GetRevocationStatus call failed with error: operation error signer: GetRevocationStatus, get identity: get credentials: none here"
	if err != nil || result.Success || result.Reason != want {
		t.Errorf("%+v %v, want %q", result, err, want)
	}
}

func tbsDigest(t *testing.T, der []byte) string {
	t.Helper()
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha512.Sum384(certificate.RawTBSCertificate)
	return hex.EncodeToString(digest[:])
}
