package delivery_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// colleague is somebody who may answer, and has no right to speak for any account.
func (w *world) colleague(t testing.TB, name string) staff.Actor {
	t.Helper()
	r, err := w.Staff.Roster(t.Context())
	must(t, err)
	var all []staff.DepartmentID
	for _, d := range r.Departments() {
		all = append(all, d.ID)
	}
	return staff.Actor{Person: staff.PersonID(w.Store.IDs.Next()), Name: name, Role: staff.Member, Departments: all}
}

// Whoever switches between conversations and accounts, the account that was shown is the one that speaks, or nobody does (B9).
func TestTheAccountThatWasShownSpeaks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := rand.New(rand.NewPCG(9, 9))
		var sides []*side
		var talks []desk.ConversationID
		for k := range 4 {
			s := w.side(t, "hook", fmt.Sprintf("shown%d", k))
			c, _ := s.asks(t, "ann", "Which of you is this?", k%2 == 0)
			sides, talks = append(sides, s), append(talks, c)
		}
		n, refused := full(200, 1000), 0
		accepted := map[string]int{}
		var list []delivery.Delivery
		for k := range n {
			seen, at := r.IntN(len(sides)), r.IntN(len(talks)) // what the screen shows, and where the click lands
			text := fmt.Sprintf("It is us, number %d.", k)
			d, err := w.Delivery.Reply(t.Context(), w.Boss, talks[at], delivery.Draft{Text: text, As: sides[seen].ID, Force: true})
			switch {
			case err == nil && seen == at:
				accepted[text] = at
				list = append(list, d)
			case seen != at && fault.Is(err, fault.Conflict):
				refused++
			default:
				t.Fatalf("shown account %d, conversation of account %d: %v", seen, at, err)
			}
		}
		for _, d := range list {
			if is := w.ended(t, d.ID, time.Minute); is.State != delivery.Sent {
				t.Errorf("it is %s (%s)", is.State, is.Reason)
			}
		}
		wrong := 0
		for k, s := range sides {
			for _, e := range s.record.Entries() {
				if at, ok := accepted[e.Text]; !ok || at != k {
					wrong++
					t.Errorf("account %d said %q", k, e.Text)
				}
			}
		}
		t.Logf("%d switches, %d refused, %d wrong (95 %% bound %s)", n, refused, wrong, bound(n))
	})
}

// What was said in private is answered in private, whatever is done in whatever order, and notes never leave the house (B10).
func TestWhatIsPrivateStaysPrivate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n, each := full(60, 5000), 10 // sequences, on each of two databases, and calls in a sequence
		sides := []*side{w.side(t, "hook", "whisper"), w.side(t, "mastodon", "whisper"), w.side(t, "bluesky", "whisper")}
		type talk struct {
			c       desk.ConversationID
			m       desk.MessageID
			private bool
			s       *side
		}
		var talks []talk
		for _, s := range sides {
			for k, private := range []bool{true, false} {
				c, m := s.asks(t, fmt.Sprintf("ann%d", k), fmt.Sprintf("My number is 49-%d.", k), private)
				talks = append(talks, talk{c, m, private, s})
			}
		}
		member, words := w.colleague(t, "Mo Member"), 0
		var last []delivery.ID
		for seq := range n {
			r := rand.New(rand.NewPCG(uint64(seq), 10))
			for range each {
				x, y, who := talks[r.IntN(len(talks))], talks[r.IntN(len(talks))], w.Boss
				if r.IntN(3) == 0 {
					who = member
				}
				words++
				text := fmt.Sprintf("%s answer %d.", map[bool]string{true: "SECRET", false: "open"}[x.private], words)
				draft := delivery.Draft{Text: text, Force: r.IntN(2) == 0, Then: []desk.State{"", desk.Closed, desk.Open}[r.IntN(3)]}
				if r.IntN(2) == 0 {
					p := r.IntN(2) == 0
					draft.Private = &p
				}
				if r.IntN(3) == 0 {
					draft.Parent = y.m
				}
				if r.IntN(4) == 0 {
					draft.Undo = time.Second
				}
				switch r.IntN(8) {
				case 0:
					_, _ = w.Desk.WriteNote(t.Context(), who, x.c, "NOTE for us only")
				case 1:
					if len(last) > 0 {
						_, _ = w.Delivery.Approve(t.Context(), w.Boss, last[r.IntN(len(last))])
					}
				case 2:
					if len(last) > 0 {
						_, _ = w.Delivery.Cancel(t.Context(), who, last[r.IntN(len(last))])
					}
				case 3:
					if len(last) > 0 {
						_, _ = w.Delivery.Retry(t.Context(), who, last[r.IntN(len(last))])
					}
				default:
					if d, err := w.Delivery.Reply(t.Context(), who, x.c, draft); err == nil {
						last = append(last, d.ID)
						if x.private && !d.Private {
							t.Fatalf("an answer in a private conversation was accepted as public: %+v", draft)
						}
					}
				}
			}
			if len(last) > 200 {
				last = last[100:]
			}
		}
		for _, id := range last {
			w.ended(t, id, 2*time.Minute)
		}
		leaks, seen := 0, 0
		for _, s := range sides {
			for _, e := range s.record.Entries() {
				seen++
				if strings.Contains(e.Text, "SECRET") && !e.Private || strings.Contains(e.Text, "NOTE") {
					leaks++
					t.Errorf("%s published %+v", s.Channel, e)
				}
			}
		}
		if seen == 0 {
			t.Error("nothing was published at all")
		}
		t.Logf("%d sequences of %d calls, %d published, %d leaks (95 %% bound %s)", n, each, seen, leaks, bound(n))
	})
}

