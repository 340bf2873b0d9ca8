package insight

import (
	"cmp"
	"math"
	"slices"
)

// Outcome is one thing that was said with some confidence, and whether it was so.
type Outcome struct {
	Said float64 // 0 to 1
	So   bool
}

// Curve says how often something said with a confidence is so. It never falls, stays within 0 to 1, and the zero Curve is
// the identity: what is said is believed as long as nothing is known.
type Curve struct{ x, y []float64 }

// What is believed beforehand: at eleven confidences from 0 to 1, that they are right, as firmly as after that many outcomes.
const (
	beliefs = 10
	belief  = 3.0
)

// block is outcomes from one confidence to another that share one frequency.
type block struct{ from, to, y, weight float64 }

// Calibrate fits the curve to outcomes, in any order: isotonic regression by pooling neighbours that contradict the order,
// joined by straight lines. With few outcomes it stays near the identity.
func Calibrate(list []Outcome) Curve {
	if len(list) == 0 {
		return Curve{}
	}
	blocks := make([]block, 0, len(list)+beliefs+1)
	for k := range beliefs + 1 {
		at := float64(k) / beliefs
		blocks = append(blocks, block{at, at, at, belief})
	}
	for _, o := range list {
		said := inside(o.Said)
		b := block{from: said, to: said, weight: 1}
		if o.So {
			b.y = 1
		}
		blocks = append(blocks, b)
	}
	slices.SortFunc(blocks, func(a, b block) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.y, b.y)) })
	c := Curve{}
	for _, b := range pooled(sameX(blocks)) {
		c.x, c.y = append(c.x, b.from), append(c.y, b.y)
		if b.to > b.from {
			c.x, c.y = append(c.x, b.to), append(c.y, b.y)
		}
	}
	return c
}

func inside(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(1, max(0, x))
}

// join is two neighbours as one.
func join(a, b block) block {
	w := a.weight + b.weight
	return block{a.from, b.to, (a.y*a.weight + b.y*b.weight) / w, w}
}

// sameX makes one block of those with the same confidence; blocks are in order.
func sameX(blocks []block) []block {
	out := blocks[:1]
	for _, b := range blocks[1:] {
		if last := &out[len(out)-1]; last.from == b.from {
			*last = join(*last, b)
		} else {
			out = append(out, b)
		}
	}
	return out
}

// pooled joins neighbours until no block is below the one before it.
func pooled(blocks []block) []block {
	var out []block
	for _, b := range blocks {
		for len(out) > 0 && out[len(out)-1].y >= b.y {
			b = join(out[len(out)-1], b)
			out = out[:len(out)-1]
		}
		out = append(out, b)
	}
	return out
}

// Of is how often something said with confidence said is so.
func (c Curve) Of(said float64) float64 {
	said = inside(said)
	if len(c.x) == 0 {
		return said
	}
	k, _ := slices.BinarySearch(c.x, said)
	switch {
	case k == len(c.x):
		return c.y[k-1]
	case k == 0 || c.x[k] == said:
		return c.y[k]
	}
	part := (said - c.x[k-1]) / (c.x[k] - c.x[k-1])
	return inside(c.y[k-1] + part*(c.y[k]-c.y[k-1]))
}
