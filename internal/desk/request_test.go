package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// asking is a house with Bob of Billing, Sue of Support and Pam of Print, and a conversation that is Sue's.
func asking(t *testing.T, f func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor)) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := newCrew(t, h, now)
		for _, d := range []string{"Billing", "Support", "Print"} {
			c.department(d, 0, 2*time.Hour, "")
		}
		bob, sue, pam := c.hire("Bob", "Billing", "", 9), c.hire("Sue", "Support", "", 9), c.hire("Pam", "Print", "", 9)
		n := arrive(t, h, "ann", "My order has not arrived. Where is it?")
		n, err := h.Desk.HandOver(t.Context(), h.Boss, n.ID, sue.Departments[0], sue.Person, "hers")
		if err != nil {
			t.Fatal(err)
		}
		f(t, c, n, bob, sue, pam)
	})
}

func (c *crew) ask(who staff.Actor, n desk.Conversation, a desk.Asking) desk.Request {
	c.t.Helper()
	if a.Text == "" {
		a.Text = "Was invoice 12 paid?"
	}
	r, err := c.Desk.Ask(c.t.Context(), who, n.ID, a)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *crew) requests(n desk.Conversation) []desk.Request {
	c.t.Helper()
	_, list, err := c.Desk.Requests(c.t.Context(), c.Boss, n.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

func refused(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got %v", what, err)
	}
}

// A colleague of another department is asked, sees the conversation meanwhile, answers and is out of it again.
func TestAskingAColleague(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		if _, err := c.Desk.Conversation(ctx, bob, n.ID); !fault.Is(err, fault.NotFound) {
			t.Fatalf("before he is asked Bob sees it: %v", err)
		}
		r := c.ask(sue, n, desk.Asking{Person: bob.Person})
		if r.Department != bob.Departments[0] || r.State != desk.RequestOpen || !r.Due.Equal(c.now.Now().Add(2*time.Hour)) {
			t.Errorf("asked as %+v", r)
		}
		if is := get(t, c.House, n.ID); is.Person != sue.Person || is.Clock != n.Clock || len(is.Asked) != 1 {
			t.Errorf("asking made of %+v\n%+v", n, is)
		}
		if _, _, err := c.Desk.Open(ctx, bob, n.ID); err != nil {
			t.Errorf("Bob does not see what he is asked in: %v", err)
		}
		page, err := c.Desk.List(ctx, bob, desk.Query{View: desk.AskedView})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != n.ID || !page.Rows[0].AskedDue(bob).Equal(r.Due) {
			t.Errorf("Bob's list is %+v, %v", page, err)
		}
		if count, err := c.Desk.Count(ctx, bob); err != nil || count.Asked != 1 || count.All != 0 {
			t.Errorf("Bob's counters are %+v, %v", count, err)
		}
		refused(t, "Pam, who was not asked, answers", second(c.Desk.Answer(ctx, pam, r.ID, "yes")), fault.NotFound)
		refused(t, "Bob withdraws what others asked", second(c.Desk.Withdraw(ctx, bob, r.ID, "")), fault.Forbidden)
		got, err := c.Desk.Answer(ctx, bob, r.ID, " Yes, on Friday. ")
		if err != nil || got.State != desk.RequestAnswered || got.Answer != "Yes, on Friday." || got.EndedBy != bob.Person || !got.EndedAt.Equal(c.now.Now()) {
			t.Errorf("answered as %+v, %v", got, err)
		}
		refused(t, "answering twice", second(c.Desk.Answer(ctx, sue, r.ID, "no")), fault.Conflict)
		refused(t, "withdrawing what was answered", second(c.Desk.Withdraw(ctx, sue, r.ID, "")), fault.Conflict)
		refused(t, "seeing it afterwards", second(c.Desk.Conversation(ctx, bob, n.ID)), fault.NotFound)
		if list := c.requests(n); len(list) != 1 || list[0] != got {
			t.Errorf("kept as %+v", list)
		}
		if told(t, c.House, n.ID, journal.Asked) != 1 || told(t, c.House, n.ID, journal.RequestAnswered) != 1 {
			t.Error("the journal does not say it once each")
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Who is only asked writes notes and asks on, and does nothing else to a conversation that is not theirs.
func TestWhoIsOnlyAskedDoesNoMore(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		c.ask(sue, n, desk.Asking{Department: bob.Departments[0]})
		for what, err := range map[string]error{
			"closes":    second(c.Desk.Close(ctx, bob, n.ID, "")),
			"claims":    second(c.Desk.Claim(ctx, bob, n.ID)),
			"hands on":  second(c.Desk.HandOver(ctx, bob, n.ID, bob.Departments[0], 0, "mine")),
			"tags":      second(c.Desk.Tag(ctx, bob, n.ID, []string{"x"})),
			"sets away": second(c.Desk.SetAside(ctx, bob, n.ID)),
			"replies":   second(c.Delivery.Reply(ctx, bob, n.ID, delivery.Draft{Text: "It is on its way."})),
		} {
			refused(t, "Bob "+what, err, fault.Forbidden)
		}
		if _, err := c.Desk.WriteNote(ctx, bob, n.ID, "I am on it"); err != nil {
			t.Error(err)
		}
		c.ask(bob, n, desk.Asking{Person: pam.Person})
		if _, err := c.Desk.Conversation(ctx, pam, n.ID); err != nil {
			t.Errorf("Pam does not see what Bob asked her in: %v", err)
		}
		if is := get(t, c.House, n.ID); is.Person != sue.Person || is.State != desk.Open || is.Clock != n.Clock {
			t.Errorf("it became %+v", is)
		}
	})
}

func TestWhatCannotBeAsked(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx, now := t.Context(), c.now.Now()
		for name, a := range map[string]desk.Asking{
			"nothing":                     {Person: bob.Person, Text: " \n "},
			"too much":                    {Person: bob.Person, Text: strings.Repeat("x", 2001)},
			"no text":                     {Person: bob.Person, Text: "a\x00b"},
			"of nobody":                   {Text: "who knows?"},
			"of a person who is not here": {Person: 12345, Text: "who are you?"},
			"of a department that is not": {Department: 12345, Text: "who are you?"},
			"of oneself":                  {Person: sue.Person, Text: "what did I say?"},
			"until yesterday":             {Person: bob.Person, Text: "was it paid?", Due: now.AddDate(0, 0, -1)},
			"until the year after next":   {Person: bob.Person, Text: "was it paid?", Due: now.AddDate(2, 0, 0)},
		} {
			_, err := c.Desk.Ask(ctx, sue, n.ID, a)
			refused(t, name, err, fault.Invalid)
		}
		refused(t, "asking the owner", second(c.Desk.Ask(ctx, c.Boss, n.ID, desk.Asking{Person: sue.Person, Text: "well?"})), fault.Conflict)
		refused(t, "asking where one sees nothing", second(c.Desk.Ask(ctx, pam, n.ID, desk.Asking{Person: bob.Person, Text: "well?"})), fault.NotFound)
		for range 20 {
			c.ask(sue, n, desk.Asking{Person: bob.Person})
		}
		refused(t, "the twenty-first", second(c.Desk.Ask(ctx, sue, n.ID, desk.Asking{Person: bob.Person, Text: "and?"})), fault.Conflict)
		if _, err := c.Desk.Close(ctx, sue, n.ID, ""); err != nil {
			t.Fatal(err)
		}
		refused(t, "asking in what is closed", second(c.Desk.Ask(ctx, sue, n.ID, desk.Asking{Person: bob.Person, Text: "and?"})), fault.Conflict)
	})
}

