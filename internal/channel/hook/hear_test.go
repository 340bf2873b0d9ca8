package hook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	bridge "switchboard/internal/sim/hook"
)

func TestWhatABridgeSaysWrongIsNamed(t *testing.T) {
	said := func(message string) string { return `{"events":[{"kind":"said","message":` + message + `}]}` }
	for name, tt := range map[string]struct{ body, want string }{
		"not JSON":                       {`events`, "the body: this is not JSON"},
		"nothing":                        {``, "the body: this is not JSON"},
		"a list":                         {`[]`, "the body: a list is not what belongs here"},
		"null":                           {`null`, `the body must be {"events": […]}`},
		"no events":                      {`{}`, `the body must be {"events": […]}`},
		"cut off":                        {good[:len(good)-4], "the body: this is not JSON"},
		"two bodies":                     {good + good, "something follows the JSON"},
		"an unknown field outside":       {`{"events":[],"mood":1}`, `the body: there is no field "mood"`},
		"an unknown field of an event":   {`{"events":[{"kind":"said","colour":"red"}]}`, `events[0]: there is no field "colour"`},
		"an unknown field of a message":  {said(`{"remoteId":"1","txt":"hello"}`), `events[0]: there is no field "txt"`},
		"an unknown field of a person":   {said(`{"remoteId":"1","from":{"id":"7"},"text":"x"}`), `there is no field "id"`},
		"a number for a text":            {said(`{"remoteId":"1","text":5}`), `the field "message.text" must not be a number`},
		"a null event":                   {`{"events":[null]}`, "events[0]: kind must be"},
		"an unknown kind of event":       {`{"events":[{"kind":"shouted"}]}`, `kind must be "said", "edited" or "deleted"`},
		"no message":                     {`{"events":[{"kind":"said"}]}`, "a said event needs a message"},
		"a deletion of nothing":          {`{"events":[{"kind":"deleted"}]}`, "remoteId is missing"},
		"a deletion with a message":      {`{"events":[{"kind":"deleted","remoteId":"1","message":{"remoteId":"1"}}]}`, "a deleted event has a remoteId and no message"},
		"two ids":                        {`{"events":[{"kind":"said","remoteId":"2","message":{"remoteId":"1","text":"x","from":{"remoteId":"a"}}}]}`, "not that of its message"},
		"no id":                          {said(`{"text":"x","from":{"remoteId":"a"}}`), "message: remoteId is missing"},
		"an id nobody can see":           {said(`{"remoteId":"a\u0000b","text":"x","from":{"remoteId":"a"}}`), "remoteId holds characters that cannot be seen"},
		"an id of half a character":      {said(`{"remoteId":"a\ud800","text":"x","from":{"remoteId":"a"}}`), "remoteId holds characters that cannot be seen"},
		"an id that climbs":              {said(`{"remoteId":"..","text":"x","from":{"remoteId":"a"}}`), "remoteId must not begin"},
		"an id that is too long":         {said(`{"remoteId":"` + strings.Repeat("x", 501) + `","text":"x","from":{"remoteId":"a"}}`), "remoteId is too long: at most 500 bytes"},
		"nobody":                         {said(`{"remoteId":"1","text":"x"}`), "from.remoteId is missing"},
		"nothing said":                   {said(`{"remoteId":"1","from":{"remoteId":"a"}}`), "text: there is nothing in it"},
		"an unknown kind of message":     {said(`{"remoteId":"1","text":"x","from":{"remoteId":"a"},"kind":"rant"}`), "kind must be one of post, reply"},
		"six stars":                      {said(`{"remoteId":"1","text":"x","from":{"remoteId":"a"},"rating":6}`), "rating must be 1 to 5"},
		"a script for an address":        {said(`{"remoteId":"1","text":"x","from":{"remoteId":"a"},"url":"javascript:alert(1)"}`), "url must be an address"},
		"a script for a face":            {said(`{"remoteId":"1","text":"x","from":{"remoteId":"a","avatar":"data:text/html,x"}}`), "from.avatar must be an address"},
		"a picture without an address":   {said(`{"remoteId":"1","text":"x","from":{"remoteId":"a"},"media":[{"type":"image/png"}]}`), "media[0].url: give an address"},
		"a time nobody can read":         {said(`{"remoteId":"1","text":"x","from":{"remoteId":"a"},"at":"yesterday"}`), "a time must look like"},
		"more than can be read at once":  {`{"events":[` + strings.Repeat(`{},`, 1000) + `{}]}`, "at most 1000"},
		"a text without end":             {said(`{"remoteId":"1","text":"` + strings.Repeat("x", textMost+1) + `","from":{"remoteId":"a"}}`), "text is too long"},
		"a million levels":               {strings.Repeat(`{"events":[`, 1_000_000/11*11/2)[:4<<20], "the body: "},
		"more than we read":              {`{"events":[],"` + strings.Repeat("x", bodyMost), "the body is larger than 5 MB"},
		"the fault named by its place":   {`{"events":[{"kind":"deleted","remoteId":"1"},{"kind":"deleted"}]}`, "events[1]: "},
		"an exclamation by another word": {`{"events":[{"Kind":1}]}`, `the field "kind" must not be a number`},
	} {
		t.Run(name, func(t *testing.T) {
			c, b, _ := heard(t)
			events, _, err := c.Hear(t.Context(), b.Call([]byte(tt.body)))
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.want) || events != nil {
				t.Errorf("Hear = %d events, %v; want none and %q", len(events), err, tt.want)
			}
		})
	}
}

