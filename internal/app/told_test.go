package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/library"
	"switchboard/internal/policy"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
)

// untold are the tables whose changes the journal does not tell: what is made of others or of the journal itself, what runs the house,
// and what people have not said yet or keep for themselves.
var untold = regexp.MustCompile(`^(journal|goose_.*|sqlite_.*|river_.*|meta|node|idempotency|session|model|tally|` + // what runs the house
	`search.*|contact_word|answer_search|answer_text|verdict.*|skill_.*|notification.*|chat_wait|incident.*|` + // made of others
	`draft|presence|habit|reading|upload|saved_view_place)$`) // people's own

// told is a house in which everything that changes is looked for in the journal.
type told struct {
	*apptest.House
	t      *testing.T
	now    *clock.Pretend
	acts   account.Account
	actors []staff.Actor
	parts  []staff.DepartmentID
	said   int
}

// still runs f on both databases, in a house where nothing happens by itself but taking in what arrives, on a clock that stands still.
func still(t *testing.T, f func(t *testing.T, h *apptest.House, now *clock.Pretend)) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			now := clock.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
			o := app.Options{DSN: apptest.DSN(t, kind), Now: now.Now, Log: slog.New(slog.DiscardHandler), Ring: secret.Random(), Languages: []string{"en"}, Messages: 800, JobPoll: time.Second}
			h := apptest.Open(t, o.DSN, o)
			if err := h.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			a, err := app.New(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			h.App = a
			ctx, end := context.WithCancel(t.Context())
			var runs sync.WaitGroup
			runs.Go(func() { h.Intake.Run(ctx) })
			t.Cleanup(func() { end(); runs.Wait() })
			f(t, h, now)
		})
	}
}

func newTold(t *testing.T, h *apptest.House, now *clock.Pretend) *told {
	w := &told{House: h, t: t, now: now, acts: h.Shared(t), actors: []staff.Actor{h.Boss}}
	list, err := h.Staff.Departments(t.Context(), h.Boss)
	w.must(err)
	for _, d := range list {
		w.parts = append(w.parts, d.ID)
	}
	for k, role := range []staff.Role{staff.Manager, staff.Operator, staff.Member, staff.Member, staff.Contributor, staff.Viewer, staff.Agency} {
		name := fmt.Sprintf("%s%d", role, k)
		p, err := h.Staff.AddPerson(t.Context(), h.Boss, staff.Person{Name: name, Email: name + "@acme.example", Role: role, Departments: []staff.DepartmentID{w.parts[k%len(w.parts)]}}, "correct horse battery")
		w.must(err)
		w.actors = append(w.actors, staff.Actor{Person: p.ID, Name: p.Name, Role: p.Role, Departments: p.Departments})
	}
	read := h.Boss
	read.Key, read.Scopes = 1, []staff.Scope{staff.Read}
	w.actors = append(w.actors, read)
	statements := []string{`CREATE TRIGGER shut BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM meta WHERE name = 'shut') BEGIN SELECT RAISE(ABORT, 'the journal is shut'); END`}
	if h.Store.Dialect == store.Postgres {
		statements = []string{`CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF EXISTS (SELECT 1 FROM meta WHERE name = 'shut') THEN RAISE EXCEPTION 'the journal is shut'; END IF; RETURN NEW; END $$`,
			`CREATE TRIGGER shut BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION shut()`}
	}
	w.does(statements...)
	return w
}

