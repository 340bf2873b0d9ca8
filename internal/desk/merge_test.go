package desk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

func theContact(t *testing.T, h *apptest.House, id contact.ID) contact.Contact {
	t.Helper()
	list, err := contact.Contacts(t.Context(), h.Store.Read(), []contact.ID{id})
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	return list[0]
}

func change(t *testing.T, h *apptest.House, id contact.ID, ch contact.Change) {
	t.Helper()
	b := &contact.Book{Store: h.Store, Now: h.Desk.Now}
	if _, err := b.Change(t.Context(), h.Boss, id, ch); err != nil {
		t.Fatal(err)
	}
}

func words(s string) *string { return &s }

// What is merged goes on as one, and undoing puts back what moved and leaves what came since.
func TestMergingAndUndoing(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		a, b := arrive(t, h, "kim", "My kettle leaks."), arrive(t, h, "kim2", "The kettle again.")
		change(t, h, a.Contact, contact.Change{Standings: &[]string{"customer"}, Note: words("Likes tea."), Fields: &map[string]string{"number": "7"}})
		change(t, h, b.Contact, contact.Change{Standings: &[]string{"customer", "journalist"}, Note: words("Writes for the Herald."), Fields: &map[string]string{"paper": "Herald"}})
		if _, err := h.API.Contacts.NoteConsent(ctx, h.Boss, contact.Consent{Contact: b.Contact, Purpose: "newsletter", Given: true, Proof: "form"}); err != nil {
			t.Fatal(err)
		}
		before := theContact(t, h, a.Contact)

		m, err := h.Desk.Merge(ctx, h.Boss, a.Contact, b.Contact)
		if err != nil {
			t.Fatal(err)
		}
		k := theContact(t, h, a.Contact)
		if got := strings.Join(k.Standings, " "); got != "customer journalist" || k.Note != "Likes tea.\n\nWrites for the Herald." || k.Fields["paper"] != "Herald" || k.StoodBy["journalist"].Person != h.Boss.Person {
			t.Errorf("merged into %+v", k)
		}
		if c := get(t, h, b.ID); c.Contact != a.Contact || c.Beside != b.ID {
			t.Errorf("what moved is %+v", c)
		}
		if told(t, h, b.ID, journal.ContactsMerged) != 1 {
			t.Error("the conversation does not say that its contact was merged")
		}
		refused(t, "who asks for the one that went", second(contact.One(ctx, h.Store.Read(), b.Contact)), fault.Gone)
		refused(t, "merging it again", second(h.Desk.Merge(ctx, h.Boss, a.Contact, b.Contact)), fault.Gone)
		if c := arrive(t, h, "kim2", "And again."); c.ID != a.ID {
			t.Errorf("what the second identity says went to %v; want %v", c.ID, a.ID)
		}

		u, err := h.Desk.UndoMerge(ctx, h.Boss, m.ID)
		if err != nil || len(u.Left) != 1 {
			t.Fatalf("undone as %+v, %v", u, err)
		}
		if k := theContact(t, h, a.Contact); k.Note != before.Note || !slices.Equal(k.Standings, before.Standings) || len(k.Fields) != 1 {
			t.Errorf("after undoing it is %+v", k)
		}
		if c := get(t, h, b.ID); c.Contact != b.Contact || !c.Beside.IsZero() {
			t.Errorf("what moved came back as %+v", c)
		}
		if list, err := contact.Consents(ctx, h.Store.Read(), b.Contact); err != nil || len(list) != 1 {
			t.Errorf("its consents are %+v, %v", list, err)
		}
		if c := arrive(t, h, "kim2", "Once more."); c.ID != b.ID {
			t.Errorf("after undoing it goes to %v; want %v", c.ID, b.ID)
		}
		refused(t, "undoing twice", second(h.Desk.UndoMerge(ctx, h.Boss, m.ID)), fault.Conflict)
		apart, err := contact.SaidApart(ctx, h.Store.Read(), a.Contact)
		if err != nil || !apart[b.Contact] {
			t.Errorf("said to be different: %v, %v", apart, err)
		}
	})
}

