package proof

import (
	"strings"

	"github.com/rivo/uniseg"
)

// span is a stretch of a text.
type span struct {
	text  string
	start int // in bytes
}

// sentences cuts a text by the rules of Unicode; joined they are the text again.
func sentences(text string) []span {
	var out []span
	state, at := -1, 0
	for rest := text; rest != ""; {
		var s string
		s, rest, state = uniseg.FirstSentenceInString(rest, state)
		out = append(out, span{s, at})
		at += len(s)
	}
	return out
}

// words cuts a text behind its white space; joined they are the text again. An address or a handle is one word.
func words(text string) []string {
	var out []string
	for text != "" {
		n := strings.IndexAny(text, " \t\n")
		if n < 0 {
			return append(out, text)
		}
		for n < len(text) && strings.IndexByte(" \t\n\r", text[n]) >= 0 {
			n++
		}
		out, text = append(out, text[:n]), text[n:]
	}
	return out
}
