package api

import (
	"context"
	"time"

	"switchboard/internal/board"
	"switchboard/internal/staff"
	"switchboard/internal/storm"
)

// BoardLoad is what stands in one place.
type BoardLoad struct {
	Open     int        `json:"open"`
	Unowned  int        `json:"unowned" doc:"Of these, so many nobody has taken."`
	Soon     int        `json:"soon" doc:"Late within half an hour."`
	Late     int        `json:"late"`
	Oldest   *time.Time `json:"oldest,omitempty" doc:"Since when the contact waits who waits longest."`
	FirstDue *time.Time `json:"firstDue,omitempty" doc:"When the first is due, or was, of what is late or soon is."`
}

// BoardDepartment is one department's.
type BoardDepartment struct {
	Ref
	BoardLoad
}

// BoardPerson is one person's.
type BoardPerson struct {
	Ref
	Departments []Ref `json:"departments" nullable:"false"`
	Here        bool  `json:"here" doc:"They are at work, and it is their time."`
	Capacity    int   `json:"capacity" doc:"How many they can hold; 0: no limit."`
	Open        int   `json:"open"`
	Soon        int   `json:"soon"`
	Late        int   `json:"late"`
}

// BoardAnswers says how long first answers took.
type BoardAnswers struct {
	Seconds int64 `json:"seconds" doc:"The median, by the wall."`
	N       int   `json:"n" doc:"Of so many first answers; 0: there were none."`
}

// BoardPage is the team at a glance.
type BoardPage struct {
	At          time.Time         `json:"at"`
	Total       BoardLoad         `json:"total"`
	Departments []BoardDepartment `json:"departments" nullable:"false"`
	People      []BoardPerson     `json:"people" nullable:"false"`
	Today       *BoardAnswers     `json:"today,omitempty" doc:"Since midnight. Only for who sees all departments."`
	LastWeek    *BoardAnswers     `json:"lastWeek,omitempty" doc:"Of the seven days before today. Only for who sees all departments."`
	Incidents   []IncidentRow     `json:"incidents" nullable:"false"`
}

// IncidentRow is many messages about one thing.
type IncidentRow struct {
	ID            string     `json:"id"`
	Kind          storm.Kind `json:"kind" enum:"post,link,hashtag,topic,word"`
	What          string     `json:"what" doc:"Which: an address, a word, a topic's key, a thread."`
	Open          bool       `json:"open"`
	StartedAt     time.Time  `json:"startedAt"`
	LastAt        time.Time  `json:"lastAt"`
	EndedAt       *time.Time `json:"endedAt,omitempty"`
	EndedBy       *Ref       `json:"endedBy,omitempty" doc:"Absent when it ended by itself."`
	Owner         *Owner     `json:"owner,omitempty" doc:"Who took it as a whole."`
	Seen          int        `json:"seen" doc:"Conversations in the quarter of an hour in which it was found."`
	Usual         int        `json:"usual" doc:"As many are usual in that time."`
	Conversations int        `json:"conversations" doc:"Of it, that you may see."`
	Waiting       int        `json:"waiting" doc:"Of these, open."`
	Can           []string   `json:"can" nullable:"false" doc:"What you may do with it: take, end."`
}

func boardLoad(l board.Load) BoardLoad {
	return BoardLoad{l.Open, l.Unowned, l.Soon, l.Late, unlessZero(l.Oldest), unlessZero(l.FirstDue)}
}