func (w *told) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *told) does(statements ...string) {
	w.t.Helper()
	w.Tx(w.t, func(tx *store.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(w.t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
}

// shut does f while nothing can be written into the journal.
func (w *told) shut(f func()) {
	w.does(`INSERT INTO meta (name, value) VALUES ('shut', '')`)
	defer w.does(`DELETE FROM meta WHERE name = 'shut'`)
	f()
}

// kept is what the database holds, by table.
func (w *told) kept() map[string]string {
	w.t.Helper()
	query, text := `SELECT name FROM sqlite_master WHERE type = 'table'`, ""
	if w.Store.Dialect == store.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	for _, name := range w.column(query) {
		if untold.MatchString(name) {
			continue
		}
		row := fmt.Sprintf(`CAST(r AS TEXT) FROM %s r`, name)
		switch {
		case name == "account": // how well it is and where it is read to changes by itself
			row = `CAST(id AS TEXT) || handle || name || CAST(stopped_at AS TEXT) || CAST(removed_at AS TEXT) FROM account`
		case w.Store.Dialect == store.SQLite:
			var fields []string
			for _, f := range w.column(`SELECT name FROM pragma_table_info('` + name + `')`) {
				fields = append(fields, `quote(`+f+`)`)
			}
			row = strings.Join(fields, ` || ' ' || `) + ` FROM ` + name
		}
		if text != "" {
			text += ` UNION ALL `
		}
		text += `SELECT '` + name + `|' || ` + row
	}
	list := w.column(text)
	slices.Sort(list)
	out := map[string]string{}
	for _, l := range list {
		table, row, _ := strings.Cut(l, "|")
		out[table] += row + "\n"
	}
	return out
}

func (w *told) column(query string) []string {
	w.t.Helper()
	rows, err := w.Store.Read().QueryContext(w.t.Context(), query)
	list, err := store.List(rows, err, func(rows *sql.Rows) (string, error) {
		var s string
		return s, rows.Scan(&s)
	})
	w.must(err)
	return list
}

// entries are those of the journal after a number, and the number of the last.
func (w *told) entries(after int64) (list []journal.Entry, last int64) {
	w.t.Helper()
	rows, err := w.Store.Read().QueryContext(w.t.Context(), `SELECT seq, at, who, what, conversation, about, data FROM journal WHERE seq > $1 ORDER BY seq`, after)
	list, err = store.List(rows, err, func(rows *sql.Rows) (journal.Entry, error) {
		var e journal.Entry
		var data string
		err := rows.Scan(&e.Cursor.Seq, store.Time(&e.At), &e.Who, &e.What, &e.Conversation, &e.About, &data)
		e.Data = json.RawMessage(data)
		return e, err
	})
	w.must(err)
	if last = after; len(list) > 0 {
		last = list[len(list)-1].Cursor.Seq
	}
	return list, last
}

// differs names the tables that are not as they were.
func differs(was, is map[string]string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if was[name] != is[name] {
			out = append(out, name)
			before := strings.Split(was[name], "\n")
			for _, row := range strings.Split(is[name], "\n") {
				if !slices.Contains(before, row) {
					out = append(out, row)
				}
			}
			for _, row := range before {
				if !slices.Contains(strings.Split(is[name], "\n"), row) {
					out = append(out, "was "+row)
				}
			}
		}
	}
	for name := range was {
		if _, ok := is[name]; !ok {
			out = append(out, name)
		}
	}
	return out
}

// one draws one of the ids that a query finds; zero when it finds none.
func one[T ~int64](w *told, rt *rapid.T, query string) T {
	w.t.Helper()
	rows, err := w.Store.Read().QueryContext(w.t.Context(), query)
	list, err := store.List(rows, err, func(rows *sql.Rows) (T, error) {
		var id T
		return id, rows.Scan(&id)
	})
	w.must(err)
	if len(list) == 0 {
		return 0
	}
	return rapid.SampledFrom(list).Draw(rt, "which")
}

// say lets a contact write.
func (w *told) say(rt *rapid.T) error {
	from := fmt.Sprintf("kim%d", rapid.IntRange(0, 7).Draw(rt, "contact"))
	text := rapid.SampledFrom([]string{"My order has not arrived. Where is it?", "I was charged twice for my invoice.", "Buy 10000 followers now, cheap: http://cheap.example", "Thanks!",
		"Who is in charge of press? We need a statement today."}).Draw(rt, "text")
	return w.hear(from, text)
}

// hear takes in what somebody writes.
func (w *told) hear(from, text string) error {
	w.said++
	id := fmt.Sprintf("said-%d", w.said)
	return w.Intake.Take(w.t.Context(), w.acts, []channel.Event{{Kind: channel.Said, RemoteID: id, At: w.now.Now(), Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: text,
		At: w.now.Now(), From: channel.Identity{RemoteID: from, Handle: "@" + from, Name: from}}}}, nil)
}

// changes are the ways in which people change what is kept. Each draws what it needs, and can then be done again and again.
var changes = map[string]func(w *told, rt *rapid.T) func(ctx context.Context, who staff.Actor) error{
	"claim":   ofConversation(func(w *told) conversational { return w.Desk.Claim }),
	"release": ofConversation(func(w *told) conversational { return w.Desk.Release }),
	"aside":   ofConversation(func(w *told) conversational { return w.Desk.SetAside }),
	"reopen":  ofConversation(func(w *told) conversational { return w.Desk.Reopen }),
	"undo": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, deed := conversation(w, rt), rapid.SampledFrom([]string{"claim", "release", "aside", "reopen", "close", "snooze", "handover", "needs"}).Draw(rt, "of")
		return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.Undo(ctx, who, c, deed)) }
	},
	"close": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, why := conversation(w, rt), rapid.SampledFrom([]string{"", "done"}).Draw(rt, "reason")
		return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.Close(ctx, who, c, why)) }
	},
	"snooze": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, until := conversation(w, rt), w.now.Now().Add(time.Duration(rapid.IntRange(-1, 40).Draw(rt, "hours"))*time.Hour)
		return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.Snooze(ctx, who, c, until)) }
	},
	"hand over": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, to, p := conversation(w, rt), rapid.SampledFrom(w.parts).Draw(rt, "to"), staff.PersonID(0)
		if rapid.Bool().Draw(rt, "to a person") {
			p = somebody(w, rt).Person
		}
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.HandOver(ctx, who, c, to, p, "theirs"))
		}
	},
	"tag": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, tags := conversation(w, rt), rapid.SliceOfN(rapid.SampledFrom([]string{"one", "two", "three"}), 0, 3).Draw(rt, "tags")
		return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.Tag(ctx, who, c, tags)) }
	},
	"correct": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c := conversation(w, rt)
		switch rapid.IntRange(0, 4).Draw(rt, "what") {
		case 0:
			intent := rapid.SampledFrom([]string{"complaint", "praise", "nonsense"}).Draw(rt, "intent")
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.CorrectIntent(ctx, who, c, intent))
			}
		case 1:
			urgency := rapid.SampledFrom([]string{"now", "today", "normal"}).Draw(rt, "urgency")
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.CorrectUrgency(ctx, who, c, urgency))
			}
		case 2:
			code := rapid.SampledFrom([]string{"de", "en", "fr"}).Draw(rt, "language")
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.CorrectLanguage(ctx, who, c, code))
			}
		case 3:
			keys := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"kettles", "toasters"}), 0, 2, rapid.ID).Draw(rt, "topics")
			return func(ctx context.Context, who staff.Actor) error { return w.Topics.Correct(ctx, who, c, keys) }
		}
		needs := rapid.SampledFrom([]string{"must", "courtesy", "none"}).Draw(rt, "needs")
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.CorrectNeeds(ctx, who, c, needs))
		}
	},
	"answer by hand": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c := conversation(w, rt)
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.AnsweredByHand(ctx, who, c, "by telephone", time.Time{}))
		}
	},
	"note": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c := conversation(w, rt)
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.WriteNote(ctx, who, c, "They called before."))
		}
	},
	"call": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, reached := conversation(w, rt), rapid.Bool().Draw(rt, "reached")
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.NoteCall(ctx, who, c, desk.Call{Said: "They will send it back.", Reached: reached}, ""))
		}
	},
	"ask": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, of := conversation(w, rt), rapid.SampledFrom(w.parts).Draw(rt, "of")
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.Ask(ctx, who, c, desk.Asking{Department: of, Text: "Was invoice 12 paid?"}))
		}
	},
	"request": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		r := one[desk.RequestID](w, rt, `SELECT id FROM request ORDER BY id`)
		switch rapid.IntRange(0, 3).Draw(rt, "what") {
		case 0:
			return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.Answer(ctx, who, r, "It was.")) }
		case 1:
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.Withdraw(ctx, who, r, "found it"))
			}
		case 2:
			until := w.now.Now().Add(2 * time.Hour)
			return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.Later(ctx, who, r, until)) }
		}
		of := rapid.SampledFrom(w.parts).Draw(rt, "of")
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.Pass(ctx, who, r, desk.Asking{Department: of}, "theirs"))
		}
	},
	"promise": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c, p := conversation(w, rt), one[desk.PromiseID](w, rt, `SELECT id FROM promise ORDER BY id`)
		switch rapid.IntRange(0, 5).Draw(rt, "what") {
		case 0:
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.KeepPromise(ctx, who, p, desk.Proof{Words: "called them", At: w.now.Now()}))
			}
		case 1:
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.BreakPromise(ctx, who, p, "no parts"))
			}
		case 2:
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.WithdrawPromise(ctx, who, p, "not needed"))
			}
		case 3:
			return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.ReopenPromise(ctx, who, p)) }
		case 4:
			text := rapid.SampledFrom([]string{"We call.", "We write."}).Draw(rt, "text")
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Desk.ChangePromise(ctx, who, p, desk.PromiseChange{Text: &text}))
			}
		}
		due := w.now.Now().Add(24 * time.Hour)
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.MakePromise(ctx, who, c, desk.Making{Text: "We call you tomorrow.", Due: due, Exact: true}))
		}
	},
	"reply": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error { // it does not leave: the clock stands still
		c, text := conversation(w, rt), fmt.Sprintf("It is on its way, number %d.", rapid.IntRange(0, 9).Draw(rt, "number"))
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Delivery.Reply(ctx, who, c, delivery.Draft{Text: text, Undo: time.Minute, Force: true}))
		}
	},
	"delivery": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		d := one[delivery.ID](w, rt, `SELECT id FROM delivery WHERE state = 'queued' ORDER BY id`)
		return func(ctx context.Context, who staff.Actor) error { return second(w.Delivery.Cancel(ctx, who, d)) }
	},
	"contact": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		k, other := one[contact.ID](w, rt, `SELECT id FROM contact WHERE merged_into = 0 ORDER BY id`), one[contact.ID](w, rt, `SELECT id FROM contact WHERE merged_into = 0 ORDER BY id`)
		switch rapid.IntRange(0, 5).Draw(rt, "what") {
		case 0:
			return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.Merge(ctx, who, k, other)) }
		case 1:
			m := one[desk.MergeID](w, rt, `SELECT id FROM contact_merge ORDER BY id`)
			return func(ctx context.Context, who staff.Actor) error { return second(w.Desk.UndoMerge(ctx, who, m)) }
		case 2:
			i := one[contact.IdentityID](w, rt, `SELECT id FROM identity ORDER BY id`)
			return func(ctx context.Context, who staff.Actor) error {
				_, _, err := w.Desk.Split(ctx, who, k, i)
				return err
			}
		case 3:
			return func(ctx context.Context, who staff.Actor) error { return w.API.Contacts.Apart(ctx, who, k, other) }
		case 4:
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.API.Contacts.NoteConsent(ctx, who, contact.Consent{Contact: k, Purpose: "newsletter", Given: true, Proof: "form"}))
			}
		}
		note := rapid.SampledFrom([]string{"", "Pays late.", "A regular."}).Draw(rt, "note")
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.API.Contacts.Change(ctx, who, k, contact.Change{Note: &note}))
		}
	},
	"account": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		switch rapid.IntRange(0, 4).Draw(rt, "what") {
		case 0:
			return func(ctx context.Context, who staff.Actor) error { return w.Book.Stop(ctx, who, w.acts.ID) }
		case 1:
			return func(ctx context.Context, who staff.Actor) error { return w.Book.Resume(ctx, who, w.acts.ID) }
		case 2:
			return func(ctx context.Context, who staff.Actor) error { return w.Book.StopAll(ctx, who) }
		case 3:
			return func(ctx context.Context, who staff.Actor) error { return w.Book.ResumeAll(ctx, who) }
		}
		right := []account.Right{{Person: somebody(w, rt).Person, Duty: account.Speak}}
		return func(ctx context.Context, who staff.Actor) error { return w.Book.SetRights(ctx, who, w.acts.ID, right) }
	},
	"staff": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		of := somebody(w, rt).Person
		switch rapid.IntRange(0, 4).Draw(rt, "what") {
		case 0:
			here := rapid.Bool().Draw(rt, "here")
			return func(ctx context.Context, who staff.Actor) error { return w.Staff.SetPresence(ctx, who, here) }
		case 1:
			from := w.now.Now().Add(240 * time.Hour)
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Staff.AddAbsence(ctx, who, staff.Absence{Person: of, From: from, Until: from.Add(24 * time.Hour)}))
			}
		case 2:
			a := one[staff.AbsenceID](w, rt, `SELECT id FROM absence ORDER BY id`)
			return func(ctx context.Context, who staff.Actor) error { return w.Staff.RemoveAbsence(ctx, who, of, a) }
		case 3:
			summary, d := rapid.SampledFrom([]string{"Parcels", "Invoices"}).Draw(rt, "summary"), rapid.SampledFrom(w.parts).Draw(rt, "department")
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Staff.ChangeDepartment(ctx, who, d, staff.DepartmentChange{Summary: &summary}))
			}
		}
		skills := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"vat", "law"}), 0, 2, rapid.ID).Draw(rt, "skills")
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Staff.ChangePerson(ctx, who, of, staff.PersonChange{Skills: &skills}))
		}
	},
	"key": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		k := one[staff.KeyID](w, rt, `SELECT id FROM api_key ORDER BY id`)
		if rapid.Bool().Draw(rt, "revoked") {
			return func(ctx context.Context, who staff.Actor) error { return w.Staff.RevokeKey(ctx, who, k) }
		}
		return func(ctx context.Context, who staff.Actor) error {
			_, _, err := w.Staff.MakeKey(ctx, who, "till", []staff.Scope{staff.Read})
			return err
		}
	},
	"policy": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		to := rapid.SampledFrom(w.parts).Draw(rt, "to")
		switch rapid.IntRange(0, 3).Draw(rt, "what") {
		case 0:
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Policy.SetMap(ctx, who, policy.NewMap{Rows: []policy.Row{{Intent: "complaint", Department: to}}, Why: "a try"}))
			}
		case 1:
			r := one[policy.RuleID](w, rt, `SELECT id FROM rule ORDER BY id`)
			return func(ctx context.Context, who staff.Actor) error { return w.Policy.RemoveRule(ctx, who, r, "a try") }
		case 2:
			r, on := one[policy.RuleID](w, rt, `SELECT id FROM rule ORDER BY id`), rapid.Bool().Draw(rt, "on")
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Policy.ChangeRule(ctx, who, r, policy.RuleChange{Enabled: &on, Why: "a try"}))
			}
		}
		name, condition := "kettles", `says("kettle")`
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Policy.AddRule(ctx, who, policy.RuleChange{Name: &name, Condition: &condition, Department: &to, Why: "a try"}))
		}
	},
	"topic": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		name := rapid.SampledFrom([]string{"Kettles", "Toasters"}).Draw(rt, "name")
		kind, on := topic.Product, rapid.Bool().Draw(rt, "enabled")
		switch rapid.IntRange(0, 2).Draw(rt, "what") {
		case 0:
			return func(ctx context.Context, who staff.Actor) error {
				return w.Topics.Remove(ctx, who, strings.ToLower(name))
			}
		case 1:
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Topics.Change(ctx, who, strings.ToLower(name), topic.Change{Enabled: &on}))
			}
		}
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Topics.Add(ctx, who, topic.Change{Name: &name, Kind: &kind}))
		}
	},
	"library": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		a := one[library.ID](w, rt, `SELECT id FROM answer ORDER BY id`)
		switch rapid.IntRange(0, 3).Draw(rt, "what") {
		case 0:
			on := rapid.Bool().Draw(rt, "archived")
			return func(ctx context.Context, who staff.Actor) error { return second(w.Library.Archive(ctx, who, a, on)) }
		case 1:
			shortcut := rapid.SampledFrom([]string{"hello", "bye"}).Draw(rt, "shortcut")
			return func(ctx context.Context, who staff.Actor) error {
				return second(w.Library.Save(ctx, who, library.SavedReply{Person: who.Person, Shortcut: shortcut, Name: shortcut, Body: "Hello!", Moment: library.OnSend}))
			}
		}
		to := rapid.SampledFrom(w.parts).Draw(rt, "department")
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Library.Add(ctx, who, library.Content{Department: to, Audience: library.Public, Texts: []library.Text{{Language: "en", Title: "Where is it?", Body: "On its way."}}}))
		}
	},
	"view": func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		name, for_ := "Mine", rapid.SampledFrom([]desk.Audience{desk.ForMe, desk.ForAll}).Draw(rt, "audience")
		if rapid.Bool().Draw(rt, "dropped") {
			v := one[desk.SavedViewID](w, rt, `SELECT id FROM saved_view ORDER BY id`)
			return func(ctx context.Context, who staff.Actor) error { return w.Desk.DropView(ctx, who, v) }
		}
		return func(ctx context.Context, who staff.Actor) error {
			return second(w.Desk.KeepView(ctx, who, desk.SavedViewChange{Name: &name, Audience: &for_, Filter: &desk.SavedFilter{View: "all"}}))
		}
	},
}

