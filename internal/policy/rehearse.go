package policy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
)

// Rehearsal is a change to be tried on the past: another map, other people, or both.
type Rehearsal struct {
	Rows   *[]Row // nil: the map in force
	Days   int    // how far back, 1 to 30
	People []PersonChange
}

// PersonChange is what is to be different about a person.
type PersonChange struct {
	Person   staff.PersonID
	Absent   bool         // all the while
	Capacity *int         // nil: as it is; 0: no limit
	Hours    *clock.Hours // nil: as they are
	// Departments are those they would work for; nil: as they are.
	Departments *[]staff.DepartmentID
}

// Rehearsed is what came of it.
type Rehearsed struct {
	Outcome
	Since time.Time
	Days  int
}

// Bounds of a rehearsal: 30 days at 10,000 messages a day.
const (
	rehearsalDays = 30
	rehearsalMost = 300_000
)

// Rehearse puts the last days through once more, as things are and as they would be. People work by their hours as those
// are now; whether they were ill or at their desk at the time is not part of it.
func (p *Policy) Rehearse(ctx context.Context, who staff.Actor, c Rehearsal) (out Rehearsed, err error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return out, err
	}
	if c.Days < 1 || c.Days > rehearsalDays {
		return out, fault.In("days", fmt.Sprintf("choose 1 to %d days", rehearsalDays))
	}
	in, r, err := p.now(ctx)
	if err != nil {
		return out, err
	}
	before, after, err := p.plans(ctx, in, r, c)
	if err != nil {
		return out, err
	}
	if !p.replays.TryLock() {
		return out, fault.New(fault.TooMany, "another replay is running: try again when it has ended")
	}
	defer p.replays.Unlock()
	zone, err := p.zone(ctx)
	if err != nil {
		return out, err
	}
	since := p.Now().AddDate(0, 0, -c.Days)
	took, err := handlings(ctx, p.Store.Read(), since, trialMost)
	if err != nil {
		return out, err
	}
	usual := map[string]time.Duration{}
	for d, list := range took {
		if len(list) >= 5 { // of fewer nothing can be said
			usual[d.String()] = median(list)
		}
	}
	replay := NewReplay(before, after, usual)
	topics, err := p.onTopics(ctx)
	if err != nil {
		return out, err
	}
	out.Days = c.Days
	out.Since, err = eachPast(ctx, p.Store.Read(), since, rehearsalMost, func(o past) {
		topics(&o)
		o.from.At = o.opened.In(zone)
		replay.Add(Opening{ID: o.conversation.String(), Case: o.from, Excerpt: o.excerpt, Then: o.department.String(), Handling: o.handling, Idle: o.idle})
	})
	if err == nil {
		out.Outcome = replay.Outcome()
	}
	return out, err
}

// plans are how things are and how they would be.
func (p *Policy) plans(ctx context.Context, in *InForce, r *staff.Roster, c Rehearsal) (before, after Plan, err error) {
	m := in.Map
	if m == nil {
		m = routing.NewMap("departments", routingRows(Stated(r)))
	}
	var least map[staff.DepartmentID]float64
	if p.Thresholds != nil {
		if least, err = p.Thresholds(ctx); err != nil {
			return before, after, err
		}
	}
	var learned map[string][]routing.Learned
	if p.Learned != nil {
		if learned, err = p.Learned(ctx); err != nil {
			return before, after, err
		}
	}
	before = Plan{Map: m, Rules: in.Rules, Operator: r.Operator().ID.String(), Hours: map[string]Calendar{}}
	for _, d := range r.Departments() {
		k := routing.Department{Key: d.ID.String(), Name: d.Name, Threshold: least[d.ID]}
		before.Departments = append(before.Departments, k)
		before.Hours[k.Key] = r.Calendar(d.ID)
	}
	for _, q := range r.People() {
		if q.State != staff.Active || len(q.Departments) == 0 || !staff.Can(q, staff.Answer) || q.Role == staff.Agency {
			continue
		}
		w := Worker{Hours: hoursOf(q, r), Person: routing.Person{Key: q.ID.String(), Name: q.Name,
			Skills: q.Skills, Languages: q.Languages, Capacity: q.Capacity, Learned: learned[q.ID.String()]}}
		for _, d := range q.Departments {
			w.Departments = append(w.Departments, d.String())
		}
		before.Workers = append(before.Workers, w)
	}
	after = before
	if c.Rows != nil {
		rows, err := checkRows(*c.Rows, r)
		if err != nil {
			return before, after, err
		}
		after.Map = routing.NewMap("changed", routingRows(rows))
	}
	after.Workers = slices.Clone(before.Workers)
	return before, after, changeWorkers(after.Workers, c.People, r)
}

// hoursOf is by which hours somebody works: their own, else the organisation's, which no department has by itself.
func hoursOf(q staff.Person, r *staff.Roster) Calendar {
	if q.Hours != nil {
		if c, err := clock.New(*q.Hours); err == nil {
			return c
		}
	}
	return r.Calendar(0)
}

func changeWorkers(workers []Worker, changes []PersonChange, r *staff.Roster) error {
	for i, c := range changes {
		field := "people[" + strconv.Itoa(i) + "]"
		k := slices.IndexFunc(workers, func(w Worker) bool { return w.Key == c.Person.String() })
		if k < 0 {
			return fault.In(field+".person", "choose somebody who answers for a department")
		}
		w := &workers[k]
		w.Absent = c.Absent
		if c.Capacity != nil {
			if *c.Capacity < 0 || *c.Capacity > 10_000 {
				return fault.In(field+".capacity", "give a number of conversations from 0 (no limit) to 10000")
			}
			w.Capacity = *c.Capacity
		}
		if c.Departments != nil {
			w.Departments = nil
			for _, d := range *c.Departments {
				if _, ok := r.Department(d); !ok {
					return fault.In(field+".departments", "choose departments that are there")
				}
				w.Departments = append(w.Departments, d.String())
			}
			if len(w.Departments) == 0 {
				return fault.In(field+".departments", "choose a department, or let them be absent")
			}
		}
		if c.Hours != nil {
			h, err := clock.New(*c.Hours)
			if err != nil {
				return fault.In(field+".hours", "these hours cannot be read: "+err.Error())
			}
			w.Hours = h
		}
	}
	return nil
}
