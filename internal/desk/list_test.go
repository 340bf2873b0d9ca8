package desk_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// plant puts conversations there as they are: what a test says of them, and the rest as usual.
func plant(t *testing.T, h *apptest.House, at time.Time, n int, each func(k int, c *desk.Conversation)) []desk.Conversation {
	t.Helper()
	r, err := h.Staff.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []desk.Conversation
	for k := range n {
		c := desk.Conversation{ID: desk.ConversationID(h.Store.IDs.Next()), Account: h.Shared(t).ID, Contact: 1, Thread: fmt.Sprint("t", h.Store.IDs.Next()), State: desk.Open,
			Department: r.Departments()[0].ID, Intents: []string{"support"}, Needs: "must", Language: "en", Tags: []string{}, OpenedAt: at, LastAt: at.Add(time.Duration(k) * time.Second),
			LastMessage: desk.MessageID(k + 1), Clock: desk.Clock{Kind: desk.FirstResponse, Started: at, Due: at.Add(time.Hour), State: desk.Running}}
		each(k, &c)
		out = append(out, c)
	}
	h.Tx(t, func(tx *store.Tx) error {
		var changes []desk.Change
		for _, c := range out {
			changes = append(changes, desk.Change{Is: c})
		}
		return desk.Save(t.Context(), tx, changes...)
	})
	return out
}

// whole reads a list page by page to its end.
func whole(t *testing.T, h *apptest.House, who staff.Actor, q desk.Query) (ids []desk.ConversationID, pages int) {
	t.Helper()
	for pages < 1000 {
		p, err := h.Desk.List(t.Context(), who, q)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, r := range p.Rows {
			if slices.Contains(ids, r.ID) {
				t.Fatalf("%v is there twice", r.ID)
			}
			ids = append(ids, r.ID)
		}
		if q.After = p.Next; p.Next == "" {
			break
		}
	}
	return ids, pages
}

func TestEveryFilterFindsWhatFitsAndNothingElse(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		at := now.Now()
		plant(t, h, at.Add(-time.Hour), 30, func(int, *desk.Conversation) {})
		one := plant(t, h, at, 1, func(_ int, c *desk.Conversation) {
			c.Person, c.Intents, c.Language, c.Urgency, c.Tags = 4711, []string{"press", "billing"}, "pt", desk.Now, []string{`rück"ruf%`}
			c.Asked = []desk.Asked{{Department: c.Department}}
		})[0]
		h.Tx(t, func(tx *store.Tx) error {
			if err := tx.Insert(t.Context(), "conversation_topic", "conversation, topic, at, person, removed", "", [][]any{{one.ID, "kettle", 0, 0, 0}}); err != nil {
				return err
			}
			for _, c := range plantIDs(t, h) {
				if c != one.ID {
					if _, err := tx.ExecContext(t.Context(), `INSERT INTO reading (person, conversation, message) VALUES ($1, $2, 1000)`, h.Boss.Person, c); err != nil {
						return err
					}
				}
			}
			return nil
		})
		for name, f := range map[string]desk.Filter{
			"its owner": {Owner: 4711}, "the second of its intents": {Intent: "billing"}, "its language": {Language: "pt"}, "its urgency": {Urgency: "now"},
			"its tag, whatever is in it": {Tag: `rück"ruf%`}, "its topic": {Topic: "kettle"}, "that something is asked": {Asked: true}, "that it is unread": {Unread: true},
			"that something was said since": {Since: at.Add(-time.Minute)}, "several at once": {Owner: 4711, Tag: `rück"ruf%`, Topic: "kettle", Since: at.Add(-time.Minute)},
		} {
			for _, order := range []desk.Order{desk.Newest, desk.Oldest, desk.ByClock, desk.ByPriority} {
				if ids, _ := whole(t, h, h.Boss, desk.Query{View: desk.All, Order: order, Filter: f}); len(ids) != 1 || ids[0] != one.ID {
					t.Errorf("by %s, %s: %v", name, order, ids)
				}
			}
			if n, err := h.Desk.CountList(t.Context(), h.Boss, desk.Query{View: desk.All, Filter: f}); err != nil || n.N != 1 || !n.Exact {
				t.Errorf("by %s: counted %+v, %v", name, n, err)
			}
		}
		for name, f := range map[string]desk.Filter{"another channel": {Channel: "bluesky"}, "a tag that is a pattern": {Tag: "%"}, "a standing nobody has": {Standing: "journalist"}} {
			if ids, _ := whole(t, h, h.Boss, desk.Query{View: desk.All, Filter: f}); len(ids) != 0 {
				t.Errorf("by %s: %v", name, ids)
			}
		}
		if _, err := h.Desk.List(t.Context(), h.Boss, desk.Query{View: desk.All, Order: "sideways"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an order that is none: %v", err)
		}
	})
}

