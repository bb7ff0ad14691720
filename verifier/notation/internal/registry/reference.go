package registry

import (
	"fmt"
	"net/url"

	ociregistry "oras.land/oras-go/v2/registry"
)

// ParseReference reads registry/repository, with a tag or a digest if it has one. oras-go accepts hosts that no address
// can have, such as "::": asking there would fail like a registry that is down, and not like a mistake in the reference.
func ParseReference(text string) (ociregistry.Reference, error) {
	reference, err := ociregistry.ParseReference(text)
	if err != nil {
		return ociregistry.Reference{}, err
	}
	if address, err := url.Parse("https://" + reference.Host() + "/"); err != nil || address.Host != reference.Host() {
		return ociregistry.Reference{}, fmt.Errorf("%q is not the host of a registry", reference.Registry)
	}
	return reference, nil
}
