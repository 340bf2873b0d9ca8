package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/policy"
	"switchboard/internal/topic"
)

// on is which topics the conversation of a message is on.
func on(t *testing.T, h *apptest.House, key string) (desk.Conversation, []string) {
	t.Helper()
	list, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), h.Shared(t).ID, []string{key})
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.Desk.Conversation(t.Context(), h.Boss, list[key].Conversation)
	if err != nil {
		t.Fatal(err)
	}
	topics, err := topic.Of(t.Context(), h.Store.Read(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, o := range topics {
		keys = append(keys, o.Topic)
	}
	return c, keys
}

func TestATopicIsFoundAndTheMapAsksForIt(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		ctx, a := t.Context(), h.Shared(t)
		take := func(events ...channel.Event) {
			t.Helper()
			if err := h.Intake.Take(ctx, a, events, nil); err != nil {
				t.Fatal(err)
			}
		}
		take(said("before", "pia", "my zorgulon leaks"))
		name, other := "Zorgulon", "Blarf"
		k, err := h.Topics.Add(ctx, h.Boss, topic.Change{Name: &name, Phrases: &[]string{"zorgulon*"}})
		if err != nil {
			t.Fatal(err)
		}
		k2, err := h.Topics.Add(ctx, h.Boss, topic.Change{Name: &other})
		if err != nil {
			t.Fatal(err)
		}
		r, err := h.Staff.Roster(ctx)
		if err != nil {
			t.Fatal(err)
		}
		last := r.Departments()[len(r.Departments())-1]
		m, err := h.Policy.SetMap(ctx, h.Boss, policy.NewMap{Rows: []policy.Row{{Topic: k.Key, Department: last.ID}, {Topic: "old words", Department: last.ID}}})
		if err != nil {
			t.Fatal(err)
		}
		if m, err = h.Policy.Map(ctx, h.Boss); err != nil || len(m.Doubts) != 1 || m.Doubts[0].Row != 1 {
			t.Errorf("the row of a topic that is not in the dictionary says nothing: %+v, %v", m.Doubts, err)
		}
		take(said("after", "quinn", "my ZORGULONS leak"))
		if c, keys := on(t, h, "before"); len(keys) != 0 || c.Department == last.ID {
			t.Errorf("what came before is on %q", keys)
		}
		c, keys := on(t, h, "after")
		if !slices.Equal(keys, []string{k.Key}) || c.Department != last.ID || c.Decision.By != "map" {
			t.Errorf("on %q, put through by %s because %q", keys, c.Decision.By, c.Decision.Reasons)
		}
		if err := h.Topics.Correct(ctx, h.Boss, c.ID, []string{"blarf"}); err != nil {
			t.Fatal(err)
		}
		again := said("more", "quinn", "the zorgulon still leaks, and the blarf too")
		take(again)
		if _, keys := on(t, h, "after"); !slices.Equal(keys, []string{"blarf"}) {
			t.Errorf("what was taken off by hand came back: %q", keys)
		}
		for k := range 3 {
			id := fmt.Sprint("learn", k)
			take(said(id, id, "the quibbler hums"))
			c, _ := on(t, h, id)
			if err := h.Topics.Correct(ctx, h.Boss, c.ID, []string{k2.Key}); err != nil {
				t.Fatal(err)
			}
		}
		for k := range 40 {
			take(said(fmt.Sprint("noise", k), fmt.Sprint("noise", k), "where is my order"))
		}
		list, err := h.Topics.Suggestions(ctx, h.Boss)
		if err != nil || len(list) == 0 || list[0].Topic.Key != k2.Key || list[0].Count != 3 || list[0].Drop {
			t.Errorf("suggested is %+v, %v", list, err)
		}
	})
}

func TestAMessageNamesTheWordsItsTopicWasFoundBy(t *testing.T) {
	h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{})
	name := "Zorgulon"
	if _, err := h.Topics.Add(t.Context(), h.Boss, topic.Change{Name: &name}); err != nil {
		t.Fatal(err)
	}
	if err := h.Intake.Take(t.Context(), h.Shared(t), []channel.Event{said("one", "pia", "Where is my ZORGULON?")}, nil); err != nil {
		t.Fatal(err)
	}
	list, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), h.Shared(t).ID, []string{"one"})
	if err != nil {
		t.Fatal(err)
	}
	a := list["one"].Assessment
	for _, want := range []string{`"topics":["zorgulon"]`, `"names the topic Zorgulon"`, `["ZORGULON"]`} {
		if !strings.Contains(a, want) {
			t.Errorf("%s is not in %s", want, a)
		}
	}
}
