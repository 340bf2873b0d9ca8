package triage

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// How much what a word means in English weighs as a feature beside the word itself.
const (
	glossWeight     = 1.0
	glossPairWeight = 0.35 // of two neighbours
	kindWeight      = 1.0  // of what kind of thing it is
	kindPairWeight  = 0.5  // of two that follow
	glossSays       = 1.0  // of a word's meaning among the word vectors, beside an English word

	saltGloss     = 0x7FEB352D
	saltGlossPair = 0x846CA68B
	saltKind      = 0x9E3779B5
	saltKindPair  = 0x7F4A7C15

	leastStem   = 5 // letters a word must share with the word whose meaning it borrows
	mostEndings = 3 // letters that the two may end in differently
	leastLimb   = 4 // letters of a part of a compound
	leastLent   = 4 // letters of a word of another language
	mostSplit   = 8 // words of one message that are taken apart
)

// joints are what stands between the parts of a compound of German or Dutch.
var joints = [...]string{"", "s", "n", "en", "es", "e", "er"}

// compounding are the languages that write such compounds.
var compounding = func() (c [languageCount]bool) {
	for _, lang := range [...]string{"de", "nl"} {
		c[languageIndex(lang)] = true
	}
	return c
}()

// glossFile is glosses/*.txt packed: "= xx" opens a language, "word<TAB>meaning" follow, the words folded and in order.
// Made by: go run ./bench/triage -only export.
//
//go:embed glosses/glosses.gz
var glossFile []byte

// meaning is what a word stands for in English: hashes of one or two words, 0 for none.
type meaning [2]uint32

// glossary is what the words of one language mean, in English and as base forms: what is learned of "refund" in one language
// holds for "Erstattungen" and "remboursée", which a message of the packs may never have had.
type glossary struct {
	words    string  // folded, one behind the other, in order
	at       []int32 // where each begins; one more at the end
	meanings []meaning
}

func (g *glossary) word(i int) string { return g.words[g.at[i]:g.at[i+1]] }

// library is all glossaries: by languageIndex, and of English words by their kinds.
type library struct {
	by    [languageCount]glossary
	kinds glossary
}

const kindsName = "kinds"

// glossaries are those of the languages, by languageIndex.
var glossaries = sync.OnceValue(func() *library {
	all := &library{}
	r, err := gzip.NewReader(bytes.NewReader(glossFile))
	if err != nil {
		return all
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return all
	}
	var g *glossary
	var words strings.Builder
	known := map[string]uint32{}
	end := func() {
		if g != nil {
			g.words, g.at = words.String(), append(g.at, int32(words.Len()))
		}
		words = strings.Builder{}
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if lang, ok := strings.CutPrefix(line, "= "); ok {
			end()
			g = nil
			if i := languageIndex(lang); i >= 0 {
				g = &all.by[i]
			} else if lang == kindsName {
				g = &all.kinds
			}
			continue
		}
		word, english, ok := strings.Cut(line, "\t")
		if !ok || g == nil {
			continue
		}
		var m meaning
		for k, w := range strings.SplitN(english, " ", 2) {
			if _, ok := known[w]; !ok {
				known[w], _ = WordHash(w)
			}
			m[k] = known[w]
		}
		g.at, g.meanings = append(g.at, int32(words.Len())), append(g.meanings, m)
		words.WriteString(word)
	}
	end()
	return all
})

// find returns the place of a folded word, or where it would stand.
func (g *glossary) find(word []byte) (at int, there bool) {
	lo, hi := 0, len(g.meanings)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if g.word(mid) < string(word) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(g.meanings) && g.word(lo) == string(word)
}

// of finds what a folded word means; a form that is not known means what its nearest relative does, if loose.
func (g *glossary) of(word []byte, loose bool) (m meaning) {
	lo, there := g.find(word)
	if there {
		return g.meanings[lo]
	}
	if !loose {
		return m
	}
	most := leastStem - 1
	for _, i := range [...]int{lo - 1, lo} {
		if i < 0 || i >= len(g.meanings) {
			continue
		}
		w := g.word(i)
		same := 0
		for same < len(w) && same < len(word) && w[same] == word[same] {
			same++
		}
		if same > most && len(word)-same <= mostEndings && len(w)-same <= mostEndings {
			most, m = same, g.meanings[i]
		}
	}
	return m
}

