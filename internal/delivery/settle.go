package delivery

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// sent is d with the far side's word.
func (d Delivery) sent(r channel.Receipt, now time.Time) Delivery {
	d = d.ended(Sent, "", now)
	d.SentAt, d.RemoteID, d.URL = now, r.RemoteID, r.URL
	return d
}

// settle writes the outcome of a try. Who has lost the fence may still bring proof that it was sent, and nothing else.
func (s *Service) settle(ctx context.Context, d Delivery, outcome func(Delivery) (Delivery, journal.What), r *channel.Receipt) Delivery {
	var is Delivery
	ctx = context.WithoutCancel(ctx)
	for try := 0; ; try++ {
		err := s.Store.Tx(ctx, func(tx *store.Tx) error {
			was, err := lock(ctx, tx, d.ID)
			if err != nil {
				return err
			}
			if is = was; was.State == Sent || r == nil && (was.State != Sending || was.Fence != d.Fence) {
				return nil
			}
			var what journal.What
			is, what = outcome(was)
			if r != nil {
				if err := s.record(ctx, tx, &is, *r); err != nil {
					return err
				}
			}
			if err := save(ctx, tx, is); err != nil {
				return err
			}
			if err := s.threaded(ctx, tx, is); err != nil || what == "" {
				return err
			}
			return s.tell(ctx, tx, journal.Machine, what, is, "remoteId", is.RemoteID)
		})
		if err == nil {
			return is
		}
		s.Log.Error("the outcome of a delivery could not be stored; trying again", "delivery", d.ID.String(), "error", err)
		if try == 10 { // the lease runs out, and the watchdog asks the far side
			return d
		}
		time.Sleep(time.Duration(try+1) * 200 * time.Millisecond)
	}
}

// record makes the message that d became part of its conversation. Its echo may have come first: it is the same message then.
// The conversation is locked before its messages, as intake does it, so that neither waits for the other crosswise.
func (s *Service) record(ctx context.Context, tx *store.Tx, d *Delivery, r channel.Receipt) error {
	at := d.SentAt
	if !r.At.IsZero() && !r.At.After(at) {
		at = r.At
	}
	var was desk.Conversation
	if !d.Conversation.IsZero() {
		var err error
		if was, err = desk.LoadOne(ctx, tx, d.Conversation); err != nil {
			return err
		}
	}
	known, err := desk.MessagesByRemote(ctx, tx, d.Account, []string{r.RemoteID})
	if err != nil {
		return err
	}
	m, echoed := known[r.RemoteID]
	if echoed {
		had := m.Conversation
		m.Person, m.Conversation, m.Rest.ByHand = d.Author, d.Conversation, false
		if err := desk.SaveMessage(ctx, tx, m); err != nil {
			return err
		}
		echoed = !had.IsZero()
	} else {
		a, err := account.One(ctx, tx, d.Account)
		if err != nil {
			return err
		}
		m = s.message(*d, r, at, a)
		if err := s.addParent(ctx, tx, *d, &m); err != nil {
			return err
		}
		if err := desk.AddMessages(ctx, tx, []desk.Message{m}); err != nil {
			return err
		}
	}
	d.Message = m.ID
	if err := account.Sent(ctx, tx, d.Account, at); err != nil {
		return err
	}
	if err := s.Book.Spoke(ctx, tx, d.Account); err != nil || d.Conversation.IsZero() {
		return err
	}
	if err := s.wentPrivate(ctx, tx, *d, was, m); err != nil {
		return err
	}
	return s.answered(ctx, tx, *d, was, m, echoed, at)
}

func (s *Service) message(d Delivery, r channel.Receipt, at time.Time, a account.Account) desk.Message {
	kind := channel.Reply
	switch {
	case a.Channel == "email":
		kind = channel.Email
	case d.Private:
		kind = channel.Direct
	case d.Parent.IsZero():
		kind = channel.Post
	}
	m := desk.Message{ID: desk.MessageID(s.Store.IDs.Next()), Conversation: d.Conversation, Account: d.Account, RemoteID: r.RemoteID, URI: r.URI,
		Version: r.Version, Direction: desk.Out, Kind: kind, Private: d.Private, Person: d.Author, Subject: d.Subject, Text: d.Text, At: at, ReceivedAt: s.Now(),
		Rest: desk.Rest{Thread: r.ThreadID, URL: r.URL, Lang: d.Content.Lang, To: slices.Concat(d.Content.To, d.Content.Cc)}}
	if m.Rest.Thread == "" && d.Parent.IsZero() {
		m.Rest.Thread = r.URI
	}
	return m
}

func (s *Service) addParent(ctx context.Context, tx *store.Tx, d Delivery, m *desk.Message) error {
	if d.Parent.IsZero() {
		return nil
	}
	list, err := desk.Messages(ctx, tx, []desk.MessageID{d.Parent})
	p := list[d.Parent]
	m.Parent = p.RemoteID
	if m.Rest.Thread == "" {
		m.Rest.Thread = p.Rest.Thread
	}
	return err
}

// answered ends the contact's waiting.
func (s *Service) answered(ctx context.Context, tx *store.Tx, d Delivery, was desk.Conversation, m desk.Message, echoed bool, at time.Time) error {
	is := was
	if !echoed {
		is = is.Said(m, s.Now())
	}
	if s.Answered != nil && was.Clock.Running() && d.Part <= 1 {
		tx.After(func() { s.Answered(d, time.Duration(was.Waited(at))*time.Second) })
	}
	return s.concluded(ctx, tx, d, was, is, at)
}

// concluded stores what an answer that was sent makes of its conversation, and tells it. was is what it was before.
func (s *Service) concluded(ctx context.Context, tx *store.Tx, d Delivery, was, is desk.Conversation, at time.Time) error {
	waited := was.Waited(at)
	shut := was.State == desk.Closed && was.ClosedAt.After(d.CreatedAt) // somebody closed it while this was on its way: it stays closed
	again := was.LastInAt.After(d.CreatedAt)                            // the contact wrote again meanwhile: that is not answered by this
	if shut || again || !d.Content.Closes.IsZero() && was.State != desk.Open {
		is.AnsweredAt, is.AnsweredBy = at, d.Author
	} else {
		is = is.Answered(d.Author, at, d.Then, s.Desk.House.Terms(was.Department)).Slept(d.Content.Sleep, s.Now())
	}
	is, err := s.Desk.PromisesSaid(ctx, tx, is, desk.DeliveryOf(d.ID), d.Message, d.Author, at)
	if err != nil {
		return err
	}
	if err := desk.Save(ctx, tx, desk.Change{Was: was, Is: is}); err != nil {
		return err
	}
	if !d.Author.IsZero() {
		if err := s.Desk.Confirm(ctx, tx, was, d.Author); err != nil {
			return err
		}
		if err := contact.Answered(ctx, tx, is.Contact, d.Author, at); err != nil {
			return err
		}
	}
	what := journal.Waiting
	switch {
	case shut || is.State == desk.Open:
		return nil
	case is.State == desk.Closed:
		what = journal.Closed
	}
	entries := []journal.Entry{{Who: journal.Machine, What: what, Conversation: int64(is.ID), Data: journal.Data("seconds", waited, "clock", was.Clock.Kind, "by", d.Author)}}
	if is.State == desk.Snoozed {
		entries = append(entries, journal.Entry{Who: journal.Person(d.Author), What: journal.Snoozed, Conversation: int64(is.ID), Data: journal.Data("until", is.SnoozedUntil)})
	}
	return journal.Write(ctx, tx, entries...)
}
