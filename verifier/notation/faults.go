package main

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"

	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"
)

// registryFault tells what kind of fault a failed call to the registry was. What is not recognised as a fault of the
// infrastructure is rejected: whoever publishes an image must not be able to make up one.
func registryFault(ctx context.Context, err error) *Fault {
	fault := &Fault{Kind: KindRejected, Detail: printable(causeFirst(err))}
	var response *errcode.ErrorResponse
	var storage *storageError
	var network net.Error
	var transport *url.Error
	switch {
	case ctx.Err() != nil:
		return deadlineFault(ctx)
	case errors.Is(err, errdef.ErrNotFound):
		fault.Kind = KindNotFound
	case errors.Is(err, errdef.ErrSizeExceedsLimit), errors.Is(err, errTooLarge), errors.Is(err, errListLimit):
		fault.Kind = KindTooLarge
	case errors.Is(err, auth.ErrBasicCredentialNotFound), errors.As(err, new(*foreignRealmError)):
		fault.Kind = KindAccessDenied
	case errors.As(err, new(*ownAddressError)):
		fault.Kind = KindRejected
	case errors.As(err, &storage):
		fault.Kind = kindOfStatus(storage.status)
		fault.Status = storage.status
	case errors.As(err, &response):
		fault.Kind = kindOfStatus(response.StatusCode)
		fault.Status = response.StatusCode
		if isTokenServer(response) && fault.Kind != KindUnavailable {
			fault.Kind = KindAccessDenied
		}
	case errors.Is(err, errBodyCut), errors.Is(err, errCallLimit), errors.As(err, &network), errors.As(err, &transport):
		fault.Kind = KindUnavailable
	}
	return fault
}

// isTokenServer: the refusal does not come from the registry's API, and not from its storage, so it comes from where its
// tokens are to be had, and says nothing about an image.
func isTokenServer(response *errcode.ErrorResponse) bool {
	return response.URL != nil && !strings.HasPrefix(response.URL.Path, "/v2/")
}

// deadlineFault explains a deadline: a registry that has kept failing until then is unavailable, not slow.
func deadlineFault(ctx context.Context) *Fault {
	if failure := failureOf(ctx); failure != nil {
		return &Fault{
			Kind:   KindUnavailable,
			Status: failure.status,
			Detail: printable("still failing when the deadline came: " + failure.err.Error()),
		}
	}
	return &Fault{Kind: KindDeadline, Detail: "the deadline came while the registry's answer was awaited"}
}
