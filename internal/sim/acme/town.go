package acme

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"switchboard/internal/sim/email"
	"switchboard/internal/sim/far"
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
	t := &town{clock: clock, log: log, boxes: map[place]*email.Server{}, bases: map[string]string{}, talks: map[string]*talk{}, heard: map[string]int{}}
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
		s.Ports[name] = l.Addr().(*net.TCPAddr).Port
		t.bases[name] = "http://" + l.Addr().String()
	}
	t.people()
	t.reviews = hook.New("Trusted reviews", s.Secret, clock.Now)
	t.reviews.Text = 1000
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
		return "hook", "Trusted reviews", write(map[string]any{"name": "Trusted reviews", "secret": secret, "callback": t.bases["reviews"] + "/", "read": true})
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

// open lets somebody say something new, and returns the talk it begins.
func (t *town) open(o opening) *talk {
	l := line{Act: said, Place: o.at, Who: o.who.Key, Matter: o.matter.key, Lang: o.lang, Subject: o.subject, Text: o.text, Warning: o.warning, Alt: o.alt, Stars: o.stars}
	return t.do(l)
}

// follow lets the customer of a talk say something more.
func (t *town) follow(k *talk, text string) {
	t.do(line{Act: said, Place: k.at, Parent: k.last, Talk: k.root, Who: k.who.Key, Text: text})
}

// correct lets the customer change the last thing they said.
func (t *town) correct(k *talk, text string) {
	t.do(line{Act: edited, Place: k.at, ID: k.own, Talk: k.root, Text: text})
}

// withdraw lets the customer take the last thing they said back.
func (t *town) withdraw(k *talk) {
	t.do(line{Act: deleted, Place: k.at, ID: k.own, Talk: k.root})
}

// do makes a line happen and writes it down.
func (t *town) do(l line) *talk {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.At.IsZero() {
		l.At = t.clock.Now()
	}
	k := t.play(&l)
	if err := t.book.write(l); err != nil {
		t.log.Warn("the demo's ledger can't be written: after a restart its customers will have forgotten this", "error", err)
	}
	return k
}

// repeat makes a line happen that was written down before.
func (t *town) repeat(l line) {
	was := l.ID
	if l.Act == said && l.Place.handle() != "" || l.Act == company && l.Place.handle() != "" {
		l.ID = ""
	}
	t.play(&l)
	if l.ID != was {
		t.log.Debug("the demo could not say something again under its former id", "was", was, "is", l.ID)
	}
}

// play makes a line happen, and gives it its id if it has none.
func (t *town) play(l *line) *talk {
	k := t.talks[l.Talk]
	if l.Talk == "" && l.Act == said {
		k = &talk{who: byKey[l.Who], matter: matterOf(l.Matter), lang: l.Lang, at: l.Place, about: l.Subject, alt: l.Alt}
	}
	switch {
	case l.Act == company:
		t.answered(l, k)
		return k
	case k == nil && l.Place != inTheNews:
		return nil
	}
	switch {
	case l.Place == inTheNews:
		l.ID = t.news.Say(feed.Entry{ID: l.ID, Title: l.Subject, Text: l.Text, Author: "Household Weekly", Said: l.At})
		return nil
	case l.Place == toReviews:
		t.review(l, k)
	case l.Place.mailbox() != "":
		t.write(l, k)
	default:
		t.toot(l, k)
	}
	if l.Act == said {
		k.own, k.last, k.text = l.ID, l.ID, l.Text
		if k.root == "" {
			k.root, l.Talk = l.ID, ""
		}
		t.talks[l.ID] = k
	}
	if l.Act == edited {
		k.text = l.Text
	}
	return k
}

// toot plays a line on the social network. Its time is taken from the id it got, for the id is made of the time.
func (t *town) toot(l *line, k *talk) {
	text := "@" + l.Place.handle() + " " + l.Text
	switch l.Act {
	case edited:
		t.social.Edit(l.ID, text)
		return
	case deleted:
		t.social.Delete(l.ID)
		return
	}
	o := mastodon.SayOptions{InReplyTo: l.Parent, Warning: l.Warning, Lang: k.lang}
	if l.Place.private() {
		o.Visibility = "direct"
	}
	if l.Alt != "" {
		o.Media = []mastodon.Picture{{Type: "image/png", Alt: l.Alt}}
	}
	l.ID = t.social.Say(l.Who, text, o)
	l.At = idTime(l.ID, l.At)
}

