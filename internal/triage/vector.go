package triage

import (
	_ "embed"
	"encoding/binary"
	"math"
	"sort"
	"sync"
)

// VectorWidth is how many numbers a word vector has.
const VectorWidth = 64

const (
	senseWeight = 0.5             // of a message's vector beside its words
	senseAbroad = 0.5             // the same of a message in another language: it has but the directions of its concepts
	conceptSays = 1.0             // of a concept in it, beside an English word
	firstSense  = 1 << bucketBits // bucket of the vector's first number; they stand behind all others
	allBuckets  = firstSense + VectorWidth
)

// vectors of English words: sorted hashes, then how much each word tells (0 to 255), then its numbers. See bench/vectors.
//
//go:embed vectors/en.bin
var vectors []byte

const vectorBytes = 4 + 1 + VectorWidth

// WordHash is the hash by which triage knows a word; false if it is not one word of letters.
func WordHash(text string) (uint32, bool) {
	s := newScratch()
	defer s.free()
	s.scan(text, 1)
	if len(s.words) != 1 || s.words[0].kind != plain || int(s.words[0].end) != len(text) {
		return 0, false
	}
	return s.words[0].hash, true
}

// vectorOf returns what a word tells and its numbers, nil if it is not known.
func vectorOf(hash uint32) (tells float32, numbers []byte) {
	n := len(vectors) / vectorBytes
	i := sort.Search(n, func(i int) bool { return binary.LittleEndian.Uint32(vectors[4*i:]) >= hash })
	if i == n || binary.LittleEndian.Uint32(vectors[4*i:]) != hash {
		return 0, nil
	}
	at := 5*n + i*VectorWidth
	return float32(vectors[4*n+i]) / 255, vectors[at : at+VectorWidth]
}

// sense is a direction in the space of word vectors.
type sense [VectorWidth]float32

func (v *sense) add(numbers []byte, weight float32) {
	for d, x := range numbers {
		v[d] += weight * float32(int8(x)) / 250
	}
}

// unit makes v as long as length; what points nowhere stays so.
func (v *sense) unit(length float64) bool {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum < 1e-6 {
		return false
	}
	scale := float32(length / math.Sqrt(sum))
	for d := range v {
		v[d] *= scale
	}
	return true
}

// conceptSenses are the directions of the concepts: those of their English words. By them words of other languages have one.
var conceptSenses = sync.OnceValue(func() []sense {
	out := make([]sense, len(concepts().concepts))
	for k, c := range concepts().concepts {
		for _, h := range c.english {
			if tells, numbers := vectorOf(h); numbers != nil {
				out[k].add(numbers, tells)
			}
		}
		out[k].unit(1)
	}
	return out
})

// feel finds the direction of the first n words of a message, by its English words and by its concepts, and reports whether
// it has one.
func (s *scratch) feel(n int, lang Language) {
	s.sense = sense{}
	english := lang.Code == "en"
	if english || lang.Code == "" || lang.Code == "und" {
		for i := range s.words[:n] {
			w := &s.words[i]
			if w.muted || w.kind != plain {
				continue
			}
			if tells, numbers := vectorOf(w.hash); numbers != nil {
				s.sense.add(numbers, tells*s.segments[w.segment].weight)
			}
		}
	}
	if !english {
		for _, g := range s.glossed {
			for _, h := range g.meaning {
				if tells, numbers := vectorOf(h); numbers != nil && h != 0 && int(g.word) < n {
					s.sense.add(numbers, glossSays*tells)
				}
			}
		}
	}
	senses := conceptSenses()
	for _, k := range s.conceived {
		for d, x := range senses[k] {
			s.sense[d] += conceptSays * x
		}
	}
	length := senseWeight
	if !english {
		length = senseAbroad
	}
	s.felt = s.sense.unit(length)
}
