package acme

import (
	"context"
	"errors"
	"strings"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

const (
	calm    = 120 // so many open conversations are a usual day
	newest  = 12  // of the operator's queue are left to people
	theirs  = 40  // and so many of each queue of somebody who is signed in
	settled = 45 * time.Second
)

// colleagues work through what nobody real has in hand: slowly, and faster when much has come together.
func (d *Demo) colleagues(ctx context.Context) {
	mean := time.Minute / time.Duration(d.o.Pace)
	pause := mean
	for wait(ctx, d.spread(pause)) {
		open, err := d.work(ctx)
		var f *fault.Error
		if err != nil && ctx.Err() == nil && !errors.As(err, &f) {
			d.o.Log.Warn("ACME's colleagues could not work", "error", err)
		}
		factor := float64(calm) / float64(max(open, 1))
		pause = time.Duration(min(max(factor, 0.3), 5) * float64(mean))
	}
}

// work does one thing to one conversation, and returns how many are open.
func (d *Demo) work(ctx context.Context) (open int, err error) {
	machine := staff.Machine()
	n, err := d.app.Desk.Count(ctx, machine)
	if err != nil {
		return 0, err
	}
	not, err := signedIn(ctx, d.app.Store.Read(), d.Clock.Now())
	if err != nil {
		return n.All, err
	}
	c, who, err := d.pick(ctx, not)
	if err != nil || !who.Signed() {
		return n.All, err
	}
	return n.All, d.deal(ctx, c, who)
}

// pick chooses what has waited longest by its clock, leaving to people what is theirs or new.
func (d *Demo) pick(ctx context.Context, not map[staff.PersonID]bool) (c desk.Conversation, who staff.Actor, err error) {
	r, err := d.app.Staff.Roster(ctx)
	if err != nil {
		return c, who, err
	}
	mine := map[staff.DepartmentID]int{r.Operator().ID: newest}
	for p := range not {
		if x, ok := r.Person(p); ok {
			for _, of := range x.Departments {
				mine[of] = theirs
			}
		}
	}
	p, err := d.app.Desk.List(ctx, staff.Machine(), desk.Query{View: desk.All, State: desk.Open, Limit: 200})
	if err != nil {
		return c, who, err
	}
	left := map[staff.DepartmentID]int{}
	var could []desk.Conversation
	for _, row := range p.Rows { // the newest first
		if row.Person.IsZero() {
			if left[row.Department]++; left[row.Department] <= mine[row.Department] {
				continue
			}
		}
		if !not[row.Person] && d.Clock.Now().Sub(row.LastAt) > settled {
			could = append(could, row.Conversation)
		}
	}
	if len(could) == 0 {
		return c, who, nil
	}
	d.mu.Lock()
	c = could[len(could)-1-d.rand.IntN(min(len(could), 20))] // one of those that wait longest
	d.mu.Unlock()
	return c, d.colleague(ctx, c, not), nil
}

// deal does what a colleague would do with a conversation.
func (d *Demo) deal(ctx context.Context, c desk.Conversation, who staff.Actor) error {
	k := d.talkOf(ctx, c)
	switch {
	case k == nil: // the trade press, or somebody from before: read, and set aside
		_, err := d.app.Desk.SetAside(ctx, who, c.ID)
		return err
	case k.matter.key == "spam" || k.matter.key == "troll" && d.chance(60):
		_, err := d.app.Desk.SetAside(ctx, who, c.ID)
		return err
	case c.Person.IsZero() && d.chance(80):
		if done, err := d.putThrough(ctx, k, c); done || err != nil {
			return err
		}
	}
	switch {
	case c.Person.IsZero() && d.chance(15):
		_, err := d.app.Desk.Claim(ctx, who, c.ID)
		return err
	case d.chance(6):
		return d.note(ctx, c.ID)
	case d.chance(4):
		return d.tag(ctx, c.ID)
	case d.chance(3):
		return d.snooze(ctx, c.ID)
	}
	then := desk.Waiting
	if d.chance(45) {
		then = desk.Closed
	}
	text := d.words(k.lang, k.matter.answer, k.who)
	d.mu.Lock()
	d.sayings[text] = d.Clock.Now()
	d.mu.Unlock()
	return d.reply(ctx, who, c.ID, text, then, true)
}

// talkOf finds the customer's side of a conversation.
func (d *Demo) talkOf(ctx context.Context, c desk.Conversation) *talk {
	m, err := desk.LastInbound(ctx, d.app.Store.Read(), c.ID)
	if err != nil {
		return nil
	}
	d.town.mu.Lock()
	defer d.town.mu.Unlock()
	if k := d.town.talks[m.RemoteID]; k != nil {
		return k
	}
	id, _, _ := strings.Cut(m.RemoteID, "#") // of a mail: its Message-ID, and a check
	return d.town.talks[id]
}

// simulated reports whether a colleague of ours said this, and forgets what was said long ago.
func (d *Demo) simulated(text string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s, at := range d.sayings {
		if strings.Contains(text, s) {
			return true
		}
		if d.Clock.Now().Sub(at) > 10*time.Minute {
			delete(d.sayings, s)
		}
	}
	return false
}
