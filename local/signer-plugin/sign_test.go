package main

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

func signRequest() *plugin.GenerateEnvelopeRequest {
	return &plugin.GenerateEnvelopeRequest{
		ContractVersion:       plugin.ContractVersion,
		KeyID:                 profileARN,
		PayloadType:           payloadType,
		SignatureEnvelopeType: envelopeJWS,
		Payload:               []byte(`{"targetArtifact":{}}`),
	}
}

func TestPayloadIsSignedByTheProfileOfItsOwner(t *testing.T) {
	envelope := []byte(`{"payload":""}`)
	api := &standInSigner{
		status: http.StatusOK,
		body:   `{"jobId":"j","jobOwner":"o","metadata":{"k":"v"},"signature":"` + base64.StdEncoding.EncodeToString(envelope) + `"}`,
	}

	response, err := api.plugin(t).GenerateEnvelope(t.Context(), signRequest())

	if err != nil {
		t.Fatal(err)
	}
	want := plugin.GenerateEnvelopeResponse{SignatureEnvelope: envelope, SignatureEnvelopeType: envelopeJWS, Annotations: map[string]string{"k": "v"}}
	if !reflect.DeepEqual(*response, want) {
		t.Errorf("got %+v, want %+v", *response, want)
	}
	asked := api.requests[0]
	if asked.Method != http.MethodPost || asked.URL.Path != "/signing-jobs/with-payload" || asked.Host != "signer.test" {
		t.Errorf("asked %s %s%s", asked.Method, asked.Host, asked.URL.Path)
	}
	var body map[string]string
	if err := json.Unmarshal(api.bodies[0], &body); err != nil {
		t.Fatal(err)
	}
	wantBody := map[string]string{
		"payload":       base64.StdEncoding.EncodeToString(signRequest().Payload),
		"payloadFormat": payloadType,
		"profileName":   "release",
		"profileOwner":  "111122223333",
	}
	if !reflect.DeepEqual(body, wantBody) {
		t.Errorf("asked for %v, want %v", body, wantBody)
	}
}

func TestSigningRequestsThatSignerCannotServeAreErrors(t *testing.T) {
	notAProfile := " is not a valid AWS Signer signing profile or signing profile version ARN."
	cases := map[string]struct {
		change  func(*plugin.GenerateEnvelopeRequest)
		code    plugin.ErrorCode
		message string
	}{
		"another contract": {
			func(r *plugin.GenerateEnvelopeRequest) { r.ContractVersion = "2.0" },
			plugin.ErrorCodeUnsupportedContractVersion, `"2.0" is not a supported notary plugin contract version`,
		},
		"an expiry": {
			func(r *plugin.GenerateEnvelopeRequest) { r.ExpiryDurationInSeconds = 1 },
			plugin.ErrorCodeValidation, "AWSSigner plugin doesn't support -e (--expiry) argument. Please use signing profile to set signature expiry.",
		},
		"COSE": {
			func(r *plugin.GenerateEnvelopeRequest) { r.SignatureEnvelopeType = "application/cose" },
			plugin.ErrorCodeValidation, `envelope type "application/cose" is not supported`,
		},
		"key that is no ARN": {
			func(r *plugin.GenerateEnvelopeRequest) { r.KeyID = "release" },
			plugin.ErrorCodeValidation, "release" + notAProfile,
		},
		"profile version": {
			func(r *plugin.GenerateEnvelopeRequest) { r.KeyID = profileVersionARN },
			plugin.ErrorCodeValidation, profileVersionARN + notAProfile,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			request := signRequest()
			c.change(request)

			_, err := offlinePlugin(t).GenerateEnvelope(t.Context(), request)

			wantError(t, err, c.code, c.message)
		})
	}
}

func TestSigningErrorsHaveTheCodesOfTheContract(t *testing.T) {
	cases := []struct {
		status    int
		errorType string
		code      plugin.ErrorCode
	}{
		{403, "AccessDeniedException", plugin.ErrorCodeAccessDenied},
		{404, "ResourceNotFoundException", plugin.ErrorCodeValidation},
		{400, "ValidationException", plugin.ErrorCodeValidation},
		{429, "ThrottlingException", plugin.ErrorCodeThrottled},
		{429, "TooManyRequestsException", plugin.ErrorCodeGeneric},
		{500, "InternalServiceErrorException", plugin.ErrorCodeGeneric},
	}
	for _, c := range cases {
		t.Run(c.errorType, func(t *testing.T) {
			api := &standInSigner{status: c.status, errorType: c.errorType, body: `{"message":"because"}`}

			_, err := api.plugin(t).GenerateEnvelope(t.Context(), signRequest())

			wantError(t, err, c.code, "Failed to call AWSSigner. Error: because. RequestID: request-1.")
		})
	}
}
