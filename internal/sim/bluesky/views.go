package bluesky

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

func (s *Server) profile(a, viewer *account) map[string]any {
	v := map[string]any{
		"did": a.did, "handle": a.handle, "displayName": a.name, "labels": labels(a.did, a.labels), "avatar": s.base + "/img/avatar/" + a.did,
	}
	state := map[string]any{"muted": false, "blockedBy": a.blocks[viewer.did]}
	if viewer.blocks[a.did] {
		state["blocking"] = "at://" + viewer.did + "/app.bsky.graph.block/3kblock"
	}
	v["viewer"] = state
	return v
}

func labels(uri string, list []string) []any {
	out := []any{}
	for _, l := range list {
		out = append(out, map[string]any{"src": "did:plc:moderators", "uri": uri, "val": l})
	}
	return out
}

func (s *Server) getProfile(r request) (any, error) {
	a := s.find(r.query("actor"))
	if a == nil {
		return nil, no(400, "InvalidRequest", "Profile not found")
	}
	v := s.profile(a, r.me)
	v["followersCount"] = 0
	return v, nil
}

// getPosts leaves out what is deleted and what a block hides.
func (s *Server) getPosts(r request) (any, error) {
	uris := r.URL.Query()["uris"]
	if len(uris) > 25 {
		return nil, no(400, "InvalidRequest", "Error: uris must not have more than 25 elements")
	}
	out := []any{}
	for _, uri := range uris {
		p := s.posts[uri]
		if p == nil || p.deleted || p.author.blocks[r.me.did] || r.me.blocks[p.author.did] {
			continue
		}
		v := map[string]any{
			"uri": p.uri, "cid": p.cid, "author": s.profile(p.author, r.me), "record": p.raw, "indexedAt": when(p.at),
			"labels": labels(p.uri, p.labels), "viewer": map[string]any{"threadMuted": false, "replyDisabled": p.closed},
		}
		if e := s.embedView(p, r.me); e != nil {
			v["embed"] = e
		}
		out = append(out, v)
	}
	return map[string]any{"posts": out}, nil
}

func (s *Server) embedView(p *post, viewer *account) any {
	var rec record
	if json.Unmarshal(p.raw, &rec) != nil || rec.Embed == nil {
		return nil
	}
	if q := s.posts[rec.Embed.Record.URI]; q != nil {
		return map[string]any{"$type": "app.bsky.embed.record#view", "record": map[string]any{
			"$type": "app.bsky.embed.record#viewRecord", "uri": q.uri, "cid": q.cid, "author": s.profile(q.author, viewer), "value": q.raw,
		}}
	}
	var images []any
	for _, i := range rec.Embed.Images {
		at := s.base + "/img/" + p.author.did + "/" + i.Image.Ref.Link
		images = append(images, map[string]any{"thumb": at, "fullsize": at, "alt": *i.Alt})
	}
	if images == nil {
		return nil
	}
	return map[string]any{"$type": "app.bsky.embed.images#view", "images": images}
}

// listNotifications goes by sortAt, and its cursor is the last one's instant: what shares it and did not fit is skipped, and
// a filter by reason thins the page out after it was cut. So does the reference server.
func (s *Server) listNotifications(r request) (any, error) {
	limit, err := r.number("limit", 50, 100)
	if err != nil {
		return nil, err
	}
	var before time.Time
	if c := r.query("cursor"); c != "" {
		if before, err = time.Parse(time.RFC3339Nano, c); err != nil {
			return nil, no(400, "InvalidRequest", "Malformed cursor")
		}
	}
	var list []note
	for _, n := range s.notes {
		if n.to == r.me && !n.post.deleted && (before.IsZero() || n.post.sortAt.Truncate(time.Millisecond).Before(before)) {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b note) int {
		return cmp.Or(b.post.sortAt.Truncate(time.Millisecond).Compare(a.post.sortAt.Truncate(time.Millisecond)), strings.Compare(b.post.cid, a.post.cid))
	})
	list = list[:min(len(list), limit)]
	answer := map[string]any{}
	if len(list) > 0 {
		answer["cursor"] = when(list[len(list)-1].post.sortAt)
	}
	out, reasons := []any{}, r.URL.Query()["reasons"]
	for _, n := range list {
		if len(reasons) > 0 && !slices.Contains(reasons, n.reason) || n.post.author.blocks[r.me.did] || r.me.blocks[n.post.author.did] {
			continue
		}
		out = append(out, map[string]any{
			"uri": n.post.uri, "cid": n.post.cid, "author": s.profile(n.post.author, r.me), "reason": n.reason, "record": n.post.raw,
			"isRead": false, "indexedAt": when(n.post.sortAt), "labels": labels(n.post.uri, n.post.labels),
		})
	}
	answer["notifications"] = out
	return answer, nil
}
