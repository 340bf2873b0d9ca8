package account

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Well notes that an account's far side answered, and ends its trouble in hearing. streaming says that it is heard live. What keeps
// it from speaking stays: that it can be read says nothing of that. Only having been told to wait ends with its time.
func (b *Book) Well(ctx context.Context, id ID, streaming bool) error {
	return b.heal(ctx, id, func(a Account) (Account, journal.What) {
		a.Trouble, a.NextTry, a.FetchedAt, a.Streaming = nil, time.Time{}, b.Now(), streaming
		if a.Mute != nil && passes(a.Mute.Deed) && !a.Mute.NextTry.After(b.Now()) {
			a.Mute = nil
		}
		a.GapSince = time.Time{}
		return a.healed()
	})
}

// Lost notes that some of what was said since a time can't be had any more. That stays until a person has seen it.
func (b *Book) Lost(ctx context.Context, id ID, since time.Time) error {
	return b.heal(ctx, id, func(a Account) (Account, journal.What) {
		if !a.LostSince.IsZero() && !since.Before(a.LostSince) {
			return a, ""
		}
		a.LostSince = since
		return a, journal.AccountLost
	})
}

// SeeLost notes that a person has seen that.
func (b *Book) SeeLost(ctx context.Context, who staff.Actor, id ID) (a Account, err error) {
	if err := b.RequireManage(ctx, who, id); err != nil {
		return a, err
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if a, err = locked(ctx, tx, id); err != nil || a.LostSince.IsZero() {
			return err
		}
		was := a.LostSince
		a.LostSince = time.Time{}
		if err := saveHealth(ctx, tx, a); err != nil {
			return err
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AccountLostSeen, About: journal.About("account", id), Data: journal.Data("since", was)})
	})
	return a, err
}

// healed is a in the state that is left, and what is to be told of that.
func (a Account) healed() (Account, journal.What) {
	was := a.State
	if a.State = a.state(); was != Active && a.State == Active {
		return a, journal.AccountWell
	}
	return a, ""
}

// Spoke notes that an account has said something: nothing keeps it from speaking.
func (b *Book) Spoke(ctx context.Context, tx *store.Tx, id ID) error {
	return b.healIn(ctx, tx, id, func(a Account) (Account, journal.What) {
		a.Mute = nil
		return a.healed()
	})
}

// mayTry notes that a test was sent from an account: what waits to be sent shows at once whether it may speak. A test disproves no
// pause, and nothing that is missing for other things than it says.
func (b *Book) mayTry(ctx context.Context, tx *store.Tx, id ID) error {
	return b.healIn(ctx, tx, id, func(a Account) (Account, journal.What) {
		if a.Mute == nil || a.Mute.Deed != channel.Reconnect && a.Mute.Deed != channel.Again {
			return a, ""
		}
		ill := *a.Mute
		ill.NextTry = b.Now()
		a.Mute = &ill
		return a, ""
	})
}

// Ail notes what keeps an account from hearing and returns when it is tried again. since is from when on something may be missing.
func (b *Book) Ail(ctx context.Context, id ID, err error, since time.Time) (next time.Time) {
	t := channel.TroubleOf(err)
	now := b.Now()
	next = now.Add(10 * time.Second)
	saved := b.heal(context.WithoutCancel(ctx), id, func(a Account) (Account, journal.What) {
		ill := ailment(t, a.Trouble, now)
		next = when(t, ill.Tries, now)
		what := a.news(t, a.Trouble)
		a.Trouble, a.NextTry, a.Streaming = &ill, next, false
		a.State = a.state()
		if a.GapSince.IsZero() {
			a.GapSince = since
		}
		b.log(id, t, ill, what)
		return a, what
	})
	if saved != nil {
		b.Log.Error("an account's trouble could not be noted", "account", id.String(), "error", saved)
	}
	return next
}

// Mute notes what keeps an account from speaking. began is when what failed was begun: access that was found good since then is
// not doubted for it.
func (b *Book) Mute(ctx context.Context, id ID, err error, began time.Time) {
	t := channel.TroubleOf(err)
	now := b.Now()
	saved := b.heal(context.WithoutCancel(ctx), id, func(a Account) (Account, journal.What) {
		if t.Deed == channel.Reconnect && a.CheckedAt.After(began) {
			return a, ""
		}
		if m := a.Mute; m != nil && m.Deed == t.Deed && m.NextTry.After(now) && !t.Until.After(m.NextTry) {
			return a, "" // of several that were on their way at once the first has said so
		}
		ill := ailment(t, a.Mute, now)
		if ill.NextTry = when(t, ill.Tries, now); ill.dead() {
			ill.NextTry = now.Add(min(time.Minute<<min(ill.Tries, 6), time.Hour)) // sooner at first: far sides err too
		}
		what := a.news(t, a.Mute)
		a.Mute = &ill
		a.State = a.state()
		b.log(id, t, ill, what)
		return a, what
	})
	if saved != nil {
		b.Log.Error("an account's trouble could not be noted", "account", id.String(), "error", saved)
	}
}

