package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
	"switchboard/internal/triage"
)

var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// house is a policy in a furnished house, with a manager, an operator and a clock that stands still.
type house struct {
	*Policy
	ann, olga, mia staff.Actor // manager, operator, member
	clock          *clock.Pretend
	n              int
}

func newHouse(t testing.TB, s *store.Store) *house {
	t.Helper()
	c := clock.At(monday)
	s.Now, s.IDs.Now = c.Now, c.Now
	st := &staff.Staff{Store: s, Now: c.Now, Log: slog.New(slog.DiscardHandler), Hashing: &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
	if _, err := st.Furnish(t.Context(), staff.House{Name: "Ada", Email: "ada@acme.example", Password: "correct horse battery", Template: "split",
		Organisation: staff.Organisation{Name: "ACME", PublicURL: "http://desk.example", Zone: "Europe/Berlin"}}); err != nil {
		t.Fatal(err)
	}
	h := &house{Policy: &Policy{Store: s, Staff: st, Now: c.Now, Log: slog.New(slog.DiscardHandler)}, clock: c}
	h.ann, h.olga, h.mia = h.hire(t, "Ann", staff.Manager, "Sales"), h.hire(t, "Olga", staff.Operator, "Switchboard"), h.hire(t, "Mia", staff.Member, "Customer service")
	return h
}

// onBoth runs f on both databases.
func onBoth(t *testing.T, f func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { f(t, newHouse(t, s)) })
}

func (h *house) hire(t testing.TB, name string, role staff.Role, in string) staff.Actor {
	t.Helper()
	p, err := h.Staff.AddPerson(t.Context(), staff.Machine(), staff.Person{Name: name, Email: name + "@acme.example", Role: role, Departments: []staff.DepartmentID{h.dep(t, in)}}, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	return p.ActorOf()
}

func (h *house) dep(t testing.TB, name string) staff.DepartmentID {
	t.Helper()
	r, err := h.Staff.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Departments() {
		if d.Name == name {
			return d.ID
		}
	}
	t.Fatalf("no department %q", name)
	return 0
}

// said is a message that opened a conversation some time ago.
type said struct {
	text      string
	ago       time.Duration
	in        staff.DepartmentID
	standings []string
	a         triage.Assessment
	handled   time.Duration // from claim to answer
	idle      bool
}

func (h *house) say(t testing.TB, list ...said) (ids []desk.ConversationID) {
	t.Helper()
	now := h.clock.Now()
	err := h.Store.Tx(t.Context(), func(tx *store.Tx) error {
		ctx := context.Background()
		for _, m := range list {
			h.n++
			at := now.Add(-m.ago)
			c := sinceID(at) + desk.ConversationID(h.n)
			ids = append(ids, c)
			b, _ := json.Marshal(m.a)
			if m.standings == nil {
				m.standings = []string{}
			}
			who, identity, message := contact.ID(c), contact.IdentityID(c), desk.MessageID(c)
			if err := contact.Add(ctx, tx, []contact.Contact{{ID: who, Name: "Kim", Standings: m.standings, CreatedAt: at}}); err != nil {
				return err
			}
			if err := contact.AddIdentities(ctx, tx, []contact.Identity{{ID: identity, Contact: who, Channel: "feed", RemoteID: identity.String(), Handle: "@kim", Name: "Kim", Followers: 1200}}); err != nil {
				return err
			}
			k := desk.NewMessage(message, account.ID(1), channel.Message{RemoteID: message.String(), Kind: channel.Post, Text: m.text, At: at}, at)
			k.Conversation, k.Identity, k.Assessment = c, identity, string(b)
			if err := desk.AddMessages(ctx, tx, []desk.Message{k}); err != nil {
				return err
			}
			v := desk.Conversation{ID: c, Account: account.ID(1), Contact: who, Thread: fmt.Sprint(c), State: desk.Open, Department: m.in, Intents: []string{}, Tags: []string{}, Needs: "must",
				Messages: 1, LastMessage: message, LastAt: at, LastInAt: at, OpenedAt: at, Decision: desk.Decision{Department: m.in, By: "model", Reasons: []string{}}}
			if m.idle {
				v = v.PutAside(at)
			}
			if m.handled > 0 {
				v.AnsweredAt = at.Add(time.Hour + m.handled)
				if _, err := tx.ExecContext(ctx, `INSERT INTO journal (at, who, what, conversation, about, data, tx) VALUES ($1, 'x', 'claimed', $2, '', '{}', 0)`, store.Micros(at.Add(time.Hour)), c); err != nil {
					return err
				}
				if _, err := tx.ExecContext(ctx, `INSERT INTO delivery (id, key, conversation, account, parent, person, approved_by, private, subject, body, content, state, reason, then_state, tries, fence,
					lease_until, due_at, started_at, created_at, sent_at, ended_at, remote_id, url, message) VALUES ($1, $2, $1, 1, 0, 0, 0, 0, '', '', '', 'sent', '', '', 0, 0, 0, 0, 0, $3, 0, 0, '', '', 0)`,
					c, fmt.Sprint(c), store.Micros(v.AnsweredAt)); err != nil {
					return err
				}
			}
			if err := desk.Save(ctx, tx, desk.Change{Is: v}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func ptr[T any](v T) *T { return &v }

// one is an SQLite store.
func one(t testing.TB) *store.Store { return storetest.Open(t, storetest.SQLite(t)) }
