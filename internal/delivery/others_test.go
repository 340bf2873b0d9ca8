package delivery_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	email "switchboard/internal/sim/email"
	"switchboard/internal/sim/far"
	"switchboard/internal/staff"
	"switchboard/internal/writing"
)

// writesTo has Rowan write a mail in which others are, and returns the conversation.
func (s *side) writesTo(t testing.TB, id, text string, cc ...string) desk.ConversationID {
	t.Helper()
	l := email.Letter{ID: id + "@far.example", From: "rowan@far.example", Name: "Rowan", To: s.post.Address, Cc: cc, Subject: "The fair", Text: text}
	if id != "first" {
		l.Answers = "first@far.example"
	}
	raw, err := l.Write(s.post)
	must(t, err)
	must(t, s.post.Deliver(raw))
	c, _ := s.heard(t, text)
	return c
}

// offered are the others to whom an answer can go, those of earlier mails in brackets.
func (w *world) offered(t testing.TB, c desk.ConversationID) (out []string) {
	t.Helper()
	said, err := desk.MessagesOf(t.Context(), w.Store.Read(), c, 100)
	must(t, err)
	parent, err := desk.LastInbound(t.Context(), w.Store.Read(), c)
	must(t, err)
	of, err := w.Desk.Conversation(t.Context(), w.Boss, c)
	must(t, err)
	list, more, err := w.Delivery.Others(t.Context(), of, parent, said)
	if err != nil || more != 0 {
		t.Fatalf("others: %d more, %v", more, err)
	}
	for _, o := range list {
		if o.Earlier {
			o.RemoteID = "(" + o.RemoteID + ")"
		}
		out = append(out, o.RemoteID)
	}
	return out
}

// An answer goes to those in the mail whom its writer names, and to them in one mail; to nobody of the house, and to nobody who was in
// no mail.
func TestAnAnswerGoesToThoseInTheMailWhoAreNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s, press := w.side(t, "email", "fair"), &email.Server{Address: "press@fair.example", Now: w.clock.Now}
		must(t, press.Start())
		t.Cleanup(func() { _ = press.Close() })
		var settings map[string]any
		must(t, json.Unmarshal(press.Settings(), &settings))
		settings["aliases"], settings["reply_to"] = "media@fair.example", "desk@fair.example"
		w.connect(t, "email", settings)

		c := s.writesTo(t, "first", "Who comes to the fair?", "Anna Berg <Anna@far.example>", "ben@far.example", "press@fair.example", "Media@fair.example", "desk@fair.example")
		if got := w.offered(t, c); !slices.Equal(got, []string{"anna@far.example", "ben@far.example"}) {
			t.Errorf("an answer can go to %v", got)
		}
		for _, stranger := range []string{"eve@evil.example", "press@fair.example", "media@fair.example", "rowan@far.example", ""} {
			if _, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "We do.", Cc: []string{"ben@far.example", stranger}}); !fault.Is(err, fault.Invalid) {
				t.Errorf("to %q too: %v", stranger, err)
			}
		}
		alone := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "Only you."}).ID, delivery.Sent, time.Minute)
		d := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "We all do.", Cc: []string{"ANNA@far.example", "anna@far.example"}, Force: true}).ID, delivery.Sent, time.Minute)
		to := map[string]string{}
		for _, e := range s.record.Entries() {
			to[strings.TrimSpace(e.Text)] += e.To
		}
		if to["Only you."] != "rowan@far.example" || to["We all do."] != "rowan@far.example, Anna@far.example" {
			t.Errorf("they went to %v", to)
		}
		list, err := desk.Messages(t.Context(), w.Store.Read(), []desk.MessageID{alone.Message, d.Message})
		must(t, err)
		if first, all := list[alone.Message].Rest.To, list[d.Message].Rest.To; len(first) != 0 || !slices.ContainsFunc(all, func(i channel.Identity) bool { return i.Name == "Anna Berg" }) {
			t.Errorf("the messages are to %+v and %+v", first, all)
		}
		// Whom a later mail leaves out can be answered still, and is told apart.
		s.writesTo(t, "second", "And who brings the tent?", "cleo@far.example")
		if got := w.offered(t, c); !slices.Equal(got, []string{"cleo@far.example", "(anna@far.example)", "(ben@far.example)"}) {
			t.Errorf("then an answer can go to %v", got)
		}
		// Who was chosen for the mail before that is not written to now, unless their writer has looked.
		early := delivery.Draft{Text: "Bring it, Anna.", Cc: []string{"anna@far.example"}, CcFor: d.Parent}
		if _, err := w.Delivery.Reply(t.Context(), w.Boss, c, early); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "written again") {
			t.Errorf("chosen for an earlier mail it is %v", err)
		}
		early.Force, early.Undo = true, 30*time.Second
		_, err = w.Delivery.Cancel(t.Context(), w.Boss, w.reply(t, c, early).ID)
		must(t, err)
		last := w.reply(t, c, delivery.Draft{Text: "Ben brings it.", Cc: []string{"ben@far.example", "cleo@far.example"}, Undo: 30 * time.Second})
		if got := last.Content.Cc; len(got) != 2 || got[0].RemoteID != "ben@far.example" {
			t.Errorf("it waits for %+v", got)
		}
		_, err = w.Delivery.Cancel(t.Context(), w.Boss, last.ID)
		must(t, err)
		if drafts, err := w.Writing.Of(t.Context(), w.Boss, c); err != nil || len(drafts) != 1 || !slices.Equal(drafts[0].Content.Cc, []string{"ben@far.example", "cleo@far.example"}) || drafts[0].Content.CcFor != last.Parent {
			t.Errorf("taken back it is %+v, %v", drafts, err)
		}
	})
}

