package contact

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

func TestTheWordsOfNamesAndHandles(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"a name":                                 {"Kim Miller-Smith", "kim miller smith"},
		"a handle":                               {"@kim_m.99@social.example", "kim m 99 social example"},
		"accents are left out":                   {"Zoë Müller, Ångström Ñandú Łukasz", "zoe muller angstrom nandu lukasz"},
		"accents that stand for themselves, too": {"Zoe\u0308", "zoe"},
		"letters that keyboards have not":        {"Weiß Sørensen", "weiss sorensen"},
		"letters that are dressed up":            {"𝓚𝓲𝓶 ＫＩＭ", "kim kim"},
		"marks that are letters":                 {"कि थั่", "कि थั่"},
		"a sigma at the end":                     {"ΣΟΦΟΣ σοφός", "σοφοσ σοφοσ"},
		"what is no word":                        {"🦊 \x00 \xff -", ""},
		"a very long word":                       {strings.Repeat("é", 50), strings.Repeat("e", longestWord)},
	} {
		if got := strings.Join(words(tt.text), " "); got != tt.want {
			t.Errorf("%s: %q, wanted %q", name, got, tt.want)
		}
	}
}

func TestWhatIsAsked(t *testing.T) {
	for name, tt := range map[string]struct {
		text, want string
		ok         bool
	}{
		"nothing":                       {"  ", "", true},
		"somebody who begins a handle":  {"@", "", true},
		"what stands in no word":        {"🦊", "", false},
		"words":                         {"Kim  MÜLL", "kim mull", true},
		"one twice":                     {"kim kim", "kim", true},
		"one that begins another":       {"mi miller m", "miller", true},
		"the same, the other way round": {"miller mil kim", "miller kim", true},
	} {
		got, ok := asked(tt.text)
		if strings.Join(got, " ") != tt.want || ok != tt.ok {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	if got, _ := asked("a b c d e f g h i j k l m n o p"); len(got) != mostAsked {
		t.Errorf("%d words are asked", len(got))
	}
}

func TestAGivenNameIsFoundBehindTheFamilyName(t *testing.T) {
	c := Contact{Name: "田中太郎"}
	if got := strings.Join(c.spelled([]Identity{{Handle: "@tanaka@social.example"}}), " "); got != "田中太郎 中太郎 太郎 郎 tanaka social example" {
		t.Errorf("%q", got)
	}
}

func TestOfVeryManyWordsTheFirstAreKept(t *testing.T) {
	var list []Identity
	for k := range 300 {
		list = append(list, Identity{Name: fmt.Sprintf("name%d", k)})
	}
	if got := (Contact{Name: "Kim"}).spelled(list); len(got) != mostWords || got[0] != "kim" {
		t.Errorf("%d words, the first is %q", len(got), got[0])
	}
}

// crowd fills a store with n contacts of few names, and returns them with their identities.
func crowd(t *testing.T, s *store.Store, n int) (list []Contact, of map[ID][]Identity) {
	t.Helper()
	firsts, lasts := []string{"Ann", "Anna", "Änne", "Bob", "Zoë", "김", "Ann Bob"}, []string{"Lee", "Le", "Łee", "Bob-Ann", "O'Lee"}
	ctx, of, now := context.Background(), map[ID][]Identity{}, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	err := s.Tx(ctx, func(tx *store.Tx) error {
		list, of = nil, map[ID][]Identity{}
		var identities []Identity
		for k := range n {
			c := Contact{ID: ID(s.IDs.Next()), Name: firsts[k%len(firsts)] + " " + lasts[k/2%len(lasts)], CreatedAt: now, SeenAt: now.Add(time.Duration(k*k%17) * time.Hour),
				Standings: []string{Standings[k%2]}}
			switch k % 19 {
			case 3:
				c.MergedInto = list[0].ID
			case 5:
				c.ErasedAt = now
			}
			for j := range k % 3 {
				i := Identity{ID: IdentityID(s.IDs.Next()), Contact: c.ID, Channel: []string{"hook", "email"}[j], RemoteID: c.ID.String(), Handle: fmt.Sprintf("@%s%d@x.example", firsts[(k+1)%len(firsts)], k), Name: lasts[k%len(lasts)]}
				identities, of[c.ID] = append(identities, i), append(of[c.ID], i)
			}
			list = append(list, c)
		}
		if err := Add(ctx, tx, list); err != nil {
			return err
		}
		if err := AddIdentities(ctx, tx, identities); err != nil {
			return err
		}
		ids := []ID{12345} // of something else
		for _, c := range list {
			ids = append(ids, c.ID)
		}
		written, err := WriteWords(ctx, tx, ids)
		if len(written) != n {
			t.Errorf("of %d contacts %d are written", n, len(written))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(list, func(a, b Contact) int {
		if by := b.SeenAt.Compare(a.SeenAt); by != 0 {
			return by
		}
		return int(b.ID - a.ID)
	})
	return list, of
}

// fits says without the database whether a contact is one of those a query asks for.
func (query Query) fits(c Contact, identities []Identity) bool {
	text := c.Name
	for _, i := range identities {
		text += " " + i.Name + " " + i.Handle
	}
	has := words(text)
	for _, w := range words(query.Words) {
		if !slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return c.MergedInto.IsZero() && c.ErasedAt.IsZero() && (query.Standing == "" || slices.Contains(c.Standings, query.Standing)) &&
		(query.Channel == "" || slices.ContainsFunc(identities, func(i Identity) bool { return i.Channel == query.Channel }))
}

// Whatever is looked for, page by page, and however it is looked for: the list is what a look at each contact finds.
func TestTheListIsThoseWhoseWordsBeginSo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		list, of := crowd(t, s, 120)
		rapid.Check(t, func(rt *rapid.T) {
			word := rapid.SampledFrom([]string{"", "a", "an", "anna", "ÄNN", "b", "bob", "le", "lee", "l", "김", "x", "example", "ann7", "@bob", "zoe", "nobody", "o'lee"})
			query := Query{All: true, Words: strings.Join(rapid.SliceOfN(word, 0, 4).Draw(rt, "words"), " "), Limit: rapid.IntRange(1, 40).Draw(rt, "limit"),
				Standing: rapid.SampledFrom([]string{"", Standings[0]}).Draw(rt, "standing"), Channel: rapid.SampledFrom([]string{"", "email"}).Draw(rt, "channel")}
			most := rapid.SampledFrom([]rarity{{0, 0}, {0, 1000}, {3, 3}, {3, 20}, {20, 30}, {1000, 1000}}).Draw(rt, "rare")
			var want, got []ID
			for _, c := range list {
				if query.fits(c, of[c.ID]) {
					want = append(want, c.ID)
				}
			}
			for {
				page, err := query.list(t.Context(), s, most)
				if err != nil {
					rt.Fatal(err)
				}
				for _, c := range page {
					got, query.After = append(got, c.ID), Place{c.SeenAt, c.ID}
				}
				if len(page) < query.Limit {
					break
				}
			}
			if !slices.Equal(got, want) {
				rt.Fatalf("%d contacts are listed, not %d", len(got), len(want))
			}
		})
	})
}

func TestAListByWordsShowsOnlyOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s, 30)
		for _, r := range []rarity{{0, 0}, {0, 1000}, {1000, 1000}} {
			found, err := Query{Words: "ann lee", Limit: 50, Person: 7, Departments: []staff.DepartmentID{8}}.list(t.Context(), s, r)
			if err != nil || len(found) != 0 {
				t.Errorf("who sees no conversation finds %d contacts, %v", len(found), err)
			}
		}
	})
}
