package api

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// feed is an open live feed.
type feed struct {
	t      testing.TB
	events chan sent
	close  func()
	status int
}

type sent struct{ id, event, data string }

func (b *browser) listen(header ...string) *feed {
	b.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", b.h.server.URL+"/api/live", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for k, list := range b.header {
		r.Header[k] = list
	}
	for k := 0; k+1 < len(header); k += 2 {
		r.Header.Set(header[k], header[k+1])
	}
	a, err := b.client.Do(r)
	for n := 0; err == nil && a.StatusCode == 503 && n < 200; n++ { // the hub is just starting
		a.Body.Close()
		time.Sleep(10 * time.Millisecond)
		a, err = b.client.Do(r)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	f := &feed{b.t, make(chan sent, 1000), stop, a.StatusCode}
	b.t.Cleanup(func() { stop(); a.Body.Close() })
	go func() {
		defer close(f.events)
		var s sent
		for lines := bufio.NewScanner(a.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				s.id = value
			case "event":
				s.event = value
			case "data":
				s.data = value
			case "":
				if s.event != "" {
					f.events <- s
				}
				s = sent{}
			}
		}
	}()
	return f
}

// next is the next event; the zero one says that the feed ended. On PostgreSQL an entry waits for every older transaction of
// the whole cluster, also those of other tests.
func (f *feed) next() sent {
	f.t.Helper()
	select {
	case s := <-f.events:
		return s
	case <-time.After(time.Minute):
		f.t.Fatal("nothing came")
		return sent{}
	}
}

// message is the next event about a conversation; the staff's own comings and goings are passed over.
func (f *feed) message() sent {
	f.t.Helper()
	for {
		if s := f.next(); s.event != "entry" || strings.Contains(s.data, `"conversation"`) {
			return s
		}
	}
}

func (h *house) happen(t testing.TB, entries ...journal.Entry) {
	t.Helper()
	if err := h.Store.Tx(context.Background(), func(tx *store.Tx) error { return journal.Write(context.Background(), tx, entries...) }); err != nil {
		t.Fatal(err)
	}
}

// handedOut waits until the hub has read the whole journal.
func (h *house) handedOut(t testing.TB) {
	t.Helper()
	last, err := journal.Last(context.Background(), h.Store)
	if err != nil {
		t.Fatal(err)
	}
	for range 6000 {
		h.hub.mu.Lock()
		there := !h.hub.at.Less(last)
		h.hub.mu.Unlock()
		if there {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the hub does not read on")
}

// even lets members hear of conversations with an even number, managers of all.
type even struct{}

func (even) Seen(_ context.Context, list []journal.Entry) (func(staff.Actor, int) bool, error) {
	return func(who staff.Actor, k int) bool { return who.Can(staff.SeeAll) || list[k].Conversation%2 == 0 }, nil
}

func withEven(s *Server) { s.Seer = even{} }

func TestTheLiveFeedTellsWhatOneMayHearOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHouse(t, s, withEven).furnish(t)
		member, manager := h.as(t, "member").listen(), h.as(t, "manager").listen()
		if a, b := member.next(), manager.next(); a.event != "hello" || b.event != "hello" {
			t.Fatalf("first came %v, %v", a, b)
		}
		h.happen(t, journal.Entry{Who: journal.Machine, What: journal.MessageArrived, Conversation: 1, About: "message:x", Data: journal.Data("text", "secret words")},
			journal.Entry{Who: journal.Machine, What: journal.MessageArrived, Conversation: 2, About: "message:y"})
		for k := range 2 {
			if s := manager.message(); s.event != "entry" || strings.Contains(s.data, "secret") || s.id == "" {
				t.Errorf("the manager's event %d: %+v", k, s)
			}
		}
		if s := member.message(); !strings.Contains(s.data, `"conversation":"0000000000002"`) {
			t.Errorf("the member heard %+v", s)
		}
	})
}

func TestResumingGoesOnWhereItBrokeOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHouse(t, s, withEven).furnish(t)
		b := h.as(t, "manager")
		f := b.listen()
		f.next()
		h.happen(t, journal.Entry{Who: "machine", What: journal.MessageArrived, Conversation: 10})
		last := f.message()
		f.close()
		for k := range 5 {
			h.happen(t, journal.Entry{Who: "machine", What: journal.MessageArrived, Conversation: int64(20 + k)})
		}
		f = b.listen("Last-Event-ID", last.id)
		f.next()
		h.happen(t, journal.Entry{Who: "machine", What: journal.MessageArrived, Conversation: 25})
		for k := range 6 {
			if s := f.message(); !strings.Contains(s.data, fmt.Sprintf(`"conversation":%q`, eventFor(int64(20+k)))) {
				t.Errorf("event %d: %+v", k, s)
			}
		}
	})
}

func eventFor(c int64) string { return newEvent(journal.Entry{Conversation: c}).conversation() }

