package desk

import (
	"time"

	"switchboard/internal/clock"
)

// DueChoice is a time by which an answer can be wanted, in words.
type DueChoice struct {
	Key string    // hour, today, tomorrow, friday
	At  time.Time // in business time of who is asked
}

// DueChoices are the times that can be said in words for somebody who works by some hours, the earliest first: in an hour of
// theirs, by the end of their day, at noon of their next day, by the end of their week. What has no sense now is left out.
func DueChoices(now time.Time, hours *clock.Calendar) (out []DueChoice) {
	for _, key := range []string{"hour", "today", "tomorrow", "friday"} {
		if at, ok := dueChoice(key, now, hours); ok {
			out = append(out, DueChoice{key, at})
		}
	}
	return out
}

// dueChoice is when key says, false when that has no sense now.
func dueChoice(key string, now time.Time, hours *clock.Calendar) (at time.Time, ok bool) {
	zone := hours.Location()
	here := now.In(zone)
	switch key {
	case "hour":
		return hours.Add(now, time.Hour), true
	case "today":
		at = lastOf(here, hours)
		return at, at.After(now.Add(time.Hour))
	case "tomorrow":
		for k := 1; k <= 14; k++ {
			day := clock.Wall(zone, here.Year(), here.Month(), here.Day()+k, 12, 0)
			if end := lastOf(day, hours); !end.IsZero() {
				if end.Before(day) { // they are gone by noon
					day = end
				}
				return day, true
			}
		}
	case "friday":
		days := (int(time.Friday) - int(here.Weekday()) + 7) % 7
		if days < 2 { // today and tomorrow have words of their own
			days += 7
		}
		at = lastOf(clock.Wall(zone, here.Year(), here.Month(), here.Day()+days, 12, 0), hours)
		return at, !at.IsZero()
	}
	return time.Time{}, false
}

// evening is when a day ends for who has no hours.
const evening = 18

// lastOf is the last moment of business on the day of t, the zero time when there is none on that day.
func lastOf(t time.Time, hours *clock.Calendar) (end time.Time) {
	zone := hours.Location()
	t = t.In(zone)
	midnight := clock.Wall(zone, t.Year(), t.Month(), t.Day(), 0, 0)
	next := clock.Wall(zone, t.Year(), t.Month(), t.Day()+1, 0, 0)
	for from := hours.NextOpen(midnight); from.Before(next); {
		end = hours.NextClosed(from)
		if end.IsZero() || end.After(next) {
			return clock.Wall(zone, t.Year(), t.Month(), t.Day(), evening, 0)
		}
		from = hours.NextOpen(end)
	}
	return end
}
