package id

import (
	"math/rand/v2"
	"testing"
	"time"
)

// However the clock goes and whatever number the node has in turn, ids rise and bear the number of the moment.
func TestIDsRiseAndBearTheNumberOfTheMoment(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		at := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
		m, node, last := Maker{Now: func() time.Time { return at }}, int64(0), int64(-1)
		for range 20000 {
			switch r.IntN(2000) {
			case 0:
				node = r.Int64N(1024)
				m.As(int(node))
			case 1, 2, 3:
				at = at.Add(time.Duration(r.IntN(5)-1) * time.Millisecond)
			}
			v := m.Next()
			if v <= last || v>>12&1023 != node {
				t.Fatalf("seed %d: after %x comes %x, of node %x", seed, last, v, node)
			}
			last = v
		}
	}
}