type conversational func(context.Context, staff.Actor, desk.ConversationID) (desk.Conversation, error)

func ofConversation(deed func(w *told) conversational) func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
	return func(w *told, rt *rapid.T) func(context.Context, staff.Actor) error {
		c := conversation(w, rt)
		return func(ctx context.Context, who staff.Actor) error { return second(deed(w)(ctx, who, c)) }
	}
}

func conversation(w *told, rt *rapid.T) desk.ConversationID {
	return one[desk.ConversationID](w, rt, `SELECT id FROM conversation ORDER BY id`)
}

// somebody is anybody, and most often somebody who may.
func somebody(w *told, rt *rapid.T) staff.Actor {
	return rapid.OneOf(rapid.Just(w.Boss), rapid.SampledFrom(w.actors)).Draw(rt, "who")
}

// why are the words by which an entry gives the reason of what the machine decided.
var why = map[journal.What][]string{
	journal.PutThrough: {"reasons", "reason"}, journal.MovedOn: {"reasons", "reason"}, journal.TakenBack: {"reason"}, journal.SetAside: {"reason"}, journal.HandedOver: {"reason"},
	journal.Released: {"reason"}, journal.Woke: {"reason"}, journal.Reopened: {"reason"}, journal.BroughtBack: {"reason"}, journal.ClockWarned: {"due"}, journal.ClockBreached: {"due"},
	journal.DeliveryHeld: {"reason"}, journal.DeliveryFailed: {"reason"}, journal.DeliveryUnknown: {"reason"},
}

