package hook

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
)

func TestAConnHasTheAbilitiesItsSettingsGive(t *testing.T) {
	for bits := range 32 {
		on := func(k int) bool { return bits&(1<<k) != 0 }
		callback, publish, find, read, takes := on(0), on(1), on(2), on(3), on(4)
		s := map[string]any{"name": "x", "secret": secret, "publish": publish, "find": find, "read": read, "tests": takes}
		if callback {
			s["callback"] = "https://bridge.example/"
		}
		b, _ := json.Marshal(s)
		c, err := New(channel.Net{HTTP: http.DefaultClient}).Open(channel.Opening{Settings: b, Now: channeltest.NewClock().Now})
		if err != nil {
			t.Fatal(err)
		}
		got := [6]bool{}
		_, got[0] = c.(channel.Hearer)
		_, got[1] = c.(channel.Replier)
		_, got[2] = c.(channel.Publisher)
		_, got[3] = c.(channel.Finder)
		_, got[4] = c.(channel.Reader)
		_, got[5] = c.(channel.Tester)
		if want := [6]bool{true, callback, callback && publish, callback && find, callback && read, callback && takes}; got != want {
			t.Errorf("%v has the abilities %v; want %v", s, got, want)
		}
	}
}

func TestSettingsThatCannotBeRightAreNamed(t *testing.T) {
	for name, tt := range map[string]struct{ settings, field string }{
		"no name":                    {`{"secret":"0123456789abcdef"}`, "name"},
		"a short secret":             {`{"name":"x","secret":"0123456789abcde"}`, "secret"},
		"no secret":                  {`{"name":"x"}`, "secret"},
		"a secret that is a number":  {`{"name":"x","secret":5}`, "secret"},
		"a file for a callback":      {`{"name":"x","secret":"0123456789abcdef","callback":"file:///etc/passwd"}`, "callback"},
		"a callback with a password": {`{"name":"x","secret":"0123456789abcdef","callback":"https://a:b@x.example/"}`, "callback"},
		"a callback that is a word":  {`{"name":"x","secret":"0123456789abcdef","callback":"bridge"}`, "callback"},
		"maybe":                      {`{"name":"x","secret":"0123456789abcdef","find":"maybe"}`, "find"},
		"no settings":                {`[]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(channel.Net{}).Open(channel.Opening{Settings: []byte(tt.settings)})
			f, ok := err.(*fault.Error)
			if !ok || f.Kind != fault.Invalid || f.Field != tt.field {
				t.Errorf("Open = %+v; want Invalid about %q", err, tt.field)
			}
		})
	}
	about := New(channel.Net{}).About()
	if about.Name != "hook" || len(about.Settings) != 7 {
		t.Errorf("About = %+v", about)
	}
}

// against opens an account whose bridge is handler.
func against(t *testing.T, more map[string]any, handler http.HandlerFunc) (channel.Conn, *channeltest.Clock) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	f := &stand{clock: channeltest.NewClock(), client: server.Client(), settings: map[string]any{"name": "x", "secret": secret, "callback": server.URL + "/cb?site=3"}}
	for k, v := range more {
		f.settings[k] = v
	}
	return f.Open(t), f.clock
}

var question = channel.Outgoing{Key: "aaaaaaaaaaaaa", Text: "Yes, on Saturday", Parent: &channel.Parent{RemoteID: "entry/1"}}

func TestWhatABridgeAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		status  int
		body    string
		deed    channel.Deed
		unclear bool
	}{
		"nothing with a 200":               {200, ``, channel.Again, true},
		"an empty object":                  {200, `{}`, channel.Again, true},
		"an empty id":                      {201, `{"remoteId":""}`, channel.Again, true},
		"a number for an id":               {200, `{"remoteId":7}`, channel.Again, true},
		"a list":                           {200, `[]`, channel.Again, true},
		"accepted, and no more":            {202, ``, channel.Again, true},
		"no content":                       {204, ``, channel.Again, true},
		"go elsewhere":                     {303, ``, channel.Again, true},
		"not like this":                    {400, `{"error":"no links"}`, channel.Fix, false},
		"too large":                        {413, ``, channel.Fix, false},
		"not acceptable":                   {422, `{"error":"no links"}`, channel.Fix, false},
		"who are you":                      {401, ``, channel.Reconnect, false},
		"not you":                          {403, ``, channel.NotAllowed, false},
		"a wrong address":                  {404, `<h1>404</h1>`, channel.Reconnect, false},
		"no such entry":                    {404, `{"error":"no such entry"}`, channel.Gone, false},
		"deleted":                          {410, ``, channel.Gone, false},
		"not by POST":                      {405, ``, channel.Reconnect, false},
		"too slow":                         {408, ``, channel.Again, true},
		"the key is in use":                {409, ``, channel.Again, true},
		"too often":                        {429, ``, channel.Wait, false},
		"broken":                           {500, ``, channel.Again, true},
		"broken on the way":                {502, `<html>`, channel.Again, true},
		"overloaded":                       {503, ``, channel.Again, true},
		"broken on the way, after a while": {504, ``, channel.Again, true},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, nil, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				if tt.status != 204 {
					_, _ = io.WriteString(w, tt.body)
				}
			})
			_, err := c.(channel.Replier).Reply(t.Context(), question)
			tr := channel.TroubleOf(err)
			if err == nil || tr.Deed != tt.deed || tr.Unclear != tt.unclear || tr.Message == "" {
				t.Errorf("Reply = %+v; want %s, unclear %v", tr, tt.deed, tt.unclear)
			}
			if strings.Contains(tt.body, "no links") && !strings.HasSuffix(tr.Message, ": no links") {
				t.Errorf("the bridge's own words are lost: %q", tr.Message)
			}
			if strings.Contains(fmt.Sprint(err), secret) {
				t.Error("the secret is in the error")
			}
		})
	}
}

func TestACallThatNeverLeftIsClear(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close() // nobody listens there any more
	f := &stand{clock: channeltest.NewClock(), client: server.Client(), settings: map[string]any{"name": "x", "secret": secret, "callback": server.URL}}
	_, err := f.Open(t).(channel.Replier).Reply(t.Context(), question)
	if tr := channel.TroubleOf(err); err == nil || tr.Unclear || tr.Deed != channel.Again {
		t.Errorf("Reply = %+v; want a clear Again", tr)
	}
	if strings.Contains(fmt.Sprint(err), "/cb") {
		t.Errorf("the address is in the error: %v", err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	calls := 0
	c, _ := against(t, nil, func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	if _, err := c.(channel.Replier).Reply(t.Context(), question); err == nil || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

func TestWhatABridgeIsSent(t *testing.T) {
	var got outgoing
	var head http.Header
	c, clock := against(t, map[string]any{"publish": true}, func(w http.ResponseWriter, r *http.Request) {
		if r.RequestURI != "/cb?site=3" {
			t.Errorf("called at %s", r.RequestURI)
		}
		head = r.Header
		body, _ := io.ReadAll(r.Body)
		got = outgoing{}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		if r.Header.Get(signatureHeader) != sign(secret, r.Header.Get(idHeader), r.Header.Get(timestampHeader), body) {
			t.Error("the signature is not that of the body")
		}
		_, _ = io.WriteString(w, `{"remoteId":"e9","url":"https://x.example/e9","at":"2026-10-08T08:59:00Z","version":"1","more":true}`)
	})
	o := question
	o.Parent = &channel.Parent{RemoteID: "entry/1", Private: true, From: channel.Identity{RemoteID: "ann", Name: "Ann"}, Memo: json.RawMessage(`{"page":3}`)}
	o.Private, o.Lang, o.At = true, "en", clock.Now()
	r, err := c.(channel.Replier).Reply(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if want := (channel.Receipt{RemoteID: "e9", URL: "https://x.example/e9", At: clock.Now().Add(-time.Minute), Version: "1"}); r != want {
		t.Errorf("receipt = %+v; want %+v", r, want)
	}
	if got.Type != "reply" || got.Key != o.Key || !got.Private || !got.Parent.Private || got.Parent.From.Name != "Ann" || string(got.Parent.Memo) != `{"page":3}` || got.Text != o.Text {
		t.Errorf("sent %+v", got)
	}
	if head.Get(keyHeader) != o.Key || head.Get("Content-Type") != "application/json" || !isID(head.Get(idHeader)) {
		t.Errorf("headers %v", head)
	}
	if _, err := c.(channel.Publisher).Publish(t.Context(), channel.Outgoing{Key: "b", Text: "New"}); err != nil || got.Type != "post" || got.Parent != nil {
		t.Errorf("Publish sent %+v, %v", got, err)
	}
}

func TestWhatNeverLeaves(t *testing.T) {
	c, _ := against(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			t.Error("it left")
		}
		_, _ = io.WriteString(w, `{"limits":{"text":5,"unit":"graphemes","media":1,"mediaSize":3}}`)
	})
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := channel.Upload{Name: "a", Type: "image/png", Body: []byte("abc")}
	for name, o := range map[string]channel.Outgoing{
		"an answer to nothing":                        {Text: "x"},
		"a public answer to what was said in private": {Text: "x", Parent: &channel.Parent{RemoteID: "1", Private: true}},
		"more than fits":                              {Text: "sixsix", Parent: &channel.Parent{RemoteID: "1"}},
		"nothing":                                     {Parent: &channel.Parent{RemoteID: "1"}},
		"two pictures":                                {Text: "x", Parent: &channel.Parent{RemoteID: "1"}, Media: []channel.Upload{file, file}},
		"a large picture":                             {Text: "x", Parent: &channel.Parent{RemoteID: "1"}, Media: []channel.Upload{{Body: []byte("abcd")}}},
	} {
		_, err := c.(channel.Replier).Reply(t.Context(), o)
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Fix || tr.Unclear {
			t.Errorf("%s: %v; want a clear Fix", name, err)
		}
	}
}

func TestFindBelievesOnlyPlainWords(t *testing.T) {
	for body, want := range map[string]string{
		`{"found":true,"remoteId":"e1"}`: "e1",
		`{"found":false}`:                "nothing",
		`{"found":true}`:                 "unknown",
		`{"found":null}`:                 "unknown",
		`{}`:                             "unknown",
		`[]`:                             "unknown",
		``:                               "unknown",
		`<html>`:                         "unknown",
	} {
		c, _ := against(t, map[string]any{"find": true}, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("key") != "a&b" || r.URL.Query().Get("site") != "3" {
				t.Errorf("asked at %s", r.RequestURI)
			}
			if r.Header.Get(signatureHeader) != sign(secret, r.Header.Get(idHeader), r.Header.Get(timestampHeader), []byte(r.RequestURI)) {
				t.Error("the signature is not that of the address")
			}
			_, _ = io.WriteString(w, body)
		})
		r, there, err := c.(channel.Finder).Find(t.Context(), channel.Outgoing{Key: "a&b"})
		got := r.RemoteID
		switch {
		case err != nil:
			got = "unknown"
		case !there:
			got = "nothing"
		}
		if got != want {
			t.Errorf("%s: found %s; want %s", body, got, want)
		}
	}
	c, _ := against(t, map[string]any{"find": true}, http.NotFound)
	if _, there, err := c.(channel.Finder).Find(t.Context(), question); there || err == nil {
		t.Error("an address that is not there is no proof that the message is not")
	}
}

func TestAnyIDCanBeReadAgain(t *testing.T) {
	var asked string
	c, _ := against(t, map[string]any{"read": true}, func(w http.ResponseWriter, r *http.Request) {
		path, _ := strings.CutPrefix(r.URL.EscapedPath(), "/cb/messages/")
		asked, _ = url.PathUnescape(path)
		_ = json.NewEncoder(w).Encode(message{RemoteID: asked, Text: "x", From: identity{RemoteID: "a"}})
	})
	for _, id := range []string{"1", "a/b/../c", "50% off?", "a#b", "é 👩‍👩‍👧", "%2F", "a+b&c=d;e"} {
		m, err := c.(channel.Reader).Read(t.Context(), id)
		if err != nil || m.RemoteID != id || asked != id {
			t.Errorf("Read(%q) = %q, %v; the bridge was asked for %q", id, m.RemoteID, err, asked)
		}
	}
	for _, id := range []string{"", "..", "a\x00"} {
		if _, err := c.(channel.Reader).Read(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("Read(%q) = %v; want NotFound", id, err)
		}
	}
}

// TestABridgeWithoutAMemoryNeverDoubles: it does not know a key again, cannot be asked, and loses answers.
func TestABridgeWithoutAMemoryNeverDoubles(t *testing.T) {
	clock := channeltest.NewClock()
	f := start(t, clock, nil)
	f.bridge.Forgetful = true
	id := f.Say("ann", "Hello?", channeltest.SayOptions{})
	c := f.Open(t).(channel.Replier)
	for k, do := range []far.Do{far.CutAnswer, far.LostAnswer, far.LostReset, far.TakenServerError} {
		f.bridge.Faults.Set(far.Fault{On: far.Send, Do: do, Times: 1})
		_, err := c.Reply(t.Context(), channel.Outgoing{Key: fmt.Sprint(k), Text: "Hello!", Parent: &channel.Parent{RemoteID: id}})
		if err == nil || !channel.TroubleOf(err).Unclear {
			t.Errorf("%s: %v; want it to be unclear, so that nobody sends it again", do, err)
		}
	}
}

func TestCheckSaysWhoTheBridgeIs(t *testing.T) {
	c, _, _ := heard(t)
	if p, err := c.Check(t.Context()); err != nil || p.Note == "" || p.Handle != "Guest book" || p.RemoteID != "hook:Guest book" {
		t.Errorf("without a callback: %+v, %v", p, err)
	}
	for body, ok := range map[string]bool{`{}`: true, `{"name":"The Guest Book","url":"https://x.example","limits":{"text":500}}`: true,
		`null`: false, ``: false, `"x"`: false, `<html>`: false} {
		c, _ := against(t, nil, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		p, err := c.Check(t.Context())
		if (err == nil) != ok {
			t.Errorf("%q: %v", body, err)
		}
		if strings.Contains(body, "limits") && (p.Name != "The Guest Book" || p.Limits.Text != 500 || p.Limits.Unit != "graphemes" || p.RemoteID != "hook:x") {
			t.Errorf("profile %+v", p)
		}
	}
}

func TestABridgeThatHangsIsLeftInTime(t *testing.T) {
	c, _ := against(t, nil, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	_, err := c.(channel.Replier).Reply(ctx, question)
	if tr := channel.TroubleOf(err); err == nil || !tr.Unclear {
		t.Errorf("%v; want it to be unclear", err)
	}
}
