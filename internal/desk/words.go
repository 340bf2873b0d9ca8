package desk

import (
	"slices"
	"strings"
	"unicode"

	"switchboard/internal/fault"
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
	for _, p := range pieces(clip(q, 500)) {
		t := term{prefix: !p.quoted && strings.HasSuffix(p.text, "*"), not: p.minus, name: p.from}
		if t.words = words(p.text); len(t.words) > 0 {
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

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) })
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
			if n := t.at(tokens[k:]); n > 0 {
				hits = append(hits, [2]int{tokens[k].from, tokens[k+n-1].to})
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

type token struct {
	word     string
	from, to int
}

func tokensOf(text string) (out []token) {
	start := -1
	end := func(at int) {
		if start >= 0 {
			out = append(out, token{fold(text[start:at]), start, at})
			start = -1
		}
	}
	for k, r := range text {
		in := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
		switch {
		case in && start < 0:
			start = k
		case !in:
			end(k)
		}
	}
	end(len(text))
	return out
}

// at is how many of the tokens are t, from the first on; 0 when they are not.
func (t term) at(tokens []token) int {
	if len(tokens) < len(t.words) {
		return 0
	}
	for k, w := range t.words {
		last := t.prefix && k == len(t.words)-1
		if w = fold(w); tokens[k].word != w && !(last && strings.HasPrefix(tokens[k].word, w)) {
			return 0
		}
	}
	return len(t.words)
}

// fold is s as the full text compares it.
func fold(s string) string { return strings.ToLower(s) }

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
