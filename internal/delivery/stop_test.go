package delivery_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/store/storetest"
)

// buttons are the two there are.
var buttons = map[string]struct {
	stop, resume func(t testing.TB, b *account.Book, w *world, s *side)
}{
	"one account": {
		func(t testing.TB, b *account.Book, w *world, s *side) { must(t, b.Stop(t.Context(), w.Boss, s.ID)) },
		func(t testing.TB, b *account.Book, w *world, s *side) { must(t, b.Resume(t.Context(), w.Boss, s.ID)) }},
	"all accounts": {
		func(t testing.TB, b *account.Book, w *world, _ *side) { must(t, b.StopAll(t.Context(), w.Boss)) },
		func(t testing.TB, b *account.Book, w *world, _ *side) { must(t, b.ResumeAll(t.Context(), w.Boss)) }},
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// after counts what reached a far side later than a second after a moment.
func (s *side) after(at time.Time) (n int) {
	for _, e := range s.record.Entries() {
		if e.At.After(at.Add(time.Second)) {
			n++
		}
	}
	return n
}

// flood accepts n answers on each account, and calls half in the middle of it.
func (w *world) flood(t testing.TB, sides []*side, tag string, n int, half func()) []delivery.Delivery {
	t.Helper()
	var talks []desk.ConversationID
	for _, s := range sides {
		c, _ := s.asks(t, "ann", "How long does it take, "+tag+"?", false)
		talks = append(talks, c)
	}
	var list []delivery.Delivery
	for k := range n {
		if k == n/2 {
			half()
		}
		for _, c := range talks {
			list = append(list, w.reply(t, c, delivery.Draft{Text: fmt.Sprintf("Two days, %s number %d.", tag, k), Force: true}))
		}
	}
	return list
}

// The stop button, pressed on another node in the middle of the traffic: nothing leaves later than a second after it, not
// after a restart either; when it is let go, everything goes out once (B12).
func TestNothingLeavesAfterTheStopButton(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.App
		if strings.HasPrefix(w.dsn, "postgres") { // a second node on the same database
			other = apptest.Open(t, w.dsn, options(w.clock, w.ring)).App
		}
		sides := []*side{w.side(t, "hook", "busy"), w.side(t, "mastodon", "busy"), w.side(t, "email", "busy")}
		for name, button := range buttons {
			var at [3]time.Time
			list := w.flood(t, sides, letters(name), full(30, 300), func() {
				for k, s := range sides {
					button.stop(t, other.Book, w, s)
					at[k] = w.clock.Now()
				}
			})
			waiting := 0
			until(t, "it is seen that answers wait, and why", time.Minute, func() bool {
				waiting = 0
				for _, d := range list {
					if is := w.one(t, d.ID); is.State == delivery.Queued && is.Reason != "" {
						waiting++
					}
				}
				return waiting > 0
			})
			time.Sleep(time.Duration(full(3, 10)) * time.Second)
			for k, s := range sides {
				if n := s.after(at[k]); n > 0 {
					t.Errorf("%s: %s published %d later than a second after the button", name, s.Channel, n)
				}
			}
			for _, s := range sides {
				button.resume(t, other.Book, w, s)
			}
			y := &tally{}
			for _, d := range list {
				is := w.ended(t, d.ID, 60*time.Second)
				n := 0
				for _, s := range sides {
					if s.ID == d.Account {
						n = s.entries(d.Text)
					}
				}
				y.add(name, d.Text, is, n)
			}
			y.report(t, fmt.Sprintf("%s stopped with %d waiting", name, waiting))
			if y.sent != y.intents {
				t.Errorf("%s: %d of %d were sent in the end", name, y.sent, y.intents)
			}
		}
	})
}

// The button holds across a restart (B12).
func TestTheStopButtonHoldsAcrossARestart(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, dsn(t))
			s := w.side(t, "hook", "still")
			must(t, w.Book.StopAll(t.Context(), w.Boss))
			c, _ := s.asks(t, "ann", "Anybody?", false)
			d := w.reply(t, c, delivery.Draft{Text: "Not now."})
			until(t, "it says why it waits", 10*time.Second, func() bool { return w.one(t, d.ID).Reason != "" })
			must(t, w.App.Stop(t.Context()))
			o := options(w.clock, w.ring)
			o.DSN, o.Log = w.dsn, slog.New(slog.DiscardHandler)
			again, err := app.New(t.Context(), o)
			must(t, err)
			w.App = again
			must(t, again.Start(t.Context()))
			time.Sleep(3 * time.Second)
			if n := s.entries(d.Text); n != 0 {
				t.Errorf("%d entries after the restart, with everything stopped", n)
			}
			must(t, again.Book.ResumeAll(t.Context(), w.Boss))
			w.becomes(t, d.ID, delivery.Sent, 30*time.Second)
			if n := s.entries(d.Text); n != 1 {
				t.Errorf("%d entries in the end", n)
			}
		})
	}
}

// slowPost is a line to a mail server that holds back what stands between signing in and handing the mail over.
func slowPost(t testing.TB, to string, reached, release chan struct{}) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	var once sync.Once
	go func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", to)
			if err != nil {
				_ = a.Close()
				continue
			}
			go func() { defer a.Close(); pass(b, a, func(string) {}) }()
			go func() {
				defer b.Close()
				pass(a, b, func(line string) {
					if strings.HasPrefix(line, "DATA") {
						once.Do(func() { close(reached) })
						<-release
					}
				})
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func pass(from, to net.Conn, look func(line string)) {
	r := bufio.NewReader(from)
	for {
		line, err := r.ReadString('\n')
		look(line)
		if _, e := to.Write([]byte(line)); e != nil || err != nil {
			return
		}
	}
}

// A mail server that is slow in the middle of taking a mail: the button is asked again right before the mail becomes one.
func TestTheStopButtonReachesAMailHalfHandedOver(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	reached, release := make(chan struct{}), make(chan struct{})
	s := w.emailThrough(t, "half", func(to string) int { return slowPost(t, to, reached, release) })
	c, _ := s.asks(t, "ann", "Is it open?", true)
	d := w.reply(t, c, delivery.Draft{Text: "It is shut."})
	<-reached
	must(t, w.Book.Stop(t.Context(), w.Boss, s.ID))
	close(release)
	until(t, "it waits again", 20*time.Second, func() bool { is := w.one(t, d.ID); return is.State == delivery.Queued && is.Reason != "" })
	if n := s.record.Len(); n != 0 {
		t.Errorf("%d mails were taken after the button", n)
	}
	must(t, w.Book.Resume(t.Context(), w.Boss, s.ID))
	w.becomes(t, d.ID, delivery.Sent, 30*time.Second)
	if n := s.entries(d.Text); n != 1 {
		t.Errorf("%d mails in the end", n)
	}
}
