package advice

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/job"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Advice asks a language model about messages triage was not sure of. Its fields are set before Register.
type Advice struct {
	Store  *store.Store
	Staff  *staff.Staff
	Jobs   *job.Jobs
	Ring   *secret.Ring
	Client *http.Client // the guarded one
	Now    func() time.Time
	Log    *slog.Logger

	seen   atomic.Pointer[glance]
	forms  sync.Map // by address and model: the form its far side knows
	ending context.Context
	end    context.CancelCauseFunc
}

// glance is whether there was anybody to ask when we last looked: switched on, within the budget, not paused.
type glance struct {
	ready bool
	at    time.Time
}

const (
	glanceLife = time.Second // how long a glance is trusted
	workers    = 2           // questions at once, on each node
	useful     = time.Hour   // after which a person has seen to it without us
)

// errEnding says that the program stops.
var errEnding = errors.New("the program is stopping")

// question is the job of asking about a message.
type question struct {
	Message desk.MessageID `json:"message"`
	At      time.Time      `json:"at"` // when it was taken in
}

// Kind names the job.
func (question) Kind() string { return "advice" }

// Register says what is done with questions. They have workers of their own, so that a model that hangs holds nobody up.
func (a *Advice) Register() {
	a.ending, a.end = context.WithCancelCause(context.Background())
	job.Handle(a.Jobs, job.Options{Timeout: 2*longest + 30*time.Second, Workers: workers}, a.advise)
}

// Stop gives up the questions under way; they are asked again after the next start.
func (a *Advice) Stop() { a.end(errEnding) }

// Wanted lines questions about messages up in the transaction that took them in, if there is anybody to ask: it is on, the
// budget is not spent, the model not paused. It looks at most once a second, and takes what it cannot read for no.
func (a *Advice) Wanted(ctx context.Context, tx *store.Tx, messages []desk.MessageID) error {
	if len(messages) == 0 || !a.ready(ctx) {
		return nil
	}
	list := make([]job.Args, len(messages))
	for k, m := range messages {
		list[k] = question{m, a.Now()}
	}
	return a.Jobs.EnqueueAll(ctx, tx, list)
}

func (a *Advice) ready(ctx context.Context) bool {
	now := a.Now()
	if g := a.seen.Load(); g != nil && now.Sub(g.at) >= 0 && now.Sub(g.at) < glanceLife {
		return g.ready
	}
	ready, err := a.look(ctx, now)
	if err != nil {
		a.Log.Warn("how the language model is set could not be read; it is not asked", "error", err)
		return false
	}
	a.seen.Store(&glance{ready, now})
	return ready
}

func (a *Advice) look(ctx context.Context, now time.Time) (bool, error) {
	k, err := settings(ctx, a.Store.Read())
	if err != nil || !k.On {
		return false, err
	}
	day, err := a.day(ctx)
	if err != nil {
		return false, err
	}
	d, err := dayOf(ctx, a.Store.Read(), day)
	if err != nil || k.spent(d) {
		return false, err
	}
	h, err := healthNow(ctx, a.Store.Read())
	return !h.Paused.After(now), err
}

