package skill

import "time"

// times counts how many took how long: times[k] those under first·2^k. A median can be read off it, and no single answer.
type times []int

const (
	first   = 15 * time.Second
	buckets = 18 // the last holds all that took longer than about three weeks
)

// add is t with one more.
func (t times) add(d time.Duration) times {
	out := make(times, buckets)
	copy(out, t)
	k := 0
	for limit := first; d >= limit && k < buckets-1; limit *= 2 {
		k++
	}
	out[k]++
	return out
}

// median is about how long half of them took at most: exact to the bucket, and even within it.
func (t times) median() time.Duration {
	n := 0
	for _, c := range t {
		n += c
	}
	if n == 0 {
		return 0
	}
	half, before := float64(n)/2, 0.0
	from, to := time.Duration(0), first
	for _, c := range t {
		if before+float64(c) >= half && c > 0 {
			return from + time.Duration((half-before)/float64(c)*float64(to-from))
		}
		before += float64(c)
		from, to = to, 2*to
	}
	return from
}
