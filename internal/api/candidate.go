package api

import (
	"strings"
	"time"

	"switchboard/internal/staff"
)

// named are the people and departments whose name begins with, or holds, what was typed.
func (v *show) named(q string, load map[staff.PersonID]int, now time.Time) []Candidate {
	out := []Candidate{}
	q = strings.ToLower(strings.TrimSpace(q))
	if q == "" {
		return out
	}
	for _, d := range v.roster.Departments() {
		if strings.Contains(strings.ToLower(d.Name), q) {
			out = append(out, Candidate{Department: Ref{d.ID.String(), d.Name}, Reasons: []string{"by its name"}, Score: 1, Working: v.roster.Calendar(d.ID).Open(now)})
		}
	}
	for _, p := range v.roster.People() {
		if p.State != staff.Active || p.Role == staff.Viewer || p.Role == staff.Agency || !strings.Contains(strings.ToLower(p.Name), q) {
			continue
		}
		d := v.roster.Operator().ID
		if len(p.Departments) > 0 {
			d = p.Departments[0]
		}
		out = append(out, Candidate{Department: refDepartment(v.roster, d), Person: &Ref{p.ID.String(), p.Name}, Reasons: []string{"by their name"}, Score: 1,
			Working: v.roster.Working(p, now), Load: load[p.ID]})
	}
	return out
}

// listed reports whether a department, or a person in whichever department, is among list.
func listed(list []Candidate, c Candidate) bool {
	for _, o := range list {
		switch {
		case o.Person != nil && c.Person != nil:
			if o.Person.ID == c.Person.ID {
				return true
			}
		case o.Person == nil && c.Person == nil && o.Department == c.Department:
			return true
		}
	}
	return false
}
