package bluesky

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/internal/sim/far"
)

// stand is a network with an account, signed in.
type stand struct {
	*testing.T
	*Server
	now    time.Time
	access string
}

func newStand(t *testing.T) *stand {
	s := &stand{T: t, now: time.Date(2026, 10, 8, 9, 0, 0, 0, time.UTC)}
	s.Server = New("http://stand.test", func() time.Time { return s.now })
	s.Account("acme.test", "ACME", "p", true)
	_, a := s.call("", "com.atproto.server.createSession", nil, `{"identifier":"acme.test","password":"p"}`)
	s.access, _ = a["accessJwt"].(string)
	return s
}

func (s *stand) call(token, nsid string, q url.Values, body string) (int, map[string]any) {
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	r := httptest.NewRequest(method, "/xrpc/"+nsid+"?"+q.Encode(), strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var a map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &a)
	return w.Code, a
}

func TestOneWhoSignsInTooOftenIsStopped(t *testing.T) {
	s := newStand(t)
	sign := func() int {
		status, _ := s.call("", "com.atproto.server.createSession", nil, `{"identifier":"acme.test","password":"wrong"}`)
		return status
	}
	for k := range 29 {
		if got := sign(); got != 401 {
			t.Fatalf("try %d: status %d", k, got)
		}
	}
	if got := sign(); got != 429 {
		t.Errorf("the 31st in five minutes: status %d; want 429", got)
	}
	s.now = s.now.Add(5 * time.Minute)
	if got := sign(); got != 401 {
		t.Errorf("after five minutes: status %d; want 401", got)
	}
}

func TestTheRecordHoldsWhatCameByTheAPIAndNothingElse(t *testing.T) {
	s := newStand(t)
	hand := s.Post("acme.test", "by hand", Saying{})
	parent := s.Post("ann.test", "hello @acme.test", Saying{})
	_, got := s.Server.posts[parent], s.find("acme.test")
	body := fmt.Sprintf(`{"repo":%q,"collection":"app.bsky.feed.post","rkey":"3n2u24bxjis23","record":{"text":"by the API",
		"createdAt":"2026-10-08T09:00:00Z","reply":{"root":{"uri":%q,"cid":"c"},"parent":{"uri":%q,"cid":"c"}}}}`, got.did, parent, parent)
	for k, want := range []int{200, 500} {
		if status, a := s.call(s.access, "com.atproto.repo.createRecord", nil, body); status != want {
			t.Fatalf("try %d: %d %v; want %d", k, status, a, want)
		}
	}
	all := s.Record.Entries()
	if len(all) != 1 || all[0].Kind != far.Reply || all[0].ParentID != parent || all[0].To != "ann.test" || all[0].Key != "3n2u24bxjis23" || all[0].ID == hand {
		t.Errorf("the record: %+v", all)
	}
}

func TestTheCursorOfNotificationsSkipsWhatSharesItsInstant(t *testing.T) {
	s := newStand(t)
	for k := range 5 {
		s.Post(fmt.Sprintf("p%d.test", k), "@acme.test", Saying{})
	}
	count := func(cursor string) (int, string) {
		q := url.Values{"limit": {"3"}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		_, a := s.call(s.access, "app.bsky.notification.listNotifications", q, "")
		next, _ := a["cursor"].(string)
		return len(a["notifications"].([]any)), next
	}
	n, cursor := count("")
	if more, _ := count(cursor); n != 3 || more != 0 {
		t.Errorf("pages of %d and %d; want 3 and none, as the reference server has it", n, more)
	}
}

func TestAMessageIsReadByItsTwoMembersOnly(t *testing.T) {
	s := newStand(t)
	id := s.Direct("ann.test", "bea.test", "between us", Saying{})
	convo := strings.Split(strings.TrimPrefix(id, "chat:"), "/")[0]
	r := httptest.NewRequest(http.MethodGet, "/xrpc/chat.bsky.convo.getMessages?convoId="+convo, nil)
	r.Header.Set("Authorization", "Bearer "+s.access)
	r.Header.Set("Atproto-Proxy", "did:web:api.bsky.chat#bsky_chat")
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != 400 || !strings.Contains(w.Body.String(), "InvalidConvo") {
		t.Errorf("a stranger reads: %d %s", w.Code, w.Body)
	}
}
