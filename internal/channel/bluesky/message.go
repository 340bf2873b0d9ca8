package bluesky

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"switchboard/internal/channel"
)

const postType = "app.bsky.feed.post"

// ref is a strong reference: a record in one version.
type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type replyRef struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

// memo is what we want to know again when a message is answered.
type memo struct {
	CID  string `json:"cid,omitempty"`
	Root *ref   `json:"root,omitempty"`
}

type label struct {
	Val string `json:"val"`
	Neg bool   `json:"neg"`
}

type profileView struct {
	DID          string  `json:"did"`
	Handle       string  `json:"handle"`
	DisplayName  string  `json:"displayName"`
	Description  string  `json:"description"`
	Avatar       string  `json:"avatar"`
	Followers    int     `json:"followersCount"`
	Labels       []label `json:"labels"`
	Verification struct {
		Verified string `json:"verifiedStatus"`
		Verifier string `json:"trustedVerifierStatus"`
	} `json:"verification"`
	Viewer struct {
		BlockedBy bool   `json:"blockedBy"`
		Blocking  string `json:"blocking"`
	} `json:"viewer"`
}

// post is a post as a notification or a view shows it.
type post struct {
	URI       string          `json:"uri"`
	CID       string          `json:"cid"`
	Author    profileView     `json:"author"`
	Record    json.RawMessage `json:"record"`
	Embed     json.RawMessage `json:"embed"` // only in a view: with addresses
	IndexedAt string          `json:"indexedAt"`
	Labels    []label         `json:"labels"`
	Viewer    struct {
		ReplyDisabled bool `json:"replyDisabled"`
	} `json:"viewer"`

	record record
	broken bool // the record is not one we can read
}

// record is what the author wrote.
type record struct {
	Text      string          `json:"text"`
	CreatedAt string          `json:"createdAt"`
	Langs     []string        `json:"langs"`
	Facets    []facet         `json:"facets"`
	Reply     *replyRef       `json:"reply"`
	Embed     json.RawMessage `json:"embed"`
	Labels    struct {
		Values []label `json:"values"`
	} `json:"labels"`
}

// postOf reads a post. What cannot be read is left empty: one odd post must not hold up the others.
func postOf(raw json.RawMessage) *post {
	p := &post{}
	if err := json.Unmarshal(raw, p); err != nil {
		p.broken = true
	}
	if err := json.Unmarshal(p.Record, &p.record); err != nil {
		p.broken = true
	}
	if string(p.record.Embed) == "null" {
		p.record.Embed = nil
	}
	return p
}

// ownPost reads an entry of our own repository. It has no time of the server's: the key's time stands for it.
func ownPost(raw json.RawMessage, me tokens, now time.Time) *post {
	var e struct {
		ref
		Value json.RawMessage `json:"value"`
	}
	if json.Unmarshal(raw, &e) != nil {
		return &post{}
	}
	p := &post{URI: e.URI, CID: e.CID, Author: profileView{DID: me.DID, Handle: me.Handle}, Record: e.Value}
	p.broken = json.Unmarshal(e.Value, &p.record) != nil
	at := parseTime(p.record.CreatedAt)
	if at.IsZero() || at.After(now) {
		at = tidTime(rkeyOf(p.URI))
	}
	p.IndexedAt = at.Format(time.RFC3339Nano)
	return p
}

