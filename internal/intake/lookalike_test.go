package intake_test

import (
	"encoding/json"
	"testing"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/triage"
)

func TestWhoPosesAsUsIsMarkedAndNeverHidden(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		a := h.Account(t, "hook", "@acme_help")
		by := func(id, handle, text string) channel.Event {
			e := said(id, handle, text)
			e.Message.From = channel.Identity{RemoteID: "far:" + handle, Handle: handle, Name: handle}
			return e
		}
		ours := by("own", "@acme_help", "Thank you!")
		ours.Message.From.RemoteID = a.RemoteID
		events := []channel.Event{by("posing", "@acme_heIp_official", "Thank you!"), by("honest", "@grace_hill", "My parcel is late"), ours}
		if err := h.Intake.Take(t.Context(), a, events, nil); err != nil {
			t.Fatal(err)
		}
		list, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), a.ID, []string{"posing", "honest", "own"})
		if err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]string{"posing": "our @acme_help", "honest": "", "own": ""} {
			var is triage.Assessment
			if err := json.Unmarshal([]byte(list[id].Assessment), &is); err != nil || is.Lookalike != want {
				t.Errorf("%s looks like %q, want %q, %v", id, is.Lookalike, want, err)
			}
			c, err := h.Desk.Conversation(t.Context(), h.Boss, list[id].Conversation)
			if err != nil {
				t.Fatal(err)
			}
			if want != "" && (c.State != desk.Open || c.Urgency != desk.Today || is.Reasons[0].Words[0] != "@acme_heIp_official") {
				t.Errorf("%s is %s and %s because of %+v", id, c.State, c.Urgency, is.Reasons)
			}
		}
	})
}

// A name on a network is given up and taken by somebody else: who is meant is the id that never changes.
func TestAHandleThatSomebodyElseTookIsAnotherContact(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		a := h.Account(t, "hook", "@acme_help")
		by := func(id, remote, handle string) channel.Event {
			e := said(id, remote, "Where is my parcel?")
			e.Message.From.Handle, e.Message.From.Name = handle, "Kim Miller"
			return e
		}
		for _, e := range []channel.Event{by("first", "id-1", "@kim"), by("moved", "id-1", "@kim_m"), by("taken", "id-2", "@kim")} {
			if err := h.Intake.Take(t.Context(), a, []channel.Event{e}, nil); err != nil {
				t.Fatal(err)
			}
		}
		list, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), a.ID, []string{"first", "moved", "taken"})
		if err != nil {
			t.Fatal(err)
		}
		whose := map[string]any{}
		for id, m := range list {
			c, err := h.Desk.Conversation(t.Context(), h.Boss, m.Conversation)
			if err != nil {
				t.Fatal(err)
			}
			whose[id] = c.Contact
		}
		if whose["first"] != whose["moved"] || whose["first"] == whose["taken"] {
			t.Errorf("they are of %v", whose)
		}
	})
}
