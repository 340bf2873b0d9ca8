package promise

import "time"

// office is the calendar of a house that has not said: Monday to Friday, 9 to 17.
type office struct{}

func (office) Open(t time.Time) bool {
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && t.Hour() >= 9 && t.Hour() < 17
}

func (o office) NextOpen(t time.Time) time.Time {
	for d := 0; d < 8; d++ {
		open, end := wall(t, d, 9, 0), wall(t, d, 17, 0)
		if w := open.Weekday(); w == time.Saturday || w == time.Sunday || !t.Before(end) {
			continue
		}
		if t.After(open) {
			return t
		}
		return open
	}
	return t
}

func (o office) NextClosed(t time.Time) time.Time {
	if !o.Open(t) {
		return t
	}
	return wall(t, 0, 17, 0)
}

// wall is a time of day so many days after t's.
func wall(t time.Time, days, hour, minute int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, hour, minute, 0, 0, t.Location())
}

// reckoner turns what is said into times.
type reckoner struct {
	at   time.Time
	days Calendar
}

func reckon(s Setting) reckoner {
	r := reckoner{s.At, s.Days}
	if r.days == nil {
		r.days = office{}
	}
	return r
}

// works reports whether the house is at work on a day.
func (r reckoner) works(day time.Time) bool {
	from, to := wall(day, 0, 0, 0), wall(day, 1, 0, 0)
	return r.days.NextOpen(from).Before(to)
}

// closes is when the house closes on a day; five o'clock where it does not, or is not open at all.
func (r reckoner) closes(day time.Time) time.Time {
	to, end := wall(day, 1, 0, 0), wall(day, 0, 17, 0)
	at := r.days.NextOpen(wall(day, 0, 0, 0))
	for n := 0; n < 10 && at.Before(to); n++ {
		c := r.days.NextClosed(at)
		switch {
		case c.IsZero(): // it never does
			return end
		case !c.Before(to):
			return to.Add(-time.Minute)
		}
		end = c
		at = r.days.NextOpen(c)
	}
	return end
}

// workday is the n-th business day after a day; before, with n negative.
func (r reckoner) workday(day time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for tries := 0; n > 0 && tries < 1500; tries++ {
		if day = wall(day, step, 12, 0); r.works(day) {
			n--
		}
	}
	return day
}

// day is the day m means.
func (r reckoner) day(m moment) (day time.Time, ok bool) {
	at := wall(r.at, 0, 12, 0)
	weekday := (int(at.Weekday()) + 6) % 7 // Monday is 0
	switch {
	case m.date:
		if day, ok := r.dated(m); !m.guess || ok && day.Weekday() == m.weekday {
			return day, ok
		}
	}
	switch {
	case m.named && m.thisWeek:
		return wall(at, (int(m.weekday)+6)%7-weekday, 12, 0), true
	case m.named:
		ahead := (int(m.weekday) - int(at.Weekday()) + 7) % 7
		if ahead == 0 {
			ahead = 7
		}
		if m.nextWeek {
			ahead = 7 - weekday + (int(m.weekday)+6)%7
		}
		return wall(at, ahead, 12, 0), true
	}
	switch m.rel {
	case "day0", "eod":
		return at, true
	case "day1":
		return wall(at, 1, 12, 0), true
	case "day2":
		return wall(at, 2, 12, 0), true
	case "workday":
		return r.workday(at, 1), true
	case "eow", "thisweek":
		ahead := 4 - weekday
		if ahead < 0 {
			ahead += 7
		}
		return wall(at, ahead, 12, 0), true
	case "bonw":
		return wall(at, 8-weekday, 12, 0), true
	case "monw":
		return wall(at, 9-weekday, 12, 0), true
	case "nextweek", "eonw":
		return wall(at, 11-weekday, 12, 0), true
	case "bonm":
		return time.Date(at.Year(), at.Month()+1, 10, 12, 0, 0, 0, at.Location()), true
	case "monm":
		return time.Date(at.Year(), at.Month()+1, 15, 12, 0, 0, 0, at.Location()), true
	case "eom", "thismonth":
		return time.Date(at.Year(), at.Month()+1, 0, 12, 0, 0, 0, at.Location()), true
	case "eonm", "nextmonth":
		return time.Date(at.Year(), at.Month()+2, 0, 12, 0, 0, 0, at.Location()), true
	case "eoy":
		return time.Date(at.Year(), time.December, 31, 12, 0, 0, 0, at.Location()), true
	}
	switch m.unit {
	case "day":
		return wall(at, m.n, 12, 0), true
	case "workday":
		return r.workday(at, m.n), true
	case "week":
		return wall(at, 7*m.n, 12, 0), true
	case "month":
		d := at.AddDate(0, m.n, 0)
		if d.Day() != at.Day() { // the 31st of a month that has none
			d = d.AddDate(0, 0, -d.Day())
		}
		return d, true
	}
	return at, m.clock
}