// idTime is when an id of the social network was made.
func idTime(id string, or time.Time) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return or
	}
	return time.UnixMilli(n >> 16).UTC()
}

// answered plays what the company said. What was said through the product is there already; only after a restart must the
// stand-in be told.
func (t *town) answered(l *line, k *talk) {
	if l.ID == "" {
		text, o := l.Text, mastodon.SayOptions{InReplyTo: l.Parent, Visibility: "unlisted"}
		if l.Place.private() {
			o.Visibility = "direct"
		}
		if l.Who == "" {
			o.Visibility = "public"
		}
		l.ID = t.social.Say(l.Place.handle(), text, o)
		l.At = idTime(l.ID, l.At)
	}
	if k == nil {
		return
	}
	k.turns++
	k.last = l.ID
	k.refs = append(k.refs, l.ID)
	t.talks[l.ID] = k
}

// review plays a line at the reviews.
func (t *town) review(l *line, k *talk) {
	switch l.Act {
	case edited:
		t.reviews.Edit(l.ID, l.Text)
		return
	case deleted:
		t.reviews.Delete(l.ID)
		return
	}
	if l.ID == "" {
		l.ID = fmt.Sprintf("review/%d", l.At.UnixMicro())
	}
	m := review(l, k)
	t.reviews.Say(m)
}

// write plays a line in a mailbox. Mails are not edited or taken back. An earlier start's mails are not delivered again:
// Switchboard has them.
func (t *town) write(l *line, k *talk) {
	if l.Act != said || l.ID != "" {
		return
	}
	t.letter++
	l.ID = fmt.Sprintf("%d.%d@mail.example", l.At.UnixMicro(), t.letter)
	x := email.Letter{ID: l.ID, From: k.who.address(), Name: k.who.Name, To: l.Place.mailbox(), Subject: k.about, Text: l.Text}
	if x.Subject == "" {
		x.Subject = "A question"
	}
	if l.Parent != "" {
		x.Subject, x.Answers = "Re: "+x.Subject, l.Parent
		x.References = k.refs
	}
	raw, err := x.Write(t.boxes[l.Place])
	if err == nil {
		err = t.boxes[l.Place].Deliver(raw)
	}
	if err != nil {
		t.log.Warn("a customer's mail could not be written", "error", err)
	}
	k.refs = append(k.refs, l.ID)
}

// answer is something that the company said and a customer got to see.
type answer struct {
	talk *talk
	text string
}

// listen returns what the company said since it was last asked. Each is written down.
func (t *town) listen() (news []answer) {
	records := map[string]*far.Record{"social": &t.social.Record, "reviews": &t.reviews.Record}
	for p, b := range t.boxes {
		records[string(p)] = &b.Record
	}
	for name, r := range records {
		if r.Len() == t.heard[name] {
			continue
		}
		list := r.Entries()
		for _, e := range list[t.heard[name]:] {
			if a, ok := t.hear(name, e); ok {
				news = append(news, a)
			}
		}
		t.heard[name] = len(list)
	}
	return news
}

func (t *town) hear(name string, e far.Entry) (answer, bool) {
	if e.Kind == far.Edit || e.Kind == far.Delete {
		return answer{}, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.talks[e.ParentID]
	l := line{At: e.At, Act: company, ID: e.ID, Parent: e.ParentID, Text: e.Text, Who: "the product"}
	switch {
	case k != nil:
		l.Talk, l.Place = k.root, k.at
	case name == "social":
		l.Place = map[string]place{"acme": toACME, "acme_help": toHelp, "acme_jobs": toJobs}[e.Account]
	default:
		return answer{}, false
	}
	if name == "social" {
		l.At = idTime(e.ID, e.At)
	}
	t.answered(&l, k)
	if err := t.book.write(l); err != nil {
		t.log.Warn("the demo's ledger can't be written: after a restart its customers will have forgotten this", "error", err)
	}
	return answer{k, e.Text}, k != nil
}

// post brings new reviews to Switchboard's address for them.
func (t *town) post(ctx context.Context, client *http.Client, address string) error {
	return t.reviews.Post(ctx, client, address)
}
