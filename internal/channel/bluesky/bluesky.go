// Package bluesky connects an account of Bluesky, or of any other network that speaks the AT Protocol.
//
// What arrives: mentions, replies and quotes (from the list of notifications), what the account itself said by hand (from its
// own repository) and direct messages (from the chat service's log, if the app password may read it). Likes, follows and
// reposts are no messages. What leaves: posts, replies and direct messages.
//
// Three things are peculiar here. Time runs backwards: both lists are read newest first until something known is met, so a
// cursor is a mark and not a position (mark.go). We choose the key of a record ourselves, so a post that was taken without
// an answer can be looked up by its own name (send.go). And an expired token comes as a 400, not a 401 (session.go).
package bluesky

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// Limits are what a post and a direct message may hold.
var limits = channel.Limits{
	Text: 300, Unit: "graphemes", Bytes: 3000,
	PrivateText: 1000, PrivateBytes: 10_000,
	Media: 4, MediaSize: 2_000_000, Alt: 2000,
}

const defaultService = "https://bsky.social"

// New returns the Bluesky connector. All its traffic goes through n.
func New(n channel.Net) channel.Connector { return connector{n} }

type connector struct{ net channel.Net }

func (connector) About() channel.About {
	return channel.About{
		Name:    "bluesky",
		Title:   "Bluesky",
		Summary: "Mentions, replies, quotes and direct messages of a Bluesky account; posts and answers as that account.",
		Help: "In Bluesky, open Settings, Privacy and security, App passwords, and add one for Switchboard.\n" +
			"Tick \"Allow access to your direct messages\" if direct messages are to arrive here too.\n" +
			"Never give the main password: an app password can be withdrawn alone.",
		Settings: []channel.Setting{
			{Name: "identifier", Title: "Handle", Kind: "text", Required: true, Help: "For example acme.bsky.social, without the @"},
			{Name: "password", Title: "App password", Kind: "secret", Required: true, Help: "Four groups of four letters: xxxx-xxxx-xxxx-xxxx"},
			{Name: "service", Title: "Host", Kind: "url", Default: defaultService, Server: true, Help: "Change it only if the account lives on a host of its own"},
			{Name: "plain", Title: "Allow http", Kind: "bool", Default: "false", Server: true, Help: "Only for a test server without TLS"},
		},
		Own: []string{"session"},
	}
}

// answers are what the set-up screen asks. The rest of the settings is the session (session.go).
type answers struct {
	Identifier string `json:"identifier"`
	Password   string `json:"password"`
	Service    string `json:"service"`
	Plain      yes    `json:"plain"`
}

// yes is a bool that also reads what an HTML form sends.
type yes bool

func (y *yes) UnmarshalJSON(b []byte) error {
	switch strings.Trim(string(b), `"`) {
	case "true", "on", "1", "yes":
		*y = true
	default:
		*y = false
	}
	return nil
}

func (c connector) Open(o channel.Opening) (channel.Conn, error) {
	all := map[string]json.RawMessage{}
	var a answers
	if err := json.Unmarshal(o.Settings, &all); err != nil {
		return nil, fault.In("settings", "the settings are not a JSON object")
	}
	if err := json.Unmarshal(o.Settings, &a); err != nil {
		return nil, fault.In("settings", "the handle, the app password and the host must be text")
	}
	a.Identifier = strings.TrimPrefix(strings.TrimSpace(a.Identifier), "@")
	a.Password = strings.TrimSpace(a.Password)
	if a.Service = strings.TrimRight(strings.TrimSpace(a.Service), "/"); a.Service == "" {
		a.Service = defaultService
	}
	switch {
	case a.Identifier == "" || strings.ContainsAny(a.Identifier, " /"):
		return nil, fault.In("identifier", "enter the account's handle, for example acme.bsky.social")
	case a.Password == "":
		return nil, fault.In("password", "enter an app password made for Switchboard")
	}
	if !host(a.Service, bool(a.Plain)) {
		return nil, fault.In("service", "enter the host as https://name, without a path")
	}
	cn := &conn{
		http: c.net.HTTP, now: o.Now, log: o.Log, timeout: 10 * time.Second,
		waits: waits{until: map[string]time.Time{}}, convos: map[string]convoView{},
	}
	if cn.log == nil {
		cn.log = slog.New(slog.DiscardHandler)
	}
	cn.session = newSession(cn, a, all, o.Keep)
	return cn, nil
}

// host reports whether s is the address of a host: a scheme and a name, nothing behind.
func host(s string, plain bool) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.User == nil && (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == "" &&
		(u.Scheme == "https" || plain && u.Scheme == "http")
}

// conn is one account. Everything that changes in it is behind a lock of its own.
type conn struct {
	http    *http.Client
	now     func() time.Time
	log     *slog.Logger
	timeout time.Duration // of a call
	session *session
	waits   waits

	mu      sync.Mutex
	convos  map[string]convoView // of chat, by id: who is in it
	chatOff time.Time            // no call to the chat service before this
	rest    rest                 // what the last Fetch found and did not hand out
}

// Check logs in if need be and asks the host who we are.
func (c *conn) Check(ctx context.Context) (channel.Profile, error) {
	c.session.forgive()
	var me struct {
		DID    string `json:"did"`
		Handle string `json:"handle"`
		Active *bool  `json:"active"`
		Status string `json:"status"`
	}
	if err := c.do(ctx, call{nsid: "com.atproto.server.getSession"}, &me); err != nil {
		return channel.Profile{}, err
	}
	if me.Active != nil && !*me.Active {
		return channel.Profile{}, inactive(me.Status)
	}
	p := channel.Profile{RemoteID: me.DID, Handle: "@" + me.Handle, Name: me.Handle, URL: profileURL(me.DID), Limits: limits, MaySpeak: true}
	var seen profileView
	err := c.do(ctx, call{nsid: "app.bsky.actor.getProfile", query: url.Values{"actor": {me.DID}}}, &seen)
	if err != nil && !refusedAs(err, "InvalidRequest") { // a new account is not known to the reading side yet
		return channel.Profile{}, err
	}
	if seen.DisplayName != "" {
		p.Name = clean(seen.DisplayName)
	}
	if claimsOf(c.session.current().Access).Scope == "com.atproto.appPass" {
		p.Note = "Direct messages can't be read with this app password. To have them here, make a new one with " +
			"\"Allow access to your direct messages\" ticked and connect again."
	}
	return p, nil
}

// Revoke ends the session. The app password stays until it is withdrawn at Bluesky.
func (c *conn) Revoke(ctx context.Context) error {
	t := c.session.current()
	if t.Refresh == "" {
		return nil
	}
	return c.once(ctx, t.PDS, t.Refresh, call{nsid: "com.atproto.server.deleteSession", post: true}, nil)
}

// Close has nothing to let go of: there is no open line.
func (c *conn) Close() error { return nil }

// logins are how often we may use the password: the host allows 30 in 5 minutes and 300 a day.
func logins() *rate.Limiter { return rate.NewLimiter(rate.Every(5*time.Minute), 5) }
