package delivery_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/sim/far"
	"switchboard/internal/store/storetest"
)

// waits are the ways in which a far side says how long to wait, and how long we must at least.
var waits = map[string]struct {
	after string
	least time.Duration
}{
	"in seconds":  {"3", 2 * time.Second},
	"as a date":   {"date", time.Second},
	"negative":    {"-5", time.Second},
	"absurd":      {"99999999999", 3 * time.Second},
	"not at all":  {"", time.Second},
	"in no words": {"soon", time.Second},
}

// Told to wait, nobody calls: neither to send, nor to read back, nor to fetch (C1).
func TestNobodyCallsWhileToldToWait(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all sync.WaitGroup
		for _, kind := range []string{"mastodon", "bluesky", "hook"} {
			for how, told := range waits {
				all.Go(func() { w.told(t, kind, how, told.after, told.least) })
			}
		}
		all.Wait()
	})
}

func (w *world) told(t *testing.T, kind, how, after string, least time.Duration) {
	s := w.side(t, kind, "told"+letters(kind+how))
	c, _ := s.asks(t, "ann", "Are you busy?", false)
	header, fresh := http.Header{"Retry-After": {after}}, (func() http.Header)(nil)
	switch after {
	case "":
		header = http.Header{}
	case "date": // of the moment of the answer: a date that is past by then says something else
		fresh = func() http.Header {
			return http.Header{"Retry-After": {w.clock.Now().Add(4 * time.Second).UTC().Format(http.TimeFormat)}}
		}
	}
	status := http.StatusTooManyRequests
	s.faults.Set(far.Fault{On: far.Send, Do: far.Answer, Status: status, Header: header, Fresh: fresh, Body: []byte(`{"error":"RateLimitExceeded"}`), Times: 1})
	before := s.faults.Calls(far.Send)
	d := w.reply(t, c, delivery.Draft{Text: "Very."})
	var since time.Time
	until(t, "it was told to wait", 20*time.Second, func() bool { since = time.Now(); return s.faults.Calls(far.Send) > before })
	quiet := s.faults.Calls("")
	for still := 0; still < 5; still++ { // calls that left before the answer came
		time.Sleep(50 * time.Millisecond)
		if n := s.faults.Calls(""); n != quiet {
			quiet, still = n, 0
		}
	}
	time.Sleep(least - 150*time.Millisecond - time.Since(since))
	if n := s.faults.Calls(""); n != quiet && time.Since(since) < least { // unless we overslept, on a busy machine
		t.Errorf("%s, told %s: %d calls while told to wait", kind, how, n-quiet)
	}
	if is := w.one(t, d.ID); is.State == delivery.Unknown && how != "absurd" || is.State == delivery.Failed || s.entries(d.Text) != 0 {
		t.Errorf("%s, told %s: it is %s (%s) with %d entries", kind, how, is.State, is.Reason, s.entries(d.Text))
	}
	if least < 3*time.Second && how != "not at all" && how != "in no words" && how != "negative" {
		if is := w.ended(t, d.ID, time.Minute); is.State != delivery.Sent || s.entries(d.Text) != 1 {
			t.Errorf("%s, told %s: in the end it is %s (%s) with %d entries", kind, how, is.State, is.Reason, s.entries(d.Text))
		}
	}
}

// Told to wait with uploads, what has a picture waits; the account hears, and says what has none.
func TestToldToWaitWithUploadsOnlyThoseWait(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "mastodon", "uploads")
		c, _ := s.asks(t, "ann", "What does it look like?", false)
		s.faults.Set(far.Fault{On: "media", Do: far.TooManyBare, Header: http.Header{"Retry-After": {"1800"}}, Times: 1})
		picture, err := w.Delivery.Keep(t.Context(), w.Boss, "a.png", []byte("\x89PNG\r\n\x1a\n"))
		must(t, err)
		shown := w.reply(t, c, delivery.Draft{Text: "Like this.", Uploads: []delivery.UploadID{picture.ID}, Alts: []string{"a door"}})
		until(t, "the upload was refused", time.Minute, func() bool { is := w.one(t, shown.ID); return is.State == delivery.Queued && is.Reason != "" })
		other, _ := s.asks(t, "bob", "Are you there?", false)
		said := w.reply(t, other, delivery.Draft{Text: "We are."})
		if is := w.ended(t, said.ID, time.Minute); is.State != delivery.Sent {
			t.Errorf("without a picture it is %s (%s)", is.State, is.Reason)
		}
		if is := w.one(t, shown.ID); is.State != delivery.Queued || s.faults.Calls("media") != 1 {
			t.Errorf("with one it is %s, after %d uploads", is.State, s.faults.Calls("media"))
		}
	})
}

