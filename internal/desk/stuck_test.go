package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// crew is a house with people in its departments.
type crew struct {
	*apptest.House
	t      *testing.T
	now    *clock.Pretend
	people map[string]staff.Person
	named  map[string]staff.Department
}

func newCrew(t *testing.T, h *apptest.House, now *clock.Pretend) *crew {
	t.Helper()
	c := &crew{h, t, now, map[string]staff.Person{}, map[string]staff.Department{}}
	list, err := h.Staff.Departments(t.Context(), h.Boss)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		c.named[d.Name] = d
	}
	return c
}

// department makes one, whose people have these minutes to take something, and this time to answer.
func (c *crew) department(name string, moveOn time.Duration, answer time.Duration, standIn string) staff.Department {
	c.t.Helper()
	change := staff.DepartmentChange{Name: &name, MoveOn: &moveOn, Targets: &staff.Targets{NextResponse: answer}}
	if standIn != "" {
		d := c.named[standIn].ID
		change.StandIn = &d
	}
	d, err := c.Staff.AddDepartment(c.t.Context(), c.Boss, change)
	if err != nil {
		c.t.Fatal(err)
	}
	c.named[name] = d
	return d
}

// hire lets somebody begin, with hours in a zone or, with "", the organisation's.
func (c *crew) hire(name, department, zone string, capacity int) staff.Actor {
	c.t.Helper()
	ctx := c.t.Context()
	_, secret, err := c.Staff.Invite(ctx, c.Boss, staff.Invitation{Email: strings.ToLower(name) + "@acme.example", Name: name, Role: staff.Member,
		Departments: []staff.DepartmentID{c.named[department].ID}})
	if err != nil {
		c.t.Fatal(err)
	}
	p, err := c.Staff.Join(ctx, secret, name, "correct horse battery", "UTC", "")
	if err != nil {
		c.t.Fatal(err)
	}
	change := staff.PersonChange{Capacity: &capacity}
	if zone != "" {
		hours := clock.Office(zone, "09:00", "17:00")
		change.Hours = &hours
	}
	if p, err = c.Staff.ChangePerson(ctx, c.Boss, p.ID, change); err != nil {
		c.t.Fatal(err)
	}
	c.people[name] = p
	return staff.Actor{Person: p.ID, Name: name, Role: p.Role, Departments: p.Departments}
}

// into lets somebody whom a department has answered before write again: it stands in its queue, due by its terms.
func (c *crew) into(department string) desk.Conversation {
	c.t.Helper()
	from := fmt.Sprintf("u%d", c.Store.IDs.Next())
	n := arrive(c.t, c.House, from, "My order has not arrived. Where is it?")
	if _, err := c.Desk.HandOver(c.t.Context(), c.Boss, n.ID, c.named[department].ID, 0, "theirs"); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.Desk.AnsweredByHand(c.t.Context(), c.Boss, n.ID, "telephone", time.Time{}); err != nil {
		c.t.Fatal(err)
	}
	return arrive(c.t, c.House, from, "It has still not arrived. Where is my order?")
}

// say lets somebody say something in public, in a thread of their own.
func say(t *testing.T, h *apptest.House, from, thread, text string) {
	t.Helper()
	id := fmt.Sprintf("%s-%d", from, h.Store.IDs.Next())
	e := channel.Event{Kind: channel.Said, RemoteID: id, At: h.Desk.Now(), Message: channel.Message{RemoteID: id, Kind: channel.Post, ThreadID: from + thread, Text: text,
		At: h.Desk.Now(), From: channel.Identity{RemoteID: from, Handle: "@" + from, Name: from}}}
	if err := h.Intake.Take(t.Context(), h.Shared(t), []channel.Event{e}, nil); err != nil {
		t.Fatal(err)
	}
}

