package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/letters"
)

// Bounds of what is read of one text, so that a hostile one costs no more than another.
const (
	mostText = 8000 // bytes
	mostWord = 60   // letters; the rest of a word is skipped
)

// word is a word of a text: folded, so that case, accents and width do not matter, and its place in the text.
type word struct {
	folded     string
	start, end int
}

// words are those of a text in their order. Names of accounts, addresses and links are left out: they say who or where, not
// what about. A hashtag is a word. Where a script puts no spaces between words each sign is one.
func words(text string) []word {
	if len(text) > mostText {
		text = text[:mostText]
	}
	out := make([]word, 0, len(text)/6+1)
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRuneInString(text[at:])
		switch {
		case r == '@':
			at = skip(text, at)
		case !lettered(r):
			at += n
		case letters.Spaceless(r):
			if f := fold(text[at : at+n]); f != "" {
				out = append(out, word{f, at, at + n})
			}
			at += n
		default:
			end := wordEnd(text, at)
			if link(text, at, end) {
				at = skip(text, at)
				continue
			}
			if f := fold(text[at:end]); f != "" {
				out = append(out, word{f, at, end})
			}
			at = end
		}
	}
	return out
}

func lettered(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// wordEnd is where the word at at ends.
func wordEnd(text string, at int) int {
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if !lettered(r) && r != '\u00AD' && r != '\u200B' && r != '\u200D' || letters.Spaceless(r) { // a soft hyphen and what has no width are no end
			break
		}
		at += n
	}
	return at
}

// link reports whether the word from at to end begins a link or an e-mail address.
func link(text string, at, end int) bool {
	rest := text[end:]
	if strings.HasPrefix(rest, "://") || strings.EqualFold(text[at:end], "www") && strings.HasPrefix(rest, ".") {
		return true
	}
	for k := 0; k < len(rest) && k < 64; k++ { // name.surname@acme.example
		switch c := rest[k]; {
		case c == '@':
			return k+1 < len(rest) && (rest[k+1] >= 'a' && rest[k+1] <= 'z' || rest[k+1] >= 'A' && rest[k+1] <= 'Z' || rest[k+1] >= '0' && rest[k+1] <= '9')
		case c != '.' && c != '-' && c != '_' && c != '+' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'):
			return false
		}
	}
	return false
}

// skip is where the run of signs without a space that begins at at ends.
func skip(text string, at int) int {
	if k := strings.IndexFunc(text[at:], unicode.IsSpace); k >= 0 {
		return at + k
	}
	return len(text)
}

// fold is a word as it is looked up.
func fold(s string) string {
	return cut(strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf && !lettered(r) { // of no width
			return -1
		}
		return r
	}, letters.Fold(s)))
}

func cut(s string) string {
	if len(s) <= mostWord {
		return s
	}
	n := 0
	for k := range s {
		if n == mostWord {
			return s[:k]
		}
		n++
	}
	return s
}
