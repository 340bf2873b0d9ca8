// Package feed listens to blogs, news sites and search alerts: RSS 2.0 and 1.0, Atom and JSON Feed.
//
// A feed says what is there now, not what has changed. So the cursor remembers which entries were seen and in which version;
// a new one is Said, a changed one Edited, and one that has slid off the end is no news. Nobody can answer a feed: a person
// answers on the site, and the desk writes that down.
package feed

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

type connector struct{ net channel.Net }

// New returns the feed connector. All its traffic goes through n.
func New(n channel.Net) channel.Connector { return connector{n} }

func (connector) About() channel.About {
	return channel.About{
		Name:    "feed",
		Title:   "Blog or news feed",
		Summary: "Listens to RSS, Atom and JSON feeds: blogs, news sites, podcasts, and the search alerts that many services offer as a feed.",
		Help: "Give the address of the feed, or of the page it belongs to: the feed is then looked for.\n" +
			"A feed cannot be answered from here. Open the article, answer on the site, and mark the conversation as answered.",
		Settings: []channel.Setting{
			{Name: "url", Title: "Address of the feed or the page", Kind: "url", Required: true,
				Help: "for example https://blog.example.org/ or https://blog.example.org/feed.xml"},
			{Name: "ours", Title: "We write it ourselves", Kind: "bool", Default: "false",
				Help: "Its entries are then shown as said by us and need no answer."},
		},
	}
}

// settings are the answers to About and what we found out since.
type settings struct {
	URL  string `json:"url"`
	Ours flag   `json:"ours"`
	Kept kept   `json:"kept"`
}

// kept is what we found out about a feed and want to know after a restart. Each part speaks of one address only, so that
// a person who gives the account a new address starts afresh.
type kept struct {
	Good    string    `json:"good,omitempty"`   // the address at which a feed was read: a page there is now an error, not a place to look for feeds
	First   string    `json:"first,omitempty"`  // the address it had when it was connected: the account's identity, and Good's forerunner
	Gone    string    `json:"gone,omitempty"`   // the address that answered 410: not called again
	Lost    string    `json:"lost,omitempty"`   // the address that answers 404
	Missing time.Time `json:"missing,omitzero"` // since then
}

// flag is a bool that may be written as a string, as forms do.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch strings.ToLower(strings.Trim(string(b), `" `)) {
	case "true", "on", "yes", "1":
		*f = true
	case "", "false", "off", "no", "0", "null":
		*f = false
	default:
		return fault.New(fault.Invalid, "say true or false")
	}
	return nil
}

func (c connector) Open(o channel.Opening) (channel.Conn, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(o.Settings, &whole); err != nil {
		return nil, fault.Wrap(fault.Invalid, "the settings of the feed cannot be read: enter them again", err)
	}
	var s settings
	for name, into := range map[string]any{"url": &s.URL, "ours": &s.Ours, "kept": &s.Kept} {
		if raw, ok := whole[name]; ok && json.Unmarshal(raw, into) != nil {
			return nil, fault.In(name, "this setting of the feed cannot be read: enter it again")
		}
	}
	s.URL = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(s.URL), "feed:"), "//") // as browsers hand them over
	if s.URL != "" && !strings.Contains(s.URL, "://") {
		s.URL = "https://" + s.URL
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return nil, fault.In("url", "give the address of a feed or a page, like https://blog.example.org/feed.xml")
	}
	s.URL = u.String()
	if s.Kept.Good != s.URL { // another address by hand: nothing we knew holds
		s.Kept.Good, s.Kept.First = "", ""
	}
	client := *c.net.HTTP // redirects are followed here, step by step, for a permanent one is to be remembered
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &conn{http: &client, keep: o.Keep, now: o.Now, log: log, whole: whole, s: s}, nil
}

// conn is a feed. mu guards what it learns.
type conn struct {
	http *http.Client
	keep func(context.Context, json.RawMessage) error
	now  func() time.Time
	log  *slog.Logger

	mu    sync.Mutex
	whole map[string]json.RawMessage
	s     settings
	until time.Time // told to wait till then
}

func (*conn) Close() error { return nil }

// Check reads the feed as if for the first time and says what it is called.
func (c *conn) Check(ctx context.Context) (channel.Profile, error) {
	_, f, err := c.load(ctx, cursor{}, true)
	if err != nil {
		return channel.Profile{}, err
	}
	s := c.settings()
	p := channel.Profile{RemoteID: s.identity(), Handle: host(s.URL), Name: f.Title, URL: f.Link, Limits: channel.Limits{Unit: "graphemes"}}
	if p.Name == "" {
		p.Name = p.Handle
	}
	if p.URL == "" {
		p.URL = front(s.URL)
	}
	if len(f.entries) == 0 {
		p.Note = "the feed is there but holds no entry yet"
	}
	return p, nil
}

func (c *conn) settings() settings {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.s
}

// address is where the feed was first read. It outlives redirects, so that a feed that moves stays the same account.
func (s settings) address() string {
	if s.Kept.Good == s.URL && s.Kept.First != "" {
		return s.Kept.First
	}
	return s.URL
}

// identity is the address as it may be shown to anybody: what stands behind its question mark may be a key to the feed, and
// only its hash is kept, to tell two feeds of a site apart.
func (s settings) identity() string {
	address := s.address()
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" {
		return address
	}
	u.RawQuery, u.Fragment = "", digest(address)[:12]
	return u.String()
}

// learn changes what is known of the feed and has it kept if it is new. That it could not be kept is no reason to lose what
// was read: it is learned again next time.
func (c *conn) learn(ctx context.Context, change func(*settings)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := c.s
	change(&next)
	if next == c.s {
		return
	}
	c.s = next
	whole := maps.Clone(c.whole)
	if whole == nil {
		whole = map[string]json.RawMessage{}
	}
	whole["url"], _ = json.Marshal(next.URL)
	whole["kept"], _ = json.Marshal(next.Kept)
	c.whole = whole
	if c.keep == nil {
		return
	}
	b, err := json.Marshal(whole)
	if err == nil {
		err = c.keep(ctx, b)
	}
	if err != nil {
		c.log.WarnContext(ctx, "feed: what was learned could not be kept", "error", err)
	}
}

// front is the front page of the site that address belongs to.
func front(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String()
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
