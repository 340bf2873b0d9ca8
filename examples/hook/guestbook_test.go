// Package hook_test drives the example of a bridge, a program in JavaScript, with the real connector.
package hook_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/hook"
	"switchboard/internal/fault"
)

const secret = "the-secret-of-the-guest-book-example"

// book is a running guest book and the Switchboard account it is connected to.
type book struct {
	t       *testing.T
	file    string
	inbox   *httptest.Server // Switchboard's side, as far as a bridge sees it
	address string
	process *exec.Cmd

	mu     sync.Mutex
	conn   channel.Conn
	events []channel.Event
	down   bool
	news   chan struct{}
}

func start(t *testing.T) *book {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("the example is a program for Node, and there is no node on this machine: install Node 18 or later")
	}
	if v, err := exec.Command(node, "--version").Output(); err != nil || strings.HasPrefix(string(v), "v1") && string(v) < "v18" {
		t.Fatalf("the example needs Node 18 or later; here is %s", v)
	}
	b := &book{t: t, file: filepath.Join(t.TempDir(), "book.json"), news: make(chan struct{}, 100)}
	b.inbox = httptest.NewServer(http.HandlerFunc(b.hear))
	t.Cleanup(b.inbox.Close)
	b.run()
	t.Cleanup(b.stop)
	return b
}

// run starts the program and opens the account on it.
func (b *book) run() {
	b.t.Helper()
	b.process = exec.Command("node", "guestbook.mjs")
	b.process.Env = append(os.Environ(), "SWITCHBOARD_URL="+b.inbox.URL, "SWITCHBOARD_SECRET="+secret, "BOOK="+b.file, "PORT=0")
	b.process.Stderr = os.Stderr
	out, err := b.process.StdoutPipe()
	if err == nil {
		err = b.process.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if _, b.address, _ = strings.Cut(strings.TrimSpace(line), " at "); err != nil || b.address == "" {
		b.t.Fatalf("the guest book says %q, %v", line, err)
	}
	b.mu.Lock()
	b.conn = b.open(secret)
	b.mu.Unlock()
}

func (b *book) stop() {
	_ = b.process.Process.Kill()
	_ = b.process.Wait()
}

func (b *book) open(secret string) channel.Conn {
	b.t.Helper()
	s, _ := json.Marshal(map[string]any{"name": "Guest book", "secret": secret, "callback": b.address + "/switchboard", "find": true, "read": true, "tests": true})
	c, err := hook.New(channel.Net{HTTP: b.inbox.Client()}).Open(channel.Opening{Settings: s, Now: time.Now})
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *book) hear(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		http.Error(w, "out to lunch", http.StatusServiceUnavailable)
		return
	}
	events, a, err := b.conn.(channel.Hearer).Hear(r.Context(), channel.Call{Method: r.Method, Header: r.Header, Query: r.URL.Query(), Body: body, At: time.Now()})
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			b.t.Errorf("Hear: %v", err)
		}
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	b.events = append(b.events, events...)
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body)
	b.news <- struct{}{}
}

// wait returns all events once there are n.
func (b *book) wait(n int) []channel.Event {
	b.t.Helper()
	over := time.After(20 * time.Second)
	for {
		b.mu.Lock()
		events := b.events
		b.mu.Unlock()
		if len(events) >= n {
			return events
		}
		select {
		case <-b.news:
		case <-over:
			b.t.Fatalf("%d events came; want %d", len(events), n)
		}
	}
}

// do is what a visitor does.
func (b *book) do(method, path, body string) (all string) {
	b.t.Helper()
	r, _ := http.NewRequest(method, b.address+path, strings.NewReader(body))
	a, err := b.inbox.Client().Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, _ := io.ReadAll(a.Body)
	if a.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %d %s", method, path, a.StatusCode, text)
	}
	return string(bytes.TrimSpace(text))
}

