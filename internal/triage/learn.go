package triage

import "slices"

// How one correction is learned at once: steps until the model would have said it too, at most so many.
const (
	learnSteps = 12
	learnRate  = 2.0
	learnSure  = 0.7

	// Confirmed is the weight of an example that only bears out what was thought. It takes one step, towards what it mostly says already.
	Confirmed = 0.2

	lightest      = 0.45 // of the weights of a feature that the company's own words have; below it is forgotten
	lightestReady = 0.6  // of one that the packs alone have
)

// pack moves the weights of training into m.
func (t *trainer) pack(rarity []float32, heads ...*slab) {
	order := make([]int32, 0, len(t.buckets))
	for i := range len(t.buckets) {
		if !t.light(int32(i), heads) {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return int(t.buckets[a]) - int(t.buckets[b]) })
	all := make([]half, 0, len(order)*t.m.weights.stride)
	for i := 0; i < len(order); {
		l := &t.m.weights.leaves[t.buckets[order[i]]>>leafBits]
		from, first := len(all), t.buckets[order[i]]>>leafBits
		for ; i < len(order) && t.buckets[order[i]]>>leafBits == first; i++ {
			id := order[i]
			l.there |= 1 << (t.buckets[id] & (1<<leafBits - 1))
			all = append(all, halved(rarity[id]))
			for _, h := range heads {
				for _, w := range h.row(id) {
					all = append(all, halved(w))
				}
			}
		}
		l.rows = all[from:len(all):len(all)]
	}
}

// light reports a feature that says so little that it is not worth its memory.
func (t *trainer) light(id int32, heads []*slab) bool {
	least := float32(lightestReady)
	if t.dear[id] {
		least = lightest
	}
	for _, h := range heads {
		for _, w := range h.row(id) {
			if w > least || w < -least {
				return false
			}
		}
	}
	return true
}

// Learn returns a model that has heeded examples, each of them at once: the next message like it is judged by it. It
// costs microseconds an example and leaves m as it was. A department or intent the model does not know is passed over;
// train anew when the seed changes. Train with all examples does the same more evenly: do that now and then.
func (m *Model) Learn(examples ...Example) *Model {
	s := newScratch()
	defer s.free()
	for i := range examples {
		m = m.learn(s, &examples[i])
	}
	return m
}

// Remind is Learn for examples that m was trained with and, for all that was said besides, may not say: they are not counted again.
func (m *Model) Remind(examples ...Example) *Model {
	next := *m.Learn(examples...)
	next.learned = m.learned
	return &next
}

func (m *Model) learn(s *scratch, e *Example) *Model {
	next := *m
	steps := 1
	if e.corrects() {
		next.learned, steps = next.learned+1, learnSteps
	}
	dep := m.departments.index(e.Department)
	s.reset()
	s.take(&e.Input)
	m.weigh(s)
	next.weights = m.weights.writable(s.features, m.rarity)
	next.departments.bias = slices.Clone(m.departments.bias)
	next.intents.bias = slices.Clone(m.intents.bias)
	s.rows = s.rows[:0]
	for _, f := range s.features {
		s.rows = append(s.rows, next.weights.row(f.bucket))
	}
	weight := min(e.weight(), 4)
	if dep >= 0 {
		next.towards(s, &next.departments, []int{dep}, weight, steps)
	}
	var wanted []int
	for _, key := range e.Intents {
		if i := m.intents.index(key); i >= 0 && !slices.Contains(wanted, i) {
			wanted = append(wanted, i)
		}
	}
	if len(wanted) > 0 {
		next.towards(s, &next.intents, wanted, weight, steps)
	}
	return &next
}

// towards steps until the wanted classes together hold most of the share, so many times at most.
func (m *Model) towards(s *scratch, h *head, wanted []int, weight float32, steps int) {
	out := make([]float32, len(h.keys))
	for range steps {
		copy(out, m.sum(s)[h.from:])
		softmax(out, h.temperature)
		var sure float32
		for _, i := range wanted {
			sure += out[i]
		}
		if sure >= learnSure {
			return
		}
		for _, i := range wanted {
			out[i] -= 1 / float32(len(wanted))
		}
		for i, row := range s.rows {
			v := learnRate * weight * s.features[i].value
			for j, g := range out {
				at := &row[1+h.from+j]
				*at = halved(at.float() - v*g)
			}
		}
	}
}
