package api

import (
	"context"
	"errors"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// What people do with a conversation. Each deed answers with the conversation as it is then.

// ConversationPath names a conversation.
type ConversationPath struct {
	ID ref[desk.Conversation] `path:"id"`
}

// nothing is a body that may be sent and says nothing.
type nothing struct{}

type plainDeed struct {
	ConversationPath
	Body *nothing `required:"false"`
}

// did answers with the conversation after a deed. Who has given it away may not see it any more: they get it as it left them.
func (s *Server) did(ctx context.Context, c desk.Conversation, err error) (*body[Conversation], error) {
	var held *desk.Held
	if errors.As(err, &held) {
		if r, rerr := s.Staff.Roster(ctx); rerr == nil {
			err = fault.Newf(fault.Conflict, "it is with %s already: ask them, or put it through", refPerson(r, held.By).Name)
		}
	}
	if err != nil {
		return nil, err
	}
	out, err := s.whole(ctx, c.ID)
	if fault.Is(err, fault.NotFound) {
		return s.left(ctx, c)
	}
	return answer(out, err)
}

// left is c for somebody who has just given it out of their sight.
func (s *Server) left(ctx context.Context, c desk.Conversation) (*body[Conversation], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.row(ctx, v, desk.Row{Conversation: c})
	r.Can = []string{}
	out := Conversation{Row: r, Decision: v.decision(c.Decision)}
	return answer(out.filled(), err)
}

func (s *Server) claim(ctx context.Context, in *plainDeed) (*body[Conversation], error) {
	c, err := s.Desk.Claim(ctx, who(ctx), in.ID.Of)
	return s.did(ctx, c, err)
}

func (s *Server) release(ctx context.Context, in *plainDeed) (*body[Conversation], error) {
	c, err := s.Desk.Release(ctx, who(ctx), in.ID.Of)
	return s.did(ctx, c, err)
}

type handoverForm struct {
	ConversationPath
	Body struct {
		Department staff.DepartmentID `json:"department,omitempty"`
		Person     staff.PersonID     `json:"person,omitempty" doc:"Without a department: in the first of theirs."`
		Reason     string             `json:"reason,omitempty" maxLength:"2000"`
	}
}

func (s *Server) handover(ctx context.Context, in *handoverForm) (*body[Conversation], error) {
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := r.Department(in.Body.Department); in.Body.Department != 0 && !ok {
		return nil, fault.New(fault.NotFound, "there is no such department here")
	}
	if _, ok := r.Person(in.Body.Person); in.Body.Person != 0 && !ok {
		return nil, fault.New(fault.NotFound, "there is no such person here")
	}
	c, err := s.Desk.HandOver(ctx, who(ctx), in.ID.Of, in.Body.Department, in.Body.Person, in.Body.Reason)
	return s.did(ctx, c, err)
}

type undoDeedForm struct {
	ConversationPath
	Body struct {
		Do string `json:"do" enum:"claim,release,handover,snooze,wake,close,reopen,aside,unaside,needs,intent" doc:"What you did."`
	}
}

func (s *Server) undoDeed(ctx context.Context, in *undoDeedForm) (*body[Conversation], error) {
	c, err := s.Desk.Undo(ctx, who(ctx), in.ID.Of, in.Body.Do)
	return s.did(ctx, c, err)
}

type snoozeForm struct {
	ConversationPath
	Body struct {
		Until time.Time `json:"until"`
	}
}

func (s *Server) snooze(ctx context.Context, in *snoozeForm) (*body[Conversation], error) {
	c, err := s.Desk.Snooze(ctx, who(ctx), in.ID.Of, in.Body.Until)
	return s.did(ctx, c, err)
}

// reopen opens a conversation that is closed, set aside or asleep.
func (s *Server) reopen(ctx context.Context, in *plainDeed) (*body[Conversation], error) {
	c, err := s.Desk.Reopen(ctx, who(ctx), in.ID.Of)
	return s.did(ctx, c, err)
}

type closeForm struct {
	ConversationPath
	Body *struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	} `required:"false"`
}

func (s *Server) close(ctx context.Context, in *closeForm) (*body[Conversation], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	c, err := s.Desk.Close(ctx, who(ctx), in.ID.Of, reason)
	return s.did(ctx, c, err)
}

