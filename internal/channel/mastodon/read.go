package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// Read returns a status as it is now.
func (c *conn) Read(ctx context.Context, remoteID string) (channel.Message, error) {
	me, in, err := c.myself(ctx)
	if err != nil {
		return channel.Message{}, err
	}
	s, err := c.status(ctx, remoteID)
	if err != nil {
		return channel.Message{}, err
	}
	return c.message(s, me, in), nil
}

func (c *conn) status(ctx context.Context, id string) (*status, error) {
	var s status
	k := call{method: http.MethodGet, path: "/api/v1/statuses/" + esc(id)}
	a, err := c.do(ctx, k)
	if is404(a) {
		return nil, fault.Wrap(fault.NotFound, "this message was deleted, or is hidden from us", err)
	}
	if err != nil {
		return nil, err
	}
	if err := k.decode(a, &s); err != nil {
		return nil, err
	}
	if s.ID == "" || s.Account.ID == "" {
		return nil, odd(k, fault.New(fault.Internal, "a status without an id"))
	}
	return &s, nil
}

// batch is how many statuses may be asked for at once.
const batch = 20

// Reread asks for the statuses in known again, twenty a call where the server can do that. Mastodon tells nobody of an edit
// but the author's followers, so this is how most edits are seen.
func (c *conn) Reread(ctx context.Context, known map[string]string) ([]channel.Event, error) {
	me, in, err := c.myself(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(known))
	for id := range known {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var events []channel.Event
	for some := range slices.Chunk(ids, batch) {
		there, err := c.several(ctx, some)
		if err != nil {
			return events, err
		}
		for _, id := range some {
			s, ok := there[id]
			if !ok { // missing from a list may mean anything: only a 404 of its own means gone
				if s, err = c.status(ctx, id); fault.Is(err, fault.NotFound) {
					events = append(events, channel.Event{Kind: channel.Deleted, RemoteID: id, At: c.now().UTC()})
					continue
				} else if err != nil {
					return events, err
				}
			}
			if version(s) == known[id] {
				continue
			}
			if e, ok := c.event(channel.Edited, s, me, in); ok {
				events = append(events, e)
			}
		}
	}
	return events, nil
}

// several reads statuses by id. A server without that call answers none, and each is asked for by itself.
func (c *conn) several(ctx context.Context, ids []string) (map[string]*status, error) {
	k := call{method: http.MethodGet, path: "/api/v1/statuses", query: url.Values{"id[]": ids}}
	a, err := c.do(ctx, k)
	if is404(a) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := k.decode(a, &list); err != nil {
		return nil, err
	}
	out := map[string]*status{}
	for _, raw := range list {
		var s status
		if json.Unmarshal(raw, &s) == nil && s.ID != "" && s.Account.ID != "" {
			out[string(s.ID)] = &s
		}
	}
	return out, nil
}