// Who is in copy and answers all has a conversation of their own, under their own name and in the same thread: either is found from the
// other, and an answer there can go to who wrote first.
func TestWhoIsInCopyAndAnswersHasAConversationOfTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "email", "copy")
		c := s.writesTo(t, "first", "Who comes to the fair?", "anna@far.example")
		d := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "We do.", Cc: []string{"anna@far.example"}}).ID, delivery.Sent, time.Minute)
		raw, err := email.Letter{ID: "all@far.example", From: "anna@far.example", Name: "Anna Berg", To: s.post.Address, Cc: []string{"rowan@far.example"},
			Subject: "Re: The fair", Text: "I bring the tent.", Answers: d.RemoteID, References: []string{"first@far.example"}}.Write(s.post)
		must(t, err)
		must(t, s.post.Deliver(raw))
		hers, m := s.heard(t, "I bring the tent.")
		is := func(id desk.ConversationID) desk.Conversation {
			got, err := w.Desk.Conversation(t.Context(), w.Boss, id)
			must(t, err)
			return got
		}
		if a, b := is(c), is(hers); hers == c || a.Contact == b.Contact || a.Thread != b.Thread {
			t.Fatalf("they are %+v and %+v", a, b)
		}
		list, err := desk.Messages(t.Context(), w.Store.Read(), []desk.MessageID{m})
		must(t, err)
		if from, err := desk.SaidBy(t.Context(), w.Store.Read(), list[m]); err != nil || from.Name != "Anna Berg" || from.RemoteID != "anna@far.example" {
			t.Errorf("it was said by %+v, %v", from, err)
		}
		for from, to := range map[desk.ConversationID]desk.ConversationID{c: hers, hers: c} {
			said, err := desk.MessagesOf(t.Context(), w.Store.Read(), from, 100)
			must(t, err)
			rows, err := w.Desk.InTheSameMail(t.Context(), w.Boss, is(from), said)
			if err != nil || len(rows) != 1 || rows[0].ID != to {
				t.Errorf("in the same mail are %+v, %v", rows, err)
			}
			if rows, err := w.Desk.InTheSameMail(t.Context(), staff.Actor{Person: 7, Role: staff.Member}, is(from), said); err != nil || len(rows) != 0 {
				t.Errorf("who may see neither sees %+v, %v", rows, err)
			}
		}
		if got := w.offered(t, hers); !slices.Equal(got, []string{"rowan@far.example"}) {
			t.Errorf("an answer to her can go to %v", got)
		}
	})
}