// ailment is t as an ailment; was is the one of its kind that there is.
func ailment(t *channel.Trouble, was *Ailment, now time.Time) Ailment {
	ill := Ailment{Deed: t.Deed, Message: t.Message, Since: now, Incident: Incident(), Tries: 1}
	if was.same(t) {
		ill.Since, ill.Incident, ill.Tries = was.Since, was.Incident, was.Tries+1
	}
	return ill
}

// same reports whether i is what t says again.
func (i *Ailment) same(t *channel.Trouble) bool {
	return i != nil && (i.Deed == t.Deed || passes(i.Deed) && passes(t.Deed))
}

// news is what is to be told of a trouble where was is the one of its kind that there is: nothing when it was told already. A dead
// token is found in hearing and in speaking, and told of once.
func (a Account) news(t *channel.Trouble, was *Ailment) journal.What {
	dead := func(i *Ailment) bool { return t.Deed == channel.Reconnect && i.same(t) }
	if was.same(t) || dead(a.Trouble) || dead(a.Mute) {
		return ""
	}
	return journal.AccountTrouble
}

func (b *Book) log(id ID, t *channel.Trouble, ill Ailment, what journal.What) {
	if what != "" {
		b.Log.Warn("an account is in trouble", "account", id.String(), "incident", ill.Incident, "deed", string(t.Deed), "message", t.Message, "error", t.Err)
	}
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
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return b.healIn(ctx, tx, id, change) })
}

// healIn changes an account's health and tells of it. One that was removed is neither well nor ill.
func (b *Book) healIn(ctx context.Context, tx *store.Tx, id ID, change func(Account) (Account, journal.What)) error {
	was, err := locked(ctx, tx, id)
	if err != nil || !was.RemovedAt.IsZero() {
		return err
	}
	a, what := change(was)
	if a.Health != was.Health || a.State != was.State {
		if err := saveHealth(ctx, tx, a); err != nil {
			return err
		}
	}
	if what == "" {
		return nil
	}
	tx.Wake(Topic)
	e := journal.Entry{Who: journal.Machine, What: what, About: journal.About("account", id)}
	switch { // of what it has now and had not
	case a.LostSince != was.LostSince:
		e.Data = journal.Data("since", a.LostSince)
	case a.Trouble != nil && a.Trouble != was.Trouble:
		e.Data = journal.Data("deed", a.Trouble.Deed, "message", a.Trouble.Message, "nextTry", a.NextTry)
	case a.Mute != nil && a.Mute != was.Mute:
		e.Data = journal.Data("deed", a.Mute.Deed, "message", a.Mute.Message, "nextTry", a.Mute.NextTry)
	}
	return journal.Write(ctx, tx, e)
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
	began := b.Now()
	p, err := conn.Check(call)
	if err != nil {
		return b.failed(ctx, id, err, began)
	}
	var a Account
	var warned bool
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		var what journal.What
		err := b.healIn(ctx, tx, id, func(was Account) (Account, journal.What) {
			a, what = was.checked(p, b.Now())
			warned = warn(p.TokenExpires, was.CheckedAt, b.Now())
			return a, what
		})
		if err != nil {
			return err
		}
		tx.Wake(Topic)
		if err := saveProfile(ctx, tx, a); err != nil || !warned {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.AccountExpires, About: journal.About("account", id),
			Data: journal.Data("at", a.TokenExpires)})
	})
	return a, err
}

// warnings are how long before an account's access runs out people are told.
var warnings = []time.Duration{14 * 24 * time.Hour, 2 * 24 * time.Hour}

// warn reports whether people are told now that access runs out, where that was last looked at before.
func warn(expires, before, now time.Time) bool {
	return !expires.IsZero() && slices.ContainsFunc(warnings, func(ahead time.Duration) bool {
		at := expires.Add(-ahead)
		return before.Before(at) && !now.Before(at)
	})
}

// failed is an account that was asked who it is and did not say. What only a person can end is kept as what keeps it from
// speaking, for the next good reading does not prove it wrong.
func (b *Book) failed(ctx context.Context, id ID, err error, began time.Time) (Account, error) {
	if t := channel.TroubleOf(err); (&Ailment{Deed: t.Deed}).dead() {
		b.Mute(ctx, id, err, began)
	} else {
		b.Ail(ctx, id, err, time.Time{})
	}
	return One(ctx, b.Store.Read(), id)
}

// checked is a after its far side has said who it is. Where that has not shown that it may speak too, what waits to be sent will
// show it, at once.
func (a Account) checked(p channel.Profile, now time.Time) (Account, journal.What) {
	a = a.profiled(p, now)
	a.Trouble, a.NextTry = nil, time.Time{}
	if a.Mute != nil {
		ill := *a.Mute
		ill.NextTry = now
		if a.Mute = &ill; p.MaySpeak {
			a.Mute = nil
		}
	}
	return a.healed()
}
