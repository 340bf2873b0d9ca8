package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/notify"
	"switchboard/internal/staff"
)

// An answer that comes back has failed: its conversation is open again, the journal says so once, and who wrote it is told. The
// news answers nothing, as a mail server's need not.
func TestAnAnswerThatComesBackIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "returns")
		c, _ := s.asks(t, "ann", "Where is my order?", true)
		d := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "It left this morning.", Then: desk.Closed}).ID, delivery.Sent, time.Minute)
		for _, id := range []string{"back1", "back2"} {
			back := channel.Event{Kind: channel.Said, RemoteID: id, At: w.clock.Now(), Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Automatic: true,
				Text: "550 no such user", Bounce: d.RemoteID, At: w.clock.Now(), From: channel.Identity{RemoteID: "daemon", Handle: "daemon"}}}
			if err := w.Intake.Take(t.Context(), s.Account, []channel.Event{back}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if d = w.one(t, d.ID); d.State != delivery.Failed || !strings.Contains(d.Reason, "550 no such user") || d.SentAt.IsZero() {
			t.Errorf("it is %s (%s), sent %v", d.State, d.Reason, d.SentAt)
		}
		if is, err := w.Desk.Conversation(t.Context(), w.Boss, c); err != nil || is.State != desk.Open || !is.Clock.Running() {
			t.Errorf("its conversation is %s, clock %q, %v", is.State, is.Clock.Kind, err)
		}
		list, err := journal.Of(t.Context(), w.Store.Read(), int64(c), 500)
		must(t, err)
		for what, want := range map[journal.What]int{journal.DeliveryFailed: 1, journal.Reopened: 1} {
			if n := len(slices.DeleteFunc(slices.Clone(list), func(e journal.Entry) bool { return e.What != what })); n != want {
				t.Errorf("%q stands in the journal %d times; want %d", what, n, want)
			}
		}
		// What a mail server says is not what the contact said: the next answer goes to them.
		if last, err := desk.LastInbound(t.Context(), w.Store.Read(), c); err != nil || last.Text != "Where is my order?" {
			t.Errorf("the last thing the contact said is %q, %v", last.Text, err)
		}
		if said, err := desk.LastAssessments(t.Context(), w.Store.Read(), []desk.ConversationID{c}); err != nil || said[c] == "" {
			t.Errorf("triage says of it %q, %v", said[c], err)
		}
		all, err := desk.MessagesOf(t.Context(), w.Store.Read(), c, 100)
		must(t, err)
		for _, m := range all {
			if m.Rest.Bounce == "" {
				continue
			}
			if _, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "To the server.", Parent: m.ID}); !fault.Is(err, fault.Invalid) {
				t.Errorf("the notice is answered: %v", err)
			}
		}
		w.becomes(t, w.reply(t, c, delivery.Draft{Text: "It leaves once more."}).ID, delivery.Sent, time.Minute)
		if got := s.record.Entries(); got[len(got)-1].To != got[0].To {
			t.Errorf("it went to %q, and the first to %q", got[len(got)-1].To, got[0].To)
		}
		until(t, "who wrote it is told", time.Minute, func() bool {
			page, err := w.Bell.List(t.Context(), w.Boss, "", true)
			must(t, err)
			return slices.ContainsFunc(page.Items, func(n notify.Told) bool {
				return n.Kind == "delivery" && n.What == journal.DeliveryFailed && n.Conversation == c
			})
		})
	})
}

// An answer that comes back after its department was retired opens its conversation with the operators.
func TestAnAnswerThatComesBackToADepartmentThatIsNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "returns")
		c, _ := s.asks(t, "ann", "Where is my order?", true)
		name := "Parcels"
		parcels, err := w.Staff.AddDepartment(t.Context(), w.Boss, staff.DepartmentChange{Name: &name})
		must(t, err)
		_, err = w.Desk.HandOver(t.Context(), w.Boss, c, parcels.ID, 0, "")
		must(t, err)
		d := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "It left this morning.", Then: desk.Closed}).ID, delivery.Sent, time.Minute)
		operator := w.Boss.Departments[0]
		must(t, w.Staff.RetireDepartment(t.Context(), w.Boss, parcels.ID, operator))
		back := channel.Event{Kind: channel.Said, RemoteID: "back", At: w.clock.Now(), Message: channel.Message{RemoteID: "back", Kind: channel.Direct, Private: true, Automatic: true,
			Text: "550 no such user", Bounce: d.RemoteID, At: w.clock.Now(), From: channel.Identity{RemoteID: "daemon", Handle: "daemon"}}}
		must(t, w.Intake.Take(t.Context(), s.Account, []channel.Event{back}, nil))
		if is, err := w.Desk.Conversation(t.Context(), w.Boss, c); err != nil || is.State != desk.Open || is.Department != operator {
			t.Errorf("its conversation is %s, with %s, %v", is.State, is.Department, err)
		}
	})
}
