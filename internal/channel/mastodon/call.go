package mastodon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"switchboard/internal/egress"
)

// lane is a sort of call that a server may stop by itself: being told to wait with uploads must not make us deaf.
type lane int

const (
	reading lane = iota
	sending
	uploading
	removing
)

const (
	patience   = 10 * time.Second // for one call
	uploadTime = 2 * time.Minute  // for one upload
	most       = 5 << 20          // bytes of one answer
	agent      = "Switchboard/1 (customer service)"
)

// call is one call of the API.
type call struct {
	lane   lane
	method string
	path   string
	query  url.Values
	body   any         // sent as JSON
	raw    []byte      // sent as it is, of type kind
	kind   string      //
	header http.Header // beside the usual ones
	bare   bool        // without the token
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do makes a call and returns a good answer, or a Trouble that says what to do about a bad one.
func (c *conn) do(ctx context.Context, k call) (*answer, error) {
	if err := c.waiting(k.lane); err != nil {
		return nil, err
	}
	token := ""
	if !k.bare {
		var err error
		if token, err = c.token(ctx); err != nil {
			return nil, err
		}
	}
	limit, own := patience, "" // being told to wait with anything else stops all
	if k.lane == uploading {
		limit, own = uploadTime, "uploads"
	}
	ctx = egress.With(ctx, egress.Limits{Time: limit, Lane: own})
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	r, err := c.request(ctx, k, token)
	if err != nil {
		return nil, err
	}
	resp, err := c.net.HTTP.Do(r)
	if err != nil {
		return nil, unreachable(k, err)
	}
	defer func() { _ = resp.Body.Close() }()
	c.clock(resp.Header)
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	a := &answer{resp.StatusCode, resp.Header, body}
	switch {
	case resp.StatusCode >= 300 || resp.StatusCode < 200:
		return a, c.refused(k, a) // what was read of the body is enough
	case err != nil:
		return nil, unreachable(k, err)
	case len(body) > most:
		return nil, odd(k, errors.New("an answer of more than 5 MB"))
	}
	return a, nil
}

func (c *conn) request(ctx context.Context, k call, token string) (*http.Request, error) {
	u := *c.base
	u.Path, u.RawQuery = k.path, k.query.Encode()
	body, kind := k.raw, k.kind
	if k.body != nil {
		b, err := json.Marshal(k.body)
		if err != nil {
			return nil, err
		}
		body, kind = b, "application/json"
	}
	var from io.Reader
	if body != nil {
		// Hidden in a type of its own, so that the HTTP client can't read it twice: it repeats a call with an Idempotency-Key by
		// itself when a connection breaks, and on a server that forgets the key that would be a second post.
		from = struct{ io.Reader }{bytes.NewReader(body)}
	}
	r, err := http.NewRequestWithContext(ctx, k.method, u.String(), from)
	if err != nil {
		return nil, err
	}
	r.ContentLength = int64(len(body))
	for name, v := range k.header {
		r.Header[name] = v
	}
	r.Header.Set("User-Agent", agent) // GoToSocial answers 418 without one
	r.Header.Set("Accept", "application/json")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}

// get reads one thing into out.
func (c *conn) get(ctx context.Context, path string, query url.Values, out any) error {
	k := call{method: http.MethodGet, path: path, query: query}
	a, err := c.do(ctx, k)
	if err != nil {
		return err
	}
	return k.decode(a, out)
}

// list reads a list. Items are decoded one by one by the caller, so that one of them that is broken does not take the
// others with it.
func (c *conn) list(ctx context.Context, path string, query url.Values) ([]json.RawMessage, error) {
	var out []json.RawMessage
	return out, c.get(ctx, path, query, &out)
}

// decode reads an answer's JSON. Nothing, null, and a page in HTML are not answers.
func (k call) decode(a *answer, out any) error {
	b := bytes.TrimSpace(a.body)
	if len(b) == 0 || bytes.Equal(b, []byte("null")) {
		return odd(k, errors.New("an empty answer"))
	}
	if err := json.Unmarshal(b, out); err != nil {
		kind := a.header.Get("Content-Type")
		return odd(k, fmt.Errorf("%s answered with %.60s: %w", k.path, kind, err))
	}
	return nil
}

// clock notes how far the server's clock is from ours.
func (c *conn) clock(h http.Header) {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skew, c.skewed = t.Sub(c.now()), true
}

// serverTime is t by the server's clock.
func (c *conn) serverTime(t time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return t.Add(c.skew)
}

// is404 reports whether a call found nothing: the thing, or the feature.
func is404(a *answer) bool {
	return a != nil && (a.status == http.StatusNotFound || a.status == http.StatusGone || a.status == http.StatusMethodNotAllowed)
}

func esc(id string) string { return strings.ReplaceAll(url.PathEscape(id), "/", "%2F") }
