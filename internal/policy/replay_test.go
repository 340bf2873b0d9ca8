package policy

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/clock"
	"switchboard/internal/routing"
)

// office are working hours on weekdays.
func office(t testing.TB, from, to string) Calendar {
	t.Helper()
	c, err := clock.New(clock.Office("UTC", from, to))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// plan is two departments, "a" and "b", with n people each, by the map that gives an intent to one of them.
func plan(n int, rows ...routing.Row) Plan {
	p := Plan{Map: routing.NewMap("m", rows), Operator: "a", Hours: map[string]Calendar{},
		Departments: []routing.Department{{Key: "a", Name: "A", Assign: routing.AssignNever}, {Key: "b", Name: "B", Assign: routing.AssignNever}}}
	for k := range n {
		for _, d := range []string{"a", "b"} {
			p.Workers = append(p.Workers, Worker{Person: routing.Person{Key: fmt.Sprint(d, k), Name: d}, Departments: []string{d}})
		}
	}
	return p
}

// coming is a message about an intent, some minutes after Monday ten o'clock.
func coming(n int, minutes float64, intent string) Opening {
	return Opening{ID: fmt.Sprint(n), Then: "a", Case: routing.Case{At: monday.Add(time.Duration(minutes * float64(time.Minute))), Intents: []routing.Score{{Key: intent, Confidence: 1}},
		Departments: []routing.Score{{Key: "a", Confidence: 0.6}}}}
}

func side(t testing.TB, o Outcome, department string) Side {
	t.Helper()
	for _, s := range o.Sides {
		if s.Department == department {
			return s
		}
	}
	t.Fatalf("no %s in %+v", department, o.Sides)
	return Side{}
}

func TestTheQueueIsReckonedByHand(t *testing.T) {
	to := func(d string) routing.Row { return routing.Row{Standing: "", Intent: "x", Department: d} }
	for name, tt := range map[string]struct {
		people   int
		arrivals []float64
		median   time.Duration
		slow     time.Duration
		peak     int
	}{
		"one at a time, nobody waits":         {1, []float64{0, 10, 20}, 6 * time.Minute, 6 * time.Minute, 0},
		"three at once for one person":        {1, []float64{0, 0, 0}, 12 * time.Minute, 18 * time.Minute, 2},
		"three at once for three people":      {3, []float64{0, 0, 0}, 6 * time.Minute, 6 * time.Minute, 0},
		"the second waits for half the first": {1, []float64{0, 3}, 9 * time.Minute, 9 * time.Minute, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(tt.people, to("a"))
			r := NewReplay(p, p, nil)
			for k, m := range tt.arrivals {
				r.Add(coming(k, m, "x"))
			}
			q := side(t, r.Outcome(), "a").Before
			if q.Got != len(tt.arrivals) || q.Answered != q.Got || q.Median != tt.median || q.Slow != tt.slow || q.Peak != tt.peak {
				t.Errorf("%+v", q)
			}
		})
	}
}

