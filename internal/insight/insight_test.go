package insight_test

import (
	"reflect"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/insight"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// house is a Switchboard on a clock that stands still, on a Monday morning.
func house(t *testing.T, f func(t *testing.T, h *apptest.House, now *clock.Pretend)) {
	apptest.EachAt(t, app.Options{}, f)
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("still not: " + what)
}

// list returns what a filter lets through of the last days.
func list(t *testing.T, h *apptest.House, f insight.Filter) []insight.Listed {
	t.Helper()
	f.From, f.Until = h.Insight.Now().Add(-30*24*time.Hour), h.Insight.Now().Add(time.Hour)
	out, _, err := h.Insight.List(t.Context(), h.Boss, f, 100)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAVerdictIsWrittenWithItsConversationAndSettledByWhatPeopleDo(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		at := now.Now()
		m := channel.Message{RemoteID: "m1", Kind: channel.Direct, Private: true, Text: "My invoice is wrong, you charged me twice", At: at,
			From: channel.Identity{RemoteID: "ann", Handle: "@ann", Name: "Ann"}}
		if err := h.Intake.Take(t.Context(), h.Shared(t), []channel.Event{{Kind: channel.Said, RemoteID: "m1", At: at, Message: m}}, nil); err != nil {
			t.Fatal(err)
		}
		all := list(t, h, insight.Filter{})
		if len(all) != 1 || all[0].Settled() || all[0].Excerpt != m.Text || all[0].Likely[0].IsZero() || all[0].Confidence <= 0 || all[0].Decided.IsZero() || all[0].Model.IsZero() {
			t.Fatalf("after the first message: %+v", all)
		}
		v := all[0]
		r, err := h.Staff.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var to staff.DepartmentID // a department nobody thought of
		for _, d := range r.Departments() {
			if !d.Operator && d.ID != v.Decided && d.ID != v.Likely[0] && d.ID != v.Likely[1] && d.ID != v.Likely[2] {
				to = d.ID
			}
		}
		// Of how urgent it is, in which language and whether it needs an answer a verdict says nothing.
		m.RemoteID, m.From = "m2", channel.Identity{RemoteID: "ben", Handle: "@ben", Name: "Ben"}
		if err := h.Intake.Take(t.Context(), h.Shared(t), []channel.Event{{Kind: channel.Said, RemoteID: "m2", At: at, Message: m}}, nil); err != nil {
			t.Fatal(err)
		}
		other := list(t, h, insight.Filter{})[0].Conversation
		if other == v.Conversation {
			other = list(t, h, insight.Filter{})[1].Conversation
		}
		for what, err := range map[string]error{"urgency": second(h.Desk.CorrectUrgency(t.Context(), h.Boss, other, "now")), "language": second(h.Desk.CorrectLanguage(t.Context(), h.Boss, other, "nl")),
			"needs": second(h.Desk.CorrectNeeds(t.Context(), h.Boss, other, "none"))} {
			if err != nil {
				t.Fatal(what, err)
			}
		}
		now.Add(time.Hour)
		if _, err := h.Desk.HandOver(t.Context(), h.Boss, v.Conversation, to, 0, "theirs"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Desk.CorrectIntent(t.Context(), h.Boss, v.Conversation, "press"); err != nil {
			t.Fatal(err)
		}
		until(t, "the hand-over and the intent are heard of", func() bool {
			l := list(t, h, insight.Filter{Was: to, Corrected: true, Found: insight.FoundMissed, How: insight.HandedOver, Settled: true, Said: v.Likely[0], NotOf: v.Likely[0]})
			return len(l) == 1 && l[0].TrueIntent == "press" && l[0].SettledAt.Equal(now.Now())
		})
		for name, f := range map[string]insight.Filter{"right": {Found: insight.FoundRight}, "sure": {Least: 0.999}, "by a rule": {By: "rule"},
			"dealt with by another": {Was: v.Likely[0]}, "on another account": {Account: 5}, "after it": {After: insight.After(v.Verdict)}} {
			if got := list(t, h, f); len(got) != 0 {
				t.Errorf("%s: %d", name, len(got))
			}
		}
		if b, err := h.Insight.Board(t.Context(), h.Boss, 30); err != nil || b.Settled != 1 || b.All != 2 || b.Corrected != 1 || b.First.N != 0 || b.ByHow[insight.HandedOver] != 1 {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestWhoMaySeeTheScores(t *testing.T) {
	h := apptest.Open(t, storetest.SQLite(t), app.Options{})
	for _, role := range staff.Roles() {
		who := staff.Actor{Person: 99, Role: role}
		_, err := h.Insight.Board(t.Context(), who, 30)
		_, _, err2 := h.Insight.List(t.Context(), who, insight.Filter{Until: time.Now()}, 10)
		may := role == staff.Administrator || role == staff.Manager || role == staff.Operator
		if (err == nil) != may || (err2 == nil) != may || !may && (!fault.Is(err, fault.Forbidden) || !fault.Is(err2, fault.Forbidden)) {
			t.Errorf("%s: %v, %v", role, err, err2)
		}
	}
}

// plant writes verdicts as if they had happened.
func plant(t *testing.T, s *store.Store, n int, each func(k int, v *insight.Verdict)) {
	t.Helper()
	var rows []insight.Verdict
	for k := range n {
		v := insight.Verdict{Conversation: desk.ConversationID(s.IDs.Next()), At: s.Now().Add(-time.Duration(n-k) * time.Minute), By: "model"}
		each(k, &v)
		rows = append(rows, v)
	}
	if err := s.Tx(t.Context(), func(tx *store.Tx) error { return insight.Add(t.Context(), tx, rows) }); err != nil {
		t.Fatal(err)
	}
}

func TestAThresholdFollowsThePrecisionADepartmentWants(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		roster := func() *staff.Roster {
			r, err := h.Staff.Roster(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		d := roster().Departments()[1].ID
		if got := h.Insight.Thresholds(ctx, roster())[d]; got != (insight.Least{Source: insight.Default}) {
			t.Fatalf("on the first day: %v", got)
		}
		plant(t, h.Store, 400, func(k int, v *insight.Verdict) { // above 0.7 right, below right four times in five
			v.Likely[0], v.Truth, v.Confidence = d, d, 0.4+0.6*float64(k%100)/100
			if v.Confidence < 0.7 && k%5 == 0 {
				v.Truth = d + 1
			}
			v.SettledAt = v.At.Add(time.Second)
		})
		if got := h.Insight.Thresholds(ctx, roster())[d]; got.At != 0 {
			t.Errorf("within the minute it was reckoned again: %v", got)
		}
		now.Add(time.Minute)
		got := h.Insight.Thresholds(ctx, roster())[d]
		if got.Source != insight.Own || got.At < 0.4 || got.At > 0.75 {
			t.Errorf("after 400: %v", got)
		}
		lax := 70
		if _, err := h.Staff.ChangeDepartment(ctx, h.Boss, d, staff.DepartmentChange{Precision: &lax}); err != nil {
			t.Fatal(err)
		}
		if less := h.Insight.Thresholds(ctx, roster())[d]; less.At >= got.At {
			t.Errorf("with 70 %% wanted: %v, before %v", less, got)
		}
		for _, bad := range []int{-1, 20, 100} {
			if _, err := h.Staff.ChangeDepartment(ctx, h.Boss, d, staff.DepartmentChange{Precision: &bad}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%d %% was taken: %v", bad, err)
			}
		}
	})
}

// Both nodes read the same journal: each entry counts once, and what one has read the other does not read again.
func TestTwoReadersSettleEachEntryOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := &insight.Insight{Store: s, Staff: &staff.Staff{Store: s, Now: s.Now, Log: s.Log}, Now: s.Now, Log: s.Log}
		var about desk.ConversationID
		plant(t, s, 1, func(_ int, v *insight.Verdict) { v.Likely[0], v.Decided, v.Holder, about = 2, 2, 2, v.Conversation })
		if err := s.Tx(t.Context(), func(tx *store.Tx) error {
			return journal.Write(t.Context(), tx, journal.Entry{Who: journal.Person(staff.PersonID(9)), What: journal.AnsweredByHand, Conversation: int64(about)})
		}); err != nil {
			t.Fatal(err)
		}
		until(t, "the entry is read", func() bool { // once the cluster's older transactions have ended
			done := make(chan error, 4)
			for range 4 {
				go func() { _, err := h.Settle(t.Context()); done <- err }()
			}
			for range 4 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			var truth int64
			if err := s.Read().QueryRowContext(t.Context(), `SELECT truth FROM verdict WHERE conversation = $1`, about).Scan(&truth); err != nil {
				t.Fatal(err)
			}
			return truth == 2
		})
		if n, err := h.Settle(t.Context()); n != 0 || err != nil {
			t.Errorf("afterwards there were %d entries more: %v", n, err)
		}
	})
}

// Of many verdicts none is left out, and the second look shows the same.
func TestAScoreboardOfManyCountsThemAll(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		plant(t, h.Store, 20_000, func(k int, v *insight.Verdict) {
			v.Likely[0], v.Truth, v.Confidence, v.SettledAt = staff.DepartmentID(1+k%12), staff.DepartmentID(1+k%12+(k%17)/16), float64(k%100)/100, v.At
		})
		first, err := h.Insight.Board(t.Context(), h.Boss, 90)
		if err != nil || first.Settled != 20_000 {
			t.Fatalf("%d, %v", first.Settled, err)
		}
		second, err := h.Insight.Board(t.Context(), h.Boss, 90)
		if err != nil || !reflect.DeepEqual(first, second) {
			t.Errorf("the second look differs: %v", err)
		}
	})
}
