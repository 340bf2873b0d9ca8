package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// undoLife is how long whoever did something to a conversation can take it back: longer than the screen offers it.
const undoLife = 2 * time.Minute

// undoable are the deeds that can be taken back, by what people call them. Besides them a corrected intent can: it changes nothing of
// how a conversation stands.
var undoable = map[string][]journal.What{
	"claim": {journal.Claimed}, "release": {journal.Released}, "handover": {journal.HandedOver}, "snooze": {journal.Snoozed}, "close": {journal.Closed},
	"aside": {journal.SetAside}, "wake": {journal.Woke}, "reopen": {journal.Reopened, journal.Woke, journal.BroughtBack}, "unaside": {journal.BroughtBack},
	"needs": {journal.NeedsCorrected, journal.SetAside, journal.BroughtBack, journal.Reopened},
}

// stand is how a conversation stands: what those deeds change, and taking them back restores.
type stand struct {
	State        State              `json:"state"`
	Aside        bool               `json:"aside,omitempty"`
	Department   staff.DepartmentID `json:"department"`
	Person       staff.PersonID     `json:"person,omitzero"`
	ClaimedAt    time.Time          `json:"claimedAt,omitzero"`
	TakeBackAt   time.Time          `json:"takeBackAt,omitzero"`
	MoveAt       time.Time          `json:"moveAt,omitzero"`
	LeaveAt      time.Time          `json:"leaveAt,omitzero"`
	Way          Way                `json:"way,omitzero"`
	Decision     *Decision          `json:"decision,omitempty"` // nil: the deed left it as it is
	Asked        []Asked            `json:"asked,omitempty"`
	Clock        Clock              `json:"clock,omitzero"`
	Warn         time.Time          `json:"warn,omitzero"` // of Clock, which does not tell it
	Resolution   Clock              `json:"resolution,omitzero"`
	ResolveWarn  time.Time          `json:"resolveWarn,omitzero"`
	SnoozedUntil time.Time          `json:"snoozedUntil,omitzero"`
	ClosedAt     time.Time          `json:"closedAt,omitzero"`
	Needs        *string            `json:"needs,omitempty"` // nil: the deed left it as it is
}

// undoing is what a deed's entry in the journal keeps to be taken back: how the conversation stood, and what says that it still
// stands as the deed left it.
type undoing struct {
	Was   stand  `json:"was"`
	Is    string `json:"is"`
	Needs string `json:"needs,omitempty"` // as the deed left it, where it changed it
}

// stand is how c stands.
func (c Conversation) stand() stand {
	return stand{State: c.State, Aside: c.Aside, Department: c.Department, Person: c.Person, ClaimedAt: c.ClaimedAt, TakeBackAt: c.TakeBackAt, MoveAt: c.MoveAt,
		LeaveAt: c.LeaveAt, Way: c.Way, Decision: &c.Decision, Asked: c.Asked, Clock: c.Clock, Warn: c.Clock.Warn, Resolution: c.Resolution,
		ResolveWarn: c.Resolution.Warn, SnoozedUntil: c.SnoozedUntil, ClosedAt: c.ClosedAt, Needs: &c.Needs}
}

// stood is c as it stood.
func (c Conversation) stood(s stand) Conversation {
	c.State, c.Aside, c.Department, c.Person, c.ClaimedAt, c.TakeBackAt = s.State, s.Aside, s.Department, s.Person, s.ClaimedAt, s.TakeBackAt
	c.MoveAt, c.LeaveAt, c.Way, c.Asked, c.SnoozedUntil, c.ClosedAt = s.MoveAt, s.LeaveAt, s.Way, s.Asked, s.SnoozedUntil, s.ClosedAt
	c.Clock, c.Resolution = s.Clock, s.Resolution
	c.Clock.Warn, c.Resolution.Warn = s.Warn, s.ResolveWarn
	if s.Decision != nil {
		c.Decision = *s.Decision
	}
	if s.Needs != nil {
		c.Needs = *s.Needs
	}
	return c
}

