package api

import (
	"context"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Person is somebody who works here.
type Person struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Email       string      `json:"email"`
	Role        staff.Role  `json:"role" enum:"administrator,manager,operator,member,contributor,viewer,agency"`
	State       staff.State `json:"state" enum:"active,disabled"`
	Zone        string      `json:"zone"`
	Departments []Ref       `json:"departments" nullable:"false"`
	Skills      []string    `json:"skills" nullable:"false"`
	Languages   []string    `json:"languages" nullable:"false"`
	Capacity    int         `json:"capacity" doc:"Conversations at a time; 0: no limit."`
	Load        int         `json:"load" doc:"Open conversations they hold now."`
	Presence    string      `json:"presence" enum:"here,away"`
	Working     bool        `json:"working" doc:"By presence, hours and absences, now."`
	Hours       *Calendar   `json:"hours,omitempty" doc:"Absent: the organisation's."`
	Absences    []Absence   `json:"absences" nullable:"false"`
	Can         []string    `json:"can" nullable:"false" doc:"What you may do with this person: edit (what people say of themselves), arrange (hours, skills, capacity), manage (everything)."`
}

// Absence is a time in which somebody is not to be counted on.
type Absence struct {
	ID    string    `json:"id"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Note  string    `json:"note"`
}

func showAbsence(a staff.Absence) Absence { return Absence{a.ID.String(), a.From, a.Until, a.Note} }

// showPerson is p for who to see.
func (s *Server) showPerson(r *staff.Roster, who staff.Actor, p staff.Person, load map[staff.PersonID]int) Person {
	v := Person{ID: p.ID.String(), Name: p.Name, Email: p.Email, Role: p.Role, State: p.State, Zone: p.Zone,
		Departments: refDepartments(r, p.Departments), Skills: p.Skills, Languages: p.Languages, Capacity: p.Capacity, Load: load[p.ID],
		Presence: presence(p.Here), Working: r.Working(p, s.Now()), Hours: showHours(p.Hours), Absences: []Absence{}, Can: []string{}}
	for _, a := range p.Absences {
		if who.Person != p.ID && !who.Can(staff.StaffArrange) {
			a.Note = "" // why somebody is away is between them and who arranges it
		}
		v.Absences = append(v.Absences, showAbsence(a))
	}
	if who.Person == p.ID && who.Reaches(staff.Write) || who.Can(staff.StaffManage) {
		v.Can = append(v.Can, "edit")
	}
	if who.Can(staff.StaffArrange) {
		v.Can = append(v.Can, "arrange")
	}
	if who.Can(staff.StaffManage) {
		v.Can = append(v.Can, "manage")
	}
	return v
}

type peopleQuery struct {
	Q string `query:"q" doc:"Words that all must be in name, address, skills or languages." maxLength:"200"`
}

func (s *Server) getPeople(ctx context.Context, in *peopleQuery) (*body[items[Person]], error) {
	list, err := s.Staff.People(ctx, who(ctx), in.Q)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	load, _, err := s.loads(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Person, 0, len(list))
	for _, p := range list {
		out = append(out, s.showPerson(r, who(ctx), p, load))
	}
	return all(out, nil)
}

// PersonPath names a person. (What is embedded in a form is exported, or huma would not look into it.)
type PersonPath struct {
	ID ref[staff.Person] `path:"id"`
}

func (s *Server) getPerson(ctx context.Context, in *PersonPath) (*body[Person], error) {
	p, err := s.Staff.Person(ctx, who(ctx), in.ID.Of)
	return s.onePerson(ctx, p, err)
}

func (s *Server) onePerson(ctx context.Context, p staff.Person, err error) (*body[Person], error) {
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	load, _, err := s.loads(ctx)
	return answer(s.showPerson(r, who(ctx), p, load), err)
}

type personForm struct {
	PersonPath
	Body struct {
		Name        *string               `json:"name,omitempty" maxLength:"120"`
		Role        *staff.Role           `json:"role,omitempty" enum:"administrator,manager,operator,member,contributor,viewer,agency"`
		State       *staff.State          `json:"state,omitempty" enum:"active,disabled"`
		Zone        *string               `json:"zone,omitempty" maxLength:"64"`
		Departments *[]staff.DepartmentID `json:"departments,omitempty" maxItems:"100"`
		Skills      *[]string             `json:"skills,omitempty" maxItems:"100"`
		Languages   *[]string             `json:"languages,omitempty" maxItems:"30"`
		Capacity    *int                  `json:"capacity,omitempty" minimum:"0" maximum:"10000"`
		Hours       *Calendar             `json:"hours,omitempty" doc:"Without a week: back to the organisation's."`
	}
}

// patchPerson changes what is sent, and nothing else.
func (s *Server) patchPerson(ctx context.Context, in *personForm) (*body[Person], error) {
	b := in.Body
	p, err := s.Staff.ChangePerson(ctx, who(ctx), in.ID.Of, staff.PersonChange{Name: b.Name, Role: b.Role, State: b.State, Zone: b.Zone,
		Departments: b.Departments, Skills: b.Skills, Languages: b.Languages, Capacity: b.Capacity, Hours: b.Hours.hours()})
	return s.onePerson(ctx, p, err)
}

type absenceForm struct {
	PersonPath
	Body struct {
		From  time.Time `json:"from"`
		Until time.Time `json:"until"`
		Note  string    `json:"note,omitempty" maxLength:"200"`
	}
}

// postAbsence answers with the person, whose absences it adds to.
func (s *Server) postAbsence(ctx context.Context, in *absenceForm) (*body[Person], error) {
	if _, err := s.Staff.AddAbsence(ctx, who(ctx), staff.Absence{Person: in.ID.Of, From: in.Body.From, Until: in.Body.Until, Note: in.Body.Note}); err != nil {
		return nil, err
	}
	return s.getPerson(ctx, &in.PersonPath)
}

type absencePath struct {
	PersonPath
	Absence ref[staff.Absence] `path:"absence"`
}

func (s *Server) deleteAbsence(ctx context.Context, in *absencePath) (*body[Person], error) {
	if err := s.Staff.RemoveAbsence(ctx, who(ctx), in.ID.Of, in.Absence.Of); err != nil {
		return nil, err
	}
	return s.getPerson(ctx, &in.PersonPath)
}

// deletePersonSessions ends every session and key of somebody.
func (s *Server) deletePersonSessions(ctx context.Context, in *PersonPath) (*none, error) {
	if in.ID.IsZero() {
		return nil, fault.New(fault.NotFound, "there is no such person here")
	}
	return done(s.Staff.SignOutEverywhere(ctx, who(ctx), in.ID.Of))
}
