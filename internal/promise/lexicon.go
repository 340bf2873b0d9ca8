package promise

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the words
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// packed is words/*.txt, one behind the other: "= en" opens a language. Made by: go run ./bench/promise -pack.
//
//go:embed words/words.gz
var packed []byte

// unpacked returns what the program has of words/*.txt, by language.
func unpacked() (map[string]string, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for part := range strings.SplitSeq(string(text), "\n= ") {
		lang, words, _ := strings.Cut(strings.TrimPrefix(part, "= "), "\n")
		out[lang] = words
	}
	return out, nil
}

// Pack packs words/*.txt, given by language, for the program.
func Pack(byLanguage map[string]string) ([]byte, error) {
	out := &bytes.Buffer{}
	w, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	for k, lang := range languages {
		end := "\n"
		if k == len(languages)-1 {
			end = ""
		}
		if _, err := fmt.Fprintf(w, "= %s\n%s%s", lang, byLanguage[lang], end); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// class is what a phrase says; words.go tells what each is for.
type class string

// phrase is a row of folded words; the last may end with * (any ending), one that stands alone may begin with it (any beginning).
type phrase struct {
	words []string
	class class
	open  bool // the last word ends with *
}

// lexicon is what is known of one language.
type lexicon struct {
	lang    string
	first   map[string][]phrase // by their first word
	short   map[string][]phrase // open ones of one word, by their first three letters: they have as many
	endings map[string][]class  // by an ending
	longest int                 // of the endings, in bytes
	numbers map[string]int
	letters string // that are typical of it
	present bool   // the present says what will be
	ends    bool   // verbs are told by their endings
}

var languages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl"}

// lexica reads the files once.
var lexica = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{}
	words, err := unpacked()
	if err != nil {
		panic(err) // it is part of the program
	}
	for _, lang := range languages {
		out[lang] = read(lang, words[lang])
	}
	return out
})

func read(lang, text string) *lexicon {
	l := &lexicon{lang: lang, first: map[string][]phrase{}, short: map[string][]phrase{}, endings: map[string][]class{}, numbers: map[string]int{}}
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		name, rest, ok := strings.Cut(line, ":")
		if !ok {
			panic(fmt.Sprintf("words/%s.txt:%d: no class", lang, n+1))
		}
		for k, one := range strings.Split(rest, ",") {
			if one = strings.TrimSpace(one); one != "" {
				l.add(class(name), one, k)
			}
		}
	}
	l.compound()
	return l
}

// compound adds the words that German and Dutch make of a weekday and a part of the day: "Freitagnachmittag".
func (l *lexicon) compound() {
	parts := map[string]bool{}
	for _, begun := range l.first {
		for _, p := range begun {
			if p.class == "daypart" && len(p.words) > 1 {
				parts[p.words[len(p.words)-1]] = true
			}
		}
	}
	for day, begun := range maps.Clone(l.first) {
		for _, p := range begun {
			if strings.HasPrefix(string(p.class), "wd") && len(p.words) == 1 && len(day) > 3 {
				for part := range parts {
					l.first[day+part] = append(l.first[day+part], phrase{words: []string{day + part}, class: p.class})
				}
			}
		}
	}
}

func (l *lexicon) add(c class, text string, k int) {
	if c == "number" {
		word, value, ok := strings.Cut(text, "=")
		if v, err := strconv.Atoi(value); ok && err == nil {
			k = v - 1
		}
		for _, same := range strings.Split(word, "|") {
			l.numbers[fold(same)] = k + 1
		}
		return
	}
	if c == "mo" { // further forms of the twelve months, in their order
		for _, same := range strings.Split(text, "|") {
			l.add(class("mo"+strconv.Itoa(k+1)), same, 0)
		}
		return
	}
	if c == "letters" {
		l.letters += text
		return
	}
	if c == "present" {
		l.present = true
		return
	}
	if e, ok := strings.CutPrefix(text, "*"); ok { // endings keep their accents
		l.endings[e] = append(l.endings[e], c)
		l.longest = max(l.longest, len(e))
		l.ends = l.ends || c == "verb"
		return
	}
	var words []string
	for _, t := range tokens(text, 0, len(text)) {
		words = append(words, t.folded)
	}
	p := phrase{words: words, class: c, open: strings.HasSuffix(text, "*")}
	if p.open && len(words) == 1 {
		l.short[prefix(words[0])] = append(l.short[prefix(words[0])], p)
		return
	}
	l.first[words[0]] = append(l.first[words[0]], p)
}

func prefix(s string) string { return s[:min(3, len(s))] }

// hit is a phrase found at a token.
type hit struct {
	class class
	at, n int
}

