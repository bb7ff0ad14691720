package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
)

const (
	// maxManifestBytes and maxEnvelopeBytes bound what a publisher can make us read for one signature. A manifest that
	// Notation writes has about a kilobyte, an envelope of AWS Signer's about eight.
	maxManifestBytes = 64 << 10
	maxEnvelopeBytes = 256 << 10
	// keptEntryBytes is what an entry costs beside its bytes.
	keptEntryBytes = 512
	// maxKeptBytes bounds the envelopes that are kept for the next verification of the same image.
	maxKeptBytes = 8 << 20
)

var errTooLarge = errors.New("too large")

// Envelope is a signature as it was published.
type Envelope struct {
	MediaType string
	Bytes     []byte
}

// Envelopes reads signature envelopes. Their contents are addressed by digest and never change, so those that have been
// read are kept.
type Envelopes struct {
	mu   sync.Mutex
	kept map[string]Envelope
	size int
}

// NewEnvelopes makes an empty store.
func NewEnvelopes() *Envelopes { return &Envelopes{kept: map[string]Envelope{}} }

// Fetch reads the envelope of the signature whose manifest has the descriptor.
func (e *Envelopes) Fetch(ctx context.Context, repository *remote.Repository, manifest ocispec.Descriptor) (Envelope, error) {
	// The repository is part of the key: having it in one says nothing about another.
	key := fmt.Sprintf("%s/%s@%s", repository.Reference.Registry, repository.Reference.Repository, manifest.Digest)
	if envelope, ok := e.get(key); ok {
		return envelope, nil
	}
	envelope, err := fetchEnvelope(ctx, repository, manifest)
	if err != nil {
		return Envelope{}, err
	}
	e.keep(key, envelope)
	return envelope, nil
}

func (e *Envelopes) get(key string) (Envelope, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	envelope, ok := e.kept[key]
	return envelope, ok
}

func (e *Envelopes) keep(key string, envelope Envelope) {
	e.mu.Lock()
	defer e.mu.Unlock()
	size := len(envelope.Bytes) + len(key) + keptEntryBytes
	if e.size+size > maxKeptBytes {
		clear(e.kept)
		e.size = 0
	}
	if _, ok := e.kept[key]; !ok {
		e.kept[key] = envelope
		e.size += size
	}
}

func fetchEnvelope(ctx context.Context, repository *remote.Repository, manifest ocispec.Descriptor) (Envelope, error) {
	if manifest.MediaType != ocispec.MediaTypeImageManifest {
		return Envelope{}, fmt.Errorf("a signature manifest of media type %q is not supported", manifest.MediaType)
	}
	text, err := fetchBounded(ctx, repository.Manifests(), manifest, maxManifestBytes)
	if err != nil {
		return Envelope{}, fmt.Errorf("signature manifest: %w", err)
	}
	// Only what is needed: a descriptor of the specification has room for a publisher's lists of URLs and annotations.
	var parsed struct {
		Layers []struct {
			MediaType string        `json:"mediaType"`
			Digest    digest.Digest `json:"digest"`
			Size      int64         `json:"size"`
		} `json:"layers"`
	}
	if err := json.Unmarshal(text, &parsed); err != nil {
		return Envelope{}, fmt.Errorf("signature manifest: %w", err)
	}
	if len(parsed.Layers) != 1 {
		return Envelope{}, fmt.Errorf("signature manifest: %d layers in place of one", len(parsed.Layers))
	}
	layer := ocispec.Descriptor{MediaType: parsed.Layers[0].MediaType, Digest: parsed.Layers[0].Digest, Size: parsed.Layers[0].Size}
	bytes, err := fetchBounded(ctx, repository.Blobs(), layer, maxEnvelopeBytes)
	if err != nil {
		return Envelope{}, fmt.Errorf("signature envelope: %w", err)
	}
	return Envelope{MediaType: layer.MediaType, Bytes: bytes}, nil
}

// fetchBounded reads what a descriptor names, never more than the descriptor says nor than the limit, and compares
// its size and digest.
func fetchBounded(ctx context.Context, fetcher content.Fetcher, descriptor ocispec.Descriptor, limit int64) ([]byte, error) {
	if err := descriptor.Digest.Validate(); err != nil {
		return nil, fmt.Errorf("digest %q: %w", descriptor.Digest, err)
	}
	if descriptor.Digest.Algorithm() != digest.SHA256 && descriptor.Digest.Algorithm() != digest.SHA512 {
		return nil, fmt.Errorf("digest %q: %w", descriptor.Digest, digest.ErrDigestUnsupported)
	}
	if descriptor.Size < 0 {
		return nil, fmt.Errorf("a size of %d bytes is not possible", descriptor.Size)
	}
	if descriptor.Size > limit {
		return nil, fmt.Errorf("%d bytes, the limit is %d: %w", descriptor.Size, limit, errTooLarge)
	}
	reader, err := fetcher.Fetch(ctx, descriptor)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return content.ReadAll(reader, descriptor)
}
