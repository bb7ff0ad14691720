package registry

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"

	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// Explain returns the kind of fault of a failed call to the registry. A fault that is not known as an infrastructure
// fault is rejected: the publisher of an image must not be able to fake one.
func Explain(ctx context.Context, err error) *protocol.Fault {
	return explain(ctx, err, nil)
}

// explain removes the login from the text before it is made printable and short: half a secret would not be found.
func explain(ctx context.Context, err error, login *protocol.Credentials) *protocol.Fault {
	fault := &protocol.Fault{Kind: protocol.KindRejected, Detail: protocol.Printable(redact(causeFirst(err), login))}
	var response *errcode.ErrorResponse
	var storage *storageError
	var network net.Error
	var transport *url.Error
	switch {
	case ctx.Err() != nil:
		return ExplainDeadline(ctx)
	case errors.Is(err, errdef.ErrNotFound):
		fault.Kind = protocol.KindNotFound
	case errors.Is(err, errdef.ErrSizeExceedsLimit), errors.Is(err, errTooLarge), errors.Is(err, errListLimit):
		fault.Kind = protocol.KindTooLarge
	case errors.Is(err, auth.ErrBasicCredentialNotFound), errors.As(err, new(*foreignRealmError)), errors.As(err, new(*sentOnError)), errors.As(err, new(*basicOnlyError)):
		fault.Kind = protocol.KindAccessDenied
	case errors.As(err, new(*ownAddressError)):
		fault.Kind = protocol.KindRejected
	case errors.As(err, &storage):
		fault.Kind = protocol.KindOfStatus(storage.status)
		fault.Status = storage.status
	case errors.As(err, &response):
		fault.Kind = protocol.KindOfStatus(response.StatusCode)
		fault.Status = response.StatusCode
		if isTokenServer(response) && fault.Kind != protocol.KindUnavailable {
			fault.Kind = protocol.KindAccessDenied
		}
	case errors.Is(err, errBodyCut), errors.Is(err, errCallLimit), errors.As(err, &network), errors.As(err, &transport):
		fault.Kind = protocol.KindUnavailable
	}
	return fault
}

// isTokenServer: the refusal comes neither from the registry's API nor from its storage, so it comes from its token
// server, and says nothing about an image.
func isTokenServer(response *errcode.ErrorResponse) bool {
	return response.URL != nil && !strings.HasPrefix(response.URL.Path, "/v2/")
}

// ExplainDeadline explains a deadline: a registry that kept failing until then is unavailable, not slow.
func ExplainDeadline(ctx context.Context) *protocol.Fault {
	if failure := failureOf(ctx); failure != nil {
		return &protocol.Fault{
			Kind:   protocol.KindUnavailable,
			Status: failure.status,
			Detail: protocol.Printable("still failing when the deadline passed: " + failure.err.Error()),
		}
	}
	return &protocol.Fault{Kind: protocol.KindDeadline, Detail: "the deadline passed while waiting for the registry's answer"}
}
