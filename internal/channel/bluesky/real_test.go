//go:build channels

package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// real is an AT Protocol network of the reference servers, started by test/channels/atproto.sh.
type real struct {
	*testing.T
	PDS string `json:"pds"`
}

// person is an account there, spoken for by plain calls and not by our connector.
type person struct {
	*real
	DID    string `json:"did"`
	Handle string `json:"handle"`
	Access string `json:"accessJwt"`
}

func realNetwork(t *testing.T) *real {
	up := os.Getenv("SWITCHBOARD_ATPROTO")
	if up == "" {
		t.Skip("no AT Protocol network is up: run test/channels/atproto.sh, which starts one and then this test")
	}
	r := &real{T: t}
	if err := json.Unmarshal([]byte(up), r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *real) call(token, method, nsid string, in, out any) {
	r.Helper()
	address, body := r.PDS+"/xrpc/"+nsid, []byte(nil)
	if q, ok := in.(url.Values); ok {
		address += "?" + q.Encode()
	} else if in != nil {
		body, _ = json.Marshal(in)
	}
	q, _ := http.NewRequestWithContext(r.Context(), method, address, bytes.NewReader(body))
	q.Header.Set("Content-Type", "application/json")
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		r.Fatal(err)
	}
	defer a.Body.Close()
	var raw json.RawMessage
	if err := json.NewDecoder(a.Body).Decode(&raw); a.StatusCode != 200 {
		r.Fatalf("%s: status %d: %s", nsid, a.StatusCode, raw)
	} else if err == nil && out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			r.Fatalf("%s: %v", nsid, err)
		}
	}
}

func (r *real) person(name string) *person {
	p := &person{real: r}
	r.call("", "POST", "com.atproto.server.createAccount", map[string]string{
		"email": name + "@mail.test", "handle": name + ".test", "password": "long-" + name + "-password",
	}, p)
	return p
}

// post says text; a mention of to is marked as one.
func (p *person) post(text string, to *person, reply *replyRef) ref {
	p.Helper()
	rec := map[string]any{"$type": postType, "text": text, "createdAt": time.Now().UTC().Format(time.RFC3339Nano)}
	if at := strings.Index(text, "@"+to.Handle); at >= 0 {
		rec["facets"] = []facet{newFacet(at, at+1+len(to.Handle), feature{Type: "app.bsky.richtext.facet#mention", DID: to.DID})}
	}
	if reply != nil {
		rec["reply"] = reply
	}
	var a ref
	p.call(p.Access, "POST", "com.atproto.repo.createRecord", map[string]any{"repo": p.DID, "collection": postType, "record": rec}, &a)
	return a
}

func (p *person) records() (out []outRecord) {
	p.Helper()
	var a struct{ Records []struct{ Value outRecord } }
	p.call("", "GET", "com.atproto.repo.listRecords", url.Values{"repo": {p.DID}, "collection": {postType}, "limit": {"100"}}, &a)
	for _, r := range a.Records {
		out = append(out, r.Value)
	}
	return out
}

