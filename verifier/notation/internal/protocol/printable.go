package protocol

import (
	"strconv"
	"strings"
	"unicode"
)

// maxDetail limits the text of a fault, in bytes.
const maxDetail = 2048

// Printable makes text from others safe for a line of a log or a terminal: control characters, line breaks and
// invisible characters are escaped, and the length is limited.
func Printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if b.Len() > maxDetail {
			b.WriteString("…")
			break
		}
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// MaxCause limits the explanation of a network fault, in characters.
const MaxCause = 300

// Shorten cuts a text to MaxCause.
func Shorten(text string) string {
	if runes := []rune(text); len(runes) > MaxCause {
		return string(runes[:MaxCause-3]) + "..."
	}
	return text
}