// mark is the same for two conversations that stand alike, also when one comes from the database, which keeps whole microseconds.
// Whether it was answered is part of it; what the contact said is only where it changed how it stands.
func (c Conversation) mark() string {
	var kept []any
	for _, t := range []time.Time{c.ClaimedAt, c.TakeBackAt, c.MoveAt, c.LeaveAt, c.Clock.Started, c.Clock.Warn, c.Clock.Due, c.Resolution.Warn, c.Resolution.Due,
		c.SnoozedUntil, c.ClosedAt, c.AnsweredAt} {
		kept = append(kept, store.Micros(t))
	}
	kept = append(kept, c.View(), c.Department, c.Person, c.Way, c.askedText(), c.Clock.Kind, c.Clock.State, c.Resolution.State, c.AnsweredBy)
	sum := sha256.Sum256([]byte(store.JSON(kept)))
	return hex.EncodeToString(sum[:12])
}

// unrung is c as if the clocks that did not run when it stood as s had not rung yet: a deed can start one that is late at once.
func (c Conversation) unrung(s stand) Conversation {
	if c.Clock.Running() && !s.Clock.Running() {
		c.Clock.State = Running
	}
	if c.Resolution.Running() && !s.Resolution.Running() {
		c.Resolution.State = Running
	}
	return c
}

// Unlike reports whether c stands otherwise than o, or has other tags: whether a deed changed anything.
func (c Conversation) Unlike(o Conversation) bool {
	return c.mark() != o.mark() || !slices.Equal(c.Tags, o.Tags)
}

// withUndo is e with what taking it back needs, when it is such a deed.
func withUndo(e journal.Entry, was, is Conversation) journal.Entry {
	if !slices.Contains([]journal.What{journal.Claimed, journal.Released, journal.HandedOver, journal.Snoozed, journal.Closed, journal.SetAside, journal.Woke,
		journal.Reopened, journal.BroughtBack, journal.NeedsCorrected}, e.What) {
		return e
	}
	u := undoing{was.stand(), is.mark(), is.Needs}
	if store.JSON(was.Decision) == store.JSON(is.Decision) {
		u.Was.Decision = nil
	}
	if was.Needs == is.Needs {
		u.Was.Needs, u.Needs = nil, ""
	}
	data := map[string]json.RawMessage{}
	if len(e.Data) > 0 && json.Unmarshal(e.Data, &data) != nil {
		return e
	}
	data["undo"] = json.RawMessage(store.JSON(u))
	e.Data = json.RawMessage(store.JSON(data))
	return e
}

// Undo takes back what somebody just did to a conversation, for as long as nobody has touched it since: it stands as it stood, with
// its owner, its clocks and what was asked in it. Whoever put it through may do so although it is no longer theirs to see.
func (d *Desk) Undo(ctx context.Context, who staff.Actor, id ConversationID, deed string) (c Conversation, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return c, err
	}
	if deed == "intent" {
		return d.undoIntent(ctx, who, id)
	}
	whats, ok := undoable[deed]
	if !ok {
		return c, fault.In("do", "this can't be taken back")
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		is, err := LoadOne(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err := lastBy(ctx, tx, who, id, whats)
		var kept struct {
			Undo   undoing
			Lesson LessonID
		}
		if err != nil {
			return err
		}
		if e.What == "" || json.Unmarshal(e.Data, &kept) != nil || d.Now().Sub(e.At) > undoLife {
			if !Sees(who, is) {
				return noConversation()
			}
			return tooLongAgo()
		}
		if u := kept.Undo; u.Is != is.unrung(u.Was).mark() || u.Was.Needs != nil && u.Needs != is.Needs {
			return touchedSince()
		}
		c = is.stood(kept.Undo.Was)
		if !Works(who, c) {
			return noConversation()
		}
		if !d.House.Exists(c.Department) {
			return fault.New(fault.Conflict, "the department it was with is no more: put it right by hand")
		}
		if err := Save(ctx, tx, Change{is, c}); err != nil {
			return err
		}
		told, err := d.askAgain(ctx, tx, is, c)
		if err != nil {
			return err
		}
		if deed == "claim" && is.AnsweredAt.IsZero() { // what was borne out before any answer was by a claim
			if err := dropConfirmation(ctx, tx, id); err != nil {
				return err
			}
		}
		if !kept.Lesson.IsZero() { // it is as if nobody had said whose it is
			if err := takeBack(ctx, tx, id, kept.Lesson); err != nil {
				return err
			}
		}
		told = append(told, undoneEntries(is, c)...)
		for k := range told {
			told[k].Who, told[k].Conversation = who.Who(), int64(id)
		}
		return journal.Write(ctx, tx, told...)
	})
	return c, err
}

