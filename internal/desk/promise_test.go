package desk_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

func (c *crew) promise(who staff.Actor, n desk.Conversation, m desk.Making) desk.Promise {
	c.t.Helper()
	if m.Text == "" {
		m.Text = "We call you back."
	}
	p, err := c.Desk.MakePromise(c.t.Context(), who, n.ID, m)
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

func (c *crew) promised(n desk.Conversation) []desk.Promise {
	c.t.Helper()
	_, list, err := c.Desk.PromisesOf(c.t.Context(), c.Boss, n.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// A promise that another department must deliver shows them the conversation until it has ended, and is not kept without proof.
func TestAPromiseIsKeptWithProof(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		due := c.now.Now().Add(48 * time.Hour)
		p := c.promise(sue, n, desk.Making{Person: bob.Person, Due: due, Dated: true})
		if p.Department != bob.Departments[0] || p.State != desk.PromiseOpen || !p.Due.Equal(due) {
			t.Errorf("promised as %+v", p)
		}
		is := get(t, c.House, n.ID)
		if is.Person != sue.Person || is.Clock != n.Clock || len(is.Promised) != 1 || !is.PromisedDue().Equal(due) {
			t.Errorf("promising made of %+v\n%+v", n, is)
		}
		if _, _, err := c.Desk.Open(ctx, bob, n.ID); err != nil {
			t.Errorf("Bob does not see what he must deliver in: %v", err)
		}
		page, err := c.Desk.List(ctx, bob, desk.Query{View: desk.PromisedView})
		if count, cerr := c.Desk.Count(ctx, bob); err != nil || cerr != nil || len(page.Rows) != 1 || count.Promised != 1 {
			t.Errorf("Bob's list is %+v, %v; counters %+v, %v", page, err, count, cerr)
		}
		refused(t, "Pam keeps what is not hers", second(c.Desk.KeepPromise(ctx, pam, p.ID, desk.Proof{Words: "called"})), fault.NotFound)
		refused(t, "Bob withdraws what others promised", second(c.Desk.WithdrawPromise(ctx, bob, p.ID, "no")), fault.Forbidden)
		refused(t, "keeping it without proof", second(c.Desk.KeepPromise(ctx, bob, p.ID, desk.Proof{Words: "  "})), fault.Invalid)
		refused(t, "what the contact said as proof", second(c.Desk.KeepPromise(ctx, bob, p.ID, desk.Proof{Message: n.LastMessage})), fault.Invalid)
		refused(t, "a call that is yet to come as proof", second(c.Desk.KeepPromise(ctx, bob, p.ID, desk.Proof{Words: "called", At: due})), fault.Invalid)
		c.now.Set(c.now.Now().Add(time.Hour))
		got, err := c.Desk.KeepPromise(ctx, bob, p.ID, desk.Proof{Words: "Called, spoke with Ann."})
		if err != nil || got.State != desk.PromiseKept || got.EndedBy != bob.Person || got.Late(c.now.Now()) || got.ProofWords == "" {
			t.Errorf("kept as %+v, %v", got, err)
		}
		refused(t, "keeping twice", second(c.Desk.KeepPromise(ctx, sue, p.ID, desk.Proof{Words: "again"})), fault.Conflict)
		refused(t, "seeing it afterwards", second(c.Desk.Conversation(ctx, bob, n.ID)), fault.NotFound)
		if list := c.promised(n); len(list) != 1 || list[0] != got || len(get(t, c.House, n.ID).Promised) != 0 {
			t.Errorf("it stands as %+v", list)
		}
		f, err := c.Desk.PromiseFigures(ctx, bob, desk.PromiseQuery{Whose: desk.PromisesMine, Since: c.now.Now().AddDate(0, 0, -30)})
		mine, lerr := c.Desk.Promises(ctx, bob, desk.PromiseQuery{Whose: desk.PromisesMine, Filter: desk.PromisesKept})
		if err != nil || lerr != nil || f != (desk.PromiseFigures{Kept: 1}) || len(mine.Promises) != 1 || len(mine.In) != 0 {
			t.Errorf("Bob's figures are %+v, %v; his list %+v, %v", f, err, mine, lerr)
		}
		for _, whose := range []desk.PromiseQuery{{Person: bob.Person}, {Whose: desk.PromisesDepartment, Department: bob.Departments[0]}} {
			theirs, err := c.Desk.PromiseFigures(ctx, c.Boss, whose)
			if err != nil || theirs != f {
				t.Errorf("for who sees all, %+v are %+v, %v; want %+v", whose, theirs, err, f)
			}
		}
		if own, err := c.Desk.PromiseFigures(ctx, bob, desk.PromiseQuery{Person: bob.Person}); err != nil || own != f {
			t.Errorf("Bob's own are %+v, %v", own, err)
		}
		if none, err := c.Desk.PromiseFigures(ctx, c.Boss, desk.PromiseQuery{Person: sue.Person}); err != nil || none != (desk.PromiseFigures{}) {
			t.Errorf("Sue's are %+v, %v", none, err)
		}
		refused(t, "Sue's promises for Bob", second(c.Desk.Promises(ctx, bob, desk.PromiseQuery{Person: sue.Person})), fault.Forbidden)
		refused(t, "the company's promises for Bob", second(c.Desk.Promises(ctx, bob, desk.PromiseQuery{Whose: desk.PromisesCompany})), fault.Forbidden)
	})
}

// A promise rings before it is due, when it is late, and up the house, each once; a late one brings its conversation back.
func TestAPromiseRingsAtItsMoments(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, _ staff.Actor) {
		ctx := t.Context()
		at := c.now.Now()
		due := at.Add(24 * time.Hour)
		c.promise(sue, n, desk.Making{Person: bob.Person, Due: due, Dated: true})
		if _, err := c.Desk.AnsweredByHand(ctx, sue, n.ID, "by telephone", time.Time{}); err != nil {
			t.Fatal(err)
		}
		count := func() [3]int {
			return [3]int{told(t, c.House, n.ID, journal.PromiseDue), told(t, c.House, n.ID, journal.PromiseLate), told(t, c.House, n.ID, journal.PromiseEscalated)}
		}
		for _, step := range []struct {
			at   time.Time
			want [3]int
		}{
			{at.Add(18*time.Hour - time.Second), [3]int{0, 0, 0}},
			{at.Add(18 * time.Hour), [3]int{1, 0, 0}}, // a quarter of the time is left, which is less than a business day of eight hours
			{due.Add(-time.Second), [3]int{1, 0, 0}},
			{due, [3]int{1, 1, 0}},
			{due.Add(4 * time.Hour), [3]int{1, 1, 1}},
			{due.Add(8 * time.Hour), [3]int{1, 1, 2}},
			{due.Add(100 * time.Hour), [3]int{1, 1, 2}},
		} {
			c.now.Set(step.at)
			ring(t, c.House)
			ring(t, c.House)
			if got := count(); got != step.want {
				t.Errorf("%v after it was made: reminded, late, escalated %v; want %v", step.at.Sub(at), got, step.want)
			}
		}
		is := get(t, c.House, n.ID)
		if is.State != desk.Open || told(t, c.House, n.ID, journal.Reopened) != 1 {
			t.Errorf("a late promise left its conversation %s", is.State)
		}
		if p := c.promised(n)[0]; p.Step != desk.PromiseOperator || !p.Ring.IsZero() || p.State != desk.PromiseOpen {
			t.Errorf("it stands as %+v", p)
		}
	})
}