func (s *Server) setAside(ctx context.Context, in *plainDeed) (*body[Conversation], error) {
	c, err := s.Desk.SetAside(ctx, who(ctx), in.ID.Of)
	return s.did(ctx, c, err)
}

type tagsForm struct {
	ConversationPath
	Body struct {
		Tags []string `json:"tags" maxItems:"100" nullable:"false"`
	}
}

func (s *Server) putTags(ctx context.Context, in *tagsForm) (*body[Conversation], error) {
	c, err := s.Desk.Tag(ctx, who(ctx), in.ID.Of, in.Body.Tags)
	return s.did(ctx, c, err)
}

type intentForm struct {
	ConversationPath
	Body struct {
		Intent string `json:"intent" maxLength:"40"`
	}
}

func (s *Server) putIntent(ctx context.Context, in *intentForm) (*body[Conversation], error) {
	c, err := s.Desk.CorrectIntent(ctx, who(ctx), in.ID.Of, in.Body.Intent)
	return s.did(ctx, c, err)
}

type urgencyForm struct {
	ConversationPath
	Body struct {
		Urgency string `json:"urgency" enum:"now,today,normal"`
	}
}

func (s *Server) putUrgency(ctx context.Context, in *urgencyForm) (*body[Conversation], error) {
	c, err := s.Desk.CorrectUrgency(ctx, who(ctx), in.ID.Of, in.Body.Urgency)
	return s.did(ctx, c, err)
}

type languageForm struct {
	ConversationPath
	Body struct {
		Language string `json:"language" maxLength:"8" doc:"A code of ISO 639-1, like en, de or fr."`
	}
}

func (s *Server) putLanguage(ctx context.Context, in *languageForm) (*body[Conversation], error) {
	c, err := s.Desk.CorrectLanguage(ctx, who(ctx), in.ID.Of, in.Body.Language)
	return s.did(ctx, c, err)
}

type needsForm struct {
	ConversationPath
	Body struct {
		Needs string `json:"needs" enum:"must,courtesy,none" doc:"None sets it aside. What was set aside, or waits although the contact has written since, comes back when an answer is needed."`
	}
}

func (s *Server) putNeeds(ctx context.Context, in *needsForm) (*body[Conversation], error) {
	c, err := s.Desk.CorrectNeeds(ctx, who(ctx), in.ID.Of, in.Body.Needs)
	return s.did(ctx, c, err)
}

type answeredForm struct {
	ConversationPath
	Body struct {
		How string    `json:"how" maxLength:"500" doc:"By telephone, in the network's own app …"`
		At  time.Time `json:"at,omitempty" doc:"Absent: now."`
	}
}

func (s *Server) answeredElsewhere(ctx context.Context, in *answeredForm) (*body[Conversation], error) {
	c, err := s.Desk.AnsweredByHand(ctx, who(ctx), in.ID.Of, in.Body.How, in.Body.At)
	return s.did(ctx, c, err)
}

func (s *Server) markRead(ctx context.Context, in *plainDeed) (*none, error) {
	err := s.Desk.MarkRead(ctx, who(ctx), in.ID.Of)
	if err == nil {
		err = s.Bell.Looked(ctx, who(ctx), in.ID.Of)
	}
	return done(err)
}

type noteForm struct {
	ConversationPath
	Body struct {
		Text string `json:"text" maxLength:"20000"`
	}
}

func (s *Server) postNote(ctx context.Context, in *noteForm) (*body[NoteEntry], error) {
	n, err := s.Desk.WriteNote(ctx, who(ctx), in.ID.Of, in.Body.Text)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return answer(NoteEntry{"note", n.ID.String(), n.At, refPerson(r, n.Person), n.Text}, err)
}

