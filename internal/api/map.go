package api

import (
	"context"
	"time"

	"switchboard/internal/id"
	"switchboard/internal/policy"
	"switchboard/internal/staff"
)

// Map is one version of the responsibility map.
type Map struct {
	Number   int        `json:"number" doc:"0: what the departments state themselves."`
	Rows     []MapRow   `json:"rows" nullable:"false"`
	Template string     `json:"template" doc:"The key of the template it was filled from, or empty."`
	Why      string     `json:"why"`
	By       *Ref       `json:"by,omitempty"`
	At       *time.Time `json:"at,omitempty"`
	InForce  bool       `json:"inForce"`
	Can      []string   `json:"can" nullable:"false" doc:"manage, or nothing."`
}

// MapRow says which department answers what. A condition left empty holds for everything; the row with the narrowest
// conditions counts: topic before standing before intent before language, the earlier of equals.
type MapRow struct {
	Intent     string   `json:"intent"`
	Topic      string   `json:"topic"`
	Standing   string   `json:"standing"`
	Language   string   `json:"language"`
	Department Ref      `json:"department"`
	StandIn    *Ref     `json:"standIn,omitempty" doc:"Answers while nobody of the department is at work."`
	Note       string   `json:"note"`
	Doubts     []string `json:"doubts" nullable:"false" doc:"Why it cannot count as it stands."`
}

// MapTemplate is a way to divide the work, filled in with the departments there are.
type MapTemplate struct {
	Key     string   `json:"key"`
	Title   string   `json:"title"`
	Summary string   `json:"summary"`
	Rows    []MapRow `json:"rows" nullable:"false"`
}

func showRows(r *staff.Roster, rows []policy.Row, doubts []policy.RowDoubt) []MapRow {
	out := make([]MapRow, 0, len(rows))
	for _, k := range rows {
		v := MapRow{Intent: k.Intent, Topic: k.Topic, Standing: k.Standing, Language: k.Language, Department: refDepartment(r, k.Department), Note: k.Note, Doubts: []string{}}
		if !k.StandIn.IsZero() {
			v.StandIn = ptr(refDepartment(r, k.StandIn))
		}
		out = append(out, v)
	}
	for _, d := range doubts {
		out[d.Row].Doubts = append(out[d.Row].Doubts, d.Says)
	}
	return out
}

func showMap(r *staff.Roster, who staff.Actor, m policy.Map, inForce bool) Map {
	v := Map{Number: m.Number, Rows: showRows(r, m.Rows, m.Doubts), Template: m.Template, Why: m.Why, By: maybePerson(r, m.By), At: unlessZero(m.At), InForce: inForce, Can: []string{}}
	if who.Can(staff.DepartmentsManage) {
		v.Can = append(v.Can, "manage")
	}
	return v
}

