package api

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/promise"
	"switchboard/internal/staff"
)

// Promise is something we told a contact we would do, and by when.
type Promise struct {
	ID         string            `json:"id"`
	Text       string            `json:"text"`
	Kind       string            `json:"kind" enum:"answer,call,send,refund,fix,visit,check,other"`
	Department Ref               `json:"department"`
	Person     *Ref              `json:"person,omitempty" doc:"Who must deliver. Absent: whoever of the department."`
	MadeBy     *Ref              `json:"madeBy,omitempty"`
	At         time.Time         `json:"at"`
	Due        time.Time         `json:"due"`
	Exact      bool              `json:"exact" doc:"A time of day was said; otherwise due is the end of business that day."`
	Dated      bool              `json:"dated" doc:"The contact was told by when. Otherwise due is our own, so that it is not forgotten."`
	Words      string            `json:"words,omitempty" doc:"The words the date was read from."`
	State      desk.PromiseState `json:"state" enum:"unsaid,open,kept,broken,withdrawn" doc:"unsaid: the message that makes it has not been sent."`
	Late       bool              `json:"late" doc:"Open after its due time, or kept after it."`
	Delivery   string            `json:"delivery,omitempty" doc:"The message on its way that makes it."`
	Keeping    string            `json:"keeping,omitempty" doc:"The message on its way that keeps it once it is sent."`
	Proof      string            `json:"proof,omitempty" doc:"The message that kept it."`
	How        string            `json:"how,omitempty" doc:"How else it was kept."`
	Reason     string            `json:"reason,omitempty" doc:"Why it was broken or withdrawn."`
	EndedBy    *Ref              `json:"endedBy,omitempty"`
	EndedAt    *time.Time        `json:"endedAt,omitempty"`
	Mine       bool              `json:"mine" doc:"It is yours to keep, or a department's of yours."`
	Can        []string          `json:"can" nullable:"false" doc:"What you may do with it now: keep, break, change, withdraw, reopen."`
}

func (v *show) promise(c desk.Conversation, p desk.Promise, now time.Time) Promise {
	out := Promise{ID: p.ID.String(), Text: p.Text, Kind: p.Kind, Department: refDepartment(v.roster, p.Department), At: p.At, Due: p.Due, Exact: p.Exact,
		Dated: p.Dated, Words: p.Words, State: p.State, Late: p.Late(now), Delivery: id.Of[delivery.Delivery](p.Delivery).String(),
		Keeping: id.Of[delivery.Delivery](p.Keeping).String(), Proof: p.Proof.String(), How: p.ProofWords, Reason: p.Reason, EndedAt: unlessZero(p.EndedAt),
		Mine: p.Of(v.who), Can: p.Can(v.who, c)}
	ref := func(of staff.PersonID) *Ref {
		if of == 0 {
			return nil
		}
		return ptr(refPerson(v.roster, of))
	}
	out.Person, out.MadeBy, out.EndedBy = ref(p.Person), ref(p.MadeBy), ref(p.EndedBy)
	return out
}

func (s *Server) promises(v *show, c desk.Conversation, list []desk.Promise) []Promise {
	out := make([]Promise, 0, len(list))
	for _, p := range list {
		out = append(out, v.promise(c, p, s.Now()))
	}
	return out
}

// FoundPromise is what a text would promise, before it is sent.
type FoundPromise struct {
	Text       string     `json:"text" doc:"The sentence that promises it."`
	From       int        `json:"from" doc:"Where the sentence begins, in UTF-16 units as a browser counts."`
	To         int        `json:"to"`
	Kind       string     `json:"kind" enum:"answer,call,send,refund,fix,visit,check,other"`
	Department Ref        `json:"department" doc:"Who would have to deliver, as the text says or as you are who writes."`
	Person     *Ref       `json:"person,omitempty"`
	Due        *time.Time `json:"due,omitempty" doc:"Absent: no day is said."`
	Ours       time.Time  `json:"ours" doc:"By when it would be looked at again if no day is said."`
	Exact      bool       `json:"exact"`
	Words      string     `json:"words,omitempty" doc:"The words the date was read from."`
	If         bool       `json:"if" doc:"It depends on something the reader is to do first."`
}

