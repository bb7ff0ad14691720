package main

import (
	"io"
	"log"
	"net/http"

	"github.com/google/go-containerregistry/pkg/registry"
)

// newRegistry returns an empty registry. With referrersAPI it answers
// /v2/<name>/referrers/<digest>; without, that path is a 404, on which clients
// fall back to the referrers tag schema.
//
// Blobs are shared by all repositories, and a manifest pushed by digest is
// stored without comparing the two, so that a test can store one that does not
// match.
func newRegistry(referrersAPI bool) http.Handler {
	// The library's own referrers API lists in random order and forgets a
	// referrer whose manifest is deleted; ours stands in front of it.
	content := registry.New(
		registry.Logger(log.New(io.Discard, "", 0)),
		registry.WithReferrersSupport(false),
	)
	if !referrersAPI {
		return content
	}
	return newReferrersIndex().serveBefore(content)
}