func plantIDs(t *testing.T, h *apptest.House) []desk.ConversationID {
	t.Helper()
	ids, _ := whole(t, h, h.Boss, desk.Query{View: desk.All})
	return ids
}

func TestWhatCannotWaitComesFirstThenWhatIsDue(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		list := plant(t, h, now.Now(), 6, func(k int, c *desk.Conversation) {
			c.Urgency = desk.Urgency(k % 3)
			c.Clock.Due = now.Now().Add(time.Duration(10-k) * time.Hour)
		})
		ids, _ := whole(t, h, h.Boss, desk.Query{View: desk.All, Order: desk.ByPriority, Limit: 2})
		want := []desk.ConversationID{list[5].ID, list[2].ID, list[4].ID, list[1].ID, list[3].ID, list[0].ID}
		if !slices.Equal(ids, want) {
			t.Errorf("got %v; want %v", ids, want)
		}
	})
}

// However a list is sorted, it holds the same, and so does its counter: what has no clock comes last where the clock decides.
func TestNoOrderLeavesAnythingOut(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		states := []desk.State{desk.Open, desk.Waiting, desk.Snoozed, desk.Closed}
		list := plant(t, h, now.Now(), 48, func(k int, c *desk.Conversation) {
			c.State, c.Urgency = states[k%4], desk.Urgency(k%3)
			c.Clock.Due = now.Now().Add(time.Duration(60-k/8) * time.Hour) // some share it
			if k%5 < 2 || c.State != desk.Open && c.State != desk.Snoozed {
				c.Clock = desk.Clock{}
			}
			if k%2 == 0 {
				c.Tags = []string{"even"}
			}
			if k%3 == 0 {
				c.Person = h.Boss.Person
			}
		})
		due := map[desk.ConversationID]time.Time{}
		for _, c := range list {
			due[c.ID] = c.Clock.Due
		}
		for _, state := range states {
			for _, q := range []desk.Query{{View: desk.All}, {View: desk.Mine}, {View: desk.Unowned}, {View: desk.All, Filter: desk.Filter{Tag: "even"}},
				{View: desk.All, Filter: desk.Filter{Owner: h.Boss.Person}}, {View: desk.Mine, Filter: desk.Filter{Tag: "even"}}} {
				q.State, q.Limit = state, 3
				want, _ := whole(t, h, h.Boss, q)
				slices.Sort(want)
				for _, order := range []desk.Order{desk.Oldest, desk.ByClock, desk.ByPriority} {
					q.Order = order
					ids, _ := whole(t, h, h.Boss, q)
					if order == desk.ByClock && (state == desk.Open || state == desk.Snoozed) && !slices.IsSortedFunc(ids, func(a, b desk.ConversationID) int {
						if due[a].IsZero() != due[b].IsZero() {
							return map[bool]int{true: 1, false: -1}[due[a].IsZero()]
						}
						return cmp.Or(due[a].Compare(due[b]), cmp.Compare(a, b))
					}) {
						t.Errorf("%+v: not in order", q)
					}
					slices.Sort(ids)
					if !slices.Equal(ids, want) {
						t.Errorf("%+v: %d of %d", q, len(ids), len(want))
					}
					if n, err := h.Desk.CountList(t.Context(), h.Boss, q); err != nil || n.N != len(want) || !n.Exact {
						t.Errorf("%+v: counted %+v of %d, %v", q, n, len(want), err)
					}
				}
			}
		}
	})
}

