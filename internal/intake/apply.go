package intake

import (
	"errors"
	"slices"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/routing"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

// apply lets one event happen to the batch.
func (b *batch) apply(r *request, e *channel.Event) error {
	if e.RemoteID == "" {
		return errors.New("it has no id at its far side, so a repeat could not be told")
	}
	at := remote{r.account.ID, e.RemoteID}
	if e.Kind == channel.Deleted {
		b.delete(at, e.At)
		return nil
	}
	b.seen[r.account.ID] = b.now
	if m, ok := b.messages[at]; ok {
		return b.edit(r, m, e)
	}
	if m, ok := b.uris[e.Message.URI]; ok && e.Message.URI != "" { // another account of ours saw it first
		b.sight(at, m, r)
		return b.edit(r, m, e)
	}
	if err := b.add(r, e); err != nil {
		return err
	}
	if s, ok := b.sightings[at]; ok && s.DeletedAt != 0 && s.Message.IsZero() { // we heard of its end before its beginning
		b.delete(at, store.FromMicros(s.DeletedAt))
	}
	return nil
}

func (b *batch) sight(at remote, m *kept, r *request) {
	b.messages[at] = m
	b.sighted = append(b.sighted, desk.Sighting{Account: at.account, RemoteID: at.id, Message: m.ID})
	if !m.Conversation.IsZero() {
		b.tell(journal.Entry{What: journal.ThreadSeen, Conversation: int64(m.Conversation), About: journal.About("message", m.ID), Data: journal.Data("account", r.account.ID)})
	}
}

func (b *batch) tell(e journal.Entry) {
	if e.Who == "" {
		e.Who = journal.Machine
	}
	e.At = b.now
	b.entries = append(b.entries, e)
}

// delete takes a message's words away; one not heard of yet is remembered to be gone.
func (b *batch) delete(at remote, when time.Time) {
	m, ok := b.messages[at]
	if !ok {
		s := desk.Sighting{Account: at.account, RemoteID: at.id, DeletedAt: store.Micros(when)}
		b.sightings[at] = s
		b.sighted = append(b.sighted, s)
		return
	}
	if !m.DeletedAt.IsZero() && !when.Before(m.DeletedAt) {
		return
	}
	again := !m.DeletedAt.IsZero()
	m.Message, m.changed = m.Delete(when), true
	b.erased = append(b.erased, m.ID)
	if p := b.byID[m.Conversation]; p != nil && p.is.LastMessage == m.ID {
		p.is.Excerpt = ""
	}
	if !again {
		b.tell(journal.Entry{What: journal.MessageDeleted, Conversation: int64(m.Conversation), About: journal.About("message", m.ID)})
	}
}

// edit gives a known message other words, if these are others.
func (b *batch) edit(r *request, m *kept, e *channel.Event) error {
	if desk.VersionOf(e.Message) == m.Version {
		return nil
	}
	if m.Direction == desk.Out && m.Version == "" { // the echo of what we sent: the first we hear of how the far side names its version
		m.Version, m.changed = desk.VersionOf(e.Message), true
		return nil
	}
	is, old := m.Edit(e.Message)
	if !m.DeletedAt.IsZero() { // its words are gone and stay gone
		if is.Version == m.Version {
			return b.earlier(r, m, e)
		}
		m.Message, m.changed = is.Delete(m.DeletedAt), true
		return nil
	}
	b.versions = append(b.versions, old)
	if is.Version == m.Version {
		return b.earlier(r, m, e)
	}
	before := m.Assessment
	m.Message, m.changed = is, true
	b.edited[m.ID] = m
	b.replaced[m.ID] = b.mediaOf(m.ID, e.Message)
	p := b.byID[m.Conversation]
	if p != nil {
		if a, ok := b.assessed[e]; ok {
			m.Assessment = store.JSON(a)
			b.noteTopics(p.is.ID, a)
			if p.is.LastMessage == m.ID {
				p.is = assessed(p.is, a)
			}
		}
		if p.is.LastMessage == m.ID {
			p.is.Excerpt = desk.Excerpt(m.Text)
		}
	}
	return b.changedTo(r, m, e, before)
}

// add takes in a message nobody has seen before.
func (b *batch) add(r *request, e *channel.Event) error {
	if why := r.doubted[e.RemoteID]; why != "" {
		if d := strings.ToUpper(why[:1]) + why[1:] + "."; !slices.Contains(e.Message.Doubts, d) {
			e.Message.Doubts = append(slices.Clone(e.Message.Doubts), d)
		}
	}
	m := &kept{Message: desk.NewMessage(desk.MessageID(b.in.Store.IDs.Next()), r.account.ID, e.Message, r.at), fresh: true}
	var err error
	switch {
	case e.Message.Own:
		b.addOwn(r, m, e)
	case e.Message.Bounce != "" && b.addBounce(r, m, e):
	default:
		err = b.addInbound(r, m, e)
	}
	if err != nil {
		return err
	}
	b.know(remote{r.account.ID, e.RemoteID}, m)
	b.newMessages = append(b.newMessages, m)
	b.media = append(b.media, b.mediaOf(m.ID, e.Message)...)
	if len(e.Raw) > 0 {
		b.raw = append(b.raw, []any{m.ID, r.account.Channel, []byte(e.Raw)})
	}
	return nil
}

func (b *batch) mediaOf(m desk.MessageID, c channel.Message) []desk.Media {
	var out []desk.Media
	for k, f := range c.Media {
		f.Type, f.Name, f.Alt, f.URL = text(letters.Head(f.Type, 200)), text(letters.Head(f.Name, 300)), text(letters.Head(f.Alt, 5000)), text(letters.Head(f.URL, 4000))
		out = append(out, desk.Media{ID: desk.MediaID(b.in.Store.IDs.Next()), Message: m, Place: k, Media: f})
	}
	return out
}

// addOwn keeps our own words: an echo, or something said by hand in the network's own app. They raise no work; in answer to a
// contact they end the waiting.
func (b *batch) addOwn(r *request, m *kept, e *channel.Event) {
	m.Rest.ByHand = true
	p := b.ownCase(r, e.Message)
	if p == nil {
		return
	}
	m.Conversation = p.is.ID
	p.is = p.is.Said(m.Message, b.now)
	// The echo of an answer on its way out can be here before the far side's word of it: who sent it will say so.
	if p.is.State == desk.Open && !p.is.LastInAt.After(m.At) && !b.sending[p.is.ID] {
		waited := p.is.Waited(m.At)
		p.is = p.is.Answered(0, m.At, desk.Waiting, b.in.Desk.House.Terms(p.is.Department))
		b.tell(journal.Entry{What: journal.AnsweredByHand, Conversation: int64(p.is.ID), About: journal.About("message", m.ID), Data: journal.Data("how", "in the network's own app", "seconds", waited)})
	}
	b.tell(journal.Entry{What: journal.MessageArrived, Conversation: int64(p.is.ID), About: journal.About("message", m.ID), Data: journal.Data("own", true)})
}

func (b *batch) ownCase(r *request, c channel.Message) *piece {
	if p := b.parent(r.account.ID, c); p != nil {
		return b.byID[p.Conversation]
	}
	if c.Private {
		for _, to := range c.To {
			if i, ok := b.identities[person2{r.account.Channel, to.RemoteID}]; ok {
				return b.cases[desk.Whose{Contact: i.Contact, Account: r.account.ID, Thread: caseThread(c)}]
			}
		}
	}
	return nil
}

// addBounce ties a message that says ours was not delivered to the conversation ours belongs to.
func (b *batch) addBounce(r *request, m *kept, e *channel.Event) bool {
	ours, ok := b.messages[remote{r.account.ID, e.Message.Bounce}]
	if !ok || ours.Direction != desk.Out {
		return false
	}
	p := b.byID[ours.Conversation]
	if p == nil {
		return false
	}
	m.Conversation = p.is.ID
	was := p.is
	is, again := p.is.Said(m.Message, b.now).Arrived(m.At, "must", b.in.Desk.House.Terms(p.is.Department), b.now)
	p.is = is
	back := "the other side's server sent it back"
	if len(e.Message.Missed) > 0 {
		back += " from " + strings.Join(e.Message.Missed, ", ")
	}
	b.bounced = append(b.bounced, bounce{remote: remote{ours.Account, ours.RemoteID}, reason: text(back) + ": " + desk.Excerpt(m.Text)})
	b.tell(journal.Entry{What: journal.MessageArrived, Conversation: int64(p.is.ID), About: journal.About("message", m.ID), Data: journal.Data("bounce", true)})
	if again {
		b.tell(journal.Entry{What: was.Opening(), Conversation: int64(p.is.ID), Data: journal.Data("reason", "what we answered came back")})
	}
	var moved []journal.Entry
	p.is, moved = b.in.Desk.Housed(p.is, b.now)
	for _, e := range moved {
		b.tell(e)
	}
	return true
}

// addInbound finds or opens the conversation a contact's words belong to.
func (b *batch) addInbound(r *request, m *kept, e *channel.Event) error {
	i, err := b.identity(r, e.Message.From)
	if err != nil {
		return err
	}
	a := b.assessed[e]
	m.Identity, m.Assessment = i.ID, store.JSON(a)
	c := b.contacts[i.Contact]
	if l := a.Language.Code; l != "" && l != "und" && l != c.Language {
		c.Language, c.changed = l, !c.fresh
	}
	if b.now.Sub(c.SeenAt) >= time.Hour {
		c.SeenAt, c.changed = b.now, !c.fresh
	}
	needs := string(a.Needs)
	ourselves := b.ours[r.account.Channel+"\x00"+e.Message.From.RemoteID]
	if ourselves { // another account of ours: told, but no work
		needs = string(triage.None)
	}
	w := b.whose(r.account.ID, c.ID, e.Message)
	p := b.cases[w]
	if q := b.answeredIn(r.account.ID, c.ID, e.Message); q != nil {
		p = q
	}
	if p == nil {
		if p, err = b.open(r, e, m, a, w, needs); err != nil {
			return err
		}
	} else {
		why := "the contact wrote again"
		if !ourselves {
			needs, why = b.heeded(r, e, p, needs)
		}
		if err := b.goOn(r, e, p, m, a, needs, why); err != nil {
			return err
		}
	}
	m.Conversation = p.is.ID
	b.noteTopics(p.is.ID, a)
	return nil
}

// answeredIn is the conversation of what a contact's words answer, if it is with them: an answer to us belongs there even
// where the channel calls the thread by another name than when it began.
func (b *batch) answeredIn(a account.ID, c contact.ID, m channel.Message) *piece {
	p := b.parent(a, m)
	if p == nil {
		return nil
	}
	q := b.byID[p.Conversation]
	if q == nil || q.is.Contact != c || p.Private != m.Private || q.is.Private && !m.Private {
		return nil
	}
	return q
}

// identity returns who said something, making a contact of somebody new.
func (b *batch) identity(r *request, from channel.Identity) (*known, error) {
	if from.RemoteID == "" {
		return nil, errNobody
	}
	k := person2{r.account.Channel, from.RemoteID}
	i, ok := b.identities[k]
	if !ok {
		i = &known{Identity: contact.Identity{ID: contact.IdentityID(b.in.Store.IDs.Next()), Channel: k.channel, RemoteID: k.remoteID}, fresh: true}
		i.Identity, _ = i.Named(from)
		c := &who{Contact: contact.Contact{ID: contact.ID(b.in.Store.IDs.Next()), Name: i.Called(), Standings: []string{}, CreatedAt: b.now, SeenAt: b.now}, fresh: true}
		i.Contact = c.ID
		b.identities[k], b.contacts[c.ID] = i, c
		return i, nil
	}
	is, changed := i.Named(from)
	i.renamed = i.renamed || is.Name != i.Name || is.Handle != i.Handle
	i.Identity, i.changed = is, i.changed || changed
	if b.contacts[i.Contact] == nil {
		return nil, errors.New("the contact behind this identity is gone")
	}
	return i, nil
}

// open opens a conversation and puts it through.
func (b *batch) open(r *request, e *channel.Event, m *kept, a triage.Assessment, w desk.Whose, needs string) (*piece, error) {
	c := desk.Conversation{ID: desk.ConversationID(b.in.Store.IDs.Next()), Account: w.Account, Contact: w.Contact, Thread: w.Thread, Private: m.Private,
		State: desk.Open, Subject: m.Subject, Tags: []string{}, OpenedAt: b.now}
	d, err := b.decide(b.routingCase(r, e, a, c))
	if err != nil {
		return nil, err
	}
	c.Decision = ruled(d)
	c = assessed(c, a)
	c.Needs = needs
	if why := r.doubted[e.RemoteID]; why != "" { // it says to be a colleague's answer: a person looks at it
		c.Decision = desk.Decision{Department: b.judge.staff.Operator().ID, By: "operator", Confidence: 1, Reasons: []string{why}}
		needs, c.Needs = string(triage.Must), string(triage.Must)
	}
	sample := needs == string(triage.None) && sampled(e.RemoteID)
	if sample {
		c.Tags = []string{"sample"}
		c.Decision.Also = nil
		c.Decision.Department, c.Decision.Person, c.Decision.By = b.judge.staff.Operator().ID, 0, "operator"
		c.Decision.Reasons = append(c.Decision.Reasons, sampleReason)
		needs = string(triage.Courtesy)
	}
	c.Decision.Message = m.ID
	t := b.in.Desk.House.Terms(c.Decision.Department)
	c = c.Said(m.Message, b.now)
	c, _ = c.Arrived(m.Since(), "must", t, b.now)
	c = c.Owned(c.Decision.Department, c.Decision.Person, t, b.now)
	p := &piece{is: c}
	b.file(p)
	b.verdicts = append(b.verdicts, verdictOf(c, m.ID, a))
	b.tell(journal.Entry{Who: journal.Contact(w.Contact), What: journal.MessageArrived, Conversation: int64(c.ID), About: journal.About("message", m.ID), Data: journal.Data("opened", true)})
	b.tell(journal.Entry{What: journal.PutThrough, Conversation: int64(c.ID), Data: journal.Data("department", c.Department, "person", c.Person,
		"by", c.Decision.By, "confidence", c.Decision.Confidence, "reasons", c.Decision.Reasons)})
	if needs == string(triage.None) {
		p.is = p.is.PutAside(b.now)
		b.tell(journal.Entry{What: journal.SetAside, Conversation: int64(c.ID), Data: journal.Data("reason", "no answer needed")})
		return p, nil
	}
	b.askAlso(p)
	return p, nil
}

// heeded is what a further message of a contact needs by where its conversation stands, and why that opens it: triage hides nothing.
// What was set aside comes back whatever its author says, and an answer to a question of ours is seen, though it asks for nothing.
// A machine's words, a notice of absence, are neither.
func (b *batch) heeded(r *request, e *channel.Event, p *piece, needs string) (_, why string) {
	why = "the contact wrote again"
	switch {
	case needs != string(triage.None) || p.is.State == desk.Open:
		return needs, why
	case p.is.View() == "aside" && !e.Message.Automatic:
		return string(triage.Courtesy), why
	case p.is.State != desk.Closed && !e.Message.Automatic && b.questioned(r.account.ID, e.Message):
		return string(triage.Courtesy), "the contact wrote after a question of ours"
	case sampled(e.RemoteID):
		if !slices.Contains(p.is.Tags, "sample") {
			p.is.Tags = append(slices.Clone(p.is.Tags), "sample")
		}
		return string(triage.Courtesy), sampleReason
	}
	return needs, why
}

// sampleReason says why a message is shown to a person though it needs no answer.
const sampleReason = "it needs no answer; one in twenty of these is shown to a person"

// goOn adds what a contact said to a conversation that is there. why is told where that opens it.
func (b *batch) goOn(r *request, e *channel.Event, p *piece, m *kept, a triage.Assessment, needs, why string) error {
	t := b.in.Desk.House.Terms(p.is.Department)
	was := p.is
	p.is = p.is.Said(m.Message, b.now)
	is, again := p.is.Arrived(m.Since(), needs, t, b.now)
	p.is = is
	if again && was.View() != "aside" { // what was wanted before is done
		p.is.Needs, p.is.Urgency = "", desk.Normal
	}
	if p.is.State == desk.Open {
		p.is = assessed(p.is, a)
		if p.is.Needs == string(triage.None) {
			p.is.Needs = needs
		}
	}
	b.tell(journal.Entry{Who: journal.Contact(p.is.Contact), What: journal.MessageArrived, Conversation: int64(p.is.ID), About: journal.About("message", m.ID)})
	if again {
		b.tell(journal.Entry{Who: journal.Contact(p.is.Contact), What: was.Opening(), Conversation: int64(p.is.ID), Data: journal.Data("reason", why)})
	}
	switch {
	case p.is.State != desk.Open || b.ours[r.account.Channel+"\x00"+e.Message.From.RemoteID]:
		return nil
	case was.State == desk.Closed:
		return b.decideAnew(p, b.routingCase(r, e, a, p.is), m.ID)
	}
	return b.rule(p, b.routingCase(r, e, a, p.is))
}

// assessed is c with what triage says of the last thing its contact said.
func assessed(c desk.Conversation, a triage.Assessment) desk.Conversation {
	c.Intents = nil
	for _, s := range a.Intents {
		if len(c.Intents) == 0 || s.Confidence >= 0.3 {
			c.Intents = append(c.Intents, s.Key)
		}
		if len(c.Intents) == 3 {
			break
		}
	}
	if l := a.Language.Code; l != "" && (l != "und" || c.Language == "") { // what can't be told says nothing against what is known
		c.Language = l
	}
	if u := desk.UrgencyOf(string(a.Urgency)); u > c.Urgency || c.State != desk.Open {
		c.Urgency = u
	}
	if c.Needs != string(triage.Must) {
		c.Needs = string(a.Needs)
	}
	return c
}

func (b *batch) routingCase(r *request, e *channel.Event, a triage.Assessment, c desk.Conversation) routing.Case {
	m := e.Message
	out := routing.Case{Departments: scores(a.Departments), Intents: scores(a.Intents), Topics: a.Topics, Skills: scores(a.Skills), Learned: a.Learned, Parts: b.parts[e],
		Language: a.Language.Code, Urgency: string(a.Urgency), Needs: string(a.Needs), Sentiment: a.Sentiment, Spam: a.Spam,
		Text: m.Text, Subject: m.Subject, Kind: string(m.Kind), Private: m.Private, Followers: m.From.Followers, Rating: m.Rating,
		Account: r.account.Handle, Channel: r.account.Channel, Handle: m.From.Handle, Speakers: b.judge.speak.of(r.account.ID)}
	if k := b.contacts[c.Contact]; k != nil {
		out.Standings = k.Standings
		if !k.AnsweredBy.IsZero() {
			out.Before = []routing.Contacted{{Person: k.AnsweredBy.String(), At: k.AnsweredAt}}
		}
	}
	return out
}
