// Command notation-verifier verifies and signs container images with the
// Notary Project's notation-go library and the AWS Signer plugin.
//
//	notation-verifier serve   reads requests and writes results, one JSON object per line
//	notation-verifier sign    signs one image
//	notation-verifier inspect lists the signatures of one image
//	notation-verifier check   reads a configuration folder and names its statements
//	notation-verifier version prints the versions it is made of
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

const usage = `usage:
  notation-verifier serve --config DIR --plugin FILE [--plain-http] [--signer-endpoint URL]
  notation-verifier sign --profile ARN --plugin FILE [--unless-signed [--roots FILE]] [--plain-http] [--signer-endpoint URL] [--credentials-stdin] REFERENCE
  notation-verifier inspect --roots FILE --plugin FILE [--no-revocation] [--plain-http] [--signer-endpoint URL] [--credentials-stdin] [--max-signatures N] [--deadline-ms N] REFERENCE
  notation-verifier check --config DIR
  notation-verifier version
`

// Exit codes: a failure, and a call that cannot be understood (EX_USAGE of sysexits.h).
const (
	exitFailure = 1
	exitUsage   = 64
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	var err error
	switch args[0] {
	case "serve":
		err = runServe(ctx, args[1:], stdin, stdout, stderr)
	case "sign":
		err = runSign(ctx, args[1:], stdin, stdout, stderr)
	case "inspect":
		err = runInspect(ctx, args[1:], stdin, stdout, stderr)
	case "check":
		err = runCheck(ctx, args[1:], stdout)
	case "version":
		err = json.NewEncoder(stdout).Encode(protocol.ReadVersions())
	default:
		err = usageError{fmt.Sprintf("unknown command %q", args[0])}
	}
	switch {
	case err == nil:
		return 0
	case errors.As(err, new(usageError)):
		fmt.Fprintf(stderr, "notation-verifier: %v\n%s", err, usage)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "notation-verifier: %v\n", err)
		return exitFailure
	}
}

// usageError is a call with invalid arguments.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

// pluginFlags are the flags of every command that uses a plugin and a registry.
type pluginFlags struct {
	plugin         string
	plainHTTP      bool
	signerEndpoint string
}

func (p *pluginFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&p.plugin, "plugin", "", "the AWS Signer plugin's executable")
	flags.BoolVar(&p.plainHTTP, "plain-http", false, "use HTTP for registries, for registries on this machine")
	flags.StringVar(&p.signerEndpoint, "signer-endpoint", "", "use this URL instead of AWS Signer")
}

// redirectSigner must be called after the registries have read their proxy settings: it changes the environment, for
// the plugin only.
func (p *pluginFlags) redirectSigner(ctx context.Context) error {
	err := signer.Redirect(ctx, p.signerEndpoint)
	if errors.As(err, new(*signer.EndpointError)) {
		return usageError{"--signer-endpoint " + err.Error()}
	}
	return err
}

// newFlags creates a flag set that reports errors as usageError.
func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

func parseFlags(flags *flag.FlagSet, args []string, required ...string) error {
	if err := flags.Parse(args); err != nil {
		return usageError{err.Error()}
	}
	for _, name := range required {
		if flags.Lookup(name).Value.String() == "" {
			return usageError{fmt.Sprintf("%s: --%s is missing", flags.Name(), name)}
		}
	}
	return nil
}