// compound finds what the parts of a word mean that is written as one: the last part, and what is before it if that is known.
func (g *glossary) compound(word []byte) (m meaning) {
	for i := leastLimb - 1; i <= len(word)-leastLimb; i++ { // the longest last part
		last, there := g.find(word[i:])
		if !there {
			continue
		}
		for _, joint := range joints {
			first, ok := bytes.CutSuffix(word[:i], []byte(joint))
			if at, there := g.find(first); ok && there && len(first) >= leastLimb-1 {
				return meaning{g.meanings[at][0], g.meanings[last][0]}
			}
		}
		if m[0] == 0 && len(word)-i > leastLimb {
			m[0] = g.meanings[last][0]
		}
	}
	return m
}

// kinds is what kind of thing English words are, by their hashes: "sneaker" and "boot" are footwear. See glosses/kinds.txt.
var kinds = sync.OnceValue(func() map[uint32]uint32 {
	out := map[uint32]uint32{}
	g := &glossaries().kinds
	for i, m := range g.meanings {
		if h, ok := WordHash(g.word(i)); ok {
			out[h] = m[0]
		}
	}
	return out
})

// glossed is a word of the message and what it means.
type glossed struct {
	word int32
	meaning
}

// gloss counts what the words mean, each alone and beside the one before it.
func (s *scratch) gloss(lang Language) {
	s.glossed, s.split = s.glossed[:0], 0
	all := &glossaries().by
	own := languageIndex(lang.Code)
	if own >= 0 && lang.Confidence < 0.6 {
		own = -1
	}
	for i := range s.words {
		w := &s.words[i]
		if w.muted || w.kind != plain {
			continue
		}
		s.lookUp(all, own, w.from, w.to, int32(i))
	}
	last := -1
	was := uint32(0)
	for k, g := range s.glossed {
		w := s.segments[s.words[g.word].segment].weight
		for _, h := range g.meaning {
			if h != 0 {
				s.count(mix(h*saltGloss), glossWeight*w, g.word)
				if kind := kinds()[h]; kind != 0 {
					s.count(mix(kind*saltKind), kindWeight*w, g.word)
					if was != 0 && was != kind {
						s.count(mix((was^kind)*saltKindPair), kindPairWeight*w, g.word)
					}
					was = kind
				}
			}
		}
		if last >= 0 && s.glossed[last].word+2 >= g.word && !s.broken(s.glossed[last].word, g.word) {
			a, b := s.glossed[last].meaning[0], g.meaning[0]
			s.count(mix(a*saltGlossPair^b), glossPairWeight*w, g.word)
		}
		last = k
	}
}

func (s *scratch) lookUp(all *[languageCount]glossary, own int, from, to, word int32) {
	s.spelt = s.spelt[:0]
	for _, r := range s.folded[from:to] {
		s.spelt = utf8.AppendRune(s.spelt, r)
	}
	var m meaning
	if own >= 0 {
		m = all[own].of(s.spelt, true)
		if m[0] == 0 && compounding[own] && s.split < mostSplit {
			s.split++
			m = all[own].compound(s.spelt)
		}
	}
	others := all[:] // where the language is not known
	if own >= 0 {
		others = all[:1] // an English word among one's own
	}
	for k := 0; m[0] == 0 && k < len(others) && to-from >= leastLent; k++ {
		m = others[k].of(s.spelt, false)
	}
	if m[0] != 0 {
		s.glossed = append(s.glossed, glossed{word, m})
	}
}

// PackGlosses packs glossaries for the program: by language, lines "word<TAB>meaning"; a meaning of "-" is left out.
func PackGlosses(byLanguage map[string]string) ([]byte, error) {
	out := &bytes.Buffer{}
	w, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	for _, lang := range append(slices.Clone(languages[:]), kindsName) {
		lines := map[string]string{}
		var words []string
		for line := range strings.Lines(byLanguage[lang]) {
			word, english, ok := strings.Cut(strings.TrimSpace(line), "\t")
			word = folded(word)
			if _, twice := lines[word]; !ok || english == "" || english == "-" || word == "" || twice {
				continue
			}
			lines[word] = english
			words = append(words, word)
		}
		if len(words) == 0 {
			continue
		}
		slices.Sort(words)
		if _, err := io.WriteString(w, "= "+lang+"\n"); err != nil {
			return nil, err
		}
		for _, word := range words {
			if _, err := io.WriteString(w, word+"\t"+lines[word]+"\n"); err != nil {
				return nil, err
			}
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// folded is text in the letters by which triage knows words.
func folded(text string) string {
	s := newScratch()
	defer s.free()
	s.scan(text, 1)
	if len(s.words) != 1 {
		return ""
	}
	return string(s.folded[s.words[0].from:s.words[0].to])
}
