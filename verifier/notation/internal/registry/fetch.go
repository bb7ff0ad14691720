package registry

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

	"ecs-image-verification/verifier/notation/internal/envelope"
)

const (
	// maxManifestBytes limits what a publisher can make us read for one signature, in addition to its envelope. A
	// manifest that Notation writes has about a kilobyte.
	maxManifestBytes = 64 << 10
	// keptEntryBytes is the size of an entry without its bytes.
	keptEntryBytes = 512
	// maxKeptBytes limits the envelopes that are kept for the next verification of the same image.
	maxKeptBytes = 8 << 20
)

var errTooLarge = errors.New("too large")

// Envelopes reads signature envelopes. Their contents are addressed by digest and never change, so envelopes that were
// read are kept.
type Envelopes struct {
	mu   sync.Mutex
	kept map[string]envelope.Raw
	size int
}

// NewEnvelopes creates an empty store.
func NewEnvelopes() *Envelopes { return &Envelopes{kept: map[string]envelope.Raw{}} }

// Fetch reads the envelope of the signature whose manifest has the descriptor.
func (e *Envelopes) Fetch(ctx context.Context, repository *remote.Repository, manifest ocispec.Descriptor) (envelope.Raw, error) {
	// The repository is part of the key: that one repository has an envelope says nothing about another.
	key := fmt.Sprintf("%s/%s@%s", repository.Reference.Registry, repository.Reference.Repository, manifest.Digest)
	if raw, ok := e.get(key); ok {
		return raw, nil
	}
	raw, err := FetchEnvelope(ctx, repository, manifest)
	if err != nil {
		return envelope.Raw{}, err
	}
	e.keep(key, raw)
	return raw, nil
}

func (e *Envelopes) get(key string) (envelope.Raw, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	raw, ok := e.kept[key]
	return raw, ok
}

func (e *Envelopes) keep(key string, raw envelope.Raw) {
	e.mu.Lock()
	defer e.mu.Unlock()
	size := len(raw.Bytes) + len(key) + keptEntryBytes
	if e.size+size > maxKeptBytes {
		clear(e.kept)
		e.size = 0
	}
	if _, ok := e.kept[key]; !ok {
		e.kept[key] = raw
		e.size += size
	}
}

// FetchEnvelope reads an envelope like Envelopes, and keeps nothing.
func FetchEnvelope(ctx context.Context, repository *remote.Repository, manifest ocispec.Descriptor) (envelope.Raw, error) {
	if manifest.MediaType != ocispec.MediaTypeImageManifest {
		return envelope.Raw{}, fmt.Errorf("a signature manifest of media type %q is not supported", manifest.MediaType)
	}
	text, err := fetchBounded(ctx, repository.Manifests(), manifest, maxManifestBytes)
	if err != nil {
		return envelope.Raw{}, fmt.Errorf("signature manifest: %w", err)
	}
	// Only the needed fields: a full descriptor can contain a publisher's lists of URLs and annotations.
	var parsed struct {
		Layers []struct {
			MediaType string        `json:"mediaType"`
			Digest    digest.Digest `json:"digest"`
			Size      int64         `json:"size"`
		} `json:"layers"`
	}
	if err := json.Unmarshal(text, &parsed); err != nil {
		return envelope.Raw{}, fmt.Errorf("signature manifest: %w", err)
	}
	if len(parsed.Layers) != 1 {
		return envelope.Raw{}, fmt.Errorf("signature manifest: %d layers instead of one", len(parsed.Layers))
	}
	layer := ocispec.Descriptor{MediaType: parsed.Layers[0].MediaType, Digest: parsed.Layers[0].Digest, Size: parsed.Layers[0].Size}
	bytes, err := fetchBounded(ctx, repository.Blobs(), layer, envelope.MaxBytes)
	if err != nil {
		return envelope.Raw{}, fmt.Errorf("signature envelope: %w", err)
	}
	return envelope.Raw{MediaType: layer.MediaType, Bytes: bytes}, nil
}

// fetchBounded reads the content of a descriptor, never more than the descriptor's size or the limit, and compares size
// and digest.
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
