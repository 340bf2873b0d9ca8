package bluesky

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// posts returns what is left of up to 25 posts, by their addresses.
func (c *conn) posts(ctx context.Context, uris []string) (map[string]*post, error) {
	var a struct {
		Posts *[]json.RawMessage `json:"posts"`
	}
	if err := c.do(ctx, call{nsid: "app.bsky.feed.getPosts", query: url.Values{"uris": uris}}, &a); err != nil {
		return nil, err
	}
	if a.Posts == nil {
		return nil, odd("posts")
	}
	found := map[string]*post{}
	for _, raw := range *a.Posts {
		if p := postOf(raw); p.URI != "" && p.CID != "" {
			found[p.URI] = p
		}
	}
	return found, nil
}

// post returns one post as it is now, or a fault.NotFound.
func (c *conn) post(ctx context.Context, uri string) (*post, error) {
	found, err := c.posts(ctx, []string{uri})
	if err != nil {
		return nil, err
	}
	if p, ok := found[uri]; ok {
		return p, nil
	}
	if me := c.session.current(); me.DID != "" && didOf(uri) == me.DID {
		return c.justSaid(ctx, me, uri)
	}
	return nil, notThere()
}

func notThere() error {
	return fault.New(fault.NotFound, "this post was deleted, or its author no longer shows it to us")
}

// justSaid is a post of our own as our host keeps it: the reading side hears of it a moment later only, and the next part of an
// answer hangs on it at once.
func (c *conn) justSaid(ctx context.Context, me tokens, uri string) (*post, error) {
	var raw json.RawMessage
	err := c.do(ctx, call{nsid: "com.atproto.repo.getRecord", query: url.Values{
		"repo": {me.DID}, "collection": {postType}, "rkey": {rkeyOf(uri)},
	}}, &raw)
	switch {
	case missing(err):
		return nil, notThere()
	case err != nil:
		return nil, err
	}
	p := ownPost(raw, me, c.now())
	if p.URI != uri || p.CID == "" {
		return nil, odd("record")
	}
	return p, nil
}

// Read returns a message as it is now.
func (c *conn) Read(ctx context.Context, remoteID string) (channel.Message, error) {
	if strings.HasPrefix(remoteID, "chat:") {
		return c.readDirect(ctx, remoteID)
	}
	if !isPost(remoteID) {
		return channel.Message{}, fault.New(fault.NotFound, "there is no such post on Bluesky")
	}
	p, err := c.post(ctx, remoteID)
	if err != nil {
		return channel.Message{}, err
	}
	return p.message(c.session.current().DID, c.now()), nil
}

func isPost(uri string) bool {
	return strings.HasPrefix(uri, "at://did:") && strings.Contains(uri, "/"+postType+"/")
}

// Reread tells which of the known posts are gone or changed. Direct messages are not asked for: the chat's log tells of them.
func (c *conn) Reread(ctx context.Context, known map[string]string) ([]channel.Event, error) {
	uris := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(id string) bool { return !isPost(id) })
	var events []channel.Event
	for some := range slices.Chunk(uris, 25) {
		found, err := c.posts(ctx, some)
		if err != nil {
			return events, err
		}
		for _, uri := range some {
			p := found[uri]
			switch {
			case p == nil:
				gone, err := c.gone(ctx, uri)
				if err != nil {
					return events, err
				}
				if gone {
					events = append(events, channel.Event{Kind: channel.Deleted, RemoteID: uri, At: c.now().UTC()})
				}
			case p.CID != known[uri]:
				m := p.message(c.session.current().DID, c.now())
				m.EditedAt = c.now().UTC()
				events = append(events, channel.Event{Kind: channel.Edited, RemoteID: uri, At: m.EditedAt, Message: m})
			}
		}
	}
	return events, nil
}

// gone asks for the record itself. A post can be missing among the posts only because its author has blocked us, or because
// the reading side is having a bad moment: neither is a deletion, and a deletion takes words out of our own store.
func (c *conn) gone(ctx context.Context, uri string) (bool, error) {
	err := c.do(ctx, call{nsid: "com.atproto.repo.getRecord", query: url.Values{
		"repo": {didOf(uri)}, "collection": {postType}, "rkey": {rkeyOf(uri)},
	}}, &struct{}{})
	switch {
	case err == nil:
		return false, nil
	case missing(err):
		return true, nil
	}
	return false, err
}

// missing reports whether err says that a record, or the whole account it belongs to, is not there.
func missing(err error) bool {
	var r *refusal
	if !asRefusal(err, &r) {
		return false
	}
	return r.Name == "RecordNotFound" || r.Name == "RepoNotFound" || r.Name == "RepoTakendown" || r.Name == "RepoDeactivated" ||
		r.Status == 400 && (strings.HasPrefix(r.Words, "Could not locate record") || strings.HasPrefix(r.Words, "Could not find repo"))
}