// scan finds all phrases in ts. The work is linear: a word begins few phrases, and these are short.
func (l *lexicon) scan(ts []token) []hit {
	var out []hit
	for i, t := range ts {
		for _, p := range l.first[t.folded] {
			if p.matches(ts[i:]) {
				out = append(out, hit{p.class, i, len(p.words)})
			}
		}
		for _, p := range l.short[prefix(t.folded)] {
			if strings.HasPrefix(t.folded, p.words[0]) {
				out = append(out, hit{p.class, i, 1})
			}
		}
		for n := max(0, len(t.low)-l.longest); n < len(t.low); n++ {
			for _, c := range l.endings[t.low[n:]] {
				out = append(out, hit{c, i, 1})
			}
		}
	}
	return out
}

func (p phrase) matches(ts []token) bool {
	if len(ts) < len(p.words) {
		return false
	}
	for k, w := range p.words {
		if last := k == len(p.words)-1; ts[k].folded != w && (!last || !p.open || !strings.HasPrefix(ts[k].folded, w)) {
			return false
		}
	}
	return true
}

// marks are the hits of a stretch, by token.
type marks struct {
	lex *lexicon
	ts  []token
	at  [][]hit

	monthFirst bool // in English, as Setting says
}

func mark(lex *lexicon, ts []token, monthFirst bool) marks {
	m := marks{lex, ts, make([][]hit, len(ts)), monthFirst}
	hits := lex.scan(ts)
	masked := make([]bool, len(ts))
	for _, h := range hits {
		if h.class == "mask" {
			for k := h.at; k < h.at+h.n; k++ {
				masked[k] = true
			}
		}
	}
	for _, h := range hits {
		switch h.class {
		case "neg", "hedge", "past", "habit", "if":
			if masked[h.at] {
				continue // "no later than", "as soon as possible"
			}
		}
		m.at[h.at] = append(m.at[h.at], h)
	}
	m.contrast()
	return m
}

// bridge reports whether between two tokens there are only small words, and whether one of a class is among them.
func (m marks) bridge(from, to int, link ...class) (linked, small bool) {
	for k := from; k < to; {
		most := 0
		for _, h := range m.at[k] {
			switch is := slices.Contains(link, h.class); {
			case is:
				linked, most = true, max(most, h.n)
			case slices.Contains(smallWords, h.class):
				most = max(most, h.n)
			}
		}
		if most == 0 {
			return linked, false
		}
		k += most
	}
	return linked, true
}

// smallWords are what may stand between two times that belong together.
var smallWords = []class{"common", "to", "and", "of", "at", "at2", "onthe", "onday", "article", "before", "within", "latest", "during", "between"}

func (m marks) small(from, to int) bool {
	_, small := m.bridge(from, to)
	return small
}

// find returns the longest hit of a class at token i.
func (m marks) find(i int, c class) (n int) {
	if i < 0 || i >= len(m.at) {
		return 0
	}
	for _, h := range m.at[i] {
		if h.class == c && h.n > n {
			n = h.n
		}
	}
	return n
}

// starting returns the longest hit at i whose class begins with a prefix, and the rest of its class.
func (m marks) starting(i int, p string) (rest string, n int) {
	if i < 0 || i >= len(m.at) {
		return "", 0
	}
	for _, h := range m.at[i] {
		if r, ok := strings.CutPrefix(string(h.class), p); ok && h.n > n {
			rest, n = r, h.n
		}
	}
	return rest, n
}

// number reads the number at token i, in digits or as a word.
func (m marks) number(i int) (int, bool) {
	if i < 0 || i >= len(m.ts) {
		return 0, false
	}
	t := m.ts[i]
	if t.digits {
		v, err := strconv.Atoi(t.low)
		return v, err == nil && len(t.low) <= 4
	}
	v, ok := m.lex.numbers[t.folded]
	return v, ok
}

// tongue is what ts are written in: the language of which most words are known; hint decides where it is close.
func tongue(ts []token, hint string) *lexicon {
	all := lexica()
	best, most := all[hint], 0
	for _, lang := range languages {
		n := all[lang].known(ts[:min(len(ts), 200)])
		if lang == hint {
			n += 3
		}
		if n > most {
			best, most = all[lang], n
		}
	}
	return best
}

// known counts the words of ts that l has: small ones twice, as they are the language's own, and letters that few have.
func (l *lexicon) known(ts []token) (n int) {
	for _, t := range ts {
		word, small := 0, 0
		for _, p := range l.first[t.folded] {
			if p.class == "common" {
				small = 1
			}
			if len(p.words) == 1 {
				word = 1
			}
		}
		n += word + small
		if t.low != t.folded && strings.ContainsAny(t.low, l.letters) {
			n += 2
		}
	}
	return n
}
