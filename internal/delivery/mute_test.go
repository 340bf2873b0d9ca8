package delivery_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/journal"
	"switchboard/internal/sim/far"
	"switchboard/internal/sim/mastodon"
)

// deaths is how often it was told that an account must be connected again.
func (w *world) deaths(t testing.TB, a account.ID) (n int) {
	t.Helper()
	must(t, w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM journal WHERE what = $1 AND about = $2 AND data LIKE '%"reconnect"%'`,
		string(journal.AccountTrouble), journal.About("account", a)).Scan(&n))
	return n
}

// Access that may read and not write: the account hears, what keeps it from speaking is told of once and stays however well it
// hears, and is over when it has other access.
func TestWhatKeepsAnAccountFromSpeakingStaysWhileItHears(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := mastodon.New(mastodon.Options{Now: w.clock.Now, RateLimit: -1, NoWebSocket: true, NoSSE: true})
		web := httptest.NewServer(server.Handler())
		t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
		server.Describe("acme_help", "ACME helps", "", false)
		a := w.connect(t, "mastodon", map[string]any{"server": web.URL, "token": server.Token("acme_help", "read", "profile"), "plain": true})
		s := &side{Account: a, w: w, faults: &server.Faults, record: &server.Record, say: func(from, text string, _ bool) {
			server.Say(from+"@chat.example", "@acme_help "+text, mastodon.SayOptions{})
		}}
		c, _ := s.asks(t, "ann", "Do you hear me?", false)
		d := w.reply(t, c, delivery.Draft{Text: "Loud and clear."})
		now := func() account.Account {
			a, err := account.One(t.Context(), w.Store.Read(), a.ID)
			must(t, err)
			return a
		}
		until(t, "it is known that it can't speak", time.Minute, func() bool { return now().Mute != nil })
		for k, text := range []string{"And now?", "And after some time?"} {
			tried := s.faults.Calls(far.Send)
			s.asks(t, "ann", text, false)
			fetched := now().FetchedAt
			until(t, "it was read since", time.Minute, func() bool { return now().FetchedAt.After(fetched) })
			if is := now(); is.State != account.Reconnect || is.Mute == nil || is.Mute.Deed != channel.Reconnect {
				t.Fatalf("it is %s, and can't speak for %+v", is.State, is.Mute)
			}
			if is := w.one(t, d.ID); is.State != delivery.Queued || k == 0 && s.faults.Calls(far.Send) != tried {
				t.Errorf("the answer is %s, tried %d times more", is.State, s.faults.Calls(far.Send)-tried)
			}
			w.clock.advance(10 * time.Minute)
			until(t, "it is tried again", time.Minute, func() bool { return s.faults.Calls(far.Send) > tried })
			until(t, "that failed", time.Minute, func() bool { return now().Mute != nil && now().Mute.Tries == k+2 })
		}
		if n := w.deaths(t, a.ID); n != 1 {
			t.Errorf("it was told of %d times", n)
		}
		w.reconnect(t, a.ID, map[string]any{"token": server.Token("acme_help")})
		if is := w.ended(t, d.ID, time.Minute); is.State != delivery.Sent || s.entries(d.Text) != 1 {
			t.Errorf("with other access it is %s (%s) with %d entries", is.State, is.Reason, s.entries(d.Text))
		}
		if is := now(); is.Mute != nil || is.State != account.Active {
			t.Errorf("in the end it is %s, %+v", is.State, is.Mute)
		}
	})
}
