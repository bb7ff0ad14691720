package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"

	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
)

// imageFlags are the flags of the commands for one image.
type imageFlags struct {
	pluginFlags
	withCredentials bool
}

func (f *imageFlags) register(flags *flag.FlagSet) {
	f.pluginFlags.register(flags)
	flags.BoolVar(&f.withCredentials, "credentials-stdin", false, `read {"username","password"} for the registry from standard input`)
}

// imageArgument reads the only argument, the image, and the registry's credentials if the flag says so.
func (f *imageFlags) imageArgument(flags *flag.FlagSet, stdin io.Reader) (ociregistry.Reference, *protocol.Credentials, error) {
	if flags.NArg() != 1 {
		return ociregistry.Reference{}, nil, usageError{flags.Name() + ": exactly one REFERENCE is needed"}
	}
	reference, err := registry.ParseReference(flags.Arg(0))
	if err != nil || reference.Reference == "" {
		return ociregistry.Reference{}, nil, usageError{fmt.Sprintf("%s: %q is not registry/repository with a tag or a digest", flags.Name(), flags.Arg(0))}
	}
	if !f.withCredentials {
		return reference, nil, nil
	}
	var credentials *protocol.Credentials
	if err := json.NewDecoder(stdin).Decode(&credentials); err != nil {
		return ociregistry.Reference{}, nil, errors.New(flags.Name() + ": standard input holds no credentials as JSON")
	}
	return reference, credentials, nil
}
