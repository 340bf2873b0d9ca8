package clock

import (
	"maps"
	"slices"
	"time"
)

// A block is 2^22 seconds, 48½ days, of a calendar in Unix seconds. So questions are answered by looking in sorted numbers,
// without a thought for zones.
const (
	blockBits    = 22
	blockSeconds = 1 << blockBits
	mostBlocks   = 64 // kept a calendar; seven and a half years
)

type block struct {
	spans []span          // in Unix seconds, sorted, apart, within the block
	sums  []time.Duration // sums[i] is the open time before spans[i]; one more than spans
}

func blockOf(sec int64) int64 { return sec >> blockBits }

func (c *Calendar) block(sec int64) *block { return c.blockAt(blockOf(sec)) }

func (c *Calendar) blockAt(k int64) *block {
	known := c.known.Load()
	if known != nil {
		if b := (*known)[k]; b != nil {
			return b
		}
	}
	b := c.makeBlock(k)
	next := map[int64]*block{}
	if known != nil && len(*known) < mostBlocks {
		next = maps.Clone(*known)
	}
	next[k] = b
	c.known.CompareAndSwap(known, &next) // if another was quicker, ours is made again when next needed
	return b
}

func (c *Calendar) makeBlock(k int64) *block {
	start, end := k<<blockBits, (k+1)<<blockBits
	// Two days more before the block: one for the offset of the zone, one for a night shift.
	from, to := floorDiv(start-mostAhead, daySeconds)-2, floorDiv(end+mostAhead, daySeconds)+1
	public := c.publicDays(from, to)
	var spans []span
	for day := from; day <= to; day++ {
		slots := c.week[weekday(day)]
		if s, ok := c.special[day]; ok {
			slots = s
		} else if public[day] {
			slots = nil
		}
		for _, s := range slots {
			a, b := max(first(c.zone, day*daySeconds+s.from), start), min(first(c.zone, day*daySeconds+s.to), end)
			if a < b {
				spans = append(spans, span{a, b})
			}
		}
	}
	return newBlock(spans)
}

// newBlock merges spans that touch or overlap and sums them up.
func newBlock(spans []span) *block {
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	b := &block{}
	for _, s := range spans {
		if n := len(b.spans); n > 0 && s.from <= b.spans[n-1].to {
			b.spans[n-1].to = max(b.spans[n-1].to, s.to)
			continue
		}
		b.spans = append(b.spans, s)
	}
	b.sums = make([]time.Duration, len(b.spans)+1)
	for i, s := range b.spans {
		b.sums[i+1] = b.sums[i] + time.Duration(s.to-s.from)*time.Second
	}
	return b
}

func (c *Calendar) publicDays(from, to int64) map[int64]bool {
	if len(c.public) == 0 {
		return nil
	}
	year := func(day int64) int { return time.Unix(day*daySeconds, 0).UTC().Year() }
	return closedDays(c.public, year(from)-1, year(to)+1) // New Year's Day may be taken off in the year before
}

// total is the open time of the whole block.
func (b *block) total() time.Duration { return b.sums[len(b.spans)] }

// passed is the open time from the block's start to t, which lies in it.
func (b *block) passed(t time.Time) time.Duration {
	sec := t.Unix()
	i := b.after(sec)
	if i == 0 {
		return 0
	}
	if s := b.spans[i-1]; sec < s.to {
		return b.sums[i-1] + time.Duration(sec-s.from)*time.Second + time.Duration(t.Nanosecond())
	}
	return b.sums[i]
}

// at returns the earliest moment with d of open time before it in the block; 0 < d <= total.
func (b *block) at(d time.Duration) time.Time {
	i, _ := slices.BinarySearch(b.sums, d)
	return time.Unix(b.spans[i-1].from, int64(d-b.sums[i-1]))
}

// from returns the latest moment with d of open time before it in the block; 0 <= d < total.
func (b *block) from(d time.Duration) time.Time {
	i, found := slices.BinarySearch(b.sums, d)
	if !found {
		i--
	}
	return time.Unix(b.spans[i].from, int64(d-b.sums[i]))
}
