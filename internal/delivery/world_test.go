package delivery_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/secret"
	bluesky "switchboard/internal/sim/bluesky"
	email "switchboard/internal/sim/email"
	"switchboard/internal/sim/far"
	hook "switchboard/internal/sim/hook"
	mastodon "switchboard/internal/sim/mastodon"
	"switchboard/internal/store/storetest"
)

// full makes the tests of bad days run at full size (SWITCHBOARD_FULL=1).
func full(small, big int) int {
	if os.Getenv("SWITCHBOARD_FULL") != "" {
		return big
	}
	return small
}

// bound is the 95 % bound of a rate that was never seen in n trials.
func bound(n int) string { return fmt.Sprintf("%.2g", 3/float64(max(n, 1))) }

// watch is the machine's clock, set on by a test that cannot wait.
type watch struct{ ahead atomic.Int64 }

func (w *watch) Now() time.Time          { return time.Now().Add(time.Duration(w.ahead.Load())) }
func (w *watch) advance(d time.Duration) { w.ahead.Add(int64(d)) }

// world is a house with accounts whose far sides are the stand-ins, reached over real loopback connections.
type world struct {
	*apptest.House
	t     testing.TB
	clock *watch
	ring  *secret.Ring
	dsn   string
}

// side is one account and its far side.
type side struct {
	account.Account
	w      *world
	faults *far.Faults
	record *far.Record
	say    func(from, text string, private bool) // a customer writes
	edit   func(id, text string)
	remove func(id string)
	cut    func() // breaks the lines there are
	token  func() // takes our access away
	mend   func(t testing.TB)
	post   *email.Server // of a mailbox
}

func options(clock *watch, ring *secret.Ring) app.Options {
	return app.Options{Now: clock.Now, Ring: ring, Allow: []string{"127.0.0.0/8"}, Poll: time.Duration(full(50, 5000)) * time.Millisecond, JobWorkers: full(0, 2000)}
}

func newWorld(t testing.TB, dsn string) *world {
	t.Helper()
	clock, ring := &watch{}, secret.Random()
	return &world{House: apptest.Open(t, dsn, options(clock, ring)), t: t, clock: clock, ring: ring, dsn: dsn}
}

// alone runs f on both databases, beside nothing else: it measures.
func alone(t *testing.T, f func(t *testing.T, w *world)) {
	t.Run("sqlite", func(t *testing.T) { f(t, newWorld(t, storetest.SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { f(t, newWorld(t, storetest.Postgres(t))) })
}

// each runs f on both databases, at the same time as others.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(t, newWorld(t, storetest.SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); f(t, newWorld(t, storetest.Postgres(t))) })
}

func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "4") // they wait more than they work
	os.Exit(m.Run())
}

// connectors are the channels that can answer; the second mail account has a provider that keeps no copies, and the second hook
// a bridge that can't be asked.
var connectors = []string{"mastodon", "bluesky", "email", "hook", "email without copies", "hook that can't be asked"}

func (w *world) side(t testing.TB, kind, name string) *side {
	t.Helper()
	make := map[string]func(testing.TB, string) *side{"mastodon": w.mastodon, "bluesky": w.bluesky,
		"email": func(t testing.TB, name string) *side { return w.email(t, name, true) }, "email without copies": func(t testing.TB, name string) *side { return w.email(t, name, false) },
		"hook": func(t testing.TB, name string) *side { return w.hook(t, name, true) }, "hook that can't be asked": func(t testing.TB, name string) *side { return w.hook(t, name, false) }}
	s := make[kind](t, name)
	s.w = w
	return s
}

