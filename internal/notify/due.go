package notify

import (
	"time"

	"switchboard/internal/staff"
)

// pace is how long nobody is told again by the same way.
const pace = time.Minute

// morning is the hour at which a morning's digest goes out, on the person's own wall.
const morning = 8

// readyAt is when something that happens now may go out to p.
func (s Settings) readyAt(urgent bool, p staff.Person, r *staff.Roster, now time.Time) time.Time {
	zone := zoneOf(p, r)
	at := now
	if !urgent {
		at = s.Digest.next(now, zone)
	}
	if urgent && s.Urgent {
		return at
	}
	switch s.Quiet {
	case QuietHours:
		return r.Back(p, at)
	case QuietTimes:
		return loud(s.From, s.Until, at, zone)
	}
	return at
}

// next is when a digest next goes out.
func (d Digest) next(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	switch d {
	case Hourly:
		return local.Truncate(time.Minute).Add(time.Duration(60-local.Minute()) * time.Minute).UTC()
	case Morning:
		y, m, day := local.Date()
		if at := time.Date(y, m, day, morning, 0, 0, 0, zone); at.After(now) {
			return at
		}
		return time.Date(y, m, day+1, morning, 0, 0, 0, zone)
	}
	return now
}

// loud is the first moment from t on that is not between two times of day.
func loud(from, until string, t time.Time, zone *time.Location) time.Time {
	a, err1 := time.Parse("15:04", from)
	b, err2 := time.Parse("15:04", until)
	if err1 != nil || err2 != nil || from == until {
		return t
	}
	local := t.In(zone)
	clock := func(day int, at time.Time) time.Time {
		y, m, d := local.Date()
		return time.Date(y, m, d+day, at.Hour(), at.Minute(), 0, 0, zone)
	}
	for day := -1; day <= 0; day++ { // the quiet that began yesterday, or begins today
		begin, end := clock(day, a), clock(day, b)
		if !end.After(begin) {
			end = clock(day+1, b)
		}
		if !t.Before(begin) && t.Before(end) {
			return end
		}
	}
	return t
}

// zoneOf is where p's clock hangs: their own zone, else the house's.
func zoneOf(p staff.Person, r *staff.Roster) *time.Location {
	for _, name := range []string{p.Zone, r.Organisation().Zone} {
		if z, err := time.LoadLocation(name); err == nil && name != "" {
			return z
		}
	}
	return time.UTC
}
