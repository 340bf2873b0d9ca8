package promise

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed words/*.txt
var files embed.FS

// class is what a phrase says; words/README.txt tells what each is for.
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
	numbers map[string]int
	letters string // that are typical of it
	present bool   // the present says what will be
	ends    bool   // verbs are told by their endings
}

var languages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl"}

// lexica reads the files once.
var lexica = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{}
	for _, lang := range languages {
		b, err := files.ReadFile("words/" + lang + ".txt")
		if err != nil {
			panic(err) // it is part of the program
		}
		out[lang] = read(lang, string(b))
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
	return l
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
		for n := max(0, len(t.low)-6); n < len(t.low); n++ {
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