// dated is the next day of that name.
func (r reckoner) dated(m moment) (time.Time, bool) {
	year, month := r.at.Year(), r.at.Month()
	if m.month > 0 {
		month = time.Month(m.month)
	}
	if m.year > 0 {
		year = m.year
	}
	on := func() time.Time {
		last := time.Date(year, month+1, 0, 12, 0, 0, 0, r.at.Location())
		if m.within && m.day > last.Day() {
			return last
		}
		return time.Date(year, month, m.day, 12, 0, 0, 0, r.at.Location())
	}
	d := on()
	today := wall(r.at, 0, 0, 0)
	for n := 0; n < 12 && m.year == 0 && d.Before(today) || !m.within && d.Day() != m.day && n < 12; n++ {
		if m.month > 0 {
			year++
		} else {
			month++
		}
		d = on()
	}
	far := m.loose && m.year == 0 && d.After(today.AddDate(0, 9, 0)) // "in October", said in November
	return d, (m.within || d.Day() == m.day) && !d.Before(today) && !far
}

// on is m's time on a day, in the zone of that day: what is said in another zone is turned into it.
func (m moment) on(day time.Time) time.Time {
	if !m.abroad {
		return wall(day, 0, m.hour, m.minute)
	}
	zone := m.zone
	if m.usa && summerInAmerica(day) {
		zone += 60
	}
	there := time.FixedZone("", zone*60)
	return time.Date(day.Year(), day.Month(), day.Day(), m.hour, m.minute, 0, 0, there).In(day.Location())
}

// summerInAmerica reports whether a day lies between the second Sunday of March and the first of November.
func summerInAmerica(day time.Time) bool {
	sunday := func(month time.Month, nth int) time.Time {
		first := time.Date(day.Year(), month, 1, 0, 0, 0, 0, day.Location())
		return wall(first, (7-int(first.Weekday()))%7+7*(nth-1), 0, 0)
	}
	return !day.Before(sunday(time.March, 2)) && day.Before(sunday(time.November, 1))
}

// due is until when m is, and whether a time of day was said.
func (r reckoner) due(m moment) (due time.Time, exact, ok bool) {
	switch m.unit {
	case "minute":
		return r.at.Add(time.Duration(m.n) * time.Minute), true, true
	case "hour":
		return r.at.Add(time.Duration(m.n) * time.Hour), true, true
	}
	day, ok := r.day(m)
	if !ok {
		return due, false, false
	}
	if m.clock {
		switch {
		case m.hour != endOfDay:
			due = m.on(day)
			if today := m.rel == "" || m.rel == "day0" && m.hour == 0; !due.After(r.at) && !m.named && !m.date && today {
				due = m.on(wall(day, 1, 12, 0))
			}
		default:
			if due = r.closes(day); !due.After(r.at) { // said in the evening: the day itself ends later
				due = wall(day, 1, 0, 0).Add(-time.Minute)
			}
		}
		return due, true, due.After(r.at)
	}
	if first, ok := r.begins(m, day); ok && m.before {
		if day = r.workday(first, -1); day.Before(wall(r.at, 0, 0, 0)) {
			day = wall(r.at, 0, 12, 0)
		}
	}
	if due = r.closes(day); !due.After(r.at) { // said in the evening, for today
		due = wall(day, 1, 0, 0).Add(-time.Minute)
	}
	return due, false, due.After(r.at)
}

// begins is the first day of what m says, of which day is the last: what is done before next week is done by this Friday. ok is false
// of times that end rather than begin: "before the end of the month" is until its last day.
func (r reckoner) begins(m moment, day time.Time) (first time.Time, ok bool) {
	switch m.rel {
	case "nextweek":
		return wall(day, -4, 12, 0), true
	case "nextmonth":
		return time.Date(day.Year(), day.Month(), 1, 12, 0, 0, 0, day.Location()), true
	case "day1", "day2", "workday":
		return day, true
	}
	return day, m.named || m.date
}

// later is the later one of two times of which the second may be the end of a range: "Friday to Tuesday" is the Tuesday after.
func (r reckoner) later(a, b moment) moment {
	first, _, ok := r.due(a)
	second, _, ok2 := r.due(b)
	switch {
	case !ok2:
		return a
	case !ok || second.After(first):
		return b
	case b.named && !b.date && !b.nextWeek:
		b.nextWeek = true
		return r.later(a, b)
	}
	return a
}
