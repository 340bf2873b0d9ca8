package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// whose is what merging, undoing and splitting move, as lines of text.
func whose(t *testing.T, h *apptest.House) string {
	t.Helper()
	var out []string
	for _, query := range []string{
		`SELECT 'contact', CAST(id AS TEXT), name || '|' || standings || '|' || note || '|' || fields || '|' || stood_by, CAST(merged_into AS TEXT) FROM contact`,
		`SELECT 'identity', CAST(id AS TEXT), remote_id, CAST(contact AS TEXT) FROM identity`,
		`SELECT 'conversation', CAST(id AS TEXT), CAST(beside AS TEXT), CAST(contact AS TEXT) FROM conversation`,
		`SELECT 'message', CAST(id AS TEXT), CAST(identity AS TEXT), CAST(conversation AS TEXT) FROM message`,
		`SELECT 'line', CAST(conversation AS TEXT), thread, CAST(contact AS TEXT) FROM line`,
		`SELECT 'consent', CAST(id AS TEXT), purpose, CAST(contact AS TEXT) FROM consent`,
		`SELECT 'lesson', CAST(id AS TEXT), intent, CAST(contact AS TEXT) FROM lesson`,
	} {
		rows, err := h.Store.Read().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var a, b, c, d string
			if err := rows.Scan(&a, &b, &c, &d); err != nil {
				t.Fatal(err)
			}
			out = append(out, strings.Join([]string{a, b, c, d}, " "))
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// amiss are the rules that every sequence of merges, undos and splits keeps, each as a query that finds what breaks it.
var amiss = map[string]string{
	"identities of a contact that is no more":    `SELECT count(*) FROM identity i WHERE NOT EXISTS (SELECT 1 FROM contact k WHERE k.id = i.contact AND k.merged_into = 0)`,
	"conversations of a contact that is no more": `SELECT count(*) FROM conversation c WHERE NOT EXISTS (SELECT 1 FROM contact k WHERE k.id = c.contact AND k.merged_into = 0)`,
	"messages in no conversation":                `SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = m.conversation)`,
	"consents of a contact that is no more":      `SELECT count(*) FROM consent s WHERE NOT EXISTS (SELECT 1 FROM contact k WHERE k.id = s.contact AND k.merged_into = 0)`,
	"links that need more than one step":         `SELECT count(*) FROM contact a JOIN contact b ON b.id = a.merged_into WHERE b.merged_into <> 0`,
	"threads that do not go on in one conversation": `SELECT count(*) FROM (SELECT contact FROM conversation GROUP BY contact, account, thread
		HAVING SUM(CASE WHEN beside = 0 THEN 1 ELSE 0 END) <> 1) several`,
	"conversations beside another's number":      `SELECT count(*) FROM conversation WHERE beside <> 0 AND beside <> id`,
	"lines that lead to another's conversation":  `SELECT count(*) FROM line l JOIN conversation c ON c.id = l.conversation WHERE c.contact <> l.contact`,
	"lessons of another than their conversation": `SELECT count(*) FROM lesson l JOIN message m ON m.id = l.message JOIN conversation c ON c.id = m.conversation WHERE l.contact <> c.contact`,
}

// Whatever is merged, undone and split in whatever order, each identity, message and conversation is there once, and undoing right
// after a merge gives back what was.
func TestMergingNeverLosesAnything(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		people := []string{"ann", "bob", "cem", "dee", "eve"}
		said := 0
		say := func(who string) desk.Conversation {
			said++
			return arrive(t, h, who, "Where is my order?")
		}
		for k, p := range people {
			c := say(p)
			change(t, h, c.Contact, contact.Change{Note: words("Note on " + p), Standings: &[]string{contact.Standings[k%3]}, Fields: &map[string]string{"shared": p, p: "own"}})
			if _, err := h.API.Contacts.NoteConsent(ctx, h.Boss, contact.Consent{Contact: c.Contact, Purpose: p, Given: true, Proof: "form"}); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Desk.CorrectIntent(ctx, h.Boss, c.ID, "complaint"); err != nil {
				t.Fatal(err)
			}
			h.Tx(t, func(tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO lesson (id, message, contact, kind, department, intent, at) VALUES ($1, $2, $3, 'confirmation', $4, '', 0)`,
					h.Store.IDs.Next(), c.LastMessage, c.Contact, c.Department)
				return err
			})
		}
		var merges []desk.MergeID
		number := func(query string) (n int) {
			t.Helper()
			if err := h.Store.Read().QueryRowContext(ctx, query).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		identity := func(name string) contact.Identity {
			list, err := contact.Known(ctx, h.Store.Read(), "hook", []string{name})
			if err != nil || len(list) != 1 {
				t.Fatalf("%s is %+v, %v", name, list, err)
			}
			return list[0]
		}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 4).Draw(rt, "deeds") {
				one, other := identity(rapid.SampledFrom(people).Draw(rt, "one")), identity(rapid.SampledFrom(people).Draw(rt, "other"))
				switch deed := rapid.SampledFrom([]string{"say", "merge", "merge and undo", "undo", "split"}).Draw(rt, "deed"); deed {
				case "say":
					say(one.RemoteID)
				case "merge", "merge and undo":
					before := whose(t, h)
					m, err := h.Desk.Merge(ctx, h.Boss, one.Contact, other.Contact)
					if one.Contact == other.Contact {
						if err == nil {
							rt.Fatal("a contact was merged with itself")
						}
						continue
					}
					if err != nil {
						rt.Fatal(err)
					}
					if deed == "merge" {
						merges = append(merges, m.ID)
						continue
					}
					if _, err := h.Desk.UndoMerge(ctx, h.Boss, m.ID); err != nil {
						rt.Fatal(err)
					}
					if after := whose(t, h); after != before {
						rt.Fatalf("undoing gave back\n%s\nof\n%s", only(after, before), only(before, after))
					}
				case "undo":
					if len(merges) > 0 {
						_, err := h.Desk.UndoMerge(ctx, h.Boss, rapid.SampledFrom(merges).Draw(rt, "merge"))
						fine(t, err)
					}
				case "split":
					_, _, err := h.Desk.Split(ctx, h.Boss, one.Contact, one.ID)
					fine(t, err)
				}
			}
			for what, query := range amiss {
				if n := number(query); n != 0 {
					rt.Fatalf("%s: %d", what, n)
				}
			}
			if n := number(`SELECT count(*) FROM message`); n != said {
				rt.Fatalf("of %d messages there are %d", said, n)
			}
			if n, all := number(`SELECT count(*) FROM identity`), number(`SELECT count(*) FROM consent`); n != len(people) || all != len(people) {
				rt.Fatalf("there are %d identities and %d consents", n, all)
			}
		})
	})
}

// only are the lines of a that b has not.
func only(a, b string) string {
	has := strings.Split(b, "\n")
	return fmt.Sprint(strings.Join(slices.DeleteFunc(strings.Split(a, "\n"), func(line string) bool { return slices.Contains(has, line) }), "\n"))
}