func (w *world) connect(t testing.TB, channel string, settings any) account.Account {
	t.Helper()
	raw, ok := settings.(json.RawMessage)
	if !ok {
		raw, _ = json.Marshal(settings)
	}
	a, err := w.Book.Connect(t.Context(), w.Boss, channel, "", raw)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) mastodon(t testing.TB, name string) *side {
	s := mastodon.New(mastodon.Options{Now: w.clock.Now, RateLimit: -1, Domain: name + ".example"})
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Faults.Clear()
		s.CutStreams()
		web.CloseClientConnections()
		web.Close()
	})
	s.Describe("acme_help", "ACME helps", "", false)
	token := s.Token("acme_help")
	a := w.connect(t, "mastodon", map[string]any{"server": web.URL, "token": token, "plain": true})
	return &side{Account: a, faults: &s.Faults, record: &s.Record, edit: func(id, text string) { s.Edit(id, "@acme_help "+text) }, remove: func(id string) { s.Delete(id) },
		say: func(from, text string, private bool) {
			o := mastodon.SayOptions{}
			if private {
				o.Visibility = "direct"
			}
			s.Say(from+"@chat.example", "@acme_help "+text, o)
		},
		cut:   func() { s.CutStreams(); web.CloseClientConnections() },
		token: func() { s.Revoke(token) },
		mend: func(t testing.TB) {
			token = s.Token("acme_help")
			w.reconnect(t, a.ID, map[string]any{"token": token})
		}}
}

func (w *world) bluesky(t testing.TB, name string) *side {
	var refreshes func() int
	var expire func()
	return w.blueskyWith(t, name, &refreshes, &expire)
}

func (w *world) blueskyWith(t testing.TB, name string, refreshes *func() int, expire *func()) *side {
	s := bluesky.New("", w.clock.Now)
	web := httptest.NewServer(s)
	t.Cleanup(func() { s.Faults.Clear(); web.CloseClientConnections(); web.Close() })
	s.SetBase(web.URL)
	handle := name + ".test"
	s.Account(handle, "ACME", "app-pass-word-1234", true)
	a := w.connect(t, "bluesky", map[string]any{"identifier": "@" + handle, "password": "app-pass-word-1234", "service": web.URL, "plain": true})
	*refreshes = func() int { return s.Calls("com.atproto.server.refreshSession") }
	*expire = func() { s.Expire(handle) }
	return &side{w: w, Account: a, faults: &s.Faults, record: &s.Record, remove: s.Delete, cut: web.CloseClientConnections,
		say: func(from, text string, private bool) {
			if private {
				s.Direct(from+".test", handle, text, bluesky.Saying{})
			} else {
				s.Post(from+".test", "@"+handle+" "+text, bluesky.Saying{})
			}
		},
		token: func() { s.Revoke(handle, true) },
		mend: func(t testing.TB) {
			s.Account(handle, "ACME", "another-pass-word", true)
			w.reconnect(t, a.ID, map[string]any{"password": "another-pass-word"})
		}}
}

func (w *world) email(t testing.TB, name string, copies bool) *side {
	return w.mail(t, name, copies, func(string) int { return 0 })
}

// emailThrough is a mailbox whose post is reached by a detour.
func (w *world) emailThrough(t testing.TB, name string, detour func(to string) (port int)) *side {
	s := w.mail(t, name, true, detour)
	s.w = w
	return s
}

func (w *world) mail(t testing.TB, name string, copies bool, detour func(to string) (port int)) *side {
	s := &email.Server{Address: "help@" + name + ".example", KeepsCopies: copies, Now: w.clock.Now}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Faults.Clear(); _ = s.Close() })
	var n atomic.Int64
	settings := s.Settings()
	if !copies { // the mailbox has them, and the connector may not look
		settings = json.RawMessage(strings.Replace(string(settings), `"copies":"save"`, `"copies":"none"`, 1))
	}
	var all map[string]any
	must(t, json.Unmarshal(settings, &all))
	if port := detour(fmt.Sprintf("%v:%v", all["smtp_host"], all["smtp_port"])); port != 0 {
		all["smtp_port"] = strconv.Itoa(port)
	}
	a := w.connect(t, "email", all)
	return &side{Account: a, faults: &s.Faults, record: &s.Record, cut: func() {}, post: s, say: func(from, text string, _ bool) {
		l := email.Letter{ID: fmt.Sprintf("m%d@far.example", n.Add(1)), From: from + "@far.example", Name: from, To: s.Address, Subject: "A question", Text: text}
		raw, err := l.Write(s)
		if err == nil {
			err = s.Deliver(raw)
		}
		if err != nil {
			t.Error(err)
		}
	}}
}

