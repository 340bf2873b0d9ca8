package intake_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/journal"
	"switchboard/internal/sim/far"
	"switchboard/internal/sim/mastodon"
	"switchboard/internal/store/storetest"
)

// site is a house with one account on a server, and what its messages are found by.
type site struct {
	*apptest.House
	account.Account
	far *mastodon.Server
	web *httptest.Server
}

func newSite(t *testing.T, o mastodon.Options, poll time.Duration) *site {
	t.Helper()
	o.Now, o.RateLimit = time.Now, -1
	s := &site{far: mastodon.New(o)}
	s.web = httptest.NewServer(s.far.Handler())
	s.House = apptest.Open(t, storetest.SQLite(t), app.Options{Now: time.Now, Allow: []string{"127.0.0.0/8"}, Poll: poll})
	t.Cleanup(func() { s.far.CutStreams(); s.web.CloseClientConnections(); s.web.Close() })
	s.far.Describe("acme_help", "ACME helps", "", false)
	a, err := s.Book.Connect(t.Context(), s.Boss, "mastodon", "", s.settings(t, "acme_help"))
	if err != nil {
		t.Fatal(err)
	}
	s.Account = a
	return s
}

func (s *site) settings(t *testing.T, name string) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(map[string]any{"server": s.web.URL, "token": s.far.Token(name), "plain": true})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// arrives waits for a message.
func (s *site) arrives(t *testing.T, text string) {
	t.Helper()
	until(t, "here is "+text, func() bool {
		var n int
		err := s.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM message WHERE account = $1 AND body LIKE $2`, s.ID, "%"+text+"%").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n > 0
	})
}

// A server may say that the line is open a moment before it listens: what is said in between is heard soon, not at the next
// rare look beside a stream.
func TestWhatIsSaidBeforeAStreamListensIsHeardSoon(t *testing.T) {
	t.Parallel()
	s := newSite(t, mastodon.Options{Deaf: time.Hour}, time.Hour)
	until(t, "somebody listens", func() bool { return s.far.Listening() > 0 })
	for k := range 3 {
		text := fmt.Sprintf("Where is order %d?", k)
		s.far.Say("ann@chat.example", "@acme_help "+text, mastodon.SayOptions{})
		s.arrives(t, text)
	}
}

// New settings reach the line that is open: it is another identity's from then on, and read from that one's beginning.
func TestNewSettingsReachAnOpenLine(t *testing.T) {
	t.Parallel()
	s := newSite(t, mastodon.Options{}, time.Hour)
	s.far.Describe("acme_press", "ACME's press", "", false)
	s.far.Say("ann@chat.example", "@acme_press Is it true?", mastodon.SayOptions{})
	s.far.Say("ann@chat.example", "@acme_help Where is it?", mastodon.SayOptions{})
	s.arrives(t, "Where is it?")
	until(t, "somebody listens", func() bool { return s.far.Listening() > 0 })
	if _, err := s.Book.Change(t.Context(), s.Boss, s.ID, account.Change{Settings: s.settings(t, "acme_press"), Other: true}); err != nil {
		t.Fatal(err)
	}
	s.arrives(t, "Is it true?")
	until(t, "one line is open", func() bool { return s.far.Listening() == 1 })
	s.far.Say("bob@chat.example", "@acme_press And this?", mastodon.SayOptions{})
	s.arrives(t, "And this?")
	if a, err := account.One(t.Context(), s.Store.Read(), s.ID); err != nil || a.State != account.Active {
		t.Errorf("the account is %s (%+v), %v", a.State, a.Trouble, err)
	}
}

// A server without streams is asked as often as others are, and nobody is told of a trouble.
func TestAServerWithoutStreamsIsPolled(t *testing.T) {
	t.Parallel()
	s := newSite(t, mastodon.Options{NoWebSocket: true, NoSSE: true}, 50*time.Millisecond)
	for k := range 3 {
		text := fmt.Sprintf("Where is order %d?", k)
		s.far.Say("ann@chat.example", "@acme_help "+text, mastodon.SayOptions{})
		s.arrives(t, text)
	}
	asked := s.far.Faults.Calls(far.Stream)
	if asked == 0 || asked > 2 { // by WebSocket and by events, once
		t.Errorf("it was asked for streams %d times", asked)
	}
	a, err := account.One(t.Context(), s.Store.Read(), s.ID)
	if err != nil || a.State != account.Active || a.Trouble != nil || a.Streaming {
		t.Errorf("the account is %s (%+v), %v", a.State, a.Trouble, err)
	}
	var told int
	if err := s.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM journal WHERE what = $1`, string(journal.AccountTrouble)).Scan(&told); err != nil || told != 0 {
		t.Errorf("%d troubles were told of, %v", told, err)
	}
}
