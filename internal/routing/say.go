package routing

import (
	"strings"
	"unicode"

	"switchboard/internal/letters"
)

// sayable is what a text says, to be searched: spaced, and once more with its words parted at apostrophes, for "l'avocat" says avocat.
func sayable(text string) string {
	s := spaced(text)
	if strings.Contains(s, "'") {
		s += spaced(strings.ReplaceAll(s, "'", " "))
	}
	return s
}

// spaced is s in lower case and without accents, with one space around every word, so that a whole word is found by looking for " word ".
func spaced(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(' ')
	gap := true
	for _, r := range letters.Fold(s) {
		if r == '’' {
			r = '\''
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' {
			b.WriteRune(r)
			gap = false
		} else if !gap {
			b.WriteByte(' ')
			gap = true
		}
	}
	if !gap {
		b.WriteByte(' ')
	}
	return b.String()
}

func saysAny(spoken string, words []string) bool {
	for _, w := range words {
		start := strings.HasSuffix(w, "*")
		want := spaced(w)
		if len(want) < 2 {
			continue
		}
		if start {
			want = want[:len(want)-1]
		}
		if strings.Contains(spoken, want) {
			return true
		}
	}
	return false
}