func TestAFilterThatFitsLittleIsLookedForALittleAtATimeAndMissesNothing(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		r, err := h.Staff.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		at, want := now.Now().Add(-24*time.Hour), 0
		plant(t, h, at, 9001, func(k int, c *desk.Conversation) {
			c.State, c.Department, c.Clock = desk.Closed, r.Departments()[k%2].ID, desk.Clock{}
			if k%1500 == 0 {
				c.Tags, want = []string{"rare"}, want+1
			}
		})
		for _, order := range []desk.Order{desk.Newest, desk.Oldest} {
			member := staff.Actor{Person: 5, Role: staff.Member, Departments: []staff.DepartmentID{r.Departments()[0].ID, r.Departments()[1].ID}}
			for _, who := range []staff.Actor{h.Boss, member} {
				ids, pages := whole(t, h, who, desk.Query{View: desk.All, State: desk.Closed, Order: order, Filter: desk.Filter{Tag: "rare"}})
				if len(ids) != want || pages < 2 {
					t.Errorf("%s, %s: %d of %d in %d pages", order, who.Role, len(ids), want, pages)
				}
			}
		}
		if n, err := h.Desk.CountList(t.Context(), h.Boss, desk.Query{View: desk.All, State: desk.Closed, Filter: desk.Filter{Tag: "rare"}}); err != nil || n.Exact || n.N == 0 {
			t.Errorf("a count that looked at a part says so: %+v, %v", n, err)
		}
	})
}

func TestAListIsKeptSharedOrderedAndRemoved(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, d := t.Context(), h.Desk
		r, _ := h.Staff.Roster(ctx)
		dep, other := r.Departments()[0].ID, r.Departments()[1].ID
		ann := staff.Actor{Person: 11, Role: staff.Member, Departments: []staff.DepartmentID{dep}}
		bob := staff.Actor{Person: 12, Role: staff.Member, Departments: []staff.DepartmentID{dep}}
		eve := staff.Actor{Person: 13, Role: staff.Member, Departments: []staff.DepartmentID{other}}
		keep := func(who staff.Actor, name string, a desk.Audience, in staff.DepartmentID) (desk.SavedView, error) {
			f := desk.SavedFilter{View: desk.All, Filter: desk.Filter{Tag: "late"}}
			return d.KeepView(ctx, who, desk.SavedViewChange{Name: &name, Audience: &a, Department: &in, Filter: &f})
		}
		names := func(who staff.Actor) (out []string) {
			list, err := d.SavedViews(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range list {
				out = append(out, v.Name)
			}
			return out
		}
		own, err := keep(ann, "Mine", desk.ForMe, 0)
		if err != nil {
			t.Fatal(err)
		}
		shared, err := keep(ann, "Ours", desk.ForDepartment, dep)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keep(ann, "Theirs", desk.ForDepartment, other); !fault.Is(err, fault.Forbidden) {
			t.Errorf("for a department that is not theirs: %v", err)
		}
		if _, err := keep(ann, "All", desk.ForAll, 0); !fault.Is(err, fault.Forbidden) {
			t.Errorf("for everybody: %v", err)
		}
		if got := names(ann); !slices.Equal(got, []string{"Mine", "Ours"}) {
			t.Errorf("ann: %v", got)
		}
		if got := names(bob); !slices.Equal(got, []string{"Ours"}) {
			t.Errorf("bob: %v", got)
		}
		if got := names(eve); got != nil {
			t.Errorf("eve: %v", got)
		}
		if err := d.OrderViews(ctx, ann, []desk.SavedViewID{shared.ID, own.ID}); err != nil {
			t.Fatal(err)
		}
		if got := names(ann); !slices.Equal(got, []string{"Ours", "Mine"}) {
			t.Errorf("in ann's order: %v", got)
		}
		name := "New"
		if _, err := d.ChangeView(ctx, bob, shared.ID, desk.SavedViewChange{Name: &name}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("bob changes ann's: %v", err)
		}
		if _, err := d.ChangeView(ctx, eve, own.ID, desk.SavedViewChange{Name: &name}); !fault.Is(err, fault.NotFound) {
			t.Errorf("eve changes what she may not see: %v", err)
		}
		plant(t, h, now.Now(), 3, func(k int, c *desk.Conversation) {
			c.Department = r.Departments()[k%2].ID
			c.Tags = []string{"late"}
		})
		for who, want := range map[string]int{"ann": 2, "boss": 3} {
			actor := map[string]staff.Actor{"ann": ann, "boss": h.Boss}[who]
			v := shared
			if who == "boss" {
				if v, err = keep(h.Boss, "All", desk.ForAll, 0); err != nil {
					t.Fatal(err)
				}
			}
			n, err := d.CountViews(ctx, actor)
			if err != nil || n[v.ID] != (desk.SavedCount{N: want, Exact: true}) {
				t.Errorf("%s: %v, %v", who, n, err)
			}
		}
		if err := d.DropView(ctx, ann, shared.ID); err != nil {
			t.Fatal(err)
		}
		if got := names(bob); !slices.Equal(got, []string{"All"}) {
			t.Errorf("bob, after it was removed: %v", got)
		}
	})
}

