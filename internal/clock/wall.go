package clock

import "time"

const (
	daySeconds = 24 * 60 * 60
	// No zone was ever further than this ahead of Greenwich (Alaska before 1867: 15:02).
	mostAhead = 16 * 60 * 60
)

// Wall returns the first moment at which clocks in zone show the given reading or a later one. Where clocks are put forward
// over it, that is the moment they are; where they are put back over it, the first of the two. Readings out of range carry
// over: minute 90 of hour 1 is 02:30, and hour 26 is 02:00 of the day after.
func Wall(zone *time.Location, year int, month time.Month, day, hour, minute int) time.Time {
	reading := time.Date(year, month, day, hour, minute, 0, 0, time.UTC).Unix()
	return time.Unix(first(zone, reading), 0).In(zone)
}

// first is Wall for a reading given as seconds since 1970 on the wall; it returns Unix seconds. It never falls when the
// reading rises: that is what makes business time add up.
//
// It looks at offsets alone: time.Time.ZoneBounds ends a day early in the leap years after 2037. No zone ever changed its
// offset twice within the 32 hours that are looked at.
func first(zone *time.Location, reading int64) int64 {
	low, high := reading-mostAhead, reading+mostAhead // the answer lies between
	before, after := offset(zone, low), offset(zone, high)
	if before == after {
		return reading - before
	}
	for high-low > 1 { // find the change: it is at high in the end
		if middle := (low + high) / 2; offset(zone, middle) == before {
			low = middle
		} else {
			high = middle
		}
	}
	if t := reading - before; t < high {
		return t
	}
	return max(high, reading-after)
}

// offset returns how many seconds clocks in zone are ahead of Greenwich.
func offset(zone *time.Location, sec int64) int64 {
	_, o := time.Unix(sec, 0).In(zone).Zone()
	return int64(o)
}

// dayOf returns the days since 1970 of a date, counted on the wall.
func dayOf(year int, month time.Month, day int) int64 {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / daySeconds
}

// weekday returns the day of the week of a day since 1970, a Thursday.
func weekday(day int64) time.Weekday { return time.Weekday(((day+4)%7 + 7) % 7) }

// floorDiv divides, rounding down for negative a too.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
