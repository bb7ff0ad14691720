// Command signer-plugin stands in for the AWS Signer plugin for Notation where
// that plugin cannot be had: on development machines and in the tests. It keeps
// the contract of github.com/aws/aws-signer-notation-plugin v1.0.2292 (name,
// commands, trust rules, reasons) and calls AWS Signer through the AWS SDK, so
// that the error texts are those of the SDK. Images that run in AWS carry the
// real plugin.
//
// Build it as notation-com.amazonaws.signer.notation.plugin. Notation starts it
// once per command, with JSON on standard input and output.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/notaryproject/notation-plugin-framework-go/cli"
)

func main() {
	program, err := cli.New(signerPlugin{connect: connectToSigner})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program.Execute(context.Background(), os.Args)
}