func TestTheSearchKnowsRightsNotesNamesAndWhatToLeaveOut(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		r, _ := h.Staff.Roster(ctx)
		c := arrive(t, h, "zelda", "The quokka ate my parcel, red ribbon and all")
		arrive(t, h, "otto", "The quokka sat on my parcel, the ribbon is red")
		if _, err := h.Desk.WriteNote(ctx, h.Boss, c.ID, "she is owed a voucher, says quokka care"); err != nil {
			t.Fatal(err)
		}
		find := func(who staff.Actor, s desk.Search) int {
			hits, err := h.Desk.Search(ctx, who, s)
			if err != nil {
				t.Fatal(err)
			}
			return len(hits.Found)
		}
		until(t, "all is searchable", func() bool { return find(h.Boss, desk.Search{Words: "quokka"}) == 3 })
		for name, tt := range map[string]struct {
			s    desk.Search
			want int
		}{
			"words that stand together":             {desk.Search{Words: `"red ribbon"`}, 1},
			"a word that begins so":                 {desk.Search{Words: "parc*"}, 2},
			"one word without another":              {desk.Search{Words: "quokka -voucher"}, 2},
			"one word without others together":      {desk.Search{Words: `quokka -"red ribbon"`}, 2},
			"who says it":                           {desk.Search{Words: "from:zelda"}, 1},
			"who says what":                         {desk.Search{Words: "from:otto parcel"}, 1},
			"a name is no word of a text":           {desk.Search{Words: "otto"}, 0},
			"notes alone":                           {desk.Search{Words: "quokka", Only: desk.OnlyNotes}, 1},
			"messages alone":                        {desk.Search{Words: "quokka", Only: desk.OnlyMessages}, 2},
			"what is said with one contact":         {desk.Search{Words: "quokka", Contact: c.Contact}, 2},
			"a state that nothing is in":            {desk.Search{Words: "quokka", State: desk.Snoozed}, 0},
			"with a file":                           {desk.Search{Words: "quokka", Files: true}, 0},
			"since tomorrow":                        {desk.Search{Words: "quokka", Since: h.Desk.Now().AddDate(0, 0, 1)}, 0},
			"until tomorrow":                        {desk.Search{Words: "quokka", Until: h.Desk.Now().AddDate(0, 0, 1)}, 3},
			"marks that nobody can type":            {desk.Search{Words: "\ue000m1"}, 0},
			"by a word that is a command elsewhere": {desk.Search{Words: "NOT OR AND ("}, 0},
		} {
			if tt.s.Words == "\ue000m1" {
				hits, _ := h.Desk.Search(ctx, h.Boss, tt.s)
				if len(hits.Found) != 0 {
					t.Errorf("%s: %d", name, len(hits.Found))
				}
				continue
			}
			if got := find(h.Boss, tt.s); got != tt.want {
				t.Errorf("%s: %d; want %d", name, got, tt.want)
			}
		}
		var other staff.DepartmentID
		for _, d := range r.Departments() {
			if d.ID != c.Department {
				other = d.ID
			}
		}
		stranger := staff.Actor{Person: 99, Role: staff.Member, Departments: []staff.DepartmentID{other}}
		if got := find(stranger, desk.Search{Words: "from:zelda"}); got != 0 {
			t.Errorf("who may not see it finds %d", got)
		}
		if people, _, err := h.Desk.People(ctx, h.Boss, "zeld", 5); err != nil || len(people) != 1 || people[0].ContactName != "zelda" {
			t.Errorf("people: %v, %v", people, err)
		}
		if people, _, err := h.Desk.People(ctx, stranger, "zelda", 5); err != nil || len(people) != 0 {
			t.Errorf("people for who may not see them: %v, %v", people, err)
		}
		if _, err := h.Desk.HandOver(ctx, h.Boss, c.ID, other, 0, "theirs"); err != nil {
			t.Fatal(err)
		}
		until(t, "who it was put through to finds it", func() bool { return find(stranger, desk.Search{Words: "from:zelda"}) == 1 })
		if _, err := h.Desk.Search(ctx, h.Boss, desk.Search{Words: "-quokka"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("to leave out is not to look for: %v", err)
		}
	})
}

