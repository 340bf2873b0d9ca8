package desk

import (
	"context"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// LessonID is the id of a lesson.
type LessonID = id.Of[Lesson]

// LessonKind is how somebody came to teach triage something.
type LessonKind string

const (
	Correction   LessonKind = "correction"   // somebody said where it belongs, or what it means
	Confirmation LessonKind = "confirmation" // somebody of the department it was put through to dealt with it
)

// Lesson is what people's doing teaches triage: this text belongs to that department, or means that intent. The text itself stays
// with its message, so that what is erased is forgotten at the next replay.
type Lesson struct {
	ID         LessonID
	Message    MessageID
	Contact    contact.ID
	Kind       LessonKind
	Department staff.DepartmentID // zero: it is about the intent
	Intent     string
	Text       string
	At         time.Time
}

// Budget is how many of the newest lessons are learned from: corrections, and beside them confirmations, of which no department has
// more than Each, so that one that answers much does not crowd out the others.
type Budget struct{ Corrections, Confirmations, Each int }

// Taught says which lessons there are to learn from: the newest, how many, and what their ids add up to, by which they are told from
// as many others. Where a budget is full another lesson takes the place of one that is erased.
type Taught struct {
	Newest LessonID
	N, Sum int64
}

// TaughtBy says it of a list, the oldest first.
func TaughtBy(list []Lesson) (t Taught) {
	for _, l := range list {
		t.Newest, t.N, t.Sum = l.ID, t.N+1, t.Sum+int64(l.ID)%addend
	}
	return t
}

// addend is what an id is at most when it is added up: of all that a budget can hold the sum is a number still.
const addend = 1<<31 - 1

// LessonTopic wakes every node when something was corrected, or turned out right.
const LessonTopic = "lesson"

// learn keeps a correction about the last thing the contact said, and tells Learn once it is stored. What it was said to mean before
// ends.
func (d *Desk) learn(ctx context.Context, tx *store.Tx, c Conversation, l Lesson) error {
	m, err := LastInbound(ctx, tx, c.ID)
	if err != nil {
		return nil //nolint:nilerr // nothing was said that could teach anything
	}
	l.ID = LessonID(d.Store.IDs.Next())
	if err := endIntents(ctx, tx, m.ID, l.ID); err != nil {
		return err
	}
	return d.teach(ctx, tx, c, m, l)
}

// belongs keeps that c belongs to a department, as its words say that are still to be answered: what was learned before of whose these
// are ends, and so does that c was right where it was. Of the operators nothing is learned: they have what fits nobody, and it only says
// that it was wrong where it was. The lesson it returns, kept or not, is the one that takeBack takes.
func (d *Desk) belongs(ctx context.Context, tx *store.Tx, c Conversation, to staff.DepartmentID) (Lesson, error) {
	m, err := inQuestion(ctx, tx, c)
	silent := fault.Is(err, fault.NotFound) // nothing was said that could teach anything
	if err != nil && !silent {
		return Lesson{}, err
	}
	l := Lesson{ID: LessonID(d.Store.IDs.Next()), Message: m.ID, Department: to}
	if err := endDepartments(ctx, tx, c.ID, m.At, l.ID); err != nil || silent || to == d.House.Roster().Operator().ID {
		return l, err
	}
	return l, d.teach(ctx, tx, c, m, l)
}

// teach keeps a correction about a message, and tells Learn once it is stored.
func (d *Desk) teach(ctx context.Context, tx *store.Tx, c Conversation, m Message, l Lesson) error {
	l.Kind, l.Message, l.Contact, l.Text, l.At = Correction, m.ID, c.Contact, m.Subject+"\n"+m.Text, d.Now()
	err := addCorrection(ctx, tx, l)
	tx.Wake(LessonTopic)
	if err == nil && d.Learn != nil {
		tx.After(func() { d.Learn(l) })
	}
	return err
}

// Confirm keeps, as somebody deals with c, that it was right where it was thought to belong, if it says so. A conversation says so once.
// Every node learns it when it next looks, this one too: whoever answers does not wait for it.
func (d *Desk) Confirm(ctx context.Context, tx *store.Tx, c Conversation, by staff.PersonID) error {
	who, ok := d.House.Actor(by)
	if !ok {
		return nil
	}
	to := c.bornOut(who, d.House.Roster().Operator().ID)
	if to.IsZero() {
		return nil
	}
	l := Lesson{ID: LessonID(d.Store.IDs.Next()), Message: c.Decision.Message, Kind: Confirmation, Department: to, At: d.Now()}
	added, err := addConfirmation(ctx, tx, c.ID, l, d.MadeUp)
	if added {
		tx.Wake(LessonTopic)
	}
	return err
}

// bornOut is the department of which somebody's dealing with c says that c belongs there; zero when it says nothing.
//
// It says something where words decided, and triage alone: of what a rule put through, or a person did, nothing is to be learned. It
// has to be the likeliest department, and one of its own people: a stand-in, and who works on everybody's by their role, only help
// out. Who takes something from the operators says that it was for them if they work for one of the departments that were suggested;
// what the operators deal with themselves is for nobody.
func (c Conversation) bornOut(who staff.Actor, operator staff.DepartmentID) (to staff.DepartmentID) {
	d := c.Decision
	if !c.AnsweredAt.IsZero() || len(d.Ruled) > 0 || len(d.Suggestions) == 0 {
		return 0
	}
	if c.Department != operator {
		thought := d.By == "map" || d.By == "model" || d.By == "path"
		if thought && d.Suggestions[0].Department == c.Department && who.In(c.Department) {
			return c.Department
		}
		return 0
	}
	if who.In(operator) || d.By != "operator" && d.By != "path" {
		return 0
	}
	for _, s := range d.Suggestions {
		switch {
		case !who.In(s.Department) || s.Department == to:
		case !to.IsZero(): // they work for two of them
			return 0
		default:
			to = s.Department
		}
	}
	return to
}

// Intents are what a message can want, in the order they are shown (DESIGN.md, the words).
func Intents() []string {
	return []string{"support", "complaint", "sales", "feedback", "praise", "press", "partnership", "careers", "billing", "procedure", "community", "abuse", "spam", "other"}
}
