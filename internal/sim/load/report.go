package load

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Report is what came of a run.
type Report struct {
	Rate         int // wanted, messages a second
	Sent         int
	Took         time.Duration // until the last call was answered
	Acknowledged int
	Refused      int
	Why          string // of the first refusal
	Lost         int    // acknowledged, and not there
	Doubled      int    // there more than once
	Unheard      int    // there, and the live feed did not tell of it in time
	Reloads      int    // how often the feed told us to read the inbox anew
	// Latencies are from when a message was due to be sent to its entry in the live feed, shortest first. When the driver itself
	// is late, that counts too.
	Latencies []time.Duration
}

func (d *drive) report(there map[int][]row, took time.Duration) Report {
	r := Report{Rate: d.Rate, Sent: len(d.due), Took: took, Refused: d.refused, Why: d.why, Reloads: d.reloads}
	for k, acked := range d.acked {
		if acked {
			r.Acknowledged++
		}
		rows := there[k]
		if acked && len(rows) == 0 {
			r.Lost++
		}
		if len(rows) > 1 || len(rows) == 1 && rows[0].Messages > 1 {
			r.Doubled++
		}
		if len(rows) == 0 {
			continue
		}
		at, ok := d.heard[rows[0].ID]
		if !ok {
			r.Unheard++
			continue
		}
		r.Latencies = append(r.Latencies, at.Sub(d.due[k]))
	}
	slices.Sort(r.Latencies)
	return r
}

// At is the p-th percentile of the latencies; 0 when there are none.
func (r Report) At(p float64) time.Duration {
	if len(r.Latencies) == 0 {
		return 0
	}
	return r.Latencies[min(int(p/100*float64(len(r.Latencies))), len(r.Latencies)-1)]
}

// OK reports whether nothing was lost or doubled, and everything was taken and told of.
func (r Report) OK() bool { return r.Lost+r.Doubled+r.Refused+r.Unheard == 0 && r.Sent > 0 }

// String is the report for a person to read.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sent          %d in %s (%.0f a second; %d were wanted)\n", r.Sent, r.Took.Round(time.Millisecond), float64(r.Sent)/max(r.Took.Seconds(), 0.001), r.Rate)
	fmt.Fprintf(&b, "acknowledged  %d\n", r.Acknowledged)
	fmt.Fprintf(&b, "refused       %d", r.Refused)
	if r.Why != "" {
		fmt.Fprintf(&b, " (the first: %s)", r.Why)
	}
	fmt.Fprintf(&b, "\nlost          %d\ndoubled       %d\nunheard       %d", r.Lost, r.Doubled, r.Unheard)
	if r.Reloads > 0 {
		fmt.Fprintf(&b, " (the feed asked for a reload %d times)", r.Reloads)
	}
	ms := func(p float64) time.Duration { return r.At(p).Round(100 * time.Microsecond) }
	fmt.Fprintf(&b, "\nfrom the call to the live feed: p50 %s, p95 %s, p99 %s, longest %s\n", ms(50), ms(95), ms(99), ms(100))
	return b.String()
}
