package delivery

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Ways to take a public conversation private.
const (
	ByDirect = "direct" // the channel's own direct message
	ByEmail  = "email"
)

// Private is the step from what everybody can read to a word with one.
type Private struct {
	How     string
	Text    string
	Subject string     // of a mail
	Mailbox account.ID // as which it is written, by e-mail
	Address string     // to which
	Closing string     // what the public reads then; "" when it reads nothing
	Undo    time.Duration
	Uploads []UploadID
	Parent  desk.MessageID // what is answered; zero: the last thing said in public
	Seen    desk.MessageID // see Draft
	Force   bool
}

// TakePrivate answers a public conversation in private: the first delivery is the private message, the second, if there is one,
// the closing line that the public reads once the first was sent. What the contact answers in private belongs to the same
// conversation. See desk.Lead.
func (s *Service) TakePrivate(ctx context.Context, who staff.Actor, id desk.ConversationID, p Private) (list []Delivery, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return nil, err
	}
	if err := readable(Draft{Text: p.Text, Undo: p.Undo, Uploads: p.Uploads}); err != nil {
		return nil, err
	}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		c, parent, err := s.public(ctx, tx, who, id, p)
		if err != nil {
			return err
		}
		d, err := s.aside(ctx, tx, who, c, parent, p)
		if err != nil {
			return err
		}
		list = []Delivery{d}
		if strings.TrimSpace(p.Closing) != "" {
			last, err := s.closing(ctx, tx, who, c, parent, d, p)
			if err != nil {
				return err
			}
			list = append(list, last)
		}
		if err := s.take(ctx, tx, who, c); err != nil {
			return err
		}
		for _, d := range list {
			if err := s.accept(ctx, tx, who, d); err != nil {
				return err
			}
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.TakenPrivate, Conversation: int64(id), About: journal.About("delivery", d.ID),
			Data: journal.Data("how", p.How, "account", d.Account, "closing", len(list) == 2)})
	})
	return list, err
}

// public is a conversation that somebody may take private, and the public message that is answered.
func (s *Service) public(ctx context.Context, tx *store.Tx, who staff.Actor, id desk.ConversationID, p Private) (c desk.Conversation, parent desk.Message, err error) {
	if c, err = desk.LoadOne(ctx, tx, id); err != nil {
		return c, parent, err
	}
	switch {
	case !desk.Sees(who, c):
		return c, parent, fault.New(fault.NotFound, "there is no such conversation, or it is not for your eyes")
	case !desk.Works(who, c):
		return c, parent, desk.OnlyAsked()
	case c.Private:
		return c, parent, fault.New(fault.Conflict, "this conversation is private already: answer it as it is")
	}
	if p.Parent.IsZero() {
		parent, err = desk.LastPublic(ctx, tx, id)
	} else {
		parent, err = s.parent(ctx, tx, c, p.Parent)
	}
	switch {
	case err != nil:
		return c, parent, err
	case parent.Private:
		return c, parent, fault.In("parent", "this was said in private: answer it as it is")
	case !p.Force && !p.Seen.IsZero():
		err = s.unanswered(ctx, tx, who, c, p.Seen)
	}
	return c, parent, err
}

// aside is the private message.
func (s *Service) aside(ctx context.Context, tx *store.Tx, who staff.Actor, c desk.Conversation, parent desk.Message, p Private) (d Delivery, err error) {
	d = s.draft(who, Draft{Text: p.Text, Undo: p.Undo, Uploads: p.Uploads})
	d.Conversation, d.Private = c.ID, true
	d.Content.Lang = c.Language
	if _, err := given(ctx, tx, who.Person, p.Uploads); err != nil {
		return d, err
	}
	var a account.Account
	switch p.How {
	case ByDirect:
		if !p.Mailbox.IsZero() {
			return d, fault.In("mailbox", "a direct message goes out as the account itself: leave the mailbox out")
		}
		if a, err = s.speaks(ctx, tx, c.Account); err == nil {
			err = s.canDirect(ctx, a)
		}
		d.Account, d.Parent, d.Content.ParentVersion = a.ID, parent.ID, parent.Version
	case ByEmail:
		if a, err = s.speaks(ctx, tx, p.Mailbox); err == nil {
			err = s.address(ctx, tx, c, a, p, &d)
		}
	default:
		err = fault.In("how", "it is taken private by a direct message or by e-mail")
	}
	if err != nil {
		return d, err
	}
	if err := fits(a, p.Text, true, len(p.Uploads)); err != nil {
		return d, err
	}
	return d, s.judge(ctx, tx, who, &d)
}

// speaks is an account that is connected.
func (s *Service) speaks(ctx context.Context, tx *store.Tx, of account.ID) (account.Account, error) {
	a, err := account.One(ctx, tx, of)
	if err == nil && !a.RemovedAt.IsZero() {
		err = fault.New(fault.Conflict, "the account "+a.Handle+" is disconnected: choose another way")
	}
	return a, err
}

func (s *Service) canDirect(ctx context.Context, a account.Account) error {
	can, err := s.CanDirect(ctx, a.ID)
	if err == nil && !can {
		err = fault.In("how", "no direct message can be sent as "+a.Handle+" from here: write an e-mail, or telephone")
	}
	return err
}

// CanDirect reports whether the channel of an account that is connected can answer a public message by a direct one. It calls nobody.
func (s *Service) CanDirect(ctx context.Context, of account.ID) (bool, error) {
	conn, err := s.Book.Conn(ctx, of)
	if err != nil {
		return false, err
	}
	d, ok := conn.(channel.Discreet)
	return ok && d.AnswersInPrivate(), nil
}

