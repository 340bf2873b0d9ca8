package triage

import (
	"math"
	"slices"
	"sync"
)

// How the model is trained, chosen on held-out parts of two published sets (bench/triage -held) and on phrases of our own.
const (
	epochs        = 4
	mostEpochs    = 100    // of few examples
	fewSteps      = 30_000 // below which there are more
	rate          = 3.5    // of the first steps; falls to nothing in a straight line
	decay         = 1e-5   // pulls weights back to nothing
	smoothing     = 0.08   // share of certainty withheld: nobody is right always, and the confidences stay honest
	brevity       = 100    // added to the square of a message's length: who says one word says little, and nothing surely
	enough        = 4e-3   // slope below which a class is left alone
	phraseWeight  = 1.0    // of a department's or an intent's own phrase
	wordWeight    = 0.4    // of a word of either
	messageWeight = 1.0    // of a message of the packs
	firstShare    = 0.6    // of the first of several intents or departments of a message
	skillWeight   = 0.6    // of a person's skill, for the person's department
	borrowed      = 0.2    // of an intent's phrase, for the department that deals with it by default
	seedFade      = 400    // corrections after which a phrase counts half
)

// sample is one example in numbers.
type sample struct {
	from, to   int32 // its features in trainer.at and trainer.count
	says, said int32 // what it says, in trainer.labels
	borne      bool  // nobody corrected it
}

// label is that a sample belongs to a class of a head, with a share of one and a weight.
type label struct {
	head, class   int16
	share, weight float32
}

// trainer holds the examples as rows of numbers while weights are found for them.
type trainer struct {
	m       *Model
	ids     []int32 // by bucket, -1 for none
	buckets []uint32
	found   []int32 // in how many samples
	dear    []bool  // said by the company itself, or in a phrase: kept if only once
	ready   bool    // what is added now is a message of the packs
	at      []int32
	count   []float32
	samples []sample
	labels  []label
	scratch *scratch
}

// Train makes a model from seed and everything people said since, oldest first. The same arguments give the same model.
func Train(seed Seed, examples []Example) *Model {
	if len(seed.Intents) == 0 {
		seed.Intents = Packs().Intents(Packs().Languages...)
	}
	m := blank(seed)
	t := &trainer{m: m, ids: make([]int32, allBuckets), scratch: newScratch()}
	defer t.scratch.free()
	for i := range t.ids {
		t.ids[i] = -1
	}
	var heft float32
	for i := range examples {
		if heft += min(examples[i].weight(), 1); examples[i].corrects() {
			m.learned++
		}
	}
	t.phrases(seed, seedFade/(seedFade+heft))
	for i := range examples {
		t.example(&examples[i])
	}
	t.fit()
	return m
}

// The classes that every company has.
var (
	needsKeys   = []string{string(Must), string(Courtesy), string(None)}
	urgencyKeys = []string{string(Now), string(Today), string(Normal)}
	moodKeys    = []string{"-", "0", "+"}
)