// Whatever way a conversation is closed, nobody is left with a question that nobody waits for.
func TestClosingWithdrawsWhatIsAsked(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, _ staff.Actor) {
		ctx := t.Context()
		for name, end := range map[string]func() error{
			"closed":    func() error { return second(c.Desk.Close(ctx, sue, n.ID, "done")) },
			"set aside": func() error { return second(c.Desk.SetAside(ctx, sue, n.ID)) },
		} {
			if is := get(t, c.House, n.ID); is.State == desk.Closed {
				if _, err := c.Desk.Reopen(ctx, sue, n.ID); err != nil {
					t.Fatal(err)
				}
			}
			r := c.ask(sue, n, desk.Asking{Person: bob.Person})
			if err := end(); err != nil {
				t.Fatal(err)
			}
			list := c.requests(n)
			if k := slices.IndexFunc(list, func(x desk.Request) bool { return x.ID == r.ID }); list[k].State != desk.RequestWithdrawn || list[k].Answer == "" {
				t.Errorf("%s: the request is %+v", name, list[k])
			}
			refused(t, name+": Bob still sees it", second(c.Desk.Conversation(ctx, bob, n.ID)), fault.NotFound)
			if count, err := c.Desk.Count(ctx, bob); err != nil || count.Asked != 0 {
				t.Errorf("%s: Bob's counter is %d, %v", name, count.Asked, err)
			}
		}
		if got := told(t, c.House, n.ID, journal.RequestWithdrawn); got != 2 {
			t.Errorf("the journal tells of %d withdrawals", got)
		}
	})
}

