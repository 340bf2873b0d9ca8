package intake_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// hired lets somebody begin who is at work.
func hired(t *testing.T, h *apptest.House, p staff.Person) staff.Actor {
	t.Helper()
	p.Email = strings.ToLower(p.Name) + "@acme.example"
	if p.Role == "" {
		p.Role = staff.Member
	}
	skills, languages := p.Skills, p.Languages
	p, err := h.Staff.AddPerson(t.Context(), staff.Machine(), p, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = h.Staff.ChangePerson(t.Context(), h.Boss, p.ID, staff.PersonChange{Skills: &skills, Languages: &languages}); err != nil {
		t.Fatal(err)
	}
	return p.ActorOf()
}

// asked takes a message in and returns its conversation.
func asked(t *testing.T, h *apptest.House, key, text string) desk.Conversation {
	t.Helper()
	if err := h.Intake.Take(t.Context(), h.Shared(t), []channel.Event{said(key, key, text)}, nil); err != nil {
		t.Fatal(err)
	}
	c, _ := on(t, h, key)
	return c
}

// queued takes a message in that a department has in its queue.
func queued(t *testing.T, h *apptest.House, key, text string, d staff.DepartmentID) desk.Conversation {
	t.Helper()
	c := asked(t, h, key, text)
	if c.Department == d && c.Person.IsZero() {
		return c
	}
	c, err := h.Desk.HandOver(t.Context(), h.Boss, c.ID, d, 0, "theirs")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// handedOut gives a department's queue out and returns who has a conversation of it then.
func handedOut(t *testing.T, h *apptest.House, c desk.Conversation) desk.Conversation {
	t.Helper()
	if _, err := h.Intake.HandOut(t.Context(), h.Boss, c.Department); err != nil {
		t.Fatal(err)
	}
	c, err := h.Desk.Conversation(t.Context(), h.Boss, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhoWorksForTwoDepartmentsGetsWhatIsForEither(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		first, second := h.Department(t, "Accounts"), h.Department(t, "Press and PR")
		zoe := hired(t, h, staff.Person{Name: "Zoe", Departments: []staff.DepartmentID{first, second}, Skills: []string{"zorgulons"}})
		for k, d := range []staff.DepartmentID{first, second} {
			c := handedOut(t, h, queued(t, h, "two"+string(rune('a'+k)), "where is my order", d))
			if c.Person != zoe.Person || c.Department != d {
				t.Errorf("it went to %v of %v, because %q", c.Person, c.Department, c.Decision.Reasons)
			}
		}
	})
}

func TestWhoMaySpeakOnTheAccountComesBeforeTheirEquals(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		d := h.Department(t, "Accounts")
		hired(t, h, staff.Person{Name: "Ann", Departments: []staff.DepartmentID{d}})
		bob := hired(t, h, staff.Person{Name: "Bob", Departments: []staff.DepartmentID{d}})
		if err := h.Book.SetRights(t.Context(), h.Boss, h.Shared(t).ID, []account.Right{{Person: bob.Person, Duty: account.Speak}}); err != nil {
			t.Fatal(err)
		}
		c := handedOut(t, h, queued(t, h, "speak", "where is my order", d))
		if c.Person != bob.Person || !strings.Contains(strings.Join(c.Decision.Reasons, "; "), "may speak on this account") {
			t.Errorf("it went to %v, because %q", c.Person, c.Decision.Reasons)
		}
	})
}

func TestWhatGoesOnIsStillKnownForWhatItAsks(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		d := h.Department(t, "Accounts")
		hired(t, h, staff.Person{Name: "Ann", Departments: []staff.DepartmentID{d}})
		bob := hired(t, h, staff.Person{Name: "Bob", Departments: []staff.DepartmentID{d}, Skills: []string{"zorgulons"}})
		eve := hired(t, h, staff.Person{Name: "Eve", Departments: []staff.DepartmentID{d}})
		next := func(c desk.Conversation) desk.Step {
			on, err := h.Brain.Onward(t.Context(), h.Desk.Now())
			if err != nil {
				t.Fatal(err)
			}
			h.Tx(t, func(tx *store.Tx) error {
				return on.Begin(t.Context(), tx, map[desk.ConversationID]desk.Conversation{c.ID: c})
			})
			return on.Next(c, desk.Unanswered)
		}
		c := queued(t, h, "skill", "my zorgulons are broken", d)
		if s := next(c); s.Person != bob.Person || !strings.Contains(s.Reason, "knows zorgulons") {
			t.Errorf("it goes on to %v, as %q", s.Person, s.Reason)
		}
		if c = handedOut(t, h, c); c.Person != bob.Person || !strings.Contains(strings.Join(c.Decision.Reasons, "; "), "knows zorgulons") {
			t.Errorf("it was given to %v, because %q", c.Person, c.Decision.Reasons)
		}
		c = queued(t, h, "known", "where is my order", d)
		h.Tx(t, func(tx *store.Tx) error { // in another conversation
			_, err := tx.ExecContext(t.Context(), `UPDATE contact SET answered_by = $1, answered_at = $2 WHERE id = $3`, eve.Person, store.Micros(h.Desk.Now()), c.Contact)
			return err
		})
		if s := next(c); s.Person != eve.Person || !strings.Contains(s.Reason, "answered this contact") {
			t.Errorf("it goes on to %v, as %q", s.Person, s.Reason)
		}
	})
}

func TestWhoKnowsIsAskedOfEverybody(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		d := h.Department(t, "Accounts")
		lone := hired(t, h, staff.Person{Name: "Lou", Skills: []string{"zorgulons"}, Languages: []string{"fr"}})
		away := hired(t, h, staff.Person{Name: "Amy", Departments: []staff.DepartmentID{d}, Skills: []string{"zorgulons"}})
		if _, err := h.Staff.AddAbsence(t.Context(), h.Boss, staff.Absence{Person: away.Person, From: h.Desk.Now().Add(-time.Hour), Until: h.Desk.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		names := func(of desk.Conversation) (out []staff.PersonID) {
			list, err := h.Brain.Candidates(t.Context(), "who knows about zorgulons?", of, 20)
			if err != nil {
				t.Fatal(err)
			}
			for k, c := range list {
				if k > 0 && list[k-1].Score < c.Score {
					t.Errorf("not in order: %+v", list)
				}
				if c.Person == away.Person && (c.Working || !strings.Contains(c.Reasons[0], "is not at work")) {
					t.Errorf("it is not said that they are away: %+v", c)
				}
				if !c.Person.IsZero() && strings.Contains(c.Reasons[0], "knows zorgulons") {
					out = append(out, c.Person)
				}
			}
			return out
		}
		if got := names(desk.Conversation{}); !slices.Equal(got, []staff.PersonID{lone.Person, away.Person}) {
			t.Errorf("those who know are %v", got)
		}
		c := asked(t, h, "theirs", "where is my order")
		h.Tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE contact SET answered_by = $1, answered_at = $2 WHERE id = $3`, away.Person, store.Micros(h.Desk.Now()), c.Contact)
			return err
		})
		if got := names(c); !slices.Equal(got, []staff.PersonID{away.Person, lone.Person}) {
			t.Errorf("for an English contact whom one of them has answered they are %v", got)
		}
	})
}
