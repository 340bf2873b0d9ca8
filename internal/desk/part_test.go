package desk

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"switchboard/internal/contact"
)

// In whatever order merges are undone, the kept contact has what it had itself and what those that stand would have given it.
func TestWhatStaysMergedKeepsWhatItGave(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		person := func(id contact.ID) contact.Contact {
			c := contact.Contact{ID: id, Standings: rapid.SliceOfNDistinct(rapid.SampledFrom(contact.Standings), 0, 3, rapid.ID[string]).Draw(rt, "standings"),
				Fields: rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.SampledFrom([]string{"1", "2"}), 0, 3).Draw(rt, "fields"), StoodBy: map[string]contact.Stood{}}
			if rapid.Bool().Draw(rt, "has a note") {
				c.Note = fmt.Sprintf("Note %d.", rapid.IntRange(1, 2).Draw(rt, "note"))
			}
			return c
		}
		own := person(1)
		kept, gone := own, map[contact.ID]contact.Contact{}
		var merges []Merge
		for k := range rapid.IntRange(1, 4).Draw(rt, "merges") {
			g := person(contact.ID(k + 2))
			m := Merge{ID: MergeID(k + 1), Kept: 1, Gone: g.ID}
			kept, m.Moved = join(kept, g, Moved{NoteBefore: kept.Note})
			gone[g.ID], merges = g, append(merges, m)
		}
		for len(merges) > 0 {
			at := rapid.IntRange(0, len(merges)-1).Draw(rt, "undone")
			m, later := merges[at], merges[at+1:]
			kept, later = part(kept, gone[m.Gone], m, later, gone)
			merges = append(slices.Clone(merges[:at]), later...)
			want := own
			for _, o := range merges {
				want, _ = join(want, gone[o.Gone], Moved{})
			}
			if !slices.Equal(slices.Sorted(slices.Values(kept.Standings)), slices.Sorted(slices.Values(want.Standings))) || !maps.Equal(kept.Fields, want.Fields) {
				rt.Fatalf("with %d merges left it is %v %v; want %v %v", len(merges), kept.Standings, kept.Fields, want.Standings, want.Fields)
			}
			if len(kept.Note) != len(want.Note) { // of two that are alike either may have gone
				rt.Fatalf("with %d merges left its note is %q; want %q", len(merges), kept.Note, want.Note)
			}
		}
	})
}
