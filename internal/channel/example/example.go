// Package example is a channel whose customers are made up: nine people write to a new house, in one language, so that staff can
// look around before an account of theirs is connected. Nothing leaves the program. Who is answered says thanks a little later.
//
// The house takes everything of an account of this channel away when the account is removed.
package example

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// Name is the channel's name, in the database too.
const Name = "example"

type connector struct{}

// New returns the connector.
func New() channel.Connector { return connector{} }

func (connector) About() channel.About {
	return channel.About{
		Name:    Name,
		Title:   "Example customers",
		Summary: "Nine people who do not exist, to look around with: an order that is late, an invoice, a lead, a journalist. Nothing leaves your server.",
		Help: "They write at once, are sorted and put through like real ones, and say thanks when they are answered.\n" +
			"Remove the account when you have seen enough: its conversations, contacts and answers go with it, and leave no trace in your figures.",
		Example:  true,
		Settings: []channel.Setting{{Name: "language", Title: "They write in", Kind: "choice", Default: tongues[0].name, Required: true, Choices: names()}},
	}
}

func (connector) Open(o channel.Opening) (channel.Conn, error) {
	var s struct {
		Language string `json:"language"`
	}
	if err := json.Unmarshal(o.Settings, &s); err != nil {
		return nil, fault.Wrap(fault.Invalid, "the settings cannot be read: enter them again", err)
	}
	k := slices.IndexFunc(tongues, func(t tongue) bool { return t.name == s.Language })
	if k < 0 {
		return nil, fault.In("language", "choose one of the languages that are offered")
	}
	return &conn{tongue: tongues[k], now: o.Now}, nil
}

// conn is the account. mu guards what was said to its customers.
type conn struct {
	tongue tongue
	now    func() time.Time

	mu   sync.Mutex
	said []answer
}

// answer is what we said to somebody.
type answer struct {
	channel.Receipt
	parent *channel.Parent
}

func (c *conn) Check(context.Context) (channel.Profile, error) {
	return channel.Profile{RemoteID: Name, Handle: "@" + Name, Name: "Example customers",
		Limits: channel.Limits{Text: 500, Unit: "graphemes", PrivateText: 5000, Media: 4, MediaSize: 8 << 20, Alt: 1500}}, nil
}

func (c *conn) Close() error { return nil }

const (
	often    = 5 * time.Second  // how often we look whether somebody says thanks
	thinking = 8 * time.Second  // how long it takes them
	again    = 10 * time.Minute // how long it is said again to who did not store it
)

// Fetch says everything the first time, and afterwards the thanks of who was answered lately.
func (c *conn) Fetch(_ context.Context, cursor string) (channel.Page, error) {
	now := c.now().UTC()
	page := channel.Page{Next: "said", Poll: often}
	if cursor == "" {
		for k := range c.tongue.people {
			page.Events = append(page.Events, said(c.tongue.message(k, now)))
		}
		slices.SortFunc(page.Events, func(a, b channel.Event) int { return a.At.Compare(b.At) })
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.said {
		if at := a.At.Add(thinking); a.parent != nil && !at.After(now) && now.Sub(at) < again {
			page.Events = append(page.Events, said(c.tongue.thanks(a, at)))
		}
	}
	return page, nil
}

func said(m channel.Message) channel.Event {
	return channel.Event{Kind: channel.Said, RemoteID: m.RemoteID, At: m.At, Message: m}
}

// Reply takes an answer. Who is answered for the first time says thanks.
func (c *conn) Reply(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	return c.take(ctx, o)
}

// Publish takes a post.
func (c *conn) Publish(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	return c.take(ctx, o)
}

// AnswersInPrivate reports true.
func (c *conn) AnswersInPrivate() bool { return true }

// Test says something to nobody: there is no far side that could take it.
func (c *conn) Test(ctx context.Context, key string) (channel.Tested, error) {
	if err := ctx.Err(); err != nil {
		return channel.Tested{}, err
	}
	return channel.Tested{RemoteID: key, Gone: true, Said: "A test was handed to the example customers, who do not exist.",
		Seen: "They have it; nothing left this server."}, nil
}

func (c *conn) take(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channel.Receipt{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := slices.IndexFunc(c.said, func(a answer) bool { return a.RemoteID == o.Key }); k >= 0 {
		return c.said[k].Receipt, nil
	}
	a := answer{Receipt: channel.Receipt{RemoteID: o.Key, ThreadID: o.Key, At: c.now().UTC()}, parent: o.Parent}
	if o.Parent != nil {
		a.ThreadID = o.Parent.ThreadID
		if slices.ContainsFunc(c.said, func(b answer) bool { return b.parent != nil && b.parent.From.RemoteID == o.Parent.From.RemoteID }) {
			a.parent = nil // thanked already
		}
	}
	c.said = append(c.said, a)
	return a.Receipt, nil
}

// Find looks for what was said since the program started. Nobody is there to hear the same twice.
func (c *conn) Find(_ context.Context, o channel.Outgoing) (channel.Receipt, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.said {
		if a.RemoteID == o.Key {
			return a.Receipt, true, nil
		}
	}
	return channel.Receipt{}, false, nil
}
