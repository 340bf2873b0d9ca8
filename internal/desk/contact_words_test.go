package desk_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
)

// introduce lets somebody write by a name and a handle, and returns the contact.
func introduce(t *testing.T, h *apptest.House, from, handle, name string) contact.ID {
	t.Helper()
	now, id := h.Desk.Now(), fmt.Sprint("w", h.Store.IDs.Next())
	m := channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: "Where is my order?", At: now, From: channel.Identity{RemoteID: from, Handle: handle, Name: name}}
	if err := h.Intake.Take(t.Context(), h.Shared(t), []channel.Event{{Kind: channel.Said, RemoteID: id, At: now, Message: m}}, nil); err != nil {
		t.Fatal(err)
	}
	return identityOf(t, h, from).Contact
}

func identityOf(t *testing.T, h *apptest.House, remoteID string) contact.Identity {
	t.Helper()
	list, err := contact.Known(t.Context(), h.Store.Read(), "hook", []string{remoteID})
	if err != nil || len(list) > 1 {
		t.Fatalf("%s is %+v, %v", remoteID, list, err)
	}
	return append(list, contact.Identity{})[0]
}

// spelled are the words that contacts are found by, as lines of text: those that are kept, and those that there should be.
func spelled(t *testing.T, h *apptest.House) (kept, should []string) {
	t.Helper()
	read := func(query string, f func(id contact.ID, text string)) {
		rows, err := h.Store.Read().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var id contact.ID
			var text string
			if err := rows.Scan(&id, &text); err != nil {
				t.Fatal(err)
			}
			f(id, text)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	read(`SELECT contact, word FROM contact_word`, func(id contact.ID, word string) { kept = append(kept, id.String()+" "+word) })
	read(`SELECT id, name FROM contact WHERE merged_into = 0 AND erased_at = 0 UNION ALL SELECT contact, name || ' ' || handle FROM identity`, func(id contact.ID, text string) {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			should = append(should, id.String()+" "+w)
		}
	})
	slices.Sort(kept)
	slices.Sort(should)
	return kept, slices.Compact(should)
}

func caughtUp(t *testing.T, h *apptest.House) {
	t.Helper()
	until(t, "all is searchable", func() bool {
		_, err := desk.IndexSome(t.Context(), h.Store, 500)
		var n int
		if err := cmp.Or(err, h.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM search_todo`).Scan(&n)); err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
}

// Whoever comes, is renamed, imported, merged, put asunder, split and erased in whatever order: each is found by the words they have
// now, nobody by those of another, and of who was erased no word is left from that moment on.
func TestContactsAreFoundByTheWordsTheyHave(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		book := &contact.Book{Store: h.Store, Now: h.Desk.Now}
		people, called := []string{"p1", "p2", "p3", "p4"}, []string{"Ann Lee", "Anna", "Bob-Lee", "Kim", "Ann Kim 2"}
		var merges []desk.MergeID
		deeds := map[string]func(rt *rapid.T, one, other contact.Identity, name string){
			"rename": func(rt *rapid.T, one, _ contact.Identity, name string) {
				if !one.Contact.IsZero() {
					change(t, h, one.Contact, contact.Change{Name: &name})
				}
			},
			"import": func(rt *rapid.T, _, _ contact.Identity, name string) {
				s, err := contact.ReadSheet([]byte("Name,Email,Number\n" + name + ",a@x.example," + rapid.SampledFrom([]string{"", "77"}).Draw(rt, "number") + "\n"))
				if err != nil {
					rt.Fatal(err)
				}
				if _, err := book.Import(ctx, h.Boss, s, contact.Guess(s.Header), true); err != nil {
					rt.Fatal(err)
				}
			},
			"merge": func(rt *rapid.T, one, other contact.Identity, _ string) {
				if m, err := h.Desk.Merge(ctx, h.Boss, one.Contact, other.Contact); fine(t, err) {
					merges = append(merges, m.ID)
				}
			},
			"undo": func(rt *rapid.T, _, _ contact.Identity, _ string) {
				if len(merges) > 0 {
					fine(t, second(h.Desk.UndoMerge(ctx, h.Boss, merges[len(merges)-1])))
				}
			},
			"split": func(rt *rapid.T, one, _ contact.Identity, _ string) {
				_, _, err := h.Desk.Split(ctx, h.Boss, one.Contact, one.ID)
				fine(t, err)
			},
			"erase": func(rt *rapid.T, one, _ contact.Identity, _ string) {
				if one.Contact.IsZero() {
					return
				}
				if _, err := h.Desk.Erase(ctx, h.Boss, one.Contact, contact.Shown(theContact(t, h, one.Contact).Name, "")); err != nil {
					rt.Fatal(err)
				}
				var n int
				if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM contact_word WHERE contact = $1`, one.Contact).Scan(&n); err != nil || n != 0 {
					rt.Fatalf("right after the erasure %d words are left, %v", n, err)
				}
			},
		}
		names := append(slices.Sorted(maps.Keys(deeds)), "come", "come")
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 5).Draw(rt, "deeds") {
				one, name := rapid.SampledFrom(people).Draw(rt, "one"), rapid.SampledFrom(called).Draw(rt, "name")
				deed := rapid.SampledFrom(names).Draw(rt, "deed")
				if deed == "come" {
					introduce(t, h, one, "@"+strings.ReplaceAll(rapid.SampledFrom(called).Draw(rt, "handle"), " ", "_")+"@x.example", name)
					continue
				}
				deeds[deed](rt, identityOf(t, h, one), identityOf(t, h, rapid.SampledFrom(people).Draw(rt, "other")), name)
			}
			caughtUp(t, h)
			kept, should := spelled(t, h)
			if !slices.Equal(kept, should) {
				rt.Fatalf("kept are\n%s\nwhere there should be\n%s", only(strings.Join(kept, "\n"), strings.Join(should, "\n")), only(strings.Join(should, "\n"), strings.Join(kept, "\n")))
			}
			asked := rapid.SampledFrom([]string{"an", "lee", "kim", "2", "x"}).Draw(rt, "asked")
			found, err := contact.List(ctx, h.Store, contact.Query{All: true, Words: asked, Limit: 1000})
			if err != nil {
				rt.Fatal(err)
			}
			whose := map[string]bool{}
			for _, line := range should {
				if id, word, _ := strings.Cut(line, " "); strings.HasPrefix(word, asked) {
					whose[id] = true
				}
			}
			for _, c := range found {
				if !whose[c.ID.String()] {
					rt.Errorf("%q is found by %q", c.Name, asked)
				}
			}
			if len(found) != len(whose) {
				rt.Errorf("%q finds %d contacts, not %d", asked, len(found), len(whose))
			}
		})
	})
}
