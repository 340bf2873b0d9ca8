package intake

import (
	"encoding/json"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/triage"
)

// changedTo is what follows from the new words of a message, whose assessment was another before. Where they need an answer and
// the old ones did not, it is as if they had been said anew. As long as nobody has taken the conversation, it is put through by
// what the message that decided it says now: so the end is the same in whichever order its versions come.
func (b *batch) changedTo(r *request, m *kept, e *channel.Event, before string) error {
	entry := journal.Entry{What: journal.MessageEdited, Conversation: int64(m.Conversation), About: journal.About("message", m.ID)}
	p, a, ok := b.weighs(r, m, e)
	if !ok {
		b.tell(entry)
		return nil
	}
	was, again := p.is, false
	anew := idle(before)
	if anew {
		again = b.arrive(p, m.Since(), a)
		entry.Who, entry.Data = journal.Contact(p.is.Contact), journal.Data("again", true)
	}
	b.tell(entry)
	if again {
		b.tell(journal.Entry{Who: journal.Contact(p.is.Contact), What: was.Opening(), Conversation: int64(p.is.ID), Data: journal.Data("reason", "the contact changed what they had written")})
	}
	c := b.routingCase(r, e, a, p.is)
	switch {
	case p.is.State != desk.Open:
		return nil
	case was.State == desk.Closed:
		return b.decideAnew(p, c, m.ID)
	case p.is.Decision.Message == m.ID && p.is.Untaken():
		return b.decideAgain(p, c, m.ID)
	}
	return b.rule(p, c)
}

// earlier is what follows from an older version of a message that comes after a newer one: its author has waited since then. It
// opens only what the machine set aside at once, by the newer words alone; it may come many times, and people have seen the rest.
func (b *batch) earlier(r *request, m *kept, e *channel.Event) error {
	p, a, ok := b.weighs(r, m, e)
	if !ok || p.is.State != desk.Open && !(p.is.View() == "aside" && p.is.ClosedAt.Equal(p.is.OpenedAt)) {
		return nil
	}
	was := p.is
	if !b.arrive(p, latest(e.Message.At, e.Message.EditedAt), a) {
		return nil
	}
	b.tell(journal.Entry{Who: journal.Contact(p.is.Contact), What: was.Opening(), Conversation: int64(p.is.ID), Data: journal.Data("reason", "what the contact had written before they changed it needs an answer")})
	return b.decideAnew(p, b.routingCase(r, e, a, p.is), m.ID)
}

// weighs returns the conversation and the assessment of a version of a contact's message; false when it needs no answer.
func (b *batch) weighs(r *request, m *kept, e *channel.Event) (*piece, triage.Assessment, bool) {
	p, a := b.byID[m.Conversation], b.assessed[e]
	needs := a.Needs == triage.Must || a.Needs == triage.Courtesy
	return p, a, p != nil && needs && m.Direction == desk.In && !b.ours[r.account.Channel+"\x00"+e.Message.From.RemoteID]
}

// arrive has words arrive in a conversation that were said at a time, and reports whether that opens it.
func (b *batch) arrive(p *piece, at time.Time, a triage.Assessment) (again bool) {
	was := p.is
	p.is, again = p.is.Arrived(at, string(a.Needs), b.in.Desk.House.Terms(p.is.Department), b.now)
	if again && was.View() != "aside" { // what was wanted before is done
		p.is.Needs, p.is.Urgency = "", desk.Normal
	}
	switch {
	case again:
		p.is = assessed(p.is, a)
	case a.Needs == triage.Must || p.is.Needs == string(triage.None):
		p.is.Needs = string(a.Needs)
	}
	return again
}

// idle reports whether an assessment, as it is kept, says that no answer is needed.
func idle(kept string) bool {
	var a struct{ Needs triage.Answer }
	return json.Unmarshal([]byte(kept), &a) == nil && a.Needs == triage.None
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
