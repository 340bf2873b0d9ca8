package delivery_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/delivery"
	"switchboard/internal/sim/far"
)

// tally is what the judge found: what was accepted from people, held against the far side's own record.
type tally struct {
	mu                                            sync.Mutex
	intents, sent, unknown, failed, lost, doubled int
	wrong                                         []string
	asked                                         []string // what became unknown, and why
}

func (y *tally) add(kind string, text string, d delivery.Delivery, entries int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.intents++
	say := func(what string) {
		y.wrong = append(y.wrong, fmt.Sprintf("%s, %q: %s; it is %s (%s) with %d entries", kind, text, what, d.State, d.Reason, entries))
	}
	if entries > 1 {
		y.doubled++
		say("said twice")
	}
	switch d.State {
	case delivery.Sent:
		if y.sent++; entries == 0 {
			y.lost++
			say("lost")
		}
	case delivery.Unknown:
		y.asked = append(y.asked, fmt.Sprintf("%s after %v (%s)", kind, d.EndedAt.Sub(d.StartedAt), d.Reason))
		if y.unknown++; d.Reason == "" || d.EndedAt.Sub(d.StartedAt) > time.Minute {
			say("unknown without a reason, or after more than a minute")
		}
	case delivery.Failed, delivery.Held, delivery.Cancelled:
		if y.failed++; d.Reason == "" && d.State != delivery.Cancelled || entries > 0 {
			say("ended without a reason, or it is there all the same")
		}
	default:
		say("it never ended")
	}
}

func (y *tally) report(t testing.TB, name string) {
	t.Helper()
	for k, s := range y.wrong {
		if k == 20 {
			t.Errorf("… and %d more", len(y.wrong)-k)
			break
		}
		t.Error(s)
	}
	t.Logf("%s: %d intents, %d sent, %d unknown, %d failed; lost %d, doubled %d (95 %% bound %s)", name, y.intents, y.sent, y.unknown, y.failed, y.lost, y.doubled, bound(y.intents))
}

// ended waits until nothing more becomes of a delivery by itself.
func (w *world) ended(t testing.TB, id delivery.ID, limit time.Duration) delivery.Delivery {
	t.Helper()
	look := time.Duration(full(20, 500)) * time.Millisecond // hundreds look at full size
	for end := time.Now().Add(limit); ; time.Sleep(look) {
		d := w.one(t, id)
		if d.State != delivery.Queued && d.State != delivery.Sending || time.Now().After(end) {
			return d
		}
	}
}

// unclear are the faults of a call that publishes: what is taken and the answer lost, and what is not taken.
var unclear = append([]far.Do{far.RefusedClosed, far.Hang, far.ServerError, far.TooMany}, far.Lost...)

// Of so many answers, the first tries of so many are spoilt when nothing is taken.
const spell, spoilt = 10, 3

// slow are the faults that cost a time-out each.
func slow(do far.Do) bool { return do == far.Hang || do == far.LateAnswer }

// The far side takes it and the answer is lost, or is not even given: what was meant once is there once, or a person is asked
// (B1, B2).
func TestWhatIsLostOnTheWayBackIsNotSaidTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all sync.WaitGroup
		busy, idle := make(chan struct{}, full(64, 16)), make(chan struct{}, full(64, 96)) // who hangs only waits
		tallies := map[string]*tally{}
		for _, kind := range connectors {
			y := &tally{}
			tallies[kind] = y
			for _, do := range unclear {
				if slow(do) && full(0, 1) == 0 && kind != "mastodon" && kind != "hook" {
					continue
				}
				if kind == "hook that can't be asked" && do == far.TakenTooMany {
					continue // its documentation says that a 429 means that nothing was taken, and there is nobody to ask
				}
				n, accounts, lanes := full(2, 1000), 1, busy
				switch {
				case slow(do):
					accounts, lanes = full(1, 20), idle
				case do == far.TakenServerError && kind == "hook that can't be asked": // who never hears a good word waits longer each time
					n, accounts, lanes = full(2, 80), full(1, 20), idle
				case do == far.TooMany, do == far.TakenTooMany: // and so does who is told to wait: a thousand take hours
					n, accounts, lanes = full(2, 160), full(1, 20), idle
				case do != far.CutAnswer && do != far.LostAnswer && do != far.LostReset: // a far side in trouble is called ever more seldom
					accounts, lanes = full(1, 20), idle
				}
				for k := range accounts {
					all.Go(func() {
						lanes <- struct{}{}
						defer func() { <-lanes }()
						w.lose(t, y, kind, do, n/accounts, k)
					})
				}
			}
		}
		all.Wait()
		for kind, y := range tallies {
			y.report(t, kind)
			if asked := kind != "email without copies" && kind != "hook that can't be asked"; asked && y.unknown > 0 {
				t.Errorf("%s can be asked, and %d were left to a person: %s", kind, y.unknown, strings.Join(y.asked, "; "))
			}
		}
	})
}

