package delivery

import (
	"cmp"
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Can says what somebody may do with a delivery of a conversation they see: approve, cancel, retry, confirm.
func (s *Service) Can(ctx context.Context, who staff.Actor, d Delivery) []string {
	out := []string{}
	if !who.Can(staff.Answer) {
		return out
	}
	may, err := s.Book.MaySpeak(ctx, s.Store.Read(), who, d.Account)
	if err != nil {
		return out
	}
	own := !who.Person.IsZero() && d.Author == who.Person
	switch d.State {
	case Held:
		if may && s.early(ctx, d) == nil {
			out = append(out, "approve")
		}
		if may || own {
			out = append(out, "cancel")
		}
	case Queued:
		if may || own {
			out = append(out, "cancel")
		}
	case Failed:
		if may && !d.halfThere() {
			out = append(out, "retry")
		}
	case Unknown:
		if may {
			out = append(out, "confirm", "retry")
		}
	}
	return out
}

// decide changes a delivery for somebody who has the right word in Can.
func (s *Service) decide(ctx context.Context, who staff.Actor, id ID, word string, what journal.What, do func(Delivery) (Delivery, error)) (d Delivery, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return d, err
	}
	seen, err := s.decidable(ctx, who, id, word)
	if err != nil {
		return d, err
	}
	if word == "approve" {
		if err := s.early(ctx, seen); err != nil {
			return d, err
		}
	}
	if err := allowed(s.Can(ctx, who, seen), word, seen); err != nil {
		return d, err
	}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		was, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if was.State != seen.State {
			return fault.New(fault.Conflict, "it has moved on meanwhile: it is "+string(was.State)+" now")
		}
		if d, err = do(was); err != nil {
			return err
		}
		if d.State == Queued {
			if late, err := s.overtaken(ctx, tx, d); err != nil || late {
				return cmp.Or(err, fault.New(fault.Conflict, overtaken+"to let it out"))
			}
		}
		if err := save(ctx, tx, d); err != nil {
			return err
		}
		if err := s.decided(ctx, tx, who, was, d); err != nil {
			return err
		}
		switch {
		case d.State == Cancelled:
			if err = s.closings(ctx, tx, d, journal.DeliveryCancelled, func(last Delivery) Delivery {
				return last.ended(Cancelled, "the private message was taken back", s.Now())
			}); err == nil {
				err = s.Desk.PromisesUnsaid(ctx, tx, desk.DeliveryOf(id))
			}
		case d.State == Sent && !d.Conversation.IsZero():
			err = s.confirmed(ctx, tx, d)
		}
		if err != nil {
			return err
		}
		if err := s.tell(ctx, tx, who.Who(), what, d); err != nil || d.State != Queued {
			return err
		}
		return s.enqueue(ctx, tx, d)
	})
	return d, err
}

// decidable is a delivery that somebody may see, or take back as their own: also when the conversation went to others while it waited.
func (s *Service) decidable(ctx context.Context, who staff.Actor, id ID, word string) (Delivery, error) {
	if word == "cancel" && !who.Person.IsZero() {
		if d, err := one(ctx, s.Store.Read(), id); err != nil || d.Author == who.Person {
			return d, err
		}
	}
	return s.One(ctx, who, id)
}

func allowed(can []string, word string, d Delivery) error {
	for _, c := range can {
		if c == word {
			return nil
		}
	}
	if word == "retry" && d.halfThere() {
		return fault.New(fault.Conflict, "it came back from at least one of those it went to; the others may have it, and would have it twice")
	}
	possible := map[string][]State{"approve": {Held}, "cancel": {Held, Queued}, "retry": {Failed, Unknown}, "confirm": {Unknown}}[word]
	for _, p := range possible {
		if d.State == p {
			return fault.New(fault.Forbidden, "this is for somebody who may speak for the account")
		}
	}
	return fault.New(fault.Conflict, "it is "+string(d.State)+": that can't be done with it any more")
}

// halfThere reports whether d came back from one of several it went to: the others may have it, and would have it twice.
func (d Delivery) halfThere() bool {
	return d.State == Failed && !d.SentAt.IsZero() && len(d.Content.Cc) > 0
}

// early says that it is too early to let d out: it is the closing line of a private message that has not been sent.
func (s *Service) early(ctx context.Context, d Delivery) error {
	if d.Content.Closes.IsZero() {
		return nil
	}
	first, err := one(ctx, s.Store.Read(), d.Content.Closes)
	if err == nil && first.State != Sent {
		err = fault.New(fault.Conflict, "it goes out when the private message has been sent: see to that one first")
	}
	return err
}