// However a word is written, with accents or without, composed or not, in narrow signs or wide: both databases find it.
func TestWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		for k, text := range []string{"Das Café Müller in der Hauptstraße", "Das Cafe\u0301 ist zu", "配送が遅れています、ﾃﾞｰﾀも", "ส่งของช้ามาก", "हिन्दी में लिखिए", "한국어 배송", "Łódź, İstanbul, ΣΟΦΟΣ"} {
			arrive(t, h, fmt.Sprintf("u%d", k), text)
		}
		find := func(q string) int {
			list, err := look(h, t.Context(), h.Boss, q, 10)
			if err != nil {
				t.Errorf("%q: %v", q, err)
			}
			return len(list)
		}
		until(t, "all is searchable", func() bool { return find("das") == 2 && find("istanbul") == 1 })
		for q, want := range map[string]int{"cafe": 2, "Café": 2, "CAFE\u0301": 2, "muller": 1, "Müller": 1, "Mu\u0308ller": 1, "hauptstrasse": 1, `"cafe muller"`: 1, `"müller cafe"`: 0, "caf*": 2,
			"遅れ": 1, "配送": 1, "遅": 1, "す": 1, "れ遅": 0, "遅送": 0, "遅れています": 1, `"が遅れ"`: 1, "遅れ 配送": 1, "-遅れ das": 2, "データ": 1, "テータ": 0, "ช้า": 1, "ชา": 0, "ของ": 1,
			"हिन्दी": 1, "हिन्द*": 1, "हनद": 0, "लिखिए": 1, "한국어": 1, "한국": 0, "한*": 1, "lodz": 1, "ISTANBUL": 1, "σοφός": 1, "from:u1 cafe": 1} {
			if got := find(q); got != want {
				t.Errorf("%q finds %d, not %d", q, got, want)
			}
		}
	})
}

