package registry

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// A list that encoding/json accepts, decodeIndex reads with the same entries, and it invents none.
func FuzzDecodeIndex(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		var found []indexEntry
		err := decodeIndex(text, func(entry indexEntry) error {
			found = append(found, entry)
			return nil
		})
		// Of a member that stands there twice, encoding/json keeps the last one.
		var members map[string]json.RawMessage
		var standard struct {
			Manifests []indexEntry `json:"manifests"`
		}
		if json.Unmarshal(text, &members) != nil || members == nil || json.Unmarshal(text, &standard) != nil {
			return
		}
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		if countMembers(t, text, "manifests") == 1 && !slices.Equal(found, standard.Manifests) {
			t.Errorf("%+v instead of %+v", found, standard.Manifests)
		}
	})
}

// countMembers counts the members of a JSON object that have this name, as encoding/json compares names.
func countMembers(t *testing.T, text []byte, name string) int {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	count := 0
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		if strings.EqualFold(key.(string), name) {
			count++
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return count
}

// Whatever a registry links to, the next page of a list is on the same registry.
func FuzzNextPage(f *testing.F) {
	const asked = "https://registry.example:5000/v2/team/app/referrers/sha256:0"
	f.Fuzz(func(t *testing.T, link string) {
		request := testsupport.NewRequest(t, asked)
		next, err := nextPage(&http.Response{Request: request, Header: http.Header{"Link": {link}}})
		if err != nil || next == "" {
			return
		}
		target, err := url.Parse(next)
		if err != nil {
			t.Fatal(err)
		}
		if target.Scheme != "https" || target.Host != request.URL.Host || !strings.HasPrefix(target.Path, "/v2/") {
			t.Errorf("%q leads to %q", link, next)
		}
	})
}

// Whatever stands in a reference, what is asked for is the repository and the registry that the client was made for.
func FuzzReference(f *testing.F) {
	clients := NewClients(false)
	f.Fuzz(func(t *testing.T, text string) {
		reference, err := ParseReference(text)
		if err != nil {
			return
		}
		repository := clients.Repository(reference, nil)
		reading := listing{repository: repository}
		asked, err := url.Parse(reading.url("referrers", testsupport.Image.Digest.String()))
		if err != nil {
			t.Fatalf("%q has no address: %v", text, err)
		}
		if asked.Host != reference.Host() || asked.User != nil {
			t.Errorf("%q is asked for at %q", text, asked)
		}
		if wanted := "/v2/" + reference.Repository + "/referrers/" + testsupport.Image.Digest.String(); asked.Path != wanted || asked.RawQuery != "" {
			t.Errorf("%q is asked for as %q instead of %q", text, asked.RequestURI(), wanted)
		}
	})
}
