package delivery

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/proof"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/writing"
)

// An answer in parts is a delivery for each, all stored in one transaction. The first is an answer as any other; each later one is
// queued without a job, and gets its job in the transaction that says that the one before it is sent. If one can't be sent, those after
// it wait and say so; if one is taken back, those after it are too.

// said are the texts that are to be sent.
func (w Draft) said() []string {
	if len(w.Parts) > 0 {
		return w.Parts
	}
	return []string{w.Text}
}

// parts are the deliveries of an answer: d alone, or one a part.
func (s *Service) parts(d Delivery, w Draft) []Delivery {
	if len(w.Parts) == 0 {
		return []Delivery{d}
	}
	out := make([]Delivery, len(w.Parts))
	for k, text := range w.Parts {
		p := d
		if k > 0 {
			p.ID, p.Key = ID(s.Store.IDs.Next()), s.newKey(d.CreatedAt)
			p.Content = Content{Lang: d.Content.Lang, Sleep: d.Content.Sleep}
		}
		p.Text, p.Thread, p.Part, p.Content.Parts = text, d.ID, k+1, len(w.Parts)
		if k == 0 {
			p.Content.Whole = w.Text
		}
		if k < len(w.Parts)-1 {
			p.Then, p.Content.Sleep = desk.Open, time.Time{} // the clock runs until all of it is said
		}
		out[k] = p
	}
	return out
}

// Addressed is a text as it leaves, as far as its length goes: with the name that the connector puts in front of it.
func Addressed(l channel.Limits, text, handle string) string {
	if l.Named != channel.NameAdded || handle == "" || proof.Named(text, handle) {
		return text
	}
	return "@" + strings.TrimPrefix(handle, "@") + " " + text
}

// describes is nil when an account's channel takes descriptions that long.
func describes(a account.Account, alts []string) error {
	for _, alt := range alts {
		switch most := a.Limits.Alt; {
		case !utf8.ValidString(alt) || strings.ContainsRune(alt, 0):
			return fault.In("alts", "the description of a picture holds bytes that are no characters")
		case most > 0 && utf8.RuneCountInString(alt) > most:
			return fault.Newf(fault.Invalid, "the description of a picture is longer than the %d characters %s takes: shorten it", most, a.Handle)
		}
	}
	return nil
}

// following is d as it goes on after the part before it: an answer to that, if it is known what that became.
func (d Delivery) following(before Delivery) Delivery {
	if !before.Message.IsZero() {
		d.Parent, d.Content.ParentVersion = before.Message, "" // what we said ourselves is held against nothing
	}
	return d
}

// continued is what goes out as a further part: an answer to what we said ourselves, to the contact.
func (s *Service) continued(ctx context.Context, d Delivery, p desk.Message, o channel.Outgoing) (channel.Outgoing, error) {
	first, err := part(ctx, s.Store.Read(), d.Thread, 1)
	if err != nil {
		return o, err
	}
	a, err := account.One(ctx, s.Store.Read(), d.Account)
	if err != nil {
		return o, err
	}
	o.Parent = &channel.Parent{RemoteID: p.RemoteID, URI: p.URI, ThreadID: p.Rest.Thread, Version: p.Version, Subject: p.Subject, Text: p.Text,
		From: channel.Identity{RemoteID: a.RemoteID, Handle: a.Handle, Name: a.Name}, Private: p.Private, At: p.At, Memo: p.Rest.Memo}
	m, err := desk.Messages(ctx, s.Store.Read(), []desk.MessageID{first.Parent})
	if err != nil {
		return o, err
	}
	to, err := desk.SaidBy(ctx, s.Store.Read(), m[first.Parent])
	o.To = []channel.Identity{to}
	return o, err
}

// threaded sees to the parts after d when d has come to an end: they go on, or they wait and say for what.
func (s *Service) threaded(ctx context.Context, tx *store.Tx, d Delivery) error {
	if d.Part == 0 {
		return nil
	}
	switch d.State {
	case Sent:
		next, err := part(ctx, tx, d.Thread, d.Part+1)
		if err != nil || next.State != Queued {
			return err
		}
		if next.Reason != "" {
			next.Reason = ""
			if err := save(ctx, tx, next); err != nil {
				return err
			}
		}
		return s.enqueue(ctx, tx, next)
	case Failed, Unknown, Held:
		return s.say(ctx, tx, d, "it waits: the part before it has not been sent")
	case Queued:
		return s.say(ctx, tx, d, "")
	}
	return nil
}

// say gives the reason why they stand there to the queued parts after d.
func (s *Service) say(ctx context.Context, tx *store.Tx, d Delivery, reason string) error {
	list, err := later(ctx, tx, d)
	for _, p := range list {
		if err != nil {
			return err
		}
		if p.State == Queued && p.Reason != reason {
			p.Reason = reason
			err = save(ctx, tx, p)
		}
	}
	return err
}

// decided does to the later parts of an answer what a person did to one of them, and gives words that were taken back to who wrote
// them.
func (s *Service) decided(ctx context.Context, tx *store.Tx, who staff.Actor, was, is Delivery) error {
	switch {
	case is.State == Cancelled:
		return s.takenBack(ctx, tx, who, is)
	case is.Part == 0:
		return nil
	case was.State == Held && is.State == Queued:
		return s.approveLater(ctx, tx, who, is)
	}
	return s.threaded(ctx, tx, is)
}

func (s *Service) approveLater(ctx context.Context, tx *store.Tx, who staff.Actor, d Delivery) error {
	list, err := later(ctx, tx, d)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.State != Held {
			continue
		}
		p.State, p.Reason, p.ApprovedBy, p.DueAt = Queued, "", who.Person, s.Now()
		p = p.agreed()
		if err := save(ctx, tx, p); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, who.Who(), journal.DeliveryApproved, p); err != nil {
			return err
		}
	}
	return nil
}

// takenBack takes the parts after d back as well, and gives the words back to their author, as far as it was the author who did.
func (s *Service) takenBack(ctx context.Context, tx *store.Tx, who staff.Actor, d Delivery) error {
	words := []string{d.Text}
	list, err := later(ctx, tx, d)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.State != Queued && p.State != Held {
			continue
		}
		words = append(words, p.Text)
		p = p.ended(Cancelled, "", s.Now())
		if err := save(ctx, tx, p); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, who.Who(), journal.DeliveryCancelled, p); err != nil {
			return err
		}
		if err := s.Desk.PromisesUnsaid(ctx, tx, desk.DeliveryOf(p.ID)); err != nil {
			return err
		}
	}
	if d.Conversation.IsZero() || d.Author.IsZero() || d.Author != who.Person {
		return nil
	}
	text := strings.Join(words, "\n\n")
	if d.Part == 1 && d.Content.Whole != "" {
		text = d.Content.Whole
	}
	files, err := filesOf(ctx, tx, d)
	if err != nil {
		return err
	}
	back := writing.Draft{Person: d.Author, Conversation: d.Conversation, Kind: writing.Reply, Text: text, Content: writing.Content{Private: d.Private}}
	for _, i := range d.Content.Cc {
		back.Content.Cc, back.Content.CcFor = append(back.Content.Cc, i.RemoteID), d.Parent
	}
	for _, f := range files {
		back.Content.Files = append(back.Content.Files, writing.File{ID: writing.FileID(f.ID), Name: f.Name, Type: f.Type, Size: f.Size, Alt: f.Alt})
	}
	return writing.Restore(ctx, tx, back, s.Now())
}
