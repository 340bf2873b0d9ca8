package topic

import (
	"strings"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

var (
	ann  = staff.Actor{Person: 7, Role: staff.Manager}
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

func book(s *store.Store) *Book { return &Book{Store: s, Now: func() time.Time { return noon }} }

func ptr[T any](v T) *T { return &v }

func TestATopicIsAddedChangedAndRemoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, b := t.Context(), book(s)
		k, err := b.Add(ctx, ann, Change{Name: ptr(" Kettle  Pro "), Phrases: &[]string{"kettle pro", "", "Kettle Pro", "KP-200"}})
		if err != nil || k.Key != "kettle-pro" || k.Name != "Kettle Pro" || k.Kind != Product || !k.Enabled || len(k.Phrases) != 2 {
			t.Fatalf("%+v, %v", k, err)
		}
		m, err := b.Matcher(ctx)
		if err != nil || len(m.Find("a kp 200")) != 1 {
			t.Fatalf("it does not count at once: %v", err)
		}
		if _, err := b.Add(ctx, ann, Change{Name: ptr("kettle pro")}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a second of the same name: %v", err)
		}
		o, err := b.Add(ctx, ann, Change{Name: ptr("Kettle, Pro!"), Kind: ptr(Campaign)})
		if err != nil || o.Key != "kettle-pro-2" {
			t.Errorf("%+v, %v", o, err)
		}
		c, err := b.Change(ctx, ann, k.Key, Change{Name: ptr("Teapot"), Enabled: ptr(false), Version: 1})
		if err != nil || c.Key != "kettle-pro" || c.Version != 2 || c.Enabled || len(c.Phrases) != 2 {
			t.Errorf("%+v, %v", c, err)
		}
		if _, err := b.Change(ctx, ann, k.Key, Change{Enabled: ptr(true), Version: 1}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a change of an older version: %v", err)
		}
		if m, _ := b.Matcher(ctx); len(m.Find("a kp 200")) != 0 {
			t.Error("one that is switched off is found")
		}
		if err := b.Remove(ctx, ann, o.Key); err != nil {
			t.Error(err)
		}
		if err := b.Remove(ctx, ann, o.Key); !fault.Is(err, fault.NotFound) {
			t.Errorf("removed twice: %v", err)
		}
		list, err := b.Topics(ctx)
		if err != nil || len(list) != 1 || list[0].Name != "Teapot" {
			t.Errorf("%+v, %v", list, err)
		}
		var n int
		if err := s.Read().QueryRowContext(ctx, `SELECT count(*) FROM journal WHERE what = 'topic changed'`).Scan(&n); err != nil || n != 4 {
			t.Errorf("%d entries of the journal, %v", n, err)
		}
	})
}

func TestAnotherNodeFollowsAChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, here, there := t.Context(), book(s), book(s)
		if m, err := there.Matcher(ctx); err != nil || len(m.Find("aurora")) != 0 {
			t.Fatal(err)
		}
		if _, err := here.Add(ctx, ann, Change{Name: ptr("Aurora")}); err != nil {
			t.Fatal(err)
		}
		for range 200 { // a wake-up is on its way
			if m, err := there.Matcher(ctx); err != nil {
				t.Fatal(err)
			} else if len(m.Find("aurora")) == 1 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Error("the other node still finds nothing")
	})
}

func TestWhatCannotBeATopicIsRefusedInWords(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	for name, tt := range map[string]struct {
		who   staff.Actor
		c     Change
		field string
	}{
		"no name":                        {ann, Change{}, "name"},
		"a name without a letter":        {ann, Change{Name: ptr("!!!")}, "name"},
		"a name that turns the writing":  {ann, Change{Name: ptr("Kettle \u202E")}, "name"},
		"a name too long":                {ann, Change{Name: ptr(strings.Repeat("a", 81))}, "name"},
		"an unknown kind":                {ann, Change{Name: ptr("x"), Kind: ptr(Kind("thing"))}, "kind"},
		"a phrase found everywhere":      {ann, Change{Name: ptr("x"), Phrases: &[]string{"a*"}}, "phrases"},
		"a phrase that is a mere link":   {ann, Change{Name: ptr("x"), Phrases: &[]string{"https://acme.example"}}, "phrases"},
		"a phrase of nine words":         {ann, Change{Name: ptr("x"), Phrases: &[]string{"a b c d e f g h i"}}, "phrases"},
		"a member, who may not":          {staff.Actor{Person: 8, Role: staff.Member}, Change{Name: ptr("x")}, ""},
		"nobody":                         {staff.Actor{}, Change{Name: ptr("x")}, ""},
		"a phrase with a sign unseen":    {ann, Change{Name: ptr("x"), Phrases: &[]string{"ket\u2066tle"}}, "phrases"},
		"more phrases than one can read": {ann, Change{Name: ptr("x"), Phrases: ptr(strings.Fields(many(201)))}, "phrases"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := book(s).Add(t.Context(), tt.who, tt.c)
			var f *fault.Error
			if err == nil {
				t.Fatal("taken")
			}
			if tt.field != "" && (!asFault(err, &f) || f.Field != tt.field) {
				t.Errorf("%v", err)
			}
		})
	}
}

func asFault(err error, f **fault.Error) bool {
	e, ok := err.(*fault.Error)
	*f = e
	return ok
}

func many(n int) string {
	var b strings.Builder
	for k := range n {
		b.WriteString("w")
		b.WriteString(strings.Repeat("x", k%50))
		b.WriteByte(byte('a' + k/50))
		b.WriteByte(' ')
	}
	return b.String()
}

func TestWhatPeopleSayOfAConversationStays(t *testing.T) {
	list := []Topic{of("kettle", Product), of("berlin", Place)}
	was := []On{{1, "kettle", noon, 0, false}, {1, "berlin", noon, 3, true}, {1, "gone", noon, 0, false}}
	by := On{Conversation: 1, At: noon.Add(time.Hour), Person: 9}
	for name, tt := range map[string]struct {
		keys    []string
		changed int
		added   string
		removed string
		refused bool
	}{
		"nothing changes":                          {[]string{"kettle", "gone"}, 0, "", "", false},
		"one is taken off":                         {[]string{"gone"}, 1, "", "kettle", false},
		"one comes back":                           {[]string{"kettle", "gone", "berlin"}, 1, "berlin", "", false},
		"one that is in the dictionary no more":    {[]string{"kettle", "new"}, 0, "", "", true},
		"one that was removed from it can go":      {[]string{"kettle"}, 1, "", "gone", false},
		"all go":                                   {nil, 2, "", "kettle gone", false},
		"one that was never on can't be taken off": {[]string{"kettle", "gone"}, 0, "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			changed, added, removed, err := corrected(was, list, tt.keys, by)
			if (err != nil) != tt.refused || len(changed) != tt.changed || strings.Join(added, " ") != tt.added || strings.Join(removed, " ") != tt.removed {
				t.Errorf("%+v, added %q, removed %q, %v", changed, added, removed, err)
			}
			for _, o := range changed {
				if o.Person != 9 {
					t.Errorf("%+v is not told as done by hand", o)
				}
			}
		})
	}
}
