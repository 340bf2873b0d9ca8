package promise

import (
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
	rel     class // day0, day1, eow …
	// These add to the day.
	before   bool // before it, not on it
	nextWeek bool
	clock    bool
	hour     int
	minute   int
	past     bool // it lies behind: "since Monday"
}

// marks are the hits of a stretch, by token.
type marks struct {
	lex *lexicon
	ts  []token
	at  [][]hit
}

func mark(lex *lexicon, ts []token) marks {
	m := marks{lex, ts, make([][]hit, len(ts))}
	hits := lex.scan(ts)
	masked := make([]bool, len(ts))
	for _, h := range hits {
		if h.class == "mask" {
			for k := h.at; k < h.at+h.n; k++ {
				masked[k] = true
			}
		}
	}
	for _, h := range hits {
		switch h.class {
		case "neg", "hedge", "past", "habit", "if":
			if masked[h.at] {
				continue // "no later than", "as soon as possible"
			}
		}
		m.at[h.at] = append(m.at[h.at], h)
	}
	return m
}

// find returns the longest hit of a class at token i.
func (m marks) find(i int, c class) (n int) {
	if i < 0 || i >= len(m.at) {
		return 0
	}
	for _, h := range m.at[i] {
		if h.class == c && h.n > n {
			n = h.n
		}
	}
	return n
}

// starting returns the longest hit at i whose class begins with a prefix, and the rest of its class.
func (m marks) starting(i int, p string) (rest string, n int) {
	if i < 0 || i >= len(m.at) {
		return "", 0
	}
	for _, h := range m.at[i] {
		if r, ok := strings.CutPrefix(string(h.class), p); ok && h.n > n {
			rest, n = r, h.n
		}
	}
	return rest, n
}

// number reads the number at token i, in digits or as a word.
func (m marks) number(i int) (int, bool) {
	if i < 0 || i >= len(m.ts) {
		return 0, false
	}
	t := m.ts[i]
	if t.digits {
		v, err := strconv.Atoi(t.low)
		return v, err == nil && len(t.low) <= 4
	}
	v, ok := m.lex.numbers[t.folded]
	return v, ok
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
		if k := len(out) - 1; k >= 0 && i-out[k].to <= 3 && joins(out[k], one) {
			out[k] = join(out[k], one)
		} else {
			out = append(out, one)
		}
		i += n
	}
	return out
}

// before looks at what stands in front of a moment: "before", "since".
func (m marks) before(one *moment) {
	for back := 1; back <= 3 && one.from-back >= 0; back++ {
		i := one.from - back
		if n := m.find(i, "before"); n > 0 && i+n >= one.from-1 {
			one.before = true
		}
		if n := m.find(i, "since"); n > 0 && i+n >= one.from {
			one.past = true
		}
	}
	if m.find(one.to, "ago") > 0 || one.unit != "" && one.from > 0 && m.find(one.from-1, "agobefore") > 0 {
		one.past = true
	}
}

// joins reports whether b says more of the same time as a: the day and the clock, a weekday and its date.
func joins(a, b moment) bool {
	switch {
	case a.past != b.past, a.unit != "" || b.unit != "":
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

func join(a, b moment) moment {
	a.to = b.to
	a.before = a.before || b.before && !b.clock
	if b.clock {
		a.clock, a.hour, a.minute = true, b.hour, b.minute
	}
	if b.named {
		a.named, a.weekday = true, b.weekday
	}
	if b.date {
		a.date, a.day, a.month, a.year = true, b.day, b.month, b.year
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
	if r, k := m.starting(i, "rel."); k > 0 {
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
	end := i
	if w, ok := m.number(i + 1); ok && m.ts[i].after == '-' && i+1 < to { // a range means its upper end
		v, end = w, i+1
	} else if k := m.find(i+1, "to"); k > 0 {
		if w, ok := m.number(i + 1 + k); ok && i+1+k < to {
			v, end = w, i+1+k
		}
	}
	next := end + 1
	if u, k := m.starting(next, "unit."); k > 0 && v > 0 && v < 1000 && m.spans(i, v, next, u) {
		if w := m.find(next+k, "work"); w > 0 && u == "day" {
			u, k = "workday", k+w
		}
		one.unit, one.n = u, v
		return one, next + k - i
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
	if one, n = m.dated(i, end, v, to); n > 0 {
		return one, n
	}
	return m.timed(i, end, v, to)
}

// dated reads a date that begins with its day.
func (m marks) dated(i, end, v, to int) (one moment, n int) {
	if !m.ts[i].digits || v < 1 || v > 31 || end != i {
		return one, 0
	}
	one.day = v
	k := i + 1
	ordinal := m.find(k, "ordinal") > 0 && m.ts[i].to == m.tokenFrom(k)
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
	if t := m.ts[i].after; (t == '.' || t == '/') && i+1 < to && m.ts[i+1].digits && m.ts[i+1].from == m.ts[i].to+1 && (m.ts[i+1].after == t || t == '/') { // 11.12. and 11/12
		if mo, ok := m.number(i + 1); ok && mo >= 1 && mo <= 12 {
			one.date, one.month = true, mo
			n = 2
			if i+2 < to && m.ts[i+2].digits && m.ts[i+2].from == m.ts[i+1].to+1 {
				one.year, _ = strconv.Atoi(m.ts[i+2].low)
				if one.year < 100 {
					one.year += 2000
				}
				n = 3
			}
			return one, n
		}
	}
	if ordinal || m.ends(i, "onthe") || m.ts[i].after == '.' && m.ends(i, "onday") {
		if ok, _ := m.clocked(i, i); !ok {
			one.date = true
			return one, k - i
		}
	}
	return one, 0
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
