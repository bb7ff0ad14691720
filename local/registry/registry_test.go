package main

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
)

const (
	imageManifest = "application/vnd.oci.image.manifest.v1+json"
	imageIndex    = "application/vnd.oci.image.index.v1+json"
	signatureType = "application/vnd.cncf.notary.signature"
)

func TestHeadOfManifestDescribesIt(t *testing.T) {
	client := startRegistry(t, true)
	image, manifest := client.pushImage("app", "one")

	for _, reference := range []string{image, "one"} {
		response, _ := client.do(http.MethodHead, "/v2/app/manifests/"+reference, "", nil)
		header := response.Header
		if response.StatusCode != http.StatusOK || header.Get("Content-Type") != imageManifest ||
			header.Get("Content-Length") != strconv.Itoa(len(manifest)) || header.Get("Docker-Content-Digest") != image {
			t.Errorf("HEAD %s: %d %v", reference, response.StatusCode, header)
		}
	}
}

func TestUnknownManifestIsNotFound(t *testing.T) {
	client := startRegistry(t, true)
	client.pushImage("app", "one")

	for _, path := range []string{"/v2/app/manifests/two", "/v2/other/manifests/one"} {
		client.want(http.StatusNotFound, http.MethodHead, path, "", nil)
	}
}

func TestBlobIsStoredReadAndDeleted(t *testing.T) {
	client := startRegistry(t, true)
	digest := client.pushBlob("app", []byte("envelope"))
	path := "/v2/app/blobs/" + digest

	head := client.want(http.StatusOK, http.MethodHead, path, "", nil)
	body := client.want(http.StatusOK, http.MethodGet, path, "", nil)
	client.want(http.StatusAccepted, http.MethodDelete, path, "", nil)

	if len(head) != 0 || string(body) != "envelope" {
		t.Errorf("HEAD %q, GET %q", head, body)
	}
	client.want(http.StatusNotFound, http.MethodGet, path, "", nil)
}

func TestReferrersAreListedInTheOrderOfTheirPush(t *testing.T) {
	client := startRegistry(t, true)
	image, _ := client.pushImage("app", "one")
	var pushed []string
	for n := range 20 {
		pushed = append(pushed, client.pushReferrer("app", image, signatureType, strconv.Itoa(n)))
	}
	client.pushReferrer("app", image, signatureType, "0") // pushed again, not listed twice

	if got := digests(client.referrers("app", image, "")); !slices.Equal(got, pushed) {
		t.Errorf("listed %v, pushed %v", got, pushed)
	}
}

func TestReferrerTakesItsArtifactTypeFromTheConfig(t *testing.T) {
	client := startRegistry(t, true)
	image, _ := client.pushImage("app", "one")
	digest := client.pushReferrer("app", image, signatureType, "0")

	listed := client.referrers("app", image, "")

	if len(listed) != 1 || listed[0].ArtifactType != signatureType || listed[0].MediaType != imageManifest ||
		listed[0].Digest != digest || listed[0].Size == 0 || listed[0].Annotations["n"] != "0" {
		t.Errorf("listed %+v", listed)
	}
}

func TestReferrersAreFilteredByArtifactType(t *testing.T) {
	client := startRegistry(t, true)
	image, _ := client.pushImage("app", "one")
	client.pushReferrer("app", image, "application/spdx+json", "0")
	signature := client.pushReferrer("app", image, signatureType, "1")

	if got := digests(client.referrers("app", image, signatureType)); !slices.Equal(got, []string{signature}) {
		t.Errorf("listed %v, want %s only", got, signature)
	}
}

func TestImageWithoutReferrersHasAnEmptyIndex(t *testing.T) {
	client := startRegistry(t, true)
	image, _ := client.pushImage("app", "one")
	client.pushReferrer("other", image, signatureType, "0")

	if got := client.referrers("app", image, ""); got == nil || len(got) != 0 {
		t.Errorf("listed %v", got)
	}
}

func TestDeletedReferrerIsNoLongerListed(t *testing.T) {
	client := startRegistry(t, true)
	image, _ := client.pushImage("app", "one")
	first := client.pushReferrer("app", image, signatureType, "0")
	second := client.pushReferrer("app", image, signatureType, "1")

	client.want(http.StatusAccepted, http.MethodDelete, "/v2/app/manifests/"+first, "", nil)

	if got := digests(client.referrers("app", image, "")); !slices.Equal(got, []string{second}) {
		t.Errorf("listed %v, want %s only", got, second)
	}
}

func TestReferrerCanBeDeletedAndStayListed(t *testing.T) {
	client := startRegistry(t, true)
	image, _ := client.pushImage("app", "one")
	referrer := client.pushReferrer("app", image, signatureType, "0")

	client.want(http.StatusAccepted, http.MethodDelete, "/v2/app/manifests/"+referrer+"?keep-referrer", "", nil)

	if got := digests(client.referrers("app", image, "")); !slices.Equal(got, []string{referrer}) {
		t.Errorf("listed %v", got)
	}
	client.want(http.StatusNotFound, http.MethodGet, "/v2/app/manifests/"+referrer, "", nil)
}

func TestPushOfReferrerTellsTheClientThatItIsIndexed(t *testing.T) {
	for _, api := range []bool{true, false} {
		client := startRegistry(t, api)
		image, _ := client.pushImage("app", "one")

		response, _ := client.do(http.MethodPut, "/v2/app/manifests/sig", imageManifest, referrerManifest(image, signatureType, "0"))

		want := map[bool]string{true: image, false: ""}[api]
		if got := response.Header.Get("OCI-Subject"); got != want {
			t.Errorf("referrers API %v: OCI-Subject %q, want %q", api, got, want)
		}
	}
}

func TestReferrersOfSomethingElseThanADigestAreRefused(t *testing.T) {
	startRegistry(t, true).want(http.StatusBadRequest, http.MethodGet, "/v2/app/referrers/one", "", nil)
}

func TestTooLargeManifestIsRefused(t *testing.T) {
	manifest := bytes.Repeat([]byte(" "), maxManifestBytes+1)
	startRegistry(t, true).want(http.StatusRequestEntityTooLarge, http.MethodPut, "/v2/app/manifests/one", imageManifest, manifest)
}

func TestWithoutReferrersAPIOnlyTheTagSchemaIsThere(t *testing.T) {
	client := startRegistry(t, false)
	image, _ := client.pushImage("app", "one")
	referrer := client.pushReferrer("app", image, signatureType, "0")
	index := fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":%q,"manifests":[{"mediaType":%q,"digest":%q,"size":1}]}`, imageIndex, imageManifest, referrer)
	tag := "sha256-" + image[len("sha256:"):]

	client.want(http.StatusCreated, http.MethodPut, "/v2/app/manifests/"+tag, imageIndex, index)
	client.want(http.StatusAccepted, http.MethodDelete, "/v2/app/manifests/"+referrer, "", nil)

	client.want(http.StatusNotFound, http.MethodGet, "/v2/app/referrers/"+image, "", nil)
	if got := client.want(http.StatusOK, http.MethodGet, "/v2/app/manifests/"+tag, "", nil); !bytes.Equal(got, index) {
		t.Errorf("tag holds %s", got)
	}
	client.want(http.StatusNotFound, http.MethodGet, "/v2/app/manifests/"+referrer, "", nil)
}
