package routing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cut is at most n bytes of s, in whole letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// spaced is s in lower case with one space around every word, so that a whole word is found by looking for " word ".
func spaced(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(' ')
	gap := true
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' {
			b.WriteRune(unicode.ToLower(r))
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
