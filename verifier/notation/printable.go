package main

import (
	"strconv"
	"strings"
	"unicode"
)

// maxDetail bounds the text of a fault, in bytes.
const maxDetail = 2048

// printable makes text that others have chosen safe to put into a line of a log or a terminal: control characters,
// line breaks and invisible marks are escaped, and the length is bounded.
func printable(text string) string {
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
