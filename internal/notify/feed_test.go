package notify_test

import (
	"slices"
	"testing"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// Who is asked without seeing the conversation hears in the live feed that they are, and when that has ended; of nothing else in it.
func TestWhoIsAskedHearsOfRequestsAlone(t *testing.T) {
	each(t, nil, func(t *testing.T, w *world) {
		ben := w.hire("Ben Brown", staff.Contributor, w.billing)
		agency := w.hire("Ann Agency", staff.Agency, w.billing)
		begin, err := journal.Last(t.Context(), w.Store)
		w.must(err)
		c := w.talk(w.support, w.sue.Person)
		r, err := w.Desk.Ask(t.Context(), w.sue, c, desk.Asking{Person: w.bob.Person, Text: "Is it paid?", Shows: desk.ShowsQuestion})
		w.must(err)
		_, err = w.Desk.WriteNote(t.Context(), w.sue, c, "He knows.")
		w.must(err)
		heard := func(who staff.Actor) (out []journal.What) {
			t.Helper()
			w.read()
			list, err := journal.Read(t.Context(), w.Store, begin, 500)
			w.must(err)
			sees, err := w.API.Seer.Seen(t.Context(), list)
			w.must(err)
			for k, e := range list {
				if e.Conversation == int64(c) && sees(who, k) {
					out = append(out, e.What)
				}
			}
			return out
		}
		for who, want := range map[*staff.Actor][]journal.What{&w.sue: {journal.Asked, journal.NoteWritten}, &w.bob: {journal.Asked}, &ben: {journal.Asked}, &agency: nil} {
			if got := heard(*who); !slices.Equal(got, want) {
				t.Errorf("%s hears %v; want %v", who.Name, got, want)
			}
		}
		_, err = w.Desk.Answer(t.Context(), w.bob, r.ID, "It is.")
		w.must(err)
		if got := heard(ben); !slices.Equal(got, []journal.What{journal.RequestAnswered}) {
			t.Errorf("once it is answered Ben hears %v", got)
		}
	})
}