// An old id leads to the contact that is there now, in one step, however often it was merged on.
func TestAChainOfMergesLeadsToTheLast(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		a, b, c := arrive(t, h, "a", "One?"), arrive(t, h, "b", "Two?"), arrive(t, h, "c", "Three?")
		first, err := h.Desk.Merge(ctx, h.Boss, b.Contact, a.Contact)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Desk.Merge(ctx, h.Boss, c.Contact, b.Contact); err != nil {
			t.Fatal(err)
		}
		if to := theContact(t, h, a.Contact).MergedInto; to != c.Contact {
			t.Errorf("the first leads to %v; want %v", to, c.Contact)
		}
		refused(t, "undoing the first before the second", second(h.Desk.UndoMerge(ctx, h.Boss, first.ID)), fault.Conflict)
	})
}

// An identity is taken out with what it alone said.
func TestSplitting(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		a, b := arrive(t, h, "kim", "My kettle leaks."), arrive(t, h, "tom", "My toaster burns.")
		if _, err := h.Desk.Merge(ctx, h.Boss, a.Contact, b.Contact); err != nil {
			t.Fatal(err)
		}
		list, err := contact.IdentitiesOf(ctx, h.Store.Read(), []contact.ID{a.Contact})
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		tom := list[slices.IndexFunc(list, func(i contact.Identity) bool { return i.RemoteID == "tom" })]
		c, moved, err := h.Desk.Split(ctx, h.Boss, a.Contact, tom.ID)
		if err != nil || !slices.Equal(moved, []desk.ConversationID{b.ID}) || c.Name != "tom" || get(t, h, b.ID).Contact != c.ID {
			t.Fatalf("split into %+v with %v, %v", c, moved, err)
		}
		if again := arrive(t, h, "tom", "It burns still."); again.ID != b.ID {
			t.Errorf("what it says goes to %v; want %v", again.ID, b.ID)
		}
		refused(t, "splitting the last identity", third(h.Desk.Split(ctx, h.Boss, c.ID, tom.ID)), fault.Conflict)
		refused(t, "an identity of another", third(h.Desk.Split(ctx, h.Boss, a.Contact, tom.ID)), fault.NotFound)
	})
}

func third[A, B any](_ A, _ B, err error) error { return err }

// While people merge, undo and split, messages keep coming: each is there once, in a conversation of the contact its identity
// belongs to or belonged to, and nothing is left of a contact that is no more.
func TestNothingIsLostOrMisplacedWhileContactsAreMerged(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		const writers, each = 6, 40
		acc := h.Shared(t)
		say := func(from string, n int) {
			id, now := fmt.Sprintf("%s-%d", from, n), h.Desk.Now()
			e := channel.Event{Kind: channel.Said, RemoteID: id, At: now, Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: "Where is it? " + id, At: now,
				ThreadID: fmt.Sprint("t", n%3), From: channel.Identity{RemoteID: from, Handle: "@" + from, Name: from}}}
			if err := h.Intake.Take(t.Context(), acc, []channel.Event{e}, nil); err != nil {
				t.Error(err)
			}
		}
		for w := range writers {
			say(fmt.Sprint("w", w), 0)
		}
		var talk, meddle sync.WaitGroup
		done := make(chan struct{})
		for w := range writers {
			talk.Go(func() {
				for n := 1; n < each; n++ {
					say(fmt.Sprint("w", w), n)
				}
			})
		}
		for seed := range 2 {
			meddle.Go(func() { meddleWith(t, h, uint64(seed), done) })
		}
		talk.Wait()
		close(done)
		meddle.Wait()
		for what, query := range map[string]string{
			"messages that are missing":                  `SELECT 240 - count(*) FROM message WHERE direction = 'in'`,
			"messages in no conversation":                `SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = m.conversation)`,
			"conversations of a contact that is no more": `SELECT count(*) FROM conversation c JOIN contact k ON k.id = c.contact WHERE k.merged_into <> 0`,
			"identities of a contact that is no more":    `SELECT count(*) FROM identity i JOIN contact k ON k.id = i.contact WHERE k.merged_into <> 0`,
			"conversations of nobody":                    `SELECT count(*) FROM conversation WHERE contact NOT IN (SELECT id FROM contact)`,
			"items set aside":                            `SELECT count(*) FROM arrival`,
			"neighbours of nobody": `SELECT count(*) FROM conversation c WHERE c.beside <> 0 AND NOT EXISTS (SELECT 1 FROM conversation o
				WHERE o.contact = c.contact AND o.account = c.account AND o.thread = c.thread AND o.beside = 0)`,
		} {
			var n int
			if err := h.Store.Read().QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s: %d, %v", what, n, err)
			}
		}
	})
}

