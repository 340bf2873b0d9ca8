package bluesky

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"switchboard/internal/sim/far"
)

const postType = "app.bsky.feed.post"

// record is what we look at in a post that comes by the API.
type record struct {
	Type      string `json:"$type"`
	Text      string `json:"text"`
	CreatedAt string `json:"createdAt"`
	Facets    []struct {
		Index    struct{ ByteStart, ByteEnd int }
		Features []struct{ DID string }
	}
	Reply *struct{ Root, Parent struct{ URI, CID string } }
	Embed *struct {
		Type   string `json:"$type"`
		Images []struct {
			Alt   *string
			Image struct {
				Ref struct {
					Link string `json:"$link"`
				}
				Size int
			}
		}
		Record struct{ URI string }
	}
}

// check refuses what the reference server's schema refuses.
func (r record) check() error {
	bad := func(what string) error { return no(400, "InvalidRequest", "Invalid %s record: %s", postType, what) }
	switch {
	case r.Type != "" && r.Type != postType:
		return no(400, "InvalidRequest", "Invalid $type: expected %s, got %s", postType, r.Type)
	case uniseg.GraphemeClusterCount(r.Text) > 300:
		return bad("grapheme too big (maximum 300) at $.record.text")
	case len(r.Text) > 3000:
		return bad("string too big (maximum 3000 bytes) at $.record.text")
	}
	if _, err := time.Parse(time.RFC3339Nano, r.CreatedAt); err != nil {
		return bad("Invalid datetime at $.record.createdAt")
	}
	for _, f := range r.Facets {
		if f.Index.ByteStart < 0 || f.Index.ByteEnd <= f.Index.ByteStart || f.Index.ByteEnd > len(r.Text) {
			return bad("facet index out of range")
		}
	}
	if p := r.Reply; p != nil && (p.Root.URI == "" || p.Root.CID == "" || p.Parent.URI == "" || p.Parent.CID == "") {
		return bad("Missing required key at $.record.reply")
	}
	if e := r.Embed; e != nil {
		if len(e.Images) > 4 {
			return bad("array too big (maximum 4) at $.record.embed.images")
		}
		for _, i := range e.Images {
			if i.Alt == nil || i.Image.Ref.Link == "" || i.Image.Size > 2_000_000 {
				return bad("image at $.record.embed.images")
			}
		}
	}
	return nil
}

func (s *Server) createRecord(r request) (any, error) {
	var in struct {
		Repo, Collection, RKey string
		Record                 json.RawMessage
		Validate               *bool
	}
	if err := r.read(&in); err != nil {
		return nil, err
	}
	if in.Repo != r.me.did && in.Repo != r.me.handle {
		return nil, no(401, "AuthenticationRequired", "Authentication Required")
	}
	if in.RKey == "" {
		in.RKey = s.tid()
	}
	if in.Collection != postType {
		return s.createOther(r.me, in.Collection, in.RKey, in.Record, in.Validate)
	}
	var rec record
	switch {
	case !validTID(in.RKey):
		return nil, no(400, "InvalidRequest", "Invalid record key for %s: Invalid TID", postType)
	case json.Unmarshal(in.Record, &rec) != nil:
		return nil, no(400, "InvalidRequest", "Invalid %s record", postType)
	}
	if err := rec.check(); err != nil {
		return nil, err
	}
	for _, i := range rec.images() {
		if _, ok := s.blobs[i]; !ok {
			return nil, no(400, "BlobNotFound", "Could not find blob: %s", i)
		}
	}
	if _, taken := s.posts["at://"+r.me.did+"/"+postType+"/"+in.RKey]; taken {
		return nil, no(500, "InternalServerError", "Internal Server Error") // as seen, however odd
	}
	p := s.keep(r.me, in.RKey, in.Record)
	e := far.Entry{At: s.now(), Account: r.me.handle, Key: in.RKey, Kind: far.Post, ID: p.uri, Text: rec.Text}
	if rec.Reply != nil {
		e.Kind, e.ParentID = far.Reply, rec.Reply.Parent.URI
		if parent := s.posts[e.ParentID]; parent != nil {
			e.To = parent.author.handle
		}
	}
	if rec.Embed != nil {
		for _, i := range rec.Embed.Images {
			e.Alts = append(e.Alts, *i.Alt)
		}
	}
	s.Record.Add(e)
	return map[string]any{"uri": p.uri, "cid": p.cid, "validationStatus": "valid"}, nil
}

