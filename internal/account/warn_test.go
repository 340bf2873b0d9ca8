package account

import (
	"testing"
	"time"
)

// People are told 14 days and 2 days before access runs out, once each, however often it is looked at.
func TestPeopleAreToldBeforeAccessRunsOut(t *testing.T) {
	end := time.Date(2026, 12, 24, 18, 0, 0, 0, time.UTC)
	for _, every := range []time.Duration{time.Hour, 24 * time.Hour, 25 * time.Hour} {
		var told []time.Duration
		before := end.AddDate(0, -2, 0)
		for now := before.Add(every); now.Before(end); now = now.Add(every) {
			if warn(end, before, now) {
				told = append(told, end.Sub(now))
			}
			before = now
		}
		day := 24 * time.Hour
		if len(told) != 2 || told[0] > 14*day || told[0] <= 14*day-every || told[1] > 2*day || told[1] <= 2*day-every {
			t.Errorf("looked at every %v: told %v before", every, told)
		}
	}
	if warn(time.Time{}, end, end.Add(time.Hour)) {
		t.Error("told of access that does not run out")
	}
}
