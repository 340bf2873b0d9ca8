package desk_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// idle needs no answer.
const idle = "Buy 10000 followers now, cheap: http://cheap.example"

// idled lets somebody say what needs no answer, until it is not the one in twenty that is shown to a person.
func idled(t *testing.T, h *apptest.House) desk.Conversation {
	t.Helper()
	for k := range 50 {
		if c := arrive(t, h, fmt.Sprintf("idle%d", k), idle); c.View() == "aside" {
			return c
		}
	}
	t.Fatal("what needs no answer is not set aside")
	return desk.Conversation{}
}

func lastTold(t *testing.T, h *apptest.House, id desk.ConversationID, what journal.What) string {
	t.Helper()
	list, err := journal.Of(t.Context(), h.Store.Read(), int64(id), 500)
	ok(t, err)
	data := ""
	for _, e := range list {
		if e.What == what {
			data = string(e.Data)
		}
	}
	return data
}

func TestUrgencyIsCorrected(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		was := arrive(t, h, "ann", "My order has not arrived. Where is it?")
		to := map[desk.Urgency]string{desk.Normal: "now", desk.Today: "now", desk.Now: "normal"}[was.Urgency]
		now.Add(time.Minute)
		c, err := h.Desk.CorrectUrgency(ctx, h.Boss, was.ID, to)
		if ok(t, err); c.Urgency.String() != to || c.Clock != was.Clock || c.View() != was.View() {
			t.Errorf("corrected to %s it is %+v", to, c)
		}
		if got, want := lastTold(t, h, c.ID, journal.UrgencyCorrected), fmt.Sprintf(`{"from":%q,"urgency":%q}`, was.Urgency, to); got != want {
			t.Errorf("the journal says %s, not %s", got, want)
		}
		if ids, _ := whole(t, h, h.Boss, desk.Query{View: desk.All, Filter: desk.Filter{Urgency: to}}); len(ids) != 1 {
			t.Error("it is not found by what it was corrected to")
		}
		if ids, _ := whole(t, h, h.Boss, desk.Query{View: desk.All, Filter: desk.Filter{Urgency: was.Urgency.String()}}); len(ids) != 0 {
			t.Error("it is found by what it was")
		}
		if _, err := h.Desk.CorrectUrgency(ctx, h.Boss, was.ID, to); err != nil || told(t, h, c.ID, journal.UrgencyCorrected) != 1 {
			t.Errorf("said again it is told %d times, %v", told(t, h, c.ID, journal.UrgencyCorrected), err)
		}
		refused(t, "an urgency there is not", second(h.Desk.CorrectUrgency(ctx, h.Boss, was.ID, "soon")), fault.Invalid)
		refused(t, "a language there is not", second(h.Desk.CorrectLanguage(ctx, h.Boss, was.ID, "german")), fault.Invalid)
		refused(t, "a need there is not", second(h.Desk.CorrectNeeds(ctx, h.Boss, was.ID, "")), fault.Invalid)
		for name, who := range map[string]staff.Actor{"a viewer": {Person: 3, Role: staff.Viewer}, "an agency": {Person: 4, Role: staff.Agency, Departments: []staff.DepartmentID{c.Department}},
			"a member of another department": {Person: 5, Role: staff.Member, Departments: []staff.DepartmentID{c.Department + 1}}} {
			for what, err := range map[string]error{"intent": second(h.Desk.CorrectIntent(ctx, who, c.ID, "praise")), "urgency": second(h.Desk.CorrectUrgency(ctx, who, c.ID, "today")),
				"language": second(h.Desk.CorrectLanguage(ctx, who, c.ID, "fr")), "needs": second(h.Desk.CorrectNeeds(ctx, who, c.ID, "none"))} {
				if err == nil {
					t.Errorf("%s could correct the %s", name, what)
				}
			}
		}
		if got := get(t, h, c.ID); !reflect.DeepEqual(got, c) {
			t.Errorf("what was refused changed it to %+v", got)
		}
	})
}