func TestOnlyPostIsHeard(t *testing.T) {
	c, b, _ := heard(t)
	call := b.Call([]byte(good))
	call.Method = "GET"
	if _, _, err := c.Hear(t.Context(), call); !fault.Is(err, fault.Invalid) {
		t.Errorf("GET gives %v; want Invalid", err)
	}
	if _, a, err := c.Hear(t.Context(), b.Call([]byte(`{"events":[]}`))); err != nil || string(a.Body) != "{\"accepted\":0}\n" {
		t.Errorf("a call without events is the way to try the connection: %s, %v", a.Body, err)
	}
}

func TestAMessageIsFilledIn(t *testing.T) {
	c, b, clock := heard(t)
	now := clock.Now()
	for name, tt := range map[string]struct {
		event string
		want  func(e channel.Event) bool
	}{
		"a comment, if nothing is said of its kind": {`{"kind":"said","message":{"remoteId":"1","text":"x","from":{"remoteId":"a"}}}`,
			func(e channel.Event) bool {
				return e.Message.Kind == channel.Comment && e.Message.From.Name == "a" && e.Message.At.Equal(now)
			}},
		"a direct message, if it is private": {`{"kind":"said","message":{"remoteId":"1","text":"x","from":{"remoteId":"a"},"private":true}}`,
			func(e channel.Event) bool { return e.Message.Kind == channel.Direct && e.Message.Private }},
		"ours, without a sender": {`{"kind":"said","message":{"remoteId":"1","text":"x","own":true}}`,
			func(e channel.Event) bool { return e.Message.Own && e.Message.From.Name == "Guest book" }},
		"at the time of the event": {`{"kind":"said","at":"2026-10-08T10:30:00+02:00","message":{"remoteId":"1","text":"x","from":{"remoteId":"a"}}}`,
			func(e channel.Event) bool {
				return e.Message.At.Equal(now.Add(-30*time.Minute)) && e.At.Equal(e.Message.At) && e.At.Location() == time.UTC
			}},
		"now, if it claims to come from the future": {`{"kind":"said","at":"9999-01-01T00:00:00Z","message":{"remoteId":"1","text":"x","from":{"remoteId":"a"},"at":"2027-01-01T00:00:00Z"}}`,
			func(e channel.Event) bool { return e.Message.At.Equal(now) && e.At.Equal(now) }},
		"edited when the event says": {`{"kind":"edited","at":"2026-10-08T08:30:00Z","message":{"remoteId":"1","text":"x","from":{"remoteId":"a"},"at":"2026-10-01T00:00:00Z"}}`,
			func(e channel.Event) bool {
				return e.Message.EditedAt.Equal(now.Add(-30*time.Minute)) && e.Message.At.Day() == 1
			}},
		"text as it came, but for what no database takes": {`{"kind":"said","message":{"remoteId":"1","text":"a\u0000b \u202e\ud83d x\u200d","from":{"remoteId":"a","name":"A\u0000"}}}`,
			func(e channel.Event) bool {
				return e.Message.Text == "a\uFFFDb \u202e\uFFFD x\u200d" && e.Message.From.Name == "A\uFFFD"
			}},
		"gone": {`{"kind":"deleted","remoteId":"1"}`,
			func(e channel.Event) bool { return e.Kind == channel.Deleted && e.RemoteID == "1" && e.At.Equal(now) }},
		"with a picture that came along": {`{"kind":"said","message":{"remoteId":"1","from":{"remoteId":"a"},"text":"","media":[{"type":"image/png","body":"aGk=","alt":"hi"}]}}`,
			func(e channel.Event) bool {
				return string(e.Message.Media[0].Body) == "hi" && e.Message.Media[0].Size == 2
			}},
	} {
		t.Run(name, func(t *testing.T) {
			events, _, err := c.Hear(t.Context(), b.Call([]byte(`{"events":[`+tt.event+`]}`)))
			if err != nil || len(events) != 1 || !tt.want(events[0]) {
				t.Errorf("Hear = %+v, %v", events, err)
			}
		})
	}
}

