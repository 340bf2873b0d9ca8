package promise

import (
	"strconv"
)

// clocked reports whether a word after the number at end makes it a time of day, and how many words that takes.
func (m marks) clocked(i, end int) (bool, int) {
	if k := m.find(end+1, "clock"); k > 0 {
		return true, k
	}
	return false, 0
}

// zones are how far the common ones are from Greenwich, in minutes. Those of America that say nothing of summer follow it: usa.
var zones = map[string]int{
	"utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
	"aest": 600, "aedt": 660, "awst": 480, "acst": 570, "acdt": 630, "nzst": 720, "nzdt": 780, "jst": 540, "kst": 540, "sgt": 480, "hkt": 480, "brt": -180,
}

var usa = map[string]int{"et": -300, "ct": -360, "mt": -420, "pt": -480}

// zoned reads the zone that may stand behind a time of day, or is its last word already. "cet" and "est" are French words, "et"
// is one of more than one language: outside English a zone is written in capitals.
func (m marks) zoned(one *moment, last, to int) (n int) {
	for k := last; k <= last+1 && k < to; k++ {
		t := m.ts[k]
		if t.digits || !t.caps && m.lex.lang != "en" || k > last && m.ts[last].after == ',' {
			continue
		}
		if minutes, ok := zones[t.low]; ok {
			one.zone, one.abroad = minutes, true
			return k - last
		}
		if minutes, ok := usa[t.low]; ok && t.caps {
			one.zone, one.abroad, one.usa = minutes, true, true
			return k - last
		}
	}
	return 0
}

// timed reads a time of day and its zone.
func (m marks) timed(i, end, v, to int) (one moment, n int) {
	if one, n = m.hours(i, end, v, to); n > 0 {
		n += m.zoned(&one, i+n-1, to)
	}
	return one, n
}

// hours reads a time of day.
func (m marks) hours(i, end, v, to int) (one moment, n int) {
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
		switch {
		case (word == "pm" || word == "p") && hour < 12:
			hour += 12
		case (word == "am" || word == "a") && hour == 12:
			hour = 0
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