// Whose words wait for an approval waits, and goes out as it was written once somebody approves; it can be taken back before.
func TestHeldUntilApprovedAndTakenBackInTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "held")
		c, _ := s.asks(t, "ann", "May I?", false)
		member := w.colleague(t, "Mo Member")
		d, err := w.Delivery.Reply(t.Context(), member, c, delivery.Draft{Text: "You may. Grüße, Mo 👍"})
		must(t, err)
		if d.State != delivery.Held || d.Reason == "" {
			t.Fatalf("it is %s (%s)", d.State, d.Reason)
		}
		if _, err := w.Delivery.Approve(t.Context(), member, d.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("its author approved it: %v", err)
		}
		_, err = w.Delivery.Approve(t.Context(), w.Boss, d.ID)
		must(t, err)
		w.becomes(t, d.ID, delivery.Sent, 10*time.Second)
		if e := s.record.Entries(); len(e) != 1 || e[0].Text != d.Text {
			t.Errorf("published %+v", e)
		}
		if _, err := w.Delivery.Approve(t.Context(), w.Boss, d.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("approved twice: %v", err)
		}
		undone := w.reply(t, c, delivery.Draft{Text: "Forget it.", Undo: 30 * time.Second, Force: true})
		_, err = w.Delivery.Cancel(t.Context(), w.Boss, undone.ID)
		must(t, err)
		w.clock.advance(time.Minute)
		must(t, w.Delivery.Deliver(t.Context(), undone.ID))
		must(t, w.Delivery.Sweep(t.Context()))
		if is := w.one(t, undone.ID); is.State != delivery.Cancelled || s.entries(undone.Text) != 0 {
			t.Errorf("taken back, it is %s with %d entries", is.State, s.entries(undone.Text))
		}
	})
}