// One returns a delivery that somebody may see: one of a conversation they see, or of an account they may speak for.
func (s *Service) One(ctx context.Context, who staff.Actor, id ID) (Delivery, error) {
	d, err := one(ctx, s.Store.Read(), id)
	if err != nil {
		return d, err
	}
	if d.Conversation.IsZero() {
		see, err := s.seesPost(ctx, who, d)
		if err == nil && !see {
			err = fault.New(fault.NotFound, none)
		}
		if err != nil {
			return Delivery{}, err
		}
		return d, nil
	}
	if _, err := s.Desk.Conversation(ctx, who, d.Conversation); err != nil {
		return Delivery{}, fault.New(fault.NotFound, none)
	}
	return d, nil
}

// seesPost reports whether somebody may see a post: their own, or one of an account they may speak for.
func (s *Service) seesPost(ctx context.Context, who staff.Actor, d Delivery) (bool, error) {
	if !who.Person.IsZero() && d.Author == who.Person {
		return true, nil
	}
	return s.Book.MaySpeak(ctx, s.Store.Read(), who, d.Account)
}

// Approve lets a held delivery out, byte for byte as it was written.
func (s *Service) Approve(ctx context.Context, who staff.Actor, id ID) (Delivery, error) {
	return s.decide(ctx, who, id, "approve", journal.DeliveryApproved, func(d Delivery) (Delivery, error) {
		d.State, d.Reason, d.ApprovedBy, d.DueAt = Queued, "", who.Person, s.Now()
		return d.agreed(), nil
	})
}

// agreed is d after somebody has seen how what it answers has changed. A further change holds it again, and its tries begin anew.
func (d Delivery) agreed() Delivery {
	c := &d.Content
	if c.DifferenceVersion != "" {
		c.ParentVersion = c.DifferenceVersion
	}
	c.Anyway = c.Anyway || c.Gone
	c.Difference, c.DifferenceVersion, c.Gone, c.Since = "", "", false, time.Time{}
	return d
}

// Cancel takes a delivery back that has not begun to leave.
func (s *Service) Cancel(ctx context.Context, who staff.Actor, id ID) (Delivery, error) {
	return s.decide(ctx, who, id, "cancel", journal.DeliveryCancelled, func(d Delivery) (Delivery, error) {
		return d.ended(Cancelled, "", s.Now()), nil
	})
}

// Retry sends a delivery again that failed, or of which a person has seen that it did not arrive. The key stays the same.
func (s *Service) Retry(ctx context.Context, who staff.Actor, id ID) (Delivery, error) {
	return s.decide(ctx, who, id, "retry", journal.DeliveryQueued, func(d Delivery) (Delivery, error) {
		d.State, d.Reason, d.DueAt, d.EndedAt, d.Tries = Queued, "", s.Now(), time.Time{}, 0
		d.Content.Since = time.Time{}
		if !who.Person.IsZero() && who.Person != d.Author { // it is theirs to answer for from now on
			d.ApprovedBy = who.Person
		}
		return d, nil
	})
}

// Confirm says of an unknown delivery that a person has looked: it is there, or it is not.
func (s *Service) Confirm(ctx context.Context, who staff.Actor, id ID, there bool) (Delivery, error) {
	what := journal.DeliverySent
	if !there {
		what = journal.DeliveryFailed
	}
	return s.decide(ctx, who, id, "confirm", what, func(d Delivery) (Delivery, error) {
		if there {
			d = d.ended(Sent, "seen at the other side by a person", s.Now())
			d.SentAt = s.Now()
			return d, nil
		}
		return d.ended(Failed, "a person has looked: it did not arrive", s.Now()), nil
	})
}

// confirmed has a conversation answered by a delivery that a person has seen at the far side.
func (s *Service) confirmed(ctx context.Context, tx *store.Tx, d Delivery) error {
	was, err := desk.LoadOne(ctx, tx, d.Conversation)
	if err != nil {
		return err
	}
	if err := s.addressed(ctx, tx, d, was); err != nil {
		return err
	}
	if err := s.letClosingOut(ctx, tx, d); err != nil {
		return err
	}
	return s.concluded(ctx, tx, d, was, was, s.Now())
}

// Waiting returns the deliveries in a state that waits for people (held, unknown, failed), as far as somebody may see them.
func (s *Service) Waiting(ctx context.Context, who staff.Actor, state State) ([]Delivery, error) {
	if state != Held && state != Unknown && state != Failed {
		return nil, fault.In("state", "what waits for people is held, unknown or failed")
	}
	if err := who.Require(staff.SeeDesk); err != nil {
		return nil, err
	}
	list, err := inState(ctx, s.Store.Read(), state, 200)
	if err != nil {
		return nil, err
	}
	ids := make([]desk.ConversationID, 0, len(list))
	for _, d := range list {
		ids = append(ids, d.Conversation)
	}
	sees, err := s.Desk.Seen(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	out := []Delivery{}
	for _, d := range list {
		see := sees[d.Conversation]
		if d.Conversation.IsZero() {
			if see, err = s.seesPost(ctx, who, d); err != nil {
				return nil, err
			}
		}
		if see {
			out = append(out, d)
		}
	}
	return out, nil
}