// where says who has a conversation: "Ann of Service", or "Service" for its queue.
func (c *crew) where(n desk.Conversation) string {
	r, err := c.Staff.Roster(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	d, _ := r.Department(n.Department)
	if p, ok := r.Person(n.Person); ok {
		return p.Name + " of " + d.Name
	}
	return d.Name
}

// steps are the reasons of the steps a conversation took by itself, the first first.
func (c *crew) steps(id desk.ConversationID) (out []string) {
	list, err := journal.Of(c.t.Context(), c.Store.Read(), int64(id), 500)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, e := range list {
		var f struct{ Reason string }
		if e.What == journal.MovedOn && json.Unmarshal(e.Data, &f) == nil {
			if e.Who != journal.Machine || f.Reason == "" {
				c.t.Errorf("a step by %q for the reason %q", e.Who, f.Reason)
			}
			out = append(out, f.Reason)
		}
	}
	return out
}

// What nobody takes goes from one to the next, to the stand-in, to the operators, and stays with them; each step is told.
func TestWhatNobodyTakesGoesOnAndEndsWithTheOperators(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		c.department("Refunds", 20*time.Minute, 8*time.Hour, "")
		c.department("Parcels", 30*time.Minute, 8*time.Hour, "Refunds")
		c.hire("Ann", "Parcels", "", 0)
		c.hire("Bob", "Parcels", "", 0)
		c.hire("Bill", "Refunds", "", 0)
		n := c.into("Parcels")
		for _, step := range []struct {
			after  time.Duration
			where  string
			reason string
		}{
			{29 * time.Minute, "Parcels", ""},
			{time.Minute, "Ann of Parcels", "nobody took it in 30 minutes of Parcels’s hours; put through to Ann (free)"},
			{30 * time.Minute, "Bob of Parcels", "Ann did not answer it in 30 minutes of Parcels’s hours; put through to Bob (free)"},
			{30 * time.Minute, "Bill of Refunds", "Bob did not answer it in 30 minutes of Parcels’s hours; put through to Bill of Refunds, its stand-in (free)"},
			{20 * time.Minute, "Switchboard", "Bill did not answer it in 20 minutes of Refunds’s hours; put through to Switchboard, whose people decide"},
			{15 * time.Minute, "Ada Boss of Switchboard", "nobody took it in 15 minutes of Switchboard’s hours; put through to Ada Boss (free; answered this contact in the last day)"},
			{15 * time.Minute, "Switchboard", "Ada Boss did not answer it in 15 minutes of Switchboard’s hours; there is nobody else it could go to: it stays with Switchboard until somebody takes it"},
			{48 * time.Hour, "Switchboard", ""},
		} {
			due := n.Clock.Due
			now.Add(step.after)
			before := c.steps(n.ID)
			ring(t, h)
			ring(t, h)
			n = get(t, h, n.ID)
			told := c.steps(n.ID)[len(before):]
			if at := c.where(n); at != step.where || strings.Join(told, " / ") != step.reason {
				t.Fatalf("after %s more it is with %s, not %s: %q", step.after, at, step.where, told)
			}
			if !n.Clock.Running() || !n.Clock.Due.Equal(due) || n.State != desk.Open {
				t.Errorf("with %s its clock is %+v, it was due %s", step.where, n.Clock, due)
			}
			if step.reason != "" && (n.Decision.By != "path" || n.Decision.Reasons[0] != step.reason) {
				t.Errorf("the decision says %+v", n.Decision)
			}
		}
		if n, err := h.Desk.Claim(t.Context(), h.Boss, n.ID); err != nil || n.Person != h.Boss.Person || !n.MoveAt.IsZero() {
			t.Errorf("taken at the end: %v, it goes on at %s", err, n.MoveAt)
		}
	})
}

