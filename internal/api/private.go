package api

import (
	"context"
	"sort"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/store"
)

func (s *Server) registerPrivate(r *routes) {
	get(r, "/api/conversations/{id}/private", "private-ways", "How a public conversation can go on in private", s.getPrivate)
	post(r, "/api/conversations/{id}/private", "take-private", "Answer it in private; what comes back there belongs to it", s.takePrivate)
	post(r, "/api/conversations/{id}/calls", "note-call", "Note a telephone call with its contact", s.noteCall)
}

// Line is where a public conversation was taken private.
type Line struct {
	Account RowAccount `json:"account"`
	At      time.Time  `json:"at"`
}

// CallEntry is a telephone call that somebody noted.
type CallEntry struct {
	Kind    string    `json:"kind" enum:"call"`
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Person  Ref       `json:"person"`
	Minutes float64   `json:"minutes"`
	Reached bool      `json:"reached" doc:"False: nobody answered."`
	With    string    `json:"with,omitempty" doc:"With whom, when it was not the contact."`
	Text    string    `json:"text" doc:"What was said."`
	Agreed  string    `json:"agreed,omitempty"`
}

// privately adds calls and lines to a conversation.
func (s *Server) privately(ctx context.Context, v *show, row desk.Row, c *Conversation) error {
	calls, err := desk.CallsOf(ctx, s.Store.Read(), row.ID)
	if err != nil {
		return err
	}
	for _, k := range calls {
		c.Timeline = append(c.Timeline, Entry{k.At, v.call(k)})
	}
	if len(calls) > 0 {
		sort.SliceStable(c.Timeline, func(a, b int) bool { return c.Timeline[a].at.Before(c.Timeline[b].at) })
	}
	if row.Private {
		return nil
	}
	lines, err := desk.LinesOf(ctx, s.Store.Read(), row.ID)
	for _, l := range lines {
		a, err := s.account(ctx, v, l.Account)
		if err != nil {
			return err
		}
		c.Lines = append(c.Lines, Line{RowAccount{a.ID.String(), a.Name, a.Handle, a.Channel}, l.At})
	}
	return err
}

func (v *show) call(k desk.Call) CallEntry {
	return CallEntry{"call", k.ID.String(), k.At, refPerson(v.roster, k.Person), k.Length.Minutes(), k.Reached, k.With, k.Said, k.Agreed}
}

// PrivateWays are how a conversation can go on in private.
type PrivateWays struct {
	Direct    *ReplyAs          `json:"direct,omitempty" doc:"By the channel's own direct message, as whom. Absent: it can't."`
	Mailboxes []ReplyAs         `json:"mailboxes" nullable:"false" doc:"As which a mail can be written."`
	Addresses []string          `json:"addresses" nullable:"false" doc:"E-mail addresses of the contact that we know."`
	Subject   string            `json:"subject" doc:"A subject for the mail."`
	Closing   map[string]string `json:"closing" doc:"What the public could read then, by the way: direct, email, call. In the conversation's language."`
}

// getPrivate tells how.
func (s *Server) getPrivate(ctx context.Context, in *struct{ ConversationPath }) (*body[PrivateWays], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, v.who, in.ID.Of)
	if err == nil && !desk.Works(v.who, c) {
		err = desk.OnlyAsked()
	}
	if err != nil {
		return nil, err
	}
	out := PrivateWays{Mailboxes: []ReplyAs{}, Addresses: []string{}, Closing: map[string]string{}, Subject: mailSubject(c)}
	for _, how := range []string{delivery.ByDirect, delivery.ByEmail, delivery.ByCall} {
		out.Closing[how] = delivery.ClosingLine(c.Language, how)
	}
	identities, err := contact.IdentitiesOf(ctx, s.Store.Read(), []contact.ID{c.Contact})
	if err != nil {
		return nil, err
	}
	for _, i := range identities {
		if i.Channel == "email" {
			out.Addresses = append(out.Addresses, i.RemoteID)
		}
	}
	to, err := s.directTo(ctx, c)
	if err != nil {
		return nil, err
	}
	list, err := account.All(ctx, s.Store.Read())
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if a.ID != c.Account && a.Channel != "email" {
			continue
		}
		may, err := s.Book.MaySpeak(ctx, s.Store.Read(), v.who, a.ID)
		if err != nil {
			return nil, err
		}
		as := ReplyAs{Account: a.ID.String(), Handle: a.Handle, Private: true, Held: !may, Limits: showLimits(a.Limits), To: to}
		if a.Channel == "email" {
			out.Mailboxes = append(out.Mailboxes, as)
		}
		if can, err := s.Delivery.CanDirect(ctx, a.ID); err == nil && can && a.ID == c.Account && !c.Private {
			out.Direct = &as
		}
	}
	return answer(out, nil)
}

