package desk

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/staff"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// allDay is a calendar without a night.
type allDay struct{}

func (allDay) Add(t time.Time, d time.Duration) time.Time { return t.Add(d) }

// rota has people at work in turns: each for eight hours a day, a third of a day after the one before.
type rota struct{ away map[staff.PersonID]bool }

func (r rota) begins(p staff.PersonID, t time.Time) time.Time {
	start := t.Truncate(24 * time.Hour).Add(time.Duration(p%3) * 8 * time.Hour)
	for !start.Add(8 * time.Hour).After(t) {
		start = start.AddDate(0, 0, 1)
	}
	return start
}

func (r rota) works(p staff.PersonID, t time.Time) bool {
	return !r.away[p] && !r.begins(p, t).After(t)
}

func (r rota) Leaves(p staff.PersonID, t, due time.Time, claimed bool) time.Time {
	if r.away[p] && !claimed {
		return t
	}
	for {
		start := r.begins(p, t)
		if start.After(t) && !claimed && start.After(due) {
			return t
		}
		end := start.Add(8 * time.Hour)
		if back := start.AddDate(0, 0, 1); back.After(due) {
			return end
		}
		t, claimed = end, false
	}
}

func (r rota) Away(p staff.PersonID, _ time.Time) bool { return r.away[p] }

// path gives things to the first of three people who works, then to a second department, then to the operators: 1, 2 and 9.
func (r rota) path(c Conversation, why Stuck, now time.Time) Step {
	for p := staff.PersonID(1); p <= 3; p++ {
		if c.Department == 1 && p != c.Person && r.works(p, now) && !slices.Contains(c.Way.People, p) {
			return Step{Department: 1, Person: p, Reason: "works"}
		}
	}
	switch {
	case why == Leaving:
		first := now.AddDate(0, 0, 1)
		for p := staff.PersonID(1); p <= 3; p++ {
			if at := r.begins(p, now); at.After(now) && at.Before(first) {
				first = at
			}
		}
		return Step{Department: c.Department, Wait: first, Reason: "nobody works"}
	case c.Department == 1:
		return Step{Department: 2, Reason: "stands in"}
	case c.Department == 2:
		return Step{Department: 9, Reason: "decides"}
	}
	return Step{Department: c.Department, End: true, Reason: "the end"}
}

// Whatever people do and the contact says, whoever goes home or is absent: what is open has an owner and a running
// clock, what sleeps an owner and a time to wake; what is open either has a moment at which it goes on, or somebody who has taken it, or is at the end of its way; what
// waits or is closed has nothing that rings; ringing comes to an end; and what is left alone goes only so far.
func TestNothingIsEverStuck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rota{map[staff.PersonID]bool{}}
		terms := Terms{First: 4 * time.Hour, Next: 8 * time.Hour, TakeBack: 45 * time.Minute, MoveOn: 30 * time.Minute, Hours: allDay{}, Shifts: r}
		now := monday
		c, _ := Conversation{ID: 1, State: Open}.Arrived(now, "must", terms, now)
		c = c.Owned(1, staff.PersonID(rapid.IntRange(0, 3).Draw(t, "first")), terms, now)
		alone := 0 // steps since somebody did something
		for range rapid.IntRange(1, 40).Draw(t, "deeds") {
			person := staff.PersonID(rapid.IntRange(1, 3).Draw(t, "person"))
			before := c
			switch rapid.SampledFrom([]string{"time", "time", "time", "long time", "absent", "claim", "release", "hand over", "snooze", "close", "answer", "answer on", "reopen", "write"}).Draw(t, "deed") {
			case "time":
				now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
			case "long time":
				now = now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
			case "absent":
				if r.away[person] = !r.away[person]; c.Person == person && c.Clock.Running() && c.State == Open {
					c.LeaveAt = now // as LookAgain does
				}
			case "claim":
				c, _ = c.claim(person, terms, now)
			case "release":
				c.Way = c.Way.passed(c.Person)
				c = c.own(c.Department, 0, terms, now)
			case "hand over":
				c = c.Owned(staff.DepartmentID(rapid.SampledFrom([]int{1, 2, 9}).Draw(t, "to")), 0, terms, now)
			case "snooze":
				c, _ = c.snooze(now.Add(time.Hour), now)
			case "close":
				c = c.close(now)
			case "answer":
				c = c.Answered(c.Person, now, Waiting, terms)
			case "answer on":
				c = c.Answered(c.Person, now, Open, terms)
			case "reopen":
				c, _ = c.reopen(terms, now)
			case "write":
				if c, _ = c.arrived(now, "must", terms, now); c.State != Open || !c.SnoozedUntil.IsZero() {
					t.Fatalf("what the contact wrote stays %s, until %s", c.State, c.SnoozedUntil)
				}
			}
			if c.Department != before.Department || c.Person != before.Person || c.State != before.State || !c.LeaveAt.Equal(before.LeaveAt) {
				alone = 0
			}
			for rung := 0; !c.alarm().IsZero() && !c.alarm().After(now); rung++ {
				if rung > 20 {
					t.Fatalf("it rings for ever at %s: %+v", now, c)
				}
				var why Stuck
				if c, _, why = c.ring(terms, now); why == "" {
					continue
				}
				was, step := c, r.path(c, why, now)
				var told []any
				n, entries := c.onward(step, why, terms, now)
				for _, e := range entries {
					told = append(told, e)
				}
				if c = n; c.Person != was.Person && len(told) == 0 {
					t.Fatalf("it went from %d to %d and nobody was told", was.Person, c.Person)
				}
				if why == Unanswered && !was.Person.IsZero() && !slices.Contains(c.Way.People, was.Person) {
					t.Fatalf("it forgot that it was with %d", was.Person)
				}
				if alone++; why == Unanswered && alone > 200 {
					t.Fatalf("it still goes on: %+v", c)
				}
			}
			check(t, c, now)
		}
	})
}