// One account's far side hangs, with many answers waiting for it: another's leave as quickly as ever (C3).
func TestASlowAccountDelaysNoOther(t *testing.T) {
	alone(t, func(t *testing.T, w *world) {
		slow, well := w.side(t, "hook", "tar"), w.side(t, "mastodon", "hare")
		c, _ := well.asks(t, "ann", "Quick question?", false)
		n := full(40, 400)
		run := func(tag string) (took []time.Duration) {
			for k := range n {
				d := w.reply(t, c, delivery.Draft{Text: fmt.Sprintf("Quick answer %s %d.", tag, k), Force: true})
				is := w.ended(t, d.ID, 30*time.Second)
				took = append(took, is.EndedAt.Sub(is.CreatedAt))
			}
			slices.Sort(took)
			return took
		}
		quiet := run("alone")
		slow.faults.Set(far.Fault{Do: far.Hang})
		w.flood(t, []*side{slow}, "stuck", 200, func() {})
		beside := run("beside")
		slow.faults.Clear()
		t.Logf("the healthy account alone: median %v, p99 %v; beside one that hangs with 200 waiting: median %v, p99 %v",
			quiet[n/2], quiet[n*99/100], beside[n/2], beside[n*99/100])
		if alone, now := quiet[n*99/100], beside[n*99/100]; now > 2*alone+500*time.Millisecond { // what fails here is a queue behind the slow one
			t.Errorf("p99 %v beside a hanging account, %v alone", now, alone)
		}
	})
}

// The token is revoked with twenty answers in flight: the queue is held and the owner told; after it is connected again each
// goes out once (C4).
func TestATokenRevokedInMidFlight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, kind := range []string{"mastodon", "bluesky"} {
			s := w.side(t, kind, "revoked")
			c, _ := s.asks(t, "ann", "Still there?", false)
			s.token()
			var list []delivery.Delivery
			for k := range full(20, 200) {
				list = append(list, w.reply(t, c, delivery.Draft{Text: fmt.Sprintf("Still here, number %d.", k), Force: true}))
			}
			until(t, "the owner is told", time.Minute, func() bool {
				a, err := account.One(t.Context(), w.Store.Read(), s.ID)
				return err == nil && a.State == account.Reconnect && a.Ailing() != nil && a.Ailing().Deed == channel.Reconnect && a.Ailing().Message != ""
			})
			until(t, "all wait, and say why", time.Minute, func() bool {
				for _, d := range list {
					if is := w.one(t, d.ID); is.State != delivery.Queued || is.Reason == "" {
						return false
					}
				}
				return true
			})
			calls := s.faults.Calls(far.Send)
			time.Sleep(2 * time.Second)
			if n := s.faults.Calls(far.Send); n != calls {
				t.Errorf("%s: %d further tries with a dead token", kind, n-calls)
			}
			s.mend(t)
			y := &tally{}
			for _, d := range list {
				y.add(kind, d.Text, w.ended(t, d.ID, time.Minute), s.entries(d.Text))
			}
			y.report(t, kind+", connected again")
			if y.sent != len(list) {
				t.Errorf("%s: %d of %d were sent after it was connected again", kind, y.sent, len(list))
			}
		}
	})
}

// The far side's access token has run out with many answers in flight: it is refreshed once, and nobody notices (C4).
func TestOneRefreshForAll(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	var refreshes func() int
	var expire func()
	s := w.blueskyWith(t, "fresh", &refreshes, &expire)
	c, _ := s.asks(t, "ann", "Fresh?", false)
	before := refreshes()
	expire()
	y := &tally{}
	var list []delivery.Delivery
	for k := range 20 {
		list = append(list, w.reply(t, c, delivery.Draft{Text: fmt.Sprintf("Fresh, number %d.", k), Force: true}))
	}
	for _, d := range list {
		y.add("bluesky", d.Text, w.ended(t, d.ID, time.Minute), s.entries(d.Text))
	}
	y.report(t, "one refresh")
	if n := refreshes() - before; n != 1 || y.sent != 20 {
		t.Errorf("%d refreshes, %d of 20 sent", n, y.sent)
	}
}