// advise asks about one message, if that is still of use, and keeps what comes back. A question that failed is not asked
// again: the operator has the message either way.
func (a *Advice) advise(ctx context.Context, q question) error {
	k, err := settings(ctx, a.Store.Read())
	if err != nil || !k.On || a.Now().Sub(q.At) > useful {
		return err
	}
	h, err := healthNow(ctx, a.Store.Read())
	if err != nil {
		return err
	}
	if wait := h.Paused.Sub(a.Now()); wait > 0 {
		return job.Later(wait)
	}
	o, t, err := a.prepare(ctx, k.Settings, q.Message)
	if err != nil || len(o.Departments) == 0 {
		return err
	}
	key, err := a.key(k)
	if err != nil {
		a.Log.Error("the key of the language model cannot be read", "error", err)
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(a.ending, func() { cancel(errEnding) })()
	x, err := a.ask(ctx, k.Settings, key, func(f form) []byte { return body(k.Model, o, t, f) })
	switch {
	case errors.Is(err, errSpent):
		return nil
	case errors.Is(context.Cause(ctx), errEnding):
		return job.Later(time.Second)
	}
	return a.heard(context.WithoutCancel(ctx), k.Settings, q.Message, o, x, err)
}

// prepare is what is asked about a message; an empty offer says that it is not asked about.
func (a *Advice) prepare(ctx context.Context, s Settings, id desk.MessageID) (o Offer, t Told, err error) {
	found, err := desk.Messages(ctx, a.Store.Read(), []desk.MessageID{id})
	if err != nil {
		return o, t, err
	}
	r, err := a.Staff.Roster(ctx)
	if err != nil {
		return o, t, err
	}
	m := found[id]
	c, undecided, err := a.undecided(ctx, a.Store.Read(), m, r)
	if err != nil || !undecided || s.staysIn(c) {
		return o, t, err
	}
	names, err := a.names(ctx, c.Contact)
	return offer(r, s.Departments), tell(m.Subject, m.Text, c.Language, names), err
}

// staysIn reports whether a conversation is not to leave the house.
func (s Settings) staysIn(c desk.Conversation) bool {
	return slices.Contains(s.Languages, c.Language) ||
		slices.ContainsFunc(c.Decision.Suggestions, func(g desk.Suggestion) bool { return slices.Contains(s.Departments, g.Department) })
}

// names are what a contact is known by.
func (a *Advice) names(ctx context.Context, of contact.ID) (out []string, err error) {
	contacts, err := contact.Contacts(ctx, a.Store.Read(), []contact.ID{of})
	if err != nil {
		return nil, err
	}
	for _, c := range contacts {
		out = append(out, c.Name)
	}
	identities, err := contact.IdentitiesOf(ctx, a.Store.Read(), []contact.ID{of})
	for _, i := range identities {
		out = append(out, i.Name, strings.TrimPrefix(i.Handle, "@"))
	}
	return out, err
}

// undecided returns the conversation of a message and whether it is still for the operator to decide: open, in their queue
// as the machine put it there, and no person has done anything with it.
func (a *Advice) undecided(ctx context.Context, q store.Queryer, m desk.Message, r *staff.Roster) (c desk.Conversation, ok bool, err error) {
	if m.ID.IsZero() || !m.DeletedAt.IsZero() || m.Conversation.IsZero() {
		return c, false, nil
	}
	if tx, writing := q.(*store.Tx); writing {
		c, err = desk.LoadOne(ctx, tx, m.Conversation)
	} else {
		c, err = desk.One(ctx, q, m.Conversation)
	}
	if fault.Is(err, fault.NotFound) {
		return c, false, nil
	}
	if err != nil || c.State != desk.Open || !c.Person.IsZero() || c.Decision.By != "operator" || c.Department != r.Operator().ID || slices.Contains(c.Tags, "sample") {
		return c, false, err
	}
	told, err := journal.Of(ctx, q, int64(c.ID), 100)
	acted := slices.ContainsFunc(told, func(e journal.Entry) bool { return strings.HasPrefix(e.Who, "person:") })
	return c, !acted, err
}

// heard keeps what came of a question, all of it in one transaction.
func (a *Advice) heard(ctx context.Context, s Settings, id desk.MessageID, o Offer, x exchange, err error) error {
	var failed *failure
	if err != nil && !errors.As(err, &failed) {
		return err
	}
	var said Answer
	if failed == nil {
		if said, err = Parse(x.said, o); err != nil {
			failed = &failure{why: "it does not keep to what it was asked: " + err.Error()}
		}
	}
	r, err := a.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	return a.Store.Tx(ctx, func(tx *store.Tx) error {
		if failed != nil {
			return a.note(ctx, tx, x.tokens, failed)
		}
		if err := a.suggest(ctx, tx, r, s, id, said, x.took); err != nil {
			return err
		}
		return a.note(ctx, tx, x.tokens, nil)
	})
}
