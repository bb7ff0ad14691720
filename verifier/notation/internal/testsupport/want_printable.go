package testsupport

import (
	"testing"
	"unicode"
)

// WantPrintable fails the test if a text in an answer, as JSON decodes it, has a character that is not safe for a line
// of a log or a terminal.
func WantPrintable(t testing.TB, answer any) {
	t.Helper()
	switch value := answer.(type) {
	case string:
		for _, r := range value {
			if !unicode.IsPrint(r) {
				t.Errorf("%q has %q", value, r)
			}
		}
	case []any:
		for _, item := range value {
			WantPrintable(t, item)
		}
	case map[string]any:
		for _, member := range value {
			WantPrintable(t, member)
		}
	}
}
