package library

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mostText is how many bytes of a text are looked at for its words.
const mostText = 30_000

// words are those of a text in their order, in lower case and without accents, so that both databases find them alike.
func words(text string) []string {
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	text = strings.ReplaceAll(strings.ToLower(text), "ß", "ss")
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(text))
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) })
}

// stem is the beginning of a word by which its other forms are found too: returned and returns by retu…, without knowing any
// language.
func stem(w string) string {
	n := utf8.RuneCountInString(w)
	keep := max(4, (n*7+9)/10)
	if n <= keep {
		return w
	}
	return string([]rune(w)[:keep])
}

// mostWords is how many words of a question are looked for.
const mostWords = 24

// asked are the stems of the words in a text that can tell it from others, each once.
func asked(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range words(text) {
		n := utf8.RuneCountInString(w)
		if n < 3 && w[0] < utf8.RuneSelf || n > 40 || common[w] {
			continue
		}
		if s := stem(w); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out[:min(len(out), mostWords)]
}

// searchable are the words by which a text of an entry is found.
func searchable(a Answer, t Text) string {
	return strings.Join(words(t.Title+" "+strings.Join(a.Tags, " ")+" "+t.Body), " ")
}
