package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/opencontainers/go-digest"
)

// indexEntry has the needed fields of a descriptor. All others may have any size and are skipped.
type indexEntry struct {
	MediaType    string        `json:"mediaType"`
	Digest       digest.Digest `json:"digest"`
	Size         int64         `json:"size"`
	ArtifactType string        `json:"artifactType"`
}

// decodeIndex visits the descriptors of an image index one by one, so that only one of them is in memory.
func decodeIndex(text []byte, visit func(indexEntry) error) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := expect(decoder, '{'); err != nil {
		return err
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return malformed(err)
		}
		name, _ := key.(string)
		// Names match as in encoding/json, and so as in other readers of the list.
		if strings.EqualFold(name, "manifests") {
			err = decodeEntries(decoder, visit)
		} else {
			err = skipValue(decoder)
		}
		if err != nil {
			return err
		}
	}
	return expect(decoder, '}')
}

func decodeEntries(decoder *json.Decoder, visit func(indexEntry) error) error {
	opening, err := decoder.Token()
	if err != nil {
		return malformed(err)
	}
	if opening == nil {
		return nil
	}
	if opening != json.Delim('[') {
		return malformed(fmt.Errorf("its manifests are not a list"))
	}
	for decoder.More() {
		var entry indexEntry
		if err := decoder.Decode(&entry); err != nil {
			return malformed(err)
		}
		if err := visit(entry); err != nil {
			return err
		}
	}
	return expect(decoder, ']')
}

func skipValue(decoder *json.Decoder) error {
	var skipped json.RawMessage
	if err := decoder.Decode(&skipped); err != nil {
		return malformed(err)
	}
	return nil
}

func expect(decoder *json.Decoder, delimiter json.Delim) error {
	token, err := decoder.Token()
	if err == nil && token != delimiter {
		err = fmt.Errorf("%v instead of %v", token, delimiter)
	}
	if err != nil {
		return malformed(err)
	}
	return nil
}

func malformed(err error) error { return fmt.Errorf("the list of signatures is malformed: %w", err) }
