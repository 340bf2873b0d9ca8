package staff

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// PersonID is the id of a Person.
type PersonID = id.Of[Person]

// State is whether a person may come in.
type State string

const (
	Active   State = "active"
	Disabled State = "disabled" // can't sign in, gets nothing; what they did stays theirs
)

// Person is somebody who works here, or for us. There is no deleting one: what they said and did stays signed.
type Person struct {
	ID          PersonID
	Name        string
	Email       string // in lower case; what they sign in with
	Role        Role
	State       State
	Zone        string         // an IANA name, for the times they are shown
	Departments []DepartmentID // sorted
	Skills      []string
	Languages   []string // language codes, the best first
	Capacity    int      // conversations they can hold at a time; 0: no limit
	Here        bool     // says they are at work; somebody away is given nothing new
	Hours       *clock.Hours
	Absences    []Absence // those that are not over, earliest first
	CreatedAt   time.Time

	epoch int64 // a session of an earlier epoch is over
}

// Absence is a stretch of time in which a person is not to be counted on.
type Absence struct {
	ID     AbsenceID
	Person PersonID
	From   time.Time
	Until  time.Time
	Note   string
}

// AbsenceID is the id of an Absence.
type AbsenceID = id.Of[Absence]

// PersonChange is what is to become of a person; nil leaves as it is.
type PersonChange struct {
	Name        *string
	Role        *Role
	State       *State
	Zone        *string
	Departments *[]DepartmentID
	Skills      *[]string
	Languages   *[]string
	Capacity    *int
	Hours       *clock.Hours // without a week: back to the organisation's
}

// own reports whether c only says what people may say of themselves.
func (c PersonChange) own() bool {
	return c.Role == nil && c.State == nil && c.Departments == nil && c.Capacity == nil
}

// arranging reports whether c only says what staff.arrange is enough for.
func (c PersonChange) arranging() bool {
	return c.Role == nil && c.State == nil && c.Departments == nil && c.Name == nil
}

// with is p after c.
func (p Person) with(c PersonChange) (Person, error) {
	var err error
	set := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	if c.Name != nil {
		set(func() (err error) { p.Name, err = named("name", *c.Name, 120); return })
	}
	if c.Role != nil {
		set(func() error { p.Role = *c.Role; return knownRole("role", p.Role) })
	}
	if c.State != nil {
		set(func() error {
			if p.State = *c.State; p.State != Active && p.State != Disabled {
				return fault.In("state", "a person is active or disabled")
			}
			return nil
		})
	}
	if c.Zone != nil {
		set(func() (err error) { p.Zone, err = zone("zone", *c.Zone); return })
	}
	if c.Skills != nil {
		set(func() (err error) { p.Skills, err = lines("skills", *c.Skills, 100, 80); return })
	}
	if c.Languages != nil {
		set(func() (err error) { p.Languages, err = lines("languages", *c.Languages, 30, 12); return })
	}
	if c.Capacity != nil {
		if p.Capacity = *c.Capacity; p.Capacity < 0 || p.Capacity > 10000 {
			set(func() error { return fault.In("capacity", "a number from 0 (no limit) to 10000") })
		}
	}
	if c.Hours != nil {
		set(func() (err error) { p.Hours, err = hours("hours", c.Hours); return })
	}
	if c.Departments != nil {
		p.Departments = slices.Compact(slices.Sorted(slices.Values(*c.Departments)))
	}
	return p, err
}

func knownRole(field string, r Role) error {
	if _, ok := rights[r]; !ok {
		return fault.In(field, "there is no such role")
	}
	return nil
}

// ChangePerson changes a person. People may say of themselves what they are called, where they are, what they can do and when
// they work; a manager arranges hours, skills and capacity; the rest is the administrator's.
func (s *Staff) ChangePerson(ctx context.Context, who Actor, of PersonID, c PersonChange) (Person, error) {
	var p Person
	if err := mayChange(who, of, c); err != nil {
		return p, err
	}
	err := s.change(ctx, func(tx *store.Tx) error {
		before, err := person(ctx, tx, of)
		if err != nil {
			return err
		}
		if p, err = before.with(c); err != nil {
			return err
		}
		if err := knownDepartments(ctx, tx, "departments", p.Departments); err != nil {
			return err
		}
		if err := s.guardRole(ctx, tx, who, before, &p); err != nil {
			return err
		}
		if err := savePerson(ctx, tx, p); err != nil {
			return err
		}
		if c.Departments != nil {
			if err := saveMemberships(ctx, tx, p); err != nil {
				return err
			}
		}
		if c.Hours != nil {
			if err := s.shifted(ctx, tx, of); err != nil {
				return err
			}
		}
		return tell(ctx, tx, who, journal.PersonChanged, journal.About("person", of), "changed", changed(before, p))
	})
	return p, err
}

func mayChange(who Actor, of PersonID, c PersonChange) error {
	switch {
	case who.Can(StaffManage):
		return nil
	case who.Person == of && of != 0 && c.own():
		return who.RequireSelf()
	case c.arranging():
		return who.Require(StaffArrange)
	}
	return who.Require(StaffManage)
}

