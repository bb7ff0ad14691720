package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	notationregistry "github.com/notaryproject/notation-go/registry"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"
)

const (
	// maxListBytes limits one page of referrers, or the index of the tag schema.
	maxListBytes = 1 << 20
	// maxPages limits the pages of referrers, however few signatures each has.
	maxPages = 100
	// maxEntries limits the referrers of an image, of any type.
	maxEntries = 10_000
	// maxDecodedLists limits the pages that are decoded in parallel: anyone who pushes an image can write them.
	maxDecodedLists = 2
)

var (
	errListLimit   = errors.New("the list of signatures is over its limits")
	errTooMany     = errors.New("too many signatures")
	errNoReferrers = errors.New("the registry has no referrers API")
)

// Lists reads the lists of an image's signatures.
type Lists struct{ decoding chan struct{} }

// NewLists creates the reader of a process.
func NewLists() *Lists { return &Lists{make(chan struct{}, maxDecodedLists)} }

// listing is one run of reading a list.
type listing struct {
	lists      *Lists
	repository *remote.Repository
	visit      func(manifest ocispec.Descriptor) error
	paged      func()
	entries    int
}

// Read returns up to the given number of signatures of an image in the registry's order: by the referrers API or, where
// a registry lacks it, by the tag schema (OCI distribution specification 1.1). It calls paged for each page that the
// registry sent, even one without signatures. An error comes with the signatures read until then; IsOverLimits reports
// whether there are more than a limit allows.
//
// oras-go decodes a list as a whole, with fields that are not needed: 4 MiB of `{}` take half a gigabyte there.
func (l *Lists) Read(ctx context.Context, repository *remote.Repository, image digest.Digest, limit int, paged func()) ([]ocispec.Descriptor, error) {
	var found []ocispec.Descriptor
	reading := listing{lists: l, repository: repository, paged: paged, visit: func(manifest ocispec.Descriptor) error {
		if len(found) == limit {
			return errTooMany
		}
		found = append(found, manifest)
		return nil
	}}
	err := reading.read(ctx, image)
	return found, err
}

// IsOverLimits reports whether a list has more signatures, or is larger, than the limits.
func IsOverLimits(err error) bool {
	return errors.Is(err, errTooMany) || errors.Is(err, errListLimit)
}

func (l *listing) read(ctx context.Context, image digest.Digest) error {
	reference := l.repository.Reference
	reference.Reference = image.String()
	ctx = auth.AppendRepositoryScope(ctx, reference, auth.ActionPull)
	err := l.byAPI(ctx, image)
	if errors.Is(err, errNoReferrers) {
		return l.byTag(ctx, image)
	}
	return err
}

func (l *listing) byAPI(ctx context.Context, image digest.Digest) error {
	next := l.url("referrers", image.String()+"?artifactType="+url.QueryEscape(notationregistry.ArtifactTypeNotation))
	for page := 0; next != ""; page++ {
		if page == maxPages {
			return fmt.Errorf("more than %d pages: %w", maxPages, errListLimit)
		}
		response, err := l.get(ctx, next)
		if err != nil {
			return err
		}
		if next, err = l.page(ctx, response); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) page(ctx context.Context, response *http.Response) (next string, err error) {
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotFound:
		refused := responseError(response)
		if hasCode(refused, errcode.ErrorCodeNameUnknown) {
			return "", refused
		}
		return "", errNoReferrers
	case response.StatusCode != http.StatusOK:
		return "", responseError(response)
	case response.Header.Get("Content-Type") != ocispec.MediaTypeImageIndex:
		return "", errNoReferrers
	}
	// If the registry filtered the list, its entries may omit the type.
	filtered := strings.Contains(response.Header.Get("OCI-Filters-Applied"), "artifactType")
	if err := l.readPage(ctx, response, filtered); err != nil {
		return "", err
	}
	return nextPage(response)
}

// byTag reads the index that clients store under a tag made from the digest.
func (l *listing) byTag(ctx context.Context, image digest.Digest) error {
	response, err := l.get(ctx, l.url("manifests", fmt.Sprintf("%s-%s", image.Algorithm(), image.Encoded())))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return l.readPage(ctx, response, false)
	case http.StatusNotFound:
		return nil
	default:
		return responseError(response)
	}
}

// readPage reads one page completely before decoding it, so that a registry that sends slowly blocks no other list.
func (l *listing) readPage(ctx context.Context, response *http.Response, filtered bool) error {
	if response.ContentLength > maxListBytes {
		return fmt.Errorf("a page of %d bytes: %w", response.ContentLength, errListLimit)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxListBytes+1))
	if err != nil {
		return err
	}
	if len(text) > maxListBytes {
		return fmt.Errorf("a page of more than %d bytes: %w", maxListBytes, errListLimit)
	}
	l.paged()
	select {
	case l.lists.decoding <- struct{}{}:
		defer func() { <-l.lists.decoding }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return decodeIndex(text, func(entry indexEntry) error {
		if l.entries++; l.entries > maxEntries {
			return fmt.Errorf("more than %d entries: %w", maxEntries, errListLimit)
		}
		if entry.ArtifactType != notationregistry.ArtifactTypeNotation && (!filtered || entry.ArtifactType != "") {
			return nil
		}
		return l.visit(ocispec.Descriptor{MediaType: kept(entry.MediaType), Digest: digest.Digest(kept(string(entry.Digest))), Size: entry.Size})
	})
}

// maxKeptText limits the text of an entry that is kept. A longer text is not a digest or media type, and neither is the
// cut one.
const maxKeptText = 255

func kept(text string) string {
	if len(text) <= maxKeptText {
		return text
	}
	return strings.Clone(text[:maxKeptText])
}

func (l *listing) url(kind, rest string) string {
	scheme := "https"
	if l.repository.PlainHTTP {
		scheme = "http"
	}
	reference := l.repository.Reference
	return fmt.Sprintf("%s://%s/v2/%s/%s/%s", scheme, reference.Host(), reference.Repository, kind, rest)
}

func (l *listing) get(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", ocispec.MediaTypeImageIndex)
	return l.repository.Client.Do(request)
}

// nextPage returns the address of the next page; empty if this was the last. It must be on the same registry: other
// hosts must not control what is listed.
func nextPage(response *http.Response) (string, error) {
	link := response.Header.Get("Link")
	if link == "" {
		return "", nil
	}
	target, _, closed := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	if !strings.HasPrefix(link, "<") || !closed {
		return "", fmt.Errorf("the list's link to its next page is malformed: %q", link)
	}
	next, err := response.Request.URL.Parse(target)
	if err != nil {
		return "", fmt.Errorf("the list's link to its next page is malformed: %q", link)
	}
	if asked := response.Request.URL; next.Scheme != asked.Scheme || next.Host != asked.Host || !strings.HasPrefix(next.Path, "/v2/") {
		return "", fmt.Errorf("the list's link points to another host, %q", next.Host)
	}
	return next.String(), nil
}