// until asks again until it is true: the reading side follows the host after a moment.
func (r *real) until(what string, ok func() bool) {
	r.Helper()
	start := time.Now()
	for range 300 {
		if ok() {
			r.Logf("%s: after %v", what, time.Since(start).Round(time.Millisecond))
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	r.Fatalf("%s: not in %v", what, time.Since(start).Round(time.Second))
}

// TestRealBluesky speaks to the reference servers: host, directory and reading side.
func TestRealBluesky(t *testing.T) {
	net := realNetwork(t)
	ann, acme := net.person("customer-ann"), net.person("acme-help")
	var app struct{ Password string }
	net.call(acme.Access, "POST", "com.atproto.server.createAppPassword", map[string]any{"name": "switchboard"}, &app)

	kept := 0
	open := func(password string) *conn {
		settings, _ := json.Marshal(map[string]any{"service": net.PDS, "identifier": acme.Handle, "password": password, "plain": true})
		c, err := New(channel.Net{HTTP: http.DefaultClient}).Open(channel.Opening{
			Settings: settings, Now: time.Now, Keep: func(context.Context, json.RawMessage) error { kept++; return nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		return c.(*conn)
	}
	c, ctx := open(app.Password), t.Context()
	who, err := c.Check(ctx)
	if err != nil || who.RemoteID != acme.DID || who.Handle != "@acme-help.test" || !who.TokenExpires.IsZero() || who.Note == "" {
		t.Fatalf("Check = %+v, %v", who, err)
	}
	cursor := ""
	heard := map[string]channel.Message{}
	fetch := func() {
		t.Helper()
		p, err := c.Fetch(ctx, cursor)
		if err != nil {
			t.Fatalf("Fetch: %v", err)
		}
		cursor = p.Next
		for _, e := range p.Events {
			heard[e.RemoteID] = e.Message
		}
	}
	fetch()

	// A mention arrives.
	said := ann.post("Grüezi @acme-help.test, where is my 🪑?", acme, nil)
	net.until("the mention arrives", func() bool { fetch(); return heard[said.URI].Text != "" })
	m := heard[said.URI]
	if m.Text != "Grüezi @acme-help.test, where is my 🪑?" || m.From.Handle != "@customer-ann.test" || m.From.RemoteID != ann.DID ||
		m.Own || m.Private || m.Version != said.CID || m.ThreadID != said.URI || len(m.To) != 1 || m.To[0].RemoteID != acme.DID {
		t.Errorf("the mention came as %+v", m)
	}

	// It is answered, once, and the answer is read back from the server.
	answer := channel.Outgoing{
		Key: tid(time.Now()), Text: "Grüezi @customer-ann.test! See https://acme.example/orders?a=1. #chair", Lang: "de", At: time.Now(),
		Parent: &channel.Parent{RemoteID: m.RemoteID, URI: m.URI, ThreadID: m.ThreadID, Version: m.Version, From: m.From, Memo: m.Memo},
	}
	if _, there, err := c.Find(ctx, answer); there || err != nil {
		t.Errorf("Find before it was sent = %v, %v", there, err)
	}
	sent, err := c.Reply(ctx, answer)
	if err != nil {
		t.Fatalf("Reply: %v", err)
	}
	if sent.URI != fmt.Sprintf("at://%s/%s/%s", acme.DID, postType, answer.Key) || sent.ThreadID != said.URI {
		t.Errorf("receipt = %+v", sent)
	}
	back := acme.records()
	if len(back) != 1 || back[0].Text != answer.Text || back[0].Reply.Parent != said || back[0].Reply.Root != said || len(back[0].Facets) != 3 {
		t.Errorf("on the server: %+v", back)
	}
	for k, want := range []string{"@customer-ann.test", "https://acme.example/orders?a=1", "#chair"} {
		if got := back[0].Facets[k].of(back[0].Text); got != want {
			t.Errorf("facet %d is %q; want %q", k, got, want)
		}
	}
	found, there, err := c.Find(ctx, answer)
	if err != nil || !there || found.RemoteID != sent.RemoteID || found.Version != sent.Version {
		t.Errorf("Find = %+v, %v, %v; want %+v", found, there, err, sent)
	}

	// The same again is not doubled, and does not look like success or like a clear refusal.
	if _, err := c.Reply(ctx, answer); err == nil || !channel.TroubleOf(err).Unclear {
		t.Errorf("a second post under the same key: %v; want an unclear trouble", err)
	} else {
		t.Logf("a second post under the same key: %v", err)
	}
	if n := len(acme.records()); n != 1 {
		t.Errorf("%d posts; want 1", n)
	}
	fetch()
	if echo := heard[sent.RemoteID]; !echo.Own || echo.ParentID != said.URI {
		t.Errorf("our own answer came back as %+v", echo)
	}

	// The customer sees the answer and answers it: the thread is the first post. (The reading side tells nobody of a reply
	// that it takes in at the same moment as what it replies to.)
	net.until("the answer can be read", func() bool { m, err := c.Read(ctx, sent.RemoteID); return err == nil && m.Own })
	more := ann.post("thank you", acme, &replyRef{Root: said, Parent: ref{sent.URI, sent.Version}})
	net.until("the answer to the answer arrives", func() bool { fetch(); return heard[more.URI].Text != "" })
	if m := heard[more.URI]; m.Kind != channel.Reply || m.ThreadID != said.URI || m.ParentID != sent.RemoteID {
		t.Errorf("the answer to the answer: %+v", m)
	}

	// What is too long is refused clearly, by us and by the server.
	long := channel.Outgoing{Key: tid(time.Now()), Text: strings.Repeat("語", 301), At: time.Now()}
	if _, err := c.Publish(ctx, long); channel.TroubleOf(err).Deed != channel.Fix || channel.TroubleOf(err).Unclear {
		t.Errorf("301 letters: %v; want a clear Fix", err)
	}
	err = c.do(ctx, call{nsid: "com.atproto.repo.createRecord", write: true, body: map[string]any{
		"repo": acme.DID, "collection": postType, "rkey": long.Key,
		"record": outRecord{Type: postType, Text: long.Text, Created: time.Now().UTC().Format(time.RFC3339)},
	}}, &ref{})
	if tr := channel.TroubleOf(err); tr.Deed != channel.Fix || tr.Unclear {
		t.Errorf("301 letters at the server: %v; want a clear Fix", err)
	} else {
		t.Logf("301 letters at the server: %v", err)
	}
	longest := channel.Outgoing{Key: tid(time.Now()), Text: strings.Repeat("語", 300), At: time.Now(), Media: []channel.Upload{
		{Name: "chair.png", Type: "image/png", Alt: "A chair with three legs", Body: drawing(t)},
	}}
	posted, err := c.Publish(ctx, longest)
	if err != nil {
		t.Fatalf("300 letters and a picture: %v", err)
	}
	net.until("the picture can be read", func() bool {
		m, err := c.Read(ctx, posted.RemoteID)
		return err == nil && len(m.Media) == 1 && m.Media[0].Alt == "A chair with three legs" && m.Media[0].URL != "" && m.Own
	})

	// A deleted parent is named, before and while answering.
	net.call(ann.Access, "POST", "com.atproto.repo.deleteRecord", map[string]string{
		"repo": ann.DID, "collection": postType, "rkey": rkeyOf(said.URI),
	}, nil)
	net.until("the deletion is known", func() bool { _, err := c.Read(ctx, said.URI); return fault.Is(err, fault.NotFound) })
	answer.Key = tid(time.Now())
	if _, err := c.Reply(ctx, answer); channel.TroubleOf(err).Deed != channel.Gone || channel.TroubleOf(err).Unclear {
		t.Errorf("an answer to a deleted post: %v; want a clear Gone", err)
	}
	events, err := c.Reread(ctx, map[string]string{said.URI: said.CID, more.URI: more.CID, sent.RemoteID: sent.Version})
	if err != nil || len(events) != 1 || events[0].Kind != channel.Deleted || events[0].RemoteID != said.URI {
		t.Errorf("Reread = %+v, %v; want the one deletion", events, err)
	}

	// A test is written, read and taken back, and shows nowhere.
	tested, err := c.Test(ctx, tid(time.Now()))
	if err != nil || tested.Seen == "" || !tested.Gone || tested.Note != "" {
		t.Errorf("Test = %+v, %v", tested, err)
	}
	var left struct{ Records []json.RawMessage }
	net.call("", "GET", "com.atproto.repo.listRecords", url.Values{"repo": {acme.DID}, "collection": {testType}}, &left)
	if len(left.Records) != 0 {
		t.Errorf("of the test there is left %s", left.Records)
	}

	// The stand-in of the other tests answers like these servers.
	t.Run("as seen", func(t *testing.T) {
		asSeen(t, member{base: net.PDS, handle: acme.Handle, password: app.Password}.signedIn(t))
	})

	// The session is renewed without the password, and a dead one is named.
	before, keeps := c.session.current(), kept
	if _, err := c.session.renew(ctx, before.Access); err != nil {
		t.Fatalf("renewing the session: %v", err)
	}
	if now := c.session.current(); now.Access == before.Access || now.Refresh == before.Refresh || kept != keeps+1 {
		t.Errorf("the session was not renewed and kept once (%d)", kept-keeps)
	}
	if _, err := c.Check(ctx); err != nil {
		t.Errorf("with the new session: %v", err)
	}
	net.call(acme.Access, "POST", "com.atproto.server.revokeAppPassword", map[string]string{"name": "switchboard"}, nil)
	c.session.now.Access = "eyJ.not.good"
	if _, err := c.Check(ctx); channel.TroubleOf(err).Deed != channel.Reconnect {
		t.Errorf("after the app password was withdrawn: %v; want Reconnect", err)
	}
	if _, err := open("wrong-pass-word-0000").Check(ctx); channel.TroubleOf(err).Deed != channel.Reconnect {
		t.Errorf("a wrong password: %v; want Reconnect", err)
	}
}
