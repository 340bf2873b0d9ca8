// Package mastodon speaks the Mastodon client API: to Mastodon itself, GoToSocial, Pleroma, Akkoma and whatever else in the
// Fediverse offers it. Nothing is assumed that the server does not say: ids are opaque strings, limits come from its
// instance entity, and a 404 means that it lacks a feature.
//
// What must stay true here:
//   - Notifications are read forward from the last one we know (min_id), those that the account's policy parked included,
//     so no message of a stranger is missed. since_id is never used: it leaves gaps.
//   - The post is the only step whose outcome can be unclear. Uploads come before it and are seen by nobody.
//   - A reply is never seen by more people than what it answers.
package mastodon

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// New returns the Mastodon connector. All its traffic goes through n.
func New(n channel.Net) channel.Connector { return connector{n} }

type connector struct{ net channel.Net }

// About says what is asked for to connect an account.
func (connector) About() channel.About {
	return channel.About{
		Name:    "mastodon",
		Title:   "Mastodon",
		Summary: "Mentions, replies and direct messages on Mastodon, GoToSocial and other servers of the Fediverse.",
		Help: "Type the server's name, as it stands after the second @ of the account's address: social.example for @acme@social.example.\n" +
			"Then connect: you are sent to that server, sign in as the account there and allow Switchboard to use it.\n" +
			"Where that is not possible, make an application by hand in the server's settings under Development, with the scopes " +
			"read, write and profile, and paste its access token.",
		OAuth: true,
		Own:   []string{"client", "refresh", "got", "expires"},
		Settings: []channel.Setting{
			{Name: "server", Title: "Server", Kind: "text", Required: true, Server: true, Help: "For example social.example"},
			{Name: "token", Title: "Access token", Kind: "secret", Help: "Only if you don't connect through the browser"},
			{Name: "replies", Title: "Public answers are", Kind: "choice", Default: "unlisted", Choices: []string{"unlisted", "public"},
				Help: "Unlisted: everybody can read them in the thread, but they don't appear in public timelines"},
			{Name: "strangers", Title: "Let messages of strangers through", Kind: "bool", Default: "true",
				Help: "Sets the account's notification policy to accept everything. Without it some customers' messages may never be delivered to us by the server"},
			{Name: "plain", Title: "Allow http without encryption", Kind: "bool", Default: "false", Server: true,
				Help: "Only for a test server on your own machine or network"},
		},
	}
}

// settings are an account's settings as they are kept.
type settings struct {
	Server    string  `json:"server"`
	Token     string  `json:"token,omitempty"`
	Replies   string  `json:"replies,omitempty"`
	Strangers *flag   `json:"strangers,omitempty"`
	Plain     flag    `json:"plain,omitempty"`
	Client    *client `json:"client,omitempty"`  // what we are registered as at this server
	Refresh   string  `json:"refresh,omitempty"` // few servers give one
	// Got and Expires are when the token was given and when it ends; zero when it does not, as on Mastodon.
	Got     time.Time `json:"got,omitzero"`
	Expires time.Time `json:"expires,omitzero"`
}

// client is our registration at a server. Callback is the address it was made for.
type client struct {
	ID       string `json:"id"`
	Secret   string `json:"secret"`
	Callback string `json:"callback"`
}

// flag is a yes or no that a form may send as text.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	switch strings.Trim(string(b), `"`) {
	case "true", "on", "yes", "1":
		*f = true
	case "false", "off", "no", "0", "", "null":
		*f = false
	default:
		return fault.New(fault.Invalid, "this is yes or no")
	}
	return nil
}

// Open makes a connection from settings. It calls nobody.
func (n connector) Open(o channel.Opening) (channel.Conn, error) {
	var s settings
	if err := json.Unmarshal(o.Settings, &s); err != nil {
		return nil, fault.Wrap(fault.Invalid, "the settings can't be read", err)
	}
	base, err := address(s.Server, bool(s.Plain))
	if err != nil {
		return nil, err
	}
	switch s.Replies {
	case "":
		s.Replies = "unlisted"
	case "public", "unlisted":
	default:
		return nil, fault.In("replies", "public answers are either public or unlisted")
	}
	if strings.ContainsAny(s.Token, " \t\r\n") {
		return nil, fault.In("token", "an access token has no spaces or line breaks in it: copy it again")
	}
	c := &conn{net: n.net, base: base, set: s, keep: o.Keep, now: o.Now, log: o.Log, settle: settle,
		roots: memory[string]{most: 10000}, receipts: memory[string]{most: 1000}, uploaded: memory[string]{most: 500}}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// address makes the address of a server of what a person typed: a name, an address, or a whole @account@name.
func address(typed string, plain bool) (*url.URL, error) {
	t := strings.TrimSpace(typed)
	if t == "" {
		return nil, fault.In("server", "type the server's name, for example social.example")
	}
	if at := strings.LastIndexByte(t, '@'); at >= 0 && !strings.Contains(t, "/@") {
		t = t[at+1:]
	}
	if !strings.Contains(t, "://") {
		t = "https://" + t
	}
	u, err := url.Parse(t)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " @") || u.User != nil {
		return nil, fault.In("server", "this is not the name of a server; it looks like social.example")
	}
	switch {
	case u.Scheme == "http" && !plain:
		return nil, fault.In("server", "http:// is not encrypted: use https://, or allow plain http for a test server")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fault.In("server", "the address must begin with https://")
	case !strings.Contains(u.Hostname(), ".") && net.ParseIP(u.Hostname()) == nil && u.Hostname() != "localhost" && !plain:
		return nil, fault.In("server", "the server's whole name is needed, for example social.example")
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

// conn is one account on one server.
type conn struct {
	net  channel.Net
	base *url.URL
	keep func(ctx context.Context, settings json.RawMessage) error
	now  func() time.Time
	log  *slog.Logger
	// settle is how long a server that forgets Idempotency-Keys is given to finish what it may still be at,
	// before its silence is taken for an answer.
	settle time.Duration

	mu       sync.Mutex
	set      settings
	me       *account
	inst     *instance
	until    map[lane]time.Time // told to wait
	skew     time.Duration      // how far the server's clock is before ours
	skewed   bool               // skew is known
	noSocket bool               // it streams by SSE only
	roots    memory[string]     // the first status of the thread a status is in, as far as seen
	receipts memory[string]     // our key for a status we know we made
	uploaded memory[string]     // the server's id for what an earlier try brought there; "" once it is of no use

	refreshing sync.Mutex
}

// settle is the usual conn.settle: twice as long as a proxy in front of a server commonly waits after its client has gone.
const settle = 5 * time.Second

// Close lets go of nothing: calls end with their contexts.
func (c *conn) Close() error { return nil }

// memory keeps the newest few of something.
type memory[T any] struct {
	most  int
	items map[string]T
	order []string
}

func (m *memory[T]) put(k string, v T) {
	if m.items == nil {
		m.items = map[string]T{}
	}
	if _, known := m.items[k]; !known {
		m.order = append(m.order, k)
	}
	m.items[k] = v
	if len(m.order) > m.most {
		delete(m.items, m.order[0])
		m.order = m.order[1:]
	}
}

func (m *memory[T]) get(k string) (T, bool) {
	v, ok := m.items[k]
	return v, ok
}
