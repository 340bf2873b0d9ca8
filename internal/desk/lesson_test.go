package desk_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

// What is given back to the operators was wrong where it was, and teaches no more.
func TestWhatIsGivenBackToTheOperatorsTeachesNothing(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		r, err := h.Staff.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		accounts, press := h.Department(t, "Accounts"), h.Department(t, "Press and PR")
		for k, to := range []struct {
			department staff.DepartmentID
			lessons    int
		}{{accounts, 1}, {r.Operator().ID, 0}, {press, 1}} {
			c := arrive(t, h, "pupil", "where is my order")
			if k == 0 && c.Department == accounts {
				t.Fatal("it is with the accounts already")
			}
			if _, err := h.Desk.HandOver(t.Context(), h.Boss, c.ID, to.department, 0, "theirs"); err != nil {
				t.Fatal(err)
			}
			list, err := desk.Lessons(t.Context(), h.Store.Read(), desk.Budget{Corrections: 10})
			if err != nil || len(list) != to.lessons {
				t.Errorf("after it went to %v there are %d lessons, %v; want %d", to.department, len(list), err, to.lessons)
			}
		}
	})
}

// What a hand-over teaches are the words it is about: those it was decided by, not an impatient "hello??" after them, and after an answer
// the first that came since.
func TestWhatAHandOverIsLearnedOf(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, c := t.Context(), newCrew(t, h, now)
		accounts, press, service := h.Department(t, "Accounts"), h.Department(t, "Press and PR"), c.department("Print", 0, 2*time.Hour, "").ID
		const charged, impatient = "The zorgulon on my blarf twelve frobbles twice", "hello??"
		var n desk.Conversation
		says := func(text string) desk.MessageID {
			t.Helper()
			now.Add(time.Minute)
			n = arrive(t, h, "ann", text)
			return n.LastMessage
		}
		goes := func(what string, to staff.DepartmentID, want desk.MessageID) {
			t.Helper()
			now.Add(time.Minute)
			ok(t, second(h.Desk.HandOver(ctx, h.Boss, n.ID, to, 0, "theirs")))
			list := taught(t, h, plenty)
			if last := list[len(list)-1]; last.Department != to || last.Message != want {
				t.Errorf("%s: %v is learned of %q", what, last.Department, last.Text)
			}
		}
		first := says(charged)
		opened := n.ID
		says(impatient)
		if n.ID != opened || n.Decision.Message != first {
			t.Fatal("it is another conversation, or was decided anew")
		}
		goes("it was asked and asked again", accounts, first)
		says("Is anybody there?")
		for text, want := range map[string]bool{charged: true, impatient: false} {
			a, _ := h.Brain.Judge(triage.Input{Text: text})
			if got := a.Department() == accounts.String(); got != want {
				t.Errorf("somebody else's %q goes to them: %v", text, got)
			}
		}
		goes("they were wrong", press, first)
		now.Add(time.Minute)
		ok(t, second(h.Desk.AnsweredByHand(ctx, h.Boss, n.ID, "by telephone", time.Time{})))
		goes("it was answered, and nothing was said since", service, first)
		next := says("And the quonk of my glimmer?")
		says("Please?")
		goes("something else was asked after the answer", accounts, next)
		h.Tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE message SET deleted_at = 1, body = '' WHERE id = $1`, next)
			return err
		})
		goes("that is gone", press, n.LastMessage)
	})
}

// Of whose some words are, what was said last is learned and nothing else, also when the model is made anew of it all.
func TestWhatWasSaidLastIsLearned(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, c := t.Context(), newCrew(t, h, now)
		accounts, press := h.Department(t, "Accounts"), h.Department(t, "Press and PR")
		const odd = "The zorgulon on my blarf frobbles twice"
		n := arrive(t, h, "ann", odd)
		over := func(to staff.DepartmentID) {
			t.Helper()
			now.Add(time.Second)
			ok(t, second(h.Desk.HandOver(ctx, h.Boss, n.ID, to, 0, "theirs")))
		}
		learned := func(what string, want ...staff.DepartmentID) {
			t.Helper()
			list := taught(t, h, plenty)
			if len(list) != len(want) || len(want) == 1 && list[0].Department != want[0] {
				t.Fatalf("%s: learned is %+v; want %v", what, list, want)
			}
			ok(t, h.Brain.Train(ctx))
			if a, _ := h.Brain.Judge(triage.Input{Text: odd}); len(want) == 1 && a.Department() != want[0].String() || a.Learned != len(want) {
				t.Errorf("%s: it goes to %s, with %d corrections learned", what, a.Department(), a.Learned)
			}
		}
		back := func() { t.Helper(); ok(t, second(h.Desk.Undo(ctx, h.Boss, n.ID, "handover"))) }
		if n.Department != c.of("operators") {
			over(c.of("operators"))
		}
		over(accounts)
		back()
		learned("a mistake, taken back")
		over(accounts)
		learned("put through", accounts)
		over(press)
		learned("and put through again", press)
		back()
		learned("which was a mistake", accounts)
		over(c.of("operators"))
		learned("given back to the operators")
		back()
		learned("which was a mistake too", accounts)
		ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, n.ID, "complaint")))
		ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, n.ID, "billing")))
		if list := taught(t, h, plenty); len(list) != 2 || list[0].Department != accounts || list[1].Intent != "billing" {
			t.Errorf("of what it means and whose it is, learned is %+v", list)
		}
	})
}

// Whatever people do: of whose a message is and of what it means, one correction teaches at most; what is taken back leaves what was
// learned as it was; and what was asked and answered before stays learned.
func TestCorrectionsNeverContradictEachOther(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, c, r := t.Context(), newCrew(t, h, now), rand.New(rand.NewPCG(3, 6))
		to := []staff.DepartmentID{h.Department(t, "Accounts"), h.Department(t, "Press and PR"), c.of("operators")}
		seen := map[string]int{}
		for range 120 {
			now.Add(3 * time.Minute)
			n := arrive(t, h, []string{"ann", "bob", "cas"}[r.IntN(3)], "The zorgulon frobbles")
			for range 1 + r.IntN(3) {
				now.Add(time.Second)
				was, before := get(t, h, n.ID), taught(t, h, plenty)
				switch r.IntN(4) {
				case 0:
					ok(t, second(h.Desk.AnsweredByHand(ctx, h.Boss, n.ID, "by telephone", time.Time{})))
				case 1:
					ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, n.ID, desk.Intents()[r.IntN(4)])))
				default:
					is, err := h.Desk.HandOver(ctx, h.Boss, n.ID, to[r.IntN(3)], 0, "theirs")
					ok(t, err)
					said, err := desk.Messages(ctx, h.Store.Read(), messagesOf(before))
					ok(t, err)
					for _, l := range before {
						m := said[l.Message]
						if m.Conversation == n.ID && was.LastInAt.After(was.AnsweredAt) && m.At.Before(was.AnsweredAt) && !slices.Contains(taught(t, h, plenty), l) {
							t.Fatalf("what was answered is not learned any more: %+v", l)
						}
					}
					if r.IntN(2) == 0 && is.Department != was.Department {
						ok(t, second(h.Desk.Undo(ctx, h.Boss, n.ID, "handover")))
						if after := taught(t, h, plenty); !slices.Equal(after, before) {
							t.Fatalf("taken back, learned is\n%+v; it was\n%+v", after, before)
						}
						seen["undone"]++
					}
				}
				type matter struct {
					of     desk.MessageID
					intent bool
				}
				known := map[matter]bool{}
				for _, l := range taught(t, h, plenty) {
					m := matter{l.Message, l.Department.IsZero()}
					if known[m] {
						t.Fatalf("learned twice of one message: %+v", taught(t, h, plenty))
					}
					known[m] = true
				}
				seen["learned"] = max(seen["learned"], len(known))
			}
		}
		if seen["undone"] < 5 || seen["learned"] < 5 {
			t.Errorf("it shows little: %v", seen)
		}
	})
}

func messagesOf(list []desk.Lesson) (ids []desk.MessageID) {
	for _, l := range list {
		ids = append(ids, l.Message)
	}
	return ids
}