func tooLongAgo() error {
	return fault.New(fault.Conflict, "this was too long ago to be taken back: put it right by hand")
}

func touchedSince() error {
	return fault.New(fault.Conflict, "something has happened in it since: look at it, and put it right by hand")
}

// askAgain opens the requests that ended when a conversation was closed, and are asked in it again.
func (d *Desk) askAgain(ctx context.Context, tx *store.Tx, was, is Conversation) (told []journal.Entry, err error) {
	for _, a := range is.Asked {
		if slices.ContainsFunc(was.Asked, func(b Asked) bool { return b.Request == a.Request }) {
			continue
		}
		r, err := request(ctx, tx, a.Request)
		if err != nil {
			return nil, err
		}
		r.State, r.Answer, r.EndedBy, r.EndedAt = RequestOpen, "", 0, time.Time{}
		if err := endRequest(ctx, tx, r); err != nil {
			return nil, err
		}
		told = append(told, askedEntry(r))
	}
	return told, nil
}

// undone is the reason that the journal gives for what taking back did.
const undone = "undone"

// undoneEntries tells what taking back did, in the words of the deeds that do the same, so that whoever reads the journal need not know
// of it.
func undoneEntries(was, is Conversation) (told []journal.Entry) {
	if was.Needs != is.Needs {
		told = append(told, journal.Entry{What: journal.NeedsCorrected, Data: journal.Data("from", was.Needs, "needs", is.Needs, "reason", undone)})
	}
	switch moved := was.Department != is.Department; {
	case moved || !is.Person.IsZero() && !was.Person.IsZero() && is.Person != was.Person:
		told = append(told, journal.Entry{What: journal.HandedOver, Data: journal.Data("from", was.Department, "fromPerson", was.Person,
			"department", is.Department, "person", is.Person, "reason", undone)})
	case is.Person != was.Person && is.Person.IsZero():
		told = append(told, journal.Entry{What: journal.Released, Data: journal.Data("person", was.Person, "reason", undone)})
	case is.Person != was.Person:
		told = append(told, journal.Entry{What: journal.Claimed, Data: journal.Data("person", is.Person)})
	case was.View() == is.View() && was.Needs == is.Needs: // it was put through to them, and they had said that they have it
		told = append(told, journal.Entry{What: journal.HandedOver, Data: journal.Data("from", was.Department, "fromPerson", was.Person,
			"department", is.Department, "person", is.Person, "reason", undone)})
	}
	if was.View() == is.View() {
		return told
	}
	what, data := journal.Reopened, journal.Data("reason", undone)
	switch {
	case is.View() == "aside":
		what = journal.SetAside
	case is.State == Closed:
		what = journal.Closed
	case is.State == Snoozed:
		what, data = journal.Snoozed, journal.Data("until", is.SnoozedUntil.UTC())
	case is.State == Waiting:
		what = journal.Waiting
	case was.View() == "aside":
		what = journal.BroughtBack
	case was.State == Snoozed:
		what = journal.Woke
	}
	return append(told, journal.Entry{What: what, Data: data})
}

// lastBy is the newest of some deeds that somebody did to a conversation and can take back; the zero Entry when there is none.
func lastBy(ctx context.Context, q store.Queryer, who staff.Actor, id ConversationID, whats []journal.What) (e journal.Entry, err error) {
	if who.Person.IsZero() {
		return e, nil
	}
	list, err := journal.Of(ctx, q, int64(id), 50)
	for _, e := range slices.Backward(list) {
		if e.Who == who.Who() && slices.Contains(whats, e.What) {
			return e, err
		}
	}
	return journal.Entry{}, err
}
