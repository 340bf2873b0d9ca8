package promise

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// moment is a time as words say it, not reckoned yet.
type moment struct {
	from, to int // tokens
	// One of these says the day, or none does.
	unit    string // minute, hour, day, workday, week, month: n of them from now
	n       int
	weekday time.Weekday
	named   bool // weekday is said
	date    bool // day and perhaps month are said
	day     int
	month   int
	year    int
	within  bool  // day is only as late as a part of the month may last: "end of March"
	loose   bool  // no more than a month is said: "in March", which may be the one that was
	guess   bool  // day is a bare number beside a weekday: "venerdì 15"
	rel     class // day0, day1, eow …
	// These add to the day.
	before   bool // before it, not on it
	nextWeek bool
	thisWeek bool
	part     bool // it is a part of a day, of today only if no other day stands beside it: "nel pomeriggio"
	clock    bool
	hour     int
	minute   int
	abroad   bool // it is said in a zone, so many minutes from Greenwich
	zone     int
	usa      bool // which has its summer time as in the United States
	past     bool // it lies behind: "since Monday"
	not      bool // it is just not that one: "not today, but tomorrow"
}

// ahead reports whether m is a time to come that is not ruled out.
func (m moment) ahead() bool { return !m.past && !m.not }

// dayless reports whether m is a time of any day.
func (m moment) dayless() bool { return !m.named && !m.date && m.rel == "" }

// contrast finds where only a time is denied and another one said instead: "not today, but tomorrow". That denies no promise.
func (m marks) contrast() {
	for i := range m.at {
		if m.find(i, "neg") == 0 || m.ts[i].after == ',' {
			continue
		}
		two := m.moments(i+1, min(i+14, len(m.ts)))
		if len(two) < 2 || two[0].from-i > 3 || !m.small(i+1, two[0].from) || m.find(two[0].from-1, "before") > 0 {
			continue
		}
		instead, small := m.bridge(two[0].to, two[1].from, "instead")
		either, _ := m.bridge(two[0].to, two[1].from, "to", "and")
		if small && !either && (instead || m.ts[two[0].to-1].after == ',') {
			for k := range m.at[i] {
				if m.at[i][k].class == "neg" {
					m.at[i][k].class = "except"
				}
			}
		}
	}
}

// moments finds the times that a stretch of tokens says, in their order.
func (m marks) moments(from, to int) []moment {
	var out []moment
	for i := from; i < to; {
		one, n := m.moment(i, to)
		if n == 0 {
			i++
			continue
		}
		one.from, one.to = i, i+n
		m.before(&one)
		k := len(out) - 1
		near := k >= 0 && i-out[k].to <= 3
		if near && out[k].part && !m.parted(out[k], one) { // "de middag van vrijdag" is not since Friday
			one.past = out[k].past
		}
		if near && (joins(out[k], one) || belongs(out[k], one) && !m.parted(out[k], one)) {
			out[k] = join(out[k], one)
		} else {
			out = append(out, one)
		}
		i += n
	}
	return slices.DeleteFunc(out, func(one moment) bool { return one.part && one.dayless() && !one.clock }) // "in the afternoon": of which day?
}

// parted reports whether a comma or an "or" stands between two moments.
func (m marks) parted(a, b moment) bool {
	or, _ := m.bridge(a.to, b.from, "to", "and")
	return or || m.ts[a.to-1].after == ','
}

// before looks at what stands in front of a moment: "before", "since", "except".
func (m marks) before(one *moment) {
	for back := 1; back <= 3 && one.from-back >= 0; back++ {
		i := one.from - back
		if n := m.find(i, "before"); n > 0 && i+n >= one.from-1 {
			one.before = true
		}
		if n := m.find(i, "beforeday"); n > 0 && i+n >= one.from-1 && (one.named || one.date) {
			one.before = true
		}
		if n := m.find(i, "since"); n > 0 && i+n >= one.from {
			one.past = true
		}
		if n := m.find(i, "except"); n > 0 && i+n <= one.from && m.small(i+n, one.from) {
			one.not = true
		}
	}
	if m.find(one.to, "ago") > 0 || one.unit != "" && one.from > 0 && m.find(one.from-1, "agobefore") > 0 {
		one.past = true
	}
}

// nextWeekly reports whether m is next week or a part of it.
func (m moment) nextWeekly() bool {
	return m.rel == "nextweek" || m.rel == "eonw" || m.rel == "bonw" || m.rel == "monw"
}