// A mail that bears our own address as its sender's is answered to nobody: those in it were named by no one of us.
func TestAMailInOurOwnNameIsAnsweredToNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "email", "forged")
		raw, err := email.Letter{ID: "first@far.example", From: s.post.Address, Name: "The form", To: s.post.Address, Cc: []string{"anna@far.example", "ben@far.example"},
			Subject: "The fair", Text: "Who comes to the fair?"}.Write(s.post)
		must(t, err)
		must(t, s.post.Deliver(raw))
		c, _ := s.heard(t, "Who comes to the fair?")
		d := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "We do."}).ID, delivery.Failed, time.Minute)
		if !strings.Contains(d.Reason, "name somebody") || s.record.Len() != 0 {
			t.Errorf("%d went out; it says %q", s.record.Len(), d.Reason)
		}
		w.becomes(t, w.reply(t, c, delivery.Draft{Text: "We all do.", Cc: []string{"ben@far.example"}}).ID, delivery.Sent, time.Minute)
		if got := s.record.Entries(); len(got) != 1 || got[0].To != "ben@far.example" {
			t.Errorf("it went to %+v", got)
		}
	})
}

// Where a channel answers only who wrote, nobody else can be named.
func TestWhereOnlyWhoWroteIsAnsweredNobodyElseIs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c, _ := w.side(t, "hook", "alone").asks(t, "ann", "Which?", true)
		if _, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "This.", Cc: []string{"ben"}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("it is %v", err)
		}
	})
}

// A mail that not everybody can have goes to nobody, and says whom it is about; one whose answer is lost is found; one that came back
// from one of several is not sent again to the others.
func TestAMailToSeveralIsSentOnceOrNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "email", "several")
		s.post.Unknown = []string{"ben@far.example"}
		c := s.writesTo(t, "first", "Who comes to the fair?", "anna@far.example", "ben@far.example")
		d := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "We do.", Cc: []string{"anna@far.example", "ben@far.example"}}).ID, delivery.Failed, time.Minute)
		if !strings.Contains(d.Reason, "ben@far.example") || strings.Contains(d.Reason, "anna@") || s.record.Len() != 0 {
			t.Errorf("%d went out; it says %q", s.record.Len(), d.Reason)
		}
		s.faults.Set(far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1})
		d = w.becomes(t, w.reply(t, c, delivery.Draft{Text: "We do come.", Cc: []string{"anna@far.example"}}).ID, delivery.Sent, time.Minute)
		if n := s.entries("We do come."); n != 1 {
			t.Errorf("it was said %d times", n)
		}
		back := channel.Event{Kind: channel.Said, RemoteID: "back", At: w.clock.Now(), Message: channel.Message{RemoteID: "back", Kind: channel.Email, Private: true, Automatic: true,
			Text: "550 mailbox of anna is full", Bounce: d.RemoteID, Missed: []string{"anna@far.example"}, At: w.clock.Now(), From: channel.Identity{RemoteID: "daemon", Handle: "daemon"}}}
		must(t, w.Intake.Take(t.Context(), s.Account, []channel.Event{back}, nil))
		d = w.becomes(t, d.ID, delivery.Failed, time.Minute)
		if !strings.Contains(d.Reason, "at least one of them; the others may have it: the other side's server sent it back from anna@far.example: 550") || slices.Contains(w.Delivery.Can(t.Context(), w.Boss, d), "retry") {
			t.Errorf("it says %q, and one can %v", d.Reason, w.Delivery.Can(t.Context(), w.Boss, d))
		}
		if _, err := w.Delivery.Retry(t.Context(), w.Boss, d.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("sent again it is %v", err)
		}
	})
}