// What is corrected to need no answer rests; what needs one after all comes back and is due as if it had been seen at once.
func TestWhetherItNeedsAnAnswerIsCorrected(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		counted := func(when string, open, aside int) {
			t.Helper()
			if n, err := h.Desk.Count(ctx, h.Boss); err != nil || n.All != open || n.Aside != aside {
				t.Errorf("%s: %d are open and %d aside, not %d and %d, %v", when, n.All, n.Aside, open, aside, err)
			}
		}
		was := idled(t, h)
		n, err := h.Desk.Count(ctx, h.Boss)
		ok(t, err)
		open, aside := n.All, n.Aside
		now.Add(time.Hour)
		_, err = h.Desk.CorrectNeeds(ctx, h.Boss, was.ID, "must")
		ok(t, err)
		c, terms := get(t, h, was.ID), h.Desk.House.Terms(was.Department)
		if c.State != desk.Open || c.Needs != "must" || c.Clock.Kind != desk.FirstResponse || !c.Clock.Started.Equal(was.LastInAt) || !c.Clock.Due.Equal(terms.Hours.Add(was.LastInAt, terms.First)) {
			t.Errorf("what needs an answer after all is %s, needs %s, with the clock %+v", c.State, c.Needs, c.Clock)
		}
		if terms.MoveOn > 0 && c.MoveAt.IsZero() || terms.TakeBack > 0 && !c.Person.IsZero() && c.TakeBackAt.IsZero() {
			t.Errorf("it would lie with %v for ever: moves on %v, is taken back %v", c.Person, c.MoveAt, c.TakeBackAt)
		}
		if told(t, h, c.ID, journal.BroughtBack) != 1 || lastTold(t, h, c.ID, journal.NeedsCorrected) != `{"from":"none","needs":"must"}` {
			t.Errorf("the journal says %s", lastTold(t, h, c.ID, journal.NeedsCorrected))
		}
		counted("brought back", open+1, aside-1)

		ring(t, h) // it is late already: that its clock rings is nothing that somebody did
		_, err = h.Desk.Undo(ctx, h.Boss, c.ID, "needs")
		if ok(t, err); !reflect.DeepEqual(get(t, h, c.ID), was) {
			t.Errorf("taken back it is\n%+v; it was\n%+v", get(t, h, c.ID), was)
		}
		counted("and undone", open, aside)
		refused(t, "taking it back twice", second(h.Desk.Undo(ctx, h.Boss, c.ID, "needs")), fault.Conflict)

		_, err = h.Desk.CorrectNeeds(ctx, h.Boss, was.ID, "courtesy")
		ok(t, err)
		_, err = h.Desk.CorrectNeeds(ctx, h.Boss, was.ID, "none")
		ok(t, err)
		if c = get(t, h, was.ID); c.View() != "aside" || c.Clock.Running() || c.Resolution.Running() || c.Needs != "none" {
			t.Errorf("what needs no answer is %s, needs %s, with the clock %+v", c.View(), c.Needs, c.Clock)
		}
		counted("back and forth", open, aside)
		rung := func() int { return told(t, h, c.ID, journal.ClockWarned) + told(t, h, c.ID, journal.ClockBreached) }
		before := rung()
		now.Add(240 * time.Hour)
		ring(t, h)
		if rung() != before {
			t.Error("a clock rang where no answer is needed")
		}
	})
}

