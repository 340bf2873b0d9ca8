package bluesky

import (
	"encoding/json"
	"regexp"
	"strings"

	"switchboard/internal/sim/far"
)

// other is a record of a kind that no app here shows.
type other struct {
	cid string
	raw json.RawMessage
}

var (
	nsid      = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+\.[a-zA-Z][a-zA-Z0-9]*$`)
	recordKey = regexp.MustCompile(`^[A-Za-z0-9.:~_-]{1,512}$`)
)

// createOther keeps a record of a kind that is unknown here, as the reference server does unless it is asked to check it.
func (s *Server) createOther(me *account, collection, rkey string, raw json.RawMessage, validate *bool) (any, error) {
	var rec map[string]any
	uri := "at://" + me.did + "/" + collection + "/" + rkey
	_, taken := s.others[uri]
	kind := any(nil)
	if json.Unmarshal(raw, &rec) == nil {
		kind = rec["$type"]
	}
	switch {
	case !nsid.MatchString(collection) || len(collection) > 317:
		return nil, no(400, "InvalidRequest", "Error: collection must be a valid nsid")
	case rec == nil:
		return nil, no(400, "InvalidRequest", "Input/record must be an object")
	case strings.HasPrefix(collection, "app.bsky.") || strings.HasPrefix(collection, "chat.bsky."):
		return nil, no(400, "InvalidRequest", "this stand-in knows no schema of %s", collection)
	case kind != nil && kind != collection:
		return nil, no(400, "InvalidRequest", "Invalid $type: expected %s, got %v", collection, kind)
	case !recordKey.MatchString(rkey) || rkey == "." || rkey == "..":
		return nil, no(400, "InvalidRequest", "Invalid record key: %s", rkey)
	case validate != nil && *validate:
		return nil, no(400, "InvalidRequest", "Unknown lexicon type: %s", collection)
	case taken:
		return nil, no(500, "InternalServerError", "Internal Server Error")
	}
	o := other{cid: cid(0x71, raw), raw: raw}
	s.others[uri] = o
	s.Record.Add(far.Entry{At: s.now(), Account: me.handle, Key: rkey, Kind: far.Test, ID: uri, Text: string(raw)})
	answer := map[string]any{"uri": uri, "cid": o.cid}
	if validate == nil {
		answer["validationStatus"] = "unknown"
	}
	return answer, nil
}

// deleteRecord takes a record back. What is not there is as good as deleted.
func (s *Server) deleteRecord(r request) (any, error) {
	var in struct{ Repo, Collection, RKey string }
	if err := r.read(&in); err != nil {
		return nil, err
	}
	if in.Repo != r.me.did && in.Repo != r.me.handle {
		return nil, no(401, "AuthenticationRequired", "Authentication Required")
	}
	uri := "at://" + r.me.did + "/" + in.Collection + "/" + in.RKey
	_, hidden := s.others[uri]
	p := s.posts[uri]
	if !hidden && (p == nil || p.deleted) {
		return struct{}{}, nil
	}
	delete(s.others, uri)
	if p != nil {
		p.deleted = true
	}
	s.Record.Add(far.Entry{At: s.now(), Account: r.me.handle, Key: in.RKey, Kind: far.Delete, ID: uri})
	return struct{}{}, nil
}

// Hidden returns how many records there are that no app shows.
func (s *Server) Hidden() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.others)
}
