package intake

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/channel"
)

// Wherever in a mail the link of an invitation, a new password or a question stands, it is not kept.
func TestALinkThatOpensSomethingIsNotKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.StringMatching(`[a-z2-7]{26}|[a-z2-7]{52}`).Draw(t, "token")
		link := "https://desk.acme.example/" + rapid.SampledFrom([]string{"join", "reset", "answer"}).Draw(t, "what") + "#" + token
		text := rapid.String().Draw(t, "before") + link + " " + rapid.String().Draw(t, "after")
		e := channel.Event{Kind: channel.Said, RemoteID: "1", Raw: []byte(`"` + token + `"`)}
		*rapid.SampledFrom([]*string{&e.Message.Text, &e.Message.HTML, &e.Message.Quoted, &e.Message.Subject}).Draw(t, "where") = text
		m := clean(e, time.Now())
		if kept := m.Message.Text + m.Message.HTML + m.Message.Quoted + m.Message.Subject + string(m.Raw); strings.Contains(kept, token) {
			t.Fatalf("%s is kept: %q", token, kept)
		}
	})
	plain := channel.Event{RemoteID: "1", Raw: []byte(`"x"`), Message: channel.Message{Text: "see https://acme.example/join#us and #answer"}}
	if m := clean(plain, time.Now()); m.Message.Text != plain.Message.Text || string(m.Raw) != `"x"` {
		t.Errorf("other words are touched: %q %s", m.Message.Text, m.Raw)
	}
}