// The echo of our own answer comes before, while and after the sending call returns: it is one message, in its conversation (A6).
func TestTheEchoOfOurOwnWordsIsOneMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var h hooked
		w.Delivery.Before = h.before
		s := w.side(t, "mastodon", "echo")
		for k := range full(3, 50) {
			for _, when := range []string{"before", "while", "after"} {
				c, _ := s.asks(t, "ann", fmt.Sprintf("Hello, %s %d?", when, k), false)
				d := w.reply(t, c, delivery.Draft{Text: fmt.Sprintf("Hello back, %s %d.", when, k), Undo: time.Minute})
				echo := func() {
					for _, e := range s.record.Entries() {
						if contains(e.Text, d.Text) {
							m := message("acme_help", e.Text, false)
							m.RemoteID, m.Own, m.ParentID, m.Kind, m.At = e.ID, true, e.ParentID, channel.Reply, e.At
							must(t, w.Intake.Take(t.Context(), s.Account, []channel.Event{{Kind: channel.Said, RemoteID: e.ID, At: e.At, Message: m}}, nil))
						}
					}
				}
				var beside sync.WaitGroup
				h.set(d.ID, func(step string) {
					switch {
					case step == "called" && when == "before":
						echo()
					case step == "called" && when == "while":
						beside.Go(echo)
					}
				})
				w.clock.advance(time.Minute)
				must(t, w.Delivery.Deliver(t.Context(), d.ID))
				beside.Wait()
				if when == "after" {
					echo()
				}
				is := w.becomes(t, d.ID, delivery.Sent, 20*time.Second)
				list, err := desk.MessagesByRemote(t.Context(), w.Store.Read(), s.ID, []string{is.RemoteID})
				must(t, err)
				m := list[is.RemoteID]
				var n int
				must(t, w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM message WHERE account = $1 AND direction = 'out' AND body LIKE $2`, s.ID, "%"+d.Text).Scan(&n))
				if n != 1 || m.ID != is.Message || m.Conversation != c || m.Person != w.Boss.Person {
					t.Errorf("echo %s: %d messages; it is in conversation %v of %v, said by %v", when, n, m.Conversation, c, m.Person)
				}
				history, err := journal.Of(t.Context(), w.Store.Read(), int64(c), 100)
				must(t, err)
				if slices.ContainsFunc(history, func(e journal.Entry) bool { return e.What == journal.AnsweredByHand }) {
					t.Errorf("echo %s: the history says that somebody answered elsewhere", when)
				}
			}
		}
		var raised int
		must(t, w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM conversation WHERE account = $1 AND contact NOT IN (SELECT contact FROM identity WHERE remote_id LIKE '%ann%')`, s.ID).Scan(&raised))
		if raised != 0 {
			t.Errorf("our own words raised %d conversations", raised)
		}
	})
}

// After an outage what was said meanwhile is fetched, and until then the gap is shown (A8).
func TestAnOutageLeavesNoGap(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, kind := range []string{"mastodon", "bluesky", "email"} {
			s := w.side(t, kind, "outage")
			s.asks(t, "ann", "Before the storm?", false)
			s.faults.Set(far.Fault{Do: far.RefusedClosed})
			s.cut()
			said := full(100, 500)
			for k := range said {
				s.say(fmt.Sprintf("p%d", k), fmt.Sprintf("In the storm, number %d.", k), k%2 == 0)
			}
			until(t, "the gap is shown: "+kind, 40*time.Second, func() bool {
				a, err := account.One(t.Context(), w.Store.Read(), s.ID)
				return err == nil && !a.GapSince.IsZero() && a.Trouble != nil
			})
			s.faults.Clear()
			until(t, "all of it is here: "+kind, 60*time.Second, func() bool {
				var n int
				must(t, w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM message WHERE account = $1 AND body LIKE '%In the storm%'`, s.ID).Scan(&n))
				return n >= said
			})
			until(t, "the gap is gone: "+kind, 60*time.Second, func() bool {
				a, err := account.One(t.Context(), w.Store.Read(), s.ID)
				return err == nil && a.GapSince.IsZero() && a.Trouble == nil
			})
			var n int
			must(t, w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM message WHERE account = $1 AND body LIKE '%In the storm%'`, s.ID).Scan(&n))
			if n != said {
				t.Errorf("%s: %d of %d", kind, n, said)
			}
		}
	})
}
