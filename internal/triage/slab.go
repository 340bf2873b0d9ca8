package triage

import "math"

// slab holds the weights of one head while they are found: a row a feature, rows as long as whole lines of the
// processor's cache, which is what training waits for.
type slab struct {
	head   *head
	stride int
	rows   []float32
	shares []float32
	live   []int32 // classes worth a step
}

func newSlab(h *head, features int) *slab {
	stride := (len(h.keys) + 15) / 16 * 16
	if len(h.keys) <= 4 {
		stride = 4 // four rows share a line
	}
	return &slab{head: h, stride: stride, rows: make([]float32, features*stride), shares: make([]float32, len(h.keys))}
}

func (s *slab) row(feature int32) []float32 {
	at := int(feature) * s.stride
	return s.rows[at : at+len(s.shares)]
}

// fit is multinomial logistic regression over the samples that say something of the head, by gradient steps that grow
// smaller. Two samples whose words do not meet hardly disturb each other, so one pass after the other does.
func (s *slab) fit(t *trainer, head int16) {
	type told struct{ sample, from, to int32 } // a sample and what it says of this head, side by side in the labels
	var order []told
	full := 0 // of them that weigh in full: what bears out the rest takes no step from them
	for k, p := range t.samples {
		from := p.says
		for from < p.said && t.labels[from].head != head {
			from++
		}
		to := from
		for to < p.said && t.labels[to].head == head {
			to++
		}
		if to > from {
			if !p.borne {
				full++
			}
			order = append(order, told{int32(k), from, to})
		}
	}
	random := chance(0x9E3779B97F4A7C15)
	epochs := max(epochs, min(mostEpochs, fewSteps/max(1, full)))
	for epoch := range epochs {
		random.shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		step := float32(rate) * (1 - float32(epoch)/float32(epochs))
		for _, o := range order {
			p := &t.samples[o.sample]
			s.step(t.at[p.from:p.to], t.count[p.from:p.to], t.labels[o.from:o.to], step)
		}
	}
}

// step moves the weights a little towards what one sample says.
func (s *slab) step(features []int32, values []float32, says []label, step float32) {
	out := s.shares
	copy(out, s.head.bias)
	for i, f := range features {
		row, v := s.row(f), values[i]
		row = row[:len(out)]
		for j := range out {
			out[j] += v * row[j]
		}
	}
	softmax(out, 1)
	step *= says[0].weight
	live := slopes(out, says, s.live[:0])
	for _, j := range live {
		s.head.bias[j] -= 0.1 * step * out[j]
	}
	for i, f := range features {
		row, v := s.row(f), values[i]
		for _, j := range live {
			row[j] -= step * (out[j]*v + decay*row[j])
		}
	}
	s.live = live
}

// slopes turns shares into slopes towards what is said and returns the classes that are worth a step.
func slopes(shares []float32, says []label, live []int32) []int32 {
	rest := smoothing / float32(len(shares))
	for _, l := range says {
		shares[l.class] -= (1 - smoothing) * l.share
	}
	for j := range shares {
		shares[j] -= rest
		if g := shares[j]; g > enough || g < -enough {
			live = append(live, int32(j))
		}
	}
	return live
}

// chance is the same every time.
type chance uint64

func (c *chance) shuffle(n int, swap func(i, j int)) {
	for k := n - 1; k > 0; k-- {
		*c ^= *c << 13
		*c ^= *c >> 7
		*c ^= *c << 17
		j := int(uint64(*c) % uint64(k+1))
		swap(k, j)
	}
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
