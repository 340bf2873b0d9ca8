// Package hook is a stand-in for a company's own bridge: the other end of the hook channel, for the demo, tests and load.
//
// It signs and checks by the documentation, not by the connector's code, so that the two can disagree. What it took is in
// its record.
package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

// Bridge is a far side with people who write and a callback address. Make it with New; several goroutines may use it.
type Bridge struct {
	Name      string
	Text      int  // the longest text it takes; 0: any
	Echo      bool // it tells us of our own messages too, as own
	Faults    far.Faults
	Record    far.Record
	Forgetful bool // it does not know a key again: the worst bridge there is

	secret string
	now    func() time.Time

	mu       sync.Mutex
	n        int
	messages map[string]*channel.Message
	keys     map[string]string // our key → remote id
	events   []map[string]any  // to be posted
}

// New returns a bridge that shares secret with the account and goes by the clock now.
func New(name, secret string, now func() time.Time) *Bridge {
	return &Bridge{Name: name, secret: secret, now: now, messages: map[string]*channel.Message{}, keys: map[string]string{}}
}

// Say makes somebody say m; what it leaves out is filled in. It returns the message's remote id.
func (b *Bridge) Say(m channel.Message) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.say(m)
}

func (b *Bridge) say(m channel.Message) string {
	b.n++
	if m.RemoteID == "" {
		m.RemoteID = "entry/" + strconv.Itoa(b.n)
	}
	if m.At.IsZero() {
		m.At = b.now().UTC()
	}
	m.Media = slices.Clone(m.Media)
	for k := range m.Media {
		if m.Media[k].URL == "" && len(m.Media[k].Body) == 0 {
			m.Media[k].URL = "https://bridge.example/media/" + strconv.Itoa(b.n) + "/" + strconv.Itoa(k)
		}
	}
	b.messages[m.RemoteID] = &m
	b.events = append(b.events, map[string]any{"kind": "said", "at": m.At, "message": wire(m)})
	return m.RemoteID
}

// Edit gives a message another text.
func (b *Bridge) Edit(id, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m := b.messages[id]; m != nil {
		m.Text, m.EditedAt = text, b.now().UTC()
		b.events = append(b.events, map[string]any{"kind": "edited", "at": m.EditedAt, "message": wire(*m)})
	}
}

// Delete takes a message back.
func (b *Bridge) Delete(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.messages, id)
	b.events = append(b.events, map[string]any{"kind": "deleted", "remoteId": id, "at": b.now().UTC()})
}

// Calls returns the signed calls that bring what happened since it was last asked, each of at most most events.
func (b *Bridge) Calls(most int) (calls []channel.Call) {
	b.mu.Lock()
	events := far.Disturb(&b.Faults, b.events)
	b.events = nil
	b.mu.Unlock()
	for len(events) > 0 {
		part := events[:min(most, len(events))]
		events = events[len(part):]
		body, err := json.Marshal(map[string]any{"events": part})
		if err != nil {
			panic(err) // our own types
		}
		calls = append(calls, b.Call(body))
	}
	return calls
}

// Call is a signed call with any body.
func (b *Bridge) Call(body []byte) channel.Call {
	at := b.now()
	id, ts := rand.Text(), strconv.FormatInt(at.Unix(), 10)
	return channel.Call{Method: http.MethodPost, At: at, Body: body, Header: http.Header{
		"Content-Type":          {"application/json"},
		"Switchboard-Id":        {id},
		"Switchboard-Timestamp": {ts},
		"Switchboard-Signature": {"v1=" + b.hmac(id+"."+ts+"."+string(body))},
	}}
}

// Post brings what happened to the account's address by HTTP. What was not taken is kept for the next time.
func (b *Bridge) Post(ctx context.Context, client *http.Client, address string) error {
	b.mu.Lock()
	events := b.events
	b.mu.Unlock()
	if len(events) == 0 {
		return nil
	}
	body, err := json.Marshal(map[string]any{"events": events[:min(len(events), 1000)]})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = b.Call(body).Header
	a, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = a.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(a.Body, 4096))
	if a.StatusCode/100 != 2 {
		return fmt.Errorf("the account answers %d: %s", a.StatusCode, text)
	}
	b.mu.Lock()
	b.events = b.events[min(len(events), 1000):]
	b.mu.Unlock()
	return nil
}

// wire is m as the documentation wants it.
func wire(m channel.Message) map[string]any {
	var out map[string]any
	raw, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		panic(err) // our own types
	}
	delete(out, "version") // this bridge has none
	return out
}

func (b *Bridge) hmac(text string) string {
	h := hmac.New(sha256.New, []byte(b.secret))
	_, _ = io.WriteString(h, text)
	return hex.EncodeToString(h.Sum(nil))
}

