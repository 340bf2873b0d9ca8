package desk

import (
	"slices"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// PromiseID is the id of a promise.
type PromiseID = id.Of[Promise]

// PromiseState is where a promise stands.
type PromiseState string

// The states of a promise. Late is none: an open promise is late when its due time has passed.
const (
	PromiseUnsaid    PromiseState = "unsaid" // the message that makes it has not been sent
	PromiseOpen      PromiseState = "open"
	PromiseKept      PromiseState = "kept"
	PromiseBroken    PromiseState = "broken"
	PromiseWithdrawn PromiseState = "withdrawn"
)

// Promise is something we told a contact we would do, and by when. It outlives the conversation: closing that does not keep
// the promise.
type Promise struct {
	ID           PromiseID
	Conversation ConversationID
	Delivery     int64          // the message on its way that says so; 0: it was made otherwise, by telephone
	MadeBy       staff.PersonID // zero: the machine, in the demo
	Department   staff.DepartmentID
	Person       staff.PersonID // who must deliver; zero: whoever of the department
	Text         string
	Kind         string // answer, call, send, refund, fix, visit, check or other
	Words        string // the words the due time was read from; "" when nobody said one
	Due          time.Time
	Exact        bool // a time of day was said, not only a day
	Dated        bool // the contact was told a day; otherwise Due is our own, so that it is not forgotten
	At           time.Time
	State        PromiseState
	Step         PromiseStep
	Ring         time.Time // when something happens to it next; zero: nothing will
	Keeping      int64     // the delivery that keeps it once that is sent; 0: none
	Proof        MessageID // the message that kept it …
	ProofWords   string    // … or how else it was kept
	EndedBy      staff.PersonID
	EndedAt      time.Time // when it was kept, by the message's own time
	Reason       string    // why it was broken or withdrawn
}

// PromiseKinds are what can be promised, as the finder names it.
func PromiseKinds() []string {
	return []string{"answer", "call", "send", "refund", "fix", "visit", "check", "other"}
}

// Late reports whether p is open after its due time, or was kept after it.
func (p Promise) Late(now time.Time) bool {
	switch p.State {
	case PromiseOpen:
		return now.After(p.Due)
	case PromiseKept:
		return p.EndedAt.After(p.Due)
	}
	return false
}

// Of reports whether p is somebody's to keep: theirs, or their department's.
func (p Promise) Of(who staff.Actor) bool { return p.promised().Of(who) }

func (p Promise) promised() Promised {
	return Promised{p.ID, p.Department, p.Person, p.At, p.Due, p.Step, p.Ring}
}

// Promised is an open promise as its conversation knows it: who must deliver sees the conversation until it has ended.
type Promised struct {
	Promise    PromiseID          `json:"promise"`
	Department staff.DepartmentID `json:"department"`
	Person     staff.PersonID     `json:"person,omitzero"`
	At         time.Time          `json:"at"`
	Due        time.Time          `json:"due"`
	Step       PromiseStep        `json:"step,omitempty"`
	Ring       time.Time          `json:"ring,omitzero"`
}

// Of reports whether it is somebody's to keep: theirs, or their department's.
func (p Promised) Of(who staff.Actor) bool {
	return !who.Person.IsZero() && p.Person == who.Person || who.In(p.Department)
}

// PromisedDue is when the first of what is promised in c is due; the zero time when nothing is.
func (c Conversation) PromisedDue() (due time.Time) {
	for _, p := range c.Promised {
		if due.IsZero() || p.Due.Before(due) {
			due = p.Due
		}
	}
	return due
}

// PromisedTo reports whether something promised in c is somebody's to keep.
func (c Conversation) PromisedTo(who staff.Actor) bool {
	return slices.ContainsFunc(c.Promised, func(p Promised) bool { return p.Of(who) })
}

// promises is c with an open promise more, or with one as it is now.
func (c Conversation) promises(p Promise) Conversation {
	c = c.fulfilled(p.ID)
	c.Promised = append(c.Promised, p.promised())
	return c
}

// fulfilled is c without a promise.
func (c Conversation) fulfilled(p PromiseID) Conversation {
	c.Promised = slices.DeleteFunc(slices.Clone(c.Promised), func(o Promised) bool { return o.Promise == p })
	return c
}

// StillPromised is the answer to somebody who closes a conversation in which something is promised, without saying why.
func StillPromised(n int) error {
	what := "a promise is open here"
	if n > 1 {
		what = "several promises are open here"
	}
	return fault.Named(fault.Conflict, "still-promised", what+": keep or withdraw what was promised first, or give a reason for closing all the same")
}

// mostPromises is how many promises of a conversation are open at once.
const mostPromises = 20

// Making is a promise to be made. Without a department it is the first of the person's, without both the conversation's. Without
// a due time it is ours to look at again in five days of eight business hours.
type Making struct {
	Department staff.DepartmentID
	Person     staff.PersonID
	Text       string
	Kind       string
	Words      string
	Due        time.Time
	Exact      bool
	Dated      bool
}

const (
	businessDay = 8 * time.Hour
	undated     = 5 * businessDay
)

// makeable is m with what it leaves out filled in, or what is wrong with it.
func (d *Desk) makeable(c Conversation, m Making, now time.Time) (Making, error) {
	m.Text = strings.TrimSpace(m.Text)
	switch {
	case m.Text == "":
		return m, fault.In("text", "say what is promised")
	case !m.Due.IsZero() && m.Due.After(now.AddDate(2, 0, 0)):
		return m, fault.In("due", "this is more than two years away: choose an earlier time")
	case !m.Due.IsZero() && m.Due.Before(now.Add(-time.Minute)):
		return m, fault.In("due", "this time has passed: choose a later one")
	}
	if err := short("text", m.Text, 1000); err != nil {
		return m, err
	}
	if err := short("words", m.Words, 200); err != nil {
		return m, err
	}
	if !slices.Contains(PromiseKinds(), m.Kind) {
		m.Kind = "other"
	}
	var err error
	if m.Department, m.Person, err = d.deliverer(c, m.Department, m.Person); err != nil {
		return m, err
	}
	if m.Due.IsZero() {
		m.Due, m.Exact, m.Dated = d.LookAgainAt(m.Department), false, false
	}
	m.Due = m.Due.Truncate(time.Microsecond)
	return m, nil
}

// deliverer is who must deliver, as far as it is said: otherwise who owns the conversation.
func (d *Desk) deliverer(c Conversation, in staff.DepartmentID, p staff.PersonID) (staff.DepartmentID, staff.PersonID, error) {
	if in.IsZero() && p.IsZero() {
		return c.Department, c.Person, nil
	}
	if !p.IsZero() {
		home, ok := d.House.Home(p)
		if !ok || !d.House.Answers(p) {
			return in, p, fault.In("person", "there is no such person, or they answer nothing here: choose somebody else")
		}
		if in.IsZero() {
			in = home
		}
	}
	if !d.House.Exists(in) {
		return in, p, fault.In("department", "there is no such department: choose another")
	}
	return in, p, nil
}

// mayKeep reports whether somebody may keep or break p in c: whose it is to deliver, and who works on the conversation anyway.
func mayKeep(who staff.Actor, c Conversation, p Promise) bool { return p.Of(who) || Works(who, c) }

// mayArrange reports whether somebody may change or withdraw p in c: who made it, and who works on the conversation.
func mayArrange(who staff.Actor, c Conversation, p Promise) bool {
	return !p.MadeBy.IsZero() && p.MadeBy == who.Person || Works(who, c)
}

// Can lists what somebody may do with p in c now: keep, break, change, withdraw, reopen. The deeds ask again.
func (p Promise) Can(who staff.Actor, c Conversation) []string {
	out := []string{}
	if !who.Can(staff.Answer) || !Sees(who, c) {
		return out
	}
	switch {
	case p.State == PromiseUnsaid:
		if mayArrange(who, c, p) {
			out = append(out, "change")
		}
	case p.State != PromiseOpen:
		if mayKeep(who, c, p) {
			out = append(out, "reopen")
		}
	default:
		if mayKeep(who, c, p) {
			out = append(out, "keep", "break")
		}
		if mayArrange(who, c, p) {
			out = append(out, "change", "withdraw")
		}
	}
	return out
}
