package hook

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
)

const (
	callTime   = 10 * time.Second
	answerMost = 1 << 20
	uploadMost = 10 << 20 // bytes of media a message
)

// outgoing is what a bridge is sent.
type outgoing struct {
	Type    string     `json:"type"` // reply, post
	Key     string     `json:"key"`
	Parent  *parent    `json:"parent,omitempty"`
	To      []identity `json:"to,omitempty"`
	Private bool       `json:"private"`
	Subject string     `json:"subject,omitempty"`
	Text    string     `json:"text"`
	Lang    string     `json:"lang,omitempty"`
	Media   []media    `json:"media,omitempty"`
	At      instant    `json:"at,omitzero"`
}

type parent struct {
	RemoteID string          `json:"remoteId"`
	URI      string          `json:"uri,omitempty"`
	ThreadID string          `json:"threadId,omitempty"`
	Version  string          `json:"version,omitempty"`
	From     identity        `json:"from"`
	Subject  string          `json:"subject,omitempty"`
	Text     string          `json:"text,omitempty"`
	Private  bool            `json:"private"`
	Memo     json.RawMessage `json:"memo,omitempty"`
}

// receipt is a bridge's word that it has taken something.
type receipt struct {
	RemoteID string  `json:"remoteId"`
	URI      string  `json:"uri"`
	ThreadID string  `json:"threadId"`
	URL      string  `json:"url"`
	At       instant `json:"at"`
	Version  string  `json:"version"`
	Error    string  `json:"error"`
}

func (r receipt) receipt(now time.Time) channel.Receipt {
	out := channel.Receipt{RemoteID: r.RemoteID, URI: r.URI, ThreadID: r.ThreadID, At: past(now, r.At), Version: r.Version}
	if checkAddress("url", r.URL) == nil {
		out.URL = r.URL
	}
	return out
}

// Reply posts an answer to the callback address.
func (t talk) Reply(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	if o.Parent == nil {
		return channel.Receipt{}, refusal(channel.Fix, "a reply must say what it answers", nil)
	}
	if o.Parent.Private && !o.Private {
		return channel.Receipt{}, refusal(channel.Fix, "what was said in private is answered in private: make this answer private", nil)
	}
	return t.send(ctx, "reply", o)
}

// AnswersInPrivate says that the format carries private answers to what is public.
func (t talk) AnswersInPrivate() bool { return true }

// Publish posts something new to the callback address.
func (t talk) Publish(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	o.Parent = nil
	return t.send(ctx, "post", o)
}

func (t talk) send(ctx context.Context, kind string, o channel.Outgoing) (channel.Receipt, error) {
	if err := t.fits(o); err != nil {
		return channel.Receipt{}, err
	}
	out := outgoing{Type: kind, Key: o.Key, Private: o.Private, Subject: o.Subject, Text: o.Text, Lang: o.Lang, At: instant{o.At.UTC()}}
	for _, i := range o.To {
		out.To = append(out.To, identity(i))
	}
	for _, m := range o.Media {
		out.Media = append(out.Media, media{Type: m.Type, Name: m.Name, Alt: m.Alt, Size: int64(len(m.Body)), Body: m.Body})
	}
	if p := o.Parent; p != nil {
		out.Parent = &parent{RemoteID: p.RemoteID, URI: p.URI, ThreadID: p.ThreadID, Version: p.Version, From: identity(p.From),
			Subject: p.Subject, Text: p.Text, Private: p.Private, Memo: p.Memo}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return channel.Receipt{}, refusal(channel.Fix, "this message cannot be written as JSON", err)
	}
	var r receipt
	a, err := t.call(ctx, http.MethodPost, t.callback, o.Key, body)
	if err != nil {
		return channel.Receipt{}, err
	}
	if json.Unmarshal(a, &r) != nil || checkID("remoteId", r.RemoteID, true) != nil {
		return channel.Receipt{}, &channel.Trouble{Deed: channel.Again, Unclear: true, Err: errors.New("no remoteId in the answer"),
			Message: "the bridge did not say what became of the message: look there before sending again"}
	}
	return r.receipt(t.now().UTC()), nil
}

// fits refuses what is longer than the bridge said it takes. A connection that has not asked yet knows no limits: what was
// written was held against those of the account then, and the bridge has the last word.
func (t talk) fits(o channel.Outgoing) error {
	t.mu.Lock()
	l := t.limits
	t.mu.Unlock()
	if why, ok := l.Fits(o.Text, o.Private); !ok && (o.Text != "" || len(o.Media) == 0) {
		return refusal(channel.Fix, "this cannot be sent: "+why, nil)
	}
	if l.Unit != "" && len(o.Media) > l.Media {
		return refusal(channel.Fix, fmt.Sprintf("this channel takes %d attachments a message; this one has %d", l.Media, len(o.Media)), nil)
	}
	size := 0
	for _, m := range o.Media {
		size += len(m.Body)
		if l.MediaSize > 0 && int64(len(m.Body)) > l.MediaSize || size > uploadMost {
			return refusal(channel.Fix, "the attachments are too large for this channel: make them smaller", nil)
		}
	}
	return nil
}

