package main

import (
	"context"

	"github.com/notaryproject/notation-core-go/signature"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/signer"
)

// revocationOf asks whether anything of a signature is revoked.
type revocationOf func(context.Context, *signature.EnvelopeContent) protocol.Revocation

// askSigner makes the question. A plugin that cannot be used leaves the status unknown; the rest can still be read.
func askSigner(ctx context.Context, settings inspectSettings) (revocationOf, error) {
	if settings.noRevocation {
		return answer(protocol.UnknownRevocation("not asked, as the call says")), nil
	}
	if err := settings.redirectSigner(ctx); err != nil {
		return nil, err
	}
	plugin, err := signer.Load(ctx, settings.plugin)
	if err != nil {
		return answer(protocol.UnknownRevocation("the Signer plugin cannot be used: " + err.Error())), nil
	}
	return plugin.AskRevocation, nil
}

func answer(revocation protocol.Revocation) revocationOf {
	return func(context.Context, *signature.EnvelopeContent) protocol.Revocation { return revocation }
}
