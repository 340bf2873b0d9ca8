package triage

import (
	"math"
	"sync"
)

// How the model is trained, chosen on held-out parts of two published sets (bench/triage -held) and on phrases of our own.
const (
	epochs       = 6
	rate         = 3.0  // of the first steps; falls to nothing in a straight line
	decay        = 2e-5 // pulls weights back to nothing
	smoothing    = 0.08 // share of certainty withheld: nobody is right always, and the confidences stay honest
	enough       = 1e-3 // slope below which a class is left alone
	phraseWeight = 1.0  // of a department's or an intent's own phrase
	wordWeight   = 0.7  // of a word of either
	skillWeight  = 0.6  // of a person's skill, for the person's department
	borrowed     = 0.2  // of an intent's phrase, for the department that deals with it by default
	seedFade     = 400  // corrections after which a phrase counts half
)

// sample is one example in numbers.
type sample struct {
	from, to           int // its features in trainer.at and trainer.value
	department, intent int // -1: says nothing of it
	departmentWeight   float32
	intentWeight       float32
}

// trainer holds the examples as rows of numbers while weights are found for them.
type trainer struct {
	m       *Model
	ids     []int32 // by bucket, -1 for none
	buckets []uint32
	found   []int32 // in how many samples
	at      []int32
	count   []float32
	samples []sample
	scratch *scratch
}

// Train makes a model from seed and everything people said since, oldest first. The same arguments give the same model.
func Train(seed Seed, examples []Example) *Model {
	if len(seed.Intents) == 0 {
		seed.Intents = Packs().Intents(Packs().Languages...)
	}
	m := blank(seed)
	t := &trainer{m: m, ids: make([]int32, 1<<bucketBits), scratch: newScratch()}
	defer t.scratch.free()
	for i := range t.ids {
		t.ids[i] = -1
	}
	t.phrases(seed, seedFade/float32(seedFade+len(examples)))
	for i := range examples {
		t.example(&examples[i])
	}
	m.learned = len(examples)
	t.fit()
	return m
}

// blank is a model that knows its classes and nothing else.
func blank(seed Seed) *Model {
	m := &Model{}
	for _, d := range seed.Departments {
		if m.departments.index(d.Key) < 0 {
			m.departments.keys, m.departments.names = append(m.departments.keys, d.Key), append(m.departments.names, named(d.Name, d.Key))
		}
	}
	for _, i := range seed.Intents {
		if m.intents.index(i.Key) < 0 {
			m.intents.keys, m.intents.names = append(m.intents.keys, i.Key), append(m.intents.names, named(i.Name, i.Key))
		}
	}
	m.intents.from = len(m.departments.keys)
	m.departments.bias = make([]float32, len(m.departments.keys))
	m.intents.bias = make([]float32, len(m.intents.keys))
	m.departments.temperature, m.intents.temperature = 1, 1
	m.learnSkills(seed.Staff)
	m.learnTopics(seed.Topics)
	return m
}

func named(name, key string) string {
	if name == "" {
		return key
	}
	return name
}

// phrases adds what the seed says, at a weight that fades as real messages come in.
func (t *trainer) phrases(seed Seed, fade float32) {
	for _, d := range seed.Departments {
		at, words := t.m.departments.index(d.Key), d.Words
		if len(words) == 0 {
			words = Packs().wordsBehind(d.Phrases)
		}
		t.list([]string{d.Name}, at, -1, phraseWeight*fade, 0)
		t.list(d.Phrases, at, -1, phraseWeight*fade, 0)
		t.list(words, at, -1, wordWeight*fade, 0)
	}
	for _, i := range seed.Intents {
		at, dep := t.m.intents.index(i.Key), t.m.departments.index(i.Department)
		t.list(i.Phrases, dep, at, borrowed*fade, phraseWeight*fade)
		t.list(i.Words, -1, at, 0, wordWeight*fade)
	}
	for _, p := range seed.Staff {
		t.list(p.Skills, t.m.departments.index(p.Department), -1, skillWeight*fade, 0)
	}
}

// list adds the lines of one list.
func (t *trainer) list(lines []string, department, intent int, departmentWeight, intentWeight float32) {
	for _, line := range lines {
		t.add(&Input{Text: line}, department, intent, departmentWeight, intentWeight)
	}
}

func (t *trainer) example(e *Example) {
	w := e.weight()
	dep := t.m.departments.index(e.Department)
	if len(e.Intents) == 0 {
		t.add(&e.Input, dep, -1, w, 0)
		return
	}
	for i, key := range e.Intents { // several intents share the message
		if i > 0 {
			dep = -1
		}
		t.add(&e.Input, dep, t.m.intents.index(key), w, w/float32(len(e.Intents)))
	}
}

func (t *trainer) add(in *Input, department, intent int, departmentWeight, intentWeight float32) {
	if department < 0 && intent < 0 {
		return
	}
	s := t.scratch
	s.reset()
	s.take(in)
	from := len(t.at)
	for _, f := range s.features {
		id := t.ids[f.bucket]
		if id < 0 {
			id = int32(len(t.buckets))
			t.ids[f.bucket] = id
			t.buckets = append(t.buckets, f.bucket)
			t.found = append(t.found, 0)
		}
		t.found[id]++
		t.at = append(t.at, id)
		t.count = append(t.count, f.count)
	}
	t.samples = append(t.samples, sample{from, len(t.at), department, intent, departmentWeight, intentWeight})
}

// fit finds the weights of both heads. They know nothing of each other, so each has a processor to itself.
func (t *trainer) fit() {
	m := t.m
	rarity := t.rarities()
	t.values(rarity)
	d, i := newSlab(&m.departments, len(t.buckets)), newSlab(&m.intents, len(t.buckets))
	var both sync.WaitGroup
	both.Go(func() { d.fit(t, func(p *sample) (int, float32) { return p.department, p.departmentWeight }) })
	both.Go(func() { i.fit(t, func(p *sample) (int, float32) { return p.intent, p.intentWeight }) })
	both.Wait()
	m.weights = newWeights(1 + len(m.departments.keys) + len(m.intents.keys))
	m.rarity = float32(math.Log(float64(1+len(t.samples)))) + 1
	t.pack(rarity, d, i)
}

// rarities is how much a feature tells by being rare.
func (t *trainer) rarities() []float32 {
	r := make([]float32, len(t.buckets))
	n := float64(1 + len(t.samples))
	for i, found := range t.found {
		r[i] = float32(math.Log(n/float64(1+found))) + 1
	}
	return r
}

// values turns counts into values of length one a sample.
func (t *trainer) values(rarity []float32) {
	for _, p := range t.samples {
		var sum float64
		for i := p.from; i < p.to; i++ {
			v := dampened(t.count[i]) * rarity[t.at[i]]
			t.count[i] = v
			sum += float64(v) * float64(v)
		}
		if sum == 0 {
			continue
		}
		scale := float32(1 / math.Sqrt(sum))
		for i := p.from; i < p.to; i++ {
			t.count[i] *= scale
		}
	}
}