// meddleWith merges, undoes and splits contacts by chance until done.
func meddleWith(t *testing.T, h *apptest.House, seed uint64, done chan struct{}) {
	r, ctx := rand.New(rand.NewPCG(seed, 19)), t.Context()
	var merges []desk.MergeID
	for {
		select {
		case <-done:
			return
		default:
		}
		var ids []contact.ID
		rows, err := h.Store.Read().QueryContext(ctx, `SELECT id FROM contact WHERE merged_into = 0 ORDER BY id`)
		if err != nil {
			t.Error(err)
			return
		}
		for rows.Next() {
			var id contact.ID
			if rows.Scan(&id) == nil {
				ids = append(ids, id)
			}
		}
		rows.Close()
		k, g := ids[r.IntN(len(ids))], ids[r.IntN(len(ids))]
		switch r.IntN(4) {
		case 0, 1:
			m, err := h.Desk.Merge(ctx, h.Boss, k, g)
			if fine(t, err) {
				merges = append(merges, m.ID)
			}
		case 2:
			if len(merges) > 0 {
				_, err := h.Desk.UndoMerge(ctx, h.Boss, merges[r.IntN(len(merges))])
				fine(t, err)
			}
		default:
			list, err := contact.IdentitiesOf(ctx, h.Store.Read(), []contact.ID{k})
			if err == nil && len(list) > 1 {
				_, _, err = h.Desk.Split(ctx, h.Boss, k, list[r.IntN(len(list))].ID)
			}
			fine(t, err)
		}
	}
}

// fine reports whether something was done; what is refused since another was faster is no failure.
func fine(t *testing.T, err error) bool {
	for _, kind := range []fault.Kind{fault.Invalid, fault.Conflict, fault.Gone, fault.NotFound} {
		if fault.Is(err, kind) {
			return false
		}
	}
	if err != nil {
		t.Error(err)
	}
	return err == nil
}

// Who may not change contacts merges, undoes and splits none.
func TestWhoMayNotChangeContactsMergesNone(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		a, b := arrive(t, h, "a", "One?"), arrive(t, h, "b", "Two?")
		m, err := h.Desk.Merge(t.Context(), h.Boss, a.Contact, b.Contact)
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range []staff.Role{staff.Contributor, staff.Viewer, staff.Agency} {
			who := h.Boss
			who.Role = role
			refused(t, string(role)+" merges", second(h.Desk.Merge(t.Context(), who, a.Contact, b.Contact)), fault.Forbidden)
			refused(t, string(role)+" undoes", second(h.Desk.UndoMerge(t.Context(), who, m.ID)), fault.Forbidden)
			refused(t, string(role)+" splits", third(h.Desk.Split(t.Context(), who, a.Contact, 1)), fault.Forbidden)
		}
	})
}

// Since two contacts are one, each conversation still speaks with who speaks there: in its row, and in what is filled in.
func TestAMergedContactIsAddressedAsWhoTheySpeakAs(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		a, b := arrive(t, h, "kim", "My kettle leaks."), arrive(t, h, "kim2", "The kettle again.")
		if _, err := h.Desk.Merge(ctx, h.Boss, a.Contact, b.Contact); err != nil {
			t.Fatal(err)
		}
		check := func(c desk.ConversationID, want string) {
			t.Helper()
			rows, err := h.Desk.Listed(ctx, h.Boss, []desk.ConversationID{c})
			if err != nil || len(rows) != 1 || rows[0].Handle != want {
				t.Errorf("the row is of %+v, %v; want %s", rows, err, want)
			}
			values, err := h.API.Library.Values(ctx, h.Boss, c)
			if err != nil || values["contact.handle"] != want {
				t.Errorf("what is filled in is %s, %v; want %s", values["contact.handle"], err, want)
			}
		}
		check(a.ID, "@kim")
		check(b.ID, "@kim2")
		if c := arrive(t, h, "kim2", "And again."); c.ID != a.ID {
			t.Fatalf("it went to %v", c.ID)
		}
		check(a.ID, "@kim2")
	})
}
