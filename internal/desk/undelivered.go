package desk

import (
	"context"

	"switchboard/internal/account"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// LetterFailed tells, in tx, at a request that the letter about it could not be sent. A letter about something else is nothing to it.
func (d *Desk) LetterFailed(ctx context.Context, tx *store.Tx, l mail.Log) error {
	of, to, ok := letterOf(l.Key)
	if !ok {
		return nil
	}
	r, err := request(ctx, tx, of)
	if fault.Is(err, fault.NotFound) || err == nil && r.State != RequestOpen {
		return nil
	}
	if err != nil {
		return err
	}
	return tellUndelivered(ctx, tx, r, to, l.Trouble)
}

// LetterReturned takes a mail that says that a letter of ours, known by its Message-ID, was not delivered, and tells so at its
// request. taken says that it is dealt with; a letter that asked nothing, or that never was, leaves it a message like any other.
func (d *Desk) LetterReturned(ctx context.Context, a account.ID, remoteID, messageID string) (taken bool, err error) {
	if d.Mail == nil {
		return false, nil
	}
	if taken, err = mailTaken(ctx, d.Store.Read(), a, remoteID); taken || err != nil {
		return taken, err
	}
	l, err := d.Mail.Find(ctx, d.Store.Read(), messageID)
	if err != nil {
		return false, unless(err, fault.NotFound)
	}
	of, to, ok := letterOf(l.Key)
	if !ok {
		return false, nil
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		r, err := request(ctx, tx, of)
		if err != nil {
			return err
		}
		if err := takeMail(ctx, tx, a, remoteID, r.ID, d.Now()); err != nil {
			return err
		}
		if r.State != RequestOpen { // nobody waits for it any more
			return nil
		}
		return tellUndelivered(ctx, tx, r, to, "it came back from "+l.To+": look whether the address is right")
	})
	if store.Repeated(err) { // another node was quicker
		return true, nil
	}
	return err == nil, unless(err, fault.NotFound)
}

func tellUndelivered(ctx context.Context, tx *store.Tx, r Request, to staff.PersonID, why string) error {
	return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.RequestUndelivered, Conversation: int64(r.Conversation),
		About: journal.About("request", r.ID), Data: journal.Data("department", r.Department, "toPerson", to, "from", r.From, "reason", letters.First(why, 500))})
}

// unless is err, or nil when it is of a kind.
func unless(err error, k fault.Kind) error {
	if fault.Is(err, k) {
		return nil
	}
	return err
}