// A conversation in which something is promised is not closed in silence, and closing keeps nothing.
func TestAnOpenPromiseIsNotClosedInSilence(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, _ staff.Actor) {
		ctx := t.Context()
		p := c.promise(sue, n, desk.Making{})
		if p.Person != sue.Person || p.Dated || !p.Due.After(c.now.Now()) {
			t.Errorf("without a day and a name it is %+v", p)
		}
		refused(t, "closing without a reason", second(c.Desk.Close(ctx, sue, n.ID, " ")), fault.Conflict)
		refused(t, "setting it aside", second(c.Desk.SetAside(ctx, sue, n.ID)), fault.Conflict)
		if is, err := c.Desk.Close(ctx, sue, n.ID, "they come to the shop"); err != nil || is.State != desk.Closed || len(is.Promised) != 1 {
			t.Errorf("closed with a reason it is %s with %d promises, %v", is.State, len(is.Promised), err)
		}
		refused(t, "breaking it without saying why", second(c.Desk.BreakPromise(ctx, sue, p.ID, "")), fault.Invalid)
		if _, err := c.Desk.BreakPromise(ctx, sue, p.ID, "the shop was shut"); err != nil {
			t.Error(err)
		}
		if back, err := c.Desk.ReopenPromise(ctx, sue, p.ID); err != nil || back.State != desk.PromiseOpen || back.Reason != "" {
			t.Errorf("taken up again it is %+v, %v", back, err)
		}
		to := bob.Departments[0]
		moved, err := c.Desk.ChangePromise(ctx, sue, p.ID, desk.PromiseChange{Department: &to})
		if err != nil || moved.Department != to || !moved.Person.IsZero() || !moved.Due.Equal(p.Due) {
			t.Errorf("given to others it is %+v, %v", moved, err)
		}
		past := c.now.Now().Add(-time.Hour)
		refused(t, "a day that has passed", second(c.Desk.ChangePromise(ctx, sue, p.ID, desk.PromiseChange{Due: &past})), fault.Invalid)
	})
}