// The contact writes again while the answer is on its way: that is not answered by it, and the clock goes on.
func TestTheContactWritesAgainMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var h hooked
		w.Delivery.Before = h.before
		s := w.side(t, "hook", "again")
		c, _ := s.asks(t, "ann", "Where is my parcel?", true)
		d := w.reply(t, c, delivery.Draft{Text: "On its way.", Undo: time.Minute, Then: desk.Closed})
		h.set(d.ID, func(step string) {
			if step == "calling" {
				s.asks(t, "ann", "And where is my bill?", true)
			}
		})
		w.clock.advance(time.Minute)
		must(t, w.Delivery.Deliver(t.Context(), d.ID))
		if is := w.one(t, d.ID); is.State != delivery.Sent {
			t.Fatalf("it is %s (%s)", is.State, is.Reason)
		}
		is, err := w.Desk.Conversation(t.Context(), w.Boss, c)
		must(t, err)
		if is.State != desk.Open || is.Clock.Due.IsZero() {
			t.Errorf("the second question is unanswered, and the conversation is %s, due %v", is.State, is.Clock.Due)
		}
		answered := w.reply(t, c, delivery.Draft{Text: "Here is the bill."})
		w.becomes(t, answered.ID, delivery.Sent, 10*time.Second)
		is, err = w.Desk.Conversation(t.Context(), w.Boss, c)
		must(t, err)
		if is.State != desk.Waiting {
			t.Errorf("answered, it is %s", is.State)
		}
	})
}

// What somebody closed while an answer waited to leave stays closed; what was closed before the answer was written waits for the
// contact again.
func TestAnAnswerThatLeavesLateDoesNotUndoAClose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "late")
		d := s.later(t, "It was closed")
		shut, err := w.Desk.Close(t.Context(), w.Boss, d.Conversation, "")
		must(t, err)
		w.clock.advance(time.Minute)
		must(t, w.Delivery.Deliver(t.Context(), d.ID))
		is, err := w.Desk.Conversation(t.Context(), w.Boss, d.Conversation)
		must(t, err)
		if w.one(t, d.ID).State != delivery.Sent || is.State != desk.Closed || !is.ClosedAt.Equal(shut.ClosedAt.Truncate(time.Microsecond)) || is.AnsweredAt.IsZero() {
			t.Errorf("it is %s, closed at %v (%v), answered at %v", is.State, is.ClosedAt, shut.ClosedAt, is.AnsweredAt)
		}
		if told := w.journalled(t, d.Conversation); slices.Contains(told, journal.Waiting) {
			t.Errorf("the journal says %v", told)
		}
		again := w.reply(t, d.Conversation, delivery.Draft{Text: "One word more.", Force: true})
		w.becomes(t, again.ID, delivery.Sent, 10*time.Second)
		is, err = w.Desk.Conversation(t.Context(), w.Boss, d.Conversation)
		must(t, err)
		if is.State != desk.Waiting || !is.ClosedAt.IsZero() {
			t.Errorf("answered after it was closed, it is %s, closed at %v", is.State, is.ClosedAt)
		}
	})
}

// What waits for an account that is disconnected ends with a reason.
func TestADisconnectedAccountEndsWhatWaited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "gone")
		d := s.later(t, "too late")
		must(t, w.Book.Remove(t.Context(), w.Boss, s.ID, nil))
		w.clock.advance(time.Minute)
		must(t, w.Delivery.Deliver(t.Context(), d.ID))
		if is := w.one(t, d.ID); is.State != delivery.Failed || is.Reason == "" || s.entries(d.Text) != 0 {
			t.Errorf("it is %s (%s)", is.State, is.Reason)
		}
	})
}

// However short the time to undo, an answer never waits for the next look at what is due, which comes every few seconds only, and
// it never leaves early.
func TestAnAnswerWithAShortTimeToUndoWaitsForItsTimeAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "prompt")
		c, _ := s.asks(t, "bea", "How soon?", false)
		var list []delivery.Delivery
		for k := range 4 {
			list = append(list, w.reply(t, c, delivery.Draft{Text: fmt.Sprint("Soon ", k), Undo: time.Duration(k+1) * time.Second, Force: true}))
			var n int
			must(t, w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'deliver' AND state = 'scheduled'`).Scan(&n))
			if n > 0 {
				t.Errorf("%d wait to be looked at", n)
			}
		}
		for _, d := range list {
			if is := w.becomes(t, d.ID, delivery.Sent, 20*time.Second); is.StartedAt.Before(d.DueAt) {
				t.Errorf("it left %v early", d.DueAt.Sub(is.StartedAt))
			}
		}
	})
}
