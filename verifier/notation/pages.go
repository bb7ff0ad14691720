package main

import (
	"net/http"
	"sync/atomic"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote"
)

// pageCounter counts the pages of a list that the registry sends, also those on which there is no signature: oras-go
// keeps these to itself.
type pageCounter struct {
	remote.Client
	pages atomic.Int64
}

// Do sends a request of the list.
func (c *pageCounter) Do(request *http.Request) (*http.Response, error) {
	response, err := c.Client.Do(request)
	if err == nil && response.StatusCode == http.StatusOK && response.Header.Get("Content-Type") == ocispec.MediaTypeImageIndex {
		c.pages.Add(1)
	}
	return response, err
}
