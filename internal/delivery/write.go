package delivery

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/job"
	"switchboard/internal/journal"
	"switchboard/internal/proof"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/writing"
)

// Service accepts what people write and sends it.
type Service struct {
	Store *store.Store
	Desk  *desk.Desk
	Book  *account.Book
	Jobs  *job.Jobs
	Now   func() time.Time
	Log   *slog.Logger
	// Before, in tests, is called at each step of a try with its name ("claimed", "reading", "calling", "called").
	Before func(step string, d Delivery)
	// Beat, in tests, is how often a worker lengthens its lease. 0: three times in the life of one.
	Beat time.Duration
	// Moved hears of each delivery that has come to a state, and Answered how long a contact waited for an answer that was
	// sent, both when that is committed, for figures. They may be nil, and must return at once.
	Moved    func(d Delivery)
	Answered func(d Delivery, waited time.Duration)

	mu      sync.Mutex
	lanes   map[account.ID]*lane
	lastKey int64 // microseconds of the newest key
}

// Draft is an answer somebody has written.
type Draft struct {
	Text    string
	Parent  desk.MessageID // zero: the last thing the contact said
	Private *bool          // nil: as the parent
	As      account.ID     // zero: the conversation's account; another one is a Conflict
	Undo    time.Duration  // how long it can be taken back
	Uploads []UploadID
	Then    desk.State     // waiting (the usual), closed or open
	Sleep   time.Time      // not zero: where it would wait, it sleeps until then
	Seen    desk.MessageID // the last message the writer has seen; a newer answer of ours makes a Conflict
	Force   bool           // send all the same
	// With, when it is set, keeps what belongs to the answer in its transaction.
	With  func(ctx context.Context, tx *store.Tx, d Delivery) error
	Alts  []string       // what the uploads show, in words, in their order; may be shorter
	Cc    []string       // to whom else it goes, by their ids at the channel: see Others
	CcFor desk.MessageID // the message for whose answer Cc was chosen; where another one is answered by now it is a Conflict
	// Parts are what is said instead of Text, one after the other, each as an answer to the one before; in public only. Text is
	// then what was written before it was cut, to be given back when it is taken back.
	Parts []string
	// Promises are made by it and open once it is sent; Keeps are open promises of the conversation that it keeps then.
	Promises []desk.Making
	Keeps    []desk.PromiseID
	Reason   string // for closing the conversation although something is still promised in it

	ours map[string]bool // see addresses
}

// Reply accepts an answer: it is stored, and sent by a worker. Who may not speak for the account has it held for an approval.
func (s *Service) Reply(ctx context.Context, who staff.Actor, id desk.ConversationID, w Draft) (d Delivery, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return d, err
	}
	if err := readable(w); err != nil {
		return d, err
	}
	w.ours, err = s.oursFor(ctx, who, id, w)
	if err != nil {
		return d, err
	}
	parts := []Delivery{}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		was, err := desk.LoadOne(ctx, tx, id)
		if err != nil {
			return err
		}
		if !desk.Sees(who, was) {
			return fault.New(fault.NotFound, "there is no such conversation, or it is not for your eyes")
		}
		if !desk.Works(who, was) {
			return desk.OnlyAsked()
		}
		if d, err = s.reply(ctx, tx, who, was, w); err != nil {
			return err
		}
		parts = s.parts(d, w)
		d = parts[0]
		if err := s.take(ctx, tx, who, was); err != nil {
			return err
		}
		if w.With != nil {
			if err := w.With(ctx, tx, d); err != nil {
				return err
			}
		}
		if err := writing.Drop(ctx, tx, writing.Draft{Person: who.Person, Conversation: id, Kind: writing.Reply}, s.Now()); err != nil {
			return err
		}
		for _, p := range parts {
			if err := s.accept(ctx, tx, who, p); err != nil {
				return err
			}
		}
		last := parts[len(parts)-1] // of an answer in parts the last: nothing is promised or kept before all is said
		return s.Desk.PromiseWith(ctx, tx, was, who.Person, desk.DeliveryOf(last.ID), w.Promises, w.Keeps)
	})
	return d, err
}

