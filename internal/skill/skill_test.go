package skill_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/skill"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
)

// read counts all that stands in the journal.
func read(t *testing.T, b *skill.Book) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); { // an entry can be read once all before it have ended
		if n, err := b.Read(t.Context()); err != nil {
			t.Fatal(err)
		} else if n == 0 {
			return
		}
	}
	t.Fatal("the journal has no end")
}

func TestWhatPeopleAnswerIsCountedOnceAndCanBeCountedAnew(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		ctx, a := t.Context(), h.Shared(t)
		name := "Zorgulon"
		if _, err := h.Topics.Add(ctx, h.Boss, topic.Change{Name: &name}); err != nil {
			t.Fatal(err)
		}
		bob := staff.PersonID(4711)
		for k := range 5 {
			id := fmt.Sprint("m", k)
			e := channel.Event{Kind: channel.Said, RemoteID: id, At: h.Desk.Now(), Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true,
				Text: "When will my zorgulon be repaired? The bill is wrong too", At: h.Desk.Now(), From: channel.Identity{RemoteID: id, Handle: "@" + id, Name: id}}}
			if err := h.Intake.Take(ctx, a, []channel.Event{e}, nil); err != nil {
				t.Fatal(err)
			}
			list, err := desk.MessagesByRemote(ctx, h.Store.Read(), a.ID, []string{id})
			if err != nil {
				t.Fatal(err)
			}
			h.Tx(t, func(tx *store.Tx) error {
				return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.Waiting, Conversation: int64(list[id].Conversation), Data: journal.Data("seconds", 100+k, "by", bob)},
					journal.Entry{Who: journal.Machine, What: journal.Closed, Conversation: int64(list[id].Conversation), Data: journal.Data("reason", "done")},                                        // nobody answered
					journal.Entry{Who: journal.Machine, What: journal.AnsweredByHand, Conversation: int64(list[id].Conversation), Data: journal.Data("how", "in the network's own app", "seconds", 9)}) // nobody knows who
			})
		}
		counted := func() map[skill.Kind]skill.Learned {
			t.Helper()
			b := &skill.Book{Store: h.Store, Now: h.Desk.Now, Log: h.Store.Log}
			read(t, b)
			all, err := b.Of(ctx)
			if err != nil || len(all) != 1 {
				t.Fatalf("%+v, %v", all, err)
			}
			out := map[skill.Kind]skill.Learned{}
			for _, l := range all[bob] {
				out[l.Kind] = l
			}
			return out
		}
		var got map[skill.Kind]skill.Learned
		for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if b := (&skill.Book{Store: h.Store, Now: h.Desk.Now, Log: h.Store.Log}); true {
				read(t, b)
				if all, err := b.Of(ctx); err == nil && len(all) == 1 && all[bob][0].Count == 5 {
					got = counted()
					break
				}
			}
		}
		k := got[skill.Topic]
		if k.Key != "zorgulon" || k.Count != 5 || k.Median < time.Minute || k.Median > 2*time.Minute || got[skill.Intent].Count != 5 {
			t.Fatalf("counted %+v", got)
		}
		if again := counted(); !reflect.DeepEqual(again, got) {
			t.Errorf("read again it is %+v", again)
		}
		if err := h.Skills.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		if anew := counted(); !reflect.DeepEqual(anew, got) {
			t.Errorf("counted anew it is %+v, was %+v", anew, got)
		}
	})
}