func TestWhatMovesIsSaid(t *testing.T) {
	before, after := plan(1), plan(1, routing.Row{Intent: "", Standing: "press", Department: "b"})
	r := NewReplay(before, after, map[string]time.Duration{"b": 20 * time.Minute})
	for k := range 300 {
		o := coming(k, float64(k*30), "x")
		if k%2 == 0 {
			o.Case.Standings = []string{"press"}
		}
		r.Add(o)
	}
	r.Add(Opening{Idle: true, Case: routing.Case{At: monday.Add(hours(500))}})
	o := r.Outcome()
	if o.Openings != 301 || o.Idle != 1 || o.Moves != 150 || len(o.Moved) != 150 || o.Moved[0].ID != "298" || o.Moved[0].Before != "a" || o.Moved[0].After != "b" || len(o.Moved[0].Why) == 0 {
		t.Fatalf("%d openings, %d idle, %d moves, %+v", o.Openings, o.Idle, o.Moves, o.Moved[:1])
	}
	a, b := side(t, o, "a"), side(t, o, "b")
	if a.Then != 300 || a.Before.Got != 300 || a.After.Got != 150 || b.Before.Got != 0 || b.After.Got != 150 || b.After.Median != 20*time.Minute {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestPeopleWorkByTheirHours(t *testing.T) {
	p := plan(1)
	day := office(t, "09:00", "11:00")
	for k := range p.Workers {
		p.Workers[k].Hours = day
	}
	after := p
	after.Workers = append([]Worker(nil), p.Workers...)
	after.Workers[0].Hours = office(t, "09:00", "17:00")
	r := NewReplay(p, after, nil)
	r.Add(coming(1, 90, "x")) // half past eleven: the office is closed
	a := side(t, r.Outcome(), "a")
	if want := 21*time.Hour + 30*time.Minute + 6*time.Minute; a.Before.Median != want || a.After.Median != 6*time.Minute {
		t.Errorf("by short hours %v, want %v; by long hours %v", a.Before.Median, want, a.After.Median)
	}
	p.Hours["a"] = day // the same in the department's own business time
	r = NewReplay(p, p, nil)
	r.Add(coming(1, 90, "x"))
	if a := side(t, r.Outcome(), "a"); a.Before.Median != 6*time.Minute {
		t.Errorf("in business time %v", a.Before.Median)
	}
}

func TestNobodyThereMeansWaiting(t *testing.T) {
	before, after := plan(1), plan(1)
	after.Workers[0].Absent = true
	r := NewReplay(before, after, nil)
	r.Add(coming(1, 0, "x"))
	a := side(t, r.Outcome(), "a")
	if a.Before.Waiting != 0 || a.After.Waiting != 1 || a.After.Median != 0 {
		t.Errorf("%+v", a)
	}
}

func TestWhoWorksForTwoDepartmentsWorksOffBothQueues(t *testing.T) {
	p := plan(0)
	p.Workers = []Worker{{Person: routing.Person{Key: "zoe", Name: "Zoe"}, Departments: []string{"a", "b"}, Hours: office(t, "10:00", "11:00")}}
	r := NewReplay(p, p, nil)
	for k, d := range []string{"a", "b", "a"} {
		o := coming(k, float64(k), "z")
		o.Case.Departments = []routing.Score{{Key: d, Confidence: 1}}
		r.Add(o)
	}
	r.Add(coming(9, 120, "z"))
	o := r.Outcome()
	a, b := side(t, o, "a").Before, side(t, o, "b").Before
	if a.Got != 3 || a.Waiting != 0 || b.Got != 1 || b.Waiting != 0 || b.Median != 11*time.Minute {
		t.Errorf("one after the other, as they came: %+v, %+v", a, b)
	}
	if a.Staffed != b.Staffed || a.Staffed+b.Staffed != time.Hour {
		t.Errorf("of one hour %v are counted for one and %v for the other", a.Staffed, b.Staffed)
	}
}

func TestUrgentOnesGoFirst(t *testing.T) {
	p := plan(1)
	r := NewReplay(p, p, nil)
	for k := range 5 {
		r.Add(coming(k, 0, "x"))
	}
	o := coming(9, 1, "x")
	o.Case.Urgency = "now"
	r.Add(o)
	f := r.before
	f.until(monday.Add(12 * time.Minute))
	if f.in["a"].urgent.len() != 0 || len(f.in["a"].waits) != 2 || f.in["a"].waits[1] != 11*time.Minute {
		t.Errorf("%v", f.in["a"].waits)
	}
}

func TestCapacityBoundsWhatSomebodyIsGiven(t *testing.T) {
	p := plan(2)
	for k := range p.Departments {
		p.Departments[k].Assign = routing.AssignAlways
	}
	for k := range p.Workers {
		p.Workers[k].Capacity = 2
	}
	f := newFloor(p)
	for k := range 10 {
		o := coming(k, 0, "x")
		f.arrive(&o, func(string) time.Duration { return time.Hour })
	}
	for _, w := range f.people {
		if w.load > 2 {
			t.Errorf("%s holds %d", w.Key, w.load)
		}
	}
	if got := f.in["a"].rest.len(); got != 6 {
		t.Errorf("%d wait in the queue; want 6", got)
	}
}

func TestAReplayKnowsWhatPeopleHaveAnswered(t *testing.T) {
	p := plan(2)
	for k := range p.Departments {
		p.Departments[k].Assign = routing.AssignAlways
	}
	for k := range p.Workers {
		if p.Workers[k].Key == "a1" {
			p.Workers[k].Learned = []routing.Learned{{Key: "x", Name: "x", Count: 200, Median: time.Minute}}
		}
	}
	f := newFloor(p)
	o := coming(0, 0, "x")
	f.arrive(&o, func(string) time.Duration { return time.Hour })
	for _, w := range f.people {
		if (w.load == 1) != (w.Key == "a1") {
			t.Errorf("%s holds %d", w.Key, w.load)
		}
	}
}

// Whatever comes, nothing is lost or answered twice, nobody answers before it arrived, and two replays agree.
func TestNothingIsLostOnTheFloor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plan(rapid.IntRange(0, 3).Draw(t, "people"), routing.Row{Intent: "y", Standing: "vip", Department: "b"})
		p.Departments[0].Assign = rapid.SampledFrom([]routing.Assign{routing.AssignAlways, routing.AssignNever, routing.AssignKnown}).Draw(t, "assign")
		for k := range p.Workers {
			p.Workers[k].Capacity = rapid.IntRange(0, 3).Draw(t, "capacity")
			if rapid.Bool().Draw(t, "both") {
				p.Workers[k].Departments = []string{"a", "b"}
			}
		}
		var list []Opening
		at := 0.0
		for k := range rapid.IntRange(1, 60).Draw(t, "n") {
			at += rapid.Float64Range(0, 12).Draw(t, "gap")
			o := coming(k, at, rapid.SampledFrom([]string{"x", "y"}).Draw(t, "intent"))
			o.Handling = time.Duration(rapid.IntRange(0, 30).Draw(t, "handling")) * time.Minute
			if rapid.Bool().Draw(t, "urgent") {
				o.Case.Urgency, o.Case.Standings = "now", []string{"vip"}
			}
			list = append(list, o)
		}
		run := func() Outcome {
			r := NewReplay(p, p, nil)
			for _, o := range list {
				r.Add(o)
			}
			return r.Outcome()
		}
		one, two := run(), run()
		if fmt.Sprint(one) != fmt.Sprint(two) {
			t.Fatalf("two replays differ:\n%+v\n%+v", one, two)
		}
		got := 0
		for _, s := range one.Sides {
			got += s.Before.Got
			if s.Before != s.After || s.Before.Got != s.Before.Answered+s.Before.Waiting || s.Before.Median < 0 || len(p.Workers) > 0 && s.Before.Waiting > 0 {
				t.Fatalf("%+v", s)
			}
		}
		done := 0
		for _, p := range one.People {
			if p.Before != p.After || p.Before.Answered > 0 && p.Before.Work <= 0 {
				t.Fatalf("%+v", p)
			}
			done += p.Before.Answered
		}
		if len(p.Workers) > 0 && done != len(list) {
			t.Fatalf("people answered %d of %d", done, len(list))
		}
		if got != len(list) || one.Moves != 0 {
			t.Fatalf("%d of %d, %d moved", got, len(list), one.Moves)
		}
	})
}