func (w *world) hook(t testing.TB, name string, asked bool) *side {
	const key = "5f2b0c1e9d3a47866f10aa0bb7c9e2d4"
	b := hook.New(name, key, w.clock.Now)
	b.Forgetful = !asked
	web := httptest.NewServer(b.Handler())
	t.Cleanup(func() { b.Faults.Clear(); web.CloseClientConnections(); web.Close() })
	a := w.connect(t, "hook", map[string]any{"name": name, "secret": key, "callback": web.URL, "publish": true, "find": asked, "read": asked})
	s := &side{Account: a, faults: &b.Faults, record: &b.Record, edit: b.Edit, remove: b.Delete}
	s.say = func(from, text string, private bool) {
		b.Say(message(from, text, private))
		s.pull(t, b)
	}
	return s
}

// reply lets the boss answer a conversation.
func (w *world) reply(t testing.TB, c desk.ConversationID, d delivery.Draft) delivery.Delivery {
	t.Helper()
	out, err := w.Delivery.Reply(t.Context(), w.Boss, c, d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) reconnect(t testing.TB, id account.ID, settings any) {
	t.Helper()
	raw, _ := json.Marshal(settings)
	if _, err := w.Book.Change(t.Context(), w.Boss, id, account.Change{Settings: raw}); err != nil {
		t.Fatal(err)
	}
}

// one is a delivery as it is now.
func (w *world) one(t testing.TB, id delivery.ID) delivery.Delivery {
	t.Helper()
	d, err := w.Delivery.One(t.Context(), w.Boss, id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// until waits for something that must come about.
func until(t testing.TB, what string, limit time.Duration, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v still not: %s", limit, what)
		}
	}
}

// becomes waits for a delivery to reach a state.
func (w *world) becomes(t testing.TB, id delivery.ID, want delivery.State, limit time.Duration) delivery.Delivery {
	t.Helper()
	var d delivery.Delivery
	for end := time.Now().Add(limit); ; time.Sleep(5 * time.Millisecond) {
		if d = w.one(t, id); d.State == want {
			return d
		}
		if time.Now().After(end) {
			t.Fatalf("after %v it is %s (%s), not %s", limit, d.State, d.Reason, want)
		}
	}
}

// heard waits for a customer's words to be a conversation, and returns it and the message.
func (s *side) heard(t testing.TB, text string) (desk.ConversationID, desk.MessageID) {
	t.Helper()
	var c desk.ConversationID
	var m desk.MessageID
	until(t, "the message is here: "+text, time.Duration(full(1, 15))*time.Minute, func() bool {
		rows, err := s.w.Store.Read().QueryContext(t.Context(), `SELECT conversation, id FROM message WHERE account = $1 AND direction = 'in' AND body LIKE $2`, s.ID, "%"+text+"%")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		return rows.Next() && rows.Scan(&c, &m) == nil
	})
	return c, m
}

// asks lets a customer write and waits until that is a conversation.
func (s *side) asks(t testing.TB, from, text string, private bool) (desk.ConversationID, desk.MessageID) {
	t.Helper()
	s.say(from, text, private)
	return s.heard(t, text)
}

// entries is how often a text was published at the far side.
func (s *side) entries(text string) (n int) {
	for _, e := range s.record.Entries() {
		if e.Kind != far.Delete && contains(e.Text, text) {
			n++
		}
	}
	return n
}

func (w *world) remoteOf(t testing.TB, m desk.MessageID) string {
	t.Helper()
	list, err := desk.Messages(t.Context(), w.Store.Read(), []desk.MessageID{m})
	if err != nil {
		t.Fatal(err)
	}
	return list[m].RemoteID
}

func contains(text, part string) bool { return strings.Contains(text, part) }

func message(from, text string, private bool) channel.Message {
	return channel.Message{Text: text, Private: private, From: channel.Identity{RemoteID: "visitor-" + from, Handle: from, Name: from}}
}

// pull brings what happened at a bridge to us, checked by its connector as a web hook is.
func (s *side) pull(t testing.TB, b *hook.Bridge) {
	t.Helper()
	conn, err := s.w.Book.Conn(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range b.Calls(100) {
		events, _, err := conn.(channel.Hearer).Hear(t.Context(), call)
		if err == nil {
			until(t, "the message is stored: a bridge sends again what was not", time.Minute, func() bool {
				err = s.w.Intake.Take(t.Context(), s.Account, events, nil)
				return err == nil || !fault.Is(err, fault.Unavailable)
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