// Sydney, Berlin and New York work for one department, each in their own hours. For a day an open conversation is
// with somebody at work, or in the queue while nobody is; every step has its reason.
func TestWorkFollowsTheSun(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		now.Set(time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)) // Tuesday, 10:00 in Sydney
		c.department("World", 0, 17*time.Hour, "")
		sue := c.hire("Sue", "World", "Australia/Sydney", 0)
		c.hire("Bert", "World", "Europe/Berlin", 0)
		c.hire("Nina", "World", "America/New_York", 0)
		n := c.into("World")
		if _, err := h.Desk.Claim(t.Context(), sue, n.ID); err != nil {
			t.Fatal(err)
		}
		was, way := "", []string{}
		for end := now.Now().Add(24 * time.Hour); now.Now().Before(end); now.Add(15 * time.Minute) {
			ring(t, h)
			n = get(t, h, n.ID)
			r, err := h.Staff.Roster(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			somebody := false
			for _, p := range r.Members(n.Department) {
				somebody = somebody || r.Working(p, now.Now())
			}
			if p, ok := r.Person(n.Person); ok && !r.Working(p, now.Now()) || !ok && somebody || !n.Clock.Running() || n.Department != c.named["World"].ID {
				t.Fatalf("at %s it is with %s, clock %+v", now.Now(), c.where(n), n.Clock)
			}
			if at := c.where(n); at != was {
				was, way = at, append(way, now.Now().Format("15:04 ")+at)
			}
		}
		if got, want := strings.Join(way, ", "), "23:00 Sue of World, 06:00 World, 08:00 Bert of World, 16:00 Nina of World, 22:00 Sue of World"; got != want {
			t.Errorf("it went\n%s, not\n%s", got, want)
		}
		steps := c.steps(n.ID)
		for k, want := range []string{"Sue’s hours are over, and it is due before they are back; nobody else is at work: it waits in the queue of World for Bert, who comes on Tue 24 Nov at 09:00 CET",
			"it waited for somebody to come to work; put through to Bert (free)",
			"Bert’s hours are over, and it is due before they are back; put through to Nina (free)",
			"Nina’s hours are over, and it is due before they are back; put through to Sue (free)"} {
			if k >= len(steps) || steps[k] != want {
				t.Errorf("step %d of %d is not\n%s: %q", k+1, len(steps), want, steps)
			}
		}
	})
}

// What is due after its owner is back stays with them overnight; what nobody is there for waits for the first who comes.
func TestHoursThatEnd(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		ctx := t.Context()
		hours := clock.Office("UTC", "09:00", "17:00")
		if _, err := h.Staff.ChangePerson(ctx, h.Boss, h.Boss.Person, staff.PersonChange{Hours: &hours}); err != nil {
			t.Fatal(err)
		}
		c.department("Slow", 0, 72*time.Hour, "")
		c.department("Fast", 0, 12*time.Hour, "")
		sam, fay := c.hire("Sam", "Slow", "UTC", 0), c.hire("Fay", "Fast", "UTC", 0)
		slow, fast := c.into("Slow"), c.into("Fast")
		for id, who := range map[desk.ConversationID]staff.Actor{slow.ID: sam, fast.ID: fay} {
			if _, err := h.Desk.Claim(ctx, who, id); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			at         time.Duration // after Monday, 0:00
			slow, fast string
		}{
			{16 * time.Hour, "Sam of Slow", "Fay of Fast"},
			{17 * time.Hour, "Sam of Slow", "Fast"},
			{30 * time.Hour, "Sam of Slow", "Fast"},
			{33 * time.Hour, "Sam of Slow", "Fay of Fast"},
		} {
			now.Set(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC).Add(step.at))
			ring(t, h)
			if a, b := c.where(get(t, h, slow.ID)), c.where(get(t, h, fast.ID)); a != step.slow || b != step.fast {
				t.Errorf("on %s they are with %s and %s, not %s and %s: %q", now.Now(), a, b, step.slow, step.fast, c.steps(fast.ID))
			}
		}
	})
}

