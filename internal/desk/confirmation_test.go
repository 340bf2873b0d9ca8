package desk_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// plenty is a budget that takes in all lessons of a test.
var plenty = desk.Budget{Corrections: 1000, Confirmations: 1000, Each: 1000}

// taught returns the lessons there are to learn from, the oldest first.
func taught(t *testing.T, h *apptest.House, b desk.Budget) []desk.Lesson {
	t.Helper()
	list, err := desk.Lessons(t.Context(), h.Store.Read(), b)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// borne are those of list that bear out a decision.
func borne(list []desk.Lesson) (out []desk.Lesson) {
	for _, l := range list {
		if l.Kind == desk.Confirmation {
			out = append(out, l)
		}
	}
	return out
}

// decided is a conversation that somebody begins, put through to a department as if it had been so decided, with what was thought
// likeliest.
func (c *crew) decided(by, to string, likely ...string) desk.Conversation {
	c.t.Helper()
	was := arrive(c.t, c.House, "ann"+id.Of[int](c.Store.IDs.Next()).String(), "Where is my order?")
	is := was
	is.Department, is.Person, is.MoveAt = c.of(to), 0, time.Time{}
	is.Decision = desk.Decision{Department: is.Department, By: by, Message: was.LastMessage}
	if by == "rule" {
		is.Decision.Rule, is.Decision.Ruled = "r", []string{"r"}
	}
	for _, d := range likely {
		is.Decision.Suggestions = append(is.Decision.Suggestions, desk.Suggestion{Department: c.of(d), Confidence: 0.5})
	}
	c.Tx(c.t, func(tx *store.Tx) error { return desk.Save(c.t.Context(), tx, desk.Change{Was: was, Is: is}) })
	return is
}

// of is a department by its name; the operators' is "operators".
func (c *crew) of(name string) staff.DepartmentID {
	c.t.Helper()
	if name == "operators" {
		r, err := c.Staff.Roster(c.t.Context())
		ok(c.t, err)
		return r.Operator().ID
	}
	return c.named[name].ID
}

func TestWhatTurnsOutRightIsLearned(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, c := t.Context(), newCrew(t, h, now)
		for _, d := range []string{"Billing", "Support", "Print"} {
			c.department(d, 0, 2*time.Hour, "")
		}
		bob := c.hire("Bob", "Billing", "", 9)
		answers := func(who staff.Actor, n desk.Conversation) error {
			return second(h.Desk.AnsweredByHand(ctx, who, n.ID, "by telephone", time.Time{}))
		}
		calls := func(who staff.Actor, n desk.Conversation) error {
			return second(h.Desk.NoteCall(ctx, who, n.ID, desk.Call{Reached: true, Said: "It is on its way."}, ""))
		}
		claims := func(who staff.Actor, n desk.Conversation) error { return second(h.Desk.Claim(ctx, who, n.ID)) }
		thrice := func(who staff.Actor, n desk.Conversation) error {
			ok(t, claims(who, n))
			ok(t, answers(who, n))
			return answers(who, n)
		}
		check := func(name string, who staff.Actor, do func(staff.Actor, desk.Conversation) error, want string, by, to string, likely ...string) {
			t.Helper()
			before := len(taught(t, h, plenty))
			n := c.decided(by, to, likely...)
			ok(t, do(who, n))
			list := taught(t, h, plenty)[before:]
			switch {
			case want == "" && len(list) != 0:
				t.Errorf("%s: it teaches %+v", name, list)
			case want != "" && (len(list) != 1 || list[0].Kind != desk.Confirmation || list[0].Department != c.of(want) || list[0].Message != n.Decision.Message || list[0].Contact != n.Contact):
				t.Errorf("%s: it teaches %+v, wanted that it is for %s", name, list, want)
			}
		}
		check("somebody of the likeliest department answers", bob, answers, "Billing", "model", "Billing", "Billing", "Support")
		check("by the map", bob, calls, "Billing", "map", "Billing", "Billing")
		check("it went on within the department", bob, answers, "Billing", "path", "Billing", "Billing")
		check("once, whatever follows", bob, thrice, "Billing", "model", "Billing", "Billing")
		check("a claim alone says nothing yet", bob, claims, "", "model", "Billing", "Billing")
		check("a rule decided", bob, answers, "", "rule", "Billing", "Billing")
		check("a person did", bob, answers, "", "person", "Billing")
		check("a stand-in answers", bob, answers, "", "model", "Billing", "Support", "Billing")
		check("somebody of no department helps out", h.Boss, answers, "", "model", "Billing", "Billing")

		manager := bob
		manager.Role = staff.Manager
		works := func(in ...staff.DepartmentID) {
			manager.Departments = in
			ok(t, second(h.Staff.ChangePerson(ctx, h.Boss, bob.Person, staff.PersonChange{Role: &manager.Role, Departments: &in})))
		}
		works(c.of("Billing"))
		check("taken from the operators by a department suggested", manager, claims, "Billing", "operator", "operators", "Support", "Billing")
		check("the same, answered too", manager, thrice, "Billing", "operator", "operators", "Billing")
		check("taken from the operators by another", manager, claims, "", "operator", "operators", "Support")
		works(c.of("Billing"), c.of("Print"))
		check("by two of those suggested", manager, thrice, "", "operator", "operators", "Print", "Billing")
		works(c.of("Billing"), c.of("operators"))
		check("an operator deals with it", manager, thrice, "", "operator", "operators", "Billing")
		check("and with what is the operators' own", manager, answers, "", "model", "operators", "operators")
		h.Desk.MadeUp = h.Shared(t).Channel
		check("of made-up customers", manager, answers, "", "model", "Billing", "Billing")
	})
}

