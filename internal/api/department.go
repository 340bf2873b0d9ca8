package api

import (
	"context"
	"time"

	"switchboard/internal/staff"
)

// Department is a queue that somebody answers.
type Department struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Summary   string    `json:"summary"`
	Phrases   []string  `json:"phrases" nullable:"false" doc:"What it deals with, in words as the public uses them."`
	Intents   []string  `json:"intents" nullable:"false" doc:"Which intents it answers."`
	StandIn   *Ref      `json:"standIn,omitempty" doc:"The department that has its queue when nobody here works."`
	Operator  bool      `json:"operator" doc:"The switchboard's own queue: what fits nobody. Exactly one department is."`
	Hours     *Calendar `json:"hours,omitempty" doc:"Absent: the organisation's."`
	Targets   Targets   `json:"targets"`
	TakeBack  int       `json:"takeBack" doc:"Minutes of business time after which a claim without an answer ends; 0: never."`
	MoveOn    int       `json:"moveOn" doc:"Minutes of business time after which what nobody takes goes on: to the next free person, the stand-in, the operators; 0: never."`
	Precision int       `json:"precision" doc:"So often, in per cent, must the machine be right to put a message through here unasked; 0: the usual 95."`
	People    []Ref     `json:"people" nullable:"false"`
	Waiting   int       `json:"waiting" doc:"Open conversations that nobody of it holds."`
	Can       []string  `json:"can" nullable:"false" doc:"manage, or nothing."`
}

// Targets are how fast a department means to be, in minutes of business time; 0 is none of its own: an answer is then due
// by the organisation's usual terms.
type Targets struct {
	FirstResponse int `json:"firstResponse" minimum:"0" maximum:"525600" doc:"Minutes of working time; 0 is as usual, 4 hours."`
	NextResponse  int `json:"nextResponse" minimum:"0" maximum:"525600" doc:"Minutes of working time; 0 is as usual, 8 hours."`
	Resolution    int `json:"resolution" minimum:"0" maximum:"525600" doc:"Minutes of working time; 0 is no term."`
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

func showDepartment(r *staff.Roster, who staff.Actor, d staff.Department, waiting map[staff.DepartmentID]int) Department {
	v := Department{ID: d.ID.String(), Name: d.Name, Summary: d.Summary, Phrases: d.Phrases, Intents: d.Intents, Operator: d.Operator, Hours: showHours(d.Hours),
		Targets:  Targets{minutes(d.Targets.FirstResponse), minutes(d.Targets.NextResponse), minutes(d.Targets.Resolution)},
		TakeBack: minutes(d.TakeBack), MoveOn: minutes(d.MoveOn), Precision: d.Precision, People: []Ref{}, Waiting: waiting[d.ID], Can: []string{}}
	if d.StandIn != 0 {
		v.StandIn = ptr(refDepartment(r, d.StandIn))
	}
	if who.Can(staff.SeePeople) {
		for _, p := range r.Members(d.ID) {
			v.People = append(v.People, Ref{p.ID.String(), p.Name})
		}
	}
	if who.Can(staff.DepartmentsManage) {
		v.Can = append(v.Can, "manage")
	}
	return v
}

func (s *Server) getDepartments(ctx context.Context, _ *struct{}) (*body[items[Department]], error) {
	list, err := s.Staff.Departments(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	_, waiting, err := s.loads(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Department, 0, len(list))
	for _, d := range list {
		out = append(out, showDepartment(r, who(ctx), d, waiting))
	}
	return all(out, nil)
}

// departmentBody is what can be said of a department; what is left out stays as it is.
type departmentBody struct {
	Name      *string             `json:"name,omitempty" maxLength:"80"`
	Summary   *string             `json:"summary,omitempty" maxLength:"500"`
	Phrases   *[]string           `json:"phrases,omitempty" maxItems:"300"`
	Intents   *[]string           `json:"intents,omitempty" maxItems:"50"`
	StandIn   *staff.DepartmentID `json:"standIn,omitempty" doc:"The id of a department; an empty text: nobody."`
	Operator  *bool               `json:"operator,omitempty" doc:"true moves the operator's queue here."`
	Hours     *Calendar           `json:"hours,omitempty" doc:"Without a week: back to the organisation's."`
	Targets   *Targets            `json:"targets,omitempty"`
	TakeBack  *int                `json:"takeBack,omitempty" minimum:"0" maximum:"525600"`
	MoveOn    *int                `json:"moveOn,omitempty" minimum:"0" maximum:"525600" doc:"Minutes of business time; 0: never. A new department begins with 30."`
	Precision *int                `json:"precision,omitempty" minimum:"0" maximum:"99" doc:"In per cent from 50; 0: the usual 95."`
}

func (b departmentBody) change() staff.DepartmentChange {
	c := staff.DepartmentChange{Name: b.Name, Summary: b.Summary, Phrases: b.Phrases, Intents: b.Intents, StandIn: b.StandIn, Operator: b.Operator, Hours: b.Hours.hours(), Precision: b.Precision}
	if b.Targets != nil {
		c.Targets = &staff.Targets{FirstResponse: time.Duration(b.Targets.FirstResponse) * time.Minute,
			NextResponse: time.Duration(b.Targets.NextResponse) * time.Minute, Resolution: time.Duration(b.Targets.Resolution) * time.Minute}
	}
	if b.TakeBack != nil {
		c.TakeBack = ptr(time.Duration(*b.TakeBack) * time.Minute)
	}
	if b.MoveOn != nil {
		c.MoveOn = ptr(time.Duration(*b.MoveOn) * time.Minute)
	}
	return c
}

type newDepartment struct{ Body departmentBody }

func (s *Server) postDepartment(ctx context.Context, in *newDepartment) (*body[Department], error) {
	d, err := s.Staff.AddDepartment(ctx, who(ctx), in.Body.change())
	return s.oneDepartment(ctx, d, err)
}

func (s *Server) oneDepartment(ctx context.Context, d staff.Department, err error) (*body[Department], error) {
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	_, waiting, err := s.loads(ctx)
	return answer(showDepartment(r, who(ctx), d, waiting), err)
}

// DepartmentPath names a department.
type DepartmentPath struct {
	ID ref[staff.Department] `path:"id"`
}

type departmentForm struct {
	DepartmentPath
	Body departmentBody
}

func (s *Server) patchDepartment(ctx context.Context, in *departmentForm) (*body[Department], error) {
	d, err := s.Staff.ChangeDepartment(ctx, who(ctx), in.ID.Of, in.Body.change())
	return s.oneDepartment(ctx, d, err)
}

type retireForm struct {
	DepartmentPath
	To ref[staff.Department] `query:"to" doc:"The department that gets its conversations. Absent: the operator's."`
}

func (s *Server) deleteDepartment(ctx context.Context, in *retireForm) (*none, error) {
	to := in.To.Of
	if to.IsZero() {
		r, err := s.Staff.Roster(ctx)
		if err != nil {
			return nil, err
		}
		to = r.Operator().ID
	}
	return done(s.Staff.RetireDepartment(ctx, who(ctx), in.ID.Of, to))
}
