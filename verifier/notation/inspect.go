package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/inspect"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// inspectSettings are the options of inspect. The limits are those of a verification.
type inspectSettings struct {
	imageFlags
	roots         string
	noRevocation  bool
	maxSignatures int
	deadlineMs    int64
}

// runInspect prints an Inspection of one image. It fails if the registry could not be read.
func runInspect(ctx context.Context, args []string, stdin io.Reader, stdout, _ io.Writer) error {
	var settings inspectSettings
	flags := newFlags("inspect")
	settings.register(flags)
	flags.StringVar(&settings.roots, "roots", "", "file with the root certificates to recognise, in PEM")
	flags.BoolVar(&settings.noRevocation, "no-revocation", false, "do not ask AWS Signer; no plugin is needed")
	flags.IntVar(&settings.maxSignatures, "max-signatures", protocol.DefaultMaxSignatures, "the maximum number of signatures to read")
	flags.Int64Var(&settings.deadlineMs, "deadline-ms", 30_000, "time limit in milliseconds")
	if err := parseFlags(flags, args, "roots"); err != nil {
		return err
	}
	if settings.maxSignatures < 1 || settings.maxSignatures > protocol.MaxSignatures || settings.deadlineMs < 1 {
		return usageError{fmt.Sprintf("inspect: --max-signatures must be 1 to %d, and --deadline-ms at least 1", protocol.MaxSignatures)}
	}
	if settings.plugin == "" && !settings.noRevocation {
		return usageError{"inspect: --plugin is missing; --no-revocation needs none"}
	}
	reference, credentials, err := settings.imageArgument(flags, stdin)
	if err != nil {
		return err
	}
	roots, err := config.LoadRoots(settings.roots)
	if err != nil {
		return err
	}
	// Must come before the Signer endpoint changes the environment: that proxy is for the plugin only.
	clients := registry.NewClients(settings.plainHTTP)
	revocation, err := askSigner(ctx, settings)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(registry.WithLastFailure(ctx), time.Duration(settings.deadlineMs)*time.Millisecond)
	defer cancel()
	i := inspect.Inspector{Repository: clients.Repository(reference, credentials), Roots: roots, Revocation: revocation, Now: time.Now()}
	inspection := i.Inspect(ctx, reference, settings.maxSignatures)
	if err := json.NewEncoder(stdout).Encode(inspection); err != nil {
		return err
	}
	if inspection.Error != nil {
		return fmt.Errorf("inspect: %s: %s", inspection.Error.Kind, inspection.Error.Detail)
	}
	return nil
}

// askSigner returns the function that asks Signer. With an unusable plugin the status stays unknown; all else can still
// be read.
func askSigner(ctx context.Context, settings inspectSettings) (inspect.AskRevocation, error) {
	if settings.noRevocation {
		return inspect.WithoutAsking("not checked, because of --no-revocation"), nil
	}
	if err := settings.redirectSigner(ctx); err != nil {
		return nil, err
	}
	plugin, err := signer.Load(ctx, settings.plugin)
	if err != nil {
		return inspect.WithoutAsking("the Signer plugin cannot be used: " + err.Error()), nil
	}
	return plugin.AskRevocation, nil
}
