package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
)

// A message about two matters has one owner, and the other department is asked; the others have an owner alone.
func TestAMessageAboutTwoMattersHasOneOwnerAndARequest(t *testing.T) {
	apptest.Each(t, app.Options{Messages: 1 << 20}, func(t *testing.T, h *apptest.House) {
		r, err := h.Staff.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct{ text, owner, asked string }{
			"two matters": {"Hello, I was charged twice for order 4711, please refund one. Also I am a journalist and would like an interview with your CEO about the recall.",
				"Press and PR", "Accounts"},
			"an application beside a complaint":            {"My invoice is wrong. Do you have open positions for engineers? I would like to apply.", "People and careers", "Accounts"},
			"one matter":                                   {"Where is my order? It has still not arrived.", "Customer service", ""},
			"one matter in many words":                     {"My kettle is broken. It leaks since yesterday evening. How do I get it repaired?", "Customer service", ""},
			"what needs no answer is not asked of anybody": {"Thanks a lot for the lovely kettle! It makes wonderful tea every morning!", "", ""},
		} {
			id := fmt.Sprint("m", h.Store.IDs.Next())
			now := h.Desk.Now()
			e := channel.Event{Kind: channel.Said, RemoteID: id, At: now, Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: tt.text, At: now,
				From: channel.Identity{RemoteID: id, Handle: "@" + id, Name: id}}}
			if err := h.Intake.Take(t.Context(), h.Shared(t), []channel.Event{e}, nil); err != nil {
				t.Fatal(err)
			}
			m, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), h.Shared(t).ID, []string{id})
			if err != nil {
				t.Fatal(err)
			}
			c, list, err := h.Desk.Requests(t.Context(), h.Boss, m[id].Conversation)
			if err != nil {
				t.Fatal(err)
			}
			owner, _ := r.Department(c.Department)
			if tt.owner != "" && owner.Name != tt.owner {
				t.Errorf("%s: %s has it; want %s", name, owner.Name, tt.owner)
			}
			var asked []string
			for _, q := range list {
				d, _ := r.Department(q.Department)
				asked = append(asked, d.Name)
				if !q.From.IsZero() || q.State != desk.RequestOpen || !q.Due.After(now) || !strings.HasPrefix(q.Text, "This message also concerns you: ") {
					t.Errorf("%s: asked as %+v", name, q)
				}
			}
			if got := strings.Join(asked, ", "); got != tt.asked || len(c.Asked) != len(list) {
				t.Errorf("%s: asked of %q (%d said); want %q", name, got, len(c.Asked), tt.asked)
			}
		}
	})
}