func TestAGuestBookIsConnected(t *testing.T) {
	b := start(t)
	who, err := b.conn.Check(t.Context())
	if err != nil || who.Name != "Guest book" || who.Limits.Text != 1000 {
		t.Fatalf("Check = %+v, %v", who, err)
	}

	if got, err := b.conn.(channel.Tester).Test(t.Context(), "aaaaaaaaaaaaa"); err != nil || got.Seen == "" || b.do("GET", "/", "") != "[]" {
		t.Fatalf("Test = %+v, %v", got, err)
	}

	b.do("POST", "/entries", `{"name":"Ann","text":"Lovely café, when do you open?"}`)
	m := b.wait(1)[0].Message
	if m.Text != "Lovely café, when do you open?" || m.From.Name != "Ann" || m.Own || m.Private {
		t.Fatalf("heard %+v", m)
	}

	replier, finder := b.conn.(channel.Replier), b.conn.(channel.Finder)
	answer := channel.Outgoing{Key: "aaaaaaaaaaaab", Text: "At nine, every day but Monday.", Parent: &channel.Parent{RemoteID: m.RemoteID}}
	if _, there, err := finder.Find(t.Context(), answer); there || err != nil {
		t.Fatalf("before it is sent: %v, %v", there, err)
	}
	first, err := replier.Reply(t.Context(), answer)
	if err != nil {
		t.Fatal(err)
	}
	b.stop()
	b.run() // it remembers
	replier, finder = b.conn.(channel.Replier), b.conn.(channel.Finder)
	reader := b.conn.(channel.Reader)
	again, err := replier.Reply(t.Context(), answer)
	if err != nil || again.RemoteID != first.RemoteID {
		t.Fatalf("the same key again: %+v, %v; want %q", again, err, first.RemoteID)
	}
	found, there, err := finder.Find(t.Context(), answer)
	if err != nil || !there || found.RemoteID != first.RemoteID {
		t.Fatalf("Find = %+v, %v, %v", found, there, err)
	}
	if n := strings.Count(b.do("GET", "/", ""), "every day but Monday"); n != 1 {
		t.Fatalf("the answer stands in the book %d times", n)
	}
	if back, err := reader.Read(t.Context(), first.RemoteID); err != nil || !back.Own || back.ParentID != m.RemoteID {
		t.Fatalf("Read = %+v, %v", back, err)
	}

	b.do("DELETE", "/entries/"+m.RemoteID, "")
	if e := b.wait(2)[1]; e.Kind != channel.Deleted || e.RemoteID != m.RemoteID {
		t.Fatalf("heard %+v", e)
	}
	if _, err := reader.Read(t.Context(), m.RemoteID); !fault.Is(err, fault.NotFound) {
		t.Errorf("Read of what is gone = %v", err)
	}
	answer.Key = "aaaaaaaaaaaac"
	if _, err := replier.Reply(t.Context(), answer); err == nil || channel.TroubleOf(err).Deed != channel.Gone {
		t.Errorf("Reply to what is gone = %v", err)
	}
	if _, err := b.open("another secret, as long").Check(t.Context()); err == nil || channel.TroubleOf(err).Deed != channel.Reconnect {
		t.Errorf("with another secret: %v", err)
	}
}

func TestNothingWrittenWhileSwitchboardIsAwayIsLost(t *testing.T) {
	b := start(t)
	b.mu.Lock()
	b.down = true
	b.mu.Unlock()
	for k := range 5 {
		b.do("POST", "/entries", fmt.Sprintf(`{"name":"Ann","text":"number %d"}`, k))
	}
	b.stop()
	b.mu.Lock()
	b.down = false
	b.mu.Unlock()
	b.run()
	for k, e := range b.wait(5)[:5] {
		if e.Message.Text != fmt.Sprintf("number %d", k) {
			t.Errorf("event %d is %q", k, e.Message.Text)
		}
	}
}

func TestABadEventHoldsUpNoOther(t *testing.T) {
	b := start(t)
	b.stop()
	kept := `{"last":1,"entries":{},"keys":{},"refused":[],"outbox":[{"kind":"shouted"},{"kind":"deleted","remoteId":"1"}]}`
	if err := os.WriteFile(b.file, []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	b.run()
	if e := b.wait(1)[0]; e.Kind != channel.Deleted {
		t.Errorf("heard %+v", e)
	}
}
