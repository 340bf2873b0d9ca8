package staff

import (
	"testing"
	"time"

	"switchboard/internal/clock"
)

func TestWhenSomebodyLeavesAndIsBack(t *testing.T) {
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	at := func(day, hour int) time.Time { return monday.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour) }
	office := clock.Office("UTC", "09:00", "17:00")
	away := func(from, until time.Time) []Absence { return []Absence{{From: from, Until: until}} }
	for name, tt := range map[string]struct {
		hours       *clock.Hours
		absences    []Absence
		now         time.Time
		leave, back time.Time
	}{
		"at the end of their hours, until next morning":  {&office, nil, at(0, 10), at(0, 17), at(1, 9)},
		"on Friday, until Monday":                        {&office, nil, at(4, 10), at(4, 17), at(7, 9)},
		"when an absence begins earlier than they end":   {&office, away(at(0, 12), at(0, 14)), at(0, 10), at(0, 12), at(0, 14)},
		"when one ends at night, until the morning":      {&office, away(at(0, 12), at(1, 3)), at(0, 10), at(0, 12), at(1, 9)},
		"at once when they are not at work":              {&office, nil, at(0, 20), at(0, 20), at(1, 9)},
		"at once when they are absent":                   {&office, away(at(-3, 0), at(3, 0)), at(0, 10), at(0, 10), at(3, 9)},
		"never, by hours that do not end":                {&clock.Hours{Always: true}, nil, at(0, 10), time.Time{}, time.Time{}},
		"for an absence only, by hours that do not end":  {&clock.Hours{Always: true}, away(at(2, 0), at(5, 0)), at(0, 10), at(2, 0), at(5, 0)},
		"by the organisation's hours without their own":  {nil, nil, at(0, 10), at(0, 18), at(1, 8)},
		"through two absences that touch, at the second": {&office, append(away(at(0, 12), at(1, 12)), away(at(1, 12), at(2, 0))...), at(0, 10), at(0, 12), at(2, 9)},
	} {
		t.Run(name, func(t *testing.T) {
			house := clock.Office("UTC", "08:00", "18:00")
			p := Person{ID: 1, State: Active, Here: true, Hours: tt.hours, Absences: tt.absences}
			r := newRoster(1, Organisation{Hours: &house}, []Person{p}, nil)
			leave, back := r.Leaves(p, tt.now)
			if !leave.Equal(tt.leave) || !back.Equal(tt.back) {
				t.Errorf("they leave at %s and are back at %s; want %s and %s", leave, back, tt.leave, tt.back)
			}
		})
	}
}
