package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"switchboard/internal/channel"
)

// Reply answers a status, seen by no more people than what it answers.
func (c *conn) Reply(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	if o.Parent == nil || o.Parent.RemoteID == "" {
		return channel.Receipt{}, fix("this answers nothing: it must be sent as a new post")
	}
	return c.say(ctx, o)
}

// AnswersInPrivate says that a status can be answered by one that only its author sees.
func (c *conn) AnswersInPrivate() bool { return true }

// Publish says something new. In private it goes to those in o.To alone.
func (c *conn) Publish(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	if o.Private && len(o.To) == 0 {
		return channel.Receipt{}, fix("a private message needs somebody to go to")
	}
	o.Parent = nil
	return c.say(ctx, o)
}

// post is what POST /api/v1/statuses takes.
type post struct {
	Status      string   `json:"status"`
	ReplyTo     string   `json:"in_reply_to_id,omitempty"`
	Visibility  string   `json:"visibility"`
	Warning     string   `json:"spoiler_text,omitempty"`
	Language    string   `json:"language,omitempty"`
	Media       []string `json:"media_ids,omitempty"`
	ContentType string   `json:"content_type,omitempty"` // GoToSocial, Pleroma: words, not Markdown
}

// say checks, uploads and posts. Everything before the post is clear when it fails: nobody saw anything.
func (c *conn) say(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	me, in, err := c.myself(ctx)
	if err != nil {
		return channel.Receipt{}, certain(err)
	}
	p, err := c.compose(o, me, in)
	if err != nil {
		return channel.Receipt{}, err
	}
	if p.Media, err = c.uploads(ctx, o.Key, o.Media, in); err != nil {
		return channel.Receipt{}, certain(err)
	}
	k := call{lane: sending, method: http.MethodPost, path: "/api/v1/statuses", body: p,
		header: http.Header{"Idempotency-Key": {"switchboard-" + o.Key}}}
	a, err := c.do(ctx, k)
	if err != nil {
		if is404(a) && o.Parent == nil {
			return channel.Receipt{}, &channel.Trouble{Deed: channel.NotAllowed, Err: err, Message: "this server takes no posts this way"}
		}
		return channel.Receipt{}, err
	}
	var s status
	if err := k.decode(a, &s); err != nil {
		return channel.Receipt{}, err
	}
	if s.ID == "" {
		return channel.Receipt{}, odd(k, errNoID)
	}
	c.mu.Lock()
	c.receipts.put(string(s.ID), o.Key)
	for k, u := range o.Media {
		c.uploaded.put(uploadKey(o.Key, k, u), "")
	}
	c.mu.Unlock()
	return c.receipt(&s), nil
}

var errNoID = &channel.Trouble{Deed: channel.Again, Message: "a status without an id"}

func (c *conn) receipt(s *status) channel.Receipt {
	r := channel.Receipt{RemoteID: string(s.ID), URI: clean(s.URI), URL: clean(s.URL), At: s.Created.Time, Version: version(s), ThreadID: c.root(s)}
	if r.ThreadID == "" {
		r.ThreadID = r.RemoteID
	}
	return r
}

// certain is err for a step that nobody can have seen the effect of.
func certain(err error) error {
	t := *channel.TroubleOf(err)
	t.Unclear = false
	return &t
}

func fix(why string) error { return &channel.Trouble{Deed: channel.Fix, Message: why} }