// Who is gone, and a department that is retired, leave their promises to others.
func TestAPromiseOutlivesWhoMustDeliver(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		c.promise(sue, n, desk.Making{Person: bob.Person})
		err := c.Store.Tx(t.Context(), func(tx *store.Tx) error {
			if err := c.Desk.ReleaseAll(t.Context(), tx, c.Boss, bob.Person); err != nil {
				return err
			}
			return c.Desk.MoveAll(t.Context(), tx, c.Boss, bob.Departments[0], pam.Departments[0])
		})
		if err != nil {
			t.Fatal(err)
		}
		is := get(t, c.House, n.ID)
		if p := c.promised(n)[0]; p.Department != pam.Departments[0] || !p.Person.IsZero() || !is.PromisedTo(pam) || is.PromisedTo(bob) {
			t.Errorf("it is for %v to deliver: %+v", p.Department, is.Promised)
		}
	})
}

// Whatever is done with promises: each is open in its row and in its conversation alike, none is kept without proof, and no
// step of one is told twice.
func TestPromisesAlways(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		rapid.Check(t, func(rt *rapid.T) {
			who := rapid.SampledFrom([]staff.Actor{bob, sue, pam}).Draw(rt, "who")
			list := c.promised(n)
			pick := func() desk.PromiseID {
				if len(list) == 0 {
					return 1
				}
				return list[rapid.IntRange(max(0, len(list)-4), len(list)-1).Draw(rt, "promise")].ID
			}
			switch rapid.SampledFrom([]string{"make", "keep", "break", "withdraw", "reopen", "later", "close"}).Draw(rt, "deed") {
			case "make":
				due := c.now.Now().Add(time.Duration(rapid.IntRange(1, 100).Draw(rt, "hours")) * time.Hour)
				_, _ = c.Desk.MakePromise(ctx, who, n.ID, desk.Making{Text: "we call", Due: due, Dated: true})
			case "keep":
				_, _ = c.Desk.KeepPromise(ctx, who, pick(), desk.Proof{Words: rapid.SampledFrom([]string{"", "called"}).Draw(rt, "how")})
			case "break":
				_, _ = c.Desk.BreakPromise(ctx, who, pick(), "no time")
			case "withdraw":
				_, _ = c.Desk.WithdrawPromise(ctx, who, pick(), "not needed")
			case "reopen":
				_, _ = c.Desk.ReopenPromise(ctx, who, pick())
			case "later":
				c.now.Set(c.now.Now().Add(time.Duration(rapid.IntRange(1, 40).Draw(rt, "later")) * time.Hour))
				ring(t, c.House)
			case "close":
				_, _ = c.Desk.Close(ctx, who, n.ID, "done")
			}
			open := map[desk.PromiseID]bool{}
			for _, p := range get(t, c.House, n.ID).Promised {
				open[p.Promise] = true
			}
			for _, p := range c.promised(n) {
				if (p.State == desk.PromiseOpen) != open[p.ID] {
					rt.Fatalf("%+v, and its conversation says %v", p, open)
				}
				if p.State == desk.PromiseKept && p.Proof.IsZero() && p.ProofWords == "" {
					rt.Fatalf("kept without proof: %+v", p)
				}
				if p.State == desk.PromiseOpen && p.Ring.IsZero() != (p.Step == desk.PromiseOperator) {
					rt.Fatalf("it rings at %v in step %d", p.Ring, p.Step)
				}
			}
		})
	})
}

// Clocks are finer than what is kept: whatever the part of a microsecond in which something was promised, the alarm that is
// found due does what it is for, and is not found again.
func TestAnAlarmRingsOnceAtTheMomentItIsKeptFor(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, _ staff.Actor) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for _, fine := range []time.Duration{1, 250, 386, 999} {
			now := c.now.Now().Truncate(time.Microsecond).Add(fine)
			c.now.Set(now)
			c.promise(sue, n, desk.Making{Person: bob.Person, Due: now.Add(time.Hour), Dated: true})
		}
		for rung := 0; ; rung++ {
			next, err := c.Desk.Ring(ctx)
			if err != nil || rung > 100 {
				t.Fatalf("after %d alarms: %v", rung, err)
			}
			if next.IsZero() || next.Sub(c.now.Now()) > 24*time.Hour {
				break
			}
			if !next.After(c.now.Now()) {
				t.Fatalf("at %s the next alarm is at %s", c.now.Now(), next)
			}
			c.now.Set(next)
		}
		for _, p := range get(t, c.House, n.ID).Promised {
			if p.Step == 0 {
				t.Errorf("nobody was reminded of %+v", p)
			}
		}
	})
}
