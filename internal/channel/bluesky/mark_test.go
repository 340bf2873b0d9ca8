package bluesky

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// backwards is a list that runs newest first, in pages that are cut as the reading side cuts them: the next page begins
// strictly below the instant where the last one ended.
type backwards struct {
	items []item // in the order they were put in
	page  int
	reads int
}

func (b *backwards) list(_ context.Context, cursor string) ([]item, string, error) {
	b.reads++
	all := slices.Clone(b.items)
	slices.Reverse(all)
	slices.SortStableFunc(all, func(x, y item) int { return y.at.Compare(x.at) })
	if t := parseTime(cursor); !t.IsZero() {
		all = slices.DeleteFunc(all, func(i item) bool { return !i.at.Before(t) })
	}
	if len(all) <= b.page {
		return all, "", nil
	}
	all = all[:b.page]
	return all, past(all[b.page-1].at.Format(time.RFC3339Nano), cursor), nil
}

func (b *backwards) put(at time.Time) {
	b.items = append(b.items, item{id: strconv.Itoa(len(b.items)), at: at})
}

var monday = time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)

func TestAWalkSkipsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := &backwards{page: rapid.IntRange(5, 40).Draw(t, "page")}
		now, m, heard, share := monday, mark{}, map[string]int{}, map[time.Time]int{}
		hear := func(all bool) {
			w, err := m.walk(context.Background(), now, b.list)
			if err != nil {
				t.Fatal(err)
			}
			n := len(w.items)
			if m.Began && !all {
				n = rapid.IntRange(0, n).Draw(t, "handed out")
			}
			m = w.base.take(w.items[:n])
			for _, i := range w.items[:n] {
				heard[i.id]++
			}
		}
		hear(false)
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "seconds")) * time.Second)
			for range rapid.IntRange(0, 3*b.page).Draw(t, "said") {
				// Never a whole page in one instant, which nobody could page through; late by the author's clock at times.
				now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "ms")) * time.Millisecond)
				at := now
				if k := rapid.IntRange(1, 100).Draw(t, "late by"); k < 10 && len(b.items) > 10*k {
					if late := b.items[len(b.items)-10*k].at; now.Sub(late) < overlap/2 {
						at = late
					}
				}
				for share[at] >= b.page/2 {
					now = now.Add(time.Millisecond)
					at = now
				}
				share[at]++
				b.put(at)
			}
			hear(false)
		}
		for range 3 {
			hear(true)
		}
		for _, i := range b.items {
			if heard[i.id] == 0 {
				t.Fatalf("item %s of %d at %v was skipped", i.id, len(b.items), i.at)
			}
		}
	})
}

func TestAQuietAccountCostsOnePageAndRepeatsNothing(t *testing.T) {
	b := &backwards{page: 100}
	for k := range 90 {
		b.put(monday.Add(time.Duration(k/3) * time.Second)) // three share each instant
	}
	now, m := monday.Add(time.Hour), mark{}
	for round := range 5 {
		w, err := m.walk(t.Context(), now, b.list)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{true: firstFew, false: 0}[round == 0]; len(w.items) != want {
			t.Errorf("round %d told %d; want %d", round, len(w.items), want)
		}
		m = w.base.take(w.items)
	}
	if b.reads != 5 {
		t.Errorf("%d pages read in 5 rounds", b.reads)
	}
}

func TestWhatWasThereBeforeIsNotTold(t *testing.T) {
	b := &backwards{page: 100}
	for k := range 400 {
		b.put(monday.Add(time.Duration(k) * time.Minute))
	}
	now, m, told := monday.Add(1000*time.Hour), mark{}, 0
	for range 4 {
		w, _ := m.walk(t.Context(), now, b.list)
		m, told = w.base.take(w.items), told+len(w.items)
		b.items = b.items[:len(b.items)-60] // deletions bring old ones up to the first page
	}
	if told != firstFew {
		t.Errorf("%d were told; want the newest %d", told, firstFew)
	}
}

func TestALongBacklogIsToldOldestFirstInBoundedMemory(t *testing.T) {
	b := &backwards{page: 500}
	w, _ := mark{}.walk(t.Context(), monday, b.list)
	m := w.base.take(w.items)
	const all = 2*mostNew + 7
	for k := range all {
		b.put(monday.Add(time.Duration(k) * 10 * time.Millisecond))
	}
	now, next, rounds := monday.Add(time.Hour), 0, 0
	for more := true; more && rounds < 20; rounds++ {
		w, err := m.walk(t.Context(), now, b.list)
		if err != nil {
			t.Fatal(err)
		}
		if len(w.items) > mostNew {
			t.Fatalf("%d items at once", len(w.items))
		}
		for _, i := range w.items {
			if n, _ := strconv.Atoi(i.id); n == next {
				next++
			} else if n > next {
				t.Fatalf("%d was told before %d", n, next)
			}
		}
		m, more = w.base.take(w.items), w.cut
	}
	if next != all || rounds > 12 {
		t.Errorf("%d of %d told in %d rounds", next, all, rounds)
	}
}

func TestAListWithoutAnEndIsGivenUpAndSaysSo(t *testing.T) {
	n := 0
	endless := func(context.Context, string) ([]item, string, error) {
		n++
		return []item{{id: strconv.Itoa(n), at: monday.Add(time.Hour)}}, fmt.Sprint("page", n), nil
	}
	m := mark{Began: true, At: monday}
	if w, err := m.walk(t.Context(), monday.Add(2*time.Hour), endless); err != nil || !w.gap.Equal(monday) || n > mostPage+1 {
		t.Errorf("gap %v, %v after %d pages", w.gap, err, n)
	}
}

func TestACursorOfAnotherKindIsRefused(t *testing.T) {
	for _, s := range []string{"17", "{", `{"v":2}`, "null", `{"v":1,"heard":{"seen":"AAAA"}}`} {
		if _, err := parseCursor(s); err == nil && s != "null" {
			t.Errorf("cursor %q was taken", s)
		}
	}
	c := cursor{Version: 1, Heard: mark{Began: true, At: monday, Seen: []byte("abcdefghijkl")}, Chat: "3n"}
	if back, err := parseCursor(c.String()); err != nil || !reflect.DeepEqual(back, c) {
		t.Errorf("%+v came back as %+v, %v", c, back, err)
	}
}
