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
	case a.named && b.rel == "nextweek", a.rel == "nextweek" && b.named:
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
		a.clock, a.hour, a.minute = true, b.hour, b.minute
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
	if a.rel == "nextweek" && a.named || b.rel == "nextweek" {
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

// partly is a part of a day of n tokens. What it says of a day, as "mañana" does, counts where no other day is said.
func (m marks) partly(i, n int) moment {
	one := moment{part: true}
	for k := i; k < i+n; k++ {
		if r, in := m.starting(k, "rel."); in > 0 && k+in <= i+n {
			one.rel = class(r)
		}
	}
	return one
}

// ofMonth reads a month with no day: "end of March", "in April", "before May".
func (m marks) ofMonth(i, to int) (one moment, n int) {
	part, k := m.starting(i, "part.")
	one.day, _ = strconv.Atoi(part)
	one.date, one.within = true, true
	if k == 0 {
		k, one.day, one.loose = m.find(i, "during"), 31, true
	}
	if n := m.find(i, "before"); k == 0 && n > 0 {
		k, one.day, one.before, one.loose = n, 1, true, false
	}
	mo, n := m.starting(i+k, "mo")
	if _, number := m.number(i + k); k == 0 || n == 0 || i+k+n > to || number { // "em dez minutos"
		return moment{}, 0
	}
	one.month, _ = strconv.Atoi(mo)
	k += n
	if m.find(i+k, "of") > 0 && i+k+1 < to && len(m.ts[i+k+1].low) == 4 && m.ts[i+k+1].digits {
		k++
	}
	if i+k < to && m.ts[i+k].digits {
		if len(m.ts[i+k].low) != 4 { // "by March 6"
			return moment{}, 0
		}
		one.year, _ = m.number(i + k)
		k++
	}
	return one, k
}

// halves reads "half past five", "kwart voor drie", "wpół do trzeciej".
func (m marks) halves(i int) (one moment, n int) {
	shift, k := m.starting(i, "past.")
	if k == 0 {
		return one, 0
	}
	h, ok := m.number(i + k)
	if hour, kk := m.starting(i+k, "hour"); kk > 0 {
		h, _ = strconv.Atoi(hour)
		ok = true
	}
	if !ok || h < 1 || h > 24 {
		return one, 0
	}
	minutes, _ := strconv.Atoi(shift)
	one.clock = true
	one.hour, one.minute = afternoon(h), 0
	at := one.hour*60 + minutes
	one.hour, one.minute = at/60, at%60
	return one, k + 1
}

// numbered reads what begins with a number: "5-10 business days", "6 March", "17:30", "at 9", "the 15th".
func (m marks) numbered(i, v, to int) (one moment, n int) {
	v, end := m.upper(i, v, to)
	next := end + 1
	if u, k := m.starting(next, "unit."); k > 0 && v > 0 && v < 1000 && m.spans(i, v, next, u) {
		if w := m.find(next+k, "work"); w > 0 && u == "day" {
			u, k = "workday", k+w
		}
		w, or := m.orMore(next+k, v, to)
		one.unit, one.n = u, w
		return one, next + k + or - i
	}
	if w := m.find(next, "work"); w > 0 { // "3 business days"
		if _, k := m.starting(next+w, "unit.day"); k > 0 && v > 0 && v < 1000 {
			one.unit, one.n = "workday", v
			return one, next + w + k - i
		}
	}
	if m.ts[i].digits && end == i && i+1 < to && m.ts[i+1].digits && m.ts[i+1].from == m.ts[i].to+1 && (m.ts[i].after == '.' || m.ts[i].after == ',') && !m.monthly(i) && !m.minutes(i) {
		return one, 0 // an amount
	}
	if one, n = m.dated(end, v, to); n > 0 && (end == i || one.month > 0) { // "3-5 March", but not "3-5"
		return one, n + end - i
	}
	return m.timed(i, end, v, to)
}

// upper is the number that a range beginning at i means, and where it stands: the 5 of "3-5", "3 to 5", "3/5 days", "between 3 and 5 days".
func (m marks) upper(i, v, to int) (w, end int) {
	k := i + 1
	and := m.find(k, "and")
	switch {
	case m.ts[i].after == '-' && !m.whole(i):
	case m.ts[i].after == '/' && m.counted(k):
	case and > 0 && (m.between(i) || m.inside(i)) && m.counted(k+and+m.find(k+and, "article")):
		k += and + m.find(k+and, "article")
	case m.find(k, "to") > 0:
		k += m.find(k, "to")
	default:
		return v, i
	}
	if w, ok := m.number(k); ok && k < to {
		return w, k
	}
	return v, i
}

// counted reports whether the number at i counts units of time or days of a month: "5 days", "5 March", not "5 o'clock".
func (m marks) counted(i int) bool {
	if _, ok := m.number(i); !ok || m.find(i+1, "clock") > 0 {
		return false
	}
	_, unit := m.starting(i+1, "unit.")
	of := m.find(i+1, "of")
	_, month := m.starting(i+1+of, "mo")
	return unit > 0 || month > 0 || m.find(i+1, "work") > 0
}

// orMore reads the rest of "a day or two".
func (m marks) orMore(i, v, to int) (w, n int) {
	or := m.find(i, "to")
	w, ok := m.number(i + or)
	_, unit := m.starting(i+or+1, "unit.")
	if or == 0 || !ok || i+or >= to || m.ts[i+or].digits || w <= v || unit > 0 {
		return v, 0
	}
	return w, or + 1
}

// dated reads a date that begins with its day.
func (m marks) dated(i, v, to int) (one moment, n int) {
	if one, n = m.numeric(i, to); n > 0 {
		return one, n
	}
	if !m.ts[i].digits || v < 1 || v > 31 {
		return one, 0
	}
	one.day = v
	k := i + 1
	ordinal := m.find(k, "ordinal") > 0 && (m.ts[i].to == m.tokenFrom(k) || m.ts[i].after == '-' && m.ts[i].to+1 == m.tokenFrom(k))
	if ordinal {
		k++
	}
	if m.find(k, "of") > 0 {
		if _, n := m.starting(k+1, "mo"); n > 0 {
			k++
		}
	}
	if mo, n := m.starting(k, "mo"); n > 0 && k < to {
		one.date = true
		one.month, _ = strconv.Atoi(mo)
		k += n
		if m.find(k, "of") > 0 {
			k++
		}
		if k < to && m.ts[k].digits && len(m.ts[k].low) == 4 {
			one.year, _ = strconv.Atoi(m.ts[k].low)
			k++
		}
		return one, k - i
	}
	clock, _ := m.clocked(i, i)
	if clock {
		return one, 0
	}
	_, weekday := m.starting(i-1, "wd")
	one.date = ordinal || weekday == 0 && (m.ends(i, "onthe") || m.ts[i].after == '.' && m.ends(i, "onday"))
	if weekday == 1 && !ordinal && m.lex.lang != "en" && m.ts[i-1].after == 0 && !m.touches(i) { // "venerdì 15"
		one.date, one.guess = true, true
	}
	if !one.date {
		return one, 0
	}
	return one, k - i
}

// touches reports whether nothing but a mark parts the number at i from another: "15.30".
func (m marks) touches(i int) bool {
	return i+1 < len(m.ts) && m.ts[i+1].digits && m.ts[i+1].from == m.ts[i].to+1
}

// whole reports whether the number at i begins a date of three numbers with a hyphen: "10-12-2026", "2026-12-10".
func (m marks) whole(i int) bool {
	if i+2 >= len(m.ts) || m.ts[i].after != '-' || m.ts[i+1].after != '-' || !m.touches(i) || !m.touches(i+1) {
		return false
	}
	return len(m.ts[i].low) == 4 || len(m.ts[i+2].low) == 4
}

// numeric reads a date all in numbers: "11.12.", "11/12", "11-12-2026", "2026-12-11".
func (m marks) numeric(i, to int) (one moment, n int) {
	t := m.ts[i].after
	if i+1 >= to || !m.ts[i].digits || !m.touches(i) || t != '/' && !(t == '.' && m.ts[i+1].after == t) && !m.whole(i) {
		return one, 0
	}
	first, _ := m.number(i)
	second, _ := m.number(i + 1)
	third := 0
	if n = 2; i+2 < to && m.touches(i+1) && m.ts[i+1].after == t {
		third, _ = m.number(i + 2)
		n = 3
	}
	switch {
	case n == 2 && first == 24 && second == 7: // "24/7"
		return one, 0
	case len(m.ts[i].low) == 4:
		first, third = third, first
	case m.lex.lang == "en" && second > 12: // as in America
		first, second = second, first
	}
	if first < 1 || first > 31 || second < 1 || second > 12 {
		return one, 0
	}
	if n == 3 && third < 100 {
		third += 2000
	}
	return moment{date: true, day: first, month: second, year: third}, n
}

func (m marks) tokenFrom(i int) int {
	if i < len(m.ts) {
		return m.ts[i].from
	}
	return -1
}

// clocked reports whether a word after the number at end makes it a time of day, and how many words that takes.
func (m marks) clocked(i, end int) (bool, int) {
	if k := m.find(end+1, "clock"); k > 0 {
		return true, k
	}
	return false, 0
}

// timed reads a time of day.
func (m marks) timed(i, end, v, to int) (one moment, n int) {
	if v > 24 {
		return one, 0
	}
	hour, minute, k := v, 0, end+1
	clear := false
	if sep := m.ts[end].after; m.ts[end].digits && (sep == ':' || sep == '.') && k < to && m.ts[k].digits && len(m.ts[k].low) == 2 && m.ts[k].from == m.ts[end].to+1 {
		minute, _ = strconv.Atoi(m.ts[k].low)
		clear = sep == ':'
		k++
	}
	if ok, w := m.clocked(i, k-1); ok {
		word := m.ts[k].folded
		k += w
		clear = true
		if word == "h" || word == "u" {
			if k < to && m.ts[k].digits && len(m.ts[k].low) == 2 {
				minute, _ = strconv.Atoi(m.ts[k].low)
				k++
			}
		}
		if (word == "pm" || word == "p") && hour < 12 {
			hour += 12
		}
		if word == "am" || word == "a" || word == "pm" || word == "p" {
			one.clock, one.hour, one.minute = true, hour, minute
			return one, k - i
		}
	}
	if !clear && (!m.ends(i, "at") || v == 1 && !m.ts[i].digits) && !m.between(i) {
		return one, 0
	}
	if minute > 59 {
		return one, 0
	}
	if !clear || !m.ts[i].digits {
		hour = afternoon(hour)
	}
	one.clock, one.hour, one.minute = true, hour, minute
	if end == i && m.between(i) { // "between 9 and 12": the upper end comes yet
		if m.find(k, "and") > 0 || m.find(k, "to") > 0 {
			k++
			k += m.find(k, "at")
			if w, ok := m.number(k); ok && w <= 24 {
				up, n2 := m.timed(k, k, w, to)
				if n2 > 0 {
					return up, k + n2 - i
				}
				one.hour, one.minute = max(w, one.hour), 0
				return one, k + 1 - i
			}
		}
	}
	return one, k - i
}

// between reports whether the number at i follows "between", or the first number after it and "and".
func (m marks) between(i int) bool {
	for back := 1; back <= 5; back++ {
		if m.find(i-back, "between") > 0 {
			return true
		}
	}
	return false
}

// inside reports whether "within" stands right before token i, or before its article: in Italian it is "between", too.
func (m marks) inside(i int) bool { return m.find(i-1, "within") > 0 || m.find(i-2, "within") > 0 }

// ends reports whether a phrase of a class ends right before token i.
func (m marks) ends(i int, c class) bool {
	for n := 1; n <= 3; n++ {
		if m.find(i-n, c) == n {
			return true
		}
	}
	return false
}

// spans reports whether a number and a unit are a stretch of time, and not "12 uur" or "18 h 30", and not "a day" of any kind.
func (m marks) spans(i, v, next int, unit string) bool {
	within := false
	for back := 1; back <= 4; back++ {
		within = within || m.find(i-back, "within") > 0
	}
	if unit == "hour" && v <= 24 && m.find(next, "clock") > 0 {
		return within && !m.ends(i, "at") && !m.between(i)
	}
	_, asked := m.has(clause{0, i}, "giveus")
	return v > 1 || m.ts[i].digits || within || asked
}

// monthly reports whether the number at i and the one after it are a date like 11.12., minutes whether they are 18.30.
func (m marks) monthly(i int) bool {
	v, ok := m.number(i + 1)
	return ok && v >= 1 && v <= 12 && (m.ts[i+1].after == '.' || m.ts[i].after == '/')
}

func (m marks) minutes(i int) bool {
	v, ok := m.number(i + 1)
	return ok && v < 60 && len(m.ts[i+1].low) == 2 && m.ts[i].after == '.' && (m.find(i+2, "clock") > 0 || m.ends(i, "at"))
}

// afternoon is the hour that people mean who say "at 3".
func afternoon(h int) int {
	if h >= 1 && h < 8 {
		return h + 12
	}
	return h
}
