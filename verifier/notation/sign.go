package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"time"

	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
	"ecs-image-verification/verifier/notation/internal/signing"
)

// signLimit is the time limit of a whole signing.
const signLimit = 2 * time.Minute

// signSettings are the options of sign.
type signSettings struct {
	imageFlags
	profile      string
	unlessSigned bool
	roots        string
}

// runSign signs one image with an AWS Signer profile through the plugin, and pushes the signature to the image's
// repository: by the referrers API, or by the tag schema where a registry lacks it. With --unless-signed, an earlier
// signature that the profile made for the image is enough. It prints Signed or SignFailure.
func runSign(ctx context.Context, args []string, stdin io.Reader, stdout, _ io.Writer) error {
	var settings signSettings
	flags := newFlags("sign")
	settings.register(flags)
	flags.StringVar(&settings.profile, "profile", "", "ARN of the signing profile")
	flags.BoolVar(&settings.unlessSigned, "unless-signed", false, "skip the image if the profile has already signed it")
	flags.StringVar(&settings.roots, "roots", "", "with --unless-signed: file with the root certificates to recognise, in PEM (default: any root)")
	if err := parseFlags(flags, args, "profile", "plugin"); err != nil {
		return err
	}
	reference, credentials, err := settings.imageArgument(flags, stdin)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(registry.WithLastFailure(ctx), signLimit)
	defer cancel()
	signed, err := sign(ctx, settings, reference, credentials)
	if err != nil {
		return errors.Join(err, json.NewEncoder(stdout).Encode(protocol.SignFailure{Error: signing.Explain(ctx, err)}))
	}
	return json.NewEncoder(stdout).Encode(signed)
}

// sign creates the registries' clients before the Signer endpoint changes the environment: that proxy is for the plugin
// only.
func sign(ctx context.Context, settings signSettings, reference ociregistry.Reference, credentials *protocol.Credentials) (*protocol.Signed, error) {
	roots, err := settings.loadRoots()
	if err != nil {
		return nil, err
	}
	clients := registry.NewClients(settings.plainHTTP)
	if err := settings.redirectSigner(ctx); err != nil {
		return nil, err
	}
	plugin, err := signer.Load(ctx, settings.plugin)
	if err != nil {
		return nil, err
	}
	job := signing.Job{
		Repository:   clients.Repository(reference, credentials),
		Plugin:       plugin,
		Profile:      settings.profile,
		UnlessSigned: settings.unlessSigned,
		Roots:        roots,
	}
	return job.Sign(ctx)
}

// loadRoots reads the roots of earlier signatures, if they are limited.
func (s signSettings) loadRoots() ([]*x509.Certificate, error) {
	if s.roots == "" {
		return nil, nil
	}
	return config.LoadRoots(s.roots)
}
