package triage

import (
	"cmp"
	"slices"
	"strings"
)

// everyLanguage is the mask of a phrase that means the same in all of them.
const everyLanguage = ^uint32(0)

// phrasebook finds known phrases in a message, word by word and at next to no cost. A word ending in * is a stem: it
// stands for all words that begin so.
type phrasebook struct {
	phrases  []phrase        // by the key of the first word, once it is closed
	patterns []pattern       // of the further words
	maybe    [1 << 12]uint64 // one bit a key: most words are in no phrase, and say so without a search
}

type phrase struct {
	first uint32 // key of the first word
	value int32
	langs uint32
	rest  int32 // place of the further words in patterns
	more  int32 // how many they are
}

type pattern struct {
	key  uint32
	stem int32 // letters of the stem; 0 for a whole word
}

// hit is a phrase found: its value and its words.
type hit struct {
	value    int32
	from, to int32
}

const saltStem = 0x27D4EB2F

func wholeKey(hash uint32) uint32 { return hash * 0x9E3779B1 }
func stemKey(hash uint32) uint32  { return (hash ^ saltStem) * 0x85EBCA6B }

// add puts a phrase into the book, which must be closed before anything is looked up. A phrase without a letter is left out.
func (b *phrasebook) add(text string, value int32, langs uint32) {
	s := newScratch()
	defer s.free()
	s.scan(text, 1)
	var patterns []pattern
	for _, w := range s.words {
		p := pattern{key: wholeKey(w.hash)}
		if strings.HasPrefix(text[w.end:], "*") {
			p = pattern{key: stemKey(w.hash), stem: w.to - w.from}
		}
		patterns = append(patterns, p)
	}
	if len(patterns) == 0 {
		return
	}
	key := patterns[0].key
	b.phrases = append(b.phrases, phrase{key, value, langs, int32(len(b.patterns)), int32(len(patterns) - 1)})
	b.patterns = append(b.patterns, patterns[1:]...)
	b.maybe[key>>20] |= 1 << (key >> 14 & 63)
}

// close puts the phrases in the order in which they are looked up, those of one key in the order in which they came.
func (b *phrasebook) close() *phrasebook {
	slices.SortStableFunc(b.phrases, func(x, y phrase) int { return cmp.Compare(x.first, y.first) })
	b.phrases, b.patterns = slices.Clip(b.phrases), slices.Clip(b.patterns)
	return b
}

// find appends to s.hits the phrases in the first n words of s that langs allows, but for those that begin in an order.
func (b *phrasebook) find(s *scratch, n int, langs uint32) {
	from := len(s.hits)
	b.findAll(s, n, langs)
	s.hits = append(s.hits[:from], slices.DeleteFunc(s.hits[from:], func(h hit) bool { return s.words[h.from].muted })...)
}

// findAll is find, orders to the machine and all.
func (b *phrasebook) findAll(s *scratch, n int, langs uint32) {
	if b == nil || len(b.phrases) == 0 {
		return
	}
	for i := range s.words[:n] {
		w := &s.words[i]
		b.try(s, i, n, wholeKey(w.hash), langs)
		if w.kind != plain {
			continue
		}
		h := uint32(offset32)
		for k, r := range s.folded[w.from:w.to] {
			h = (h ^ uint32(r)) * prime32
			if k >= 1 {
				b.try(s, i, n, stemKey(h), langs)
			}
		}
	}
}

func (b *phrasebook) try(s *scratch, i, n int, key, langs uint32) {
	if b.maybe[key>>20]&(1<<(key>>14&63)) == 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(b.phrases, key, func(p phrase, key uint32) int { return cmp.Compare(p.first, key) })
	for ; at < len(b.phrases) && b.phrases[at].first == key; at++ {
		p := &b.phrases[at]
		if p.langs&langs == 0 || i+int(p.more) >= n || !b.goesOn(p, s, i+1) {
			continue
		}
		s.hits = append(s.hits, hit{p.value, int32(i), int32(i + 1 + int(p.more))})
	}
}

func (b *phrasebook) goesOn(p *phrase, s *scratch, i int) bool {
	for _, q := range b.patterns[p.rest : p.rest+p.more] {
		w := &s.words[i]
		i++
		if q.stem == 0 {
			if wholeKey(w.hash) != q.key {
				return false
			}
			continue
		}
		if w.to-w.from < q.stem {
			return false
		}
		h := uint32(offset32)
		for _, r := range s.folded[w.from : w.from+q.stem] {
			h = (h ^ uint32(r)) * prime32
		}
		if stemKey(h) != q.key {
			return false
		}
	}
	return true
}