func (r record) images() (out []string) {
	if r.Embed != nil {
		for _, i := range r.Embed.Images {
			out = append(out, i.Image.Ref.Link)
		}
	}
	return out
}

// keep stores a post and notifies whom it concerns, each once.
func (s *Server) keep(a *account, rkey string, raw json.RawMessage) *post {
	p := &post{uri: "at://" + a.did + "/" + postType + "/" + rkey, cid: cid(0x71, raw), rkey: rkey, author: a, raw: raw, at: s.now()}
	_ = json.Unmarshal(raw, &p.value)
	var rec record
	_ = json.Unmarshal(raw, &rec)
	p.sortAt = p.at
	if t, err := time.Parse(time.RFC3339Nano, rec.CreatedAt); err == nil && t.Before(p.at) {
		p.sortAt = t
	}
	s.posts[p.uri] = p
	told := map[*account]bool{a: true}
	tell := func(to *account, reason string) {
		if to != nil && !told[to] {
			told[to] = true
			s.notes = append(s.notes, note{to, p, reason})
		}
	}
	if rec.Reply != nil {
		for _, uri := range []string{rec.Reply.Parent.URI, rec.Reply.Root.URI} {
			if above := s.posts[uri]; above != nil {
				tell(above.author, "reply")
			}
		}
	}
	for _, f := range rec.Facets {
		for _, x := range f.Features {
			tell(s.find(x.DID), "mention")
		}
	}
	if rec.Embed != nil {
		if quoted := s.posts[rec.Embed.Record.URI]; quoted != nil {
			tell(quoted.author, "quote")
		}
	}
	return p
}

func (s *Server) getRecord(r request) (any, error) {
	a := s.find(r.query("repo"))
	if a == nil {
		return nil, no(400, "InvalidRequest", "Could not find repo: %s", r.query("repo"))
	}
	uri := "at://" + a.did + "/" + r.query("collection") + "/" + r.query("rkey")
	if o, ok := s.others[uri]; ok {
		return map[string]any{"uri": uri, "cid": o.cid, "value": o.raw}, nil
	}
	p := s.posts[uri]
	if p == nil || p.deleted {
		return nil, no(400, "RecordNotFound", "Could not locate record: %s", uri)
	}
	return map[string]any{"uri": p.uri, "cid": p.cid, "value": p.raw}, nil
}

func (s *Server) listRecords(r request) (any, error) {
	a := s.find(r.query("repo"))
	limit, err := r.number("limit", 50, 100)
	if a == nil || err != nil {
		return nil, no(400, "InvalidRequest", "Could not find repo: %s", r.query("repo"))
	}
	var list []*post
	for _, p := range s.posts {
		if p.author == a && !p.deleted && r.query("collection") == postType && (r.query("cursor") == "" || p.rkey < r.query("cursor")) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(x, y *post) int { return strings.Compare(y.rkey, x.rkey) })
	list = list[:min(len(list), limit)]
	out := []any{}
	for _, p := range list {
		out = append(out, map[string]any{"uri": p.uri, "cid": p.cid, "value": p.raw})
	}
	answer := map[string]any{"records": out}
	if len(list) > 0 {
		answer["cursor"] = list[len(list)-1].rkey
	}
	return answer, nil
}

func (s *Server) uploadBlob(r request) (any, error) {
	b, err := io.ReadAll(r.Body)
	kind := r.Header.Get("Content-Type")
	switch {
	case err != nil || len(b) == 0:
		return nil, no(400, "InvalidRequest", "A request body is expected but none was provided")
	case len(b) > 5<<20:
		return nil, no(400, "BlobTooLarge", "This file is too large")
	}
	c := cid(0x55, b)
	s.blobs[c] = blob{kind, b}
	return map[string]any{"blob": map[string]any{
		"$type": "blob", "ref": map[string]string{"$link": c}, "mimeType": kind, "size": len(b),
	}}, nil
}

// image serves a picture at the address that a view gives.
func (s *Server) image(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	b, ok := s.blobs[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]]
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", b.kind)
	_, _ = w.Write(b.body)
}
