package triage

import (
	"math"
	"math/bits"
)

const (
	leafBits  = 6
	leafCount = (allBuckets + 1<<leafBits - 1) >> leafBits
)

// half is a number of sixteen bits: the upper half of a float32, which is as exact as a weight needs to be and takes half
// the memory.
type half uint16

func halved(x float32) half {
	b := math.Float32bits(x)
	return half((b + 0x7FFF + b>>16&1) >> 16) // to the nearest, ties to even
}

func (h half) float() float32 { return math.Float32frombits(uint32(h) << 16) }

// leaf holds the rows of up to 64 buckets; a bit says which of them are there.
type leaf struct {
	there uint64
	rows  []half
}

// weights is a sparse matrix with a row a bucket: the bucket's rarity, then one weight a class. A copy shares all leaves
// until they are written, so that one correction costs microseconds and readers never wait.
type weights struct {
	stride int
	leaves []leaf // leafCount of them; nil rows where nothing is
}

func newWeights(stride int) weights {
	return weights{stride: stride, leaves: make([]leaf, leafCount)}
}

// row returns the row of bucket, nil if there is none. It must not be written.
func (w *weights) row(bucket uint32) []half {
	l := &w.leaves[bucket>>leafBits]
	bit := uint64(1) << (bucket & (1<<leafBits - 1))
	if l.there&bit == 0 {
		return nil
	}
	at := bits.OnesCount64(l.there&(bit-1)) * w.stride
	return l.rows[at : at+w.stride : at+w.stride]
}

// add makes an empty row for bucket in a leaf of our own.
func (l *leaf) add(bucket uint32, stride int) {
	bit := uint64(1) << (bucket & (1<<leafBits - 1))
	if l.there&bit != 0 {
		return
	}
	at := bits.OnesCount64(l.there&(bit-1)) * stride
	rows := make([]half, len(l.rows)+stride)
	copy(rows, l.rows[:at])
	copy(rows[at+stride:], l.rows[at:])
	l.rows, l.there = rows, l.there|bit
}

// writable returns a copy of w in which the leaves of all features are our own and have a row.
func (w *weights) writable(features []feature, rarity float32) weights {
	c := weights{stride: w.stride, leaves: make([]leaf, leafCount)}
	copy(c.leaves, w.leaves)
	var own [leafCount/64 + 1]uint64
	for _, f := range features {
		i := f.bucket >> leafBits
		l := &c.leaves[i]
		if own[i/64]&(1<<(i%64)) == 0 {
			own[i/64] |= 1 << (i % 64)
			l.rows = append(make([]half, 0, len(l.rows)+w.stride), l.rows...)
		}
		if c.row(f.bucket) == nil {
			l.add(f.bucket, w.stride)
			c.row(f.bucket)[0] = halved(rarity)
		}
	}
	return c
}
