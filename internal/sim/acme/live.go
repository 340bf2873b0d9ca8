package acme

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// reaction is something a customer will do in a moment.
type reaction struct {
	at time.Time
	do func()
}

// poster brings the reviews to Switchboard's own address, as a bridge does.
type poster struct {
	client  *http.Client
	address string
}

// Run lets the customers write, and the colleagues work, until ctx ends. The app must have been started, and answer at base
// ("http://127.0.0.1:8080").
func (d *Demo) Run(ctx context.Context, base string) {
	d.client = &poster{&http.Client{Timeout: 10 * time.Second}, base + "/hook/" + d.accounts["reviews"].String()}
	d.town.listen() // what was said before is nothing to react to
	var all sync.WaitGroup
	if d.o.Pace > 0 {
		all.Go(func() { d.customers(ctx) })
	}
	all.Go(func() { d.ears(ctx) })
	if d.o.Staff && d.o.Pace > 0 {
		all.Go(func() { d.colleagues(ctx) })
	}
	all.Wait()
}

// wait sleeps and reports whether there is still something to live for.
func wait(ctx context.Context, t time.Duration) bool {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// customers write: most of the time something new, now and then again because nobody has answered.
func (d *Demo) customers(ctx context.Context) {
	mean := time.Minute / time.Duration(d.o.Pace)
	for wait(ctx, d.spread(mean)) {
		if d.chance(6) && d.nudge() {
			continue
		}
		d.mu.Lock()
		o := imagine(d.rand)
		d.mu.Unlock()
		k := d.town.open(o)
		d.afterthought(k)
		if d.chance(1) {
			d.news()
		}
	}
}

// spread is a time around a mean, so that nothing comes like clockwork; never longer than three times as much.
func (d *Demo) spread(mean time.Duration) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(min(d.rand.ExpFloat64(), 3) * float64(mean))
}

// soon plans a reaction between least and most from now.
func (d *Demo) soon(least, most time.Duration, do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.Clock.Now().Add(least + time.Duration(d.rand.Float64()*float64(most-least)))
	d.reactions = append(d.reactions, reaction{at, do})
}

// nudge lets somebody who waits ask again.
func (d *Demo) nudge() bool {
	d.town.mu.Lock()
	var waits *talk
	for _, k := range d.town.talks {
		if k.turns == 0 && k.own == k.root && k.at != toReviews && k.matter.key != "spam" && k.matter.key != "courtesy" {
			if waits == nil || k.root > waits.root {
				waits = k
			}
		}
	}
	d.town.mu.Unlock()
	if waits == nil {
		return false
	}
	d.town.follow(waits, d.line(waits.lang, "nudge", waits.who))
	return true
}

// line is something a customer says.
func (d *Demo) line(lang, section string, who customer) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, text := filled(d.rand, lang, say(d.rand, lang, section), who.first())
	return text
}

// afterthought lets a customer now and then correct what they wrote, or take it back.
func (d *Demo) afterthought(k *talk) {
	switch {
	case k.at.mailbox() != "":
	case d.chance(4):
		d.soon(10*time.Second, 40*time.Second, func() {
			d.town.correct(k, k.text+" (edit: it is the one with the steel door)")
		})
	case d.chance(2):
		d.soon(15*time.Second, time.Minute, func() { d.town.withdraw(k) })
	}
}

// news lets the trade press write about ACME.
func (d *Demo) news() {
	d.mu.Lock()
	subject, text := filled(d.rand, "en", say(d.rand, "en", "article"), "")
	d.mu.Unlock()
	d.town.do(line{Act: said, Place: inTheNews, Subject: subject, Text: text})
}

// ears notice what the company says, let customers react to it, and carry the reviews over.
func (d *Demo) ears(ctx context.Context) {
	for wait(ctx, 250*time.Millisecond) {
		for _, a := range d.town.listen() {
			d.react(a)
		}
		for _, do := range d.due() {
			do()
		}
		if err := d.town.post(ctx, d.client.client, d.client.address); err != nil && !errors.Is(err, context.Canceled) {
			d.o.Log.Debug("the reviews could not be brought; they are brought again", "error", err)
			wait(ctx, 5*time.Second)
		}
	}
}

// due takes the reactions whose time has come.
func (d *Demo) due() (now []func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := d.reactions[:0]
	for _, r := range d.reactions {
		if r.at.After(d.Clock.Now()) {
			left = append(left, r)
			continue
		}
		now = append(now, r.do)
	}
	d.reactions = left
	return now
}

// react lets a customer answer an answer. One who was answered by a person at the screen always says something, and soon: a
// newcomer shall see that it arrived. To the simulated colleagues many say nothing.
func (d *Demo) react(a answer) {
	least, most := 3*time.Second, 8*time.Second
	if d.simulated(a.text) {
		if a.talk.turns > 2 || d.chance(45) {
			return
		}
		least, most = 10*time.Second, 90*time.Second
	}
	mood := "thanks"
	switch {
	case a.talk.turns > 3:
	case d.chance(25):
		mood = "further"
	case d.chance(15):
		mood = "complain"
	}
	d.soon(least, most, func() { d.town.follow(a.talk, d.line(a.talk.lang, mood, a.talk.who)) })
}
