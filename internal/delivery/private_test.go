package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
)

// A public complaint goes on by direct message: the closing line waits for it, what comes back is in the same conversation, and
// nothing private is said in public.
func TestTakingAComplaintPrivate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, kind := range []string{"mastodon", "bluesky"} {
			s := w.side(t, kind, "aside")
			c, _ := s.asks(t, "ann", "My kettle burst! Call me on 030 1234567.", false)
			if _, err := w.Delivery.TakePrivate(t.Context(), w.Boss, c, delivery.Private{How: delivery.ByDirect, Text: "x", Closing: "We call you on 0301234567."}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: a closing line with their number: %v", kind, err)
			}
			list, err := w.Delivery.TakePrivate(t.Context(), w.Boss, c, delivery.Private{How: delivery.ByDirect, Text: "SECRET: what is your order number?", Closing: "We have sent you a message."})
			if err != nil || len(list) != 2 || list[1].State != delivery.Held {
				t.Fatalf("%s: %+v, %v", kind, list, err)
			}
			w.becomes(t, list[0].ID, delivery.Sent, time.Minute)
			last := w.becomes(t, list[1].ID, delivery.Sent, time.Minute)
			if last.Private || s.entries("We have sent you a message.") != 1 {
				t.Errorf("%s: the closing line is %+v", kind, last)
			}
			for _, e := range s.record.Entries() {
				if strings.Contains(e.Text, "SECRET") && !e.Private {
					t.Errorf("%s: said in public: %q", kind, e.Text)
				}
			}
			back, m := s.asks(t, "ann", "It is order 4711-"+kind, true)
			if back != c {
				t.Errorf("%s: what came back went to %v; want %v", kind, back, c)
			}
			pub := false
			if _, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "no", Parent: m, Private: &pub}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: answering it in public: %v", kind, err)
			}
			if d := w.reply(t, c, delivery.Draft{Text: "SECRET: a new one is on its way.", Force: true}); !d.Private {
				t.Errorf("%s: the answer is %+v", kind, d)
			}
		}
	})
}

// By e-mail the conversation goes on with an address that becomes the contact's once the mail was sent; taking the message back takes the line with it.
func TestTakingAComplaintToEmail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s, box := w.side(t, "mastodon", "crowd"), w.email(t, "desk", false)
		c, _ := s.asks(t, "ben", "Where is my parcel?", false)
		p := delivery.Private{How: delivery.ByEmail, Mailbox: box.ID, Address: "Ben@far.example", Subject: "Your parcel", Text: "It is at the depot.", Closing: "We have written to you.", Undo: time.Minute}
		known := func() int {
			t.Helper()
			list, err := contact.Known(t.Context(), w.Store.Read(), "email", []string{"ben@far.example"})
			must(t, err)
			return len(list)
		}
		list, err := w.Delivery.TakePrivate(t.Context(), w.Boss, c, p)
		if err != nil {
			t.Fatal(err)
		}
		if can := w.Delivery.Can(t.Context(), w.Boss, list[1]); slices.Contains(can, "approve") {
			t.Errorf("before the message is sent its closing line can be dealt with by %v", can)
		}
		if _, err := w.Delivery.Approve(t.Context(), w.Boss, list[1].ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("the closing line was let out before the message: %v", err)
		}
		if _, err := w.Delivery.Cancel(t.Context(), w.Boss, list[0].ID); err != nil {
			t.Fatal(err)
		}
		w.becomes(t, list[1].ID, delivery.Cancelled, time.Minute)
		if known() != 0 {
			t.Error("an address that nothing was sent to became the contact's")
		}
		p.Undo = 0
		if list, err = w.Delivery.TakePrivate(t.Context(), w.Boss, c, p); err != nil {
			t.Fatal(err)
		}
		w.becomes(t, list[0].ID, delivery.Sent, time.Minute)
		w.becomes(t, list[1].ID, delivery.Sent, time.Minute)
		if known() != 1 {
			t.Error("the address it was sent to is not the contact's")
		}
		lines, err := desk.LinesOf(t.Context(), w.Store.Read(), c)
		if err != nil || len(lines) != 1 || lines[0].Account != box.ID {
			t.Errorf("its lines are %+v, %v", lines, err)
		}
		box.faults.Set(far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1})
		if list, err = w.Delivery.TakePrivate(t.Context(), w.Boss, c, p); err != nil {
			t.Fatal(err)
		}
		w.becomes(t, list[0].ID, delivery.Unknown, time.Minute)
		if _, err := w.Delivery.Confirm(t.Context(), w.Boss, list[0].ID, true); err != nil {
			t.Fatal(err)
		}
		w.becomes(t, list[1].ID, delivery.Sent, time.Minute)
	})
}