// take makes who answers the owner, when nobody has it yet.
func (s *Service) take(ctx context.Context, tx *store.Tx, who staff.Actor, was desk.Conversation) error {
	is := was
	if (is.Person.IsZero() || is.Person == who.Person && !is.MoveAt.IsZero()) && is.State != desk.Closed && !who.Person.IsZero() {
		is = is.Taken(who.Person, s.Desk.House.Terms(is.Department), s.Now())
		if err := desk.Save(ctx, tx, desk.Change{Was: was, Is: is}); err != nil {
			return err
		}
	}
	if is.Person == was.Person {
		return nil
	}
	return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.Claimed, Conversation: int64(was.ID), Data: journal.Data("person", who.Person, "by", "answering")})
}

func readable(w Draft) error {
	switch {
	case strings.TrimSpace(w.Text) == "" && len(w.Uploads) == 0:
		return fault.In("text", "there is nothing in it")
	case len(w.Parts) == 1 || len(w.Parts) > proof.MostParts:
		return fault.Newf(fault.Invalid, "an answer in parts has 2 to %d of them", proof.MostParts)
	case slices.ContainsFunc(w.Parts, func(p string) bool { return strings.TrimSpace(p) == "" }):
		return fault.In("parts", "there is nothing in one of the parts")
	case !utf8.ValidString(w.Text+strings.Join(w.Parts, "")) || strings.ContainsRune(w.Text+strings.Join(w.Parts, ""), 0):
		return fault.In("text", "this is not text: it holds bytes that are no characters")
	case w.Undo < 0 || w.Undo > time.Minute:
		return fault.In("undo", "an answer can be taken back for up to 60 seconds")
	case w.Then != "" && w.Then != desk.Waiting && w.Then != desk.Closed && w.Then != desk.Open:
		return fault.In("then", "afterwards a conversation is waiting, closed or open")
	}
	return nil
}

// reply checks an answer against what it answers and the account that will speak.
func (s *Service) reply(ctx context.Context, tx *store.Tx, who staff.Actor, c desk.Conversation, w Draft) (d Delivery, err error) {
	if left := desk.LeavesPromised(c, w.Promises, w.Keeps); w.Then == desk.Closed && left > 0 && strings.TrimSpace(w.Reason) == "" {
		return d, desk.StillPromised(left)
	}
	parent, err := s.parent(ctx, tx, c, w.Parent)
	if err != nil {
		return d, err
	}
	if len(w.Cc) > 0 && !w.Force && !w.CcFor.IsZero() && w.CcFor != parent.ID {
		return d, fault.Named(fault.Conflict, WroteAgain, "the contact has written again since you chose who gets your answer too: look at who is in it now, and choose again")
	}
	as := c.SpeaksAs(parent)
	if !w.As.IsZero() && w.As != as {
		return d, fault.Named(fault.Conflict, "account-changed", "this conversation speaks as another account than the one you saw: reload it and look again")
	}
	if !w.Force && !w.Seen.IsZero() {
		if err := s.unanswered(ctx, tx, who, c, w.Seen); err != nil {
			return d, err
		}
	}
	private := parent.Private
	if w.Private != nil && *w.Private != parent.Private {
		if parent.Private {
			return d, fault.In("private", "what was said in private is not answered in public")
		}
		private = true
	}
	a, err := account.One(ctx, tx, as)
	if err != nil {
		return d, err
	}
	if !a.RemovedAt.IsZero() {
		return d, fault.Named(fault.Conflict, "account-disconnected", "the account "+a.Handle+" is disconnected: connect it again, or answer by hand and mark the conversation as answered")
	}
	if private && len(w.Parts) > 0 {
		return d, fault.In("parts", "an answer in private is not said in parts: shorten it")
	}
	from, err := desk.SaidBy(ctx, tx, parent)
	if err != nil {
		return d, err
	}
	for _, text := range w.said() {
		if err := fits(a, Addressed(a.Limits, text, from.Handle), private, len(w.Uploads)); err != nil {
			return d, err
		}
	}
	cc, err := s.chosen(ctx, tx, c, parent, from.RemoteID, w)
	if err != nil {
		return d, err
	}
	if len(cc) > 0 && private != parent.Private {
		return d, fault.In("cc", "an answer that is for the contact's eyes only goes to nobody else: leave the others out")
	}
	if err := describes(a, w.Alts); err != nil {
		return d, err
	}
	if _, err := given(ctx, tx, who.Person, w.Uploads); err != nil {
		return d, err
	}
	d = s.draft(who, w)
	d.Conversation, d.Account, d.Parent, d.Private, d.Subject = c.ID, as, parent.ID, private, subject(parent)
	d.Content.ParentVersion, d.Content.Cc = parent.Version, cc
	return d, s.judge(ctx, tx, who, &d)
}

