package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// House is what the desk asks of the staff.
type House interface {
	// Terms says how soon a department answers; an unknown department gets the organisation's.
	Terms(d staff.DepartmentID) Terms
	// Home returns the department a person works for first, false when there is no such active person.
	Home(p staff.PersonID) (staff.DepartmentID, bool)
	// Departments returns all departments, those with conversations left from before they were retired too.
	Departments() []staff.DepartmentID
	// Exists reports whether a department is there and not retired.
	Exists(d staff.DepartmentID) bool
	// Answers reports whether a person is active and answers what they are asked: a viewer and an agency do not.
	Answers(p staff.PersonID) bool
	// Hours are those somebody works by, zero for nobody by name: their own, else the department's.
	Hours(d staff.DepartmentID, p staff.PersonID) *clock.Calendar
	// StandIn is who is asked besides when a department, or somebody of it, does not answer.
	StandIn(d staff.DepartmentID, p staff.PersonID) StandIn
	// Actor is an active person, as if they were signed in; false when there is no such person.
	Actor(p staff.PersonID) (staff.Actor, bool)
	// Roster is who works here.
	Roster() *staff.Roster
}

// Desk does what people do with conversations.
type Desk struct {
	Store *store.Store
	Now   func() time.Time
	House House
	// Guide says where what is stuck goes. Without one it stays.
	Guide Guide
	// Learn hears of what a person moved or corrected, after it is stored. It may be nil.
	Learn func(Lesson)
	// MadeUp is the channel whose contacts are made up: that they were answered where they were put through to teaches nothing.
	MadeUp string
	// Mail is the house's post, by which requests go out. Without one none does.
	Mail Mail
}

// Sees reports whether somebody may see a conversation: all of it or nothing.
//
// Who works on it does, who must deliver what is promised in it, and who is asked something in it, for as long as that is open;
// who is asked not where they were to see the question or one message alone.
func Sees(who staff.Actor, c Conversation) bool {
	if Works(who, c) {
		return true
	}
	if who.Role == staff.Agency || !who.Reaches(staff.Read) {
		return false
	}
	return slices.ContainsFunc(c.Asked, func(a Asked) bool { return a.Shown(who) }) || c.PromisedTo(who)
}

// Works reports whether a conversation is somebody's to work on, as far as they have the rights: to answer the contact, to
// close it, to put it through. Who is only asked something in it sees it, answers what was asked, writes notes, and no more.
//
// Who sees all by role works on all; others on what their departments own and what they own themselves. An agency on none.
func Works(who staff.Actor, c Conversation) bool {
	switch {
	case who.Role == staff.Agency:
		return false
	case who.Can(staff.SeeAll):
		return true
	case !who.Reaches(staff.Read):
		return false
	}
	return !who.Person.IsZero() && c.Person == who.Person || who.In(c.Department)
}

// deed is what one kind of change does to a conversation: it returns it changed, and what to write into the journal. What it
// leaves empty of the entry (who, which conversation) is filled in.
type deed func(ctx context.Context, tx *store.Tx, c Conversation, t Terms) (Conversation, journal.Entry, error)

// OnlyAsked is the answer to somebody who is asked something in a conversation and wants to do more with it.
func OnlyAsked() error {
	return fault.New(fault.Forbidden, "you are asked something here, but the conversation is not yours: answer the request, or write a note to its owner")
}

// change does a deed for somebody whose conversation it is to work on and who has the right.
func (d *Desk) change(ctx context.Context, who staff.Actor, right staff.Action, id ConversationID, do deed) (Conversation, error) {
	return d.does(ctx, who, right, id, func(ctx context.Context, tx *store.Tx, c Conversation, t Terms) (Conversation, journal.Entry, error) {
		if !Works(who, c) {
			return c, journal.Entry{}, OnlyAsked()
		}
		return do(ctx, tx, c, t)
	})
}

// look does a deed for somebody who may see the conversation, and be it that they are only asked something in it.
func (d *Desk) look(ctx context.Context, who staff.Actor, id ConversationID, do deed) (Conversation, error) {
	return d.does(ctx, who, staff.Answer, id, do)
}

// does does a deed for somebody who may see the conversation and has the right.
func (d *Desk) does(ctx context.Context, who staff.Actor, right staff.Action, id ConversationID, do deed) (Conversation, error) {
	return d.doesIf(ctx, who, right, id, func(c Conversation) bool { return Sees(who, c) }, do)
}

