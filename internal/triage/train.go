package triage

import "math"

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
	live    []int32 // classes worth a step
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

// fit finds the weights: multinomial logistic regression for each head, by gradient steps that grow smaller.
func (t *trainer) fit() {
	m := t.m
	rarity := t.rarities()
	t.values(rarity)
	d, i := newSlab(&m.departments, len(t.buckets)), newSlab(&m.intents, len(t.buckets))
	order := make([]int32, len(t.samples))
	for k := range order {
		order[k] = int32(k)
	}
	random := chance(0x9E3779B97F4A7C15)
	for epoch := range epochs {
		random.shuffle(order)
		step := float32(rate) * (1 - float32(epoch)/epochs)
		for _, k := range order {
			p := &t.samples[k]
			t.step(p, d, p.department, p.departmentWeight*step)
			t.step(p, i, p.intent, p.intentWeight*step)
		}
	}
	m.weights = newWeights(1 + len(m.departments.keys) + len(m.intents.keys))
	m.rarity = float32(math.Log(float64(1+len(t.samples)))) + 1
	t.pack(rarity, d, i)
}

// chance is the same every time.
type chance uint64

func (c *chance) shuffle(order []int32) {
	for k := len(order) - 1; k > 0; k-- {
		*c ^= *c << 13
		*c ^= *c >> 7
		*c ^= *c << 17
		j := int(uint64(*c) % uint64(k+1))
		order[k], order[j] = order[j], order[k]
	}
}

// slab holds the weights of one head while they are found: a row a feature, rows as long as whole lines of the
// processor's cache, which is what training waits for.
type slab struct {
	head   *head
	stride int
	rows   []float32
	scores []float32
}

func newSlab(h *head, features int) *slab {
	stride := (len(h.keys) + 15) / 16 * 16
	return &slab{h, stride, make([]float32, features*stride), make([]float32, len(h.keys))}
}

func (s *slab) row(feature int32) []float32 {
	at := int(feature) * s.stride
	return s.rows[at : at+len(s.scores)]
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

// step moves one head's weights a little towards one sample's class; it does nothing where the class is -1.
func (t *trainer) step(p *sample, s *slab, class int, step float32) {
	if class < 0 || step == 0 {
		return
	}
	out := s.scores
	copy(out, s.head.bias)
	for i := p.from; i < p.to; i++ {
		row, v := s.row(t.at[i]), t.count[i]
		for j := range out {
			out[j] += v * row[j]
		}
	}
	softmax(out, 1)
	live := slopes(out, class, t.live[:0])
	for _, j := range live {
		s.head.bias[j] -= 0.1 * step * out[j]
	}
	for i := p.from; i < p.to; i++ {
		row, v := s.row(t.at[i]), t.count[i]
		for _, j := range live {
			row[j] -= step * (out[j]*v + decay*row[j])
		}
	}
	t.live = live
}

// slopes turns shares into slopes towards class and returns the classes that are worth a step.
func slopes(shares []float32, class int, live []int32) []int32 {
	rest := smoothing / float32(len(shares))
	shares[class] -= 1 - smoothing
	for j := range shares {
		shares[j] -= rest
		if g := shares[j]; g > enough || g < -enough {
			live = append(live, int32(j))
		}
	}
	return live
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