// fits is nil when an account's channel takes a text with so many attachments.
func fits(a account.Account, text string, private bool, attached int) error {
	if why, ok := a.Limits.Fits(text, private); !ok && (attached == 0 || strings.TrimSpace(text) != "") {
		return fault.In("text", "this can't be said as "+a.Handle+": "+why)
	}
	if a.Limits.Media < attached {
		return fault.Newf(fault.Invalid, "%s takes up to %d attachments a message", a.Handle, a.Limits.Media)
	}
	return nil
}

func (s *Service) parent(ctx context.Context, q store.Queryer, c desk.Conversation, id desk.MessageID) (desk.Message, error) {
	if id.IsZero() {
		return desk.LastInbound(ctx, q, c.ID)
	}
	m, err := desk.Messages(ctx, q, []desk.MessageID{id})
	p, ok := m[id]
	switch {
	case err != nil:
		return p, err
	case !ok || p.Conversation != c.ID:
		return p, fault.In("parent", "the message to be answered is not in this conversation")
	case !p.DeletedAt.IsZero():
		return p, fault.Named(fault.Conflict, "parent-deleted", "the message to be answered was deleted by its author")
	case p.Direction != desk.In:
		return p, fault.In("parent", "this is what we said ourselves: answer what the contact said")
	case p.Identity.IsZero():
		return p, fault.In("parent", "this is a notice that what we said came back: answer what the contact said")
	}
	return p, nil
}

// AnsweredMeanwhile is the name of the Conflict that an answer meets when somebody else answered after what its writer has seen.
const AnsweredMeanwhile = "answered-meanwhile"

// WroteAgain is the name of the Conflict that an answer to others meets when they were chosen for an earlier message: the contact may
// have left them out since.
const WroteAgain = "wrote-again"