// Whose server takes nothing now is named while the mail waits for them: who wrote it can take it back, and write without them.
func TestWhomAMailWaitsForIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "email", "busy")
		s.post.Busy = []string{"ben@far.example"}
		c := s.writesTo(t, "first", "Who comes to the fair?", "anna@far.example", "ben@far.example")
		d := w.reply(t, c, delivery.Draft{Text: "We do.", Cc: []string{"anna@far.example", "ben@far.example"}})
		until(t, "it says why it waits", time.Minute, func() bool { d = w.one(t, d.ID); return d.Reason != "" })
		if d.State != delivery.Queued || !strings.Contains(d.Reason, "ben@far.example") || strings.Contains(d.Reason, "anna@") || s.record.Len() != 0 {
			t.Errorf("it is %s, %d went out; it says %q", d.State, s.record.Len(), d.Reason)
		}
	})
}

// Who is erased gets nothing of what has not left yet, and stands in no draft.
func TestWhoIsErasedGetsNoCopy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "email", "gone")
		c := s.writesTo(t, "first", "Who comes to the fair?", "anna@far.example", "ben@far.example")
		raw, err := email.Letter{ID: "hers@far.example", From: "anna@far.example", Name: "Anna Berg", To: s.post.Address, Subject: "Forget me", Text: "Take me out."}.Write(s.post)
		must(t, err)
		must(t, s.post.Deliver(raw))
		hers, _ := s.heard(t, "Take me out.")
		both := []string{"anna@far.example", "ben@far.example"}
		sent := w.becomes(t, w.reply(t, c, delivery.Draft{Text: "We do.", Cc: both}).ID, delivery.Sent, time.Minute)
		waits := w.reply(t, c, delivery.Draft{Text: "We all do.", Cc: both, Undo: time.Minute})
		_, err = w.Writing.Save(t.Context(), w.Boss, writing.Draft{Conversation: c, Kind: writing.Reply, Text: "And", Content: writing.Content{Cc: both, CcFor: waits.Parent}}, 0)
		must(t, err)
		is, err := w.Desk.Conversation(t.Context(), w.Boss, hers)
		must(t, err)
		_, err = w.Desk.Erase(t.Context(), w.Boss, is.Contact, "Anna Berg")
		must(t, err)
		if got := w.one(t, waits.ID).Content.Cc; len(got) != 1 || got[0].RemoteID != "ben@far.example" {
			t.Errorf("it waits for %+v", got)
		}
		if got := w.one(t, sent.ID).Content.Cc; len(got) != 2 {
			t.Errorf("what was sent went to %+v", got)
		}
		list, err := w.Writing.Of(t.Context(), w.Boss, c)
		if err != nil || len(list) != 1 || list[0].Text != "And" || list[0].Content.CcFor != waits.Parent || !slices.Equal(list[0].Content.Cc, []string{"ben@far.example"}) {
			t.Errorf("the draft is %+v, %v", list, err)
		}
	})
}

// Whom an answer is for is chosen before a word of it is written, and forgotten with what was sent.
func TestWhomADraftIsForIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "email", "drafts")
		c := s.writesTo(t, "first", "Who comes to the fair?", "anna@far.example")
		draft := writing.Draft{Conversation: c, Kind: writing.Reply, Content: writing.Content{Cc: []string{"anna@far.example"}}}
		_, err := w.Writing.Save(t.Context(), w.Boss, draft, 0)
		must(t, err)
		kept := func() []string {
			list, err := w.Writing.Of(t.Context(), w.Boss, c)
			if err != nil || len(list) > 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			return slices.Concat(list[0].Content.Cc)
		}
		if got := kept(); !slices.Equal(got, draft.Content.Cc) {
			t.Errorf("it is for %v", got)
		}
		if list, err := w.Writing.All(t.Context(), w.Boss); err != nil || len(list) != 0 {
			t.Errorf("nothing is written, and it is listed: %+v, %v", list, err)
		}
		w.reply(t, c, delivery.Draft{Text: "We do.", Cc: draft.Content.Cc})
		if got := kept(); len(got) != 0 {
			t.Errorf("after it was sent the next one is for %v", got)
		}
	})
}
