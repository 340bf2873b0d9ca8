package staff

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/clock"
)

// lookAgain is how long a snapshot is trusted without asking whether there is a newer one: a wake-up may be lost.
const lookAgain = 2 * time.Second

// Roster is who works here at one moment. It never changes: a newer one takes its place.
type Roster struct {
	version      int64
	organisation Organisation
	people       []Person
	departments  []Department
	byPerson     map[PersonID]int
	byDepartment map[DepartmentID]int
	house        *clock.Calendar
	personHours  map[PersonID]*clock.Calendar
	queueHours   map[DepartmentID]*clock.Calendar
}

// Version rises with each change; the same version is the same roster.
func (r *Roster) Version() int64 { return r.version }

// Organisation is how the house is set.
func (r *Roster) Organisation() Organisation { return r.organisation }

// People returns everybody who ever had a place here, the disabled too. It must not be changed.
func (r *Roster) People() []Person { return r.people }

// Departments returns those that are not retired, the operator's first. It must not be changed.
func (r *Roster) Departments() []Department { return r.departments }

// Person finds one by id.
func (r *Roster) Person(of PersonID) (Person, bool) {
	k, ok := r.byPerson[of]
	if !ok {
		return Person{}, false
	}
	return r.people[k], true
}

// Department finds one by id.
func (r *Roster) Department(of DepartmentID) (Department, bool) {
	k, ok := r.byDepartment[of]
	if !ok {
		return Department{}, false
	}
	return r.departments[k], true
}

// Operator is the department that has what fits nobody; the zero Department before the set-up.
func (r *Roster) Operator() Department {
	for _, d := range r.departments {
		if d.Operator {
			return d
		}
	}
	return Department{}
}

// Members returns the active people of d.
func (r *Roster) Members(d DepartmentID) []Person {
	var out []Person
	for _, p := range r.people {
		if p.State == Active && slices.Contains(p.Departments, d) {
			out = append(out, p)
		}
	}
	return out
}

// Calendar is by which hours d works: its own, else the organisation's.
func (r *Roster) Calendar(d DepartmentID) *clock.Calendar {
	if c := r.queueHours[d]; c != nil {
		return c
	}
	return r.house
}

// Absent reports whether p has said not to be there at t.
func (p Person) Absent(t time.Time) bool {
	return slices.ContainsFunc(p.Absences, func(a Absence) bool { return !t.Before(a.From) && t.Before(a.Until) })
}

// Working reports whether p can be given something at t: active, here, not absent, and in their hours, which are their own,
// else the organisation's.
func (r *Roster) Working(p Person, t time.Time) bool {
	if p.State != Active || !p.Here || p.Absent(t) {
		return false
	}
	return r.HoursOf(p).Open(t)
}

// HoursOf is by which hours p works: their own, else the organisation's.
func (r *Roster) HoursOf(p Person) *clock.Calendar {
	if c := r.personHours[p.ID]; c != nil {
		return c
	}
	return r.house
}

// Leaves returns the first moment from t on at which p is not at work, by their hours and absences, and when they are back.
// It is t itself when they are not at work then, and the zero time when nothing says that they ever stop. Whether they say
// that they are here does not count: that can change any minute.
func (r *Roster) Leaves(p Person, t time.Time) (leave, back time.Time) {
	leave = t
	if !p.Absent(t) {
		leave = r.HoursOf(p).NextClosed(t)
		for _, a := range p.Absences {
			if a.From.After(t) && (leave.IsZero() || a.From.Before(leave)) {
				leave = a.From
			}
		}
	}
	if leave.IsZero() {
		return leave, leave
	}
	return leave, r.Back(p, leave)
}

// Back returns the first moment from t on at which p is at work, by their hours and absences.
func (r *Roster) Back(p Person, t time.Time) time.Time {
	for range 2*len(p.Absences) + 1 { // each absence is passed once
		t = r.HoursOf(p).NextOpen(t)
		k := slices.IndexFunc(p.Absences, func(a Absence) bool { return !t.Before(a.From) && t.Before(a.Until) })
		if k < 0 {
			break
		}
		t = p.Absences[k].Until
	}
	return t
}

// Roster returns the present snapshot. It reads the database only when something has changed: call it before a transaction,
// not inside one.
func (s *Staff) Roster(ctx context.Context) (*Roster, error) {
	v, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return v.roster, nil
}

// Look is Roster, asked of the database: what another node has just changed is in it.
func (s *Staff) Look(ctx context.Context) (*Roster, error) {
	s.start()
	s.news.Add(1)
	return s.Roster(ctx)
}

// snapshot is the roster and what must not leave this package.
type snapshot struct {
	roster *Roster
	keys   map[[32]byte]Key
	news   int64 // Staff.news before it was read
	looked time.Time
}

// snapshot returns what is kept, read anew if it may be old.
func (s *Staff) snapshot(ctx context.Context) (*snapshot, error) {
	s.start()
	if v := s.kept.Load(); v != nil && !s.old(v) {
		return v, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.kept.Load()
	if v != nil && !s.old(v) { // somebody else has read it meanwhile
		return v, nil
	}
	if len(s.ear) > 0 {
		s.news.Add(1) // first: until the new snapshot is there, nobody takes the old one for good
		<-s.ear
	}
	news, now := s.news.Load(), s.Now()
	version, err := staffVersion(ctx, s.Store.Read())
	if err == nil && v != nil && v.roster.version == version {
		same := &snapshot{v.roster, v.keys, news, now}
		s.kept.Store(same)
		return same, nil
	}
	if err == nil {
		v, err = load(ctx, s.Store.Read(), now)
	}
	if err != nil {
		return nil, err
	}
	v.news = news
	s.kept.Store(v)
	return v, nil
}

func (s *Staff) old(v *snapshot) bool {
	if v.news != s.news.Load() || len(s.ear) > 0 {
		return true
	}
	age := s.Now().Sub(v.looked)
	return age > lookAgain || age < -lookAgain // somebody set the clock
}

func newRoster(version int64, o Organisation, people []Person, departments []Department) *Roster {
	r := &Roster{version: version, organisation: o, people: people, departments: departments,
		byPerson: map[PersonID]int{}, byDepartment: map[DepartmentID]int{},
		personHours: map[PersonID]*clock.Calendar{}, queueHours: map[DepartmentID]*clock.Calendar{}}
	r.house = calendar(o.Hours)
	for k, p := range people {
		r.byPerson[p.ID] = k
		if c := calendar(p.Hours); c != nil {
			r.personHours[p.ID] = c
		}
	}
	for k, d := range departments {
		r.byDepartment[d.ID] = k
		if c := calendar(d.Hours); c != nil {
			r.queueHours[d.ID] = c
		}
	}
	return r
}

// calendar is h as a calendar, nil when there is none. Hours are checked when they are set; ones that an older program took
// and this one does not count as none.
func calendar(h *clock.Hours) *clock.Calendar {
	if h == nil {
		return nil
	}
	c, err := clock.New(*h)
	if err != nil {
		return nil
	}
	return c
}