// directTo is whom a direct message would reach: who said the last thing in public, which it answers.
func (s *Server) directTo(ctx context.Context, c desk.Conversation) (string, error) {
	m, err := desk.LastPublic(ctx, s.Store.Read(), c.ID)
	if err == nil {
		i, err := desk.SaidBy(ctx, s.Store.Read(), m)
		return i.Handle, err
	}
	if !fault.Is(err, fault.NotFound) {
		return "", err
	}
	voices, err := desk.Voices(ctx, s.Store.Read(), []desk.Conversation{c})
	return voices[c.ID].Handle, err
}

// mailSubject is a subject for a mail about what was said in public: what it was about, without its words.
func mailSubject(c desk.Conversation) string {
	if c.Subject != "" {
		return "Re: " + c.Subject
	}
	if c.Language == "de" {
		return "Ihre Nachricht an uns"
	}
	return "Your message to us"
}

type privateForm struct {
	ConversationPath
	Body struct {
		How     string         `json:"how" enum:"direct,email"`
		Text    string         `json:"text" minLength:"1" maxLength:"200000"`
		Subject string         `json:"subject,omitempty" maxLength:"300"`
		Mailbox account.ID     `json:"mailbox,omitempty" doc:"As which the mail is written."`
		Address string         `json:"address,omitempty" maxLength:"320" doc:"Where the mail goes."`
		Closing string         `json:"closing,omitempty" maxLength:"20000" doc:"What the public reads once the private message was sent. Absent: nothing."`
		Undo    int            `json:"undo,omitempty" minimum:"0" maximum:"60" doc:"Seconds in which it can be taken back."`
		Seen    desk.MessageID `json:"seen,omitempty" doc:"The last message you have seen."`
		Force   bool           `json:"force,omitempty"`
	}
}

func (s *Server) takePrivate(ctx context.Context, in *privateForm) (*body[items[Delivery]], error) {
	b := in.Body
	p := delivery.Private{How: b.How, Text: b.Text, Subject: b.Subject, Address: b.Address, Closing: b.Closing, Mailbox: b.Mailbox, Seen: b.Seen,
		Undo: time.Duration(b.Undo) * time.Second, Force: b.Force}
	list, err := s.Delivery.TakePrivate(ctx, who(ctx), in.ID.Of, p)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	out := []Delivery{}
	for _, d := range list {
		out = append(out, s.showDelivery(ctx, v, d))
	}
	return all(out, nil)
}

type callForm struct {
	ConversationPath
	Body struct {
		At      time.Time  `json:"at,omitzero" doc:"When it began. Absent: now."`
		Minutes float64    `json:"minutes,omitempty" minimum:"0" maximum:"1440"`
		Reached bool       `json:"reached" doc:"False: nobody answered, and the clock runs on."`
		With    string     `json:"with,omitempty" maxLength:"300" doc:"With whom, when it was not the contact."`
		Said    string     `json:"said,omitempty" maxLength:"20000"`
		Agreed  string     `json:"agreed,omitempty" maxLength:"5000"`
		Then    desk.State `json:"then,omitempty" enum:"waiting,closed,open" doc:"What becomes of the conversation. Absent: it waits for the contact."`
		Closing string     `json:"closing,omitempty" maxLength:"20000" doc:"What the public reads then. Absent: nothing."`
	}
}

// noteCall notes a call and lets its closing line out, both or neither, so that nothing is noted twice when the line must be changed.
func (s *Server) noteCall(ctx context.Context, in *callForm) (*body[CallEntry], error) {
	b, a := in.Body, who(ctx)
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, a, in.ID.Of)
	if err != nil {
		return nil, err
	}
	if b.Closing != "" {
		if err := s.Delivery.Discreet(ctx, s.Store.Read(), c, b.Closing, b.With, b.Said, b.Agreed); err != nil {
			return nil, err
		}
	}
	call := desk.Call{At: b.At, Length: time.Duration(b.Minutes * float64(time.Minute)), Reached: b.Reached, With: b.With, Said: b.Said, Agreed: b.Agreed}
	if b.Closing == "" || c.Private {
		k, err := s.Desk.NoteCall(ctx, a, c.ID, call, b.Then)
		return answer(v.call(k), err)
	}
	m, err := desk.LastPublic(ctx, s.Store.Read(), c.ID)
	if err != nil {
		return nil, err
	}
	var k desk.Call
	_, err = s.Delivery.Reply(ctx, a, c.ID, delivery.Draft{Text: b.Closing, Parent: m.ID, Then: b.Then, Force: true, With: func(ctx context.Context, tx *store.Tx, _ delivery.Delivery) (err error) {
		k, err = s.Desk.NoteCallIn(ctx, tx, a, c.ID, call, b.Then)
		return err
	}})
	return answer(v.call(k), err)
}
