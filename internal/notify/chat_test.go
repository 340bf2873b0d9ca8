package notify_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/notify"
	"switchboard/internal/staff"
)

// room stands in for a chat tool's webhook: it refuses what the real one refuses.
type room struct {
	hearing[string] // status 0: it answers as it should
	form            notify.Form
	server          *httptest.Server
}

func newRoom(t *testing.T, form notify.Form) *room {
	t.Helper()
	r := &room{form: form}
	r.server = httptest.NewTLSServer(r)
	t.Cleanup(r.server.Close)
	return r
}

func (r *room) address() string { return r.server.URL + "/services/T0/B0/marker" }

func (r *room) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, err := io.ReadAll(q.Body)
	status, said := http.StatusOK, "ok"
	switch {
	case err != nil:
		status = http.StatusBadRequest
	case r.status != 0:
		status, said = r.status, "Cannot POST "+q.URL.Path // as many a server says
	case q.URL.Path != "/services/T0/B0/marker":
		status, said = http.StatusNotFound, "no_service"
	case q.Method != http.MethodPost || !strings.HasPrefix(q.Header.Get("Content-Type"), "application/json"):
		status, said = http.StatusBadRequest, "invalid_payload"
	default:
		var why string
		if status, why = r.take(body); why != "" {
			said = why
		} else {
			r.got = append(r.got, string(body))
		}
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, said)
}

// take is what each tool asks of a message.
func (r *room) take(body []byte) (int, string) {
	if r.form == notify.Teams {
		return card(body)
	}
	var m struct {
		Text *string `json:"text"`
	}
	switch err := json.Unmarshal(body, &m); {
	case err != nil:
		return http.StatusBadRequest, "invalid_payload"
	case m.Text == nil || strings.TrimSpace(*m.Text) == "":
		return http.StatusBadRequest, "no_text"
	case len(*m.Text) > 40000 || r.form == notify.Mattermost && len(*m.Text) > 16383:
		return http.StatusBadRequest, "msg_too_long"
	}
	return http.StatusOK, ""
}

// card is what a workflow of Teams takes: a message with one adaptive card, and it answers 202.
func card(body []byte) (int, string) {
	var m struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type    string
				Version string
				Body    []struct{ Type, Text string }
			}
		}
	}
	if err := json.Unmarshal(body, &m); err != nil || m.Type != "message" || len(m.Attachments) != 1 || len(body) > 28<<10 {
		return http.StatusBadRequest, "Property 'type' must be 'message' with one attachment"
	}
	c := m.Attachments[0]
	if c.ContentType != "application/vnd.microsoft.card.adaptive" || c.Content.Type != "AdaptiveCard" || c.Content.Version == "" || len(c.Content.Body) == 0 {
		return http.StatusBadRequest, "not an adaptive card"
	}
	for _, b := range c.Content.Body {
		if b.Type != "TextBlock" || b.Text == "" {
			return http.StatusBadRequest, "not a block of text"
		}
	}
	return http.StatusAccepted, ""
}

func (w *world) room(r *room, d staff.DepartmentID, words bool, kinds ...notify.Kind) notify.Hook {
	w.t.Helper()
	name, address := "#room", r.address()
	h, err := w.Bell.AddHook(w.t.Context(), w.boss, notify.HookChange{Name: &name, Form: &r.form, Department: &d, Address: &address, Kinds: &kinds, Words: &words})
	w.must(err)
	return h
}

func (w *world) chat() {
	w.t.Helper()
	_, err := w.Bell.ChatDue(w.t.Context())
	w.must(err)
}

func (w *world) queued(d staff.DepartmentID) {
	w.happens(journal.Entry{Who: journal.Machine, What: journal.PutThrough, Conversation: int64(w.talk(d, 0)), Data: journal.Data("department", d)})
}

