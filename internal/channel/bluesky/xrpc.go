package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

// most is the longest answer we read, in bytes.
const most = 5 << 20

// call is one method of the protocol.
type call struct {
	nsid  string
	query url.Values
	body  any    // sent as JSON; a call with a body, raw or post is a POST
	raw   []byte // sent as it is, as kind
	kind  string
	post  bool
	chat  bool // for the chat service, through our host
	write bool // others will see what it does: without an answer nobody knows whether it was done
}

// class is what a told pause of one call also holds for.
func (k call) class() string {
	switch {
	case k.chat:
		return "chat"
	case k.write:
		return "write"
	}
	return "read"
}

// do makes a call as the account, with a token renewed once if it has run out. Every error is a *channel.Trouble.
func (c *conn) do(ctx context.Context, k call, into any) error {
	t, err := c.session.token(ctx)
	if err != nil {
		return err
	}
	err = c.once(ctx, t.PDS, t.Access, k, into)
	if !stale(err, k) {
		return err
	}
	if t, err = c.session.renew(ctx, t.Access); err != nil {
		return err
	}
	if err = c.once(ctx, t.PDS, t.Access, k, into); stale(err, k) {
		c.session.distrust(t.Access)
	}
	return err
}

// once makes one HTTP call and reads its answer.
func (c *conn) once(ctx context.Context, base, token string, k call, into any) error {
	if err := c.waits.check(k.class(), c.now()); err != nil {
		return err
	}
	limit := c.timeout
	if k.raw != nil { // a picture, over a slow line
		limit *= 3
		ctx = egress.With(ctx, egress.Limits{Time: limit})
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	r, err := request(ctx, base, token, k)
	if err != nil {
		return &channel.Trouble{Deed: channel.Operator, Message: "the call to Bluesky could not be made", Err: err}
	}
	a, err := c.http.Do(r)
	if err != nil {
		return unreached(err, k)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(io.LimitReader(a.Body, most+1))
	if err == nil && len(b) > most {
		err = errors.New("the answer is longer than 5 MB")
	}
	c.waits.note(k.class(), a, c.now())
	if a.StatusCode < 200 || a.StatusCode > 299 {
		return c.refused(k, a, b)
	}
	if err != nil {
		return unreached(err, k)
	}
	if into == nil {
		return nil
	}
	b = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	if err := json.Unmarshal(b, into); err != nil {
		return &channel.Trouble{Deed: channel.Again, Unclear: k.write, Message: "Bluesky's answer could not be read", Err: err}
	}
	return nil
}

func request(ctx context.Context, base, token string, k call) (*http.Request, error) {
	address := base + "/xrpc/" + k.nsid
	if len(k.query) > 0 {
		address += "?" + k.query.Encode()
	}
	method, body := http.MethodGet, k.raw
	if k.body != nil {
		var err error
		if body, err = json.Marshal(k.body); err != nil {
			return nil, err
		}
		k.kind = "application/json"
	}
	if k.post || body != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body == nil {
		r.Body, r.ContentLength = http.NoBody, 0
	} else {
		r.Header.Set("Content-Type", k.kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if k.chat {
		r.Header.Set("Atproto-Proxy", "did:web:api.bsky.chat#bsky_chat")
	}
	return r, nil
}

// refused turns an answer that is not a 2xx into a trouble, and keeps the pause it may ask for.
func (c *conn) refused(k call, a *http.Response, body []byte) error {
	no := refusal{Status: a.StatusCode}
	_ = json.Unmarshal(bytes.ToValidUTF8(body, []byte("\uFFFD")), &no) // a proxy's page of HTML has no name and no words
	no.Words = short(no.Words)
	t := no.trouble(k)
	if t.Deed == channel.Wait {
		t.Until = waitUntil(a.Header, c.now())
		c.waits.set(k.class(), t.Until)
	}
	return t
}

// unreached is the trouble of a call without a whole answer. It is clear only if the call surely never left.
func unreached(err error, k call) error {
	err = egress.Cause(err)
	var told *egress.Told
	if errors.As(err, &told) {
		return &channel.Trouble{Deed: channel.Wait, Until: told.Until, Message: deeds["RateLimitExceeded"].message, Err: err}
	}
	var ours *channel.Trouble // from the gate
	if errors.As(err, &ours) {
		return ours
	}
	t := &channel.Trouble{Deed: channel.Again, Unclear: k.write && !neverLeft(err), Message: "Bluesky could not be reached", Err: err}
	var refused *egress.Refused
	if errors.As(err, &refused) { // our own guard does not let us go there
		t.Deed, t.Message = channel.Operator, refused.Error()
	}
	return t
}

// neverLeft reports whether the connection was never made, or the call not begun.
func neverLeft(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return egress.NeverLeft(err) || errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}

// parseTime reads a time of the protocol; the zero time when it is none.
func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