// address makes d a mail to an address of the contact. One that nobody is known by becomes the contact's once the mail was sent.
func (s *Service) address(ctx context.Context, tx *store.Tx, c desk.Conversation, a account.Account, p Private, d *Delivery) error {
	at, err := mail.ParseAddress(strings.TrimSpace(p.Address))
	if err != nil || len(at.Address) > 320 {
		return fault.In("address", "this is no e-mail address: write one like kim@example.org")
	}
	to := strings.ToLower(at.Address)
	if a.Channel != "email" {
		return fault.In("account", "a mail is written from a mailbox: choose one")
	}
	all, err := account.All(ctx, tx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o account.Account) bool {
		return strings.EqualFold(o.Handle, to) || strings.EqualFold(o.RemoteID, to)
	}) {
		return fault.In("address", "this is an address of ours: write the contact's")
	}
	known, err := contact.Known(ctx, tx, "email", []string{to})
	switch {
	case err != nil:
		return err
	case len(known) > 0 && known[0].Contact != c.Contact:
		return fault.In("address", "this address is known as somebody else's: if it is the same person, merge the two contacts first")
	}
	d.Account, d.Subject, d.Content.To = a.ID, strings.TrimSpace(p.Subject), []channel.Identity{{RemoteID: to, Handle: to}}
	if d.Subject == "" || len(d.Subject) > 300 || strings.ContainsAny(d.Subject, "\r\n\x00") {
		return fault.In("subject", "a mail has a subject of one line, of up to 300 characters")
	}
	return nil
}

// addressed makes the address that a mail went to one of its contact's, unless somebody is known by it by now.
func (s *Service) addressed(ctx context.Context, tx *store.Tx, d Delivery, c desk.Conversation) error {
	for _, to := range d.Content.To {
		known, err := contact.Known(ctx, tx, "email", []string{to.RemoteID})
		if err != nil || len(known) > 0 {
			return err
		}
		i := contact.Identity{ID: contact.IdentityID(s.Store.IDs.Next()), Contact: c.Contact, Channel: "email", RemoteID: to.RemoteID, Handle: to.Handle}
		if err := contact.AddIdentities(ctx, tx, []contact.Identity{i}); err != nil {
			return err
		}
	}
	return nil
}

// closing is what the public reads once the private message d was sent.
func (s *Service) closing(ctx context.Context, tx *store.Tx, who staff.Actor, c desk.Conversation, parent desk.Message, d Delivery, p Private) (last Delivery, err error) {
	if err := s.Discreet(ctx, tx, c, p.Closing, p.Address); err != nil {
		return last, err
	}
	last, err = s.reply(ctx, tx, who, c, Draft{Text: p.Closing, Parent: parent.ID, Force: true, Private: new(bool)})
	if err != nil {
		return last, err
	}
	last.Content.Closes, last.Content.Unapproved = d.ID, last.State == Held
	last.State, last.Reason = Held, "it goes out when the private message has been sent"
	return last, nil
}

// wentPrivate is done when a private message of a public conversation was sent: what its contact says there belongs to it from
// now on, and the closing line goes out.
func (s *Service) wentPrivate(ctx context.Context, tx *store.Tx, d Delivery, was desk.Conversation, m desk.Message) error {
	if !d.Private || was.Private {
		return nil
	}
	if err := s.addressed(ctx, tx, d, was); err != nil {
		return err
	}
	threads := []string{m.Rest.Thread}
	if m.Kind != channel.Email && m.Rest.Thread != "" { // a direct message that names no thread goes on where we left off
		threads = append(threads, "")
	}
	for _, thread := range threads {
		w := desk.Whose{Contact: was.Contact, Account: d.Account, Thread: desk.PrivateThread(thread)}
		if err := desk.Lead(ctx, tx, w, was.ID, s.Now()); err != nil {
			return err
		}
	}
	return s.letClosingOut(ctx, tx, d)
}

// letClosingOut lets out, or has approved, the closing line of a private message that was sent.
func (s *Service) letClosingOut(ctx context.Context, tx *store.Tx, d Delivery) error {
	return s.closings(ctx, tx, d, journal.DeliveryQueued, func(last Delivery) Delivery {
		if last.Content.Unapproved {
			last.Reason = "it waits for the approval of somebody who may speak for this account"
			return last
		}
		last.State, last.Reason, last.DueAt = Queued, "", s.Now()
		return last
	})
}

// closings changes the closing lines that wait for d.
func (s *Service) closings(ctx context.Context, tx *store.Tx, d Delivery, what journal.What, do func(Delivery) Delivery) error {
	list, err := Of(ctx, tx, d.Conversation)
	if err != nil {
		return err
	}
	for _, last := range list {
		if last.Content.Closes != d.ID || last.State != Held || d.ID.IsZero() {
			continue
		}
		if last, err = lock(ctx, tx, last.ID); err != nil || last.State != Held {
			return err
		}
		last = do(last)
		if err := save(ctx, tx, last); err != nil {
			return err
		}
		if last.State == Held {
			continue
		}
		if err := s.tell(ctx, tx, journal.Machine, what, last); err != nil {
			return err
		}
		if last.State == Queued {
			if err := s.enqueue(ctx, tx, last); err != nil {
				return err
			}
		}
	}
	return nil
}
