package api_test

import (
	"context"
	"strings"
	"testing"

	"switchboard/internal/account"
	"switchboard/internal/api"
	"switchboard/internal/delivery"
	"switchboard/internal/staff"
)

type outgoing struct {
	api.OutgoingDelivery
	Conversation *api.Ref
}

func TestAPostIsSaidOnceAndWaitsWhereItsAuthorMayNotSpeak(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Member, w.department(t, "Accounts")))
	mine, foreign := w.newAccount(t), w.newAccount(t)
	if err := w.Book.SetRights(context.Background(), staff.Machine(), mine, []account.Right{{Person: bob.person.ID, Duty: account.Speak}}); err != nil {
		t.Fatal(err)
	}
	b, kind := file(t, "a.png", picture)
	u := got[api.Upload](t, bob.do("POST", "/api/uploads", b, "Content-Type", kind))
	body := []byte(`{"accounts":["` + mine.String() + `","` + foreign.String() + `"],"text":"We moved.","language":"en","undo":30,"media":[{"id":"` + u.ID + `","alt":"our new door"}]}`)
	said := got[struct{ Items []outgoing }](t, bob.do("POST", "/api/posts", body, "Idempotency-Key", "k1")).Items
	again := got[struct{ Items []outgoing }](t, bob.do("POST", "/api/posts", body, "Idempotency-Key", "k1")).Items
	if len(said) != 2 || len(again) != 2 || said[0].ID != again[0].ID {
		t.Fatalf("said %+v, then %+v", said, again)
	}
	if d := said[0]; d.State != delivery.Queued || d.DueAt == nil || d.Conversation != nil || d.Account.ID != mine.String() || len(d.Files) != 1 || d.Files[0].Alt != "our new door" {
		t.Errorf("as an account of theirs: %+v", d)
	}
	if d := said[1]; d.State != delivery.Held || d.Reason == "" {
		t.Errorf("as a foreign account: %+v", d)
	}
	list := got[struct{ Items []outgoing }](t, bob.do("GET", "/api/posts", nil)).Items
	if len(list) != 2 || list[0].ID != said[1].ID {
		t.Errorf("their posts: %+v", list)
	}
	if a := bob.do("GET", said[0].Files[0].URL, nil); a.status != 200 || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("the picture: %d", a.status)
	}
	for _, path := range []string{said[0].Files[0].URL, said[1].Files[0].URL} {
		if a := ann.do("GET", path, nil); a.status != 404 {
			t.Errorf("a stranger reads the picture: %d", a.status)
		}
	}
	if rest := got[struct{ Items []outgoing }](t, ann.do("GET", "/api/posts", nil)).Items; len(rest) != 0 {
		t.Errorf("a stranger sees %+v", rest)
	}
	if d := got[api.Delivery](t, bob.do("POST", "/api/deliveries/"+said[0].ID+"/cancel", nil)); d.State != delivery.Cancelled {
		t.Errorf("taken back, it is %s", d.State)
	}
	boss := w.as(t, w.hire(t, staff.Manager, sales))
	held := got[struct{ Items []outgoing }](t, boss.do("GET", "/api/deliveries?state=held", nil)).Items
	if len(held) != 1 || held[0].ID != said[1].ID || held[0].Conversation != nil || held[0].Account.Handle == "" {
		t.Errorf("what waits for the manager: %+v", held)
	}
	if d := got[api.Delivery](t, boss.do("POST", "/api/deliveries/"+said[1].ID+"/approve", nil)); d.State != delivery.Queued {
		t.Errorf("approved, it is %s", d.State)
	}
}

func TestThePagesOfPostsHoldEachOnce(t *testing.T) {
	w := newWorld(t)
	boss := w.as(t, w.hire(t, staff.Manager, w.department(t, "Sales")))
	for range 5 {
		w.clock.Add(1e6)
		got[map[string]any](t, boss.do("POST", "/api/posts", []byte(`{"accounts":["`+w.account.String()+`"],"text":"hello"}`)))
	}
	seen, after := map[string]bool{}, ""
	for range 4 {
		p := got[struct {
			Items []outgoing
			Next  string
		}](t, boss.do("GET", "/api/posts?limit=2"+after, nil))
		for _, d := range p.Items {
			if seen[d.ID] {
				t.Errorf("%s twice", d.ID)
			}
			seen[d.ID] = true
		}
		if p.Next == "" {
			break
		}
		after = "&after=" + p.Next
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5", len(seen))
	}
}

func TestAPostThatDoesNotFitIsRefusedWhole(t *testing.T) {
	w := newWorld(t)
	boss := w.as(t, w.hire(t, staff.Manager, w.department(t, "Sales")))
	at, gone := w.account.String(), w.newAccount(t)
	if err := w.Book.Remove(context.Background(), staff.Machine(), gone, nil); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"too long for its channel":     {`{"accounts":["` + at + `"],"text":"` + strings.Repeat("x", 501) + `"}`, 422, "too long"},
		"nothing in it":                {`{"accounts":["` + at + `"],"text":"  "}`, 422, "nothing in it"},
		"as nobody":                    {`{"accounts":[],"text":"x"}`, 422, "accounts"},
		"as one account twice":         {`{"accounts":["` + at + `","` + at + `"],"text":"x"}`, 422, "twice"},
		"as one account that is gone":  {`{"accounts":["` + at + `","` + gone.String() + `"],"text":"x"}`, 409, "disconnected"},
		"in a language that is none":   {`{"accounts":["` + at + `"],"text":"x","language":"the best"}`, 422, "language"},
		"with a picture nobody gave":   {`{"accounts":["` + at + `"],"text":"x","media":[{"id":"` + at + `"}]}`, 422, "attach it again"},
		"as an account nobody knows":   {`{"accounts":["` + w.delivery(t, w.department(t, "Sales"), delivery.Held).String() + `"],"text":"x"}`, 404, ""},
		"with too long a time to undo": {`{"accounts":["` + at + `"],"text":"x","undo":61}`, 422, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if a := boss.do("POST", "/api/posts", []byte(tt.body)); a.status != tt.status || !strings.Contains(string(a.body), tt.says) {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	if list := got[struct{ Items []outgoing }](t, boss.do("GET", "/api/posts", nil)).Items; len(list) != 0 {
		t.Errorf("there is %+v", list)
	}
}
