package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry"
)

const (
	profileARN        = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release"
	profileVersionARN = profileARN + "/abcdefghij"
	repositoryName    = "team/app"
	artifactType      = "application/vnd.cncf.notary.signature"
)

// stubRegistry answers with the handler and notes what it was asked.
type stubRegistry struct {
	host    string
	handler http.HandlerFunc

	mu       sync.Mutex
	requests []*http.Request
}

func startStub(t *testing.T, handler http.HandlerFunc) *stubRegistry {
	t.Helper()
	stub := &stubRegistry{handler: handler}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stub.mu.Lock()
		stub.requests = append(stub.requests, r)
		stub.mu.Unlock()
		stub.handler(w, r)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	stub.host = strings.TrimPrefix(server.URL, "http://")
	return stub
}

func (s *stubRegistry) count(part string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for _, request := range s.requests {
		if strings.Contains(request.URL.Path, part) {
			count++
		}
	}
	return count
}

// authorizations lists the Authorization headers that have arrived.
func (s *stubRegistry) authorizations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var headers []string
	for _, request := range s.requests {
		if header := request.Header.Get("Authorization"); header != "" {
			headers = append(headers, header)
		}
	}
	return headers
}

func (s *stubRegistry) reference(tagOrDigest string) registry.Reference {
	return registry.Reference{Registry: s.host, Repository: repositoryName, Reference: tagOrDigest}
}

// describe makes the descriptor of content.
func describe(mediaType string, content []byte) ocispec.Descriptor {
	return ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(content), Size: int64(len(content))}
}

// contents serves manifests and blobs by digest, and an image under every tag.
type contents map[digest.Digest][]byte

func (c contents) add(mediaType string, content []byte) ocispec.Descriptor {
	descriptor := describe(mediaType, content)
	c[descriptor.Digest] = content
	return descriptor
}

func (c contents) serve(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	content, ok := c[digest.Digest(name)]
	if !ok {
		http.Error(w, `{"errors":[{"code":"MANIFEST_UNKNOWN"}]}`, http.StatusNotFound)
		return
	}
	if strings.Contains(r.URL.Path, "/manifests/") {
		w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
		w.Header().Set("Docker-Content-Digest", name)
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(content)
	}
}

// signature adds a signature manifest around an envelope, whose layer says what the caller wants.
func (c contents) signature(t *testing.T, layers ...ocispec.Descriptor) ocispec.Descriptor {
	t.Helper()
	manifest := ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Layers: layers}
	manifest.SchemaVersion = 2
	return c.add(ocispec.MediaTypeImageManifest, toJSON(t, manifest))
}

func writePage(w http.ResponseWriter, next string, entries []ocispec.Descriptor) {
	index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{}}
	index.SchemaVersion = 2
	for _, entry := range entries {
		if entry.ArtifactType == "" {
			entry.ArtifactType = artifactType
		}
		index.Manifests = append(index.Manifests, entry)
	}
	w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
	if next != "" {
		w.Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, next))
	}
	_ = json.NewEncoder(w).Encode(index)
}

var image = describe(ocispec.MediaTypeImageManifest, []byte("image"))

// junk lists signatures that the registry does not have.
func junk(page string, count int) []ocispec.Descriptor {
	entries := make([]ocispec.Descriptor, count)
	for i := range entries {
		entries[i] = describe(ocispec.MediaTypeImageManifest, fmt.Appendf(nil, "junk %s %d", page, i))
	}
	return entries
}

// pages answers with so many entries on each page, and a link to the next one, without end.
func pages(entries int, artifact string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("page")
		list := junk(page, entries)
		for i := range list {
			list[i].ArtifactType = artifact
		}
		writePage(w, r.URL.Path+"?page="+page+"x", list)
	}
}

func onePage(entries []ocispec.Descriptor) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writePage(w, "", entries) }
}

// imageWith serves an image whose referrers the handler lists.
func imageWith(t *testing.T, served contents, referrers http.HandlerFunc) (registry *stubRegistry, reference string) {
	t.Helper()
	described := served.add(ocispec.MediaTypeImageManifest, []byte("image"))
	registry = startStub(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/referrers/") {
			referrers(w, r)
			return
		}
		served.serve(w, r)
	})
	return registry, fmt.Sprintf("%s/%s@%s", registry.host, repositoryName, described.Digest)
}

func toJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
