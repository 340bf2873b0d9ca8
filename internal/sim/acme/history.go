package acme

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// past is the history being made: deeds in the order of their times.
type past struct {
	*Demo
	end  time.Time
	todo deeds
	n    int
	rung time.Time
	seen map[contact.ID]bool
}

// deed is something that happens at a time.
type deed struct {
	at time.Time
	n  int // the order of those at the same time
	do func(ctx context.Context) error
}

type deeds []deed

func (d deeds) Len() int { return len(d) }
func (d deeds) Less(i, j int) bool {
	return cmp.Or(d[i].at.Compare(d[j].at), cmp.Compare(d[i].n, d[j].n)) < 0
}
func (d deeds) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *deeds) Push(x any)   { *d = append(*d, x.(deed)) }
func (d *deeds) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

// at plans a deed. What would come after the end of the history never happens.
func (p *past) at(t time.Time, do func(ctx context.Context) error) {
	if t.Before(p.end) {
		p.n++
		heap.Push(&p.todo, deed{t, p.n, do})
	}
}

// history lives through two weeks: everything is said at the stand-ins, read by the connectors and answered through
// deliveries, with the clock held at the time it happens.
func (d *Demo) history(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	over := make(chan struct{})
	go func() {
		d.app.Intake.Run(ctx)
		close(over)
	}()
	defer func() {
		stop()
		<-over
		d.Clock.LetGo()
	}()
	p := &past{Demo: d, end: d.o.Now().UTC(), seen: map[contact.ID]bool{}}
	begin := d.Clock.Now()
	p.plan(begin)
	d.o.Tell("ACME lives through the last %d days …\n", int(p.end.Sub(begin).Hours()/24+0.5))
	for p.todo.Len() > 0 && ctx.Err() == nil {
		next := heap.Pop(&p.todo).(deed)
		d.Clock.Hold(next.at)
		if next.at.Sub(p.rung) > 10*time.Minute {
			p.rung = next.at
			if _, err := d.app.Desk.Ring(ctx); err != nil {
				return err
			}
		}
		if err := next.do(ctx); err != nil {
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind == fault.Internal || f.Kind == fault.Unavailable {
				return err
			}
			d.o.Log.Debug("something in the demo's history was refused", "error", err)
		}
	}
	return ctx.Err()
}

// plan sets out who says what when, and what is special.
func (p *past) plan(begin time.Time) {
	span := p.end.Sub(begin)
	for range p.o.Busy {
		o := imagine(p.rand)
		at := begin.Add(time.Duration(p.rand.Float64() * float64(span)))
		if p.rand.IntN(6) == 0 { // more of the last day: that is what is worked on
			at = p.end.Add(-time.Duration(p.rand.Float64() * float64(20*time.Hour)))
		}
		if h := at.Hour(); h < 6 && p.rand.IntN(4) > 0 { // at night fewer people write
			at = at.Add(time.Duration(5+p.rand.IntN(6)) * time.Hour)
		}
		p.at(at, func(ctx context.Context) error { return p.opened(ctx, o) })
	}
	for k, text := range books()["en"]["own"] {
		p.at(begin.Add(span*time.Duration(2*k+1)/8), func(ctx context.Context) error {
			p.town.do(line{Act: company, Place: toACME, Text: text})
			_, err := p.hear(ctx, toACME)
			return err
		})
	}
	for k, text := range books()["en"]["article"] {
		p.at(begin.Add(span*time.Duration(2*k+2)/10), func(ctx context.Context) error { return p.published(ctx, text) })
	}
	p.at(p.end.Add(-5*time.Hour), p.poison)
	p.at(p.end.Add(-2*time.Hour), p.lost)
	for _, ago := range []time.Duration{3 * time.Hour, 40 * time.Minute} {
		p.at(p.end.Add(-ago), p.bob)
	}
}

func (p *past) published(ctx context.Context, text string) error {
	subject, rest := filled(p.rand, "en", text, "")
	p.town.do(line{Act: said, Place: inTheNews, Subject: subject, Text: rest})
	_, err := p.hear(ctx, inTheNews)
	return err
}

// opened lets a customer write, and plans what comes of it.
func (p *past) opened(ctx context.Context, o opening) error {
	k := p.town.open(o)
	c, err := p.hear(ctx, o.at)
	if err != nil {
		return err
	}
	if err := p.introduce(ctx, k, c); err != nil || c.State != desk.Open {
		return err
	}
	now, age := p.Clock.Now(), p.end.Sub(p.Clock.Now())
	after := func(least, mean time.Duration) time.Time {
		return now.Add(least + time.Duration(p.rand.ExpFloat64()*float64(mean)))
	}
	if p.chance(12) {
		p.at(after(time.Minute, 10*time.Minute), func(ctx context.Context) error { return p.note(ctx, c.ID) })
	}
	if p.chance(8) {
		p.at(after(2*time.Minute, 10*time.Minute), func(ctx context.Context) error { return p.tag(ctx, c.ID) })
	}
	if age < 72*time.Hour && p.chance(7) {
		p.at(after(5*time.Minute, 30*time.Minute), func(ctx context.Context) error { return p.snooze(ctx, c.ID) })
		return nil
	}
	often := 96
	if age < 30*time.Hour {
		often = 45
	}
	if age < 5*time.Hour {
		often = 25
	}
	if p.chance(often) {
		p.at(after(3*time.Minute, 45*time.Minute), func(ctx context.Context) error { return p.answered(ctx, k, c.ID) })
		return nil
	}
	switch {
	case p.chance(60):
		p.at(after(time.Minute, 15*time.Minute), func(ctx context.Context) error { return p.moved(ctx, k, c.ID) })
	case p.chance(50):
		p.at(after(2*time.Minute, 20*time.Minute), func(ctx context.Context) error { return p.claimed(ctx, c.ID) })
	}
	return nil
}

