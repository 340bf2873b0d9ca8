package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/picture"
)

func asRefusal(err error, r **refusal) bool { return errors.As(err, r) }

func fix(format string, args ...any) error {
	return &channel.Trouble{Deed: channel.Fix, Message: fmt.Sprintf(format, args...)}
}

// Reply answers a message: a post in public, or anything by a direct message. A direct message is only ever answered by one.
func (c *conn) Reply(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	if o.Parent == nil {
		return channel.Receipt{}, fix("it is not said what this answers")
	}
	if o.Private {
		return c.sendDirect(ctx, o)
	}
	if o.Parent.Private || strings.HasPrefix(o.Parent.RemoteID, "chat:") {
		return channel.Receipt{}, fix("a direct message is not answered in public: answer it in private")
	}
	return c.create(ctx, o)
}

// AnswersInPrivate says that a post can be answered by a direct message.
func (c *conn) AnswersInPrivate() bool { return true }

// Publish says something new: a post, or a direct message to the one person named in o.To.
func (c *conn) Publish(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	o.Parent = nil
	if o.Private {
		return c.sendDirect(ctx, o)
	}
	return c.create(ctx, o)
}

// outRecord is a post as we write it.
type outRecord struct {
	Type    string    `json:"$type"`
	Text    string    `json:"text"`
	Created string    `json:"createdAt"`
	Langs   []string  `json:"langs,omitempty"`
	Facets  []facet   `json:"facets,omitempty"`
	Reply   *replyRef `json:"reply,omitempty"`
	Embed   any       `json:"embed,omitempty"`
}

// create writes the post. Everything that can be refused is done before the one call that publishes, and that call names
// the record by o.Key: however often it is made, there is one post.
func (c *conn) create(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	key, err := recordKey(o)
	if err == nil {
		err = fits(o)
	}
	if err != nil {
		return channel.Receipt{}, err
	}
	r := outRecord{Type: postType, Text: o.Text, Langs: langs(o.Lang)}
	known := o.To
	if o.Parent != nil {
		known = append([]channel.Identity{o.Parent.From}, o.To...)
		if r.Reply, err = c.parent(ctx, o.Parent); err != nil {
			return channel.Receipt{}, err
		}
	}
	if r.Facets, err = c.facets(ctx, o.Text, known); err != nil {
		return channel.Receipt{}, err
	}
	if r.Embed, err = c.pictures(ctx, o.Media); err != nil {
		return channel.Receipt{}, err
	}
	me, err := c.session.token(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	at := c.now().UTC()
	r.Created = at.Format("2006-01-02T15:04:05.000Z")
	var a ref
	err = c.do(ctx, call{nsid: "com.atproto.repo.createRecord", write: true, body: map[string]any{
		"repo": me.DID, "collection": postType, "rkey": key, "record": r,
	}}, &a)
	if err != nil {
		return channel.Receipt{}, err
	}
	if rkeyOf(a.URI) != key || a.CID == "" {
		return channel.Receipt{}, &channel.Trouble{Deed: channel.Again, Unclear: true, Message: "Bluesky's answer does not name the new post"}
	}
	return receipt(a, r.Reply, at), nil
}

func receipt(a ref, reply *replyRef, at time.Time) channel.Receipt {
	out := channel.Receipt{RemoteID: a.URI, URI: a.URI, ThreadID: a.URI, URL: postURL(a.URI), At: at, Version: a.CID}
	if reply != nil {
		out.ThreadID = reply.Root.URI
	}
	return out
}

// fits refuses what Bluesky would refuse, before anything leaves.
func fits(o channel.Outgoing) error {
	if !utf8.ValidString(o.Text) || strings.ContainsRune(o.Text, 0) {
		return fix("the text holds characters that can't be sent: write them again")
	}
	if o.Private {
		if len(o.Media) > 0 {
			return fix("Bluesky's direct messages carry no pictures: send the text alone, or answer in public")
		}
		if why, ok := limits.Fits(o.Text, true); !ok {
			return fix("Bluesky does not take this message: %s", why)
		}
		return nil
	}
	if why, ok := limits.Fits(o.Text, false); !ok && (len(o.Media) == 0 || strings.TrimSpace(o.Text) != "") {
		return fix("Bluesky does not take this post: %s", why)
	}
	if len(o.Media) > limits.Media {
		return fix("Bluesky takes %d pictures in a post; this one has %d", limits.Media, len(o.Media))
	}
	for _, m := range o.Media {
		switch {
		case !strings.HasPrefix(m.Type, "image/") || m.Type == "image/svg+xml":
			return fix("%q can't be sent: Bluesky takes pictures only (JPEG, PNG, WebP, GIF)", m.Name)
		case int64(len(m.Body)) > limits.MediaSize:
			return fix("%q is too large: a picture may have 2 MB", m.Name)
		case len(m.Body) == 0:
			return fix("%q is empty", m.Name)
		}
	}
	return nil
}

// parent reads what is answered once more and returns the references a reply needs.
func (c *conn) parent(ctx context.Context, p *channel.Parent) (*replyRef, error) {
	uri := p.RemoteID
	if !isPost(uri) {
		uri = p.URI
	}
	if !isPost(uri) {
		return nil, fix("what this answers is no post on Bluesky")
	}
	now, err := c.post(ctx, uri)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, &channel.Trouble{Deed: channel.Gone, Message: "the post to be answered was deleted, or its author no longer shows it to us"}
	case err != nil:
		return nil, err
	case now.Viewer.ReplyDisabled:
		return nil, &channel.Trouble{Deed: channel.NotAllowed, Message: replyDisabled + ": answer by direct message or with a post of your own"}
	case now.Author.Viewer.BlockedBy:
		return nil, &channel.Trouble{Deed: channel.NotAllowed, Message: deeds["BlockedActor"].message}
	case now.Author.Viewer.Blocking != "":
		return nil, &channel.Trouble{Deed: channel.NotAllowed, Message: deeds["BlockedSubject"].message}
	}
	this := ref{URI: now.URI, CID: now.CID}
	root := this
	if r := now.record.Reply; r != nil && r.Root.URI != "" && r.Root.CID != "" {
		root = r.Root
	} else if r != nil {
		var kept memo
		if json.Unmarshal(p.Memo, &kept) == nil && kept.Root != nil {
			root = *kept.Root
		}
	}
	return &replyRef{Root: root, Parent: this}, nil
}

