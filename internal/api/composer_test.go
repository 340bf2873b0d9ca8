package api_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/api"
	"switchboard/internal/channel"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// onBoth runs f in a world on each database.
func onBoth(t *testing.T, f func(t *testing.T, w *world)) {
	t.Run("sqlite", func(t *testing.T) { f(t, worldOn(t, storetest.SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { f(t, worldOn(t, storetest.Postgres(t))) })
}

type drafts struct{ Items []api.Draft }
type viewers struct{ Items []api.Viewer }

func TestADraftIsThereOnEveryDeviceAndForItsWriterAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		sales := w.department(t, "Sales")
		bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Manager, sales))
		path := "/api/conversations/" + w.talk(t, sales).conversation.String()
		d := got[api.Draft](t, bob.do("PUT", path+"/draft", []byte(`{"kind":"reply","text":"Half a sen","private":true,"ago":2000}`)))
		if d.Text != "Half a sen" || !d.Private || !d.At.Equal(monday.Add(-2*time.Second)) {
			t.Errorf("kept is %+v", d)
		}
		for name, c := range map[string]*caller{"the same browser": bob, "another device": w.as(t, bob.person)} {
			if l := got[drafts](t, c.do("GET", path+"/draft", nil)); len(l.Items) != 1 || l.Items[0].Text != "Half a sen" {
				t.Errorf("%s has %+v", name, l)
			}
			if l := got[drafts](t, c.do("GET", "/api/drafts", nil)); len(l.Items) != 1 || l.Items[0].Conversation == "" {
				t.Errorf("%s lists %+v", name, l)
			}
		}
		for _, at := range []string{path + "/draft", "/api/drafts"} {
			if l := got[drafts](t, ann.do("GET", at, nil)); len(l.Items) != 0 {
				t.Errorf("ann reads bob's draft: %+v", l)
			}
		}
		if a := ann.do("GET", path, nil); strings.Contains(string(a.body), "Half a sen") {
			t.Error("it stands in the conversation")
		}
	})
}

func TestOfTwoDevicesTheOneThatWasTypedInLastIsRight(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		sales := w.department(t, "Sales")
		bob := w.as(t, w.hire(t, staff.Member, sales))
		path := "/api/conversations/" + w.talk(t, sales).conversation.String() + "/draft"
		save := func(text string, ago int) string {
			return got[api.Draft](t, bob.do("PUT", path, fmt.Appendf(nil, `{"kind":"reply","text":%q,"ago":%d}`, text, ago))).Text
		}
		save("from the train", 1000)
		if now := save("from yesterday, offline till now", 80_000_000); now != "from the train" {
			t.Errorf("the older one stands: %q", now)
		}
		if now := save("from the desk", 0); now != "from the desk" {
			t.Errorf("the newer one does not: %q", now)
		}
		save("", 0)
		if now := save("from the train, again", 5000); now != "" {
			t.Errorf("what was emptied meanwhile comes back: %q", now)
		}
		if l := got[drafts](t, bob.do("GET", "/api/drafts", nil)); len(l.Items) != 0 {
			t.Errorf("listed are %+v", l)
		}
		w.clock.Add(time.Minute)
		if now := save("begun anew", 0); now != "begun anew" {
			t.Errorf("nothing can be begun anew: %q", now)
		}
	})
}

func TestADraftOfAConversationOutOfSightIsNotListed(t *testing.T) {
	w := newWorld(t)
	sales, accounts := w.department(t, "Sales"), w.department(t, "Accounts")
	bob := w.as(t, w.hire(t, staff.Member, sales))
	k := w.talk(t, sales)
	path := "/api/conversations/" + k.conversation.String()
	got[api.Draft](t, bob.do("PUT", path+"/draft", []byte(`{"kind":"note","text":"hm"}`)))
	if _, err := w.Desk.HandOver(t.Context(), staff.Machine(), k.conversation, accounts, 0, ""); err != nil {
		t.Fatal(err)
	}
	if l := got[drafts](t, bob.do("GET", "/api/drafts", nil)); len(l.Items) != 0 {
		t.Errorf("listed are %+v", l)
	}
	if a := bob.do("GET", path+"/draft", nil); a.status != 404 {
		t.Errorf("it is read: %d", a.status)
	}
}