// message is p as the account me sees it. now stands in for a time that is missing or in the future.
func (p *post) message(me string, now time.Time) channel.Message {
	at := parseTime(p.IndexedAt)
	if at.IsZero() || at.After(now.Add(time.Minute)) {
		at = now.UTC()
	}
	m := channel.Message{
		RemoteID: p.URI, URI: p.URI, Version: p.CID, ThreadID: p.URI, Kind: channel.Post,
		Own: p.Author.DID == me, From: p.Author.identity(), Text: p.record.shown(), At: at, URL: postURL(p.URI),
		To: p.record.mentioned(), Doubts: p.doubts(),
	}
	note := memo{CID: p.CID}
	if r := p.record.Reply; r != nil && r.Parent.URI != "" {
		m.Kind, m.ParentID, m.ParentURI = channel.Reply, r.Parent.URI, r.Parent.URI
		if r.Root.URI != "" {
			m.ThreadID, note.Root = r.Root.URI, &r.Root
		}
	}
	if len(p.record.Langs) > 0 {
		m.Lang = clean(p.record.Langs[0])
	}
	p.attach(&m)
	m.Memo, _ = json.Marshal(note)
	return m
}

func (v profileView) identity() channel.Identity {
	return channel.Identity{
		RemoteID: v.DID, Handle: "@" + clean(v.Handle), Name: clean(v.DisplayName), URL: profileURL(v.DID),
		Avatar: v.Avatar, Followers: v.Followers, Bot: hasLabel(v.Labels, "bot"), About: clean(v.Description),
		Verified: v.Verification.Verified == "valid" || v.Verification.Verifier == "valid",
	}
}

func hasLabel(list []label, val string) bool {
	return slices.ContainsFunc(list, func(l label) bool { return l.Val == val && !l.Neg })
}

// labels are the words of moderators, as sentences. Others are named as they are.
var labelled = map[string]string{
	"spam": "spam", "!hide": "to be hidden", "!warn": "to be shown with a warning", "!takedown": "taken down",
	"porn": "pornography", "sexual": "sexual", "nudity": "nudity", "graphic-media": "graphic media", "gore": "graphic media",
	"impersonation": "impersonation", "scam": "a scam", "misleading": "misleading", "rude": "rude", "threat": "a threat",
	"intolerant": "intolerant",
}

// doubts are what speaks against taking p at its word.
func (p *post) doubts() (out []string) {
	say := func(s string) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, x := range []struct {
		list []label
		text string
	}{
		{p.Labels, "moderators label this post as "}, {p.Author.Labels, "moderators label this account as "},
		{p.record.Labels.Values, "the author labels this post as "},
	} {
		for _, l := range x.list {
			switch word := labelled[l.Val]; {
			case l.Neg || l.Val == "" || l.Val == "bot":
			case l.Val == "!no-unauthenticated":
				say("the author asks not to be shown outside Bluesky")
			case word != "":
				say(x.text + word)
			default:
				say(x.text + short(l.Val))
			}
		}
	}
	switch {
	case p.Author.Handle == "handle.invalid":
		say("the account's handle does not lead back to it")
	case p.Viewer.ReplyDisabled:
		say(replyDisabled)
	}
	if p.Author.Viewer.BlockedBy {
		say("the author has blocked this account: no answer is possible from it")
	}
	if p.broken {
		say("this post could not be read whole: open it in Bluesky")
	}
	return out
}

const replyDisabled = "the author has limited who may reply, and this account may not"

// mentioned are the accounts that the text names.
func (r record) mentioned() (out []channel.Identity) {
	for _, f := range r.Facets {
		for _, x := range f.Features {
			if x.DID != "" && !slices.ContainsFunc(out, func(i channel.Identity) bool { return i.RemoteID == x.DID }) {
				out = append(out, channel.Identity{RemoteID: x.DID, Handle: clean(f.of(r.Text)), URL: profileURL(x.DID)})
			}
		}
	}
	return out
}

// clean makes s text that every database takes.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func rkeyOf(uri string) string { return uri[strings.LastIndexByte(uri, '/')+1:] }

// didOf returns the author's DID of an at-uri.
func didOf(uri string) string {
	s, _, _ := strings.Cut(strings.TrimPrefix(uri, "at://"), "/")
	return s
}

func profileURL(did string) string { return "https://bsky.app/profile/" + did }
func postURL(uri string) string    { return profileURL(didOf(uri)) + "/post/" + rkeyOf(uri) }
