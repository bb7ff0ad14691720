package testsupport

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
	// RepositoryName is the repository of the tests' images.
	RepositoryName = "team/app"
	// ArtifactType marks a signature in a list of referrers (Notary Project signature specification).
	ArtifactType = "application/vnd.cncf.notary.signature"
)

// Registry answers with the handler and records its requests.
type Registry struct {
	// Host with its port.
	Host    string
	Handler http.HandlerFunc

	mu       sync.Mutex
	requests []*http.Request
}

// StartRegistry starts a registry on a free port of this machine; it ends with the test.
func StartRegistry(t *testing.T, handler http.HandlerFunc) *Registry {
	t.Helper()
	stub := &Registry{Handler: handler}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stub.mu.Lock()
		stub.requests = append(stub.requests, r)
		stub.mu.Unlock()
		stub.Handler(w, r)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	stub.Host = strings.TrimPrefix(server.URL, "http://")
	return stub
}

// Count returns how many requests had the part in their path.
func (s *Registry) Count(part string) int {
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

// Authorizations lists the Authorization headers that arrived.
func (s *Registry) Authorizations() []string {
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

// Reference is that of an image in the registry.
func (s *Registry) Reference(tagOrDigest string) registry.Reference {
	return registry.Reference{Registry: s.Host, Repository: RepositoryName, Reference: tagOrDigest}
}

// Describe creates the descriptor of content.
func Describe(mediaType string, content []byte) ocispec.Descriptor {
	return ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(content), Size: int64(len(content))}
}

// Contents serves manifests and blobs by digest, and an image under every tag.
type Contents map[digest.Digest][]byte

// Add stores content and returns its descriptor.
func (c Contents) Add(mediaType string, content []byte) ocispec.Descriptor {
	descriptor := Describe(mediaType, content)
	c[descriptor.Digest] = content
	return descriptor
}

// Serve answers a request for a manifest or a blob.
func (c Contents) Serve(w http.ResponseWriter, r *http.Request) {
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

// Signature adds a signature manifest with the given layers.
func (c Contents) Signature(t *testing.T, layers ...ocispec.Descriptor) ocispec.Descriptor {
	t.Helper()
	manifest := ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Layers: layers}
	manifest.SchemaVersion = 2
	return c.Add(ocispec.MediaTypeImageManifest, ToJSON(t, manifest))
}

// Image is the descriptor of the image that StartRegistryWithImage serves.
var Image = Describe(ocispec.MediaTypeImageManifest, []byte("image"))

// StartRegistryWithImage serves an image whose referrers the handler lists.
func StartRegistryWithImage(t *testing.T, served Contents, referrers http.HandlerFunc) (registry *Registry, reference string) {
	t.Helper()
	described := served.Add(ocispec.MediaTypeImageManifest, []byte("image"))
	registry = StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/referrers/") {
			referrers(w, r)
			return
		}
		served.Serve(w, r)
	})
	return registry, fmt.Sprintf("%s/%s@%s", registry.Host, RepositoryName, described.Digest)
}

// ToJSON fails the test if the value cannot be written as JSON.
func ToJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
