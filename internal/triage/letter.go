package triage

import (
	"unicode"
	"unicode/utf8"
)

// decode is one rune at at; a broken byte is a separator, never an error.
func decode(text string, at int) (rune, int) {
	if c := text[at]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(text[at:])
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func linkAt(text string, at, end int) bool {
	for _, p := range [...]string{"http://", "https://", "www."} {
		if at+len(p) < end && equalFold(text[at:at+len(p)], p) {
			return true
		}
	}
	return false
}

func equalFold(s, low string) bool {
	for i := range len(low) {
		if s[i]|0x20 != low[i]|0x20 {
			return false
		}
	}
	return true
}

// ignorable reports signs that are there but not to be read: direction marks, joiners, accents put on separately.
func ignorable(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0xAD, r == 0xFEFF, r == 0x61C, r == 0x640:
		return true
	case r >= 0x300 && r <= 0x36F, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	case r >= 0x64B && r <= 0x65F, r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return false
}

// spaceless reports scripts that put no spaces between words.
func spaceless(r rune) bool {
	return r >= 0x3040 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0x20000 && r <= 0x3FFFF || r >= 0xE00 && r <= 0xE7F
}

func pictured(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF || r >= 0x2B00 && r <= 0x2BFF
}

// styled is the plain letter behind full-width and mathematical letters, with which spam dresses up; 0 for others.
func styled(r rune) rune {
	switch {
	case r < 0xFF10:
		return 0
	case r >= 0xFF21 && r <= 0xFF3A, r >= 0xFF41 && r <= 0xFF5A, r >= 0xFF10 && r <= 0xFF19:
		return r - 0xFEE0
	case r >= 0x1D400 && r <= 0x1D6A3:
		if n := (r - 0x1D400) % 52; n < 26 {
			return 'A' + n
		} else {
			return 'a' + n - 26
		}
	}
	return 0
}

func lower(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}

// folds maps letters with accents to the letter people type when in a hurry, from U+00C0 to U+017F, lower case only.
var folds = func() (t [0x100]rune) {
	for i := range t {
		t[i] = rune(i + 0xC0)
	}
	for plain, accented := range map[rune]string{
		'a': "àáâãäåāăąæ", 'c': "çćĉċč", 'd': "ďđð", 'e': "èéêëēĕėęě", 'g': "ĝğġģ", 'h': "ĥħ", 'i': "ìíîïĩīĭįı",
		'j': "ĵ", 'k': "ķ", 'l': "ĺļľŀł", 'n': "ñńņňŉ", 'o': "òóôõöøōŏőœ", 'r': "ŕŗř", 's': "śŝşšß", 't': "ţťŧþ",
		'u': "ùúûüũūŭůűų", 'w': "ŵ", 'y': "ýÿŷ", 'z': "źżž",
	} {
		for _, r := range accented {
			t[r-0xC0] = plain
		}
	}
	return t
}()

// fold is a lower-case letter without its accent, and every digit as 0: "12" and "34" are the same to us.
func fold(r rune) rune {
	switch {
	case r < 0xC0:
		if '0' <= r && r <= '9' {
			return '0'
		}
		return r
	case r < 0x1C0:
		return folds[r-0xC0]
	case r == 'ș':
		return 's'
	case r == 'ț':
		return 't'
	case r == 'ё':
		return 'е'
	case r == 'ς':
		return 'σ'
	case r >= 0x3AC && r <= 0x3CE:
		switch r {
		case 'ά':
			return 'α'
		case 'έ':
			return 'ε'
		case 'ή':
			return 'η'
		case 'ί', 'ϊ':
			return 'ι'
		case 'ό':
			return 'ο'
		case 'ύ', 'ϋ':
			return 'υ'
		case 'ώ':
			return 'ω'
		}
	}
	return r
}
