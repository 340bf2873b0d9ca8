package api

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

// Answering is what the link of an e-mail opens: one question to one person. Of one that is over it says how it ended.
type Answering struct {
	State        desk.LinkState `json:"state" enum:"open,answered,withdrawn,passed,closed,expired,gone"`
	Organisation string         `json:"organisation"`
	Person       string         `json:"person" doc:"Whom it is asked of."`
	From         string         `json:"from" doc:"Who asks."`
	By           string         `json:"by,omitempty" doc:"Who ended it, or to whom it was passed on."`
	At           *time.Time     `json:"at,omitempty" doc:"When it ended."`
	Zone         string         `json:"zone" doc:"Of the person asked, for times."`
	Text         string         `json:"text,omitempty" doc:"The question. Absent when it is over."`
	Asked        *time.Time     `json:"asked,omitempty" doc:"When it was asked."`
	Due          *time.Time     `json:"due,omitempty"`
	Expires      time.Time      `json:"expires" doc:"When the link ends at the latest."`
	Messages     []QuestionOf   `json:"messages" nullable:"false" doc:"What may be seen beside it."`
	Departments  []Ref          `json:"departments" nullable:"false" doc:"To whom it can be passed on."`
	Later        []DueWay       `json:"later" nullable:"false" doc:"When they can be reminded."`
}

// RequestToken is the proof that somebody has the link of an e-mail. It opens one question and nothing else.
type RequestToken struct {
	Token string `header:"Request-Token" doc:"From the link, after the #." maxLength:"200"`
}

// getAnswering shows the one question a link is for. It signs nobody in.
func (s *Server) getAnswering(ctx context.Context, in *RequestToken) (*body[Answering], error) {
	q, err := s.Desk.OpenLink(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	return answer(s.showAnswering(ctx, q))
}

func (s *Server) showAnswering(ctx context.Context, q desk.Question) (Answering, error) {
	out := Answering{State: q.State, Organisation: q.Organisation, Person: q.Person, From: q.From, By: q.By, At: unlessZero(q.At), Expires: q.Expires,
		Messages: []QuestionOf{}, Departments: []Ref{}, Later: []DueWay{}}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return out, err
	}
	out.Zone = r.Organisation().Zone
	if q.State != desk.LinkOpen {
		return out, nil
	}
	out.Text, out.Asked, out.Due, out.Messages = q.Request.Text, &q.Request.At, &q.Request.Due, questionsOf(q.Messages)
	for _, d := range q.Departments {
		out.Departments = append(out.Departments, Ref{d.ID.String(), d.Name})
	}
	for _, c := range q.Later {
		out.Later = append(out.Later, DueWay{c.Key, c.At})
	}
	return out, nil
}

type answeringForm struct {
	RequestToken
	Body struct {
		Text string `json:"text" maxLength:"20000"`
	}
}

// postAnswering answers it.
func (s *Server) postAnswering(ctx context.Context, in *answeringForm) (*body[Answering], error) {
	if _, err := s.Desk.AnswerByLink(ctx, in.Token, in.Body.Text, callOf(ctx).from); err != nil {
		return nil, err
	}
	return s.getAnswering(ctx, &in.RequestToken)
}

type passingForm struct {
	RequestToken
	Body struct {
		Department ref[staff.Department] `json:"department,omitempty"`
		Name       string                `json:"name,omitempty" maxLength:"120" doc:"First and last name of somebody here."`
		Reason     string                `json:"reason,omitempty" maxLength:"2000"`
	}
}

// postPassing has somebody else asked instead.
func (s *Server) postPassing(ctx context.Context, in *passingForm) (*body[Answering], error) {
	if err := s.Desk.PassByLink(ctx, in.Token, in.Body.Department.Of, in.Body.Name, in.Body.Reason, callOf(ctx).from); err != nil {
		return nil, err
	}
	return s.getAnswering(ctx, &in.RequestToken)
}

type remindingForm struct {
	RequestToken
	Body struct {
		When string `json:"when" enum:"hour,tomorrow"`
	}
}

// Reminding is when they are reminded.
type Reminding struct {
	At time.Time `json:"at"`
}

// postReminding has who is asked reminded later.
func (s *Server) postReminding(ctx context.Context, in *remindingForm) (*body[Reminding], error) {
	at, err := s.Desk.LaterByLink(ctx, in.Token, in.Body.When, callOf(ctx).from)
	return answer(Reminding{at}, err)
}