// Find asks the bridge what it made of a key. Only an answer in so many words counts: an address that is not found may be a
// wrong address.
func (t talk) Find(ctx context.Context, o channel.Outgoing) (channel.Receipt, bool, error) {
	u := *t.callback
	q := u.Query()
	q.Set("key", o.Key)
	u.RawQuery = q.Encode()
	b, err := t.call(ctx, http.MethodGet, &u, "", nil)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	var a struct {
		Found *bool `json:"found"`
		receipt
	}
	if json.Unmarshal(b, &a) != nil || a.Found == nil || *a.Found && checkID("remoteId", a.RemoteID, true) != nil {
		return channel.Receipt{}, false, refusal(channel.Again, "the bridge does not say whether it has the message: look there", errors.New("no found in the answer"))
	}
	if !*a.Found {
		return channel.Receipt{}, false, nil
	}
	return a.receipt.receipt(t.now().UTC()), true, nil
}

// Read asks the bridge for a message as it is now.
func (t talk) Read(ctx context.Context, remoteID string) (channel.Message, error) {
	if err := checkID("remoteId", remoteID, true); err != nil {
		return channel.Message{}, fault.Wrap(fault.NotFound, "there is no such message", err)
	}
	u := *t.callback
	u.RawPath = strings.TrimSuffix(u.EscapedPath(), "/") + "/messages/" + url.PathEscape(remoteID)
	u.Path = strings.TrimSuffix(u.Path, "/") + "/messages/" + remoteID
	b, err := t.call(ctx, http.MethodGet, &u, "", nil)
	if tr := channel.TroubleOf(err); err != nil && tr.Deed == channel.Gone {
		return channel.Message{}, fault.Wrap(fault.NotFound, "the message is no longer there", tr)
	}
	if err != nil {
		return channel.Message{}, err
	}
	var m message
	if err := json.Unmarshal(b, &m); err != nil || m.RemoteID != remoteID {
		return channel.Message{}, refusal(channel.Again, "the bridge did not show the message that was asked for", err)
	}
	out, err := m.message(t.me(), t.now().UTC(), instant{})
	if err != nil {
		return channel.Message{}, refusal(channel.Again, "the bridge shows a message that is out of shape: "+err.Error(), err)
	}
	return out, nil
}

// Check asks the bridge what it is called and how much it takes. A bridge without an address has nothing to be asked.
func (c *conn) Check(ctx context.Context) (channel.Profile, error) {
	me := c.me()
	p := channel.Profile{RemoteID: me.RemoteID, Handle: me.Handle, Name: me.Name, Limits: channel.Limits{Unit: "graphemes"}}
	if c.callback == nil {
		p.Note = "answers cannot be sent from here: no callback address is set"
		return p, nil
	}
	b, err := talk{c}.call(ctx, http.MethodGet, c.callback, "", nil)
	if err != nil {
		return channel.Profile{}, err
	}
	var a *struct {
		Name   string         `json:"name"`
		Handle string         `json:"handle"`
		URL    string         `json:"url"`
		Limits channel.Limits `json:"limits"`
	}
	if err := json.Unmarshal(b, &a); err != nil || a == nil {
		return channel.Profile{}, refusal(channel.Again, "the bridge must answer a GET of its callback address with a JSON object, if only {}", err)
	}
	p.Name, p.Handle = clean(cmp.Or(a.Name, p.Name)), clean(cmp.Or(a.Handle, p.Handle))
	if checkAddress("url", a.URL) == nil {
		p.URL = a.URL
	}
	p.Limits, p.MaySpeak = a.Limits, true
	p.Limits.Unit = cmp.Or(p.Limits.Unit, "graphemes")
	p.Limits.Text, p.Limits.Media = max(p.Limits.Text, 0), max(p.Limits.Media, 0)
	c.mu.Lock()
	c.limits = p.Limits
	c.mu.Unlock()
	return p, nil
}

// call makes a signed call and returns the body of a good answer. key is set on calls that write. An error is a Trouble.
func (t talk) call(ctx context.Context, method string, u *url.URL, key string, body []byte) ([]byte, error) {
	t.mu.Lock()
	until := t.until
	t.mu.Unlock()
	now := t.now()
	if now.Before(until) {
		return nil, waiting(until, nil)
	}
	ctx, stop := context.WithTimeout(ctx, callTime)
	defer stop()
	var left atomic.Bool // whether anything went out: only then can it have been taken
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { left.Store(true) }})
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, refusal(channel.Reconnect, "the callback address cannot be called: check it in the account's settings", err)
	}
	content := body
	if method == http.MethodGet {
		content = []byte(r.URL.RequestURI())
	} else {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(keyHeader, key)
	}
	id, timestamp := rand.Text(), strconv.FormatInt(now.Unix(), 10)
	r.Header.Set("Accept", "application/json")
	r.Header.Set(idHeader, id)
	r.Header.Set(timestampHeader, timestamp)
	r.Header.Set(signatureHeader, sign(t.s.Secret, id, timestamp, content))
	writes := method != http.MethodGet
	a, err := t.http.Do(r)
	if err != nil {
		return nil, unreached(err, u.Host, writes && left.Load())
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(a.Body, answerMost+1))
	if a.StatusCode < 200 || a.StatusCode > 299 {
		return nil, t.refused(a, b, writes)
	}
	if err != nil || len(b) > answerMost {
		return nil, &channel.Trouble{Deed: channel.Again, Unclear: writes, Err: egress.Cause(err), Message: "the answer of your bridge broke off, or never ended"}
	}
	return b, nil
}
