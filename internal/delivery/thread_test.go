package delivery_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
	"switchboard/internal/store"
	"switchboard/internal/writing"
)

// parts are the deliveries of an answer in parts, in their order.
func (w *world) parts(t testing.TB, first delivery.Delivery) []delivery.Delivery {
	t.Helper()
	all, err := delivery.Of(t.Context(), w.Store.Read(), first.Conversation)
	must(t, err)
	list := slices.DeleteFunc(all, func(d delivery.Delivery) bool { return d.Thread != first.ID })
	slices.SortFunc(list, func(a, b delivery.Delivery) int { return a.Part - b.Part })
	return list
}

func states(list []delivery.Delivery) (out []delivery.State) {
	for _, d := range list {
		out = append(out, d.State)
	}
	return out
}

// An answer in parts is said in its order, each part once and as an answer to the one before, and the conversation is answered
// when all of it is said.
func TestAnAnswerInPartsIsSaidInItsOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, kind := range []string{"mastodon", "bluesky", "hook"} {
			s := w.side(t, kind, "parts"+kind)
			c, _ := s.asks(t, "ann", "What happened to my order?", false)
			if kind == "mastodon" {
				s.faults.Set(far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1}) // the first part's answer is lost: it is read back, not said again
			}
			texts := []string{"It began on Monday. (1/3)", "Then it rained. (2/3)", "Now it is there. (3/3)"}
			first := w.reply(t, c, delivery.Draft{Text: "It began on Monday. Then it rained. Now it is there.", Parts: texts, Then: desk.Closed})
			list := w.parts(t, first)
			if len(list) != 3 {
				t.Fatalf("%s: it is %d parts", kind, len(list))
			}
			last := w.becomes(t, list[2].ID, delivery.Sent, time.Minute)
			before := ""
			var at time.Time
			for k, d := range w.parts(t, first) {
				if n := s.entries(texts[k]); n != 1 {
					t.Errorf("%s: part %d was said %d times", kind, k+1, n)
				}
				if d.State != delivery.Sent || d.SentAt.Before(at) {
					t.Errorf("%s: part %d is %s, sent at %v after %v", kind, k+1, d.State, d.SentAt, at)
				}
				i := slices.IndexFunc(s.record.Entries(), func(e far.Entry) bool { return contains(e.Text, texts[k]) })
				e := s.record.Entries()[i]
				if k > 0 && e.ParentID != "" && e.ParentID != before || e.Private {
					t.Errorf("%s: part %d hangs on %q, not on %q", kind, k+1, e.ParentID, before)
				}
				before, at = e.ID, d.SentAt
			}
			is, err := w.Desk.Conversation(t.Context(), w.Boss, c)
			must(t, err)
			if is.State != desk.Closed || last.Message.IsZero() {
				t.Errorf("%s: in the end the conversation is %s", kind, is.State)
			}
		}
	})
}

// The reading side of Bluesky hears of a post a moment after the host that took it: the next part does not wait for that, and is not
// taken for an answer to something deleted.
func TestAPartFollowsOneThatIsNotShownYet(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "bluesky", "unseen")
		c, _ := s.asks(t, "ann", "What happened?", false)
		w.Delivery.Before = func(step string, d delivery.Delivery) {
			if step == "reading" && d.Part == 2 {
				s.faults.Set(far.Fault{On: "/xrpc/app.bsky.feed.getPosts", Do: far.Answer, Body: []byte(`{"posts":[]}`)})
			}
		}
		texts := []string{"Part one.", "Part two.", "Part three."}
		first := w.reply(t, c, delivery.Draft{Text: "All of it.", Parts: texts})
		w.becomes(t, w.parts(t, first)[2].ID, delivery.Sent, time.Minute)
		before := ""
		for k, e := range s.record.Entries() {
			if k > 0 && e.ParentID != before || !contains(e.Text, texts[k]) {
				t.Errorf("entry %d is %q and hangs on %q, not on %q", k+1, e.Text, e.ParentID, before)
			}
			before = e.ID
		}
	})
}

// What we said ourselves and took away again is not gone on from: a person looks at it.
func TestAPartDoesNotFollowOneThatWasDeleted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "bluesky", "withdrawn")
		c, _ := s.asks(t, "ann", "What happened?", false)
		w.Delivery.Before = func(step string, d delivery.Delivery) {
			if step == "reading" && d.Part == 2 {
				s.remove(s.record.Entries()[0].ID)
			}
		}
		first := w.reply(t, c, delivery.Draft{Text: "Both.", Parts: []string{"Part one.", "Part two."}})
		w.becomes(t, w.parts(t, first)[1].ID, delivery.Held, time.Minute)
		if n := s.entries("Part two."); n != 0 {
			t.Errorf("it was said %d times", n)
		}
	})
}