// getBoard is how it stands, as far as who asks may see.
func (s *Server) getBoard(ctx context.Context, _ *struct{}) (*body[BoardPage], error) {
	if err := who(ctx).Require(staff.SeePeople); err != nil {
		return nil, err
	}
	all, err := s.Board.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	v := all.For(who(ctx))
	out := BoardPage{At: v.At, Total: boardLoad(v.Total()), Departments: []BoardDepartment{}, People: []BoardPerson{}}
	for _, d := range v.Departments {
		out.Departments = append(out.Departments, BoardDepartment{Ref{d.ID.String(), d.Name}, boardLoad(d.Load)})
	}
	for _, p := range v.People {
		out.People = append(out.People, BoardPerson{Ref{p.ID.String(), p.Name}, refDepartments(r, p.Departments), p.Here, p.Capacity, p.Open, p.Soon, p.Late})
	}
	if who(ctx).Can(staff.SeeAll) {
		out.Today, out.LastWeek = boardAnswers(v.Today), boardAnswers(v.LastWeek)
	}
	list, err := s.Board.Incidents(ctx, who(ctx))
	out.Incidents = s.incidents(r, who(ctx), list)
	return answer(out, err)
}

func boardAnswers(a board.Answered) *BoardAnswers {
	return &BoardAnswers{int64(a.Median.Seconds()), a.N}
}

func (s *Server) incidents(r *staff.Roster, who staff.Actor, list []board.Held) []IncidentRow {
	out := make([]IncidentRow, 0, len(list))
	for _, i := range list {
		out = append(out, s.incident(r, who, i))
	}
	return out
}

func (s *Server) incident(r *staff.Roster, who staff.Actor, i board.Held) IncidentRow {
	out := IncidentRow{ID: i.ID.String(), Kind: i.Key.Kind, What: i.Key.What, Open: i.Open, StartedAt: i.StartedAt, LastAt: i.LastAt, EndedAt: unlessZero(i.EndedAt),
		Seen: i.Seen, Usual: i.Usual, Conversations: i.Conversations, Waiting: i.Waiting, Can: []string{}}
	if !who.Can(staff.SeeAll) { // of what they may not see they do not learn how much there is
		out.Seen = min(out.Seen, i.Conversations)
	}
	if !i.EndedBy.IsZero() {
		out.EndedBy = ptr(refPerson(r, i.EndedBy))
	}
	if !i.Department.IsZero() {
		out.Owner = &Owner{Department: refDepartment(r, i.Department)}
		if !i.Person.IsZero() {
			out.Owner.Person = ptr(refPerson(r, i.Person))
		}
	}
	if s.Board.CanHandle(who, i.Incident) {
		out.Can = []string{"take", "end"}
	}
	return out
}

func (s *Server) getIncidents(ctx context.Context, _ *struct{}) (*body[items[IncidentRow]], error) {
	list, err := s.Board.Incidents(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return all(s.incidents(r, who(ctx), list), err)
}

// IncidentPath names an incident.
type IncidentPath struct {
	ID ref[board.Incident] `path:"id"`
}

// IncidentPage is one with its conversations.
type IncidentPage struct {
	IncidentRow
	Items []Row `json:"items" nullable:"false" doc:"Those that you may see: open ones first, then the newest; 500 at most."`
}

func (s *Server) getIncident(ctx context.Context, in *IncidentPath) (*body[IncidentPage], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	h, rows, err := s.Board.Incident(ctx, v.who, in.ID.Of)
	if err != nil {
		return nil, err
	}
	list, err := s.rows(ctx, v, rows)
	return answer(IncidentPage{s.incident(v.roster, v.who, h), list}, err)
}

type takeForm struct {
	IncidentPath
	Body struct {
		Department staff.DepartmentID `json:"department,omitempty"`
		Person     staff.PersonID     `json:"person,omitempty" doc:"Without a department: in the first of theirs."`
	}
}

// Taken is an incident after it was taken as a whole.
type Taken struct {
	IncidentRow
	Left int `json:"left" doc:"So many of its conversations could not be put through: they are not yours to give."`
}

func (s *Server) takeIncident(ctx context.Context, in *takeForm) (*body[Taken], error) {
	h, left, err := s.Board.Take(ctx, who(ctx), in.ID.Of, in.Body.Department, in.Body.Person)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return answer(Taken{s.incident(r, who(ctx), h), left}, nil)
}

func (s *Server) endIncident(ctx context.Context, in *IncidentPath) (*body[IncidentRow], error) {
	h, err := s.Board.End(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return answer(s.incident(r, who(ctx), h), nil)
}
