package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/signer"
	"github.com/aws/smithy-go"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

// envelopeJWS is the only envelope that AWS Signer makes.
const envelopeJWS = "application/jose+json"

// signPayloadInput says what to ask of AWS Signer. The profile's owner comes
// from its ARN, so that a profile shared by another account can be used.
func signPayloadInput(request *plugin.GenerateEnvelopeRequest) (*signer.SignPayloadInput, error) {
	if request.ContractVersion != plugin.ContractVersion {
		return nil, plugin.NewUnsupportedContractVersionError(request.ContractVersion)
	}
	if request.ExpiryDurationInSeconds != 0 {
		return nil, plugin.NewValidationError("AWSSigner plugin doesn't support -e (--expiry) argument. Please use signing profile to set signature expiry.")
	}
	if request.SignatureEnvelopeType != envelopeJWS {
		return nil, plugin.NewUnsupportedError(fmt.Sprintf("envelope type %q", request.SignatureEnvelopeType))
	}
	profile, err := arn.Parse(request.KeyID)
	path := strings.Split(profile.Resource, "/")
	if err != nil || len(path) != 3 {
		return nil, plugin.NewValidationErrorf("%s is not a valid AWS Signer signing profile or signing profile version ARN.", request.KeyID)
	}
	return &signer.SignPayloadInput{
		Payload:       request.Payload,
		PayloadFormat: aws.String(request.PayloadType),
		ProfileName:   aws.String(path[2]),
		ProfileOwner:  aws.String(profile.AccountID),
	}, nil
}

// signingError gives an error of SignPayload the code of the plugin contract.
func signingError(err error) *plugin.Error {
	var apiError smithy.APIError
	if !errors.As(err, &apiError) {
		return plugin.NewGenericError(err.Error())
	}
	message := fmt.Sprintf("Failed to call AWSSigner. Error: %s.", apiError.ErrorMessage())
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		message += fmt.Sprintf(" RequestID: %s.", response.ServiceRequestID())
	}
	return plugin.NewError(contractErrorCode(apiError.ErrorCode()), message)
}

func contractErrorCode(awsCode string) plugin.ErrorCode {
	switch awsCode {
	case "ValidationException", "ResourceNotFoundException", "NotFoundException", "BadRequestException":
		return plugin.ErrorCodeValidation
	case "AccessDeniedException":
		return plugin.ErrorCodeAccessDenied
	// The service model says TooManyRequestsException, which the real plugin
	// does not list and so reports as a generic error.
	case "ThrottlingException":
		return plugin.ErrorCodeThrottled
	default:
		return plugin.ErrorCodeGeneric
	}
}