var whose = regexp.MustCompile(`^(machine|(person|contact):.+)$`)

// sound fails when an entry leaves out who, when or what it is about, or, where the machine decided, why.
func sound(t interface{ Fatalf(string, ...any) }, e journal.Entry) {
	if !whose.MatchString(e.Who) || e.At.IsZero() || e.What == "" || !json.Valid(e.Data) || e.Conversation == 0 && e.About == "" && len(e.Data) < 3 &&
		!slices.Contains([]journal.What{journal.EverythingStopped, journal.EverythingResumed, journal.SetUp}, e.What) {
		t.Fatalf("an entry does not say who, when and what: %+v %s", e, e.Data)
	}
	if words := why[e.What]; e.Who == journal.Machine && words != nil {
		var data map[string]any
		if json.Unmarshal(e.Data, &data) != nil || !slices.ContainsFunc(words, func(w string) bool { return len(fmt.Sprint(data[w])) > 2 && data[w] != nil }) {
			t.Fatalf("the machine does not say why: %s %s", e.What, e.Data)
		}
	}
}

// Whatever anybody changes, the journal says in the same transaction who, when and what; what is refused changes nothing and is not
// told, and what can't be told does not happen. What the machine decided carries why.
func TestEveryChangeIsToldOrDoesNotHappen(t *testing.T) {
	if os.Getenv("SWITCHBOARD_FULL") == "" { // it looks at the whole database at each step
		checks := flag.Lookup("rapid.checks").Value
		before := checks.String()
		t.Cleanup(func() { _ = checks.Set(before) })
		_ = checks.Set(map[bool]string{true: "15", false: "40"}[testing.Short()])
	}
	still(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		w, ctx := newTold(t, h, now), t.Context()
		names := slices.Sorted(maps.Keys(changes))
		hours := 12
		if os.Getenv("SWITCHBOARD_FULL") != "" {
			hours = 72
		}
		done, refused := map[string]int{}, map[string]int{}
		_, last := w.entries(0)
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 2).Draw(rt, "messages") {
				if err := w.say(rt); err != nil {
					rt.Fatal(err)
				}
			}
			var list []journal.Entry
			if list, last = w.entries(last); len(list) == 0 {
				rt.Fatal("what arrived is not told")
			}
			for _, e := range list {
				sound(rt, e)
			}
			for range rapid.IntRange(3, 10).Draw(rt, "deeds") {
				name, who := rapid.SampledFrom(names).Draw(rt, "deed"), somebody(w, rt)
				do := changes[name](w, rt)
				w.must(second(h.Desk.Ring(ctx))) // what is due by itself is done
				_, last = w.entries(last)
				was := w.kept()
				var shutErr error
				w.shut(func() { shutErr = do(ctx, who) })
				if changed := differs(was, w.kept()); len(changed) > 0 {
					rt.Fatalf("%s by %s could not be told and changed %v all the same (%v)", name, who.Name, changed, shutErr)
				}
				err := do(ctx, who)
				is := w.kept()
				changed := differs(was, is)
				list, last = w.entries(last)
				list = slices.DeleteFunc(list, func(e journal.Entry) bool { return e.What == journal.Notified || e.What == journal.ModelMade }) // others are told beside it
				switch {
				case err != nil && (len(changed) > 0 || len(list) > 0):
					rt.Fatalf("%s by %s was refused (%v), and changed %v, told as %+v", name, who.Name, err, changed, list)
				case err == nil && shutErr == nil && (len(changed) > 0 || len(list) > 0):
					rt.Fatalf("%s by %s went well untold, and then changed %v, told as %+v", name, who.Name, changed, list)
				case len(changed) > 0 && len(list) == 0:
					rt.Fatalf("%s by %s changed %v and is not told", name, who.Name, changed)
				case err != nil && fault.KindOf(err) == fault.Internal:
					rt.Fatalf("%s by %s: %v", name, who.Name, err)
				case err != nil:
					refused[name]++
					continue
				}
				if len(changed) > 0 {
					done[name]++
					if !slices.ContainsFunc(list, func(e journal.Entry) bool { return e.Who == who.Who() }) {
						rt.Fatalf("%s by %s is told as by others: %+v", name, who.Name, list)
					}
				}
				for _, e := range list {
					if sound(rt, e); e.At.Before(now.Now().Truncate(time.Microsecond)) {
						rt.Fatalf("%s is told as of %v, at %v", name, e.At, now.Now())
					}
				}
			}
			now.Add(time.Duration(rapid.IntRange(1, 5).Draw(rt, "milliseconds")) * time.Millisecond) // what waits to leave never does
		})
		t.Logf("done %v; refused %v", done, refused)
		if !testing.Short() && len(done) < len(names)*3/4 {
			t.Errorf("of %v only %v were ever done", names, done)
		}
		w.must(w.hear("somebody else", "I was charged twice for my invoice.")) // whatever was drawn, nobody answers this one
		_, last = w.entries(last)
		for range hours { // and what the machine does by itself as time goes by
			now.Add(time.Hour)
			if _, err := h.Desk.Ring(ctx); err != nil {
				t.Fatal(err)
			}
		}
		list, _ := w.entries(last)
		for _, e := range list {
			sound(t, e)
		}
		if len(list) == 0 {
			t.Error("in all the hours after it the machine did nothing")
		}
	})
}