type findForm struct {
	ConversationPath
	Body struct {
		Text string `json:"text" maxLength:"100000"`
	}
}

// findPromises says what a text would promise the contact of a conversation, by the business calendar of who answers.
func (s *Server) findPromises(ctx context.Context, in *findForm) (*body[items[FoundPromise]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	if err := v.who.Require(staff.Answer); err != nil {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, v.who, in.ID.Of)
	if err != nil {
		return nil, err
	}
	out := []FoundPromise{}
	for _, f := range s.foundIn(v, c, in.Body.Text) {
		department, person := v.deliverer(c, f)
		one := FoundPromise{Text: f.Text, From: units(in.Body.Text[:f.From]), To: units(in.Body.Text[:f.To]), Kind: string(f.Kind),
			Department: refDepartment(v.roster, department), Due: unlessZero(f.Due), Ours: s.Desk.LookAgainAt(department), Exact: f.Exact, Words: f.Words, If: f.If}
		if person != 0 {
			one.Person = ptr(refPerson(v.roster, person))
		}
		out = append(out, one)
	}
	return all(out, nil)
}

// foundIn is what a text would promise the contact of a conversation, were it sent now.
func (s *Server) foundIn(v *show, c desk.Conversation, text string) []promise.Found {
	days := v.roster.Calendar(c.Department)
	return promise.Find(text, promise.Setting{At: s.Now().In(days.Location()), Days: days, Language: c.Language, MonthFirst: v.roster.Organisation().MonthFirst()})
}

// mostFound is how many promises of one answer are made without anybody having looked at them.
const mostFound = 20

// lookFor is what an answer promises that nobody could look at before it was sent, as it was found.
func (s *Server) lookFor(ctx context.Context, id desk.ConversationID, text string) (out []desk.Making, err error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, v.who, id)
	if err != nil {
		return nil, err
	}
	for _, f := range s.foundIn(v, c, text) {
		m := desk.Making{Text: f.Text, Kind: string(f.Kind)}
		m.Department, m.Person = v.deliverer(c, f)
		if !f.Due.IsZero() && !f.If {
			m.Due, m.Exact, m.Dated, m.Words = f.Due, f.Exact, true, f.Words
		}
		if out = append(out, m); len(out) == mostFound {
			break
		}
	}
	return out, nil
}