// What somebody sees by a deed is found by them, and not any more when it has ended.
func TestWhatSomebodySeesIsFoundByThem(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		r, err := h.Staff.Roster(ctx)
		if err != nil {
			t.Fatal(err)
		}
		c := arrive(t, h, "zelda", "The quokka ate my parcel")
		var other staff.DepartmentID
		for _, d := range r.Departments() {
			if d.ID != c.Department {
				other = d.ID
			}
		}
		stranger := staff.Actor{Person: 99, Role: staff.Member, Departments: []staff.DepartmentID{other}}
		finds := func(want int) func() bool {
			return func() bool {
				found, err := look(h, ctx, stranger, "quokka", 10)
				return err == nil && len(found) == want
			}
		}
		until(t, "it is searchable", func() bool { found, _ := look(h, ctx, h.Boss, "quokka", 10); return len(found) == 1 })
		if !finds(0)() {
			t.Fatal("a stranger finds it")
		}
		p, err := h.Desk.MakePromise(ctx, h.Boss, c.ID, desk.Making{Text: "a new one", Department: other, Due: h.Desk.Now().Add(48 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		until(t, "who must deliver finds it", finds(1))
		if _, err := h.Desk.WithdrawPromise(ctx, h.Boss, p.ID, "no need"); err != nil {
			t.Fatal(err)
		}
		until(t, "who need not any more does not", finds(0))
		asked, err := h.Desk.Ask(ctx, h.Boss, c.ID, desk.Asking{Department: other, Text: "who knows?"})
		if err != nil {
			t.Fatal(err)
		}
		until(t, "who is asked finds it", finds(1))
		if _, err := h.Desk.Withdraw(ctx, h.Boss, asked.ID, "no need"); err != nil {
			t.Fatal(err)
		}
		until(t, "who is not asked any more does not", finds(0))
		if _, err := h.Desk.Claim(ctx, h.Boss, c.ID); err != nil {
			t.Fatal(err)
		}
		until(t, "who took it finds it among theirs", func() bool {
			hits, err := h.Desk.Search(ctx, h.Boss, desk.Search{Words: "quokka", Mine: true})
			return err == nil && len(hits.Found) == 1
		})
	})
}

// Words that stand together are looked for among the newest first, and then everywhere: page by page, each is found once.
func TestWordsThatStandTogetherAreFoundOnceEachNewestFirst(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		for k := range 5 {
			now.Add(time.Minute)
			arrive(t, h, fmt.Sprintf("u%d", k), []string{"the washing machine leaks", "the machine for washing leaks"}[k%2])
		}
		find := func(limit int, after desk.MessageID) desk.Hits {
			hits, err := h.Desk.Search(t.Context(), h.Boss, desk.Search{Words: `"washing machine"`, Limit: limit, After: after})
			if err != nil {
				t.Fatal(err)
			}
			return hits
		}
		until(t, "all is searchable", func() bool { return len(find(30, 0).Found) == 3 })
		var seen []desk.MessageID
		for at := desk.MessageID(0); len(seen) < 9; {
			hits := find(1, at)
			for _, f := range hits.Found {
				seen = append(seen, f.Message.ID)
			}
			if at = hits.Next; at.IsZero() {
				break
			}
		}
		if len(seen) != 3 || seen[0] <= seen[1] || seen[1] <= seen[2] {
			t.Errorf("found %v", seen)
		}
	})
}