const (
	departmentHead = iota
	intentHead
	needsHead
	urgencyHead
	moodHead
)

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
	m.needs.keys, m.urgency.keys, m.mood.keys = needsKeys, urgencyKeys, moodKeys
	m.columns()
	for _, h := range m.heads() {
		h.bias, h.temperature = make([]float32, len(h.keys)), 1
		if h.names == nil {
			h.names = h.keys
		}
	}
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
	covers := make(map[string]int, len(seed.Departments)) // by key of a ready-made department: who of the seed deals with its matters
	for _, d := range seed.Departments {
		at, words := t.m.departments.index(d.Key), d.Words
		behind := Packs().behind(d.Phrases)
		for _, key := range behind {
			if _, taken := covers[key]; !taken {
				covers[key] = at
			}
		}
		if len(words) == 0 {
			words = Packs().wordsOf(behind)
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
	t.ready = true
	for k := range seed.Messages {
		t.message(&seed.Messages[k], covers, messageWeight*fade)
	}
	t.ready = false
}

// list adds the lines of one list.
func (t *trainer) list(lines []string, department, intent int, departmentWeight, intentWeight float32) {
	for _, line := range lines {
		t.add(&Input{Text: line}, label{departmentHead, int16(department), 1, departmentWeight}, label{intentHead, int16(intent), 1, intentWeight})
	}
}

// message adds a message of the packs: all that is said of it.
func (t *trainer) message(g *Message, covers map[string]int, weight float32) {
	labels := []label{
		{needsHead, int16(t.m.needs.index(string(g.Needs))), 1, weight},
		{urgencyHead, int16(t.m.urgency.index(string(g.Urgency))), 1, weight},
		{moodHead, int16(g.Mood + 1), 1, weight},
	}
	labels = append(labels, shared(intentHead, weight, g.Intents, t.m.intents.index)...)
	labels = append(labels, shared(departmentHead, weight, g.Departments, func(key string) int {
		if at, ok := covers[key]; ok {
			return at
		}
		return -1
	})...)
	t.add(&g.Input, labels...)
}

// shared splits a label between several classes: the first has as much as all others together.
func shared(head int16, weight float32, keys []string, index func(string) int) (out []label) {
	for _, key := range keys {
		at := int16(index(key))
		if at < 0 {
			continue
		}
		if k := slices.IndexFunc(out, func(l label) bool { return l.class == at }); k < 0 {
			out = append(out, label{head, at, 1, weight})
		}
	}
	if n := len(out); n > 1 {
		out[0].share = firstShare
		for k := range out[1:] {
			out[1+k].share = (1 - firstShare) / float32(n-1)
		}
	}
	return out
}

func (t *trainer) example(e *Example) {
	w := e.weight()
	labels := []label{{departmentHead, int16(t.m.departments.index(e.Department)), 1, w}}
	had := len(t.samples)
	t.add(&e.Input, append(labels, shared(intentHead, w, e.Intents, t.m.intents.index)...)...)
	if len(t.samples) > had {
		t.samples[had].borne = !e.corrects()
	}
}

func (t *trainer) add(in *Input, labels ...label) {
	said := len(t.labels)
	for _, l := range labels {
		if l.class >= 0 && l.weight > 0 {
			t.labels = append(t.labels, l)
		}
	}
	if len(t.labels) == said {
		return
	}
	s := t.scratch
	s.reset()
	s.take(in)
	from := len(t.at)
	for _, f := range s.features {
		t.feature(f.bucket, f.count)
	}
	if s.felt {
		for d, x := range s.sense {
			t.feature(firstSense+uint32(d), x)
		}
	}
	t.samples = append(t.samples, sample{int32(from), int32(len(t.at)), int32(said), int32(len(t.labels)), false})
}

func (t *trainer) feature(bucket uint32, count float32) {
	id := t.ids[bucket]
	if id < 0 {
		id = int32(len(t.buckets))
		t.ids[bucket] = id
		t.buckets = append(t.buckets, bucket)
		t.found, t.dear = append(t.found, 0), append(t.dear, false)
	}
	t.found[id]++
	t.dear[id] = t.dear[id] || !t.ready
	t.at = append(t.at, id)
	t.count = append(t.count, count)
}

// fit finds the weights of all heads. They know nothing of each other, so each may have a processor to itself.
func (t *trainer) fit() {
	m := t.m
	rarity := t.rarities()
	t.values(rarity)
	rarity = t.prune(rarity)
	slabs := make([]*slab, headCount)
	var all sync.WaitGroup
	for k, h := range m.heads() {
		slabs[k] = newSlab(h, len(t.buckets))
		all.Go(func() { slabs[k].fit(t, int16(k)) })
	}
	all.Wait()
	t.presume()
	m.weights = newWeights(1 + m.columns())
	m.rarity = halved(float32(math.Log(float64(1+len(t.samples)))) + 1).float() // as it is kept
	t.pack(rarity, slabs...)
}

// presumed is what a head says of everything that nothing was said of: one made from phrases alone, before the messages are
// learned. It leaves the say to the lexicon: somebody waits, nothing burns, nobody is moved; a single sign of danger is enough.
var presumed = [headCount][]float32{
	needsHead:   {0.6, 0.25, 0.15},
	urgencyHead: {0.13, 0.27, 0.6},
	moodHead:    {0.2, 0.6, 0.2},
}

// presume gives the heads of which no sample says anything what is presumed.
func (t *trainer) presume() {
	var said [headCount]bool
	for _, l := range t.labels {
		said[l.head] = true
	}
	for k, h := range t.m.heads() {
		if said[k] {
			continue
		}
		for i, share := range presumed[k] {
			h.bias[i] = float32(math.Log(float64(share)))
		}
	}
}

// prune leaves out what one, two or three messages of the packs alone have, most of all: it tells little of the next message. It has counted in
// the length of its own, as what the model never saw does.
func (t *trainer) prune(rarity []float32) []float32 {
	next := make([]int32, len(t.buckets))
	n := int32(0)
	for id, bucket := range t.buckets {
		if t.found[id] <= 3 && !t.dear[id] && bucket < firstSense {
			next[id] = -1
			continue
		}
		next[id], t.buckets[n], t.found[n], t.dear[n], rarity[n] = n, bucket, t.found[id], t.dear[id], rarity[id]
		n++
	}
	kept := int32(0)
	for k := range t.samples {
		p := &t.samples[k]
		from := kept
		for i := p.from; i < p.to; i++ {
			if id := next[t.at[i]]; id >= 0 {
				t.at[kept], t.count[kept] = id, t.count[i]
				kept++
			}
		}
		p.from, p.to = from, kept
	}
	t.buckets, t.found, t.dear = t.buckets[:n], t.found[:n], t.dear[:n]
	return rarity[:n]
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
		words := p.to
		for ; words > p.from && t.buckets[t.at[words-1]] >= firstSense; words-- { // the vector is as long as it is
		}
		for i := p.from; i < words; i++ {
			v := dampened(t.count[i]) * rarity[t.at[i]]
			t.count[i] = v
			sum += float64(v) * float64(v)
		}
		if sum == 0 {
			continue
		}
		scale := float32(1 / math.Sqrt(sum+brevity))
		for i := p.from; i < words; i++ {
			t.count[i] *= scale
		}
	}
}
