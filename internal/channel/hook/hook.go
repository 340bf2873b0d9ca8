// Package hook connects any other place where people speak to the company: a guest book, a shop's reviews, a home-made app.
//
// A small program of the company's own, the bridge, stands between. It posts signed JSON to us when something is said, and, if
// it has an address, takes our answers the same way. The format is ours and strict, so that a bridge is written in an
// afternoon and a slip in it is named at once; docs/channels/hook.md is the whole of it.
package hook

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

type connector struct{ net channel.Net }

// New returns the hook connector. All its traffic goes through n.
func New(n channel.Net) channel.Connector { return connector{n} }

func (connector) About() channel.About {
	return channel.About{
		Name:    "hook",
		Title:   "Your own channel",
		Summary: "Connects anything that can post JSON: a small program of yours brings what is said and takes our answers.",
		Help: "The account's page shows the address your program posts to.\n" +
			"Make a secret with: openssl rand -hex 32. Your program and this account must hold the same one.\n" +
			"Without a callback address messages come in, and answers are given by hand where they were asked.",
		Settings: []channel.Setting{
			{Name: "name", Title: "What the channel is called", Kind: "text", Required: true, Help: `for example "Guest book"`},
			{Name: "secret", Title: "Secret", Kind: "secret", Required: true, Help: "at least 16 characters; signs what goes either way"},
			{Name: "callback", Title: "Callback address", Kind: "url", Server: true, Help: "where your program takes our answers, if it does"},
			{Name: "publish", Title: "It takes new posts too", Kind: "bool", Default: "false"},
			{Name: "find", Title: "It can tell what became of a key", Kind: "bool", Default: "false",
				Help: "It answers GET callback?key=…; an answer whose fate is unclear is then looked up instead of held for a person."},
			{Name: "read", Title: "It can show a message again", Kind: "bool", Default: "false",
				Help: "It answers GET callback/messages/…; a message that changed or went is then noticed before the answer leaves."},
			{Name: "tests", Title: "It takes tests", Kind: "bool", Default: "false",
				Help: "It answers what is of type \"test\" with 200 and publishes nothing; a test message can then be sent from the account's page."},
		},
	}
}

type settings struct {
	Name     string `json:"name"`
	Secret   string `json:"secret"`
	Callback string `json:"callback"`
	Publish  flag   `json:"publish"`
	Find     flag   `json:"find"`
	Read     flag   `json:"read"`
	Tests    flag   `json:"tests"`
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

const shortestSecret = 16

func (c connector) Open(o channel.Opening) (channel.Conn, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(o.Settings, &whole); err != nil {
		return nil, fault.Wrap(fault.Invalid, "the settings of this channel cannot be read: enter them again", err)
	}
	var s settings
	for name, into := range map[string]any{"name": &s.Name, "secret": &s.Secret, "callback": &s.Callback,
		"publish": &s.Publish, "find": &s.Find, "read": &s.Read, "tests": &s.Tests} {
		if raw, ok := whole[name]; ok && json.Unmarshal(raw, into) != nil {
			return nil, fault.In(name, "this setting cannot be read: enter it again")
		}
	}
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" || len(s.Name) > 200 {
		return nil, fault.In("name", "give the channel a name of at most 200 characters")
	}
	if len(s.Secret) < shortestSecret {
		return nil, fault.In("secret", "the secret is too short: make one with openssl rand -hex 32")
	}
	k := &conn{http: direct(c.net.HTTP), s: s, now: o.Now, log: o.Log, seen: seen{most: seenMost}}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	if s.Callback = strings.TrimSpace(s.Callback); s.Callback == "" {
		return k, nil
	}
	u, err := url.Parse(s.Callback)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.Fragment != "" {
		return nil, fault.In("callback", "give the address of your program, like https://bridge.example.org/switchboard")
	}
	k.callback = u
	return k.able(), nil
}

// direct is client without redirects: what we send is meant for the address that was given, and for no other.
func direct(client *http.Client) *http.Client {
	if client == nil {
		return nil
	}
	c := *client
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// conn is a bridge that only speaks to us. able gives it what else its settings say.
type conn struct {
	http     *http.Client
	s        settings
	callback *url.URL // nil: it takes no answers
	now      func() time.Time
	log      *slog.Logger
	seen     seen

	mu     sync.Mutex
	until  time.Time      // told to wait till then
	limits channel.Limits // as the bridge last said
}

func (*conn) Close() error { return nil }

// talk holds what a bridge with a callback address may be able to do. It is never handed out as it is: able picks.
type talk struct{ *conn }

// able is the conn with the abilities its settings give it and no other, for callers ask by type.
func (c *conn) able() channel.Conn {
	t := talk{c}
	switch [4]bool{bool(c.s.Publish), bool(c.s.Find), bool(c.s.Read), bool(c.s.Tests)} {
	case [4]bool{true, true, true, true}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
			channel.Finder
			channel.Reader
			channel.Tester
		}{c, t, t, t, t, t}
	case [4]bool{true, true, true, false}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
			channel.Finder
			channel.Reader
		}{c, t, t, t, t}
	case [4]bool{true, true, false, true}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
			channel.Finder
			channel.Tester
		}{c, t, t, t, t}
	case [4]bool{true, true, false, false}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
			channel.Finder
		}{c, t, t, t}
	case [4]bool{true, false, true, true}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
			channel.Reader
			channel.Tester
		}{c, t, t, t, t}
	case [4]bool{true, false, true, false}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
			channel.Reader
		}{c, t, t, t}
	case [4]bool{true, false, false, true}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
			channel.Tester
		}{c, t, t, t}
	case [4]bool{true, false, false, false}:
		return struct {
			*conn
			channel.Replier
			channel.Publisher
		}{c, t, t}
	case [4]bool{false, true, true, true}:
		return struct {
			*conn
			channel.Replier
			channel.Finder
			channel.Reader
			channel.Tester
		}{c, t, t, t, t}
	case [4]bool{false, true, true, false}:
		return struct {
			*conn
			channel.Replier
			channel.Finder
			channel.Reader
		}{c, t, t, t}
	case [4]bool{false, true, false, true}:
		return struct {
			*conn
			channel.Replier
			channel.Finder
			channel.Tester
		}{c, t, t, t}
	case [4]bool{false, true, false, false}:
		return struct {
			*conn
			channel.Replier
			channel.Finder
		}{c, t, t}
	case [4]bool{false, false, true, true}:
		return struct {
			*conn
			channel.Replier
			channel.Reader
			channel.Tester
		}{c, t, t, t}
	case [4]bool{false, false, true, false}:
		return struct {
			*conn
			channel.Replier
			channel.Reader
		}{c, t, t}
	case [4]bool{false, false, false, true}:
		return struct {
			*conn
			channel.Replier
			channel.Tester
		}{c, t, t}
	}
	return struct {
		*conn
		channel.Replier
	}{c, t}
}