// units is how long a text is in UTF-16 units.
func units(text string) (n int) {
	for _, r := range text {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// deliverer is who would have to deliver what was found: who is named, if that is somebody here, otherwise who writes.
func (v *show) deliverer(c desk.Conversation, f promise.Found) (staff.DepartmentID, staff.PersonID) {
	if f.By == promise.Third {
		name := strings.ToLower(f.Name)
		for _, d := range v.roster.Departments() {
			if low := strings.ToLower(d.Name); low == name || len(low) > 2 && strings.Contains(name, low) || len(name) > 3 && strings.HasPrefix(low, name) {
				return d.ID, 0
			}
		}
		for _, p := range v.roster.People() {
			first, _, _ := strings.Cut(strings.ToLower(p.Name), " ")
			if p.State == staff.Active && first == name && len(p.Departments) > 0 {
				return p.Departments[0], p.ID
			}
		}
		return c.Department, 0
	}
	me, ok := v.roster.Person(v.who.Person)
	if !ok || len(me.Departments) == 0 {
		return c.Department, v.who.Person
	}
	if v.who.In(c.Department) {
		return c.Department, me.ID
	}
	return me.Departments[0], me.ID
}

// PromiseForm is a promise to be made.
type PromiseForm struct {
	Text       string             `json:"text" maxLength:"1000"`
	Kind       string             `json:"kind,omitempty" maxLength:"20" doc:"answer, call, send, refund, fix, visit, check or other."`
	Department staff.DepartmentID `json:"department,omitempty" doc:"Who must deliver. Absent, with no person either: who owns the conversation."`
	Person     staff.PersonID     `json:"person,omitempty" doc:"Without a department: in the first of theirs."`
	Due        time.Time          `json:"due,omitempty" doc:"Absent: no day was said; it is looked at again in five business days."`
	Exact      bool               `json:"exact,omitempty" doc:"Due is a time of day that was said."`
	Dated      bool               `json:"dated,omitempty" doc:"The contact was told by when."`
	Words      string             `json:"words,omitempty" maxLength:"200"`
}

func (f PromiseForm) making() desk.Making {
	return desk.Making{Department: f.Department, Person: f.Person, Text: f.Text, Kind: f.Kind, Words: f.Words, Due: f.Due, Exact: f.Exact, Dated: f.Dated}
}

func makings(list []PromiseForm) []desk.Making {
	out := make([]desk.Making, 0, len(list))
	for _, f := range list {
		out = append(out, f.making())
	}
	return out
}

type makeForm struct {
	ConversationPath
	Body PromiseForm
}

// makePromise notes what was promised otherwise than in an answer.
func (s *Server) makePromise(ctx context.Context, in *makeForm) (*body[Promise], error) {
	p, err := s.Desk.MakePromise(ctx, who(ctx), in.ID.Of, in.Body.making())
	return s.onePromise(ctx, p, err)
}

// onePromise answers with a promise after a deed. Who kept the last of theirs may not see the conversation any more.
func (s *Server) onePromise(ctx context.Context, p desk.Promise, err error) (*body[Promise], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, v.who, p.Conversation)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return answer(v.promise(c, p, s.Now()), nil)
}

// PromisePath names a promise.
type PromisePath struct {
	ID ref[desk.Promise] `path:"id"`
}

type keepForm struct {
	PromisePath
	Body struct {
		Message desk.MessageID `json:"message,omitempty" doc:"The message of ours that kept it …"`
		How     string         `json:"how,omitempty" maxLength:"1000" doc:"… or how else it was kept."`
		At      time.Time      `json:"at,omitempty" doc:"When, with how. Absent: now."`
	}
}

func (s *Server) keepPromise(ctx context.Context, in *keepForm) (*body[Promise], error) {
	p, err := s.Desk.KeepPromise(ctx, who(ctx), in.ID.Of, desk.Proof{Message: in.Body.Message, Words: in.Body.How, At: in.Body.At})
	return s.onePromise(ctx, p, err)
}

type promiseReason struct {
	PromisePath
	Body struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}

func (s *Server) breakPromise(ctx context.Context, in *promiseReason) (*body[Promise], error) {
	p, err := s.Desk.BreakPromise(ctx, who(ctx), in.ID.Of, in.Body.Reason)
	return s.onePromise(ctx, p, err)
}

func (s *Server) withdrawPromise(ctx context.Context, in *promiseReason) (*body[Promise], error) {
	p, err := s.Desk.WithdrawPromise(ctx, who(ctx), in.ID.Of, in.Body.Reason)
	return s.onePromise(ctx, p, err)
}

type promiseDeed struct {
	PromisePath
	Body *nothing `required:"false"`
}

func (s *Server) reopenPromise(ctx context.Context, in *promiseDeed) (*body[Promise], error) {
	p, err := s.Desk.ReopenPromise(ctx, who(ctx), in.ID.Of)
	return s.onePromise(ctx, p, err)
}

type promiseChange struct {
	PromisePath
	Body struct {
		Text       *string             `json:"text,omitempty" maxLength:"1000"`
		Due        *time.Time          `json:"due,omitempty"`
		Department *staff.DepartmentID `json:"department,omitempty" doc:"With a person or alone: who must deliver from now on."`
		Person     *staff.PersonID     `json:"person,omitempty"`
	}
}

func (s *Server) patchPromise(ctx context.Context, in *promiseChange) (*body[Promise], error) {
	b := in.Body
	p, err := s.Desk.ChangePromise(ctx, who(ctx), in.ID.Of, desk.PromiseChange{Text: b.Text, Due: b.Due, Department: b.Department, Person: b.Person})
	return s.onePromise(ctx, p, err)
}
