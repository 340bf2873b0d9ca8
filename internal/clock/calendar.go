package clock

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"

	"switchboard/internal/fault"
)

// Calendar reckons in business time. A nil Calendar and the zero Calendar are always open, in UTC. It never changes once
// made and is safe for several goroutines; its answers come from tables of 48 days that are made when first needed.
type Calendar struct {
	hours   Hours
	zone    *time.Location
	week    [7][]span        // nil in all: always open
	special map[int64][]span // by day since 1970
	public  []*cal.Holiday
	always  bool
	closed  bool // made by New and not always open
	known   atomic.Pointer[map[int64]*block]
}

// New makes the calendar that h describes. An error is a fault of kind Invalid that names the field and says what it should
// be; hours that are never open are one.
func New(h Hours) (*Calendar, error) {
	zone, err := Zone(h.Zone)
	if err != nil {
		return nil, err
	}
	c := &Calendar{hours: h, zone: zone, always: h.Always}
	week, any, err := h.Week.days()
	if err != nil {
		return nil, err
	}
	if h.Always {
		if any || len(h.Holidays) > 0 || h.Country != "" {
			return nil, fault.In("always", "a calendar that is always open has no week and no holidays: leave out one or the other")
		}
		return c, nil
	}
	if !any {
		return nil, fault.In("week", "this calendar is never open: give at least one day a slot, or set always")
	}
	c.week, c.closed = week, true
	if c.special, err = h.special(); err != nil {
		return nil, err
	}
	if h.Country != "" {
		var ok bool
		if c.public, ok = publicHolidays(h.Country); !ok {
			return nil, fault.In("country", fmt.Sprintf("the public holidays of %q are not known: leave country empty and list them under holidays", h.Country))
		}
	}
	return c, nil
}

// Zone returns the zone of an IANA name, UTC for "". The machine's own zone is not one: "Local" is refused.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fault.In("zone", fmt.Sprintf("%q is not a time zone: write it like Europe/Berlin or America/New_York", name))
	}
	return zone, nil
}

// Hours returns what the calendar was made from.
func (c *Calendar) Hours() Hours {
	if c.open() {
		h := Hours{Always: true}
		if c != nil {
			h.Zone = c.hours.Zone
		}
		return h
	}
	return c.hours
}

// Location returns the calendar's zone.
func (c *Calendar) Location() *time.Location {
	if c == nil || c.zone == nil {
		return time.UTC
	}
	return c.zone
}

// MarshalJSON writes the Hours.
func (c *Calendar) MarshalJSON() ([]byte, error) { return json.Marshal(c.Hours()) }

// UnmarshalJSON reads Hours, as New does. It must not be called on a calendar that is in use.
func (c *Calendar) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var h Hours
	if err := json.Unmarshal(b, &h); err != nil {
		return fault.Wrap(fault.Invalid, "these are not office hours", err)
	}
	n, err := New(h)
	if err != nil {
		return err
	}
	c.hours, c.zone, c.week, c.special, c.public, c.always, c.closed = n.hours, n.zone, n.week, n.special, n.public, n.always, n.closed
	c.known.Store(nil)
	return nil
}

func (c *Calendar) open() bool { return c == nil || !c.closed }

// Open reports whether t lies in office hours. The moment at which a slot ends does not.
func (c *Calendar) Open(t time.Time) bool {
	if c.open() {
		return true
	}
	b, sec := c.block(t.Unix()), t.Unix()
	i := b.after(sec)
	return i > 0 && sec < b.spans[i-1].to
}

// Between returns how much business time lies between a and b. It is negative when b is before a, and adds up over any
// split: Between(a, b) + Between(b, c) = Between(a, c). More than 292 years of it count as 292 years.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	switch {
	case c.open():
		return b.Round(0).Sub(a.Round(0)) // the wall's difference, whatever happened to the machine's clock
	case b.Before(a):
		return -c.Between(b, a)
	}
	from, to := blockOf(a.Unix()), blockOf(b.Unix())
	d := -c.block(a.Unix()).passed(a)
	for k := from; k < to; k++ {
		d += c.blockAt(k).total()
		if d > math.MaxInt64-2*blockSeconds*time.Second {
			return math.MaxInt64
		}
	}
	return d + c.block(b.Unix()).passed(b)
}

const horizon = 100 * 366 * daySeconds

// Add returns the moment that is d of business time after t, the earliest if a closed time follows it: half an hour before
// the end of the day and half an hour more is the end of the day, not next morning. With d negative it is the latest moment
// that much before t. With d zero it is t. Nothing is further than a hundred years away: that is where it stops.
func (c *Calendar) Add(t time.Time, d time.Duration) time.Time {
	switch {
	case d == 0:
		return t
	case c.open():
		return t.Add(d)
	case d < 0:
		return c.back(t, -d)
	}
	k, last := blockOf(t.Unix()), blockOf(t.Unix()+horizon)
	for d += c.blockAt(k).passed(t); k <= last; k++ {
		b := c.blockAt(k)
		if d <= b.total() {
			return b.at(d).In(t.Location())
		}
		d -= b.total()
	}
	return t.Add(horizon * time.Second)
}

// back is Add for the past.
func (c *Calendar) back(t time.Time, d time.Duration) time.Time {
	k, last := blockOf(t.Unix()), blockOf(t.Unix()-horizon)
	have := c.blockAt(k).passed(t)
	for d > have {
		if d -= have; k == last {
			return t.Add(-horizon * time.Second)
		}
		k--
		have = c.blockAt(k).total()
	}
	return c.blockAt(k).from(have - d).In(t.Location())
}

// NextOpen returns t if the calendar is open then, and otherwise the moment it next opens. Hours always open again; if so
// many holidays are set that they do not for a hundred years, it is t and a hundred years.
func (c *Calendar) NextOpen(t time.Time) time.Time {
	if c.Open(t) {
		return t
	}
	last := blockOf(t.Unix() + horizon)
	for k := blockOf(t.Unix()); k <= last; k++ {
		b := c.blockAt(k)
		if i := b.after(t.Unix()); i < len(b.spans) {
			return time.Unix(b.spans[i].from, 0).In(t.Location())
		}
	}
	return t.Add(horizon * time.Second)
}

// NextClosed returns t if the calendar is closed then, and otherwise the moment it next closes; the zero time if it does not
// within a year, as one that is always open never does.
func (c *Calendar) NextClosed(t time.Time) time.Time {
	if c.open() {
		return time.Time{}
	}
	if !c.Open(t) {
		return t
	}
	sec := t.Unix()
	for k, last := blockOf(sec), blockOf(sec+366*daySeconds); k <= last; k++ {
		b, end := c.blockAt(k), (k+1)<<blockBits
		i := b.after(sec)
		if i == 0 || b.spans[i-1].to <= sec { // the block before was open to its end, this one begins closed
			return time.Unix(sec, 0).In(t.Location())
		}
		if to := b.spans[i-1].to; to < end {
			return time.Unix(to, 0).In(t.Location())
		}
		sec = end
	}
	return time.Time{}
}

// after returns the number of spans that begin at or before sec.
func (b *block) after(sec int64) int {
	return sort.Search(len(b.spans), func(i int) bool { return b.spans[i].from > sec })
}
