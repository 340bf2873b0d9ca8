package promise

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word or a number of a text.
type token struct {
	low      string // lower case
	folded   string // and without accents
	from, to int    // bytes
	cap      bool   // begins with a capital
	caps     bool   // is of capitals alone, two or more: "GMT"
	digits   bool
	after    byte // the mark that follows at once or after a space: , ; : . - or 0
}

// most is how much of a text is read: nobody writes more to a customer, and what a machine pastes is no promise.
const most = 100_000

// folds are letters and what they are without their accents.
var folds = func() map[rune]string {
	m := map[rune]string{}
	for plain, letters := range map[string]string{"a": "áàâãäåąā", "c": "çćč", "e": "éèêëęė", "i": "íìîïī", "l": "ł", "n": "ñńň", "o": "óòôõöøō", "s": "śš",
		"u": "úùûüū", "y": "ýÿ", "z": "źżž", "ss": "ß", "oe": "œ", "ae": "æ"} {
		for _, r := range letters {
			m[r] = plain
		}
	}
	return m
}()

func fold(s string) string {
	k := 0
	for k < len(s) && s[k] < utf8.RuneSelf {
		k++
	}
	if k == len(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if f, ok := folds[r]; ok {
			b.WriteString(f)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// tokens cuts text[from:to] into words. An apostrophe stays with what stands before it ("l'", "we'"), a hyphen and a dot cut.
func tokens(text string, from, to int) []token {
	var out []token
	for at := from; at < to; {
		r, n := utf8.DecodeRuneInString(text[at:to])
		switch {
		case unicode.IsDigit(r):
			end := at
			for end < to && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			if end == at {
				end += n
			}
			out = append(out, token{low: text[at:end], folded: text[at:end], from: at, to: end, digits: true})
			at = end
		case unicode.IsLetter(r):
			end := at
			for end < to {
				r, n := utf8.DecodeRuneInString(text[end:to])
				if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
					if r == '\'' || r == '’' { // it belongs to what stands before
						end += n
					}
					break
				}
				end += n
			}
			low := strings.ReplaceAll(strings.ToLower(text[at:end]), "’", "'")
			out = append(out, token{low: low, folded: fold(low), from: at, to: end, cap: unicode.IsUpper(r), caps: end-at > 1 && text[at:end] == strings.ToUpper(text[at:end])})
			at = end
		default:
			if k := len(out) - 1; k >= 0 && out[k].after == 0 {
				switch r {
				case ',', ';', ':', '.', '(', ')', '/', '>':
					out[k].after = byte(r)
				case '-', '–', '—':
					if out[k].after = '-'; out[k].to != at { // a dash with a space before it parts clauses
						out[k].after = ';'
					}
				}
			}
			at += n
		}
	}
	return out
}

// sentence is a stretch of a text that ends like one.
type sentence struct {
	from, to int
	asks     bool // it ends with a question mark
	quoted   bool // it lies within quotation marks, or in a line that quotes
}

var titles = map[string]bool{"mr": true, "mrs": true, "ms": true, "dr": true, "sr": true, "sra": true, "dra": true, "prof": true, "st": true, "nr": true, "no": true, "ca": true,
	"bzw": true, "z": true, "b": true, "inkl": true, "evtl": true, "ggf": true, "dott": true, "sig": true, "ul": true, "godz": true, "tel": true, "dhr": true, "mevr": true, "approx": true, "a": true, "p": true, "m": true,
	"pon": true, "mme": true, "mgr": true, "d": true, "h": true, "u": true, "art": true, "max": true, "min": true}

// sentences cuts a text. What stands in quotation marks is marked as quoted, if it is more than a few words.
func sentences(text string) []sentence {
	var out []sentence
	from, quoted, closing := 0, false, rune(0)
	end := func(to int, asks bool) {
		if strings.TrimSpace(text[from:to]) != "" {
			out = append(out, sentence{from, to, asks, quoted})
		}
		from = to
	}
	lineStart := true
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRuneInString(text[at:])
		next := at + n
		switch {
		case r == '\n':
			end(next, false)
			quoted, closing, lineStart = false, 0, true
			at = next
			continue
		case lineStart && r == '>':
			quoted, closing = true, '\n'
		case closing != 0 && closing != '\n' && r == closing:
			end(at, false)
			quoted, closing, from = false, 0, next
		case closing == 0 && (r == '"' || r == '“' || r == '„' || r == '«' || r == '»'):
			if c, at2 := closes(text, next, r); at2 > 0 && len(strings.Fields(text[next:at2])) > 3 {
				end(at, false)
				quoted, closing, from = true, c, next
			}
		case r == '!' || r == '…':
			end(next, false)
		case r == '?':
			end(next, true)
		case r == '.' && stops(text, at, next):
			end(next, false)
		}
		lineStart = lineStart && (r == ' ' || r == '\t')
		at = next
	}
	end(len(text), false)
	return out
}

// closes finds where a quotation that r opens ends within the next lines, 0 where it does not.
func closes(text string, from int, r rune) (rune, int) {
	c := map[rune]rune{'"': '"', '“': '”', '„': '“', '«': '»', '»': '«'}[r]
	stretch := text[from:min(len(text), from+600)]
	if k := strings.IndexRune(stretch, c); k >= 0 && !strings.Contains(stretch[:k], "\n\n") {
		return c, from + k
	}
	return 0, 0
}

// stops reports whether the full stop at at ends a sentence: not within a number, after a title or before a small letter.
func stops(text string, at, next int) bool {
	rest := strings.TrimLeft(text[next:min(len(text), next+40)], " \t\")”»")
	if rest == "" {
		return true
	}
	if next < len(text) && text[next] != ' ' && text[next] != '\n' && text[next] != '\t' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsLower(r) || unicode.IsDigit(r) {
		return false
	}
	k := at
	for k > 0 && at-k < 12 && (text[k-1] >= 'a' && text[k-1] <= 'z' || text[k-1] >= 'A' && text[k-1] <= 'Z' || text[k-1] >= '0' && text[k-1] <= '9') {
		k--
	}
	word := strings.ToLower(text[k:at])
	if titles[word] {
		return false
	}
	if word != "" && word[0] >= '0' && word[0] <= '9' && len(word) <= 2 { // "6. März"
		low := fold(strings.ToLower(rest))
		for _, m := range []string{"jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez", "um ", "uhr"} {
			if strings.HasPrefix(low, m) {
				return false
			}
		}
	}
	return true
}