// A correction takes the place of what was borne out before it, and taking back a claim takes back what the claim said.
func TestWhatIsCorrectedWasNotBorneOut(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, c := t.Context(), newCrew(t, h, now)
		for _, d := range []string{"Billing", "Support"} {
			c.department(d, 0, 2*time.Hour, "")
		}
		bob := c.hire("Bob", "Billing", "", 9)
		answered := func() desk.Conversation {
			n := c.decided("model", "Billing", "Billing")
			ok(t, second(h.Desk.AnsweredByHand(ctx, bob, n.ID, "by telephone", time.Time{})))
			if len(borne(taught(t, h, plenty))) != 1 {
				t.Fatal("it was not borne out")
			}
			return n
		}
		n := answered()
		ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, n.ID, "complaint")))
		if list := taught(t, h, plenty); len(list) != 2 {
			t.Errorf("what it means says nothing of whose it is: %+v", list)
		}
		ok(t, second(h.Desk.HandOver(ctx, h.Boss, n.ID, c.of("Support"), 0, "theirs")))
		if list := taught(t, h, plenty); len(list) != 2 || len(borne(list)) != 0 || list[1].Department != c.of("Support") {
			t.Errorf("after it was handed over: %+v", list)
		}
		n = answered()
		ok(t, second(h.Desk.HandOver(ctx, h.Boss, n.ID, c.of("operators"), 0, "not theirs")))
		if list := taught(t, h, plenty); len(list) != 2 {
			t.Errorf("after it was given back to the operators: %+v", list)
		}
		role := staff.Manager
		p, err := h.Staff.ChangePerson(ctx, h.Boss, bob.Person, staff.PersonChange{Role: &role})
		ok(t, err)
		bob.Role = p.Role
		n = c.decided("operator", "operators", "Billing")
		for range 2 {
			ok(t, second(h.Desk.Claim(ctx, bob, n.ID)))
			if len(borne(taught(t, h, plenty))) != 1 {
				t.Error("the claim did not bear it out")
			}
			ok(t, second(h.Desk.Undo(ctx, bob, n.ID, "claim")))
			if len(borne(taught(t, h, plenty))) != 0 {
				t.Error("taking back the claim did not take back what it said")
			}
		}
		n = answered()
		ok(t, second(h.Desk.Erase(ctx, h.Boss, n.Contact, contact.Shown(theContact(t, h, n.Contact).Name, ""))))
		if list := taught(t, h, plenty); len(borne(list)) != 0 {
			t.Errorf("after they were erased: %+v", list)
		}
	})
}