// lose sends n answers through one fault on an account of its own.
func (w *world) lose(t *testing.T, y *tally, kind string, do far.Do, n, k int) {
	name := fmt.Sprintf("%s%d", letters(kind+string(do)), k)
	s := w.side(t, kind, name)
	c, _ := s.asks(t, "ann", "Where is my order, "+name+"?", false)
	taken := do == far.CutAnswer || do == far.LostAnswer || do == far.LostReset || do == far.LateAnswer || do == far.TakenServerError || do == far.TakenTooMany
	var list []delivery.Delivery
	if taken {
		s.faults.Set(far.Fault{On: far.Send, Do: do}) // each first try is spoilt; a second one would be seen as a second entry
	}
	settle := func(most int) { // until so few are on their way
		for ; len(list) > most; list = list[1:] {
			is := w.ended(t, list[0].ID, time.Duration(full(2, 10))*time.Minute)
			y.add(kind+" "+string(do), list[0].Text, is, s.entries(list[0].Text))
		}
	}
	for k := range n {
		if !taken && k%spell == 0 { // an outage, and it is over before the next
			settle(0)
			s.faults.Set(far.Fault{On: far.Send, Do: do, Times: min(n, spoilt)})
		}
		list = append(list, w.reply(t, c, delivery.Draft{Text: fmt.Sprintf("It is on its way, %s number %d.", name, k), Force: true}))
		settle(full(2, 8))
	}
	settle(0)
	s.faults.Clear()
	must(t, w.Book.Remove(t.Context(), w.Boss, s.ID, nil)) // its line ends: there are hundreds
}

// letters makes a name fit for a host of a phrase.
func letters(s string) (out string) {
	for _, r := range s {
		if r >= 'a' && r <= 'z' {
			out += string(r)
		}
	}
	return out
}

// When the far side can't be read either, a person is asked within a minute, with a reason in words (B2, B7).
func TestWhatCannotBeReadBackIsLeftToAPersonWithinAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sides := map[account.ID]*side{}
		for _, kind := range []string{"mastodon", "bluesky", "email", "hook"} {
			s := w.side(t, kind, "dark"+letters(kind))
			sides[s.ID] = s
		}
		w.Delivery.Before = func(step string, d delivery.Delivery) {
			if step == "called" { // the lights go out between the taking and the reading back
				sides[d.Account].faults.Set(far.Fault{Do: far.RefusedClosed})
			}
		}
		var all sync.WaitGroup
		for _, s := range sides {
			all.Go(func() {
				c, _ := s.asks(t, "ann", "Anybody there?", false)
				s.faults.Set(far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1})
				d := w.reply(t, c, delivery.Draft{Text: "We are here, in the dark."})
				is := w.ended(t, d.ID, 90*time.Second)
				if took := is.EndedAt.Sub(is.StartedAt); is.State != delivery.Unknown || is.Reason == "" || took > time.Minute {
					t.Errorf("%s: it is %s (%s) after %v", s.Channel, is.State, is.Reason, took)
					return
				}
				s.faults.Clear()
				got, err := w.Delivery.Confirm(t.Context(), w.Boss, d.ID, true)
				if err != nil || got.State != delivery.Sent {
					t.Errorf("%s: a person has seen it, and it is %s, %v", s.Channel, got.State, err)
				}
				if n := s.entries(d.Text); n != 1 {
					t.Errorf("%s: %d entries", s.Channel, n)
				}
			})
		}
		all.Wait()
	})
}