// doesIf does a deed on a conversation that satisfies may, for somebody who has the right.
func (d *Desk) doesIf(ctx context.Context, who staff.Actor, right staff.Action, id ConversationID, may func(Conversation) bool, do deed) (c Conversation, err error) {
	if err := who.Require(right); err != nil {
		return c, err
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		c, err = d.doneIn(ctx, tx, who, id, may, do)
		return err
	})
	return c, err
}

// doneIn is doesIf in a transaction that is there already, for somebody of whom it is known that they have the right.
func (d *Desk) doneIn(ctx context.Context, tx *store.Tx, who staff.Actor, id ConversationID, may func(Conversation) bool, do deed) (c Conversation, err error) {
	was, err := LoadOne(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if !may(was) {
		return c, noConversation()
	}
	var e journal.Entry
	if c, e, err = do(ctx, tx, was, d.House.Terms(was.Department)); err != nil {
		return c, err
	}
	if e.What == "" {
		return c, nil // nothing changed
	}
	if err := Save(ctx, tx, Change{was, c}); err != nil {
		return c, err
	}
	e = withUndo(e, was, c)
	e.Who, e.Conversation = who.Who(), int64(id)
	return c, journal.Write(ctx, tx, e)
}

// Claim makes the person the owner. When somebody else has it the Conflict names them.
func (d *Desk) Claim(ctx context.Context, who staff.Actor, id ConversationID) (Conversation, error) {
	return d.change(ctx, who, staff.Answer, id, func(ctx context.Context, tx *store.Tx, c Conversation, t Terms) (Conversation, journal.Entry, error) {
		if c.Person == who.Person && c.MoveAt.IsZero() {
			return c, journal.Entry{}, nil
		}
		e := journal.Entry{What: journal.Claimed, Data: journal.Data("person", who.Person)}
		n, err := c.claim(who.Person, t, d.Now())
		switch {
		case c.Person == who.Person: // it was put through to them, and they say that they have it
			n = c.Taken(who.Person, t, d.Now())
		case err != nil && !c.Person.IsZero():
			return c, journal.Entry{}, &Held{By: c.Person, Since: c.ClaimedAt}
		case err != nil:
			return c, journal.Entry{}, err
		}
		if c.Department == d.House.Roster().Operator().ID { // in their own department it is the answer that counts
			err = d.Confirm(ctx, tx, c, who.Person)
		}
		return n, e, err
	})
}

// Held is the error of a claim that came second.
type Held struct {
	By    staff.PersonID
	Since time.Time
}

func (h *Held) Error() string { return "somebody else has it" }

// Unwrap gives its kind.
func (h *Held) Unwrap() error { return fault.New(fault.Conflict, "somebody else has it already") }

// Release gives a claimed conversation back to its department's queue.
func (d *Desk) Release(ctx context.Context, who staff.Actor, id ConversationID) (Conversation, error) {
	return d.change(ctx, who, staff.Answer, id, func(_ context.Context, _ *store.Tx, c Conversation, t Terms) (Conversation, journal.Entry, error) {
		if c.Person.IsZero() {
			return c, journal.Entry{}, nil
		}
		if c.Person != who.Person && !who.Can(staff.SeeAll) {
			return c, journal.Entry{}, fault.New(fault.Forbidden, "only who has it, or an operator, can give it back")
		}
		from := c.Person
		c.Way = c.Way.passed(from)
		return c.own(c.Department, 0, t, d.Now()), journal.Entry{What: journal.Released, Data: journal.Data("person", from)}, nil
	})
}

// HandOver gives a conversation to a department, or to a person of one, for a reason.
func (d *Desk) HandOver(ctx context.Context, who staff.Actor, id ConversationID, to staff.DepartmentID, person staff.PersonID, reason string) (Conversation, error) {
	return d.handOver(ctx, who, id, to, person, reason, "")
}

// FollowIncident gives a conversation to who has an incident that it is part of. That says nothing of what it is about: triage learns
// nothing of it, whoever does it.
func (d *Desk) FollowIncident(ctx context.Context, who staff.Actor, id ConversationID, to staff.DepartmentID, person staff.PersonID, incident string) (Conversation, error) {
	return d.handOver(ctx, who, id, to, person, "it is part of an incident that was taken as a whole", incident)
}

func (d *Desk) handOver(ctx context.Context, who staff.Actor, id ConversationID, to staff.DepartmentID, person staff.PersonID, reason, incident string) (Conversation, error) {
	if err := short("reason", reason, 2000); err != nil {
		return Conversation{}, err
	}
	if !person.IsZero() {
		home, ok := d.House.Home(person)
		if !ok {
			return Conversation{}, fault.In("person", "there is no such person, or they are not active: choose somebody else")
		}
		if to.IsZero() {
			to = home
		}
	}
	if to.IsZero() || !d.House.Exists(to) {
		return Conversation{}, fault.In("department", "say which department or person is to have it")
	}
	right := staff.PutThrough
	if who.Role == staff.Contributor { // nobody is a dead end: what was put through to them they can pass on
		right = staff.Answer
	}
	return d.change(ctx, who, right, id, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		if c.Department == to && c.Person == person {
			return c, journal.Entry{}, nil
		}
		facts := []any{"from", c.Department, "fromPerson", c.Person, "department", to, "person", person, "reason", strings.TrimSpace(reason)}
		about := c.Decision.Message
		switch {
		case incident != "":
			facts = append(facts, "incident", incident)
		case c.Department != to:
			l, err := d.belongs(ctx, tx, c, to)
			if err != nil {
				return c, journal.Entry{}, err
			}
			about, facts = l.Message, append(facts, "lesson", l.ID)
		}
		c.Way = Way{}
		c = c.own(to, person, d.House.Terms(to), d.Now())
		c.Decision = Decision{Department: to, Person: person, By: "person", Confidence: 1, Reasons: []string{strings.TrimSpace(reason)},
			Message: about, Ruled: c.Decision.Ruled}
		return c, journal.Entry{What: journal.HandedOver, Data: journal.Data(facts...)}, nil
	})
}