// Whatever people do: a conversation bears out one decision at most and none that was corrected, and what an older model knew is
// counted later as it was then.
func TestWhatAnOlderModelKnewIsCountedAsItWasThen(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, c, r := t.Context(), newCrew(t, h, now), rand.New(rand.NewPCG(11, 23))
		for _, d := range []string{"Billing", "Support"} {
			c.department(d, 0, 2*time.Hour, "")
		}
		bob := c.hire("Bob", "Billing", "", 9)
		b := desk.Budget{Corrections: 8, Confirmations: 5, Each: 4}
		type known struct {
			desk.Taught
			asOf int64
		}
		var before []known
		var talks []desk.Conversation
		for range 80 {
			now.Add(time.Minute)
			if len(talks) == 0 || r.IntN(3) == 0 {
				talks = append(talks, c.decided("model", "Billing", "Billing", "Support"))
			}
			n := talks[r.IntN(len(talks))]
			switch r.IntN(4) {
			case 0, 1:
				if desk.Works(bob, get(t, h, n.ID)) {
					ok(t, second(h.Desk.AnsweredByHand(ctx, bob, n.ID, "by telephone", time.Time{})))
				}
			case 2:
				was := get(t, h, n.ID)
				is, err := h.Desk.HandOver(ctx, h.Boss, n.ID, c.of([]string{"Billing", "Support", "operators"}[r.IntN(3)]), 0, "theirs")
				ok(t, err)
				if is.Department != was.Department && r.IntN(3) == 0 {
					ok(t, second(h.Desk.Undo(ctx, h.Boss, n.ID, "handover")))
				}
			default:
				ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, n.ID, desk.Intents()[r.IntN(5)])))
			}
			sum, err := desk.TaughtNow(ctx, h.Store.Read(), b)
			ok(t, err)
			if list := taught(t, h, b); desk.TaughtBy(list) != sum {
				t.Fatalf("%d lessons, told as %+v", len(list), sum)
			}
			before = append(before, known{sum, h.Store.IDs.Next()})
			seen, corrected := map[desk.MessageID]bool{}, map[desk.MessageID]bool{}
			for _, l := range taught(t, h, plenty) {
				corrected[l.Message] = corrected[l.Message] || l.Kind == desk.Correction && !l.Department.IsZero()
			}
			for _, l := range borne(taught(t, h, plenty)) {
				if seen[l.Message] || corrected[l.Message] {
					t.Fatalf("borne out twice, or although it was corrected: %+v", l)
				}
				seen[l.Message] = true
			}
		}
		for _, k := range before {
			if was, err := desk.TaughtAsOf(ctx, h.Store.Read(), k.Newest, k.asOf, b); err != nil || was != k.Taught {
				t.Errorf("there were %+v, and now there were %+v, %v", k.Taught, was, err)
			}
		}
	})
}

// A department that answers much leaves the others their places, and confirmations leave the corrections theirs.
func TestNoDepartmentCrowdsOutTheOthers(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		n := arrive(t, h, "ann", "Where is my order?")
		teach := func(kind desk.LessonKind, d, times int) {
			h.Tx(t, func(tx *store.Tx) error {
				for range times {
					if _, err := tx.ExecContext(t.Context(), `INSERT INTO lesson (id, message, contact, kind, department, intent, at) VALUES ($1, $2, 0, $3, $4, '', 0)`,
						h.Store.IDs.Next(), n.LastMessage, string(kind), d); err != nil {
						return err
					}
				}
				return nil
			})
		}
		teach(desk.Correction, 1, 3)
		teach(desk.Confirmation, 2, 4)
		teach(desk.Confirmation, 3, 30)
		count := map[desk.LessonKind]map[staff.DepartmentID]int{desk.Correction: {}, desk.Confirmation: {}}
		list := taught(t, h, desk.Budget{Corrections: 2, Confirmations: 10, Each: 5})
		for k, l := range list {
			count[l.Kind][l.Department]++
			if k > 0 && l.ID <= list[k-1].ID {
				t.Error("they are not in the order they were made")
			}
		}
		if got := count[desk.Confirmation]; count[desk.Correction][1] != 2 || got[2] != 4 || got[3] != 5 {
			t.Errorf("learned from are %v", count)
		}
	})
}
