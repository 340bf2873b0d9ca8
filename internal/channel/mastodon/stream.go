package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"

	"switchboard/internal/channel"
)

const (
	beat  = 30 * time.Second // how often we ask over a WebSocket whether anybody is there
	quiet = 90 * time.Second // how long an SSE stream may be silent: servers thump every 15 seconds
)

// Stream listens to what happens to the account, by WebSocket, or by SSE where the server has no WebSocket. There is no
// replay: the caller fetches after each up.
func (c *conn) Stream(ctx context.Context, up func(), deliver func(context.Context, []channel.Event) error) error {
	me, in, err := c.myself(ctx)
	if err != nil {
		return err
	}
	token, err := c.token(ctx)
	if err != nil {
		return err
	}
	if err := c.waiting(reading); err != nil {
		return err
	}
	base, err := c.streams(in)
	if err != nil {
		return err
	}
	e := ear{c, me, in, deliver}
	c.mu.Lock()
	bySSE := c.noSocket
	c.mu.Unlock()
	if !bySSE {
		err := c.bySocket(ctx, base, token, up, e)
		if !errors.Is(err, errNoSocket) {
			return err
		}
	}
	return c.byEvents(ctx, base, token, up, e)
}

// streams is the address that the server names for its streams. Another host is fine, less encryption is not.
func (c *conn) streams(in *instance) (*url.URL, error) {
	base := *c.base
	if in.Streaming == "" {
		return &base, nil
	}
	u, err := url.Parse(in.Streaming)
	if err != nil || u.Host == "" {
		return &base, nil
	}
	u.Scheme = map[string]string{"ws": "http", "wss": "https", "http": "http", "https": "https"}[u.Scheme]
	if u.Scheme == "" || u.Scheme == "http" && base.Scheme == "https" {
		return nil, &channel.Trouble{Deed: channel.Operator, Message: "the server offers its stream without encryption only; it is polled instead"}
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawQuery, u.User = "", nil
	return u, nil
}

var errNoSocket = errors.New("no WebSocket here")

func (c *conn) bySocket(ctx context.Context, base *url.URL, token string, up func(), e ear) error {
	u := *base
	u.Path += "/api/v1/streaming"
	u.RawQuery = url.Values{"stream": {"user"}}.Encode()
	dialing, stop := context.WithTimeout(ctx, patience)
	s, resp, err := websocket.Dial(dialing, u.String(), &websocket.DialOptions{HTTPClient: c.net.HTTP,
		HTTPHeader: http.Header{"Authorization": {"Bearer " + token}, "User-Agent": {agent}}})
	stop()
	if err != nil {
		return c.noLine(resp, err)
	}
	defer func() { _ = s.CloseNow() }()
	s.SetReadLimit(most)
	up()
	ctx, hang := context.WithCancel(ctx)
	defer hang()
	go func() {
		defer hang()
		for sleep(ctx, beat) == nil {
			ping, stop := context.WithTimeout(ctx, patience)
			err := s.Ping(ping)
			stop()
			if err != nil {
				return
			}
		}
	}()
	for {
		_, b, err := s.Read(ctx)
		if err != nil {
			return broken(err)
		}
		var f struct {
			Event   string          `json:"event"`
			Payload json.RawMessage `json:"payload"`
			Error   string          `json:"error"`
			Status  int             `json:"status"`
		}
		if json.Unmarshal(b, &f) != nil {
			continue
		}
		if f.Error != "" && f.Event == "" {
			return &channel.Trouble{Deed: channel.Again, Message: "the server ended the stream: " + words(b)}
		}
		payload := []byte(f.Payload)
		var text string // JSON in a string: parsed twice
		if json.Unmarshal(f.Payload, &text) == nil {
			payload = []byte(text)
		}
		if err := e.hear(ctx, f.Event, payload); err != nil {
			return err
		}
	}
}

// noLine tells a server without WebSocket from one that is in trouble.
func (c *conn) noLine(resp *http.Response, err error) error {
	k := call{method: http.MethodGet, path: "/api/v1/streaming"}
	if resp == nil {
		return unreachable(k, err)
	}
	a := &answer{status: resp.StatusCode, header: resp.Header}
	switch s := resp.StatusCode; {
	case s == http.StatusUnauthorized, s == http.StatusForbidden, s == http.StatusTooManyRequests, s >= 500 && s != http.StatusNotImplemented:
		return c.refused(k, a)
	}
	c.mu.Lock()
	c.noSocket = true
	c.mu.Unlock()
	return errNoSocket
}

func broken(err error) error {
	return &channel.Trouble{Deed: channel.Again, Err: err, Message: "the stream broke; it is opened again"}
}

// ear makes events of what a stream says.
type ear struct {
	c       *conn
	me      *account
	in      *instance
	deliver func(context.Context, []channel.Event) error
}

func (e ear) hear(ctx context.Context, name string, payload []byte) error {
	var events []channel.Event
	keep := func(kind channel.EventKind, s *status) {
		if ev, ok := e.c.event(kind, s, e.me, e.in); ok {
			events = append(events, ev)
		}
	}
	switch name {
	case "notification":
		var n notification
		if json.Unmarshal(payload, &n) != nil || n.ID == "" {
			return e.deliver(ctx, nil) // whatever it was: look
		}
		events = e.c.heard(&n, e.me, e.in)
	case "update": // the home timeline: only what we said ourselves; what is said to us comes as a notification
		var s status
		if json.Unmarshal(payload, &s) == nil && s.Account.ID == e.me.ID {
			keep(channel.Said, &s)
		}
	case "status.update":
		var s status
		if json.Unmarshal(payload, &s) == nil && concerns(&s, e.me) {
			keep(channel.Edited, &s)
		}
	case "delete":
		if id := strings.Trim(strings.TrimSpace(string(payload)), `"`); id != "" && len(id) < 100 {
			events = append(events, channel.Event{Kind: channel.Deleted, RemoteID: clean(id), At: e.c.now().UTC()})
		}
	case "conversation", "notifications_merged":
		return e.deliver(ctx, nil)
	}
	if len(events) == 0 {
		return nil
	}
	return e.deliver(ctx, events)
}
