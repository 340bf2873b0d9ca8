package desk_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// tray is a post office that keeps what it is given.
type tray struct{ letters []mail.Letter }

const trayID = "sbh.aaaaaaaaaaaaaaaaaaaaaaaaa"

func (p *tray) Post(_ context.Context, _ *store.Tx, l mail.Letter) (mail.LetterID, error) {
	p.letters = append(p.letters, l)
	return mail.LetterID(len(p.letters)), nil
}

func (p *tray) Find(_ context.Context, _ store.Queryer, id string) (mail.Log, error) {
	for k, l := range p.letters {
		if id == p.id(k) {
			return mail.Log{To: l.To, Key: l.Key}, nil
		}
	}
	return mail.Log{}, fault.New(fault.NotFound, "there is no such letter")
}

func (p *tray) Recall(_ context.Context, _ *store.Tx, prefix string) error {
	p.letters = slices.DeleteFunc(p.letters, func(l mail.Letter) bool { return strings.HasPrefix(l.Key, prefix) })
	return nil
}

func (p *tray) Hears(context.Context, store.Queryer) (bool, error) { return true, nil }

// id is the Message-ID of the k-th letter.
func (p *tray) id(k int) string { return trayID + string(rune('a'+k)) + "@acme.example" }

var linkIn = regexp.MustCompile(`/answer#([a-z2-7]{26})`)

// token is what the link of the last letter holds.
func (p *tray) token(t testing.TB) string {
	t.Helper()
	if len(p.letters) == 0 {
		t.Fatal("no letter was posted")
	}
	return linkIn.FindStringSubmatch(p.letters[len(p.letters)-1].Text)[1]
}

func TestALinkEndsWithWhatItIsFor(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx, p := t.Context(), &tray{}
		c.Desk.Mail = p
		for _, tt := range []struct {
			name string
			end  func(r desk.Request)
			want desk.LinkState
		}{
			{"nothing happened", func(desk.Request) {}, desk.LinkOpen},
			{"a colleague answered", func(r desk.Request) { _, _ = c.Desk.Answer(ctx, sue, r.ID, "yes") }, desk.LinkAnswered},
			{"it was withdrawn", func(r desk.Request) { _, _ = c.Desk.Withdraw(ctx, sue, r.ID, "") }, desk.LinkWithdrawn},
			{"it was passed on", func(r desk.Request) { _, _ = c.Desk.Pass(ctx, bob, r.ID, desk.Asking{Person: pam.Person}, "") }, desk.LinkPassed},
			{"the conversation was closed", func(desk.Request) {
				_, _ = c.Desk.Close(ctx, sue, n.ID, "done")
				_, _ = c.Desk.Reopen(ctx, sue, n.ID)
			}, desk.LinkClosed},
			{"it is too old", func(r desk.Request) { c.now.Set(r.Due.Add(8 * 24 * time.Hour)) }, desk.LinkExpired},
			{"Bob left", func(desk.Request) {
				gone := staff.Disabled
				_, _ = c.Staff.ChangePerson(ctx, c.Boss, bob.Person, staff.PersonChange{State: &gone})
			}, desk.LinkGone},
			{"Bob is of an agency now", func(desk.Request) { c.becomes(bob, staff.Agency) }, desk.LinkGone},
			{"Bob only looks on now", func(desk.Request) { c.becomes(bob, staff.Viewer) }, desk.LinkGone},
		} {
			c.becomes(bob, staff.Member)
			r := c.ask(sue, n, desk.Asking{Person: bob.Person, Mail: true})
			token := p.token(t)
			tt.end(r)
			q, err := c.Desk.OpenLink(ctx, token)
			if err != nil || q.State != tt.want {
				t.Errorf("%s: it is %q, %v; want %q", tt.name, q.State, err, tt.want)
				continue
			}
			_, err = c.Desk.AnswerByLink(ctx, token, "Yes, on Friday.", "192.0.2.1")
			if tt.want == desk.LinkOpen && err != nil || tt.want != desk.LinkOpen && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: answering by it: %v", tt.name, err)
			}
			if tt.want != desk.LinkOpen && (q.Request.Text != "" || len(q.Messages) != 0) {
				t.Errorf("%s: it still shows %+v", tt.name, q)
			}
		}
	})
}