// If a part is refused those after it wait and say so, the conversation stays open, and after another try they go on.
func TestIfAPartIsRefusedTheRestWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "mastodon", "refused")
		c, _ := s.asks(t, "ann", "What happened?", false)
		var refused atomic.Bool
		w.Delivery.Before = func(step string, d delivery.Delivery) {
			if step == "reading" && d.Part == 2 && !refused.Swap(true) {
				s.faults.Set(far.Fault{On: far.Send, Do: far.Answer, Status: http.StatusUnprocessableEntity, Body: []byte(`{"error":"no"}`), Times: 1})
			}
		}
		first := w.reply(t, c, delivery.Draft{Text: "All of it.", Parts: []string{"Part one.", "Part two.", "Part three."}})
		second := w.becomes(t, w.parts(t, first)[1].ID, delivery.Failed, time.Minute)
		list := w.parts(t, first)
		if list[0].State != delivery.Sent || list[2].State != delivery.Queued || list[2].Reason == "" {
			t.Fatalf("they are %v, the last as %q", states(list), list[2].Reason)
		}
		w.clock.advance(time.Minute) // the watchdog finds nothing to do either
		must(t, w.Delivery.Sweep(t.Context()))
		if is, err := w.Desk.Conversation(t.Context(), w.Boss, c); err != nil || is.State != desk.Open || !is.Clock.Running() {
			t.Errorf("the conversation is %s, its clock %+v, %v", is.State, is.Clock, err)
		}
		if s.entries("Part three.") != 0 {
			t.Error("the third part is said without the second")
		}
		_, err := w.Delivery.Retry(t.Context(), w.Boss, second.ID)
		must(t, err)
		w.becomes(t, list[2].ID, delivery.Sent, time.Minute)
		for _, text := range []string{"Part one.", "Part two.", "Part three."} {
			if n := s.entries(text); n != 1 {
				t.Errorf("%q is said %d times", text, n)
			}
		}
	})
}

// A part whose worker's job is lost is found by the watchdog, once the one before it is sent.
func TestALostPartIsFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "lostpart")
		c, _ := s.asks(t, "ann", "What happened?", false)
		first := w.reply(t, c, delivery.Draft{Text: "Both.", Parts: []string{"Part one.", "Part two."}, Undo: 30 * time.Second})
		second := w.parts(t, first)[1]
		exec(t, w, `UPDATE delivery SET state = 'sent' WHERE id = $1`, first.ID) // as if whoever sent it had died between two things that are one
		w.clock.advance(2 * time.Minute)
		must(t, w.Delivery.Sweep(t.Context()))
		w.becomes(t, second.ID, delivery.Sent, time.Minute)
	})
}

// What is taken back in time never leaves, in parts or whole, and its words are where they were written.
func TestWhatIsTakenBackIsADraftAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "back")
		for name, d := range map[string]delivery.Draft{
			"whole":    {Text: "Too hasty.", Undo: 30 * time.Second},
			"in parts": {Text: "Too hasty. By far.", Parts: []string{"Too hasty.", "By far."}, Undo: 30 * time.Second},
		} {
			c, _ := s.asks(t, "ann "+name, "Which "+name+"?", false)
			u, err := w.Delivery.Keep(t.Context(), w.Boss, "a.png", []byte("\x89PNG\r\n\x1a\n"))
			must(t, err)
			d.Uploads, d.Alts = []delivery.UploadID{u.ID}, []string{"a door"}
			_, err = w.Writing.Save(t.Context(), w.Boss, writing.Draft{Conversation: c, Kind: writing.Reply, Text: d.Text}, 0)
			must(t, err)
			first := w.reply(t, c, d)
			if drafts, err := w.Writing.All(t.Context(), w.Boss); err != nil || len(drafts) != 0 {
				t.Errorf("%s: what is sent is a draft still: %+v, %v", name, drafts, err)
			}
			_, err = w.Delivery.Cancel(t.Context(), w.Boss, first.ID)
			must(t, err)
			drafts, err := w.Writing.All(t.Context(), w.Boss)
			must(t, err)
			if len(drafts) != 1 || drafts[0].Text != d.Text || len(drafts[0].Content.Files) != 1 || drafts[0].Content.Files[0].Alt != "a door" {
				t.Errorf("%s: taken back it is %+v", name, drafts)
			}
			for _, p := range w.parts(t, first) {
				if p.State != delivery.Cancelled {
					t.Errorf("%s: part %d is %s", name, p.Part, p.State)
				}
			}
			_, err = w.Writing.Save(t.Context(), w.Boss, writing.Draft{Conversation: c, Kind: writing.Reply}, 0)
			must(t, err)
		}
		w.clock.advance(time.Minute)
		must(t, w.Delivery.Sweep(t.Context()))
		if n := s.entries("Too hasty."); n != 0 {
			t.Errorf("it was said %d times", n)
		}
	})
}