func TestWhoWritesIsSeenByWhoSeesTheConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		sales := w.department(t, "Sales")
		bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Member, sales))
		cat := w.as(t, w.hire(t, staff.Viewer))
		path := "/api/conversations/" + w.talk(t, sales).conversation.String() + "/presence"
		be := func(c *caller, doing string) viewers {
			return got[viewers](t, c.do("PUT", path, []byte(`{"doing":"`+doing+`"}`)))
		}
		be(cat, "writing") // who only looks on can't write
		be(bob, "looking")
		if l := be(bob, "writing"); len(l.Items) != 1 || l.Items[0].Doing != "looking" {
			t.Errorf("bob sees %+v", l)
		}
		l := be(ann, "looking")
		if len(l.Items) != 2 || l.Items[0].Name != bob.person.Name || l.Items[0].Doing != "writing" {
			t.Errorf("ann sees %+v", l)
		}
		w.clock.Add(30 * time.Second) // bob's browser has not been heard of
		if l := got[viewers](t, ann.do("GET", path, nil)); len(l.Items) != 1 || l.Items[0].Name != cat.person.Name {
			t.Errorf("half a minute later ann sees %+v", l)
		}
		be(cat, "gone")
		if l := got[viewers](t, ann.do("GET", path, nil)); len(l.Items) != 0 {
			t.Errorf("in the end ann sees %+v", l)
		}
		stranger := w.as(t, w.hire(t, staff.Member, w.department(t, "Accounts")))
		if a := stranger.do("GET", path, nil); a.status != 404 {
			t.Errorf("a stranger learns of it: %d", a.status)
		}
		w.clock.Add(time.Hour)
		if err := w.Writing.Tidy(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// hear listens to the live feed and returns the events' names with their conversations, as they come.
func (c *caller) hear(t testing.TB, s *httptest.Server) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "switchboard", Value: c.cookie})
	a, err := s.Client().Do(r)
	for n := 0; err == nil && a.StatusCode == 503 && n < 200; n++ { // the hub is just starting
		a.Body.Close()
		time.Sleep(10 * time.Millisecond)
		a, err = s.Client().Do(r)
	}
	if err != nil || a.StatusCode != 200 {
		t.Fatalf("%+v, %v", a, err)
	}
	t.Cleanup(func() { a.Body.Close() })
	out := make(chan string, 100)
	go func() {
		defer close(out)
		event := ""
		for lines := bufio.NewScanner(a.Body); lines.Scan(); {
			if name, value, _ := strings.Cut(lines.Text(), ": "); name == "event" {
				event = value
			} else if name == "data" && event != "entry" {
				out <- event + " " + value
			}
		}
	}()
	return out
}

func TestTheLiveFeedMurmursToWhoMayKnow(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := httptest.NewServer(w.handler)
		t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
		sales := w.department(t, "Sales")
		bob, ann := w.as(t, w.hire(t, staff.Member, sales)), w.as(t, w.hire(t, staff.Member, sales))
		stranger := w.as(t, w.hire(t, staff.Member, w.department(t, "Accounts")))
		c := w.talk(t, sales).conversation.String()
		feeds := map[string]<-chan string{"bob": bob.hear(t, s), "ann": ann.hear(t, s), "stranger": stranger.hear(t, s)}
		for _, f := range feeds {
			if e := <-f; !strings.HasPrefix(e, "hello") {
				t.Fatalf("first comes %s", e)
			}
		}
		w.clock.Add(time.Second)
		bob.do("PUT", "/api/conversations/"+c+"/presence", []byte(`{"doing":"writing"}`))
		bob.do("PUT", "/api/conversations/"+c+"/draft", []byte(`{"kind":"reply","text":"Half a sen"}`))
		w.clock.Add(time.Second)
		stranger.do("PUT", "/api/conversations/"+w.talk(t, w.department(t, "Accounts")).conversation.String()+"/draft", []byte(`{"kind":"reply","text":"x"}`))
		wait := func(who, want string) {
			t.Helper()
			select {
			case e := <-feeds[who]:
				if !strings.HasPrefix(e, want) {
					t.Errorf("%s hears %q; want %q", who, e, want)
				}
			case <-time.After(time.Minute):
				t.Fatalf("%s hears nothing", who)
			}
		}
		wait("ann", `presence {"conversation":"`+c+`"}`)
		wait("bob", `draft {"conversation":"`+c+`"}`)
		wait("stranger", "draft ") // theirs, and nothing before it
	})
}