// guardRole keeps one administrator, and ends the sessions of who has another role or is disabled.
func (s *Staff) guardRole(ctx context.Context, tx *store.Tx, who Actor, before Person, p *Person) error {
	if before.Role == p.Role && before.State == p.State {
		return nil
	}
	if before.Role == Administrator && before.State == Active && (p.Role != Administrator || p.State != Active) {
		n, err := administrators(ctx, tx)
		if err != nil {
			return err
		}
		if n < 2 {
			return fault.New(fault.Conflict, "this is the only administrator: make somebody else one first")
		}
	}
	p.epoch++
	if err := removeSessions(ctx, tx, p.ID); err != nil {
		return err
	}
	if p.State == Disabled && before.State != Disabled {
		if err := revokeKeysOf(ctx, tx, p.ID, s.Now()); err != nil {
			return err
		}
		if err := s.endResets(ctx, tx, p.ID); err != nil {
			return err
		}
	}
	if s.Gone != nil && !works(*p) {
		return s.Gone(ctx, tx, who, p.ID)
	}
	return nil
}

// works reports whether p may have conversations put through to them.
func works(p Person) bool { return Can(p, Answer) && p.Role != Agency }

// changed names the fields in which two people differ.
func changed(a, b Person) []string {
	var out []string
	for name, same := range map[string]bool{
		"name": a.Name == b.Name, "role": a.Role == b.Role, "state": a.State == b.State, "zone": a.Zone == b.Zone,
		"departments": slices.Equal(a.Departments, b.Departments), "skills": slices.Equal(a.Skills, b.Skills),
		"languages": slices.Equal(a.Languages, b.Languages), "capacity": a.Capacity == b.Capacity,
		"hours": store.JSON(a.Hours) == store.JSON(b.Hours),
	} {
		if !same {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// SetPresence says whether who is at work.
func (s *Staff) SetPresence(ctx context.Context, who Actor, here bool) error {
	if err := who.RequireSelf(); err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		p, err := person(ctx, tx, who.Person)
		if err != nil || p.Here == here {
			return err
		}
		p.Here = here
		if err := savePerson(ctx, tx, p); err != nil {
			return err
		}
		if err := s.shifted(ctx, tx, p.ID); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.PresenceChanged, journal.About("person", p.ID), "here", here)
	})
}

// AddAbsence says that a person will not be there. People say it of themselves, a manager of anybody.
func (s *Staff) AddAbsence(ctx context.Context, who Actor, a Absence) (Absence, error) {
	if err := mayArrange(who, a.Person); err != nil {
		return a, err
	}
	note, err := line("note", a.Note, 200)
	if err != nil {
		return a, err
	}
	if a.From.IsZero() || !a.Until.After(a.From) {
		return a, fault.In("until", "an absence ends after it begins")
	}
	if !a.Until.After(s.Now()) {
		return a, fault.In("until", "this absence is over already")
	}
	if a.From.Year() < 2000 || a.Until.Year() > 2200 {
		return a, fault.In("from", "an absence lies between the years 2000 and 2200")
	}
	a.ID, a.Note = id.Next[Absence](s.Store.IDs), note
	a.From, a.Until = a.From.UTC().Truncate(time.Microsecond), a.Until.UTC().Truncate(time.Microsecond)
	err = s.change(ctx, func(tx *store.Tx) error {
		p, err := person(ctx, tx, a.Person)
		if err != nil {
			return err
		}
		if len(p.Absences) >= 200 {
			return fault.New(fault.Conflict, "200 absences are planned for this person already: remove some first")
		}
		if err := insertAbsence(ctx, tx, a); err != nil {
			return err
		}
		if err := s.shifted(ctx, tx, a.Person); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.AbsenceChanged, journal.About("person", a.Person), "absence", a.ID, "from", a.From, "until", a.Until)
	})
	return a, err
}

// RemoveAbsence takes an absence of p back.
func (s *Staff) RemoveAbsence(ctx context.Context, who Actor, p PersonID, a AbsenceID) error {
	if err := mayArrange(who, p); err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		if err := deleteAbsence(ctx, tx, p, a); err != nil {
			return err
		}
		if err := s.shifted(ctx, tx, p); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.AbsenceChanged, journal.About("person", p), "removed", a)
	})
}

func mayArrange(who Actor, p PersonID) error {
	if who.Person == p && p != 0 && who.Signed() {
		return who.RequireSelf()
	}
	return who.Require(StaffArrange)
}

// People returns who works here, by name; q narrows it to those with all its words in name, address, skills or languages. An
// agency sees itself.
func (s *Staff) People(ctx context.Context, who Actor, q string) ([]Person, error) {
	if !who.Signed() {
		return nil, Unsigned()
	}
	r, err := s.Roster(ctx)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(strings.ToLower(q))
	out := []Person{}
	for _, p := range r.People() {
		if (who.Can(SeePeople) || p.ID == who.Person) && p.says(words) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Person) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

func (p Person) says(words []string) bool {
	text := strings.ToLower(p.Name + " " + p.Email + " " + strings.Join(p.Skills, " ") + " " + strings.Join(p.Languages, " "))
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Person returns one of them; NotFound also for who may not see them.
func (s *Staff) Person(ctx context.Context, who Actor, of PersonID) (Person, error) {
	if !who.Signed() {
		return Person{}, Unsigned()
	}
	r, err := s.Roster(ctx)
	if err != nil {
		return Person{}, err
	}
	p, ok := r.Person(of)
	if !ok || !who.Can(SeePeople) && of != who.Person {
		return Person{}, noPerson()
	}
	return p, nil
}

func noPerson() error { return fault.New(fault.NotFound, "there is no such person here") }