// unanswered makes sure that no colleague answered after what the writer has seen.
func (s *Service) unanswered(ctx context.Context, tx *store.Tx, who staff.Actor, c desk.Conversation, seen desk.MessageID) error {
	list, err := Of(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	const meanwhile = "somebody has answered meanwhile: look at it, and send yours as well if it is still needed"
	byHand, err := saidByHand(ctx, tx, c.ID, seen)
	if err == nil && byHand {
		err = fault.Named(fault.Conflict, AnsweredMeanwhile, meanwhile)
	}
	if err != nil {
		return err
	}
	for _, d := range list {
		known := int64(d.ID) <= int64(seen) || !d.Message.IsZero() && d.Message <= seen // ids sort by time
		if !known && d.Author != who.Person && d.State != Cancelled && d.State != Failed {
			return fault.Named(fault.Conflict, AnsweredMeanwhile, meanwhile)
		}
	}
	return nil
}

func (s *Service) draft(who staff.Actor, w Draft) Delivery {
	now := s.Now()
	then := w.Then
	if then == "" {
		then = desk.Waiting
	}
	return Delivery{ID: ID(s.Store.IDs.Next()), Key: s.newKey(now), Author: who.Person, Text: w.Text, Content: Content{Uploads: w.Uploads, Alts: w.Alts, Sleep: w.Sleep},
		Then: then, DueAt: now.Add(w.Undo), CreatedAt: now}
}

// judge queues d, or holds it when its author may not speak for the account.
func (s *Service) judge(ctx context.Context, q store.Queryer, who staff.Actor, d *Delivery) error {
	may, err := s.Book.MaySpeak(ctx, q, who, d.Account)
	d.State = Queued
	if !may {
		d.State, d.Reason = Held, "it waits for the approval of somebody who may speak for this account"
	}
	return err
}

func subject(parent desk.Message) string {
	s := strings.TrimSpace(parent.Subject)
	if s == "" || strings.HasPrefix(strings.ToLower(s), "re:") {
		return s
	}
	return "Re: " + s
}

// accept stores d and, when it is queued, its job.
func (s *Service) accept(ctx context.Context, tx *store.Tx, who staff.Actor, d Delivery) error {
	if err := add(ctx, tx, d); err != nil {
		return err
	}
	what := journal.DeliveryQueued
	if d.State == Held {
		what = journal.DeliveryHeld
	}
	if err := s.tell(ctx, tx, who.Who(), what, d); err != nil || d.State == Held || d.Part > 1 { // a later part is let out by the one before it
		return err
	}
	return s.enqueue(ctx, tx, d)
}

func (s *Service) enqueue(ctx context.Context, tx *store.Tx, d Delivery) error {
	w := job.When{At: d.DueAt}
	if d.DueAt.Sub(s.Now()) <= job.Beat { // claim sends back what comes early
		w.At = time.Time{}
	}
	return s.Jobs.Enqueue(ctx, tx, deliver{Delivery: d.ID}, w)
}

func (s *Service) tell(ctx context.Context, tx *store.Tx, who string, what journal.What, d Delivery, more ...any) error {
	if s.Moved != nil {
		tx.After(func() { s.Moved(d) })
	}
	data := append([]any{"account", d.Account, "state", d.State, "private", d.Private, "author", d.Author}, more...)
	if d.Reason != "" {
		data = append(data, "reason", d.Reason)
	}
	return journal.Write(ctx, tx, journal.Entry{Who: who, What: what, Conversation: int64(d.Conversation), About: journal.About("delivery", d.ID), Data: journal.Data(data...)})
}

// outgoing is d as the connector sends it.
func (s *Service) outgoing(ctx context.Context, d Delivery) (o channel.Outgoing, err error) {
	o = channel.Outgoing{Key: d.Key, Private: d.Private, Subject: d.Subject, Text: d.Text, Lang: d.Content.Lang, At: d.CreatedAt}
	if o.Media, err = s.attached(ctx, d); err != nil || d.Parent.IsZero() {
		o.To = d.Content.To
		return o, err
	}
	m, err := desk.Messages(ctx, s.Store.Read(), []desk.MessageID{d.Parent})
	p, ok := m[d.Parent]
	if err != nil || !ok {
		return o, err
	}
	from, err := desk.SaidBy(ctx, s.Store.Read(), p)
	if p.Direction == desk.Out && d.Part > 1 { // a further part of an answer: it hangs on what we said ourselves, and goes to the contact
		return s.continued(ctx, d, p, o)
	}
	o.Parent = &channel.Parent{RemoteID: p.RemoteID, URI: p.URI, ThreadID: p.Rest.Thread, Version: p.Version, From: from, Subject: p.Subject,
		Text: p.Text, Private: p.Private, At: p.At, Memo: p.Rest.Memo}
	if p.Direction == desk.Out { // whom we wrote to; whom a stranger named beside us gets only what a person addressed to them
		o.Parent.To = p.Rest.To
	}
	o.To = append([]channel.Identity{from}, d.Content.Cc...)
	return o, err
}