// What was asked of who leaves is asked of their department; what was asked of a department that ends, of the one after it.
func TestWhatIsAskedOutlivesWhoIsAsked(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		r := c.ask(sue, n, desk.Asking{Person: bob.Person})
		gone := staff.Disabled
		if _, err := c.Staff.ChangePerson(ctx, c.Boss, bob.Person, staff.PersonChange{State: &gone}); err != nil {
			t.Fatal(err)
		}
		if list := c.requests(n); !list[0].Person.IsZero() || list[0].Department != r.Department {
			t.Errorf("after Bob left it is asked of %+v", list[0])
		}
		if err := c.Staff.RetireDepartment(ctx, c.Boss, r.Department, pam.Departments[0]); err != nil {
			t.Fatal(err)
		}
		if page, err := c.Desk.List(ctx, pam, desk.Query{View: desk.AskedView}); err != nil || len(page.Rows) != 1 || page.Rows[0].ID != n.ID {
			t.Errorf("after the department ended Pam is asked %+v, %v", page, err)
		}
		if _, err := c.Desk.Answer(ctx, pam, r.ID, "yes"); err != nil {
			t.Error(err)
		}
	})
}

// The view of what is asked holds what is asked of oneself and one's department, each conversation once, in pages, and nothing else.
func TestTheViewOfWhatIsAsked(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		for k := range 5 {
			m := arrive(t, c.House, fmt.Sprint("u", k), "My order has not arrived. Where is it?")
			a := desk.Asking{Person: bob.Person}
			if k%2 == 0 {
				a = desk.Asking{Department: bob.Departments[0]}
			}
			c.ask(c.Boss, m, a)
			c.ask(c.Boss, m, a)
		}
		if _, err := c.Desk.Snooze(ctx, sue, n.ID, c.now.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		c.ask(sue, n, desk.Asking{Person: bob.Person}) // what sleeps is shown, too: somebody waits for Bob
		seen := map[desk.ConversationID]int{}
		after, pages := "", 0
		for pages = 0; pages == 0 || after != ""; pages++ {
			page, err := c.Desk.List(ctx, bob, desk.Query{View: desk.AskedView, After: after, Limit: 2})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				seen[r.ID]++
			}
			after = page.Next
		}
		if len(seen) != 6 || pages != 3 || seen[n.ID] != 1 {
			t.Errorf("in %d pages: %v", pages, seen)
		}
		if page, err := c.Desk.List(ctx, pam, desk.Query{View: desk.AskedView}); err != nil || len(page.Rows) != 0 {
			t.Errorf("Pam, who is asked nothing, is shown %d, %v", len(page.Rows), err)
		}
		if count, err := c.Desk.Count(ctx, bob); err != nil || count.Asked != 6 {
			t.Errorf("Bob's counter is %d, %v", count.Asked, err)
		}
	})
}

// Whatever is asked, answered and withdrawn: the owner and the clock of the conversation stay as they are, what the
// conversation says is asked is what is open, and who is asked nothing sees nothing.
func TestRequestsChangeNeitherOwnerNorClock(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		crowd := []staff.Actor{bob, sue, pam, c.Boss}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 6).Draw(rt, "deeds") {
				who := rapid.SampledFrom(crowd).Draw(rt, "who")
				list := c.requests(n)
				switch deed := rapid.SampledFrom([]string{"ask", "answer", "withdraw"}).Draw(rt, "deed"); {
				case deed == "ask" || len(list) == 0:
					a := desk.Asking{Text: "?", Department: rapid.SampledFrom(crowd[:3]).Draw(rt, "of").Departments[0]}
					if rapid.Bool().Draw(rt, "by name") {
						a = desk.Asking{Text: "?", Person: rapid.SampledFrom(crowd).Draw(rt, "whom").Person}
					}
					_, _ = c.Desk.Ask(ctx, who, n.ID, a)
				case deed == "answer":
					_, _ = c.Desk.Answer(ctx, who, rapid.SampledFrom(list).Draw(rt, "request").ID, "so")
				default:
					_, _ = c.Desk.Withdraw(ctx, who, rapid.SampledFrom(list).Draw(rt, "request").ID, "")
				}
			}
			is := get(t, c.House, n.ID)
			if is.Department != n.Department || is.Person != n.Person || is.Clock != n.Clock || is.Resolution != n.Resolution || is.State != n.State || !is.Clock.Running() {
				rt.Fatalf("%+v became\n%+v", n, is)
			}
			var open, said []desk.RequestID
			asked := map[staff.DepartmentID]bool{}
			for _, r := range c.requests(n) {
				if r.State == desk.RequestOpen {
					open, asked[r.Department] = append(open, r.ID), true
				}
			}
			for _, a := range is.Asked {
				said = append(said, a.Request)
			}
			slices.Sort(open)
			slices.Sort(said)
			if !slices.Equal(open, said) {
				rt.Fatalf("open are %v, the conversation says %v", open, said)
			}
			for _, who := range []staff.Actor{bob, pam} {
				if desk.Sees(who, is) != asked[who.Departments[0]] {
					rt.Fatalf("%s: asked %v, sees %v", who.Name, asked[who.Departments[0]], desk.Sees(who, is))
				}
			}
		})
	})
}