func TestTheVersionIsOfWhatIsSeen(t *testing.T) {
	c, b, clock := heard(t)
	hear := func(message string) channel.Message {
		events, _, err := c.Hear(t.Context(), b.Call([]byte(`{"events":[{"kind":"edited","message":`+message+`}]}`)))
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
		return events[0].Message
	}
	one := hear(`{"remoteId":"1","text":"x","from":{"remoteId":"a"}}`)
	if two := hear(`{"remoteId":"1","text":"x","from":{"remoteId":"a","name":"Ann","followers":7},"editedAt":"2026-10-08T08:00:00Z"}`); two.Version != one.Version {
		t.Error("the same words are another version")
	}
	if two := hear(`{"remoteId":"1","text":"xy","from":{"remoteId":"a"}}`); two.Version == one.Version {
		t.Error("other words are the same version")
	}
	if two := hear(`{"remoteId":"1","text":"x","from":{"remoteId":"a"},"version":"v7"}`); two.Version != "v7" {
		t.Errorf("the bridge's own version is %q", two.Version)
	}
}

// TestOrderAndRepetitionChangeNothing: however a bridge cuts, repeats and shuffles its events, each comes out the same.
func TestOrderAndRepetitionChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := channeltest.NewClock()
		b := bridge.New("Guest book", secret, clock.Now)
		type said struct{ id, version string }
		var list []string
		for k := range rapid.IntRange(1, 30).Draw(t, "messages") {
			text, _ := json.Marshal(rapid.String().Draw(t, "text") + "x")
			kind := rapid.SampledFrom([]string{"said", "edited"}).Draw(t, "kind")
			list = append(list, fmt.Sprintf(`{"kind":%q,"at":"2026-10-08T08:00:00Z","message":{"remoteId":"%d","text":%s,"from":{"remoteId":"ann"}}}`, kind, k%7, text))
		}
		hear := func(events []string) []said {
			c, err := New(channel.Net{}).Open(channel.Opening{Settings: []byte(`{"name":"Guest book","secret":"` + secret + `"}`), Now: clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			var all []said
			for part := range slices.Chunk(events, rapid.IntRange(1, 10).Draw(t, "batch")) {
				got, _, err := c.(channel.Hearer).Hear(t.Context(), b.Call([]byte(`{"events":[`+strings.Join(part, ",")+`]}`)))
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range got {
					all = append(all, said{string(e.Kind) + e.RemoteID, e.Message.Version})
				}
			}
			slices.SortFunc(all, func(a, b said) int { return strings.Compare(a.id+a.version, b.id+b.version) })
			return slices.Compact(all)
		}
		mixed := rapid.Permutation(append(slices.Clone(list), list...)).Draw(t, "mixed")
		if once, mixed := hear(list), hear(mixed); !slices.Equal(once, mixed) {
			t.Fatalf("in order %v; shuffled and repeated %v", once, mixed)
		}
	})
}

// FuzzHear: whatever a bridge signs, it is refused or comes out whole.
func FuzzHear(f *testing.F) {
	for _, seed := range []string{good, `{"events":[{"kind":"deleted","remoteId":"1"}]}`, `{"events":[null,{}]}`, `{"events":{"a":1}}`,
		`{"events":[{"kind":"edited","at":"2026-10-08T08:00:00Z","message":{"remoteId":"é","own":true,"html":"<b>","media":[{"url":"http://x/","size":-1}],"memo":{"a":[1]},"to":[{"remoteId":"b"}]}}]}`} {
		f.Add([]byte(seed))
	}
	c, b, _ := heard(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		call := b.Call(bytes.Clone(body))
		events, _, err := c.Hear(t.Context(), call)
		if err != nil {
			if !fault.Is(err, fault.Invalid) || len(events) > 0 {
				t.Errorf("%d events and %v", len(events), err)
			}
			return
		}
		for _, e := range events {
			if e.RemoteID == "" || e.At.IsZero() || !json.Valid(e.Raw) {
				t.Errorf("%+v", e)
			}
			for _, s := range []string{e.Message.Text, e.Message.HTML, e.Message.Subject, e.Message.From.Name} {
				if clean(s) != s {
					t.Errorf("%q is no text", s)
				}
			}
		}
		again, _, err := c.Hear(t.Context(), call)
		if err != nil || len(again) != len(events) {
			t.Errorf("the same call again: %d events, %v", len(again), err)
		}
	})
}
