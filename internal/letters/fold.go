// Package letters reads words the way people look for them: without regard to capitals, accents and the width of signs.
package letters

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain are letters that have no accent to be taken off, and what people write for them where their keyboard lacks them.
var plain = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ς': "σ"}

// Fold is s in lower case, without accents, of one width: "Müller" and "MULLER" are the same, composed or not.
func Fold(s string) string {
	k := 0
	for k < len(s) && s[k] < utf8.RuneSelf {
		k++
	}
	if k == len(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		r = unicode.ToLower(r) // a sign may stand for a capital: ᴭ is Æ
		if as, ok := plain[r]; ok {
			b.WriteString(as)
		} else if !Accent(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Accent reports marks that people leave out: accents, Hebrew points, Arabic vowels and the stroke that lengthens a word. The
// vowels of Indian scripts and the voicing of Japanese are marks too, and another word without them.
func Accent(r rune) bool {
	return r >= 0x300 && r <= 0x36F || r >= 0x591 && r <= 0x5C7 || r >= 0x64B && r <= 0x65F || r == 0x670 || r == 0x640
}

// Spaceless reports signs of scripts that put no spaces between words.
func Spaceless(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