// Close ends a conversation. The contact can reopen it by writing again. Where something is promised in it a reason must be given,
// and the promise stays open.
func (d *Desk) Close(ctx context.Context, who staff.Actor, id ConversationID, reason string) (Conversation, error) {
	return d.change(ctx, who, staff.Answer, id, func(_ context.Context, _ *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		if c.State == Closed {
			return c, journal.Entry{}, nil
		}
		if len(c.Promised) > 0 && strings.TrimSpace(reason) == "" {
			return c, journal.Entry{}, StillPromised(len(c.Promised))
		}
		return c.close(d.Now()), journal.Entry{What: journal.Closed, Data: journal.Data("reason", letters.First(reason, 500))}, nil
	})
}

// SetAside closes a conversation because no answer is needed; it stays in a view of its own.
func (d *Desk) SetAside(ctx context.Context, who staff.Actor, id ConversationID) (Conversation, error) {
	return d.change(ctx, who, staff.Answer, id, func(_ context.Context, _ *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		if c.View() == "aside" {
			return c, journal.Entry{}, nil
		}
		if len(c.Promised) > 0 {
			return c, journal.Entry{}, fault.New(fault.Conflict, "something is promised here: keep or withdraw it first")
		}
		return c.setAside(d.Now()), journal.Entry{What: journal.SetAside, Data: journal.Data("reason", noAnswer)}, nil
	})
}

// Reopen opens a closed, waiting, snoozed or set-aside conversation.
func (d *Desk) Reopen(ctx context.Context, who staff.Actor, id ConversationID) (Conversation, error) {
	return d.change(ctx, who, staff.Answer, id, func(ctx context.Context, tx *store.Tx, c Conversation, t Terms) (Conversation, journal.Entry, error) {
		n, err := c.reopen(t, d.Now())
		if err == nil {
			n, err = d.housed(ctx, tx, n)
		}
		return n, journal.Entry{What: c.Opening()}, err
	})
}

// Snooze puts a conversation to sleep until a time. Its clock runs on.
func (d *Desk) Snooze(ctx context.Context, who staff.Actor, id ConversationID, until time.Time) (Conversation, error) {
	return d.change(ctx, who, staff.Answer, id, func(_ context.Context, _ *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		n, err := c.snooze(until, d.Now())
		return n, journal.Entry{What: journal.Snoozed, Data: journal.Data("until", until.UTC())}, err
	})
}

