package desk

import (
	"time"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// ConversationID is the id of a conversation.
type ConversationID = id.Of[Conversation]

// State is where a conversation stands.
type State string

const (
	Open    State = "open"
	Waiting State = "waiting" // on the contact
	Snoozed State = "snoozed"
	Closed  State = "closed"
)

// Urgency says how soon an answer is wanted.
type Urgency int

const (
	Normal Urgency = iota
	Today
	Now
)

func (u Urgency) String() string { return [...]string{"normal", "today", "now"}[u] }

// MarshalText is String.
func (u Urgency) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UrgencyOf reads triage's word.
func UrgencyOf(word string) Urgency {
	switch word {
	case "now":
		return Now
	case "today":
		return Today
	}
	return Normal
}

// Conversation is the thread of messages with a contact on an account: the unit of work.
type Conversation struct {
	ID      ConversationID
	Account account.ID
	Contact contact.ID
	Thread  string // the public post or mail thread; "" for private words with a contact
	Private bool
	// Beside is the conversation's own id when it stands beside another of the contact in this thread, since contacts were merged:
	// what is said anew goes to that one. Zero for nearly all.
	Beside ConversationID
	State  State
	Aside  bool // closed because no answer is needed; stays in a view of its own

	Department staff.DepartmentID // the owner: this department's queue …
	Person     staff.PersonID     // … or this member of it, when not zero
	ClaimedAt  time.Time
	TakeBackAt time.Time // when an unanswered claim lapses
	MoveAt     time.Time // when it goes on by itself, if nobody takes or answers it
	LeaveAt    time.Time // when its person leaves it behind: they go, and are not back before it is due
	Way        Way

	Subject  string
	Excerpt  string // the beginning of the last thing said
	Intents  []string
	Urgency  Urgency
	Needs    string // must, courtesy, none
	Language string
	Decision Decision
	Tags     []string
	Asked    []Asked // of whom something is asked in it, and not answered yet

	Promised []Promised // what is promised in it and not ended yet; closing it leaves them

	Messages    int
	LastMessage MessageID
	LastAt      time.Time // of the last message, either way
	LastInAt    time.Time // of the last thing the contact said
	AnsweredAt  time.Time // when we last answered
	AnsweredBy  staff.PersonID

	Clock        Clock // response
	Resolution   Clock
	SnoozedUntil time.Time
	OpenedAt     time.Time
	ClosedAt     time.Time
}

// Decision is whom a conversation was put through to, and why.
type Decision struct {
	Department  staff.DepartmentID `json:"department"`
	Person      staff.PersonID     `json:"person,omitzero"`
	By          string             `json:"by"`             // rule, map, model, operator, person, path (it went on by itself)
	Rule        string             `json:"rule,omitempty"` // key of the rule that decided
	Confidence  float64            `json:"confidence"`
	Reasons     []string           `json:"reasons"`
	Suggestions []Suggestion       `json:"suggestions,omitempty"`
	Also        []Suggestion       `json:"also,omitempty"` // further departments it concerns: they are asked, and own nothing
	// Message is the one it was decided by, and whoever put it through goes by; zero where that is not known or nobody's words decided.
	Message MessageID `json:"message,omitzero"`
	// Ruled are the keys of the rules that have had their say since it was opened: each has it once, and then it is people's.
	Ruled []string `json:"ruled,omitempty"`
}

// Suggestion is somebody else it could be put through to.
type Suggestion struct {
	Department staff.DepartmentID `json:"department"`
	Person     staff.PersonID     `json:"person,omitzero"`
	Confidence float64            `json:"confidence"`
	Reasons    []string           `json:"reasons"`
}

// View is the list of the inbox a conversation stands in.
func (c Conversation) View() string {
	if c.Aside && c.State == Closed {
		return "aside"
	}
	return string(c.State)
}

// Opening is what the journal calls it when c, which is not open, opens again.
func (c Conversation) Opening() journal.What {
	switch {
	case c.View() == "aside":
		return journal.BroughtBack
	case c.State == Snoozed:
		return journal.Woke
	}
	return journal.Reopened
}

// Terms are how soon a department answers, in business time of Calendar.
type Terms struct {
	First, Next, Resolution time.Duration // 0 for Resolution: none
	TakeBack                time.Duration
	MoveOn                  time.Duration // after which it goes on when nobody took it; 0: never
	Hours                   Calendar
	Shifts                  Shifts // nil: nobody is known to leave
}

// Calendar reckons in business time; *clock.Calendar is one.
type Calendar interface {
	Add(t time.Time, d time.Duration) time.Time
}

// arrived is c after the contact said something at a time. again says that it came when c was closed, waiting or asleep: what
// somebody put off was put off until they hear from the contact, at the latest until a time.
func (c Conversation) arrived(at time.Time, needs string, t Terms, now time.Time) (_ Conversation, again bool) {
	if at.After(now) {
		at = now // the far side's clock is wrong; ours starts when we hear
	}
	c.LastInAt = later(c.LastInAt, at)
	if needs == "none" && c.State != Open {
		return c, false
	}
	if c.State != Open {
		again = true
		c.State, c.Aside, c.ClosedAt, c.SnoozedUntil = Open, false, time.Time{}, time.Time{}
	}
	kind, span := FirstResponse, t.First
	if !c.AnsweredAt.IsZero() {
		kind, span = NextResponse, t.Next
	}
	earlier := needs != "none" && at.Before(c.Clock.Started) && !at.Before(c.AnsweredAt) // it came late: they have waited since then
	switch {
	case !c.Clock.Running():
		c.Clock = start(kind, at, span, t.Hours)
	case earlier:
		was := c.Clock.State
		c.Clock = start(kind, at, span, t.Hours)
		c.Clock.State = was
	}
	if t.Resolution > 0 && (earlier || !c.Resolution.Running()) {
		was := c.Resolution
		if c.Resolution = start(Resolution, at, t.Resolution, t.Hours); was.Running() {
			c.Resolution.State = was.State
		}
	}
	if again {
		c = c.resumed(t, now)
	}
	return c, again
}

// answered is c after one of us (nobody, when it was done in the network's own app by hand) answered at a time; then is the
// state it is left in.
func (c Conversation) answered(by staff.PersonID, at time.Time, then State, t Terms) Conversation {
	c = c.still()
	c.AnsweredAt, c.SnoozedUntil = at, time.Time{}
	c.Aside, c.ClosedAt = false, time.Time{}
	if !by.IsZero() {
		c.AnsweredBy = by
	}
	c.Clock = Clock{}
	switch then {
	case Closed:
		return c.close(at)
	case Open: // still ours to do: a clock runs on
		c.State, c.Clock = Open, start(NextResponse, at, t.Next, t.Hours)
		c = c.resumed(t, at)
	default:
		c.State = Waiting
	}
	return c
}

func (c Conversation) close(now time.Time) Conversation {
	c.State, c.ClosedAt = Closed, now
	c.Clock, c.Resolution, c.SnoozedUntil = Clock{}, Clock{}, time.Time{}
	c.Asked = nil // Save withdraws them
	return c.still()
}

func (c Conversation) setAside(now time.Time) Conversation {
	c = c.close(now)
	c.Aside = true
	return c
}

// reopen is c open again, with a clock from now.
func (c Conversation) reopen(t Terms, now time.Time) (Conversation, error) {
	if c.State == Open {
		return c, fault.New(fault.Conflict, "this conversation is open already")
	}
	c.State, c.Aside, c.ClosedAt, c.SnoozedUntil = Open, false, time.Time{}, time.Time{}
	if !c.Clock.Running() {
		kind, span := FirstResponse, t.First
		if !c.AnsweredAt.IsZero() {
			kind, span = NextResponse, t.Next
		}
		c.Clock = start(kind, now, span, t.Hours)
	}
	if !c.Resolution.Running() && t.Resolution > 0 {
		c.Resolution = start(Resolution, now, t.Resolution, t.Hours)
	}
	return c.resumed(t, now), nil
}

// claim is c with person as its owner. Somebody else's claim stands, and the error names nobody: the caller knows who.
func (c Conversation) claim(person staff.PersonID, t Terms, now time.Time) (Conversation, error) {
	switch {
	case c.Person == person:
		return c, nil
	case !c.Person.IsZero():
		return c, fault.New(fault.Conflict, "somebody else has it")
	case c.State == Closed:
		return c, fault.New(fault.Conflict, "it is closed: reopen it first")
	}
	return c.taken(person, t, now), nil
}

// own is c with another owner. The claim lapses when it is not answered within the department's time; what nobody takes goes
// on by itself.
func (c Conversation) own(d staff.DepartmentID, p staff.PersonID, t Terms, now time.Time) Conversation {
	c.Department, c.Person, c.ClaimedAt, c.TakeBackAt = d, p, time.Time{}, time.Time{}
	if !p.IsZero() {
		c.ClaimedAt = now
		if t.TakeBack > 0 && c.Clock.Running() {
			c.TakeBackAt = t.Hours.Add(now, t.TakeBack)
		}
	}
	return c.watched(t, now)
}

func (c Conversation) snooze(until, now time.Time) (Conversation, error) {
	switch {
	case c.State == Closed:
		return c, fault.New(fault.Conflict, "it is closed: reopen it first")
	case !until.After(now):
		return c, fault.In("until", "the time to wake it lies in the past: choose a later one")
	case until.After(now.AddDate(1, 0, 0)):
		return c, fault.In("until", "a conversation can sleep for a year at most")
	}
	c = c.still()
	c.State, c.SnoozedUntil = Snoozed, until
	return c, nil
}

// alarm is when something must happen to c by itself: zero when nothing will. It is kept in whole microseconds, and what it is
// for may be finer (promises and requests are kept as text), so it is rounded up: what comes due before its time would be found
// again and again.
func (c Conversation) alarm() time.Time {
	at := c.nextMoment()
	if at.IsZero() {
		return at
	}
	if whole := at.Truncate(time.Microsecond); !whole.Equal(at) {
		return whole.Add(time.Microsecond)
	}
	return at
}

func (c Conversation) nextMoment() (at time.Time) {
	moments := []time.Time{c.Clock.next(), c.Resolution.next(), c.TakeBackAt, c.MoveAt, c.LeaveAt, c.SnoozedUntil}
	for _, p := range c.Promised {
		moments = append(moments, p.Ring)
	}
	for _, t := range moments {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	for _, a := range c.Asked {
		if t := a.next(); !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Said is c with a message more.
func (c Conversation) Said(m Message, now time.Time) Conversation {
	c.Messages++
	at := m.At
	if at.After(now) {
		at = now
	}
	if c.LastMessage.IsZero() || !at.Before(c.LastAt) {
		c.LastMessage, c.Excerpt = m.ID, Excerpt(m.Text)
		if c.Excerpt == "" {
			c.Excerpt = Excerpt(m.Subject)
		}
	}
	c.LastAt = later(c.LastAt, at)
	if c.Subject == "" {
		c.Subject = m.Subject
	}
	return c
}

// Arrived is arrived, for intake.
func (c Conversation) Arrived(at time.Time, needs string, t Terms, now time.Time) (Conversation, bool) {
	return c.arrived(at, needs, t, now)
}

// Answered is answered, for intake and delivery.
func (c Conversation) Answered(by staff.PersonID, at time.Time, then State, t Terms) Conversation {
	return c.answered(by, at, then, t)
}

// Owned is own, for intake. A new way begins.
func (c Conversation) Owned(d staff.DepartmentID, p staff.PersonID, t Terms, now time.Time) Conversation {
	c.Way = Way{}
	return c.own(d, p, t, now)
}

// Untaken reports whether c is where the machine put it, and nobody has taken or moved it.
func (c Conversation) Untaken() bool {
	return c.State == Open && (c.Person.IsZero() || !c.MoveAt.IsZero()) && c.Decision.By != "person"
}

// PutAnew is c put through once more as if it had come to its department first: the clock runs from when it did, by t's terms.
func (c Conversation) PutAnew(d Decision, t Terms, now time.Time) Conversation {
	if c.Clock.Running() {
		from, span := c.Clock.Started, t.First
		if c.Clock.Kind == NextResponse {
			span = t.Next
		}
		c.Clock, c.Resolution = start(c.Clock.Kind, from, span, t.Hours), Clock{}
		if t.Resolution > 0 {
			c.Resolution = start(Resolution, from, t.Resolution, t.Hours)
		}
	}
	c.Decision = d
	return c.Owned(d.Department, d.Person, t, now)
}

// PutAside is setAside, for intake.
func (c Conversation) PutAside(now time.Time) Conversation { return c.setAside(now) }

// Slept is c asleep until a time instead of waiting on the contact; as it is, when it waits for nobody or the time is past.
func (c Conversation) Slept(until, now time.Time) Conversation {
	if c.State != Waiting || !until.After(now) {
		return c
	}
	if s, err := c.snooze(until, now); err == nil {
		return s
	}
	return c
}
