package registry

import (
	"context"
	"sync/atomic"
)

// lastFailure has the failure of the latest call of a request, or nil after a successful call.
type lastFailure struct{ atomic.Pointer[callFailure] }

type callFailure struct {
	status int
	err    error
}

type lastFailureKey struct{}

// WithLastFailure tells ExplainDeadline how the latest call of the request failed.
func WithLastFailure(ctx context.Context) context.Context {
	return context.WithValue(ctx, lastFailureKey{}, &lastFailure{})
}

func noteFailure(ctx context.Context, status int, err error) {
	// A call that our own deadline ended says nothing about the registry.
	last, ok := ctx.Value(lastFailureKey{}).(*lastFailure)
	if !ok || ctx.Err() != nil {
		return
	}
	if err == nil {
		last.Store(nil)
		return
	}
	last.Store(&callFailure{status: status, err: err})
}

func failureOf(ctx context.Context) *callFailure {
	if last, ok := ctx.Value(lastFailureKey{}).(*lastFailure); ok {
		return last.Load()
	}
	return nil
}
