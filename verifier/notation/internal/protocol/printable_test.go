package protocol

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextOfOthersBecomesPrintable(t *testing.T) {
	for _, test := range []struct{ name, OptionalText, want string }{
		{"plain text stays", `Größe "x" 日本 → ok`, `Größe "x" 日本 → ok`},
		{"line breaks", "a\nlevel=info\r\nb", `a\nlevel=info\r\nb`},
		{"terminal escapes", "\x1b[31mred\x07\x7f", `\x1b[31mred\a\x7f`},
		{"C1 controls", "a\u009bb", `a\u009bb`},
		{"text direction", "a\u202eb\u2066c", `a\u202eb\u2066c`},
		{"invisible marks", "a\u200bb\ufeffc\u00adc", `a\u200bb\ufeffc\u00adc`},
		{"line and paragraph separators", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"beyond the basic plane", "\U000e0041", `\U000e0041`},
		{"no UTF-8", "a\xff\xfeb", "a\ufffd\ufffdb"},
		{"empty", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Printable(test.OptionalText); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPrintableTextIsBounded(t *testing.T) {
	for _, unit := range []string{"a", "\n", "日", "\U0010ffff"} {
		got := Printable(strings.Repeat(unit, 1<<20))

		if len(got) > maxDetail+len("\\U0010ffff")+len("…") || !strings.HasSuffix(got, "…") {
			t.Errorf("%q: %d bytes, ends with %q", unit, len(got), got[len(got)-5:])
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q is cut within a character", unit)
		}
	}
}
