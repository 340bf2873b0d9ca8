package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"switchboard/internal/channel"
)

const (
	// keyLife is how long Mastodon itself remembers an Idempotency-Key, less some doubt. Within it sending again is safe even
	// where too much was said since to look for it.
	keyLife = 55 * time.Minute
	// blind is how far clocks may be apart where a server does not tell its time.
	blind = 2 * time.Minute
	// pagesBack bounds how far back we look; an account that said more than this since then can't be searched.
	pagesBack = 25
)

// Find looks for what became of o among the account's own statuses.
func (c *conn) Find(ctx context.Context, o channel.Outgoing) (channel.Receipt, bool, error) {
	me, in, err := c.myself(ctx)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	p, err := c.compose(o, me, in)
	if err != nil {
		return channel.Receipt{}, false, nil // such a thing can't have been sent
	}
	s, err := c.search(ctx, o, p, me)
	if err == nil && s == nil {
		// The server may still be at it, after we hung up; not even Mastodon holds a second call with the same key back while
		// the first is being worked on. So look once more.
		if err = sleep(ctx, c.settle); err == nil {
			s, err = c.search(ctx, o, p, me)
		}
	}
	if errors.Is(err, errTooMuch) && in.proper() && c.now().Sub(o.At) < keyLife {
		return channel.Receipt{}, false, nil
	}
	return c.found(s), s != nil && err == nil, err
}

func (c *conn) found(s *status) channel.Receipt {
	if s == nil {
		return channel.Receipt{}
	}
	return c.receipt(s)
}

// search walks back through our own statuses to the time when o was put in the queue.
func (c *conn) search(ctx context.Context, o channel.Outgoing, p post, me *account) (*status, error) {
	earliest := c.earliest(o)
	q := url.Values{"limit": {"40"}, "exclude_reblogs": {"true"}}
	path := "/api/v1/accounts/" + esc(string(me.ID)) + "/statuses"
	var best *status
	for range pagesBack {
		list, err := c.list(ctx, path, q)
		if err != nil {
			return nil, err
		}
		last := ""
		for _, raw := range list { // newest first
			var s status
			if json.Unmarshal(raw, &s) != nil || s.ID == "" {
				continue
			}
			last = string(s.ID)
			if s.Created.Before(earliest) {
				return c.beneath(ctx, best, o, p, me)
			}
			ok, err := c.is(ctx, &s, o, p, me)
			if err != nil {
				return nil, err
			}
			if ok {
				best = &s // the oldest one after o.At is the likeliest: a later one with the same words has its own key
			}
		}
		if last == "" {
			return c.beneath(ctx, best, o, p, me)
		}
		q.Set("max_id", last)
	}
	if best != nil {
		return best, nil
	}
	return nil, errTooMuch
}

var errTooMuch = &channel.Trouble{Deed: channel.Again, Unclear: true,
	Message: "the account has said so much since that this can't be looked up: a person must look"}

// beneath looks for an answer under what it answers, if best was not found before: not every server lists an account's private
// words among its statuses.
func (c *conn) beneath(ctx context.Context, best *status, o channel.Outgoing, p post, me *account) (*status, error) {
	if best != nil || p.ReplyTo == "" {
		return best, nil
	}
	var thread struct {
		Descendants []json.RawMessage `json:"descendants"`
	}
	k := call{method: "GET", path: "/api/v1/statuses/" + esc(p.ReplyTo) + "/context"}
	a, err := c.do(ctx, k)
	if is404(a) {
		return nil, nil // what it answers is gone; the list above has said what there is
	}
	if err != nil {
		return nil, err
	}
	if err := k.decode(a, &thread); err != nil {
		return nil, err
	}
	for _, raw := range thread.Descendants {
		var s status
		if json.Unmarshal(raw, &s) != nil || s.ID == "" || s.Created.Before(c.earliest(o)) {
			continue
		}
		if ok, err := c.is(ctx, &s, o, p, me); err != nil || ok {
			return &s, err
		}
	}
	return nil, nil
}

// earliest is the first moment, by the server's clock, at which o can have been said.
func (c *conn) earliest(o channel.Outgoing) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.skewed {
		return o.At.Add(-blind)
	}
	return o.At.Add(c.skew - 5*time.Second)
}

// is reports whether s is what o became: an answer to the same, for the same eyes, in the same words.
func (c *conn) is(ctx context.Context, s *status, o channel.Outgoing, p post, me *account) (bool, error) {
	c.mu.Lock()
	key, ours := c.receipts.get(string(s.ID))
	c.mu.Unlock()
	if ours {
		return key == o.Key, nil
	}
	if s.Account.ID != me.ID || string(s.ReplyTo) != p.ReplyTo || s.Visibility != p.Visibility || len(s.Media) != len(o.Media) {
		return false, nil
	}
	if words := essence(plain(s.Content, s.Mentions)); words == essence(p.Status) {
		return true, nil
	}
	// Its HTML may have been made prettier than our words: ask for the words.
	var src struct {
		Text string `json:"text"`
	}
	k := call{method: "GET", path: "/api/v1/statuses/" + esc(string(s.ID)) + "/source"}
	a, err := c.do(ctx, k)
	if err != nil {
		if is404(a) {
			return false, nil
		}
		return false, err
	}
	if err := k.decode(a, &src); err != nil {
		return false, err
	}
	return essence(src.Text) == essence(p.Status), nil
}

// essence is what two texts have in common when they say the same: a server may break lines anew and cut @ann@host to @ann.
func essence(s string) string {
	s = naming.ReplaceAllStringFunc(norm.NFC.String(s), func(m string) string {
		parts := naming.FindStringSubmatch(m)
		name, _, _ := strings.Cut(parts[2], "@")
		return parts[1] + "@" + strings.ToLower(name)
	})
	return strings.Join(strings.Fields(s), " ")
}
