package triage

import (
	"math"
	"sync"
)

const (
	offset32 = 2166136261
	prime32  = 16777619

	bucketBits = 19 // 524,288 buckets

	// Weights against whole words and pairs of neighbours.
	gapWeight    = 0.5 // two words with one between them
	letterWeight = 0.35

	saltPair    = 0x9E3779B9
	saltSkip    = 0xB5297A4D
	saltLetters = 0x85EBCA6B
	saltContext = 0xC2B2AE35
)

// feature is one bucket of a message: how often it occurs, its value once weighed, and the word it came from.
type feature struct {
	bucket uint32
	count  float32
	value  float32
	word   int32 // -1: from the context, not from a word
}

// slot of the table that counts features; a slot is empty when its round is not the current one.
type slot struct {
	round uint32
	at    int32
}

// scratch is the working memory of one assessment, reused so that a message costs next to no allocation.
type scratch struct {
	segments []segment
	words    []word
	lower    []rune // letters in lower case, accents kept: they tell languages apart
	folded   []rune // the same letters without accents: people leave them out
	marks    marks
	muted    bool // something in it was not listened to

	features []feature
	rows     [][]half // of the model, in step with features; nil for what it never saw
	table    []slot
	mask     uint32
	round    uint32

	scores  []float32
	hits    []hit
	denials []hit // negations

	conceived []int32   // concepts found
	glossed   []glossed // meanings found
	spelt     []byte    // a word in bytes
	split     int       // compounds taken apart
	sense     sense     // where the message points among the word vectors
	felt      bool      // it points somewhere
	weights   []float32 // by word, for reasons
	langs     [languageCount]float32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func newScratch() *scratch {
	s := scratches.Get().(*scratch)
	s.reset()
	return s
}

func (s *scratch) free() {
	for i := range s.segments { // do not keep texts alive
		s.segments[i].text = ""
	}
	for i := range s.rows { // nor an old model
		s.rows[i] = nil
	}
	scratches.Put(s)
}

func (s *scratch) reset() {
	s.segments, s.words, s.lower, s.folded = s.segments[:0], s.words[:0], s.lower[:0], s.folded[:0]
	s.features, s.rows, s.hits = s.features[:0], s.rows[:0], s.hits[:0]
	s.marks = marks{}
}

// extract counts the features of the words scanned: words, pairs of words, and 3 to 5 letters within words.
func (s *scratch) extract() {
	s.prepare()
	for i := range s.words {
		w := &s.words[i]
		if w.muted {
			continue
		}
		weight := s.segments[w.segment].weight
		s.count(mix(w.hash), weight, int32(i))
		if i >= 1 && s.words[i-1].segment == w.segment {
			s.count(mix(s.words[i-1].hash*saltPair^w.hash), weight, int32(i))
		}
		if i >= 2 && s.words[i-2].segment == w.segment {
			s.count(mix(s.words[i-2].hash*saltSkip^w.hash), weight*gapWeight, int32(i))
		}
		if w.kind == plain {
			s.countLetters(w, weight*letterWeight, int32(i))
		}
	}
}

func (s *scratch) countLetters(w *word, weight float32, at int32) {
	letters := s.folded[w.from:w.to]
	n := len(letters) + 2
	for i := 0; i+3 <= n; i++ {
		h := uint32(offset32 ^ saltLetters)
		for j := i; j < n && j < i+5; j++ {
			r := rune(' ')
			if j > 0 && j < n-1 {
				r = letters[j-1]
			}
			h = (h ^ uint32(r)) * prime32
			if j >= i+2 {
				s.count(mix(h), weight, at)
			}
		}
	}
}

// prepare makes room for as many features as the words can give.
func (s *scratch) prepare() {
	need := 64
	for _, w := range s.words {
		need += 3*int(w.to-w.from+4) + 14
	}
	need += 3 * mostConcepts
	size := uint32(256)
	for int(size) < 2*need {
		size *= 2
	}
	if len(s.table) < int(size) {
		s.table = make([]slot, size)
		s.round = 0
	}
	s.mask = size - 1
	if s.round == math.MaxUint32 {
		clear(s.table)
		s.round = 0
	}
	s.round++
}

func (s *scratch) count(bucket uint32, weight float32, word int32) {
	for i := (bucket * 0x9E3779B1) >> 8 & s.mask; ; i = (i + 1) & s.mask {
		t := &s.table[i]
		if t.round != s.round {
			*t = slot{s.round, int32(len(s.features))}
			s.features = append(s.features, feature{bucket: bucket, count: weight, word: word})
			return
		}
		if f := &s.features[t.at]; f.bucket == bucket {
			f.count += weight
			return
		}
	}
}

// context counts something known about the message that is not in its words: a standing, a rating.
func (s *scratch) context(name string, weight float32) { s.count(contextBucket(name), weight, -1) }

func contextBucket(name string) uint32 { return mix(contextHash(name)) }

func contextHash(name string) uint32 {
	h := uint32(offset32 ^ saltContext)
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * prime32
	}
	return h
}

// mix spreads h over the buckets.
func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85EBCA6B
	h ^= h >> 13
	h *= 0xC2B2AE35
	h ^= h >> 16
	return h >> (32 - bucketBits)
}

// dampened is 1+ln(count) for counts of one and more and falls to 0 with it: ten times the same word is not ten words.
func dampened(count float32) float32 {
	switch {
	case count == 1:
		return 1
	case count < 1:
		return count
	}
	return 1 + float32(math.Log(float64(count)))
}
