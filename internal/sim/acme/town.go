package acme

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/email"
	"switchboard/internal/sim/feed"
	"switchboard/internal/sim/hook"
	"switchboard/internal/sim/mastodon"
)

// town are the places where people speak to ACME: the stand-ins, and who has said what there.
type town struct {
	clock *Clock
	log   *slog.Logger

	social  *mastodon.Server
	boxes   map[place]*email.Server
	reviews *hook.Bridge
	news    *feed.Site
	closed  *feed.Site // a site that answers with errors: an account in trouble
	bases   map[string]string
	were    map[string]string // the bases before this start
	servers []*http.Server

	mu     sync.Mutex
	book   *ledger
	talks  map[string]*talk // by the id of each of its messages
	heard  map[string]int   // how far each record was read
	letter int
	outlet string // the token of the last of socialAccounts
}

// talk is an exchange between a customer and the company, as the customer sees it.
type talk struct {
	who    customer
	matter matter
	lang   string
	at     place
	root   string // the id of its first message
	last   string // the id of the last one, whoever said it
	own    string // the id of the last one the customer said
	text   string // what that says
	about  string // the subject of a mail
	refs   []string
	turns  int // how often the company has answered
	alt    string
}

// socialAccounts are the company's accounts on the social network. The last one's token is dead.
var socialAccounts = []string{"acme", "acme_help", "acme_jobs", "acme_outlet"}

// openTown starts the stand-ins, at the ports they had before if those are free, and says again what was said.
func openTown(folder string, s *state, clock *Clock, log *slog.Logger) (*town, error) {
	t := &town{clock: clock, log: log, boxes: map[place]*email.Server{}, bases: map[string]string{}, were: map[string]string{}, talks: map[string]*talk{}, heard: map[string]int{}}
	var old []line
	var err error
	if t.book, old, err = openLedger(folder); err != nil {
		return nil, err
	}
	defer clock.LetGo()
	clock.Hold(s.Opened)
	listeners := map[string]net.Listener{}
	for _, name := range []string{"social", "reviews", "news", "closed"} {
		l, err := listen(s.Ports[name])
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		listeners[name] = l
		t.were[name] = "http://127.0.0.1:" + strconv.Itoa(s.Ports[name])
		s.Ports[name] = l.Addr().(*net.TCPAddr).Port
		t.bases[name] = "http://" + l.Addr().String()
	}
	t.people()
	t.reviews = hook.New("Trusted reviews", s.Secret, clock.Now)
	t.reviews.Text = 1000
	if s.Starts > 0 {
		t.skip(lastEntry(old) + 1000)
	}
	t.news, t.closed = t.site("news", "Household Weekly"), t.site("closed", "Kitchen and Home")
	for _, p := range []place{toPress, toBilling} {
		box := &email.Server{Address: p.mailbox(), Password: s.Secret, KeepsCopies: true, Now: clock.Now}
		if err := box.Start(); err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.boxes[p] = box
		for range s.Starts { // another validity: the uids of an earlier start mean nothing now
			if err := box.Renumber(); err != nil {
				return nil, errors.Join(err, t.close())
			}
		}
	}
	for _, l := range old {
		clock.Hold(l.At)
		t.repeat(l)
	}
	if s.Starts > 0 {
		t.pass(len(old) + 1000)
	}
	for name, h := range map[string]http.Handler{"social": t.social.Handler(), "reviews": t.reviews.Handler(), "news": t.news.Handler(), "closed": t.closed.Handler()} {
		srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
		t.servers = append(t.servers, srv)
		go func() { _ = srv.Serve(listeners[name]) }()
	}
	return t, nil
}

// listen takes a port, or any if it is taken.
func listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil && port != 0 {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	return l, err
}

// people puts everybody on the social network, always in the same order and at the same time: their ids are made of these.
func (t *town) people() {
	t.social = mastodon.New(mastodon.Options{Now: t.clock.Now, Base: t.bases["social"], RateLimit: -1})
	for k, name := range socialAccounts {
		titles := []string{"ACME", "ACME helps", "ACME careers", "ACME outlet"}
		t.social.Describe(name, titles[k], "", false)
		t.social.SetPolicy(name, "for_private_mentions", "accept")
	}
	for _, c := range cast {
		t.social.Describe(c.Key, c.Name, "", c.Standing == "spam")
	}
}

func (t *town) site(name, title string) *feed.Site {
	s := feed.New(title, t.clock.Now)
	s.Base, s.Window = t.bases[name], 30
	return s
}

// pass lets the social network count notifications nobody sees. Their numbers only grow: what is said from now on must have
// higher ones than all before, also if some of that was not written down.
func (t *town) pass(n int) {
	for range n {
		t.social.Odd("nobody")
	}
}

// lastEntry is the highest number that the reviews gave to an answer of ours, as far as it was written down.
func lastEntry(old []line) (most int) {
	for _, l := range old {
		n, _ := strconv.Atoi(strings.TrimPrefix(l.ID, "entry/"))
		if l.Act == company && l.Place == toReviews {
			most = max(most, n)
		}
	}
	return most
}

// skip lets the reviews count entries nobody sees: an answer gets the next number, which must not be one of an earlier start.
func (t *town) skip(n int) {
	for range n {
		t.reviews.Delete(t.reviews.Say(channel.Message{}))
	}
	t.reviews.Calls(max(2*n, 1)) // and nobody is told of
}

// allow are the addresses of the stand-ins, which Switchboard must be allowed to call.
func (t *town) allow() []string {
	var all []string
	for _, base := range t.bases {
		all = append(all, base[len("http://"):])
	}
	for _, box := range t.boxes {
		var s struct {
			IMAP int    `json:"imap_port"`
			SMTP string `json:"smtp_port"`
		}
		if json.Unmarshal(box.Settings(), &s) == nil {
			all = append(all, "127.0.0.1:"+strconv.Itoa(s.IMAP), "127.0.0.1:"+s.SMTP)
		}
	}
	return all
}

func (t *town) close() error {
	var errs []error
	t.social.CutStreams()
	for _, s := range t.servers {
		errs = append(errs, s.Close())
	}
	for _, b := range t.boxes {
		errs = append(errs, b.Close())
	}
	return errors.Join(append(errs, t.book.file.Close())...)
}

// settings are what an account is connected with.
func (t *town) settings(name string, secret string) (channel, title string, settings json.RawMessage) {
	write := func(v map[string]any) json.RawMessage {
		b, _ := json.Marshal(v)
		return b
	}
	switch name {
	case "press", "billing":
		var s map[string]any
		_ = json.Unmarshal(t.boxes[place(name)].Settings(), &s)
		s["name"] = map[string]string{"press": "ACME press office", "billing": "ACME accounts"}[name]
		return "email", s["name"].(string), write(s)
	case "reviews":
		return "hook", "Trusted reviews", write(map[string]any{"name": "Trusted reviews", "secret": secret, "callback": t.bases["reviews"] + "/", "read": true, "tests": true})
	case "news":
		return "feed", "Household Weekly", write(map[string]any{"url": t.bases["news"] + feed.RSS})
	case "closed":
		return "feed", "Kitchen and Home", write(map[string]any{"url": t.bases["closed"] + feed.RSS})
	}
	token := t.social.Token(name)
	if name == "acme_outlet" {
		t.outlet = token
	}
	titles := map[string]string{"acme": "ACME", "acme_help": "ACME helps", "acme_jobs": "ACME careers", "acme_outlet": "ACME outlet"}
	return "mastodon", titles[name], write(map[string]any{"server": t.bases["social"], "token": token, "plain": true})
}