// becomes gives somebody who works here another role.
func (c *crew) becomes(who staff.Actor, role staff.Role) {
	c.t.Helper()
	active := staff.Active
	if _, err := c.Staff.ChangePerson(c.t.Context(), c.Boss, who.Person, staff.PersonChange{Role: &role, State: &active}); err != nil {
		c.t.Fatal(err)
	}
}

// Who may not work on conversations any more holds none, and their mail counts as no answer.
func TestWhoSeesNoConversationsAnyMoreHoldsNone(t *testing.T) {
	for _, role := range []staff.Role{staff.Agency, staff.Viewer} {
		t.Run(string(role), func(t *testing.T) {
			asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, _ staff.Actor) {
				ctx, p := t.Context(), &tray{}
				c.Desk.Mail = p
				c.ask(sue, n, desk.Asking{Person: bob.Person, Mail: true})
				answer := desk.Mailed{Account: n.Account, From: p.letters[0].To, Refs: []string{p.id(0)}, RemoteID: "r", Text: "Yes.", At: c.now.Now()}
				c.becomes(sue, staff.Contributor)
				if is, err := c.Desk.Conversation(ctx, c.Boss, n.ID); err != nil || is.Person != sue.Person {
					t.Errorf("a contributor holds what they held: %v, %v", is.Person, err)
				}
				c.becomes(sue, role)
				if is, err := c.Desk.Conversation(ctx, c.Boss, n.ID); err != nil || is.Person != 0 || is.Department != n.Department {
					t.Errorf("it is with %v of %v, %v", is.Person, is.Department, err)
				}
				c.becomes(bob, role)
				if taken, why, err := c.Desk.AnswerByMail(ctx, answer); taken || why == "" || err != nil {
					t.Errorf("a mail of who sees nothing any more: taken %v, %q, %v", taken, why, err)
				}
			})
		})
	}
}

func TestTheTokenIsKeptNowhere(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		p := &tray{}
		c.Desk.Mail = p
		c.ask(sue, n, desk.Asking{Person: bob.Person, Mail: true})
		token := p.token(t)
		for _, query := range []string{`SELECT count(*) FROM journal WHERE data LIKE $1 OR about LIKE $1`, `SELECT count(*) FROM request WHERE body LIKE $1`} {
			var k int
			if err := c.Store.Read().QueryRowContext(t.Context(), query, "%"+token+"%").Scan(&k); err != nil || k != 0 {
				t.Errorf("%d rows hold it, %v", k, err)
			}
		}
		if _, err := c.Desk.OpenLink(t.Context(), strings.ToUpper(token)); !fault.Is(err, fault.NotFound) {
			t.Errorf("a token spelt otherwise opens: %v", err)
		}
	})
}

func TestWhatTheLetterShows(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		for shows, sees := range map[desk.Shows]bool{desk.ShowsAll: true, desk.ShowsMessage: true, desk.ShowsQuestion: false} {
			p := &tray{}
			c.Desk.Mail = p
			c.ask(sue, n, desk.Asking{Person: bob.Person, Mail: true, Shows: shows})
			if got := strings.Contains(p.letters[0].Text, "has not arrived"); got != sees || !strings.Contains(p.letters[0].Text, "Was invoice 12 paid?") {
				t.Errorf("%q: the letter is %q", shows, p.letters[0].Text)
			}
		}
		p := &tray{}
		c.Desk.Mail = p
		c.ask(sue, n, desk.Asking{Person: bob.Person})
		if len(p.letters) != 0 {
			t.Error("a letter goes out that nobody wanted")
		}
	})
}

