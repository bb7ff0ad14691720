package testsupport

import (
	"encoding/json"
	"fmt"
	"net/http"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// WritePage answers with one page of referrers, and with a link to the next one if there is one.
func WritePage(w http.ResponseWriter, next string, entries []ocispec.Descriptor) {
	index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{}}
	index.SchemaVersion = 2
	for _, entry := range entries {
		if entry.ArtifactType == "" {
			entry.ArtifactType = ArtifactType
		}
		index.Manifests = append(index.Manifests, entry)
	}
	w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
	if next != "" {
		w.Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, next))
	}
	_ = json.NewEncoder(w).Encode(index)
}

// Junk lists signatures that the registry does not have.
func Junk(page string, count int) []ocispec.Descriptor {
	entries := make([]ocispec.Descriptor, count)
	for i := range entries {
		entries[i] = Describe(ocispec.MediaTypeImageManifest, fmt.Appendf(nil, "junk %s %d", page, i))
	}
	return entries
}

// Pages answers with this many entries on each page, and a link to the next one, endlessly.
func Pages(entries int, artifact string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("page")
		list := Junk(page, entries)
		for i := range list {
			list[i].ArtifactType = artifact
		}
		WritePage(w, r.URL.Path+"?page="+page+"x", list)
	}
}

// OnePage answers with a list that is complete on its page.
func OnePage(entries []ocispec.Descriptor) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { WritePage(w, "", entries) }
}
