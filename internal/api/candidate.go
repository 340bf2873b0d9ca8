package api

import (
	"strings"
	"sync"
	"time"

	"switchboard/internal/desk"
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

func listed(list []Candidate, c Candidate) bool {
	for _, o := range list {
		if o.Department == c.Department && (o.Person == nil) == (c.Person == nil) && (c.Person == nil || *o.Person == *c.Person) {
			return true
		}
	}
	return false
}

// lookingFor is how long after the last look somebody counts as looking.
const lookingFor = 90 * time.Second

// looking knows who looks at which conversation, on this node. It is a courtesy, not a lock, and is kept nowhere.
type looking struct {
	mu sync.Mutex
	m  map[desk.ConversationID]map[staff.PersonID]time.Time
}

func (l *looking) look(c desk.ConversationID, p staff.PersonID, now time.Time) {
	if p == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.m == nil {
		l.m = map[desk.ConversationID]map[staff.PersonID]time.Time{}
	}
	if len(l.m) > 5000 {
		for id, people := range l.m {
			for p, at := range people {
				if now.Sub(at) > lookingFor {
					delete(people, p)
				}
			}
			if len(people) == 0 {
				delete(l.m, id)
			}
		}
	}
	if l.m[c] == nil {
		l.m[c] = map[staff.PersonID]time.Time{}
	}
	l.m[c][p] = now
}

func (l *looking) at(r *staff.Roster, c desk.ConversationID, but staff.PersonID, now time.Time) []Ref {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []Ref{}
	for p, at := range l.m[c] {
		if p != but && now.Sub(at) <= lookingFor {
			out = append(out, refPerson(r, p))
		}
	}
	return out
}
