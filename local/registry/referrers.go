package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// keepReferrer is the query parameter with which DELETE of a manifest leaves it
// listed as a referrer, as in a registry whose index lags behind its storage.
const keepReferrer = "keep-referrer"

// maxManifestBytes is the limit that the OCI distribution specification
// recommends for manifests.
const maxManifestBytes = 4 << 20

// referrersIndex is the referrers API of the OCI distribution specification
// 1.1: it notes which pushed manifests name a subject and lists them in the
// order in which they were pushed.
type referrersIndex struct {
	mu sync.Mutex
	// Keyed by repository and digest of the subject.
	listed map[subjectKey][]v1.Descriptor
}

type subjectKey struct{ repository, digest string }

func newReferrersIndex() *referrersIndex {
	return &referrersIndex{listed: map[subjectKey][]v1.Descriptor{}}
}

// serveBefore answers the referrers API and watches manifests on their way to
// next, which stores them.
func (i *referrersIndex) serveBefore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		repository, kind, target := splitPath(r.URL.Path)
		switch {
		case kind == "referrers" && r.Method == http.MethodGet:
			i.list(w, r, subjectKey{repository, target})
		case kind == "manifests" && r.Method == http.MethodPut:
			i.put(w, r, next, repository, target)
		case kind == "manifests" && r.Method == http.MethodDelete:
			answer := &statusRecorder{ResponseWriter: w}
			next.ServeHTTP(answer, r)
			if answer.status == http.StatusAccepted && !r.URL.Query().Has(keepReferrer) {
				i.remove(repository, target)
			}
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// splitPath takes /v2/<repository>/<kind>/<target> apart.
func splitPath(path string) (repository, kind, target string) {
	parts := strings.Split(strings.TrimPrefix(path, "/v2/"), "/")
	if len(parts) < 3 {
		return "", "", ""
	}
	last := len(parts) - 1
	return strings.Join(parts[:last-1], "/"), parts[last-1], parts[last]
}

func (i *referrersIndex) list(w http.ResponseWriter, r *http.Request, subject subjectKey) {
	if _, err := v1.NewHash(subject.digest); err != nil {
		refuse(w, http.StatusBadRequest, "DIGEST_INVALID", "the subject must be a digest such as sha256:<64 hex digits>")
		return
	}
	artifactType := r.URL.Query().Get("artifactType")
	index := v1.IndexManifest{SchemaVersion: 2, MediaType: types.OCIImageIndex, Manifests: []v1.Descriptor{}}
	i.mu.Lock()
	for _, referrer := range i.listed[subject] {
		if artifactType == "" || referrer.ArtifactType == artifactType {
			index.Manifests = append(index.Manifests, referrer)
		}
	}
	i.mu.Unlock()

	if artifactType != "" {
		w.Header().Set("OCI-Filters-Applied", "artifactType")
	}
	w.Header().Set("Content-Type", string(types.OCIImageIndex))
	_ = json.NewEncoder(w).Encode(index)
}

func (i *referrersIndex) put(w http.ResponseWriter, r *http.Request, next http.Handler, repository, target string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxManifestBytes))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "SIZE_INVALID", "the manifest is larger than 4 MiB or was cut short")
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))

	referrer, subject := describeReferrer(body, r.Header.Get("Content-Type"), target)
	if subject != "" {
		// Tells the client that it need not maintain the tag schema.
		w.Header().Set("OCI-Subject", subject)
	}
	answer := &statusRecorder{ResponseWriter: w}
	next.ServeHTTP(answer, r)
	if subject != "" && answer.status == http.StatusCreated {
		i.add(subjectKey{repository, subject}, referrer)
	}
}

// describeReferrer returns the descriptor under which a manifest is listed and
// the digest of its subject, which is empty when it has none.
func describeReferrer(manifest []byte, mediaType, target string) (v1.Descriptor, string) {
	var fields struct {
		ArtifactType string `json:"artifactType"`
		Config       struct {
			MediaType string `json:"mediaType"`
		} `json:"config"`
		Subject     *v1.Descriptor    `json:"subject"`
		Annotations map[string]string `json:"annotations"`
	}
	if err := json.Unmarshal(manifest, &fields); err != nil || fields.Subject == nil {
		return v1.Descriptor{}, ""
	}
	if fields.ArtifactType == "" {
		fields.ArtifactType = fields.Config.MediaType
	}
	digest, err := v1.NewHash(target)
	if err != nil {
		digest, _, _ = v1.SHA256(bytes.NewReader(manifest))
	}
	return v1.Descriptor{
		MediaType:    types.MediaType(mediaType),
		Size:         int64(len(manifest)),
		Digest:       digest,
		ArtifactType: fields.ArtifactType,
		Annotations:  fields.Annotations,
	}, fields.Subject.Digest.String()
}

func (i *referrersIndex) add(subject subjectKey, referrer v1.Descriptor) {
	i.mu.Lock()
	defer i.mu.Unlock()
	pushedBefore := slices.ContainsFunc(i.listed[subject], func(known v1.Descriptor) bool {
		return known.Digest == referrer.Digest
	})
	if !pushedBefore {
		i.listed[subject] = append(i.listed[subject], referrer)
	}
}

func (i *referrersIndex) remove(repository, digest string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for subject, referrers := range i.listed {
		if subject.repository == repository {
			i.listed[subject] = slices.DeleteFunc(referrers, func(referrer v1.Descriptor) bool {
				return referrer.Digest.String() == digest
			})
		}
	}
}

// refuse answers with an error body of the OCI distribution specification.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	problem := map[string]string{"code": code, "message": message}
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{problem}})
}

// statusRecorder remembers the status with which a request was answered.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}
