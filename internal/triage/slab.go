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
	return &slab{head: h, stride: stride, rows: make([]float32, features*stride), shares: make([]float32, len(h.keys))}
}

func (s *slab) row(feature int32) []float32 {
	at := int(feature) * s.stride
	return s.rows[at : at+len(s.shares)]
}

// fit is multinomial logistic regression over the samples that label gives a class, by gradient steps that grow smaller.
// Two samples whose words do not meet hardly disturb each other, so one pass after the other does.
func (s *slab) fit(t *trainer, label func(*sample) (class int, weight float32)) {
	var order []int32
	for k := range t.samples {
		if class, weight := label(&t.samples[k]); class >= 0 && weight > 0 {
			order = append(order, int32(k))
		}
	}
	random := chance(0x9E3779B97F4A7C15)
	for epoch := range epochs {
		random.shuffle(order)
		step := float32(rate) * (1 - float32(epoch)/epochs)
		for _, k := range order {
			p := &t.samples[k]
			class, weight := label(p)
			s.step(t.at[p.from:p.to], t.count[p.from:p.to], class, weight*step)
		}
	}
}

// step moves the weights a little towards one sample's class.
func (s *slab) step(features []int32, values []float32, class int, step float32) {
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
	live := slopes(out, class, s.live[:0])
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

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