// What somebody began to write meanwhile is not lost to what they take back, and another's words go to nobody but their author.
func TestTakingBackOverwritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "meanwhile")
		c, _ := s.asks(t, "ann", "Which?", false)
		first := w.reply(t, c, delivery.Draft{Text: "The first.", Undo: 30 * time.Second})
		_, err := w.Writing.Save(t.Context(), w.Boss, writing.Draft{Conversation: c, Kind: writing.Reply, Text: "Something else."}, 0)
		must(t, err)
		_, err = w.Delivery.Cancel(t.Context(), w.Boss, first.ID)
		must(t, err)
		if drafts, err := w.Writing.All(t.Context(), w.Boss); err != nil || len(drafts) != 1 || drafts[0].Text != "Something else." {
			t.Errorf("what was begun is %+v, %v", drafts, err)
		}
		mo := w.colleague(t, "Mo")
		held, err := w.Delivery.Reply(t.Context(), mo, c, delivery.Draft{Text: "Mine.", Parts: []string{"Mine.", "All mine."}})
		must(t, err)
		_, err = w.Delivery.Cancel(t.Context(), w.Boss, held.ID)
		must(t, err)
		if drafts, err := w.Writing.All(t.Context(), mo); err != nil || len(drafts) != 0 {
			t.Errorf("what the boss refused is a draft: %+v, %v", drafts, err)
		}
	})
}

// Words that wait for an approval are approved whole: all parts of them.
func TestPartsAreApprovedTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "approve")
		c, _ := s.asks(t, "ann", "Which?", false)
		held, err := w.Delivery.Reply(t.Context(), w.colleague(t, "Mo"), c, delivery.Draft{Text: "Both.", Parts: []string{"Part one.", "Part two."}})
		must(t, err)
		if got := states(w.parts(t, held)); !slices.Equal(got, []delivery.State{delivery.Held, delivery.Held}) {
			t.Fatalf("they are %v", got)
		}
		_, err = w.Delivery.Approve(t.Context(), w.Boss, held.ID)
		must(t, err)
		w.becomes(t, w.parts(t, held)[1].ID, delivery.Sent, time.Minute)
	})
}

func TestPartsThatCannotBeAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "mastodon", "limits")
		open, _ := s.asks(t, "ann", "Which?", false)
		secret, _ := s.asks(t, "bob", "Whisper?", true)
		for name, tt := range map[string]struct {
			c desk.ConversationID
			d delivery.Draft
		}{
			"one part is no thread":                     {open, delivery.Draft{Text: "a", Parts: []string{"a"}}},
			"nor are too many":                          {open, delivery.Draft{Text: "a", Parts: slices.Repeat([]string{"a"}, 26)}},
			"an empty part":                             {open, delivery.Draft{Text: "a", Parts: []string{"a", " "}}},
			"a part that is too long":                   {open, delivery.Draft{Text: "a", Parts: []string{"a", fmt.Sprintf("%0501d", 1)}}},
			"in private":                                {secret, delivery.Draft{Text: "a", Parts: []string{"a", "b"}}},
			"one that fits only without the name first": {open, delivery.Draft{Text: fmt.Sprintf("%0498d", 1)}},
		} {
			if _, err := w.Delivery.Reply(t.Context(), w.Boss, tt.c, tt.d); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Delivery.Reply(t.Context(), w.Boss, open, delivery.Draft{Text: "@ann " + fmt.Sprintf("%0495d", 1)}); err != nil {
			t.Errorf("with the name in it, it fits: %v", err)
		}
	})
}

// Whoever answers by hand in the network's own app has answered, too.
func TestAnAnswerByHandIsSeenBeforeASecondIsSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "hand")
		c, m := s.asks(t, "ann", "Which?", false)
		own := channel.Event{Kind: channel.Said, RemoteID: "by-hand-1", At: w.clock.Now(), Message: channel.Message{RemoteID: "by-hand-1", Kind: channel.Reply, Own: true,
			Text: "This one.", ParentID: w.remoteOf(t, m), At: w.clock.Now()}}
		must(t, w.Intake.Take(t.Context(), s.Account, []channel.Event{own}, nil))
		_, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "That one.", Seen: m})
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Kind != fault.Conflict || f.Name != delivery.AnsweredMeanwhile {
			t.Errorf("a second answer unseen: %v", err)
		}
	})
}

// exec changes the database behind everybody's back.
func exec(t testing.TB, w *world, query string, args ...any) {
	t.Helper()
	must(t, w.Store.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), query, args...)
		return err
	}))
}