// conversation is what newEvent wrote of it.
func (e *event) conversation() string {
	_, rest, _ := strings.Cut(e.data, `"conversation":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func TestASequenceShowsAGap(t *testing.T) {
	b := (&event{cursor: "0.1", data: `{"what":"x"`}).append(nil, 7)
	if got := string(b); got != "id: 0.1\nevent: entry\ndata: {\"what\":\"x\",\"seq\":7}\n\n" {
		t.Errorf("%q", got)
	}
}

func TestWhatCannotBeToldWholeIsReloaded(t *testing.T) {
	h := one(t, withEven)
	b := h.as(t, "manager")
	f := b.listen()
	cursor := strings.Trim(strings.TrimPrefix(f.next().data, `{"cursor":`), `"}`)
	for name, from := range map[string]string{"nonsense": "nonsense", "from the future": "0.zzzzzz", "a script": "<script>"} {
		f := b.listen("Last-Event-ID", from)
		f.next()
		if s := f.next(); s.event != "reload" {
			t.Errorf("%s: %+v", name, s)
		}
	}
	many := make([]journal.Entry, mostResumed+batchOfEntries+1)
	for k := range many {
		many[k] = journal.Entry{Who: "machine", What: journal.MessageArrived, Conversation: 2}
	}
	h.happen(t, many...)
	h.handedOut(t)
	f = b.listen("Last-Event-ID", cursor)
	for s := f.next(); s.event != "reload"; s = f.next() {
		if s.event == "" {
			t.Fatal("too far behind, and no word of it")
		}
	}
	if _, err := journal.Forget(context.Background(), h.Store, time.Now().Add(time.Hour), 20); err != nil {
		t.Fatal(err)
	}
	f = b.listen("Last-Event-ID", "0.1")
	f.next()
	if s := f.next(); s.event != "reload" {
		t.Errorf("a place that is no longer kept: %+v", s)
	}
}

func TestASlowStreamIsToldToReloadAndHoldsLittle(t *testing.T) {
	h := one(t, withEven)
	h.as(t, "manager").listen().next()
	h.hub.mu.Lock()
	st := &stream{wake: make(chan struct{}, 1), who: h.people["manager"].ActorOf()}
	h.hub.streams[st] = true // one that never reads
	h.hub.mu.Unlock()
	many := make([]journal.Entry, 3*mostQueued)
	for k := range many {
		many[k] = journal.Entry{Who: "machine", What: journal.MessageArrived, Conversation: 2}
	}
	h.happen(t, many...)
	for n := 0; ; n++ {
		st.mu.Lock()
		reload, queued := st.reload, len(st.queue)
		st.mu.Unlock()
		if reload && queued == 0 {
			break
		}
		if queued > mostQueued || n > 1000 {
			t.Fatalf("reload %v, %d queued", reload, queued)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestTheStreamEndsWithTheSession(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHouse(t, s, withEven).furnish(t)
		admin := h.people["administrator"].ActorOf()
		for name, deed := range map[string]func(b *browser, p staff.Person) error{
			"signed out": func(b *browser, _ staff.Person) error { b.do("DELETE", "/api/session", nil); return nil },
			"disabled": func(_ *browser, p staff.Person) error {
				_, err := h.Staff.ChangePerson(ctx, admin, p.ID, staff.PersonChange{State: ptr(staff.Disabled)})
				return err
			},
			"another role": func(_ *browser, p staff.Person) error {
				_, err := h.Staff.ChangePerson(ctx, admin, p.ID, staff.PersonChange{Role: ptr(staff.Viewer)})
				return err
			},
			"a new password": func(_ *browser, p staff.Person) error {
				_, err := h.Staff.SetPassword(ctx, admin, p.ID, "another good password")
				return err
			},
		} {
			t.Run(name, func(t *testing.T) {
				who := strings.ReplaceAll(name, " ", "-")
				p := h.hire(t, who, staff.Member, "Sales")
				b := h.as(t, who)
				f := b.listen()
				f.next()
				if err := deed(b, p); err != nil {
					t.Fatal(err)
				}
				for s := f.next(); ; s = f.next() {
					if s == (sent{}) {
						t.Fatal("it ended without a word")
					}
					if s.event == "session" {
						break
					}
				}
				if s := f.next(); s != (sent{}) {
					t.Errorf("after that came %+v", s)
				}
			})
		}
	})
}

func TestAChangeOfDepartmentIsToldAndCountsAtOnce(t *testing.T) {
	h := one(t, withEven)
	f := h.as(t, "member").listen()
	f.next()
	p := h.people["member"]
	if _, err := h.Staff.ChangePerson(context.Background(), h.people["administrator"].ActorOf(), p.ID, staff.PersonChange{Departments: &[]staff.DepartmentID{}}); err != nil {
		t.Fatal(err)
	}
	for s := f.next(); s.event != "session"; s = f.next() {
		if s == (sent{}) {
			t.Fatal("it ended")
		}
	}
	h.happen(t, journal.Entry{Who: "machine", What: journal.MessageArrived, Conversation: 2})
	for s := f.next(); !strings.Contains(s.data, "message arrived"); s = f.next() {
		if s == (sent{}) {
			t.Fatal("it ended")
		}
	}
}

func TestTheStreamIsForOurOwnPagesAndPeople(t *testing.T) {
	h := one(t, withEven)
	b := h.as(t, "member")
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "", "Origin", "https://evil.example"}} {
		if f := b.listen(header...); f.status != 403 {
			t.Errorf("%v: %d", header, f.status)
		}
	}
	if f := h.browser(t).listen(); f.status != 401 {
		t.Errorf("nobody: %d", f.status)
	}
	var made NewKey
	b.do("POST", "/api/keys", map[string]any{"name": "k", "scopes": []string{"read"}}).into(t, &made)
	for _, name := range []string{"token", "key", "access_token", "authorization", "session"} {
		if a := h.browser(t).do("GET", "/api/live?"+name+"="+made.Secret, nil); a.status != 401 {
			t.Errorf("a key in the address as %s: %d", name, a.status)
		}
	}
	f := h.with(t, made.Secret).listen()
	if s := f.next(); s.event != "hello" {
		t.Errorf("with a key: %+v", s)
	}
	h.happen(t, journal.Entry{Who: "machine", What: journal.SignInRefused}, journal.Entry{Who: "machine", What: journal.PersonChanged, About: "person:x"})
	for s := f.next(); !strings.Contains(s.data, "person changed"); s = f.next() { // one's own new key is told
		if s == (sent{}) || strings.Contains(s.data, "refused") {
			t.Fatalf("a member hears of others' sign-ins: %+v", s)
		}
	}
}
