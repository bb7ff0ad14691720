package main

import (
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const internal = "ecs-image-verification/verifier/notation/internal/"

// mayImport says for each package which others it may know. What is not here, nobody may import.
var mayImport = map[string][]string{
	"protocol":     {},
	"hostport":     {},
	"config":       {},
	"envelope":     {"protocol"},
	"registry":     {"envelope", "hostport", "protocol"},
	"signer":       {"config", "envelope", "hostport", "protocol"},
	"inspect":      {"envelope", "protocol", "registry"},
	"verification": {"config", "envelope", "protocol", "registry", "signer"},
	"signing":      {"config", "envelope", "protocol", "registry", "signer"},
	"testsupport":  {"config"},
}

func TestPackagesImportOnlyWhatTheyMayKnow(t *testing.T) {
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		allowed, known := mayImport[path.Base(path.Dir(filepath.ToSlash(file)))]
		if !known {
			t.Errorf("%s is in a package that mayImport does not name", file)
		}
		for _, name := range importsOf(t, file) {
			if !slices.Contains(allowed, name) {
				t.Errorf("%s imports %s", file, name)
			}
		}
	}
}

func TestOnlyTestsImportTheStandIns(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && slices.Contains(importsOf(t, file), "testsupport") {
			t.Errorf("%s imports testsupport", file)
		}
	}
}

// importsOf names the packages of this program that a file imports.
func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range parsed.Imports {
		imported, err := strconv.Unquote(one.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if name, own := strings.CutPrefix(imported, internal); own {
			names = append(names, name)
		}
	}
	return names
}
