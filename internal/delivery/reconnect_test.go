package delivery_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/delivery"
	"switchboard/internal/fault"
	"switchboard/internal/sim/mastodon"
)

const back = "https://desk.example/api/accounts/callback"

// visit connects an account through the browser, or connects one again, with settings and as somebody at the server.
func (w *world) visit(t testing.TB, of account.ID, as string, settings map[string]any) (account.Account, error) {
	t.Helper()
	given, err := json.Marshal(settings)
	must(t, err)
	trip := account.Trip{Person: w.Boss.Person, Session: "browser", Channel: "mastodon", Account: of}
	address, err := w.Book.Begin(t.Context(), w.Boss, trip, given, back)
	must(t, err)
	u, err := url.Parse(address)
	must(t, err)
	form := u.Query()
	form.Set("account", as)
	form.Set("decision", "approve")
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.PostForm(u.Scheme+"://"+u.Host+u.Path, form)
	must(t, err)
	defer func() { _ = answer.Body.Close() }()
	to, err := answer.Location()
	must(t, err)
	a, _, err := w.Book.Finish(t.Context(), w.Boss, "browser", back, to.Query())
	return a, err
}

// An account that was connected through the browser loses its access: it is connected again with nothing filled in, as the
// account it was and no other, and what waited goes out.
func TestAnAccountOfTheBrowserIsConnectedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		far := mastodon.New(mastodon.Options{Now: w.clock.Now, RateLimit: -1})
		web := httptest.NewServer(far.Handler())
		t.Cleanup(func() { far.CutStreams(); web.CloseClientConnections(); web.Close() })
		far.Describe("acme_help", "ACME helps", "", false)
		far.Describe("acme_press", "ACME's press", "", false)
		a, err := w.visit(t, 0, "acme_help", map[string]any{"server": web.URL, "plain": true, "replies": "public"})
		must(t, err)
		s := &side{Account: a, w: w, faults: &far.Faults, record: &far.Record, say: func(from, text string, _ bool) {
			far.Say(from+"@chat.example", "@acme_help "+text, mastodon.SayOptions{})
		}}
		c, _ := s.asks(t, "ann", "Are you there?", false)
		far.RevokeAll("acme_help")
		var list []delivery.Delivery
		for k := range 3 {
			list = append(list, w.reply(t, c, delivery.Draft{Text: fmt.Sprintf("We are, %d times.", k), Force: true}))
		}
		until(t, "it is known to be dead", time.Minute, func() bool {
			now, err := account.One(t.Context(), w.Store.Read(), a.ID)
			return err == nil && now.State == account.Reconnect
		})
		if _, err := w.visit(t, a.ID, "acme_press", nil); !fault.Is(err, fault.Conflict) {
			t.Errorf("another account of that server came back: %v", err)
		}
		again, err := w.visit(t, a.ID, "acme_help", map[string]any{"replies": "unlisted"})
		if err != nil || again.ID != a.ID || again.State != account.Active {
			t.Fatalf("connected again as %v (%s), %v", again.ID, again.State, err)
		}
		for _, d := range list {
			if is := w.ended(t, d.ID, time.Minute); is.State != delivery.Sent || s.entries(d.Text) != 1 {
				t.Errorf("%q is %s (%s) with %d entries", d.Text, is.State, is.Reason, s.entries(d.Text))
			}
		}
		shown, err := w.Book.Shown(t.Context(), again)
		if err != nil || string(shown["replies"]) != `"unlisted"` || string(shown["server"]) != fmt.Sprintf("%q", web.URL) {
			t.Errorf("its settings are %s, %v", shown, err)
		}
		if all, err := account.All(t.Context(), w.Store.Read()); err != nil || len(all) != 1 {
			t.Errorf("%d accounts, %v", len(all), err)
		}
	})
}
