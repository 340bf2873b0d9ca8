package api

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Request is something asked of another person or department inside a conversation. Its owner stays answerable.
type Request struct {
	ID         string            `json:"id"`
	Department Ref               `json:"department"`
	Person     *Ref              `json:"person,omitempty" doc:"Absent: whoever of the department."`
	From       *Ref              `json:"from,omitempty" doc:"Who asked. Absent: the machine, as the message is about several matters."`
	Text       string            `json:"text"`
	At         time.Time         `json:"at"`
	Due        time.Time         `json:"due"`
	State      desk.RequestState `json:"state" enum:"open,answered,withdrawn,passed"`
	Answer     string            `json:"answer,omitempty" doc:"What was answered, or why it was withdrawn or passed on."`
	EndedBy    *Ref              `json:"endedBy,omitempty" doc:"Who answered or withdrew it. Absent while it is open, or when the machine did."`
	EndedAt    *time.Time        `json:"endedAt,omitempty"`
	Mine       bool              `json:"mine" doc:"It is asked of you, or of a department of yours."`
	Shows      string            `json:"shows" enum:"conversation,message,question" doc:"How much of the conversation who is asked may see."`
	Mail       bool              `json:"mail" doc:"It is asked by e-mail too, with a link to answer by."`
	Way        string            `json:"way,omitempty" enum:"link,mail" doc:"It was answered by the link of an e-mail, or by an answer to it. Absent: in Switchboard."`
	StandIn    *Owner            `json:"standIn,omitempty" doc:"Who is asked besides, as it was late."`
	Can        []string          `json:"can" nullable:"false" doc:"What you may do with it now: answer, pass, withdraw."`
}

func (v *show) request(c desk.Conversation, r desk.Request) Request {
	out := Request{ID: r.ID.String(), Department: refDepartment(v.roster, r.Department), Text: r.Text, At: r.At, Due: r.Due, State: r.State,
		Answer: r.Answer, EndedAt: unlessZero(r.EndedAt), Mine: r.Of(v.who), Can: r.Can(v.who, c),
		Shows: "conversation", Mail: r.Mail, Way: r.Way}
	if r.Shows != desk.ShowsAll {
		out.Shows = string(r.Shows)
	}
	switch {
	case r.StandIn != 0:
		out.StandIn = ptr(v.owner(r.Department, r.StandIn))
	case r.StandInOf != 0:
		out.StandIn = ptr(v.owner(r.StandInOf, 0))
	}
	if r.Person != 0 {
		out.Person = ptr(refPerson(v.roster, r.Person))
	}
	if r.From != 0 {
		out.From = ptr(refPerson(v.roster, r.From))
	}
	if r.EndedBy != 0 {
		out.EndedBy = ptr(refPerson(v.roster, r.EndedBy))
	}
	return out
}

func (v *show) requests(c desk.Conversation, list []desk.Request) []Request {
	out := make([]Request, 0, len(list))
	for _, r := range list {
		out = append(out, v.request(c, r))
	}
	return out
}

