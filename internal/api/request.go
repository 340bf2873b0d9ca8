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
	State      desk.RequestState `json:"state" enum:"open,answered,withdrawn"`
	Answer     string            `json:"answer,omitempty" doc:"What was answered, or why it was withdrawn."`
	EndedBy    *Ref              `json:"endedBy,omitempty" doc:"Who answered or withdrew it. Absent while it is open, or when the machine did."`
	EndedAt    *time.Time        `json:"endedAt,omitempty"`
	Mine       bool              `json:"mine" doc:"It is asked of you, or of a department of yours."`
	Can        []string          `json:"can" nullable:"false" doc:"What you may do with it now: answer, withdraw."`
}

func (v *show) request(c desk.Conversation, r desk.Request) Request {
	out := Request{ID: r.ID.String(), Department: refDepartment(v.roster, r.Department), Text: r.Text, At: r.At, Due: r.Due, State: r.State,
		Answer: r.Answer, EndedAt: unlessZero(r.EndedAt), Mine: r.Of(v.who), Can: r.Can(v.who, c)}
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

type askForm struct {
	ConversationPath
	Body struct {
		Department staff.DepartmentID `json:"department,omitempty"`
		Person     staff.PersonID     `json:"person,omitempty" doc:"Without a department: in the first of theirs."`
		Text       string             `json:"text" maxLength:"2000" doc:"The question, or what is to be done."`
		Due        time.Time          `json:"due,omitempty" doc:"Absent: within the time the department sets for a next answer."`
	}
}

// ask asks something of a colleague or a department.
func (s *Server) ask(ctx context.Context, in *askForm) (*body[Request], error) {
	b := in.Body
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := r.Department(b.Department); b.Department != 0 && !ok {
		return nil, fault.New(fault.NotFound, "there is no such department here")
	}
	if _, ok := r.Person(b.Person); b.Person != 0 && !ok {
		return nil, fault.New(fault.NotFound, "there is no such person here")
	}
	q, err := s.Desk.Ask(ctx, who(ctx), in.ID.Of, desk.Asking{Department: b.Department, Person: b.Person, Text: b.Text, Due: b.Due})
	return s.oneRequest(ctx, q, err)
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