// joins reports whether b says more of the same time as a: the day and the clock, a weekday and its date.
func joins(a, b moment) bool {
	switch {
	case a.past != b.past, a.not != b.not, a.unit != "" || b.unit != "":
		return false
	case b.clock && !b.named && !b.date && (b.rel == "" || b.rel == "eod"):
		return !a.clock
	case a.clock && !a.named && !a.date && a.rel == "":
		return !b.clock
	case a.named && b.date, a.date && b.named:
		return true
	case a.named && b.nextWeekly(), a.nextWeekly() && b.named:
		return true
	case a.rel == "eod" || b.rel == "eod":
		return true
	case b.rel == "day0" && a.clock:
		return true
	}
	return false
}

// belongs reports whether one of two says of which day the other is, or of which week.
func belongs(a, b moment) bool {
	if a.past || b.past || a.not != b.not || a.unit != "" || b.unit != "" {
		return false
	}
	if a.part != b.part {
		return a.part && !b.dayless() || b.part && !a.dayless()
	}
	return a.named && b.rel == "eow" || b.named && a.rel == "eow"
}

// tellsTime gives m the time of day of another.
func (m *moment) tellsTime(of moment) {
	m.clock, m.hour, m.minute, m.abroad, m.zone, m.usa = true, of.hour, of.minute, of.abroad, of.zone, of.usa
}

func join(a, b moment) moment {
	if a.part && !b.dayless() {
		b.from = a.from
		return b
	}
	a.to = b.to
	if b.part && !a.dayless() {
		return a
	}
	a.before = a.before || b.before && !b.clock
	if b.clock {
		a.tellsTime(b)
	}
	if b.named {
		a.named, a.weekday = true, b.weekday
	}
	if b.date {
		a.date, a.day, a.month, a.year, a.within, a.guess = true, b.day, b.month, b.year, b.within, b.guess
	}
	if a.named && (a.rel == "eow" || b.rel == "eow") {
		a.thisWeek, a.rel = true, ""
		return a
	}
	if a.nextWeekly() && a.named || b.nextWeekly() {
		a.nextWeek, a.rel = true, ""
	} else if b.rel != "" && (a.rel == "" || a.rel == "eod") {
		a.rel = b.rel
	}
	if b.rel == "eod" || a.rel == "eod" && (a.named || a.date) {
		a.clock, a.hour = true, endOfDay
	}
	if a.rel == "eod" && (a.named || a.date) {
		a.rel = ""
	}
	return a
}

// endOfDay stands for the hour at which the house closes.
const endOfDay = -1

// moment reads the time that begins at token i; n is how many tokens it takes, 0 when none begins there.
func (m marks) moment(i, to int) (one moment, n int) {
	if h, k := m.starting(i, "hour"); k > 0 && m.ends(i, "at") { // "do osiemnastej"
		one.clock = true
		one.hour, _ = strconv.Atoi(h)
		one.hour = afternoon(one.hour)
		return one, k
	}
	if one, n = m.ofMonth(i, to); n > 0 {
		return one, n
	}
	if one, n = m.nextPart(i, to); n > 0 {
		return one, n
	}
	r, k := m.starting(i, "rel.")
	if n := m.find(i, "daypart"); n > 0 && n >= k {
		return m.partly(i, n), n
	}
	if k > 0 {
		one.rel = class(r)
		if one.rel == "eod" {
			one.clock, one.hour = true, endOfDay
		}
		return one, k
	}
	if u, k := m.starting(i, "span."); k > 0 { // "a fortnight", "half an hour": with its number
		unit, v, _ := strings.Cut(u, ".")
		one.unit = unit
		one.n, _ = strconv.Atoi(v)
		return one, k
	}
	if w, k := m.starting(i, "wd"); k > 0 {
		d, _ := strconv.Atoi(w)
		one.named, one.weekday = true, time.Weekday(d)
		return one, k
	}
	if k := m.find(i, "midnight"); k > 0 { // that of the day's end: people say "by midnight on Friday"
		one.clock, one.hour, one.minute = true, 23, 59
		return one, k
	}
	if k := m.find(i, "noon"); k > 0 {
		one.clock, one.hour = true, 12
		return one, k
	}
	if one, n = m.halves(i); n > 0 {
		return one, n
	}
	if mo, k := m.starting(i, "mo"); k > 0 && i+k < to { // March 6
		if d, ok := m.number(i + k); ok && m.ts[i+k].digits && d >= 1 && d <= 31 {
			one.date, one.day = true, d
			one.month, _ = strconv.Atoi(mo)
			return one, k + 1
		}
	}
	if v, ok := m.number(i); ok {
		return m.numbered(i, v, to)
	}
	return one, 0
}
