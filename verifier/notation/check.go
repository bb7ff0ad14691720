package main

import (
	"context"
	"fmt"
	"io"

	"ecs-image-verification/verifier/notation/internal/config"
)

// runCheck reads a configuration folder like serve and prints the names of its statements, one per line. The image
// build runs it, so that an image never contains a configuration that serve would reject.
//
// It fails with a config.Error that names the file.
func runCheck(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("check")
	folder := flags.String("config", "", "the folder with trustpolicy.json and truststore/")
	if err := parseFlags(flags, args, "config"); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usageError{fmt.Sprintf("check: unexpected argument %q", flags.Arg(0))}
	}
	trust, err := config.LoadTrust(ctx, *folder)
	if err != nil {
		return err
	}
	for _, statement := range trust.Policy.TrustPolicies {
		fmt.Fprintln(stdout, statement.Name)
	}
	return nil
}