// Who becomes absent hands over what is due before they are back, at once, and keeps what is not; several nodes that notice at
// the same time do it once.
func TestWhoIsAbsentLeavesItToOthers(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		ctx := t.Context()
		c.department("Help", 0, 12*time.Hour, "")
		ann := c.hire("Ann", "Help", "", 0)
		c.hire("Bob", "Help", "", 1)
		var list []desk.ConversationID
		for range 3 {
			n := c.into("Help")
			list = append(list, n.ID)
			if _, err := h.Desk.Claim(ctx, ann, n.ID); err != nil {
				t.Fatal(err)
			}
		}
		all := func() {
			var wg sync.WaitGroup
			for range 6 {
				wg.Go(func() { ring(t, h) })
			}
			wg.Wait()
		}
		absent := func(until time.Duration) {
			t.Helper()
			if _, err := h.Staff.AddAbsence(ctx, ann, staff.Absence{Person: ann.Person, From: now.Now(), Until: now.Now().Add(until)}); err != nil {
				t.Fatal(err)
			}
			all()
		}
		absent(time.Hour)
		for _, id := range list {
			if at := c.where(get(t, h, id)); at != "Ann of Help" {
				t.Errorf("for an absence of an hour it went to %s", at)
			}
		}
		absent(72 * time.Hour)
		bobs, queued := 0, 0
		for _, id := range list {
			switch at := c.where(get(t, h, id)); at {
			case "Bob of Help":
				bobs++
			case "Help":
				queued++
			default:
				t.Errorf("it is with %s", at)
			}
			if steps := c.steps(id); len(steps) != 1 || !strings.HasPrefix(steps[0], "Ann is absent, and it is due before they are back; ") {
				t.Errorf("it took the steps %q", steps)
			}
		}
		if bobs != 1 || queued != 2 {
			t.Errorf("Bob, who can hold one, has %d, and %d are in the queue", bobs, queued)
		}
	})
}

