package desk

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"switchboard/internal/fault"
	"switchboard/internal/letters"
)

// term is one word, or several that stand together; the last may go on.
type term struct {
	words  []string
	prefix bool
	not    bool
	name   bool // of who says it, not of what is said
}

// searchTerms reads what a person typed: nothing in it is a command to the database. "Exact words" in quotation marks stand
// together, a word with a * at its end may go on, one with a - before it must not be there, from:name is who says it.
func searchTerms(q string) (out []term) {
	for _, p := range pieces(letters.First(q, 500)) {
		t := term{prefix: !p.quoted && strings.HasSuffix(p.text, "*"), not: p.minus, name: p.from}
		tokens := tokensOf(p.text)
		if n := len(tokens); n > 0 && tokens[n-1].tail {
			tokens = tokens[:n-1] // the text may go on
		} else if n > 0 && tokens[n-1].alone {
			t.prefix = true // as of two signs it is the first
		}
		if t.words = wordsOf(tokens); len(t.words) > 0 {
			out = append(out, t)
		}
	}
	return out[:min(len(out), 12)]
}

// piece is what stands between two spaces, or in quotation marks.
type piece struct {
	text                string
	quoted, minus, from bool
}

func pieces(q string) (out []piece) {
	var minus, from bool // before a quotation mark
	for k, part := range strings.Split(q, `"`) {
		if k%2 == 1 {
			out = append(out, piece{part, true, minus, from})
			continue
		}
		minus, from = false, false
		fields := strings.Fields(part)
		for i, f := range fields {
			p := piece{text: f}
			if rest, ok := strings.CutPrefix(p.text, "-"); ok {
				p.text, p.minus = rest, true
			}
			if len(p.text) >= 5 && strings.EqualFold(p.text[:5], "from:") {
				p.text, p.from = p.text[5:], true
			}
			if i == len(fields)-1 && strings.HasSuffix(part, f) && p.text == "" { // -" or from:"
				minus, from = p.minus, p.from
				continue
			}
			out = append(out, p)
		}
	}
	return out
}

// words are those of a text as the full text has them, on both databases alike: see tokensOf.
func words(s string) []string { return wordsOf(tokensOf(s)) }

func wordsOf(tokens []token) []string {
	out := make([]string, len(tokens))
	for k, t := range tokens {
		out[k] = t.word
	}
	return out
}

// asked is nil when terms ask for something: to leave words out is not to ask for any.
func asked(terms []term, marked bool) error {
	if !marked && !slices.ContainsFunc(terms, func(t term) bool { return !t.not }) {
		return fault.In("q", "say at least one word to look for")
	}
	return nil
}

// Part is a piece of an excerpt; Hit when it is what was looked for.
type Part struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// Excerpted is about 180 characters of text around the first thing that q looks for, with all of those marked. It is text,
// never markup.
func Excerpted(text, q string) []Part {
	var terms []term
	for _, t := range searchTerms(q) {
		if !t.not && !t.name {
			terms = append(terms, t)
		}
	}
	text = strings.Join(strings.Fields(text), " ")
	tokens := tokensOf(text)
	var hits [][2]int // in bytes
	for k := range tokens {
		for _, t := range terms {
			if to := t.at(tokens[k:]); to > 0 {
				hits = append(hits, [2]int{tokens[k].from, to})
				break
			}
		}
	}
	from := 0
	if len(hits) > 0 {
		from = back(text, hits[0][0], 60)
	}
	return cut(text, from, hits)
}

// cut marks the hits of text from a place on.
func cut(text string, from int, hits [][2]int) (out []Part) {
	to := forth(text, from, 180)
	add := func(s string, hit bool) {
		if s != "" {
			out = append(out, Part{s, hit})
		}
	}
	at := from
	if from > 0 {
		add("…", false)
	}
	for _, h := range hits {
		if h[0] < at || h[1] > to {
			continue
		}
		add(text[at:h[0]], false)
		add(text[h[0]:h[1]], true)
		at = h[1]
	}
	add(text[at:to], false)
	if to < len(text) {
		add("…", false)
	}
	return out
}

// token is a word of a text, folded, and where it stands in it, in bytes.
type token struct {
	word     string
	from, to int
	first    int  // of two signs: where the first ends
	alone    bool // one sign of a script that puts no spaces between words
	tail     bool // the last sign of several, once more by itself
}

// longestWord is how many letters of a word count.
const longestWord = 100

// tokensOf are the words of a text, without regard to capitals, accents and the width of signs. Where a script puts no spaces between
// words they are each two signs that stand together, so that a word inside is found, and then the last sign by itself: so each sign
// begins one.
func tokensOf(text string) (out []token) {
	var word strings.Builder
	var at token
	var signs []token
	end := func() {
		if word.Len() > 0 {
			at.word = letters.First(norm.NFC.String(word.String()), longestWord)
			out = append(out, at)
			word.Reset()
		}
		out = append(out, pairs(signs)...)
		signs = signs[:0]
	}
	folded(text, func(r rune, from, to int) {
		mark := unicode.Is(unicode.M, r)
		switch {
		case mark && len(signs) > 0:
			last := &signs[len(signs)-1]
			last.word, last.to = norm.NFC.String(last.word+string(r)), to
		case letters.Spaceless(r) || r == 'ー':
			if len(signs) == 0 {
				end()
			}
			signs = append(signs, token{word: string(r), from: from, to: to})
		case mark || unicode.IsLetter(r) || unicode.IsDigit(r):
			if len(signs) > 0 || word.Len() == 0 {
				end()
				at = token{from: from}
			}
			word.WriteRune(r)
			at.to = to
		default:
			end()
		}
	})
	end()
	return out
}

// pairs are each two of signs that stand together, and the last by itself.
func pairs(signs []token) (out []token) {
	for k, s := range signs {
		if k+1 == len(signs) {
			s.alone, s.tail = true, k > 0
		} else {
			next := signs[k+1]
			s.word, s.first, s.to = s.word+next.word, s.to, next.to
		}
		s.word = letters.First(s.word, longestWord)
		out = append(out, s)
	}
	return out
}

// folded hands over the letters of a text, folded, each with the place of what it was made of.
func folded(text string, f func(r rune, from, to int)) {
	for from := 0; from < len(text); {
		to := from + norm.NFKD.NextBoundaryInString(text[from:], true)
		for _, r := range letters.Fold(text[from:to]) {
			f(r, from, to)
		}
		from = to
	}
}

// at is where t ends that the tokens begin with; 0 when they do not.
func (t term) at(tokens []token) (to int) {
	if len(tokens) < len(t.words) {
		return 0
	}
	for k, w := range t.words {
		is := tokens[k]
		to = is.to
		switch {
		case is.word == w:
		case t.prefix && k == len(t.words)-1 && strings.HasPrefix(is.word, w):
			if is.first > 0 {
				to = is.first
			}
		default:
			return 0
		}
	}
	return to
}

// back is the place of a letter, n letters before at, or a little more so that a word is whole.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		at--
		for at > 0 && text[at]&0xC0 == 0x80 {
			at--
		}
	}
	if k := strings.LastIndexByte(text[:at], ' '); at > 0 && at-k < 20 {
		return k + 1
	}
	return at
}

func forth(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		at++
		for at < len(text) && text[at]&0xC0 == 0x80 {
			at++
		}
	}
	return at
}
