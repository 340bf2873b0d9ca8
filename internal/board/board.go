package board

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/storm"
)

// Board is the door to everything in this package. Set the exported fields before the first call; the methods may be called by
// several goroutines, Follow by one.
type Board struct {
	Store *store.Store
	Staff *staff.Staff
	Desk  *desk.Desk
	Now   func() time.Time
	Log   *slog.Logger

	mu       sync.Mutex
	last     *Snapshot
	took     time.Duration
	answered answered

	storms storm.Detector // of Follow
}

// soon is how long before it is late something is about to be.
const soon = 30 * time.Minute

// Load is what stands in one place.
type Load struct {
	Open     int
	Unowned  int       // of these, nobody has taken
	Soon     int       // late within half an hour
	Late     int       // past their due time
	Oldest   time.Time // since when the contact waits who waits longest; zero when nobody does
	FirstDue time.Time // when the first is due, or was; zero when nothing is late or soon is
}

// Department is one department's load.
type Department struct {
	ID   staff.DepartmentID
	Name string
	Load
}

// Person is one person's.
type Person struct {
	ID          staff.PersonID
	Name        string
	Departments []staff.DepartmentID
	Here        bool // says they are at work, and it is their time
	Capacity    int  // 0: no limit
	Open        int
	Soon        int
	Late        int
}

// Answered says how long first answers took.
type Answered struct {
	Median time.Duration // by the wall
	N      int           // of so many; 0: of none
}

// Snapshot is how it stands.
type Snapshot struct {
	At          time.Time
	Departments []Department
	People      []Person
	Today       Answered // since midnight where the organisation is
	LastWeek    Answered // of the seven days before today
}

// Snapshot returns how it stands, at most a second old, or ten times as old as it takes to make.
func (b *Board) Snapshot(ctx context.Context) (*Snapshot, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.Now()
	if b.last != nil {
		if age := now.Sub(b.last.At); age >= 0 && age < max(time.Second, 10*b.took) {
			return b.last, nil
		}
	}
	s, err := b.look(ctx, now)
	if err != nil {
		return nil, err
	}
	b.last, b.took = s, max(0, b.Now().Sub(now))
	return s, nil
}

// For is the part of s that somebody may see: all of it, or their own departments and the people of these.
func (s *Snapshot) For(who staff.Actor) *Snapshot {
	if who.Can(staff.SeeAll) {
		return s
	}
	out := *s
	out.Departments = slices.DeleteFunc(slices.Clone(s.Departments), func(d Department) bool { return !who.In(d.ID) })
	out.People = slices.DeleteFunc(slices.Clone(s.People), func(p Person) bool {
		return p.ID != who.Person && !slices.ContainsFunc(p.Departments, who.In)
	})
	out.Today, out.LastWeek = Answered{}, Answered{}
	return &out
}

// Total is all departments together.
func (s *Snapshot) Total() (t Load) {
	for _, d := range s.Departments {
		t.Open, t.Unowned, t.Soon, t.Late = t.Open+d.Open, t.Unowned+d.Unowned, t.Soon+d.Soon, t.Late+d.Late
		t.Oldest, t.FirstDue = earlier(t.Oldest, d.Oldest), earlier(t.FirstDue, d.FirstDue)
	}
	return t
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (b *Board) look(ctx context.Context, now time.Time) (*Snapshot, error) {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	q := b.Store.Read()
	counts, err := desk.CountsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	due, err := dueSoon(ctx, q, now)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{At: now}
	open, unowned, loads := counts.Waiting(), counts.Unowned(), counts.Loads()
	for _, d := range r.Departments() {
		one := Department{ID: d.ID, Name: d.Name, Load: Load{Open: open[d.ID], Unowned: unowned[d.ID]}}
		for k, n := range due {
			if k.department == d.ID {
				one.Soon, one.Late, one.FirstDue = one.Soon+n.soon, one.Late+n.late, earlier(one.FirstDue, n.first)
			}
		}
		if one.Open > 0 {
			if one.Oldest, err = oldest(ctx, q, d.ID); err != nil {
				return nil, err
			}
		}
		s.Departments = append(s.Departments, one)
	}
	for _, p := range r.People() {
		if p.State != staff.Active || p.Role == staff.Agency || p.Role == staff.Viewer {
			continue
		}
		one := Person{ID: p.ID, Name: p.Name, Departments: p.Departments, Here: r.Working(p, now), Capacity: p.Capacity, Open: loads[p.ID]}
		for k, n := range due {
			if k.person == p.ID {
				one.Soon, one.Late = one.Soon+n.soon, one.Late+n.late
			}
		}
		s.People = append(s.People, one)
	}
	s.Today, s.LastWeek, err = b.answers(ctx, now, r.Organisation().Zone)
	return s, err
}

// answered keeps the medians, which change slowly.
type answered struct {
	at              time.Time
	today, lastWeek Answered
}

// answers are the medians of today and of the week before.
func (b *Board) answers(ctx context.Context, now time.Time, zone string) (today, lastWeek Answered, err error) {
	if age := now.Sub(b.answered.at); age >= 0 && age < time.Minute {
		return b.answered.today, b.answered.lastWeek, nil
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	y, m, d := now.In(place).Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, place)
	q := b.Store.Read()
	if today, err = firstAnswers(ctx, q, midnight, now); err != nil {
		return today, lastWeek, err
	}
	if lastWeek, err = firstAnswers(ctx, q, midnight.AddDate(0, 0, -7), midnight); err == nil {
		b.answered = answered{now, today, lastWeek}
	}
	return today, lastWeek, err
}
