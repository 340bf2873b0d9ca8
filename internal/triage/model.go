package triage

import (
	"math"
	"sort"
)

// head is one question the model answers: which department, or which intent.
type head struct {
	keys        []string
	names       []string
	from        int // first column of its weights
	bias        []float32
	temperature float32
}

func (h *head) index(key string) int {
	for i, k := range h.keys {
		if k == key {
			return i
		}
	}
	return -1
}

// Model is what triage has learned, at one moment. It never changes: Learn returns another. Any number of goroutines may
// use it; whoever holds it swaps it whole.
type Model struct {
	departments head
	intents     head
	needs       head // must, courtesy, none
	urgency     head // now, today, normal
	mood        head // -, 0, +
	weights     weights
	rarity      float32 // of a word the model never saw
	learned     int     // corrections
	skills      *phrasebook
	skillNames  []string
	skillWords  [][]skillWord // by value in skills
	topics      *phrasebook
	topicList   []Topic
}

// heads are all questions the model answers, in the order of their columns.
func (m *Model) heads() [headCount]*head {
	return [headCount]*head{&m.departments, &m.intents, &m.needs, &m.urgency, &m.mood}
}

const headCount = 5

// columns gives each head its place in a row of weights and returns how long a row is.
func (m *Model) columns() (stride int) {
	for _, h := range m.heads() {
		h.from = stride
		stride += len(h.keys)
	}
	return stride
}

// of returns the scores of h among those of all heads.
func (h *head) of(scores []float32) []float32 { return scores[h.from : h.from+len(h.keys)] }

// Score is one answer and how sure the model is of it, 0 to 1.
type Score struct {
	Key        string  `json:"key"`
	Confidence float64 `json:"confidence"`
}

// Learned is how many corrections the model has seen.
func (m *Model) Learned() int { return m.learned }

// Departments are the keys of the departments the model knows, in the order of its seed.
func (m *Model) Departments() []string { return append([]string(nil), m.departments.keys...) }

// Intents are the keys of the intents the model knows, in the order of its seed.
func (m *Model) Intents() []string { return append([]string(nil), m.intents.keys...) }

// weigh gives the features their values and finds their rows. What the model never saw counts in the length of the
// message but for nobody: the more of it, the less sure the model is.
func (m *Model) weigh(s *scratch) {
	var sum float64
	s.rows = s.rows[:0]
	for i := range s.features {
		f := &s.features[i]
		row := m.weights.row(f.bucket)
		rarity := m.rarity
		if row != nil {
			rarity = row[0].float()
		}
		f.value = dampened(f.count) * rarity
		sum += float64(f.value) * float64(f.value)
		s.rows = append(s.rows, row)
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum+brevity))
	for i := range s.features {
		s.features[i].value *= scale
	}
	if !s.felt {
		return
	}
	for d, x := range s.sense { // is as long as it is: not scaled with the rest
		s.features = append(s.features, feature{bucket: firstSense + uint32(d), value: x, word: -1})
		s.rows = append(s.rows, m.weights.row(firstSense+uint32(d)))
	}
}

// sum adds up the weights of all columns.
func (m *Model) sum(s *scratch) []float32 {
	n := m.weights.stride - 1
	if cap(s.scores) < n {
		s.scores = make([]float32, n)
	}
	scores := s.scores[:n]
	clear(scores)
	for _, h := range m.heads() {
		copy(scores[h.from:], h.bias)
	}
	for i, row := range s.rows {
		if row == nil {
			continue
		}
		v, row := s.features[i].value, row[1:]
		row = row[:len(scores)]
		for j := range scores {
			scores[j] += v * row[j].float()
		}
	}
	s.scores = scores
	return scores
}

// softmax turns scores into shares of one.
func softmax(scores []float32, temperature float32) {
	if len(scores) == 0 {
		return
	}
	top := scores[0]
	for _, v := range scores {
		top = max(top, v)
	}
	var sum float32
	for i, v := range scores {
		e := float32(math.Exp(float64((v - top) / temperature)))
		scores[i] = e
		sum += e
	}
	for i := range scores {
		scores[i] /= sum
	}
}

// ranked are the best shares, best first, equals by key; at most n and none below least, but always the first.
func (h *head) ranked(shares []float32, n int, least float32) []Score {
	if len(shares) == 0 {
		return nil
	}
	best := make([]Score, 0, n+1)
	for i, p := range shares {
		if p < least && len(best) > 0 && float64(p) <= best[len(best)-1].Confidence {
			continue
		}
		c := Score{h.keys[i], float64(p)}
		at := sort.Search(len(best), func(j int) bool {
			return best[j].Confidence < c.Confidence || best[j].Confidence == c.Confidence && best[j].Key > c.Key
		})
		if at >= n {
			continue
		}
		best = append(best, Score{})
		copy(best[at+1:], best[at:])
		best[at] = c
		if len(best) > n {
			best = best[:n]
		}
	}
	for len(best) > 1 && best[len(best)-1].Confidence < float64(least) {
		best = best[:len(best)-1]
	}
	return best
}
