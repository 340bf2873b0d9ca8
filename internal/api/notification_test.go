package api_test

import (
	"context"
	"strings"
	"testing"

	"switchboard/internal/api"
	"switchboard/internal/notify"
	"switchboard/internal/staff"
)

// browserKey is a public key as a browser makes one.
const browserKey = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"

var slackRoom = notify.Slack

// chat is a room that is told.
func (w *world) chat(t testing.TB) notify.HookID {
	t.Helper()
	name, address, kinds := "#room "+w.unique(), "https://chat.example/secret-path", []notify.Kind{"queue"}
	h, err := w.Bell.AddHook(context.Background(), staff.Machine(), notify.HookChange{Name: &name, Form: &slackRoom, Address: &address, Kinds: &kinds})
	if err != nil {
		t.Fatal(err)
	}
	return h.ID
}

// device is a browser that is told by push: of who asks, or of somebody else.
func (s *scene) device() {
	p := s.who.person
	if !s.own || p.ID == 0 {
		p = s.w.hire(s.t, staff.Member, s.in)
	}
	ctx := context.Background()
	list, err := s.w.Bell.Devices(ctx, p.ActorOf())
	s.must(err)
	for _, d := range list { // there may be ten of them
		s.must(s.w.Bell.RemoveDevice(ctx, p.ActorOf(), d.ID))
	}
	d, err := s.w.Bell.AddDevice(ctx, p.ActorOf(), "", "A browser", notify.Subscription{Endpoint: "https://push.example/" + s.w.unique(), P256DH: browserKey, Auth: "AAAAAAAAAAAAAAAAAAAAAA"})
	s.must(err)
	s.of(d.ID.String())
}

// ring files all that stands in the journal.
func (w *world) ring(t *testing.T) {
	t.Helper()
	for {
		n, err := w.Bell.Read(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func TestTheBellTellsOfARequestAndLookingAtItIsReading(t *testing.T) {
	w := newWorld(t)
	sales, accounts := w.department(t, "Sales"), w.department(t, "Accounts")
	bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Contributor, accounts))
	k := w.talk(t, sales)
	w.ring(t)
	got[api.Request](t, bob.do("POST", "/api/conversations/"+k.conversation.String()+"/requests", []byte(`{"person":"`+ann.person.ID.String()+`","text":"Was invoice 12 paid?"}`)))
	w.ring(t)
	list := got[api.Notifications](t, ann.do("GET", "/api/notifications", nil))
	if len(list.Items) != 1 || list.Unread != 1 || list.Items[0].Kind != "asked" || list.Items[0].By != bob.person.Name || list.Items[0].Path != "/conversations/"+k.conversation.String() {
		t.Fatalf("ann is told %+v", list)
	}
	if a := ann.do("POST", "/api/conversations/"+k.conversation.String()+"/read", nil); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if n := got[api.UnreadCount](t, ann.do("GET", "/api/notifications/count", nil)); n.Unread != 0 {
		t.Errorf("she has looked, and %d are unread", n.Unread)
	}
	if n := got[api.Notifications](t, ann.do("GET", "/api/notifications?unread=true", nil)); len(n.Items) != 0 {
		t.Errorf("unread are %+v", n.Items)
	}
}

func TestWhatOneMayNotSeeAnyMoreLeavesTheList(t *testing.T) {
	w := newWorld(t)
	sales, accounts := w.department(t, "Sales"), w.department(t, "Accounts")
	bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Contributor, accounts))
	k := w.talk(t, sales)
	r := got[api.Request](t, bob.do("POST", "/api/conversations/"+k.conversation.String()+"/requests", []byte(`{"person":"`+ann.person.ID.String()+`","text":"Was invoice 12 paid?"}`)))
	w.ring(t)
	if n := got[api.UnreadCount](t, ann.do("GET", "/api/notifications/count", nil)); n.Unread != 1 {
		t.Fatalf("%d unread", n.Unread)
	}
	if a := bob.do("POST", "/api/requests/"+r.ID+"/withdraw", nil); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	list := got[api.Notifications](t, ann.do("GET", "/api/notifications", nil))
	if len(list.Items) != 0 || list.Unread != 0 {
		t.Errorf("the request was withdrawn, she sees the conversation no more, and is told %+v", list)
	}
}

func TestTheAddressOfARoomNeverComesBack(t *testing.T) {
	w := newWorld(t)
	boss := w.as(t, w.hire(t, staff.Manager, w.department(t, "Sales")))
	c := got[api.Chat](t, boss.do("POST", "/api/chats", []byte(`{"name":"#sales","form":"slack","address":"https://chat.example/services/marker","kinds":["queue"]}`)))
	if c.Host != "chat.example" {
		t.Errorf("made as %+v", c)
	}
	for _, path := range []string{"/api/chats"} {
		if a := boss.do("GET", path, nil); strings.Contains(string(a.body), "marker") {
			t.Errorf("%s shows the address: %s", path, a.body)
		}
	}
	if a := boss.do("POST", "/api/chats", []byte(`{"name":"#sales","form":"slack","address":"http://chat.example/services/marker","kinds":["queue"]}`)); a.status != 422 || strings.Contains(string(a.body), "marker") {
		t.Errorf("without encryption: %d %s", a.status, a.body)
	}
}