// getRequests are those of a conversation, the first first.
func (s *Server) getRequests(ctx context.Context, in *struct{ ConversationPath }) (*body[items[Request]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, list, err := s.Desk.Requests(ctx, v.who, in.ID.Of)
	if err != nil {
		return nil, err
	}
	return all(v.requests(c, list), nil)
}

// AskedOf is one of those who are asked.
type AskedOf struct {
	Department staff.DepartmentID `json:"department,omitempty"`
	Person     staff.PersonID     `json:"person,omitempty" doc:"Without a department: in the first of theirs."`
	Mail       bool               `json:"mail,omitempty" doc:"By e-mail too, with a link to answer by without signing in."`
}

// AskWhat is what is asked.
type AskWhat struct {
	Text    string             `json:"text" maxLength:"2000" doc:"The question, or what is to be done."`
	Due     time.Time          `json:"due,omitempty" doc:"Absent, and without when: within the time the department sets for a next answer."`
	When    string             `json:"when,omitempty" enum:"hour,today,tomorrow,friday" doc:"In place of due: in an hour, by the end of the day, at noon of the next day, by the end of Friday, each in the hours of who is asked."`
	Shows   string             `json:"shows,omitempty" enum:"conversation,message,question" doc:"How much of the conversation they may see. Absent: all of it."`
	Message *ref[desk.Message] `json:"message,omitempty" doc:"Which message they may see. Absent: the last thing the contact said."`
}

func (w AskWhat) of(o AskedOf) desk.Asking {
	a := desk.Asking{Department: o.Department, Person: o.Person, Mail: o.Mail, Text: w.Text, Due: w.Due, When: w.When, Shows: desk.Shows(w.Shows)}
	if w.Shows == "conversation" {
		a.Shows = desk.ShowsAll
	}
	if w.Message != nil {
		a.Message = w.Message.Of
	}
	return a
}

type askForm struct {
	ConversationPath
	Body struct {
		AskedOf
		AskWhat
	}
}

// ask asks something of a colleague or a department.
func (s *Server) ask(ctx context.Context, in *askForm) (*body[Request], error) {
	if err := s.there(ctx, in.Body.AskedOf); err != nil {
		return nil, err
	}
	q, err := s.Desk.Ask(ctx, who(ctx), in.ID.Of, in.Body.AskWhat.of(in.Body.AskedOf))
	return s.oneRequest(ctx, q, err)
}

// there is nil when whoever is to be asked is known here.
func (s *Server) there(ctx context.Context, list ...AskedOf) error {
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		if _, ok := r.Department(o.Department); o.Department != 0 && !ok {
			return fault.New(fault.NotFound, "there is no such department here")
		}
		if _, ok := r.Person(o.Person); o.Person != 0 && !ok {
			return fault.New(fault.NotFound, "there is no such person here")
		}
	}
	return nil
}

type askAllForm struct {
	ConversationPath
	Body struct {
		To []AskedOf `json:"to" minItems:"1" maxItems:"10" nullable:"false"`
		AskWhat
	}
}

// askAll asks several at once: all of them or none.
func (s *Server) askAll(ctx context.Context, in *askAllForm) (*body[items[Request]], error) {
	if err := s.there(ctx, in.Body.To...); err != nil {
		return nil, err
	}
	var list []desk.Asking
	for _, o := range in.Body.To {
		list = append(list, in.Body.AskWhat.of(o))
	}
	out, err := s.Desk.AskAll(ctx, who(ctx), in.ID.Of, list)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, v.who, in.ID.Of)
	if err != nil {
		return nil, err
	}
	return all(v.requests(c, out), nil)
}

// oneRequest answers with a request after a deed. Who answered the last of theirs may not see the conversation any more: then
// nothing more can be done with it.
func (s *Server) oneRequest(ctx context.Context, r desk.Request, err error) (*body[Request], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, v.who, r.Conversation)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return answer(v.request(c, r), nil)
}

// RequestPath names a request.
type RequestPath struct {
	ID ref[desk.Request] `path:"id"`
}

type answerForm struct {
	RequestPath
	Body struct {
		Text string `json:"text" maxLength:"20000"`
	}
}

func (s *Server) answerRequest(ctx context.Context, in *answerForm) (*body[Request], error) {
	r, err := s.Desk.Answer(ctx, who(ctx), in.ID.Of, in.Body.Text)
	return s.oneRequest(ctx, r, err)
}

type withdrawForm struct {
	RequestPath
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"2000"`
	} `required:"false"`
}

func (s *Server) withdrawRequest(ctx context.Context, in *withdrawForm) (*body[Request], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	r, err := s.Desk.Withdraw(ctx, who(ctx), in.ID.Of, reason)
	return s.oneRequest(ctx, r, err)
}