func TestARoomOfEachChatToolIsTold(t *testing.T) {
	for _, form := range []notify.Form{notify.Slack, notify.Mattermost, notify.Teams} {
		r := newRoom(t, form)
		t.Run(string(form), func(t *testing.T) {
			w := newWorldOf(t, r.server)
			h := w.room(r, w.support, false, "queue")
			w.must(w.Bell.TryHook(t.Context(), w.boss, h.ID))
			if got := r.heard(); len(got) != 1 || !strings.Contains(got[0], "Ada tried it out") {
				t.Errorf("tried out: %q", got)
			}
			w.queued(w.billing)
			w.chat()
			if got := r.heard(); len(got) != 0 {
				t.Errorf("told of another department: %q", got)
			}
			w.queued(w.support)
			w.chat()
			got := r.heard()
			if len(got) != 1 || !strings.Contains(got[0], "The conversation with Kim came into the queue of Help desk") || !strings.Contains(got[0], "https://desk.example/conversations/") {
				t.Errorf("heard %q", got)
			}
			if strings.Contains(strings.Join(got, ""), "4711") {
				t.Error("told what the contact said, though nobody chose so")
			}
			for range 9 {
				w.queued(w.support)
			}
			w.chat()
			if got := r.heard(); len(got) != 0 {
				t.Errorf("again within the minute: %q", got)
			}
			w.clock.Add(time.Minute)
			w.chat()
			if got := r.heard(); len(got) != 1 || !strings.Contains(got[0], "and 4 more") {
				t.Errorf("after a minute: %q", got)
			}
			w.clock.Add(time.Minute)
			w.chat()
			if got := r.heard(); len(got) != 0 {
				t.Errorf("told twice: %q", got)
			}
		})
	}
}

// A room is told a while after something happened: of what went to another department meanwhile, or is of a kind it is no longer told
// of, it hears nothing.
func TestARoomHearsNothingOfWhatIsNoLongerItsOwn(t *testing.T) {
	r := newRoom(t, notify.Slack)
	each(t, []*httptest.Server{r.server}, func(t *testing.T, w *world) {
		h := w.room(r, w.support, true, "queue", "clock_breached")
		c := w.talk(w.support, 0)
		w.happens(journal.Entry{Who: journal.Machine, What: journal.PutThrough, Conversation: int64(c), Data: journal.Data("department", w.support)})
		_, err := w.Desk.HandOver(t.Context(), w.boss, c, w.billing, 0, "it is theirs")
		w.must(err)
		w.read()
		w.chat()
		if got := r.heard(); len(got) != 0 {
			t.Errorf("told of what was handed over: %q", got)
		}
		w.clock.Add(time.Minute)
		mine := w.talk(w.support, 0)
		w.happens(journal.Entry{Who: journal.Machine, What: journal.PutThrough, Conversation: int64(mine), Data: journal.Data("department", w.support)},
			journal.Entry{Who: journal.Machine, What: journal.ClockBreached, Conversation: int64(mine), Data: journal.Data("department", w.support)},
			journal.Entry{Who: journal.Machine, What: journal.PutThrough, Conversation: int64(c), Data: journal.Data("department", w.support)})
		kinds := []notify.Kind{"clock_breached"}
		_, err = w.Bell.ChangeHook(t.Context(), w.boss, h.ID, notify.HookChange{Kinds: &kinds})
		w.must(err)
		w.chat()
		got := r.heard()
		if len(got) != 1 || !strings.Contains(got[0], "/conversations/"+mine.String()) || strings.Contains(got[0], c.String()) || strings.Contains(got[0], "queue") || strings.Contains(got[0], "more") {
			t.Errorf("told %q", got)
		}
		w.clock.Add(time.Minute)
		w.chat()
		if got := r.heard(); len(got) != 0 {
			t.Errorf("told later: %q", got)
		}
	})
}

func TestWhatOthersWroteIsTextInARoomAndNothingMore(t *testing.T) {
	hostile := "<!channel> @here [x](https://evil.example) <https://evil.example|y> *b* \"quotes\""
	for form, bad := range map[notify.Form][]string{
		notify.Slack:      {"<!channel>", "@here", "<https://evil", "](https://evil"},
		notify.Mattermost: {"@here", "](https://evil", "*b*"},
		notify.Teams:      {"@here", "](https://evil", "*b*"},
	} {
		r := newRoom(t, form)
		t.Run(string(form), func(t *testing.T) {
			w := newWorldOf(t, r.server)
			w.room(r, 0, true, "queue")
			c := w.talk(w.support, 0)
			w.rename(c, hostile)
			w.happens(journal.Entry{Who: journal.Machine, What: journal.PutThrough, Conversation: int64(c), Data: journal.Data("department", w.support)})
			w.chat()
			got := r.heard()
			if len(got) != 1 {
				t.Fatalf("heard %q", got)
			}
			var plain any
			w.must(json.Unmarshal([]byte(got[0]), &plain))
			text := fmt.Sprint(plain)
			for _, b := range bad {
				if strings.Contains(text, b) {
					t.Errorf("%q stands in %s", b, text)
				}
			}
		})
	}
}

