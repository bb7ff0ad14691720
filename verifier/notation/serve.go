package main

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime/debug"

	"ecs-image-verification/verifier/notation/internal/config"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
	"ecs-image-verification/verifier/notation/internal/verification"
)

func runServe(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	var settings pluginFlags
	var folder string
	flags := newFlags("serve")
	settings.register(flags)
	flags.StringVar(&folder, "config", "", "folder with trustpolicy.json and truststore, as NOTATION_CONFIG")
	if err := parseFlags(flags, args, "config", "plugin"); err != nil {
		return err
	}
	limitMemory()
	out := protocol.NewLines(stdout)
	verifier, plugin, err := start(ctx, folder, settings)
	if err != nil {
		out.Write(notReady(err))
		return err
	}
	out.Write(protocol.Ready{Ready: true, Versions: protocol.ReadVersions(), Plugin: plugin.Version()})
	plugin.Prepare()
	defer plugin.Stop()
	return protocol.Serve(ctx, stdin, out, stderr, verifier.Answer, plugin.Prepare)
}

// memoryLimit is the memory that the garbage collector tries to keep this process below. The process shares 512 MiB
// with the function; other limits bound what a verification reads.
const memoryLimit = 100 << 20

func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

func start(ctx context.Context, folder string, settings pluginFlags) (*verification.Verifier, *signer.Plugin, error) {
	trust, err := config.LoadTrust(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	// Must come before the Signer endpoint changes the environment: that proxy is for the plugin only.
	clients := registry.NewClients(settings.plainHTTP)
	if err := settings.redirectSigner(ctx); err != nil {
		return nil, nil, err
	}
	plugin, err := signer.Load(ctx, settings.plugin)
	if err != nil {
		return nil, nil, err
	}
	verifier, err := verification.New(trust, plugin, clients)
	return verifier, plugin, err
}

func notReady(err error) protocol.NotReady {
	var unusable *config.Error
	if errors.As(err, &unusable) {
		return protocol.NotReady{File: unusable.File, Detail: protocol.Printable(unusable.Err.Error())}
	}
	return protocol.NotReady{Detail: protocol.Printable(err.Error())}
}
