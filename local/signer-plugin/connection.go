package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/signer"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

// Keys of Notation's --plugin-config that the AWS Signer plugin knows; others
// are ignored.
const (
	configProfile  = "aws-profile"
	configRegion   = "aws-region"
	configEndpoint = "aws-signer-endpoint-url"
)

// connectToSigner makes a client from the SDK's default configuration
// (environment, shared files, container and instance roles) with the SDK's
// standard retries. It sends nothing yet.
//
// For GetRevocationStatus, not for SignPayload, the SDK puts "data-" before the
// host of the endpoint, an overridden one included. Before v1.32.0 of
// service/signer, and so in plugin v1.0.2292, it was "verification.".
func connectToSigner(ctx context.Context, pluginConfig map[string]string) (signerAPI, error) {
	var options []func(*config.LoadOptions) error
	if profile, ok := pluginConfig[configProfile]; ok {
		options = append(options, config.WithSharedConfigProfile(profile))
	}
	if region, ok := pluginConfig[configRegion]; ok {
		options = append(options, config.WithRegion(region))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, plugin.NewGenericError(err.Error())
	}
	return signer.NewFromConfig(loaded, func(o *signer.Options) {
		if endpoint := pluginConfig[configEndpoint]; endpoint != "" {
			o.BaseEndpoint = aws.String(endpoint)
		}
	}), nil
}
