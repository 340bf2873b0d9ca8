package triage

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed lexicon/concepts
var conceptFiles embed.FS

// How much a concept weighs as a feature beside the word it was found in.
const (
	conceptWeight = 1.0
	pairWeight    = 0.5 // of two neighbouring concepts of a sentence
	mostConcepts  = 64  // of one message; what comes after is not looked at
	apart         = 4   // words between two neighbours at most

	saltConcept = 0x165667B1
	saltBeside  = 0xD3A2646C
	saltDenied  = 0x2545F491
)

// concept is what several words of several languages mean alike: "refund", "Gutschrift", "remboursez". What is learned of
// one of them holds for all.
type concept struct {
	name    string
	hash    uint32
	english []uint32 // hashes of its English words
}

// dictionary is all concepts there are, and where they are found.
type dictionary struct {
	concepts []concept
	book     phrasebook
}

// concepts reads lexicon/concepts/*.txt: "= name" opens a concept, "xx: a | b c | stem*" are its words in the language xx.
var concepts = sync.OnceValue(func() *dictionary {
	d := &dictionary{}
	at := map[string]int32{}
	files, _ := fs.Glob(conceptFiles, "lexicon/concepts/*.txt")
	slices.Sort(files)
	for _, file := range files {
		text, _ := conceptFiles.ReadFile(file)
		k := int32(-1)
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if name, ok := strings.CutPrefix(line, "= "); ok {
				if _, known := at[name]; !known {
					at[name] = int32(len(d.concepts))
					d.concepts = append(d.concepts, concept{name: name, hash: contextHash("concept " + name)})
				}
				k = at[name]
				continue
			}
			lang, words, ok := strings.Cut(line, ":")
			i := languageIndex(strings.TrimSpace(lang))
			if !ok || k < 0 || i < 0 {
				continue
			}
			for w := range strings.SplitSeq(words, "|") {
				d.book.add(strings.TrimSpace(w), k, 1<<i)
				if languages[i] == "en" {
					d.concepts[k].english = append(d.concepts[k].english, hashes(w)...)
				}
			}
		}
	}
	d.book.close()
	return d
})

// hashes are those of the whole words of text.
func hashes(text string) (all []uint32) {
	s := newScratch()
	defer s.free()
	s.scan(text, 1)
	for _, w := range s.words {
		if w.kind == plain {
			all = append(all, w.hash)
		}
	}
	return all
}

// conceive counts the concepts of the first n words: each, each that is denied, and each beside the one before it.
func (s *scratch) conceive(n int, lang Language) {
	mask := everyLanguage
	if i := languageIndex(lang.Code); i >= 0 && lang.Confidence >= 0.6 {
		mask = 1 << i
	}
	d := concepts()
	s.hits, s.conceived = s.hits[:0], s.conceived[:0]
	d.book.find(s, n, mask)
	slices.SortFunc(s.hits, func(a, b hit) int {
		if a.from != b.from {
			return int(a.from - b.from)
		}
		return int(b.to - a.to)
	})
	last := hit{value: -1}
	for k, h := range s.hits {
		if k == mostConcepts {
			return
		}
		if h == last || h.value == last.value && h.from < last.to { // the same words twice
			continue
		}
		w := s.segments[s.words[h.from].segment].weight
		c := d.concepts[h.value].hash
		s.count(mix(c*saltConcept), conceptWeight*w, h.from)
		if s.deniedBy(h) {
			s.count(mix(c*saltDenied), conceptWeight*w, h.from)
		}
		if last.value >= 0 && h.from >= last.to && h.from-last.to <= apart && !s.broken(last.to-1, h.from) {
			s.count(mix(d.concepts[last.value].hash*saltBeside^c), pairWeight*w, h.from)
		}
		s.conceived = append(s.conceived, h.value)
		last = h
	}
}

// broken reports whether a sentence ends between word i and word j.
func (s *scratch) broken(i, j int32) bool {
	for ; i < j; i++ {
		if s.words[i].breakAfter || s.words[i].segment != s.words[i+1].segment {
			return true
		}
	}
	return false
}

// deniedBy reports a negation within the three words before h, in the same sentence.
func (s *scratch) deniedBy(h hit) bool {
	for _, d := range s.denials {
		if d.to <= h.from && d.to >= h.from-2 && !s.broken(d.from, h.from) {
			return true
		}
	}
	return false
}
