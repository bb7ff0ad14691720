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

// maxCause bounds the explanation of a fault of the network, in characters.
const maxCause = 300

// shorten cuts a text to maxCause.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > maxCause {
		return string(runes[:maxCause-3]) + "..."
	}
	return text
}