func TestAnExcerptMarksWhatWasLookedFor(t *testing.T) {
	for name, tt := range map[string]struct{ text, q, want string }{
		"a word":                      {"Where is my parcel?", "parcel", "Where is my [parcel]?"},
		"whatever its case":           {"PARCEL", "parcel", "[PARCEL]"},
		"a word that goes on":         {"my parcels", "parc*", "my [parcels]"},
		"words that stand together":   {"red, ribbon red ribbon", `"ribbon red"`, "red, [ribbon red] ribbon"},
		"nothing that is left out":    {"red ribbon", "red -ribbon", "[red] ribbon"},
		"no markup of its own":        {"<b>red</b>", "red", "<b>[red]</b>"},
		"the beginning without a hit": {"red", "blue", "red"},
		"letters of more bytes":       {"Straße nach Łódź", "łódź", "Straße nach [Łódź]"},
		"without accents":             {"im Café Müller", "cafe MULLER", "im [Café] [Müller]"},
		"accents of their own":        {"Cafe\u0301 Ole\u0301!", "olé", "Cafe\u0301 [Ole\u0301]!"},
		"letters for one":             {"Straße", "STRASSE", "[Straße]"},
		"signs of another width":      {"ＡＢＣ", "abc", "[ＡＢＣ]"},
		"a word without spaces":       {"配送が遅れています", "遅れ", "配送が[遅れ]ています"},
		"a longer one":                {"配送が遅れています", "遅れてい*", "配送が[遅れてい]ます"},
		"one sign":                    {"配送が遅れています", "遅", "配送が[遅]れています"},
		"the last sign":               {"配送が遅れています", "す", "配送が遅れていま[す]"},
		"signs and letters":           {"新型iPhone用ケース", "iphone用", "新型[iPhone用]ケース"},
		"a sound drawn out":           {"サーバーが落ちた", "サーバー", "[サーバー]が落ちた"},
		"Thai":                        {"ส่งของช้ามาก", "ช้า", "ส่งของ[ช้า]มาก"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, p := range desk.Excerpted(tt.text, tt.q) {
				if p.Hit {
					got += "[" + p.Text + "]"
				} else {
					got += p.Text
				}
			}
			if got != tt.want {
				t.Errorf("%q; want %q", got, tt.want)
			}
		})
	}
}

// With words every filter does what it does without, however far back what fits was said; the pages hold each conversation once.
func TestASearchThroughAListKeepsItsFilters(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		account := h.Shared(t)
		old := arrive(t, h, "zelda", "The quokka ate my parcel")
		arrive(t, h, "zelda", "The quokka ate my letter, too")
		if _, err := h.Desk.Tag(ctx, h.Boss, old.ID, []string{"vip"}); err != nil {
			t.Fatal(err)
		}
		if err := h.Store.Tx(ctx, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO conversation_topic (conversation, topic, at, person, removed) VALUES ($1, 'quokkas', 1, 1, 0)`, old.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		const others = 130
		beside := 1 // of the same department
		for k := range others {
			now.Add(time.Second)
			if c := arrive(t, h, fmt.Sprintf("u%d", k), "The quokka again"); c.Department == old.Department {
				beside++
			}
		}
		until(t, "all is searchable", func() bool {
			hits, err := h.Desk.Search(ctx, h.Boss, desk.Search{Words: "parcel"})
			var left int
			_ = h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM search_todo`).Scan(&left)
			return err == nil && len(hits.Found) == 1 && left == 0
		})
		for name, tt := range map[string]struct {
			f    desk.Filter
			want int
		}{
			"none":               {desk.Filter{}, others + 1},
			"a tag":              {desk.Filter{Tag: "vip"}, 1},
			"a topic":            {desk.Filter{Topic: "quokkas"}, 1},
			"another topic":      {desk.Filter{Topic: "wombats"}, 0},
			"the channel":        {desk.Filter{Channel: account.Channel}, others + 1},
			"another channel":    {desk.Filter{Channel: "mastodon"}, 0},
			"the department":     {desk.Filter{Department: old.Department}, beside},
			"another department": {desk.Filter{Department: 1}, 0},
			"nobody's yet":       {desk.Filter{Owner: 77}, 0},
		} {
			seen := map[desk.ConversationID]bool{}
			for q := (desk.Query{View: desk.All, State: desk.AnyState, Limit: 40, Filter: tt.f}); ; {
				p, err := h.Desk.Searched(ctx, h.Boss, "quokka", q)
				if err != nil {
					t.Fatal(name, err)
				}
				for _, r := range p.Rows {
					if seen[r.ID] {
						t.Errorf("%s: %s is there twice", name, r.ContactName)
					}
					seen[r.ID] = true
				}
				if q.After = p.Next; q.After == "" {
					break
				}
			}
			if len(seen) != tt.want {
				t.Errorf("%s: %d conversations, not %d", name, len(seen), tt.want)
			}
		}
		if _, err := h.Desk.Searched(ctx, h.Boss, "quokka", desk.Query{After: "what"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a place that is none: %v", err)
		}
	})
}