// Tag sets a conversation's tags.
func (d *Desk) Tag(ctx context.Context, who staff.Actor, id ConversationID, tags []string) (Conversation, error) {
	clean := []string{}
	for _, t := range tags {
		if t = strings.Join(strings.Fields(t), " "); t == "" {
			continue
		}
		if err := short("tags", t, 60); err != nil {
			return Conversation{}, err
		}
		if !slices.Contains(clean, t) {
			clean = append(clean, t)
		}
	}
	if len(clean) > 30 {
		return Conversation{}, fault.In("tags", "a conversation has up to 30 tags")
	}
	return d.change(ctx, who, staff.Answer, id, func(_ context.Context, _ *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		if slices.Equal(c.Tags, clean) {
			return c, journal.Entry{}, nil
		}
		c.Tags = clean
		return c, journal.Entry{What: journal.Tagged, Data: journal.Data("tags", clean)}, nil
	})
}

// AnsweredByHand says that somebody answered elsewhere: in the network's own app, by telephone.
func (d *Desk) AnsweredByHand(ctx context.Context, who staff.Actor, id ConversationID, how string, at time.Time) (Conversation, error) {
	if err := short("how", how, 500); err != nil {
		return Conversation{}, err
	}
	if at.IsZero() {
		at = d.Now()
	}
	if at.After(d.Now().Add(time.Minute)) {
		return Conversation{}, fault.In("at", "that time has not come yet")
	}
	return d.change(ctx, who, staff.Answer, id, func(ctx context.Context, tx *store.Tx, c Conversation, t Terms) (Conversation, journal.Entry, error) {
		return c.answered(who.Person, at, Waiting, t), journal.Entry{What: journal.AnsweredByHand, Data: journal.Data("how", how, "at", at.UTC(), "seconds", c.Waited(at))},
			d.Confirm(ctx, tx, c, who.Person)
	})
}

// Waited is how many seconds the contact had waited when answered at a time, by the wall; 0 when nobody waited.
func (c Conversation) Waited(at time.Time) int64 {
	if !c.Clock.Running() {
		return 0
	}
	return max(0, int64(at.Sub(c.Clock.Started).Seconds()))
}

// NoteID is the id of a note.
type NoteID = id.Of[Note]

// Note is something written for colleagues only.
type Note struct {
	ID           NoteID
	Conversation ConversationID
	Person       staff.PersonID
	Text         string
	At           time.Time
}

// WriteNote adds a note to a conversation.
func (d *Desk) WriteNote(ctx context.Context, who staff.Actor, id ConversationID, text string) (n Note, err error) {
	if strings.TrimSpace(text) == "" {
		return n, fault.In("text", "the note is empty")
	}
	if err := short("text", text, 20000); err != nil {
		return n, err
	}
	_, err = d.look(ctx, who, id, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		n = Note{ID: NoteID(d.Store.IDs.Next()), Conversation: c.ID, Person: who.Person, Text: text, At: d.Now()}
		if err := addNote(ctx, tx, n); err != nil {
			return c, journal.Entry{}, err
		}
		return c, journal.Entry{What: journal.NoteWritten, About: journal.About("note", n.ID)}, lineUp(ctx, tx, [][]any{{n.ID}})
	})
	return n, err
}

// MarkRead remembers that a person has seen a conversation up to its last message. It is not worth a journal entry.
func (d *Desk) MarkRead(ctx context.Context, who staff.Actor, id ConversationID) error {
	c, err := d.Conversation(ctx, who, id)
	if err != nil || who.Person.IsZero() {
		return err
	}
	return d.Store.Tx(ctx, func(tx *store.Tx) error { return saveReading(ctx, tx, who.Person, id, c.LastMessage) })
}

// MarkUnread has a person's next look at a conversation be the first. It is not worth a journal entry.
func (d *Desk) MarkUnread(ctx context.Context, who staff.Actor, id ConversationID) error {
	c, err := d.Conversation(ctx, who, id)
	if err != nil || who.Person.IsZero() {
		return err
	}
	return d.Store.Tx(ctx, func(tx *store.Tx) error { return saveReading(ctx, tx, who.Person, c.ID, 0) })
}

func short(field, text string, most int) error {
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return fault.In(field, "this is not text: it holds bytes that are no characters")
	case utf8.RuneCountInString(text) > most:
		return fault.Newf(fault.Invalid, "this is too long: %s takes up to %d characters", field, most)
	}
	return nil
}
