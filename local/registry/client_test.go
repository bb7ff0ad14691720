package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// registryClient talks to one running registry and fails the test on what it
// does not expect.
type registryClient struct {
	t   *testing.T
	url string
}

func startRegistry(t *testing.T, referrersAPI bool) registryClient {
	t.Helper()
	server := httptest.NewServer(newRegistry(referrersAPI))
	t.Cleanup(server.Close)
	return registryClient{t, server.URL}
}

func (c registryClient) do(method, path, contentType string, body []byte) (*http.Response, []byte) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response, answer
}

func (c registryClient) want(status int, method, path, contentType string, body []byte) []byte {
	c.t.Helper()
	response, answer := c.do(method, path, contentType, body)
	if response.StatusCode != status {
		c.t.Fatalf("%s %s: %d %s, want %d", method, path, response.StatusCode, answer, status)
	}
	return answer
}

func (c registryClient) pushImage(repository, tag string) (string, []byte) {
	c.t.Helper()
	manifest := fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":%q,"annotations":{"tag":%q}}`, imageManifest, tag)
	c.want(http.StatusCreated, http.MethodPut, "/v2/"+repository+"/manifests/"+tag, imageManifest, manifest)
	return digestOf(manifest), manifest
}

func (c registryClient) pushBlob(repository string, content []byte) string {
	c.t.Helper()
	digest := digestOf(content)
	c.want(http.StatusCreated, http.MethodPost, "/v2/"+repository+"/blobs/uploads/?digest="+digest, "application/octet-stream", content)
	return digest
}

func (c registryClient) pushReferrer(repository, subject, artifactType, n string) string {
	c.t.Helper()
	manifest := referrerManifest(subject, artifactType, n)
	digest := digestOf(manifest)
	c.want(http.StatusCreated, http.MethodPut, "/v2/"+repository+"/manifests/"+digest, imageManifest, manifest)
	return digest
}

type listedReferrer struct {
	MediaType, Digest, ArtifactType string
	Size                            int
	Annotations                     map[string]string
}

func (c registryClient) referrers(repository, subject, artifactType string) []listedReferrer {
	c.t.Helper()
	response, body := c.do(http.MethodGet, "/v2/"+repository+"/referrers/"+subject+"?artifactType="+artifactType, "", nil)
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != imageIndex {
		c.t.Fatalf("referrers: %d %v", response.StatusCode, response.Header)
	}
	if filtered := response.Header.Get("OCI-Filters-Applied") == "artifactType"; filtered != (artifactType != "") {
		c.t.Fatalf("referrers: OCI-Filters-Applied is set: %v", filtered)
	}
	var index struct{ Manifests []listedReferrer }
	if err := json.Unmarshal(body, &index); err != nil {
		c.t.Fatal(err)
	}
	return index.Manifests
}

func referrerManifest(subject, artifactType, n string) []byte {
	return fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":%q},"subject":{"mediaType":%q,"digest":%q,"size":1},"annotations":{"n":%q}}`,
		imageManifest, artifactType, imageManifest, subject, n)
}

func digests(referrers []listedReferrer) []string {
	var all []string
	for _, referrer := range referrers {
		all = append(all, referrer.Digest)
	}
	return all
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}