// Where something is to be said, nothing else comes of it: who was answered has not waited, what a person closed stays closed, what
// sleeps sleeps on, and idle words that ask for something all the same open what waits.
func TestWhatANeedMeansWhereAConversationStands(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		n := 0
		arrived := func() desk.Conversation {
			n++
			c := arrive(t, h, fmt.Sprintf("kim%d", n), "My order has not arrived. Where is it?")
			now.Add(time.Minute)
			return c
		}
		needs := func(c desk.Conversation, word string) desk.Conversation {
			t.Helper()
			_, err := h.Desk.CorrectNeeds(ctx, h.Boss, c.ID, word)
			ok(t, err)
			return get(t, h, c.ID)
		}
		closed := arrived()
		ok(t, second(h.Desk.Close(ctx, h.Boss, closed.ID, "done")))
		if c := needs(needs(closed, "none"), "must"); c.View() != "closed" || c.Clock.Running() || c.Needs != "must" {
			t.Errorf("what a person closed is %s with %+v", c.View(), c.Clock)
		}
		asleep := arrived()
		ok(t, second(h.Desk.Snooze(ctx, h.Boss, asleep.ID, now.Now().Add(time.Hour))))
		if c := needs(asleep, "courtesy"); c.State != desk.Snoozed || c.Clock != asleep.Clock {
			t.Errorf("what sleeps is %s with %+v", c.State, c.Clock)
		}
		answered := arrived()
		ok(t, second(h.Desk.AnsweredByHand(ctx, h.Boss, answered.ID, "by telephone", time.Time{})))
		if c := needs(answered, "courtesy"); c.State != desk.Waiting || c.Clock.Running() {
			t.Errorf("what was answered is %s with %+v", c.State, c.Clock)
		}
		if c := needs(needs(answered, "none"), "must"); c.State != desk.Open || !c.Clock.Started.Equal(now.Now()) || c.Clock.Kind != desk.NextResponse {
			t.Errorf("answered, and then said to need an answer, it is %s with %+v", c.State, c.Clock)
		}
		thanked := arrived()
		ok(t, second(h.Desk.AnsweredByHand(ctx, h.Boss, thanked.ID, "by telephone", time.Time{})))
		for k := range 50 { // one in twenty is shown to a person
			if k == 49 {
				t.Fatal("idle words open it")
			}
			now.Add(time.Minute)
			if arrive(t, h, "kim4", idle).State == desk.Waiting {
				break
			}
			ok(t, second(h.Desk.AnsweredByHand(ctx, h.Boss, thanked.ID, "by telephone", time.Time{})))
		}
		at := now.Now()
		now.Add(time.Minute)
		if c := needs(thanked, "must"); c.State != desk.Open || !c.Clock.Started.Equal(at) || told(t, h, c.ID, journal.Reopened) == 0 {
			t.Errorf("idle words that need an answer leave it %s with %+v", c.State, c.Clock)
		}
		promised := arrived()
		ok(t, second(h.Desk.MakePromise(ctx, h.Boss, promised.ID, desk.Making{Text: "We look into it.", Due: now.Now().Add(48 * time.Hour)})))
		refused(t, "no answer where something is promised", second(h.Desk.CorrectNeeds(ctx, h.Boss, promised.ID, "none")), fault.Conflict)
		if c := get(t, h, promised.ID); c.Needs != promised.Needs || c.State != desk.Open || told(t, h, c.ID, journal.NeedsCorrected) != 0 {
			t.Errorf("what was refused left it %s, needs %s", c.State, c.Needs)
		}
	})
}

// The language a person says is what the contact's next words are read with, and words that could be of any language don't undo it.
func TestLanguageIsCorrected(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		usual := func(c desk.Conversation) string {
			t.Helper()
			k, err := contact.One(ctx, h.Store.Read(), c.Contact)
			ok(t, err)
			return k.Language
		}
		c := arrive(t, h, "ann", "My order has not arrived. Where is it?")
		if usual(c) != "en" || c.Language != "en" {
			t.Fatalf("English is taken for %s, by %s", c.Language, usual(c))
		}
		_, err := h.Desk.CorrectLanguage(ctx, h.Boss, c.ID, "NL")
		ok(t, err)
		if got := get(t, h, c.ID); got.Language != "nl" || usual(c) != "nl" || lastTold(t, h, c.ID, journal.LanguageCorrected) != `{"from":"en","language":"nl"}` {
			t.Errorf("corrected it is in %s, and its contact writes %s: %s", got.Language, usual(c), lastTold(t, h, c.ID, journal.LanguageCorrected))
		}
		if ids, _ := whole(t, h, h.Boss, desk.Query{View: desk.All, Filter: desk.Filter{Language: "nl"}}); len(ids) != 1 {
			t.Error("it is not found by its language")
		}
		now.Add(time.Minute)
		if got := arrive(t, h, "ann", "???"); got.ID != c.ID || got.Language != "nl" || usual(c) != "nl" {
			t.Errorf("after words of no language it is in %s, and its contact writes %s", got.Language, usual(c))
		}
		now.Add(time.Minute)
		e := channel.Event{Kind: channel.Said, RemoteID: "post", At: now.Now(), Message: channel.Message{RemoteID: "post", Kind: channel.Post, ThreadID: "post", At: now.Now(),
			Text: "Where do I find the manual of the big kettle, please?", From: channel.Identity{RemoteID: "ann", Handle: "@ann", Name: "ann"}}}
		ok(t, h.Intake.Take(ctx, h.Shared(t), []channel.Event{e}, nil))
		if usual(c) != "en" {
			t.Fatalf("in public she writes %s", usual(c))
		}
		if _, err = h.Desk.CorrectLanguage(ctx, h.Boss, c.ID, "fr"); err != nil || usual(c) != "en" || get(t, h, c.ID).Language != "fr" {
			t.Errorf("what she said before in another conversation says that she writes %s, %v", usual(c), err)
		}
	})
}