func TestWhichMailsAreAnswers(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx, p := t.Context(), &tray{}
		c.Desk.Mail = p
		r := c.ask(sue, n, desk.Asking{Person: bob.Person, Mail: true})
		to := p.letters[0].To
		good := desk.Mailed{Account: n.Account, From: strings.ToUpper(to), Refs: []string{"other@x.example", p.id(0)}, Text: "Yes, on Friday.", At: c.now.Now()}
		for name, tt := range map[string]struct {
			change func(m *desk.Mailed)
			why    string
		}{
			"it refers to nothing of ours":         {func(m *desk.Mailed) { m.Refs = []string{"x@y.example"} }, ""},
			"it refers to a letter that never was": {func(m *desk.Mailed) { m.Refs = []string{trayID + "z@acme.example"} }, "never was"},
			"somebody else sent it":                {func(m *desk.Mailed) { m.From = "eve@far.example" }, "comes from eve@far.example"},
			"nobody vouches for the sender":        {func(m *desk.Mailed) { m.Vouched = "fail" }, "does not vouch"},
			"it is empty":                          {func(m *desk.Mailed) { m.Text = " \n" }, "nothing in it"},
		} {
			m := good
			m.RemoteID = name
			tt.change(&m)
			taken, why, err := c.Desk.AnswerByMail(ctx, m)
			if taken || err != nil || tt.why == "" && why != "" || !strings.Contains(why, tt.why) {
				t.Errorf("%s: taken %v, %q, %v", name, taken, why, err)
			}
		}
		auto := good
		auto.RemoteID, auto.Automatic, auto.Text = "auto", true, "I am away."
		if taken, _, err := c.Desk.AnswerByMail(ctx, auto); !taken || err != nil || c.requests(n)[0].State != desk.RequestOpen {
			t.Errorf("a holiday note: taken %v, %v, and the request is %s", taken, err, c.requests(n)[0].State)
		}
		good.RemoteID = "good"
		for range 2 { // it may be told of again
			if taken, why, err := c.Desk.AnswerByMail(ctx, good); !taken || why != "" || err != nil {
				t.Errorf("a good answer: taken %v, %q, %v", taken, why, err)
			}
		}
		got := c.requests(n)[0]
		if got.ID != r.ID || got.State != desk.RequestAnswered || got.Answer != "Yes, on Friday." || got.Way != "mail" || got.EndedBy != bob.Person {
			t.Errorf("it became %+v", got)
		}
		more := good
		more.RemoteID, more.Text = "more", "I meant Monday."
		if taken, _, err := c.Desk.AnswerByMail(ctx, more); !taken || err != nil {
			t.Errorf("what came after: taken %v, %v", taken, err)
		}
		if told(t, c.House, n.ID, journal.NoteWritten) != 2 || told(t, c.House, n.ID, journal.RequestAnswered) != 1 {
			t.Error("the notes are not there, or it was answered more than once")
		}
		notes := func() (n int) {
			if err := c.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM note`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		c.Desk.Mail = &tray{} // what was sent is not taken back
		_, err := c.Desk.Erase(ctx, c.Boss, n.Contact, contact.Shown(theContact(t, c.House, n.Contact).Name, ""))
		c.Desk.Mail = p
		late := good
		late.RemoteID, late.Text = "late", "One thing more about them."
		taken, _, err2 := c.Desk.AnswerByMail(ctx, late)
		if err != nil || err2 != nil || !taken || notes() != 0 {
			t.Errorf("after who it was about was erased, %d notes, taken %v, %v, %v", notes(), taken, err, err2)
		}
	})
}

func TestALateRequestRingsOnceEach(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx, p := t.Context(), &tray{}
		c.Desk.Mail = p
		r := c.ask(sue, n, desk.Asking{Person: bob.Person, Mail: true, Due: c.now.Now().Add(2 * time.Hour)})
		for _, tt := range []struct {
			at                        time.Duration
			reminded, late, escalated int
		}{{time.Hour, 0, 0, 0}, {91 * time.Minute, 1, 0, 0}, {119 * time.Minute, 1, 0, 0}, {2 * time.Hour, 1, 1, 0}, {3 * time.Hour, 1, 1, 0}, {26 * time.Hour, 1, 1, 1}, {80 * time.Hour, 1, 1, 1}} {
			c.now.Set(r.At.Add(tt.at))
			for range 2 { // what one node has rung does not ring again
				if _, err := c.Desk.Ring(ctx); err != nil {
					t.Fatal(err)
				}
			}
			for what, want := range map[journal.What]int{journal.RequestReminded: tt.reminded, journal.RequestLate: tt.late, journal.RequestEscalated: tt.escalated} {
				if got := told(t, c.House, n.ID, what); got != want {
					t.Errorf("after %s: %d times %q; want %d", tt.at, got, what, want)
				}
			}
		}
		is := c.requests(n)[0]
		if is.StandIn.IsZero() && is.StandInOf.IsZero() {
			t.Error("nobody is asked besides")
		}
		if len(p.letters) < 2 || !strings.HasPrefix(p.letters[1].Subject, "Reminder: ") {
			t.Errorf("the letters are %d", len(p.letters))
		}
		operator := staff.Actor{Person: 99, Role: staff.Member, Departments: []staff.DepartmentID{is.StandInOf}}
		if page, err := c.Desk.List(ctx, operator, desk.Query{View: desk.AskedView}); err != nil || len(page.Rows) != 1 {
			t.Errorf("who is asked besides sees %d, %v", len(page.Rows), err)
		}
	})
}

func TestWhoSaysLaterIsRemindedThen(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx, p := t.Context(), &tray{}
		c.Desk.Mail = p
		r := c.ask(sue, n, desk.Asking{Person: bob.Person, Mail: true, Due: c.now.Now().Add(10 * time.Hour)})
		at, err := c.Desk.LaterByLink(ctx, p.token(t), "hour", "")
		if err != nil || !at.After(c.now.Now()) {
			t.Fatalf("reminded at %v, %v", at, err)
		}
		c.now.Set(at)
		if _, err := c.Desk.Ring(ctx); err != nil {
			t.Fatal(err)
		}
		if len(p.letters) != 2 || !c.requests(n)[0].Due.Equal(r.Due) {
			t.Errorf("%d letters", len(p.letters))
		}
		refused(t, "in the past", second(c.Desk.Later(ctx, bob, r.ID, c.now.Now())), fault.Invalid)
		refused(t, "who is not asked", second(c.Desk.Later(ctx, pam, r.ID, c.now.Now().Add(time.Hour))), fault.NotFound)
	})
}

func TestTheTimesThatCanBeSaidInWords(t *testing.T) {
	office, err := clock.New(clock.Office("Europe/Berlin", "09:00", "17:00"))
	if err != nil {
		t.Fatal(err)
	}
	berlin := office.Location()
	for name, tt := range map[string]struct {
		now  string
		want map[string]string
	}{
		"on a Tuesday morning":  {"2026-11-24 10:00", map[string]string{"hour": "2026-11-24 11:00", "today": "2026-11-24 17:00", "tomorrow": "2026-11-25 12:00", "friday": "2026-11-27 17:00"}},
		"late in the afternoon": {"2026-11-24 16:30", map[string]string{"hour": "2026-11-25 09:30", "tomorrow": "2026-11-25 12:00", "friday": "2026-11-27 17:00"}},
		"on a Friday":           {"2026-11-27 10:00", map[string]string{"hour": "2026-11-27 11:00", "today": "2026-11-27 17:00", "tomorrow": "2026-11-30 12:00", "friday": "2026-12-04 17:00"}},
		"on a Sunday":           {"2026-11-29 10:00", map[string]string{"hour": "2026-11-30 10:00", "tomorrow": "2026-11-30 12:00", "friday": "2026-12-04 17:00"}},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", tt.now, berlin)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, c := range desk.DueChoices(now, office) {
			got[c.Key] = c.At.In(berlin).Format("2006-01-02 15:04")
		}
		if len(got) != len(tt.want) {
			t.Errorf("%s: %v; want %v", name, got, tt.want)
		}
		for key, want := range tt.want {
			if got[key] != want {
				t.Errorf("%s: %s is %q; want %q", name, key, got[key], want)
			}
		}
	}
	for _, c := range desk.DueChoices(time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), nil) {
		if c.At.IsZero() {
			t.Errorf("without hours %s is never", c.Key)
		}
	}
}
