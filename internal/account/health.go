package account

import (
	"context"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Well notes that an account's far side answered, and ends its trouble. streaming says that it is heard live.
func (b *Book) Well(ctx context.Context, id ID, streaming bool, gap time.Time) error {
	return b.heal(ctx, id, func(a Account) (Account, journal.What) {
		what := journal.What("")
		if a.State != Active {
			what = journal.AccountWell
		}
		a.State, a.Trouble, a.NextTry, a.FetchedAt, a.Streaming = Active, nil, time.Time{}, b.Now(), streaming
		a.GapSince = gap
		return a, what
	})
}

// Ail notes what is wrong with an account and returns when it is tried again: the zero time says not before a person has
// connected it again. since is from when on something may be missing.
func (b *Book) Ail(ctx context.Context, id ID, err error, since time.Time) (next time.Time) {
	t := channel.TroubleOf(err)
	now := b.Now()
	saved := b.heal(context.WithoutCancel(ctx), id, func(a Account) (Account, journal.What) {
		what := journal.AccountTrouble
		tries := 1
		ill := Ailment{Deed: t.Deed, Message: t.Message, Since: now, Incident: Incident()}
		if a.Trouble != nil && (a.Trouble.Deed == t.Deed || passes(a.Trouble.Deed) && passes(t.Deed)) {
			what, tries = "", a.Trouble.Tries+1 // told already
			ill.Since, ill.Incident = a.Trouble.Since, a.Trouble.Incident
		}
		ill.Tries = tries
		next = when(t, tries, now)
		a.State, a.Trouble, a.NextTry, a.Streaming = Trouble, &ill, next, false
		if t.Deed == channel.Reconnect || t.Deed == channel.Operator || t.Deed == channel.NotAllowed {
			a.State = Reconnect
		}
		if a.GapSince.IsZero() {
			a.GapSince = since
		}
		if what != "" {
			b.Log.Warn("an account is in trouble", "account", id.String(), "incident", ill.Incident, "deed", string(t.Deed), "message", t.Message, "error", t.Err)
		}
		return a, what
	})
	if saved != nil {
		b.Log.Error("an account's trouble could not be noted", "account", id.String(), "error", saved)
		return now.Add(10 * time.Second)
	}
	return next
}

// passes reports a trouble that ends by itself: a far side that is down says so in several ways within one outage.
func passes(d channel.Deed) bool { return d == channel.Again || d == channel.Wait }

// when is the time of the next try: as told, or after 2, 4, 8 … seconds, ten minutes at most. A dead token is tried once an
// hour, in case the far side comes to its senses.
func when(t *channel.Trouble, tries int, now time.Time) time.Time {
	switch t.Deed {
	case channel.Wait:
		if t.Until.After(now) {
			return t.Until
		}
	case channel.Reconnect, channel.Operator, channel.NotAllowed:
		return now.Add(time.Hour)
	}
	return now.Add(min(time.Second<<min(tries, 10), 10*time.Minute))
}

func (b *Book) heal(ctx context.Context, id ID, change func(Account) (Account, journal.What)) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		was, err := One(ctx, tx, id)
		if err != nil {
			return err
		}
		a, what := change(was)
		if err := saveHealth(ctx, tx, a); err != nil || what == "" {
			return err
		}
		tx.Wake(Topic)
		e := journal.Entry{Who: journal.Machine, What: what, About: journal.About("account", id)}
		if a.Trouble != nil {
			e.Data = journal.Data("deed", a.Trouble.Deed, "message", a.Trouble.Message, "nextTry", a.NextTry)
		}
		return journal.Write(ctx, tx, e)
	})
}

// CheckNow asks an account's far side who we are and notes the outcome.
func (b *Book) CheckNow(ctx context.Context, who staff.Actor, id ID) (Account, error) {
	if err := b.RequireManage(ctx, who, id); err != nil {
		return Account{}, err
	}
	return b.Recheck(ctx, id)
}

// Recheck is CheckNow for the machine: once a day it finds a token that died in silence.
func (b *Book) Recheck(ctx context.Context, id ID) (Account, error) {
	conn, err := b.Conn(ctx, id)
	if err != nil {
		return Account{}, err
	}
	call, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	p, err := conn.Check(call)
	if err != nil {
		b.Ail(ctx, id, err, time.Time{})
		return One(ctx, b.Store.Read(), id)
	}
	a, err := One(ctx, b.Store.Read(), id)
	if err != nil {
		return a, err
	}
	a = a.profiled(p, b.Now())
	a.State, a.Trouble, a.NextTry = Active, nil, time.Time{}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := saveProfile(ctx, tx, a); err != nil {
			return err
		}
		tx.Wake(Topic)
		return saveHealth(ctx, tx, a)
	})
	return a, err
}
