package contact

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	longestWord = 40  // letters of a word that count
	mostWords   = 200 // of one contact
	mostAsked   = 12
)

// alike are letters that are typed as others where a keyboard has them not.
var alike = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i", "ς", "σ")

// words are those of a name or handle in their order: in lower case, without accents, split at what is no letter or digit.
func words(s string) []string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36F { // the accents of Latin, Greek and Cyrillic; in other scripts marks are letters
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	out := strings.FieldsFunc(alike.Replace(strings.ToLower(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	})
	for k, w := range out {
		if r := []rune(w); len(r) > longestWord {
			out[k] = string(r[:longestWord])
		}
	}
	return out
}

// spelled are the words by which a contact is found, each once. The nick of an identity is among those of its handle.
func (c Contact) spelled(identities []Identity) (out []string) {
	if c.there() != nil {
		return nil
	}
	seen := map[string]bool{}
	keep := func(w string) {
		if !seen[w] && len(out) < mostWords {
			seen[w], out = true, append(out, w)
		}
	}
	add := func(s string) {
		for _, w := range words(s) {
			keep(w)
			for k := range w {
				if k > 0 && strings.IndexFunc(w, unbroken) >= 0 { // a given name stands behind the family's, without a space
					keep(w[k:])
				}
			}
		}
	}
	add(c.Name)
	for _, i := range identities {
		add(i.Name)
		add(i.Handle)
	}
	return out
}

// unbroken reports whether a letter is of a script that sets no spaces between words.
func unbroken(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// asked are the words that somebody looks for, without those that begin another of them: whoever has that one, has them. ok is
// false when they look for something that no name has words for.
func asked(text string) (out []string, ok bool) {
	all := words(text)
	for k, w := range all {
		if !slices.ContainsFunc(all, func(o string) bool { return o != w && strings.HasPrefix(o, w) }) && !slices.Contains(all[:k], w) {
			out = append(out, w)
		}
	}
	return out[:min(len(out), mostAsked)], len(out) > 0 || strings.Trim(text, " @#") == ""
}

// beyond follows every word that begins with w.
func beyond(w string) string { return w + string(unicode.MaxRune) }