// Handler is the callback address, with its faults.
func (b *Bridge) Handler() http.Handler { return b.Faults.Middleware(http.HandlerFunc(b.serve)) }

func (b *Bridge) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 32<<20))
	if err != nil {
		say(w, 400, map[string]any{"error": "the body broke off"})
		return
	}
	content := string(body)
	if r.Method == http.MethodGet {
		content = r.RequestURI
	}
	want := "v1=" + b.hmac(r.Header.Get("Switchboard-Id")+"."+r.Header.Get("Switchboard-Timestamp")+"."+content)
	ts, _ := strconv.ParseInt(r.Header.Get("Switchboard-Timestamp"), 10, 64)
	if off := b.now().Unix() - ts; !hmac.Equal([]byte(want), []byte(r.Header.Get("Switchboard-Signature"))) || off > 300 || off < -300 {
		say(w, 401, map[string]any{"error": "the signature is wrong"})
		return
	}
	id, reads := strings.CutPrefix(r.URL.EscapedPath(), "/messages/")
	switch {
	case r.Method == http.MethodPost:
		b.take(w, r.Header.Get("Switchboard-Key"), body)
	case reads:
		b.show(w, id)
	case r.URL.Query().Has("key"):
		b.find(w, r.URL.Query().Get("key"))
	default:
		say(w, 200, map[string]any{"name": b.Name, "handle": b.Name, "limits": channel.Limits{Text: b.Text, Unit: "graphemes", Media: 4}})
	}
}

// take takes what we say.
func (b *Bridge) take(w http.ResponseWriter, key string, body []byte) {
	var in struct {
		Type, Key, Text string
		Private         bool
		To              []channel.Identity
		Parent          *channel.Parent
		Media           []channel.Media
	}
	if err := json.Unmarshal(body, &in); err != nil || key == "" || in.Key != key {
		say(w, 400, map[string]any{"error": "this cannot be read"})
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch in.Type {
	case "reply", "post":
	case "test":
		b.test(w, key, in.Private && in.Text == "" && in.Parent == nil && len(in.To)+len(in.Media) == 0)
		return
	default:
		say(w, 422, map[string]any{"error": "nothing is known here of a " + in.Type})
		return
	}
	if id, again := b.keys[key]; again && !b.Forgetful {
		say(w, 200, b.receipt(id))
		return
	}
	e := far.Entry{At: b.now().UTC(), Account: b.Name, Key: key, Kind: far.Post, Text: in.Text, Private: in.Private}
	if in.Type == "reply" {
		e.Kind, e.ParentID = far.Reply, in.Parent.RemoteID
		if b.messages[e.ParentID] == nil {
			say(w, 410, map[string]any{"error": "this entry was deleted"})
			return
		}
	}
	if in.Private {
		e.Kind = far.DM
	}
	if len(in.To) > 0 {
		e.To = in.To[0].RemoteID
	}
	for _, m := range in.Media {
		e.Alts = append(e.Alts, m.Alt)
	}
	m := channel.Message{Kind: channel.Reply, Own: true, Text: in.Text, Private: in.Private, ParentID: e.ParentID,
		From: channel.Identity{RemoteID: "the company", Handle: b.Name, Name: b.Name}}
	waiting := len(b.events)
	e.ID = b.say(m)
	if !b.Echo {
		b.events = b.events[:waiting]
	}
	b.keys[key] = e.ID
	b.Record.Add(e)
	say(w, 201, b.receipt(e.ID))
}

// test says that a test was taken, if it holds nothing that could be published. Nothing is kept of it. b.mu is held.
func (b *Bridge) test(w http.ResponseWriter, key string, empty bool) {
	if !empty {
		say(w, 422, map[string]any{"error": "a test holds no words"})
		return
	}
	b.Record.Add(far.Entry{At: b.now().UTC(), Account: b.Name, Key: key, Kind: far.Test, ID: key, Private: true})
	say(w, 200, map[string]any{})
}

func (b *Bridge) receipt(id string) map[string]any {
	return map[string]any{"remoteId": id, "url": "https://bridge.example/" + id, "at": b.now().UTC().Format(time.RFC3339)}
}

func (b *Bridge) show(w http.ResponseWriter, escaped string) {
	id, err := url.PathUnescape(escaped)
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.messages[id]
	if err != nil || m == nil {
		say(w, 404, map[string]any{"error": "there is no such entry"})
		return
	}
	say(w, 200, wire(*m))
}

func (b *Bridge) find(w http.ResponseWriter, key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id, there := b.keys[key]
	if !there {
		say(w, 200, map[string]any{"found": false})
		return
	}
	a := b.receipt(id)
	a["found"] = true
	say(w, 200, a)
}

func say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