// Two nodes on one database hear of an absence that one of them stored: each thing goes on once, and within what people can hold.
func TestTwoNodesLetItGoOnOnce(t *testing.T) {
	now := clock.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	dsn, ring2 := apptest.DSN(t, "postgres"), secret.Random()
	one := apptest.Open(t, dsn, app.Options{Now: now.Now, Ring: ring2})
	two := apptest.Open(t, dsn, app.Options{Now: now.Now, Ring: ring2})
	c := newCrew(t, one, now)
	c.department("Help", 0, 12*time.Hour, "")
	ann := c.hire("Ann", "Help", "", 0)
	c.hire("Bob", "Help", "", 2)
	var list []desk.ConversationID
	for range 6 {
		n := c.into("Help")
		list = append(list, n.ID)
		if _, err := one.Desk.Claim(t.Context(), ann, n.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := one.Staff.AddAbsence(t.Context(), ann, staff.Absence{Person: ann.Person, From: now.Now(), Until: now.Now().Add(72 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, h := range []*apptest.House{two, one, two, one} {
		wg.Go(func() { ring(t, h) })
	}
	wg.Wait()
	bobs := 0
	for _, id := range list {
		if c.where(get(t, two, id)) == "Bob of Help" {
			bobs++
		}
		if steps := c.steps(id); len(steps) != 1 {
			t.Errorf("it took the steps %q", steps)
		}
	}
	if bobs != 2 {
		t.Errorf("Bob, who can hold two, has %d", bobs)
	}
}

// Who says that they are not there loses what is short of time when it becomes so, and keeps the rest.
func TestWhoIsNotThereLosesWhatIsShortOfTime(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		c.department("Help", 0, 4*time.Hour, "")
		ann := c.hire("Ann", "Help", "", 0)
		c.hire("Bob", "Help", "", 0)
		n := c.into("Help")
		n, err := h.Desk.Claim(t.Context(), ann, n.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Staff.SetPresence(t.Context(), ann, false); err != nil {
			t.Fatal(err)
		}
		now.Set(n.Clock.Warn.Add(-time.Second))
		ring(t, h)
		if at := c.where(get(t, h, n.ID)); at != "Ann of Help" {
			t.Errorf("while there is time it went to %s", at)
		}
		now.Set(n.Clock.Warn)
		ring(t, h)
		if at := c.where(get(t, h, n.ID)); at != "Bob of Help" {
			t.Errorf("when little is left it is with %s: %q", at, c.steps(n.ID))
		}
	})
}

// How much people have is counted now and then; what they took in between counts all the same when a message comes to them.
func TestWhoHasJustFilledTheirHandsIsGivenNothing(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		ctx := t.Context()
		at := arrive(t, h, "first", "My order has not arrived. Where is it?")
		for name, d := range c.named {
			if d.ID == at.Department {
				c.named["there"] = c.named[name]
			}
		}
		ann := c.hire("Ann", "there", "", 3)
		from := func(k int) desk.Conversation { // somebody whom Ann has answered before
			id := fmt.Sprintf("known%d", k)
			n := arrive(t, h, id, "Is anybody there? Where is my order?")
			if n.Person == ann.Person {
				t.Fatal("she does not know them yet")
			}
			h.Tx(t, func(tx *store.Tx) error { return contact.Answered(ctx, tx, n.Contact, ann.Person, now.Now()) })
			say(t, h, id, "thread", "My order has still not arrived. Where is it?")
			list, err := h.Desk.OthersOf(ctx, h.Boss, n.Contact, n.ID, 5)
			if err != nil || len(list) != 1 {
				t.Fatalf("%d others, %v", len(list), err)
			}
			return list[0].Conversation
		}
		if n := from(0); n.Person != ann.Person {
			t.Fatalf("with free hands: %v, %q", n.Person, n.Decision.Reasons)
		}
		for range 2 {
			if _, err := h.Desk.Claim(ctx, ann, c.into("there").ID); err != nil {
				t.Fatal(err)
			}
		}
		if n := from(1); n.Person == ann.Person {
			t.Errorf("she can hold three and got a fourth: %q", n.Decision.Reasons)
		}
	})
}

// However many hand out, ring and take in at the same time, nobody is given more than they can hold.
func TestNobodyIsGivenMoreThanTheyCanHold(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		d := c.department("Help", 10*time.Minute, 12*time.Hour, "")
		room := map[staff.PersonID]int{}
		for k := range 4 {
			who := c.hire(fmt.Sprintf("P%d", k), "Help", "", k+1)
			room[who.Person] = k + 1
		}
		for range 20 {
			c.into("Help")
		}
		now.Add(10 * time.Minute)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { ring(t, h) })
			wg.Go(func() {
				if _, err := h.Intake.HandOut(t.Context(), h.Boss, d.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		counts, err := desk.CountsOf(t.Context(), h.Store.Read())
		if err != nil {
			t.Fatal(err)
		}
		for p, n := range counts.Loads() {
			if room[p] != 0 && n > room[p] {
				t.Errorf("somebody with room for %d has %d", room[p], n)
			}
		}
	})
}

// What is opened again after its department was retired is the operators', however it is opened, and can't be put back.
func TestWhatARetiredDepartmentHadIsTheOperators(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c, ctx := newCrew(t, h, now), t.Context()
		parcels := c.department("Parcels", 0, 8*time.Hour, "")
		closed, aside, undone := c.into("Parcels"), c.into("Parcels"), c.into("Parcels")
		for _, n := range []desk.Conversation{closed, undone} {
			if _, err := h.Desk.Close(ctx, h.Boss, n.ID, ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.Desk.SetAside(ctx, h.Boss, aside.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.Staff.RetireDepartment(ctx, h.Boss, parcels.ID, c.named["Sales"].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Desk.Undo(ctx, h.Boss, undone.ID, "close"); !fault.Is(err, fault.Conflict) {
			t.Errorf("closing it was taken back: %v", err)
		}
		for name, of := range map[string]func() (desk.Conversation, error){
			"opened again":         func() (desk.Conversation, error) { return h.Desk.Reopen(ctx, h.Boss, closed.ID) },
			"it needs an answer":   func() (desk.Conversation, error) { return h.Desk.CorrectNeeds(ctx, h.Boss, aside.ID, "must") },
			"not taken back, then": func() (desk.Conversation, error) { return h.Desk.Reopen(ctx, h.Boss, undone.ID) },
		} {
			n, err := of()
			if err != nil {
				t.Fatal(name, err)
			}
			if is := get(t, h, n.ID); c.where(is) != "Switchboard" || is.State != desk.Open || !is.Clock.Running() || is.MoveAt.IsZero() {
				t.Errorf("%s: it is %s with %q, goes on at %s", name, is.State, c.where(is), is.MoveAt)
			}
			if steps := c.steps(n.ID); len(steps) != 1 || steps[0] != "its department is no more" {
				t.Errorf("%s: the journal says %q", name, steps)
			}
		}
		if _, err := h.Desk.Undo(ctx, h.Boss, closed.ID, "reopen"); !fault.Is(err, fault.Conflict) {
			t.Errorf("opening it was taken back: %v", err)
		}
	})
}

// What was left with a department that is no more, and nothing of which rings but its clock, goes to the operators when that does.
func TestWhatLiesWithADepartmentThatIsNoMoreGoesOnWhenItsClockWarns(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c, ctx := newCrew(t, h, now), t.Context()
		parcels := c.department("Parcels", 0, 8*time.Hour, "")
		n := c.into("Parcels")
		if err := h.Staff.RetireDepartment(ctx, h.Boss, parcels.ID, c.named["Sales"].ID); err != nil {
			t.Fatal(err)
		}
		h.Tx(t, func(tx *store.Tx) error { // as if a node that had not heard of it yet had taken it in
			_, err := tx.ExecContext(ctx, `UPDATE conversation SET department = $1, move_at = 0 WHERE id = $2`, parcels.ID, n.ID)
			return err
		})
		now.Add(9 * time.Hour)
		ring(t, h)
		if is := get(t, h, n.ID); is.Department != c.named["Switchboard"].ID {
			t.Errorf("it is with %q, %s", c.where(is), is.Department)
		}
		if steps := c.steps(n.ID); len(steps) != 1 || !strings.HasPrefix(steps[0], "its department is no more; put through to Switchboard") {
			t.Errorf("the journal says %q", steps)
		}
	})
}

// While the one operator who is at work has their hands full it waits in the operators' queue, which is told once, and goes to
// them as soon as there is room; not to whoever comes tomorrow.
func TestWhatIsStuckWithBusyOperatorsIsOfferedToThemAgain(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c, ctx := newCrew(t, h, now), t.Context()
		one := 1
		if _, err := h.Staff.ChangePerson(ctx, h.Boss, h.Boss.Person, staff.PersonChange{Capacity: &one}); err != nil {
			t.Fatal(err)
		}
		never := time.Duration(0)
		if _, err := h.Staff.ChangeDepartment(ctx, h.Boss, c.named["Switchboard"].ID, staff.DepartmentChange{TakeBack: &never}); err != nil {
			t.Fatal(err)
		}
		omar := c.hire("Omar", "Switchboard", "Australia/Sydney", 0) // whose day is over
		held, n := c.into("Switchboard"), c.into("Switchboard")
		if _, err := h.Desk.Claim(ctx, h.Boss, held.ID); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			now.Add(15 * time.Minute)
			ring(t, h)
			if is := get(t, h, n.ID); c.where(is) != "Switchboard" || is.MoveAt.After(now.Now().Add(15*time.Minute)) {
				t.Fatalf("it is with %s and goes on at %s", c.where(is), is.MoveAt)
			}
		}
		if steps := c.steps(n.ID); len(steps) != 1 || !strings.HasSuffix(steps[0], "everybody of Switchboard who is at work has their hands full: it waits in the queue") {
			t.Errorf("the journal says %q", steps)
		}
		if _, err := h.Desk.Close(ctx, h.Boss, held.ID, ""); err != nil {
			t.Fatal(err)
		}
		now.Add(15 * time.Minute)
		ring(t, h)
		if is := get(t, h, n.ID); is.Person != h.Boss.Person {
			t.Errorf("it is with %s, not with who has room; %s comes later", c.where(is), omar.Name)
		}
	})
}