type replyForm struct {
	ConversationPath
	Body struct {
		Text    string              `json:"text" maxLength:"200000"`
		Private *bool               `json:"private,omitempty" doc:"As what is answered, or narrower: what was said in private is not answered in public."`
		Cc      []string            `json:"cc,omitempty" maxItems:"20" nullable:"false" doc:"To whom else it goes: addresses out of replyAs.others. Absent: to who wrote alone."`
		CcFor   desk.MessageID      `json:"ccFor,omitempty" doc:"The replyAs.parent for which cc was chosen. When the contact has written again since, this is refused (409): show who is in it now, and let the writer choose again."`
		Parent  desk.MessageID      `json:"parent,omitempty" doc:"Absent: the last thing the contact said."`
		Undo    int                 `json:"undo,omitempty" minimum:"0" maximum:"60" doc:"Seconds in which it can be taken back."`
		Media   []delivery.UploadID `json:"media,omitempty" maxItems:"20"`
		Alts    []string            `json:"alts,omitempty" maxItems:"20" doc:"What the files show, in words, in their order."`
		Parts   []string            `json:"parts,omitempty" maxItems:"25" doc:"What is said instead of text, one after the other, each as an answer to the one before: see check-reply. Text is then what was written before it was cut."`
		Account account.ID          `json:"account,omitempty" doc:"The account shown when writing; another than the conversation's is refused."`
		Seen    desk.MessageID      `json:"seen,omitempty" doc:"The newest entry of the timeline, or delivery, you have seen. When somebody else answered since, or has an answer on its way, this is refused (409): load the conversation, show what they said, and send again with the newest you have seen then."`
		Force   bool                `json:"force,omitempty" doc:"Send although somebody answered, or the contact wrote, meanwhile."`
		Then    string              `json:"then,omitempty" enum:"waiting,close,open" doc:"What becomes of the conversation."`
		Sleep   time.Time           `json:"sleep,omitempty" doc:"Once it is sent the conversation sleeps until then, if it would wait for the contact."`
		Used    []Piece             `json:"used,omitempty" maxItems:"50" doc:"The answers and saved replies that were put into it, for the counts of how well they do."`

		Promises []PromiseForm    `json:"promises,omitempty" maxItems:"20" nullable:"false" doc:"What it promises: open once it is sent."`
		Find     bool             `json:"find,omitempty" doc:"What it promises was not looked for: find it now. Without meaning beside promises."`
		Keeps    []desk.PromiseID `json:"keeps,omitempty" maxItems:"20" nullable:"false" doc:"Open promises of the conversation that it keeps once it is sent: it is the proof."`
		Reason   string           `json:"reason,omitempty" maxLength:"500" doc:"Why the conversation is closed although something is still promised in it."`
	}
}

func (s *Server) postReply(ctx context.Context, in *replyForm) (*body[Delivery], error) {
	b := in.Body
	then := desk.State(b.Then)
	if b.Then == "close" {
		then = desk.Closed
	}
	used, err := s.Library.Using(ctx, who(ctx), in.ID.Of, pieces(b.Used), b.Text)
	if err != nil {
		return nil, err
	}
	promised := makings(b.Promises)
	if b.Find && len(promised) == 0 {
		if promised, err = s.lookFor(ctx, in.ID.Of, b.Text); err != nil {
			return nil, err
		}
	}
	with := func(ctx context.Context, tx *store.Tx, d delivery.Delivery) error { return used(ctx, tx, int64(d.ID)) }
	d, err := s.Delivery.Reply(ctx, who(ctx), in.ID.Of, delivery.Draft{Text: b.Text, Parent: b.Parent, Private: b.Private, As: b.Account,
		Undo: time.Duration(b.Undo) * time.Second, Uploads: b.Media, Then: then, Sleep: b.Sleep, Seen: b.Seen, Force: b.Force, With: with, Alts: b.Alts, Parts: b.Parts, Cc: b.Cc, CcFor: b.CcFor,
		Promises: promised, Keeps: b.Keeps, Reason: b.Reason})
	return s.oneDelivery(ctx, d, err)
}

// handedOut says how much of a queue was given to people.
type handedOut struct {
	Given int `json:"given" doc:"So many conversations have an owner now; the rest waits, for nobody has room or is at work."`
}

// handOut gives a department's queue to its people, the longest waiting first.
func (s *Server) handOut(ctx context.Context, in *DepartmentPath) (*body[handedOut], error) {
	n, err := s.Intake.HandOut(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	return &body[handedOut]{Body: handedOut{n}}, nil
}
