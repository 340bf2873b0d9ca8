package clock

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Zones with something odd: half and quarter hours, half-hour summer time, a day left out, summer time at midnight,
// summer time that is winter time (Dublin), a pause for Ramadan, polar stations two hours off.
var oddZones = []string{
	"UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Asia/Kolkata",
	"Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Chatham", "Africa/Casablanca",
	"Antarctica/Troll", "Asia/Tehran", "America/Scoresbysund",
}

// Days around which something happens; most drawn moments are near one.
var oddDays = []string{
	"2011-12-30", "1993-08-21", "2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2018-11-04", "2024-02-29", "2100-02-28",
	"2026-04-05", "2026-10-04", "1999-12-31", "1970-01-01", "2024-03-31", "2022-03-22", "2040-12-31", "2087-05-11",
}

func moments(t *rapid.T, label string) time.Time {
	day, _ := time.Parse(time.DateOnly, rapid.SampledFrom(oddDays).Draw(t, label+" near"))
	off := rapid.Int64Range(-60*24*3600, 60*24*3600)
	if rapid.Bool().Draw(t, label+" close") {
		off = rapid.Int64Range(-3*24*3600, 3*24*3600)
	}
	return day.Add(time.Duration(off.Draw(t, label))*time.Second + time.Duration(rapid.Int64Range(0, 999_999_999).Draw(t, label+" ns")))
}

func slots(t *rapid.T, label string) []Slot {
	var out []Slot
	for i := range rapid.IntRange(0, 3).Draw(t, label) {
		from, to := rapid.IntRange(0, 95).Draw(t, fmt.Sprint(label, i, "from")), rapid.IntRange(0, 96).Draw(t, fmt.Sprint(label, i, "to"))
		if from != to {
			out = append(out, Slot{quarter(from), quarter(to)})
		}
	}
	return out
}

func quarter(n int) string { return fmt.Sprintf("%02d:%02d", n/4, n%4*15) }

func calendars(t *rapid.T) *Calendar {
	h := Hours{Zone: rapid.SampledFrom(oddZones).Draw(t, "zone")}
	h.Week = Week{slots(t, "mon"), slots(t, "tue"), slots(t, "wed"), slots(t, "thu"), slots(t, "fri"), slots(t, "sat"), slots(t, "sun")}
	for i, d := range oddDays {
		if rapid.IntRange(0, 9).Draw(t, "holiday") == 0 {
			h.Holidays = append(h.Holidays, Holiday{Date: d, Open: slots(t, fmt.Sprint("holiday", i))})
		}
	}
	h.Country = rapid.SampledFrom([]string{"", "", "DE", "GB", "US", "JP"}).Draw(t, "country")
	c, err := New(h)
	if err != nil {
		t.Skip(err)
	}
	return c
}

func TestBetweenAddsUpOverAnySplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, x, y, z := calendars(t), moments(t, "x"), moments(t, "y"), moments(t, "z")
		if a, b := c.Between(x, y)+c.Between(y, z), c.Between(x, z); a != b {
			t.Fatalf("in two parts %v, in one %v", a, b)
		}
	})
}

func TestAddUndoesBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, x := calendars(t), moments(t, "x")
		d := time.Duration(rapid.Int64Range(-int64(200*time.Hour), int64(200*time.Hour)).Draw(t, "d"))
		u := c.Add(x, d)
		if got := c.Between(x, u); got != d {
			t.Fatalf("Add(%v, %v) = %v, which is %v away", x, d, u, got)
		}
		// No moment nearer by a nanosecond will do.
		near := u.Add(-time.Nanosecond)
		if d < 0 {
			near = u.Add(time.Nanosecond)
		}
		if d != 0 && c.Between(x, near) == d {
			t.Fatalf("Add(%v, %v) = %v, but %v is as far", x, d, u, near)
		}
	})
}

// The same question answered the slow way: minute by minute, from the definition.
func TestBetweenCountsTheOpenMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := calendars(t)
		x := moments(t, "x").Truncate(time.Minute)
		y := x.Add(time.Duration(rapid.IntRange(0, 36*60).Draw(t, "minutes")) * time.Minute)
		var want time.Duration
		for m := x; m.Before(y); m = m.Add(time.Minute) {
			open := c.openSlowly(m)
			if open {
				want += time.Minute
			}
			if open != c.Open(m) {
				t.Fatalf("at %v Open says %v", m, c.Open(m))
			}
		}
		if got := c.Between(x, y); got != want {
			t.Fatalf("%v; %v by counting", got, want)
		}
	})
}

// openSlowly looks at each slot of the days around t.
func (c *Calendar) openSlowly(t time.Time) bool {
	y, m, d := t.In(c.zone).Date()
	var public map[int64]bool
	if len(c.public) > 0 {
		public = closedDays(c.public, y-1, y+1)
	}
	for back := -2; back <= 1; back++ {
		day := dayOf(y, m, d+back)
		slots := c.week[weekday(day)]
		if s, ok := c.special[day]; ok {
			slots = s
		} else if public[day] {
			slots = nil
		}
		for _, s := range slots {
			if !t.Before(Wall(c.zone, y, m, d+back, 0, int(s.from/60))) && t.Before(Wall(c.zone, y, m, d+back, 0, int(s.to/60))) {
				return true
			}
		}
	}
	return false
}

func TestNextOpenIsOpenAndNothingBeforeItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, x := calendars(t), moments(t, "x")
		n := c.NextOpen(x)
		if n.Before(x) || !c.Open(n) || c.Between(x, n) != 0 {
			t.Fatalf("NextOpen(%v) = %v: open %v, %v between", x, n, c.Open(n), c.Between(x, n))
		}
	})
}

func TestWallIsTheFirstMomentThatShowsTheReadingOrLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, _ := Zone(rapid.SampledFrom(oddZones).Draw(t, "zone"))
		m := moments(t, "reading")
		got := Wall(zone, m.Year(), m.Month(), m.Day(), m.Hour(), m.Minute())
		want := time.Date(m.Year(), m.Month(), m.Day(), m.Hour(), m.Minute(), 0, 0, time.UTC)
		shows := func(u time.Time) time.Time { // the reading of the wall at u
			_, off := u.In(zone).Zone()
			return u.UTC().Add(time.Duration(off) * time.Second)
		}
		if shows(got).Before(want) {
			t.Fatalf("at %v clocks show %v, before %v", got, shows(got), want)
		}
		for back := time.Second; back < 30*time.Hour; back += 7 * time.Minute {
			if !shows(got.Add(-back)).Before(want) {
				t.Fatalf("already at %v clocks show %v", got.Add(-back), shows(got.Add(-back)))
			}
		}
	})
}

func TestACalendarIsOpenUntilItNextCloses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, at := calendars(t), moments(t, "at")
		end := c.NextClosed(at)
		switch {
		case end.IsZero():
			if d := c.Between(at, at.AddDate(1, 0, 0)); d != at.AddDate(1, 0, 0).Sub(at) {
				t.Fatalf("it never closes, but in a year it is open for %s", d)
			}
		case c.Open(end) || end.Before(at.Truncate(time.Second)):
			t.Fatalf("from %s it closes at %s, when it is open: %v", at, end, c.Open(end))
		case c.Open(at) && c.Between(at, end) != end.Sub(at):
			t.Fatalf("from %s until it closes at %s it is open for %s only", at, end, c.Between(at, end))
		case !c.Open(at) && !end.Equal(at):
			t.Fatalf("it is closed at %s, but closes at %s", at, end)
		}
	})
}