// pictures uploads pictures and returns the embed that shows them. Nobody sees an upload that no post names.
func (c *conn) pictures(ctx context.Context, media []channel.Upload) (any, error) {
	if len(media) == 0 {
		return nil, nil
	}
	var images []map[string]any
	for _, m := range media {
		body := picture.Stripped(m.Body, m.Type) // its file is shown to everybody
		var a struct {
			Blob json.RawMessage `json:"blob"`
		}
		if err := c.do(ctx, call{nsid: "com.atproto.repo.uploadBlob", raw: body, kind: m.Type}, &a); err != nil {
			return nil, err
		}
		if len(a.Blob) == 0 {
			return nil, odd("picture")
		}
		image := map[string]any{"image": a.Blob, "alt": m.Alt}
		if w, h, ok := picture.Size(body); ok {
			image["aspectRatio"] = map[string]int{"width": w, "height": h}
		}
		images = append(images, image)
	}
	return map[string]any{"$type": "app.bsky.embed.images", "images": images}, nil
}

var language = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$`)

func langs(s string) []string {
	if language.MatchString(s) {
		return []string{s}
	}
	return nil
}

// Find reads our own record by the name we gave it: the host keeps it, so its word is good at once.
func (c *conn) Find(ctx context.Context, o channel.Outgoing) (channel.Receipt, bool, error) {
	if o.Private {
		return c.findDirect(ctx, o)
	}
	key, err := recordKey(o)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	me, err := c.session.token(ctx)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	var a struct {
		ref
		Value record `json:"value"`
	}
	err = c.do(ctx, call{nsid: "com.atproto.repo.getRecord", query: url.Values{
		"repo": {me.DID}, "collection": {postType}, "rkey": {key},
	}}, &a)
	switch {
	case refusedAs(err, "RecordNotFound"):
		return channel.Receipt{}, false, nil
	case err != nil:
		return channel.Receipt{}, false, err
	case rkeyOf(a.URI) != key || a.CID == "":
		return channel.Receipt{}, false, odd("record")
	case a.Value.Text != o.Text:
		return channel.Receipt{}, false, fault.New(fault.Conflict, "another post stands under this message's key: look at the account on Bluesky")
	}
	return receipt(a.ref, a.Value.Reply, parseTime(a.Value.CreatedAt)), true, nil
}