func check(t *rapid.T, c Conversation, now time.Time) {
	switch c.State {
	case Open:
		if c.Department.IsZero() || !c.Clock.Running() {
			t.Fatalf("no owner or no clock: %+v", c)
		}
	case Snoozed: // without a clock when it waited on the contact before
		if c.Department.IsZero() || c.SnoozedUntil.IsZero() {
			t.Fatalf("no owner, or it never wakes: %+v", c)
		}
	default:
		if c.Clock.Running() || !c.alarm().IsZero() {
			t.Fatalf("something still runs: %+v", c)
		}
	}
	if c.State == Open && c.Person.IsZero() && c.MoveAt.IsZero() && !c.Way.Ended {
		t.Fatalf("it lies in a queue and never goes on: %+v", c)
	}
	if c.State == Open && !c.Person.IsZero() && c.LeaveAt.IsZero() {
		t.Fatalf("it stays with %d, who will go home, for ever: %+v", c.Person, c)
	}
	if at := c.alarm(); !at.IsZero() && !at.After(now) {
		t.Fatalf("something was not rung: %+v", c)
	}
}

func TestWhatIsClaimedOutsideOnesHoursIsNotTakenAwayAtOnce(t *testing.T) {
	r := rota{map[staff.PersonID]bool{}}
	terms := Terms{First: 2 * time.Hour, Next: 2 * time.Hour, MoveOn: 30 * time.Minute, Hours: allDay{}, Shifts: r}
	evening := monday.Truncate(24 * time.Hour).Add(17 * time.Hour) // 1 works from 8 to 16
	c, _ := Conversation{ID: 1, State: Open}.Arrived(evening, "must", terms, evening)
	for name, tt := range map[string]struct {
		with    Conversation
		leaving bool
	}{
		"who takes it in the evening has it":        {c.taken(1, terms, evening), false},
		"who is given it in the evening does not":   {c.own(1, 1, terms, evening), true},
		"who is given it while at work has it":      {c.own(1, 2, terms, evening), false},
		"who takes it and is then absent has it no": {c.taken(1, terms, evening).leaving(terms, evening, false), true},
	} {
		t.Run(name, func(t *testing.T) {
			if _, why := tt.with.stuck(terms, evening, false); (why == Leaving) != tt.leaving {
				t.Errorf("it is %q; they leave at %s", why, tt.with.LeaveAt)
			}
		})
	}
}
