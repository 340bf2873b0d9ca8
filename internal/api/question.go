package api

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

// Question is a request as who is asked sees it who may not see the conversation, or has only a link.
type Question struct {
	Request  Request      `json:"request"`
	Messages []QuestionOf `json:"messages" nullable:"false" doc:"What may be seen beside it, the first first."`
}

// QuestionOf is a message that may be seen beside a question.
type QuestionOf struct {
	By    string    `json:"by"`
	Own   bool      `json:"own" doc:"One of us said it."`
	At    time.Time `json:"at"`
	Text  string    `json:"text"`
	Files int       `json:"files" doc:"So many pictures and files came with it; only the conversation shows them."`
}

func questionsOf(list []desk.Shown) []QuestionOf {
	out := make([]QuestionOf, 0, len(list))
	for _, m := range list {
		out = append(out, QuestionOf(m))
	}
	return out
}

// mostMine is how many questions to somebody are shown.
const mostMine = 100

// getMyRequests are those that are asked of who asks and open, with what they may see of it where they may not see the
// conversation.
func (s *Server) getMyRequests(ctx context.Context, _ *struct{}) (*body[items[Question]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.Mine(ctx, v.who, mostMine)
	if err != nil {
		return nil, err
	}
	out := make([]Question, 0, len(list))
	for _, r := range list {
		q := Question{Request: v.request(desk.Conversation{}, r), Messages: []QuestionOf{}}
		if r.Shows != desk.ShowsAll {
			shown, err := s.Desk.ShownTo(ctx, v.who, r)
			if err != nil {
				return nil, err
			}
			q.Messages = questionsOf(shown)
		}
		out = append(out, q)
	}
	return all(out, nil)
}

// AskingWay is by when and how somebody can be asked.
type AskingWay struct {
	Due  []DueWay `json:"due" nullable:"false" doc:"What can be said in words, in their hours."`
	Mail MailWay  `json:"mail"`
}

// DueWay is a time that can be said in words.
type DueWay struct {
	When string    `json:"when" enum:"hour,today,tomorrow,friday"`
	At   time.Time `json:"at"`
}

// MailWay is whether they can be asked by e-mail, and whether they had better be.
type MailWay struct {
	Ready  bool   `json:"ready" doc:"The house can write e-mails."`
	Wanted bool   `json:"wanted" doc:"They are not signed in, or rarely look here: without an e-mail they may not see it."`
	Why    string `json:"why,omitempty"`
}

type askingQuery struct {
	Department ref[staff.Department] `query:"department"`
	Person     ref[staff.Person]     `query:"person"`
}

// getAskingWay says by when and how somebody can be asked.
func (s *Server) getAskingWay(ctx context.Context, in *askingQuery) (*body[AskingWay], error) {
	if err := asksPeople(who(ctx)); err != nil {
		return nil, err
	}
	of := AskedOf{Department: in.Department.Of, Person: in.Person.Of}
	if err := s.there(ctx, of); err != nil {
		return nil, err
	}
	out := AskingWay{Due: []DueWay{}}
	for _, c := range desk.DueChoices(s.Now(), s.Desk.House.Hours(of.Department, of.Person)) {
		out.Due = append(out.Due, DueWay{c.Key, c.At})
	}
	from, err := s.Mail.Ready(ctx)
	if err != nil {
		return nil, err
	}
	out.Mail.Ready = from != ""
	out.Mail.Why, err = s.rarelyHere(ctx, of)
	out.Mail.Wanted = out.Mail.Ready && out.Mail.Why != ""
	return answer(out, err)
}

// rarelyHere is why somebody may not see what they are asked here, "" when they will.
func (s *Server) rarelyHere(ctx context.Context, of AskedOf) (string, error) {
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return "", err
	}
	people := r.Members(of.Department)
	if p, ok := r.Person(of.Person); ok {
		people = []staff.Person{p}
	}
	ids := make([]staff.PersonID, len(people))
	for k, p := range people {
		ids[k] = p.ID
	}
	in, err := s.Staff.SignedIn(ctx, ids)
	switch {
	case err != nil || len(people) == 0:
		return "", err
	case of.Person != 0 && !in[of.Person]:
		return people[0].Name + " is not signed in.", nil
	case of.Person != 0 && people[0].Role == staff.Contributor:
		return people[0].Name + " rarely works here.", nil
	case of.Person == 0 && len(in) == 0:
		return "Nobody of them is signed in.", nil
	}
	return "", nil
}

type passForm struct {
	RequestPath
	Body struct {
		AskedOf
		Reason string `json:"reason,omitempty" maxLength:"2000"`
	}
}

// passRequest asks somebody else in one's place.
func (s *Server) passRequest(ctx context.Context, in *passForm) (*body[Request], error) {
	if err := s.there(ctx, in.Body.AskedOf); err != nil {
		return nil, err
	}
	r, err := s.Desk.Pass(ctx, who(ctx), in.ID.Of, desk.Asking{Department: in.Body.Department, Person: in.Body.Person, Mail: in.Body.Mail}, in.Body.Reason)
	return s.oneRequest(ctx, r, err)
}

type laterForm struct {
	RequestPath
	Body struct {
		Until time.Time `json:"until"`
	}
}

// putOffRequest has oneself reminded later.
func (s *Server) putOffRequest(ctx context.Context, in *laterForm) (*body[Request], error) {
	r, err := s.Desk.Later(ctx, who(ctx), in.ID.Of, in.Body.Until)
	return s.oneRequest(ctx, r, err)
}