func (s *Server) oneMap(ctx context.Context, m policy.Map, err error) (*body[Map], error) {
	if err != nil {
		return nil, err
	}
	now, err := s.Policy.Map(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return answer(showMap(r, who(ctx), m, now.Number == m.Number), err)
}

func (s *Server) getMap(ctx context.Context, _ *struct{}) (*body[Map], error) {
	m, err := s.Policy.Map(ctx, who(ctx))
	return s.oneMap(ctx, m, err)
}

// rowBody is a row as it is given.
type rowBody struct {
	Intent     string             `json:"intent,omitempty" maxLength:"40"`
	Topic      string             `json:"topic,omitempty" maxLength:"80"`
	Standing   string             `json:"standing,omitempty" maxLength:"40"`
	Language   string             `json:"language,omitempty" maxLength:"12"`
	Department staff.DepartmentID `json:"department"`
	StandIn    staff.DepartmentID `json:"standIn,omitempty" doc:"An empty text: nobody."`
	Note       string             `json:"note,omitempty" maxLength:"300"`
}

func rowsOf(list []rowBody) []policy.Row {
	out := make([]policy.Row, len(list))
	for k, b := range list {
		out[k] = policy.Row(b)
	}
	return out
}

type mapForm struct {
	Body struct {
		Rows     []rowBody `json:"rows" maxItems:"500"`
		Template string    `json:"template,omitempty" maxLength:"40"`
		Why      string    `json:"why,omitempty" maxLength:"500" doc:"Stands in the history."`
		Based    *int      `json:"based,omitempty" doc:"The version it was made from: when another is in force by now, it is refused (409)."`
	}
}

func (s *Server) putMap(ctx context.Context, in *mapForm) (*body[Map], error) {
	m, err := s.Policy.SetMap(ctx, who(ctx), policy.NewMap{Rows: rowsOf(in.Body.Rows), Template: in.Body.Template, Why: in.Body.Why, Based: in.Body.Based})
	return s.oneMap(ctx, m, err)
}

func (s *Server) getMapVersions(ctx context.Context, _ *struct{}) (*body[items[Map]], error) {
	list, err := s.Policy.MapVersions(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Map, 0, len(list))
	for k, m := range list {
		out = append(out, showMap(r, who(ctx), m, k == 0))
	}
	return all(out, nil)
}

type restoreMap struct {
	Number int `path:"number" minimum:"0"`
	Body   struct {
		Why string `json:"why,omitempty" maxLength:"500"`
	}
}

func (s *Server) postMapRestore(ctx context.Context, in *restoreMap) (*body[Map], error) {
	m, err := s.Policy.RestoreMap(ctx, who(ctx), in.Number, in.Body.Why)
	return s.oneMap(ctx, m, err)
}

func (s *Server) getMapTemplates(ctx context.Context, _ *struct{}) (*body[items[MapTemplate]], error) {
	list, err := s.Policy.Templates(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]MapTemplate, 0, len(list))
	for _, k := range list {
		out = append(out, MapTemplate{k.Key, k.Title, k.Summary, showRows(r, k.Rows, nil)})
	}
	return all(out, nil)
}

// Replay compares the map in force with a changed one on the last days.
type Replay struct {
	Days     int          `json:"days"`
	Since    time.Time    `json:"since"`
	Openings int          `json:"openings" doc:"Conversations that began in this time."`
	Idle     int          `json:"idle" doc:"Of them, those that needed no answer: they are in no queue."`
	Measured int          `json:"measured" doc:"Of them, those whose handling time is known; the others take what their department usually takes, or 6 minutes."`
	Moves    int          `json:"moves" doc:"Conversations that another department would get."`
	Items    []ReplayMove `json:"items" nullable:"false" doc:"The newest 200 of them."`
	Sides    []ReplaySide `json:"sides" nullable:"false" doc:"By department."`
	People   []ReplayHand `json:"people" nullable:"false" doc:"By person, who has the most to do first."`
}

// ReplayHand is a person before and after the change.
type ReplayHand struct {
	Person Ref         `json:"person"`
	Before ReplayShare `json:"before" doc:"As map, rules and roster are now."`
	After  ReplayShare `json:"after"`
}

// ReplayShare is what a person would have done.
type ReplayShare struct {
	Answered int     `json:"answered" doc:"Conversations."`
	Busy     float64 `json:"busy" doc:"Share of their working time that the answers take."`
}

// ReplaySide is a department before and after the change.
type ReplaySide struct {
	Department Ref         `json:"department"`
	Then       int         `json:"then" doc:"How many it had in the end, after what people moved by hand."`
	Before     ReplayQueue `json:"before" doc:"As map, rules and roster are now."`
	After      ReplayQueue `json:"after"`
}

// ReplayQueue is what a department would have had. Times are minutes of its business time.
type ReplayQueue struct {
	Got     int     `json:"got"`
	PerDay  float64 `json:"perDay"`
	Waiting int     `json:"waiting" doc:"Unanswered a week after the last."`
	Median  float64 `json:"median" doc:"Minutes until the first response: half were quicker. 0 if none was answered."`
	Slow    float64 `json:"slow" doc:"Minutes within which nine of ten were answered."`
	Busy    float64 `json:"busy" doc:"Share of its people's working time that the answers take; above 1 it cannot be done."`
	Peak    int     `json:"peak" doc:"The most that waited in its queue at once."`
}

