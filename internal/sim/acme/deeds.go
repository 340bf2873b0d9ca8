package acme

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// chance is true so many times in a hundred.
func (d *Demo) chance(percent int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rand.IntN(100) < percent
}

// words are an answer of a kind, in a language, to a customer.
func (d *Demo) words(lang, section string, to customer) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, text := filled(d.rand, lang, say(d.rand, lang, section, "answer"), to.first())
	return text
}

// account is the account that hears what is said at a place.
func (d *Demo) account(at place) account.ID {
	if h := at.handle(); h != "" {
		return d.accounts[h]
	}
	return d.accounts[string(at)]
}

// hear takes in what was said at a place, and returns the conversation that the last of it belongs to.
func (d *Demo) hear(ctx context.Context, at place) (c desk.Conversation, err error) {
	a, err := account.One(ctx, d.app.Store.Read(), d.account(at))
	if err != nil {
		return c, err
	}
	conn, err := d.app.Book.Conn(ctx, a.ID)
	if err != nil {
		return c, err
	}
	var events []channel.Event
	if h, ok := conn.(channel.Hearer); ok {
		for _, call := range d.town.reviews.Calls(100) {
			heard, _, err := h.Hear(ctx, call)
			if err != nil {
				return c, err
			}
			events = append(events, heard...)
		}
		err = d.app.Intake.Take(ctx, a, events, nil)
	} else {
		events, err = d.fetch(ctx, a, conn.(channel.Fetcher))
	}
	if err != nil {
		return c, err
	}
	last := ""
	for _, e := range events {
		if !e.Message.Own && e.Kind == channel.Said {
			last = e.RemoteID
		}
	}
	if last == "" {
		return c, nil
	}
	known, err := desk.MessagesByRemote(ctx, d.app.Store.Read(), a.ID, []string{last})
	if err != nil {
		return c, err
	}
	m, ok := known[last]
	if !ok || m.Conversation.IsZero() {
		return c, fault.Newf(fault.NotFound, "what was said at %s is in no conversation", at)
	}
	return d.app.Desk.Conversation(ctx, staff.Machine(), m.Conversation)
}

// fetch reads an account from its cursor on.
func (d *Demo) fetch(ctx context.Context, a account.Account, f channel.Fetcher) (all []channel.Event, err error) {
	cursor, err := account.Cursor(ctx, d.app.Store.Read(), a.ID)
	if err != nil {
		return nil, err
	}
	for range 20 {
		page, err := f.Fetch(ctx, cursor)
		if err != nil {
			return all, fmt.Errorf("%s: %w", a.Handle, err)
		}
		if err := d.app.Intake.Take(ctx, a, page.Events, &page.Next); err != nil {
			return all, err
		}
		all = append(all, page.Events...)
		if cursor = page.Next; !page.More {
			break
		}
	}
	return all, nil
}

// colleague is who deals with a conversation: its owner, else somebody of the department who is at work. Those in not are left
// out; nobody is the zero Actor.
func (d *Demo) colleague(ctx context.Context, c desk.Conversation, not map[staff.PersonID]bool) staff.Actor {
	r, err := d.app.Staff.Roster(ctx)
	if err != nil {
		return staff.Actor{}
	}
	if p, ok := r.Person(c.Person); ok && p.State == staff.Active {
		if not[p.ID] {
			return staff.Actor{}
		}
		return p.ActorOf()
	}
	var could []staff.Person
	for _, p := range r.Members(c.Department) {
		if !not[p.ID] && p.Role != staff.Administrator && staff.Can(p, staff.Answer) && r.Working(p, d.Clock.Now()) {
			could = append(could, p)
		}
	}
	slices.SortFunc(could, func(a, b staff.Person) int { return strings.Compare(a.Name, b.Name) })
	if len(could) == 0 {
		return staff.Actor{}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return could[d.rand.IntN(len(could))].ActorOf()
}

// as does something as the colleague a conversation is with.
func (d *Demo) as(ctx context.Context, id desk.ConversationID, do func(who staff.Actor, c desk.Conversation) error) error {
	c, err := d.app.Desk.Conversation(ctx, staff.Machine(), id)
	if err != nil || c.State != desk.Open {
		return err
	}
	who := d.colleague(ctx, c, nil)
	if !who.Signed() {
		return nil
	}
	return do(who, c)
}

func (d *Demo) note(ctx context.Context, id desk.ConversationID) error {
	return d.as(ctx, id, func(who staff.Actor, _ desk.Conversation) error {
		_, err := d.app.Desk.WriteNote(ctx, who, id, d.words("en", "note", customer{}))
		return err
	})
}

var tags = []string{"repeat customer", "recall", "hotel trade", "product test", "goodwill"}

func (d *Demo) tag(ctx context.Context, id desk.ConversationID) error {
	return d.as(ctx, id, func(who staff.Actor, _ desk.Conversation) error {
		d.mu.Lock()
		tag := tags[d.rand.IntN(len(tags))]
		d.mu.Unlock()
		_, err := d.app.Desk.Tag(ctx, who, id, []string{tag})
		return err
	})
}

func (d *Demo) snooze(ctx context.Context, id desk.ConversationID) error {
	return d.as(ctx, id, func(who staff.Actor, _ desk.Conversation) error {
		d.mu.Lock()
		until := d.o.Now().Add(time.Duration(2+d.rand.IntN(40)) * time.Hour)
		d.mu.Unlock()
		_, err := d.app.Desk.Snooze(ctx, who, id, until)
		return err
	})
}

// putThrough gives a conversation that came to the wrong place to the department that deals with the matter, as an operator
// does; triage learns from it. It reports whether it did.
func (d *Demo) putThrough(ctx context.Context, k *talk, c desk.Conversation) (bool, error) {
	d.mu.Lock()
	to := d.homes[k.matter.home]
	d.mu.Unlock()
	if to.IsZero() || to == c.Department {
		return false, nil
	}
	who := d.person("Tom Okafor")
	if d.chance(50) {
		who = d.person("Elin Sjöberg")
	}
	_, err := d.app.Desk.HandOver(ctx, who, c.ID, to, 0, d.words("en", "reason", customer{}))
	return err == nil, err
}

// reply writes an answer and sees it out. One that waits for an approval gets it if approve is set.
func (d *Demo) reply(ctx context.Context, who staff.Actor, id desk.ConversationID, text string, then desk.State, approve bool) error {
	text, makes, keeps, err := d.promising(ctx, id, text)
	if err != nil {
		return err
	}
	if c, err := d.app.Desk.Conversation(ctx, staff.Machine(), id); err == nil && desk.LeavesPromised(c, makes, keeps) > 0 {
		then = desk.Waiting
	}
	x, err := d.app.Delivery.Reply(ctx, who, id, delivery.Draft{Text: text, Then: then, Promises: makes, Keeps: keeps})
	if err != nil {
		return err
	}
	if x.State == delivery.Held {
		if !approve {
			return nil
		}
		if _, err := d.app.Delivery.Approve(ctx, d.person("Noor Haddad"), x.ID); err != nil {
			return err
		}
	}
	err = d.app.Delivery.Deliver(ctx, x.ID)
	if err != nil && fault.KindOf(err) == fault.Internal { // "later" is no error here: the worker sees to it
		d.o.Log.Debug("an answer of the demo is not out yet", "error", err)
		return nil
	}
	return err
}