func TestHabitsFollowTheirPerson(t *testing.T) {
	w := newWorld(t)
	p := w.hire(t, staff.Member, w.department(t, "Sales"))
	bob := w.as(t, p)
	if s := got[api.Session](t, bob.do("GET", "/api/session", nil)); s.Person.Habits != (api.Habits{Undo: 10, Then: "waiting"}) {
		t.Errorf("at first %+v", s.Person.Habits)
	}
	bob.do("PUT", "/api/session/habits", []byte(`{"undo":30,"then":"close"}`))
	if s := got[api.Session](t, w.as(t, p).do("GET", "/api/session", nil)); s.Person.Habits != (api.Habits{Undo: 30, Then: "close"}) {
		t.Errorf("on another device %+v", s.Person.Habits)
	}
	if a := bob.do("PUT", "/api/session/habits", []byte(`{"undo":7,"then":"close"}`)); a.status != 422 {
		t.Errorf("7 seconds: %d %s", a.status, a.body)
	}
}

func TestAnAnswerIsReadBeforeItIsSent(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob := w.as(t, w.hire(t, staff.Member, sales))
	k := w.talk(t, sales)
	w.tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE conversation SET language = 'de' WHERE id = $1`, k.conversation)
		return err
	})
	check := func(text string, more string) api.Check {
		return got[api.Check](t, bob.do("POST", "/api/conversations/"+k.conversation.String()+"/check", fmt.Appendf(nil, `{"text":%q%s}`, text, more)))
	}
	kinds := func(c api.Check) (out []string) {
		for _, r := range c.Remarks {
			out = append(out, string(r.Kind)+" "+r.Offer)
		}
		return out
	}
	c := check("Sorry, I only do marketing. Please call +49 170 1234567 or see https://acme.example/help today.", "")
	if want := []string{"private private", "deadEnd putThrough", "language "}; !slices.Equal(kinds(c), want) || !c.Fits || len(c.Parts) != 0 || !slices.Equal(c.Links, []string{"https://acme.example/help"}) {
		t.Errorf("%+v; want %q", c, want)
	}
	if c := check("Sorry, call +49 170 1234567.", `,"private":true`); len(c.Remarks) != 0 {
		t.Errorf("in private: %+v", c)
	}
	long := strings.Repeat("This is a sentence of some length. ", 20)
	if c := check(long, `,"numbered":true`); c.Fits || len(c.Parts) != 2 || !strings.HasSuffix(c.Parts[0], "(1/2)") {
		t.Errorf("a long one: %+v", c)
	}
	if c := check(long, `,"private":true`); c.Fits || len(c.Parts) != 0 {
		t.Errorf("a long one in private: %+v", c)
	}
}

func TestANameThatIsWantedIsMissed(t *testing.T) {
	w := newWorld(t)
	sales := w.department(t, "Sales")
	bob := w.as(t, w.hire(t, staff.Member, sales))
	k := w.talk(t, sales)
	l := limits
	l.Named = channel.NameNeeded
	w.tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE account SET limits = $2 WHERE id = $1`, w.account, store.JSON(l))
		return err
	})
	for text, want := range map[string]int{"It is on its way.": 1, "@kim it is on its way.": 0} {
		c := got[api.Check](t, bob.do("POST", "/api/conversations/"+k.conversation.String()+"/check", fmt.Appendf(nil, `{"text":%q}`, text)))
		if len(c.Remarks) != want || want > 0 && (c.Remarks[0].Kind != "handle" || !slices.Equal(c.Remarks[0].Wanted, []string{"@kim"})) {
			t.Errorf("%q: %+v", text, c.Remarks)
		}
	}
}
