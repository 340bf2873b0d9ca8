package api_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/library"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// said is something we said in a conversation of its own.
func (w *world) said(t testing.TB, in staff.DepartmentID) desk.MessageID {
	t.Helper()
	m := desk.NewMessage(desk.MessageID(w.Store.IDs.Next()), w.account, channel.Message{RemoteID: w.unique(), Kind: channel.Reply, Text: "It is on its way.", At: monday, Own: true}, monday)
	m.Conversation = w.talk(t, in).conversation
	w.tx(t, func(tx *store.Tx) error { return desk.AddMessages(context.Background(), tx, []desk.Message{m}) })
	return m.ID
}

func TestHostileMarkdownIsShownWithoutHarm(t *testing.T) {
	w := newWorld(t)
	ann := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales")))
	hostile := "# <img src=x onerror=alert(1)>\n[a](javascript:alert(1)) <script>alert(1)</script> [b](https://acme.example/?a=\"onmouseover=x) ![p](https://evil.example/p.png)\n\n<iframe src=//x></iframe> <b style=position:fixed>hi"
	b, err := json.Marshal(map[string]any{"audience": "public", "texts": []map[string]string{{"language": "en", "title": "<script>", "body": hostile}}})
	if err != nil {
		t.Fatal(err)
	}
	a := ann.do("POST", "/api/answers", b)
	var got struct {
		Texts []struct{ HTML, Plain string }
	}
	if err := json.Unmarshal(a.body, &got); err != nil || a.status != 200 && a.status != 201 || len(got.Texts) != 1 {
		t.Fatal(a.status, string(a.body))
	}
	for _, bad := range []string{"<script", "javascript:", "onerror", "<iframe", "style=", "<img", "onmouseover=x"} {
		if h := got.Texts[0].HTML; strings.Contains(strings.ReplaceAll(h, "%22onmouseover=x", ""), bad) {
			t.Errorf("%s is left in %s", bad, h)
		}
	}
	if p := got.Texts[0].Plain; strings.Contains(p, "<") || !strings.Contains(p, "a alert(1) b (https://acme.example/") {
		t.Errorf("%q", p)
	}
}

func TestAnAnswerOfAMegabyteIsRefusedInWords(t *testing.T) {
	w := newWorld(t)
	ann := w.as(t, w.hire(t, staff.Member, w.department(t, "Sales")))
	for size, want := range map[int]string{200_000: "20000 characters are the most", 1 << 21: ""} {
		body := `{"audience":"public","texts":[{"language":"en","title":"x","body":"` + strings.Repeat("word ", size/5) + `"}]}`
		wrote := w.wrote(t, func() {
			if a := ann.do("POST", "/api/answers", []byte(body)); a.status != 413 && a.status != 422 || !strings.Contains(string(a.body), want) {
				t.Errorf("%d: %d %.200s", size, a.status, a.body)
			}
		})
		if wrote {
			t.Errorf("%d: refused, but something was written", size)
		}
	}
}

func TestWhatWasPutIntoAReplyIsCounted(t *testing.T) {
	w := newWorld(t)
	home := w.department(t, "Sales")
	boss := w.as(t, w.hire(t, staff.Manager, home))
	add := func(audience library.Audience) library.Answer {
		a, err := w.Library.Add(context.Background(), staff.Machine(), library.Content{Department: home, Audience: audience, Texts: []library.Text{{Language: "en", Title: "Invoices", Body: "Your *invoice* is here, {{contact.name}}."}}})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	open, inside := add(library.Public), add(library.Inside)
	k := w.talk(t, home).conversation.String()
	fit := boss.do("GET", "/api/conversations/"+k+"/answers", nil)
	if fit.status != 200 || !strings.Contains(string(fit.body), "Your invoice is here, Kim.") {
		t.Fatal(fit.status, string(fit.body))
	}
	if a := boss.do("POST", "/api/conversations/"+k+"/reply", []byte(`{"text":"x","used":[{"answer":"`+inside.ID.String()+`"}]}`)); a.status != 422 || !strings.Contains(string(a.body), "inside only") {
		t.Error(a.status, string(a.body))
	}
	w.clock.Add(1e6)
	if a := boss.do("POST", "/api/conversations/"+k+"/reply", []byte(`{"text":"Hello. Your invoice is here, Kim.","used":[{"answer":"`+open.ID.String()+`","language":"en"}]}`)); a.status != 200 {
		t.Fatal(a.status, string(a.body))
	}
	if u, err := w.Library.UsedOf(context.Background(), open.ID); err != nil || u.Times != 1 || u.Edited != 0 {
		t.Error(u, err)
	}
}