// ReplayMove is a conversation that another department would get.
type ReplayMove struct {
	Conversation string    `json:"conversation"`
	Excerpt      string    `json:"excerpt"`
	At           time.Time `json:"at"`
	Then         Ref       `json:"then" doc:"Who had it in the end."`
	Before       Ref       `json:"before"`
	After        Ref       `json:"after"`
	Why          []string  `json:"why" nullable:"false" doc:"The reasons of the decision under the change."`
}

type replayForm struct {
	Body struct {
		Rows   *[]rowBody     `json:"rows,omitempty" maxItems:"500" doc:"The changed map. Absent: the one in force."`
		Days   int            `json:"days" minimum:"1" maximum:"30"`
		People []replayPerson `json:"people,omitempty" maxItems:"500" doc:"What is to be different about people."`
	}
}

type replayPerson struct {
	Person   staff.PersonID `json:"person"`
	Absent   bool           `json:"absent,omitempty"`
	Capacity *int           `json:"capacity,omitempty" minimum:"0" maximum:"10000"`
	Hours    *Calendar      `json:"hours,omitempty"`

	Departments *[]staff.DepartmentID `json:"departments,omitempty" maxItems:"50" doc:"Those they would work for."`
}

func (s *Server) postReplay(ctx context.Context, in *replayForm) (*body[Replay], error) {
	c := policy.Rehearsal{Days: in.Body.Days}
	if in.Body.Rows != nil {
		c.Rows = ptr(rowsOf(*in.Body.Rows))
	}
	for _, p := range in.Body.People {
		c.People = append(c.People, policy.PersonChange{Person: p.Person, Absent: p.Absent, Capacity: p.Capacity, Hours: p.Hours.hours(), Departments: p.Departments})
	}
	o, err := s.Policy.Rehearse(ctx, who(ctx), c)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return answer(showReplay(r, o), err)
}

func showReplay(r *staff.Roster, o policy.Rehearsed) Replay {
	out := Replay{Days: o.Days, Since: o.Since, Openings: o.Openings, Idle: o.Idle, Measured: o.Measured, Moves: o.Moves, Items: []ReplayMove{}, Sides: []ReplaySide{}, People: []ReplayHand{}}
	at := func(key string) Ref {
		d, _ := id.Parse[staff.Department](key)
		return refDepartment(r, d)
	}
	queue := func(q policy.Queue) ReplayQueue {
		v := ReplayQueue{Got: q.Got, PerDay: float64(q.Got) / float64(o.Days), Waiting: q.Waiting, Median: q.Median.Minutes(), Slow: q.Slow.Minutes(), Peak: q.Peak}
		if q.Staffed > 0 {
			v.Busy = q.Work.Seconds() / q.Staffed.Seconds()
		}
		return v
	}
	for _, k := range o.Sides {
		out.Sides = append(out.Sides, ReplaySide{at(k.Department), k.Then, queue(k.Before), queue(k.After)})
	}
	share := func(h policy.Share) ReplayShare {
		v := ReplayShare{Answered: h.Answered}
		if h.Staffed > 0 {
			v.Busy = h.Work.Seconds() / h.Staffed.Seconds()
		}
		return v
	}
	for _, k := range o.People {
		p, _ := id.Parse[staff.Person](k.Person)
		out.People = append(out.People, ReplayHand{refPerson(r, p), share(k.Before), share(k.After)})
	}
	for _, m := range o.Moved {
		out.Items = append(out.Items, ReplayMove{m.ID, m.Excerpt, m.At, at(m.Then), at(m.Before), at(m.After), orNone(m.Why)})
	}
	return out
}
