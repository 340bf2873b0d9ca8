package promise

import (
	"strconv"
)

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

// nextPart reads a part of next week or next month: "early next week" is until its Tuesday, "at the beginning of next month" until
// the 10th, as of a month by its name; "mid" until its Wednesday or the 15th. The end of it is the whole.
func (m marks) nextPart(i, to int) (one moment, n int) {
	part, k := m.starting(i, "part.")
	if k == 0 {
		return one, 0
	}
	for n = i + k; n < min(i+k+2, to); n++ {
		rel, words := m.starting(n, "rel.")
		if next, ok := partsOfNext[part][class(rel)]; ok && n+words <= to {
			one.rel = next
			return one, n + words - i
		}
		if m.find(n, "article") == 0 && m.find(n, "common") == 0 && m.find(n, "of") == 0 {
			break
		}
	}
	return moment{}, 0
}

// partsOfNext are the days that parts of next week and next month last to.
var partsOfNext = map[string]map[class]class{
	"10": {"nextweek": "bonw", "nextmonth": "bonm"},
	"15": {"nextweek": "monw", "nextmonth": "monm"},
	"31": {"nextweek": "eonw", "nextmonth": "eonm"},
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
	case m.lex.lang == "en" && (second > 12 || m.monthFirst && t == '/' && first <= 12): // as in America
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
