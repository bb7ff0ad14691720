package main

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

func TestBothResultsAreGivenWhenOneFails(t *testing.T) {
	api := &standInSigner{status: http.StatusOK, body: `{"revokedEntities":[]}`}
	request := verifyRequest(t)
	request.TrustPolicy.TrustedIdentities = nil

	response, err := api.plugin(t).VerifySignature(t.Context(), request)

	if err != nil {
		t.Fatal(err)
	}
	identity := response.VerificationResults[plugin.CapabilityTrustedIdentityVerifier]
	revocation := response.VerificationResults[plugin.CapabilityRevocationCheckVerifier]
	if identity == nil || identity.Success || revocation == nil || !revocation.Success {
		t.Errorf("identity %+v, revocation %+v", identity, revocation)
	}
}

func TestOnlyRequestedCapabilitiesAreChecked(t *testing.T) {
	request := verifyRequest(t)
	request.TrustPolicy.SignatureVerification = []plugin.Capability{plugin.CapabilityTrustedIdentityVerifier}

	response, err := offlinePlugin(t).VerifySignature(t.Context(), request)

	if err != nil || len(response.VerificationResults) != 1 || !response.VerificationResults[plugin.CapabilityTrustedIdentityVerifier].Success {
		t.Errorf("%+v %v", response, err)
	}
}

func TestProcessedAttributesLeaveOutTheAlias(t *testing.T) {
	request := verifyRequest(t)
	request.Signature.CriticalAttributes.ExtendedAttributes["com.amazonaws.signer.signingProfileAlias"] = "arn:aws:signer:eu-west-1:111122223333:/aliases/a"
	request.TrustPolicy.SignatureVerification = []plugin.Capability{plugin.CapabilityTrustedIdentityVerifier}

	response, err := offlinePlugin(t).VerifySignature(t.Context(), request)

	if err != nil {
		t.Fatal(err)
	}
	if want := []any{attributeProfileVersion, attributeJob}; !reflect.DeepEqual(response.ProcessedAttributes, want) {
		t.Errorf("processed %v, want %v", response.ProcessedAttributes, want)
	}
}

func TestRequestsThatCannotBeJudgedAreErrors(t *testing.T) {
	cases := map[string]struct {
		change  func(*plugin.VerifySignatureRequest)
		code    plugin.ErrorCode
		message string
	}{
		"another contract": {
			func(r *plugin.VerifySignatureRequest) { r.ContractVersion = "2.0" },
			plugin.ErrorCodeUnsupportedContractVersion, `"2.0" is not a supported notary plugin contract version`,
		},
		"wildcard identity": {
			func(r *plugin.VerifySignatureRequest) { r.TrustPolicy.TrustedIdentities = []string{profileARN, "*"} },
			plugin.ErrorCodeValidation, "The AWSSigner plugin does not support wildcard identity in the trust policy.",
		},
		"another capability": {
			func(r *plugin.VerifySignatureRequest) {
				r.TrustPolicy.SignatureVerification = []plugin.Capability{plugin.CapabilityEnvelopeGenerator}
			},
			plugin.ErrorCodeValidation, "'SIGNATURE_GENERATOR.ENVELOPE' is not a supported plugin capability",
		},
		"no signing time": {
			func(r *plugin.VerifySignatureRequest) { r.Signature.CriticalAttributes.AuthenticSigningTime = nil },
			plugin.ErrorCodeValidation, "missing authenticSigningTime",
		},
		"zero signing time": {
			func(r *plugin.VerifySignatureRequest) {
				r.Signature.CriticalAttributes.AuthenticSigningTime = &time.Time{}
			},
			plugin.ErrorCodeValidation, "missing authenticSigningTime",
		},
		"another scheme": {
			func(r *plugin.VerifySignatureRequest) { r.Signature.CriticalAttributes.SigningScheme = "notary.x509" },
			plugin.ErrorCodeValidation, "'notary.x509' signing scheme is not supported",
		},
		"no profile version": {
			func(r *plugin.VerifySignatureRequest) {
				delete(r.Signature.CriticalAttributes.ExtendedAttributes, attributeProfileVersion)
			},
			plugin.ErrorCodeValidation, `unable to parse attribute "com.amazonaws.signer.signingProfileVersion".`,
		},
		"job that is no text": {
			func(r *plugin.VerifySignatureRequest) {
				r.Signature.CriticalAttributes.ExtendedAttributes[attributeJob] = 7
			},
			plugin.ErrorCodeValidation, `unable to parse attribute "com.amazonaws.signer.signingJob".`,
		},
		"garbage as certificate": {
			func(r *plugin.VerifySignatureRequest) { r.Signature.CertificateChain[1] = []byte("garbage") },
			plugin.ErrorCodeValidation, "unable to parse certificates in certificate chain.",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			request := verifyRequest(t)
			c.change(request)

			_, err := offlinePlugin(t).VerifySignature(t.Context(), request)

			wantError(t, err, c.code, c.message)
		})
	}
}
