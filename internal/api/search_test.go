package api_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/api"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/library"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// searchable has everything written into the full text that waits for it.
func (w *world) searchable(t testing.TB) {
	t.Helper()
	for {
		if n, err := desk.IndexSome(context.Background(), w.Store, 100); err != nil {
			t.Fatal(err)
		} else if n == 0 {
			return
		}
	}
}

func TestASearchFindsAnswersAndContactsWhoNeverWrote(t *testing.T) {
	w := newWorld(t)
	ctx, sales, accounts := context.Background(), w.department(t, "Sales"), w.department(t, "Accounts")
	silent := contact.ID(w.Store.IDs.Next())
	w.tx(t, func(tx *store.Tx) error {
		if err := contact.Add(ctx, tx, []contact.Contact{{ID: silent, Name: "Quincy Marlow", CreatedAt: monday}}); err != nil {
			return err
		}
		return contact.LineUp(ctx, tx, silent)
	})
	entry := func(title string, of ...staff.DepartmentID) string {
		a, err := w.Library.Add(ctx, staff.Machine(), library.Content{Department: accounts, For: of, Audience: library.Public,
			Texts: []library.Text{{Language: "en", Title: title, Body: "Marlow bearings may be returned within a fortnight."}}})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID.String()
	}
	open, theirs := entry("Bearings for all"), entry("Bearings for accounts", accounts)
	w.searchable(t)
	for role, want := range map[staff.Role][]string{
		staff.Operator: {open, theirs, silent.String()}, staff.Viewer: {open, theirs, silent.String()}, staff.Member: {open}, staff.Contributor: {open}, staff.Agency: {}} {
		c := w.as(t, w.hire(t, role, sales))
		var ids []string
		for _, f := range got[api.SearchPage](t, c.do("GET", "/api/search?q=marlow", nil)).Others {
			ids = append(ids, f.ID)
			if f.Kind == "answer" && !slices.ContainsFunc(f.Parts, func(p desk.Part) bool { return p.Hit && p.Text == "Marlow" }) {
				t.Errorf("%s: the word is not marked in %+v", role, f)
			}
			if f.Kind == "contact" && f.Title != "Quincy Marlow" {
				t.Errorf("%s: the contact is %+v", role, f)
			}
		}
		slices.Sort(ids)
		slices.Sort(want)
		if strings.Join(ids, " ") != strings.Join(want, " ") {
			t.Errorf("%s finds %q, wanted %q", role, ids, want)
		}
		if more := got[api.SearchPage](t, c.do("GET", "/api/search?q=-marlow+bearings", nil)); len(more.Others) != 0 {
			t.Errorf("%s: left out are %+v", role, more.Others)
		}
	}
}

func TestAContactIsFoundByWhoSeesOneOfTheirConversations(t *testing.T) {
	w := newWorld(t)
	ctx, sales, accounts := context.Background(), w.department(t, "Sales"), w.department(t, "Accounts")
	boss := w.hire(t, staff.Administrator, accounts).ActorOf()
	ask := func(shows desk.Shows) func(desk.ConversationID) error {
		return func(id desk.ConversationID) error {
			_, err := w.Desk.Ask(ctx, boss, id, desk.Asking{Department: sales, Text: "who knows?", Shows: shows})
			return err
		}
	}
	for name, tt := range map[string]struct {
		do   func(desk.ConversationID) error
		want int
	}{
		"nothing to do with them":            {func(desk.ConversationID) error { return nil }, 0},
		"they are asked":                     {ask(desk.ShowsAll), 1},
		"they are to see the question alone": {ask(desk.ShowsQuestion), 0},
		"they must deliver": {func(id desk.ConversationID) error {
			_, err := w.Desk.MakePromise(ctx, boss, id, desk.Making{Text: "a new one", Department: sales, Due: w.clock.Now().Add(48 * time.Hour)})
			return err
		}, 1},
	} {
		k := w.talk(t, accounts)
		if err := tt.do(k.conversation); err != nil {
			t.Fatal(name, err)
		}
		word := "name" + w.unique()
		w.tx(t, func(tx *store.Tx) error {
			if _, err := tx.ExecContext(ctx, `UPDATE contact SET name = $2 WHERE id = $1`, k.contact, word); err != nil {
				return err
			}
			return contact.LineUp(ctx, tx, k.contact)
		})
		w.searchable(t)
		c := w.as(t, w.hire(t, staff.Member, sales))
		if found := got[api.SearchPage](t, c.do("GET", "/api/search?q="+word, nil)).People; len(found) != tt.want {
			t.Errorf("%s: %d are found, wanted %d", name, len(found), tt.want)
		}
		if found := got[struct{ Items []api.ContactRow }](t, c.do("GET", "/api/contacts?q="+word, nil)).Items; len(found) != tt.want {
			t.Errorf("%s: %d are listed, wanted %d", name, len(found), tt.want)
		}
	}
}