func TestARoomThatFailsTooOftenIsPausedAndSaysSo(t *testing.T) {
	r := newRoom(t, notify.Slack)
	each(t, []*httptest.Server{r.server}, func(t *testing.T, w *world) {
		h := w.room(r, w.support, false, "queue")
		r.answers(http.StatusInternalServerError)
		defer r.answers(0)
		for range 10 {
			w.queued(w.support)
			w.chat()
			w.clock.Add(2 * time.Hour)
		}
		list, err := w.Bell.Hooks(t.Context(), w.boss)
		w.must(err)
		if len(list) != 1 || list[0].PausedAt.IsZero() || !strings.Contains(list[0].Trouble, "500") || strings.Contains(list[0].Trouble, "marker") {
			t.Fatalf("%+v", list)
		}
		w.read()
		if got := w.told(w.boss); len(got) != 1 || !strings.Contains(got[0], "is paused") {
			t.Errorf("the boss is told %q", got)
		}
		r.answers(0)
		w.queued(w.support)
		w.chat()
		if got := r.heard(); len(got) != 0 {
			t.Errorf("told while it is paused: %q", got)
		}
		no := false
		_, err = w.Bell.ChangeHook(t.Context(), w.boss, h.ID, notify.HookChange{Paused: &no})
		w.must(err)
		w.queued(w.support)
		w.chat()
		if got := r.heard(); len(got) != 1 || strings.Contains(got[0], "more") {
			t.Errorf("after it goes on: %q", got)
		}
	})
}

func TestARoomThatIsNoMoreIsPausedAtOnce(t *testing.T) {
	r := newRoom(t, notify.Slack)
	w := newWorldOf(t, r.server)
	h := w.room(r, 0, false, "queue")
	r.answers(http.StatusNotFound)
	if err := w.Bell.TryHook(t.Context(), w.boss, h.ID); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "paste its address") || strings.Contains(err.Error(), "marker") {
		t.Errorf("trying it out says %v", err)
	}
	w.queued(w.support)
	w.chat()
	if list, err := w.Bell.Hooks(t.Context(), w.boss); err != nil || list[0].PausedAt.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestWhatARoomMustBe(t *testing.T) {
	w := newWorldOf(t)
	str := func(s string) *string { return &s }
	kinds, slack := []notify.Kind{"queue"}, notify.Slack
	for name, ch := range map[string]notify.HookChange{
		"no address":                     {Name: str("x"), Form: &slack, Kinds: &kinds},
		"without encryption":             {Name: str("x"), Form: &slack, Kinds: &kinds, Address: str("http://chat.example/x")},
		"no name":                        {Form: &slack, Kinds: &kinds, Address: str("https://chat.example/x")},
		"nothing to be told":             {Name: str("x"), Form: &slack, Address: str("https://chat.example/x")},
		"something rooms are not told":   {Name: str("x"), Form: &slack, Kinds: &[]notify.Kind{"mention"}, Address: str("https://chat.example/x")},
		"a tool that is not known":       {Name: str("x"), Kinds: &kinds, Address: str("https://chat.example/x")},
		"a department that is not there": {Name: str("x"), Form: &slack, Kinds: &kinds, Address: str("https://chat.example/x"), Department: new(staff.DepartmentID(7))},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := w.Bell.AddHook(t.Context(), w.boss, ch); !fault.Is(err, fault.Invalid) {
				t.Errorf("taken: %v", err)
			}
		})
	}
	if _, err := w.Bell.Hooks(t.Context(), w.sue); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a member sees the rooms: %v", err)
	}
	r := newRoom(t, notify.Slack) // which this house may not reach
	h := w.room(r, 0, false, "queue")
	if err := w.Bell.TryHook(t.Context(), w.boss, h.ID); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "public addresses only") {
		t.Errorf("a room in the house that is not allowed: %v", err)
	}
}