// moved lets an operator put an open conversation through.
func (p *past) moved(ctx context.Context, k *talk, id desk.ConversationID) error {
	c, err := p.app.Desk.Conversation(ctx, staff.Machine(), id)
	if err != nil || c.State != desk.Open {
		return err
	}
	_, err = p.putThrough(ctx, k, c)
	return err
}

// claimed lets somebody take a conversation without answering it yet.
func (p *past) claimed(ctx context.Context, id desk.ConversationID) error {
	return p.as(ctx, id, func(who staff.Actor, _ desk.Conversation) error {
		_, err := p.app.Desk.Claim(ctx, who, id)
		return err
	})
}

// introduce writes down who a contact is, the first time they write.
func (p *past) introduce(ctx context.Context, k *talk, c desk.Conversation) error {
	if p.seen[c.Contact] || k.who.Standing == "troll" || k.who.Standing == "spam" {
		return nil
	}
	p.seen[c.Contact] = true
	_, err := (&contact.Book{Store: p.app.Store, Now: p.app.Desk.Now}).Change(ctx, p.person("Noor Haddad"), c.Contact, contact.Change{Standings: &[]string{k.who.Standing}})
	return err
}

// answered lets one of us answer a talk, and plans what the customer says to that.
func (p *past) answered(ctx context.Context, k *talk, id desk.ConversationID) error {
	c, err := p.app.Desk.Conversation(ctx, staff.Machine(), id)
	if err != nil || c.State != desk.Open {
		return err
	}
	if p.chance(90) {
		done, err := p.putThrough(ctx, k, c)
		if done {
			p.at(p.Clock.Now().Add(time.Duration(2+p.rand.IntN(40))*time.Minute), func(ctx context.Context) error { return p.answered(ctx, k, id) })
		}
		if done || err != nil {
			return err
		}
	}
	who := p.who(ctx, c)
	if k.matter.key == "spam" || k.matter.key == "troll" && p.chance(60) {
		_, err := p.app.Desk.SetAside(ctx, who, id)
		return err
	}
	if p.chance(7) {
		_, err := p.app.Desk.AnsweredByHand(ctx, who, id, "by telephone", p.Clock.Now())
		return err
	}
	then := desk.Waiting
	if p.chance(35) {
		then = desk.Closed
	}
	if err := p.reply(ctx, who, id, p.words(k.lang, k.matter.answer, k.who), then, true); err != nil {
		return err
	}
	if err := p.promised(ctx, id); err != nil {
		return err
	}
	p.town.listen()
	now := p.Clock.Now()
	soon := now.Add(time.Duration(2+p.rand.IntN(70)) * time.Minute)
	if k.turns < 3 && p.chance(60) {
		p.at(soon, func(ctx context.Context) error { return p.reacted(ctx, k) })
	}
	p.at(now.Add(time.Duration(20+p.rand.IntN(40))*time.Hour), func(ctx context.Context) error { return p.settled(ctx, id) })
	return nil
}

// reacted lets the customer say something to an answer.
func (p *past) reacted(ctx context.Context, k *talk) error {
	mood := "thanks"
	switch n := p.rand.IntN(10); {
	case n > 7:
		mood = "complain"
	case n > 4:
		mood = "further"
	}
	_, text := filled(p.rand, k.lang, say(p.rand, k.lang, mood), k.who.first())
	p.town.follow(k, text)
	c, err := p.hear(ctx, k.at)
	if err != nil || c.State != desk.Open {
		return err
	}
	soon := p.Clock.Now().Add(time.Duration(4+p.rand.IntN(120)) * time.Minute)
	p.at(soon, func(ctx context.Context) error { return p.answered(ctx, k, c.ID) })
	return nil
}

// who deals with a conversation; Ada when nobody else is there.
func (p *past) who(ctx context.Context, c desk.Conversation) staff.Actor {
	if who := p.colleague(ctx, c, nil); who.Signed() {
		return who
	}
	return p.ada()
}

// settled closes what the contact has not come back to.
func (p *past) settled(ctx context.Context, id desk.ConversationID) error {
	c, err := p.app.Desk.Conversation(ctx, staff.Machine(), id)
	if err != nil || c.State != desk.Waiting {
		return err
	}
	_, err = p.app.Desk.Close(ctx, p.who(ctx, c), id, "the contact has not come back")
	return err
}