// compose makes the post: who is named in it, who sees it, and whether it fits.
func (c *conn) compose(o channel.Outgoing, me *account, in *instance) (post, error) {
	p := post{Status: clean(o.Text), Visibility: c.visibility(o), Language: o.Lang, Warning: clean(o.Subject)}
	if !in.proper() {
		p.ContentType = "text/plain"
	}
	names := called(o, me, in)
	if o.Parent != nil {
		p.ReplyTo = o.Parent.RemoteID
	}
	if strings.TrimSpace(p.Status) == "" && len(o.Media) == 0 {
		return p, fix("there is nothing in it")
	}
	if private(p.Visibility) {
		for _, at := range ats(p.Status) {
			if !slices.ContainsFunc(names, func(n string) bool { return same(n, at, in) }) && !same(me.Acct, at, in) {
				return p, fix("everybody named in a private message gets to read it: take " + at + " out, or write the name without @")
			}
		}
	}
	var missing []string
	for _, n := range names {
		if !slices.ContainsFunc(ats(p.Status), func(at string) bool { return same(n, at, in) }) {
			missing = append(missing, "@"+n)
		}
	}
	if len(missing) > 0 { // who is not named is not told
		p.Status = strings.Join(missing, " ") + " " + p.Status
	}
	if len(o.Media) > in.Limits.Media {
		return p, fix("this server takes " + strconv.Itoa(in.Limits.Media) + " attachments at most")
	}
	if why, ok := in.Limits.Fits(p.Status+p.Warning, private(p.Visibility)); !ok && strings.TrimSpace(p.Status) != "" {
		if len(missing) > 0 {
			why += ", with the names that go before it"
		}
		return p, fix(why)
	}
	return p, nil
}

// visibility is who may see o: as few as wanted, and never more than see what it answers.
func (c *conn) visibility(o channel.Outgoing) string {
	c.mu.Lock()
	usual := c.set.Replies
	c.mu.Unlock()
	if o.Parent == nil {
		if o.Private {
			return "direct"
		}
		return "public"
	}
	above := remembered(o.Parent).Visibility
	switch {
	case o.Private || o.Parent.Private || above == "direct":
		return "direct"
	case above == "public":
		return usual
	case above == "unlisted" || above == "":
		return "unlisted"
	}
	// For followers only, or something no one has heard of: our followers are not theirs, so only who is named may see it.
	return "direct"
}

func remembered(p *channel.Parent) memo {
	var m memo
	if p != nil {
		_ = json.Unmarshal(p.Memo, &m)
	}
	return m
}

// called are the accts that must stand in the text: who is answered, and who else it is to. A private answer goes to nobody
// who was not in the talk before.
func called(o channel.Outgoing, me *account, in *instance) []string {
	var out []string
	add := func(acct string) {
		acct = strings.TrimPrefix(strings.TrimSpace(acct), "@")
		if acct == "" || same(acct, me.Acct, in) || slices.ContainsFunc(out, func(x string) bool { return same(x, acct, in) }) {
			return
		}
		out = append(out, acct)
	}
	m := remembered(o.Parent)
	if o.Parent != nil {
		if m.Acct != "" {
			add(m.Acct)
		} else if !o.Parent.From.Bot || o.Parent.From.Handle != "" {
			add(o.Parent.From.Handle)
		}
	}
	for _, to := range o.To {
		known := o.Parent == nil || !o.Private && !o.Parent.Private || slices.ContainsFunc(m.Others, func(x string) bool { return same(x, to.Handle, in) })
		if known {
			add(to.Handle)
		}
	}
	return out
}

// same reports whether two ways to write an acct mean one account: with or without @, with or without this server's name.
func same(a, b string, in *instance) bool {
	whole := func(x string) string {
		x = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(x), "@"))
		if !strings.Contains(x, "@") {
			x += "@" + strings.ToLower(in.Domain)
		}
		return x
	}
	return whole(a) == whole(b)
}

// naming finds names where Mastodon does: an @ counts behind anything but a letter, a digit, "_", "/" and "=", so behind a full
// stop and another @ too.
var naming = regexp.MustCompile(`(^|[^\w/=])@([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:@[\w.-]*\w)?)`)

// ats are the people that a text names, as the server would read it.
func ats(text string) []string {
	var out []string
	for _, m := range naming.FindAllStringSubmatch(text, -1) {
		out = append(out, "@"+m[2])
	}
	return out
}
