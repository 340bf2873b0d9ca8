package advice_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/advice"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/sim/advisor"
	"switchboard/internal/sim/far"
	"switchboard/internal/staff"
)

func TestADoubtedMessageIsAskedAboutAndTheOperatorSeesTheAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.set(t, nil)
		before := w.doubted(t, vague)
		was := w.of(t, before)
		until(t, "the model is asked and its answer kept", func() bool { return len(w.told(t, journal.AdviceGiven)) == 1 })
		is := w.of(t, before)
		accounts := w.Department(t, "Accounts")
		first := is.Decision.Suggestions[0]
		if first.Department != accounts || !slices.Contains(first.Reasons, "a language model (tiny) suggests it") {
			t.Errorf("the first suggestion is %+v; Accounts is %v", first, accounts)
		}
		if was.Decision.Suggestions[0].Department != is.Decision.Suggestions[0].Department && is.Decision.Suggestions[1].Department != was.Decision.Suggestions[0].Department {
			t.Errorf("our likeliest is gone: %v, then %v", suggested(was), suggested(is))
		}
		if !same(was, is) {
			t.Errorf("more than the suggestions has changed:\n%+v\n%+v", was, is)
		}
		e := w.told(t, journal.AdviceGiven)[0]
		if e.Who != journal.Machine || e.Conversation != int64(before.Conversation) || !strings.Contains(string(e.Data), `"model":"tiny"`) || !strings.Contains(string(e.Data), `"intent":"billing"`) {
			t.Errorf("the journal says %+v %s", e, e.Data)
		}
		if n := w.count(t, `SELECT count(*) FROM advice WHERE message = $1 AND intent = 'billing' AND urgency = 'today' AND needs = 'must' AND model = 'tiny'`, before.ID); n != 1 {
			t.Errorf("%d answers are kept", n)
		}
		if n := w.count(t, `SELECT count(*) FROM lesson`); n != 0 {
			t.Errorf("triage was taught %d lessons", n)
		}
		if s := w.state(t); s.Today.Calls != 1 || s.Today.Answers != 1 || s.Today.Tokens < 100 || s.Trouble != "" || s.Spent {
			t.Errorf("the day is %+v", s)
		}
		if err := w.ask(t, before); err != nil || len(w.told(t, journal.AdviceGiven)) != 1 {
			t.Errorf("asked twice it is told twice, or %v", err)
		}
	})
}

func TestItIsOffUntilSomebodySwitchesItOn(t *testing.T) {
	onOne(t, func(t *testing.T, w *world) {
		s, err := w.Advice.Settings(t.Context(), w.Boss)
		if err != nil || s.On || s.Address != "" || s.HasKey {
			t.Fatalf("%+v, %v", s, err)
		}
		m := w.doubted(t, vague)
		if n := w.count(t, `SELECT count(*) FROM river_job WHERE kind = 'advice'`); n != 0 {
			t.Errorf("%d questions are lined up", n)
		}
		if err := w.ask(t, m); err != nil || len(w.model.Asked()) != 0 {
			t.Errorf("it is asked all the same: %v", err)
		}
	})
}

func TestWhatLeavesTellsNobodyWhoWrote(t *testing.T) {
	onOne(t, func(t *testing.T, w *world) {
		w.set(t, off)
		m := w.doubted(t, "Hello, zumzum, this is Ann Ferretti (ann@ferretti.example, +49 171 2345678, @ann_ferretm1). Frobnicate 12345678, https://x.example/a?me=ann")
		w.set(t, nil)
		if err := w.ask(t, m); err != nil {
			t.Fatal(err)
		}
		asked := w.model.Asked()
		if len(asked) != 1 || !strings.Contains(asked[0], "robnicate") {
			t.Fatalf("asked %q", asked)
		}
		_, turn, _ := strings.Cut(asked[0], `{"content":"{`) // the message; before it stands our order
		for _, p := range []string{"Ann", "ann", "erretti", "2345678", "12345678", "me=", apiKey, m.Conversation.String(), m.ID.String()} {
			if !strings.Contains(turn, "robnicate") || strings.Contains(turn, p) {
				t.Errorf("%q left the house in %s", p, turn)
			}
		}
	})
}

func TestNobodyIsAskedWhereNoAdviceIsWanted(t *testing.T) {
	onOne(t, func(t *testing.T, w *world) {
		likeliest := func(m desk.Message) staff.DepartmentID { return w.of(t, m).Decision.Suggestions[0].Department }
		w.set(t, off)
		var list []desk.Message // all of them first: what people do with one teaches triage about the next
		for range 9 {
			list = append(list, w.doubted(t, vague))
		}
		for name, tt := range map[string]struct {
			set  func(s *advice.Settings, m desk.Message)
			then func(m desk.Message) error
		}{
			"its language stays in the house": {set: func(s *advice.Settings, m desk.Message) { s.Languages = []string{w.of(t, m).Language} }},
			"it may be for a department whose messages stay in the house": {set: func(s *advice.Settings, m desk.Message) {
				s.Departments = []staff.DepartmentID{likeliest(m)}
			}},
			"the budget of calls is none":  {set: func(s *advice.Settings, _ desk.Message) { s.Calls = 0 }},
			"the budget of tokens is none": {set: func(s *advice.Settings, _ desk.Message) { s.Tokens = 0 }},
			"somebody took it":             {then: func(m desk.Message) error { _, err := w.Desk.Claim(t.Context(), w.Boss, m.Conversation); return err }},
			"somebody put it through": {then: func(m desk.Message) error {
				_, err := w.Desk.HandOver(t.Context(), w.Boss, m.Conversation, w.Department(t, "Sales"), 0, "theirs")
				return err
			}},
			"somebody gave it back again": {then: func(m desk.Message) error {
				if _, err := w.Desk.Claim(t.Context(), w.Boss, m.Conversation); err != nil {
					return err
				}
				_, err := w.Desk.Release(t.Context(), w.Boss, m.Conversation)
				return err
			}},
			"somebody closed it": {then: func(m desk.Message) error {
				_, err := w.Desk.Close(t.Context(), w.Boss, m.Conversation, "")
				return err
			}},
			"it is over an hour old": {then: func(m desk.Message) error {
				return w.Advice.AskAbout(t.Context(), m.ID, w.now.Now().Add(-61*time.Minute))
			}},
		} {
			t.Run(name, func(t *testing.T) {
				m := list[0]
				list = list[1:]
				w.set(t, func(s *advice.Settings) {
					if tt.set != nil {
						tt.set(s, m)
					}
				})
				n := len(w.model.Asked())
				if tt.then != nil {
					if err := tt.then(m); err != nil {
						t.Fatal(err)
					}
					if name == "it is over an hour old" {
						m.ID = 0
					}
				}
				if err := w.ask(t, m); err != nil {
					t.Fatal(err)
				}
				if len(w.model.Asked()) != n {
					t.Error("it was asked")
				}
			})
		}
	})
}

func TestAnAnswerIsDroppedWhenAPersonWasFaster(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.set(t, off)
		m := w.doubted(t, vague)
		was := w.of(t, m)
		w.set(t, nil)
		w.model.Faults.Set(far.Fault{Do: far.LateAnswer, After: time.Second, Times: 1})
		done := make(chan error)
		go func() { done <- w.Advice.AskAbout(t.Context(), m.ID, w.now.Now()) }()
		until(t, "the model has the question", func() bool { return w.model.Faults.Calls("") == 1 })
		if _, err := w.Desk.HandOver(t.Context(), w.Boss, m.Conversation, w.Department(t, "Sales"), 0, "theirs"); err != nil {
			t.Fatal(err)
		}
		mine := w.of(t, m)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if is := w.of(t, m); !same(mine, is) || !slices.Equal(suggested(mine), suggested(is)) || len(w.told(t, journal.AdviceGiven)) != 0 {
			t.Errorf("the answer counted: %+v, before %+v", is.Decision, was.Decision)
		}
		if s := w.state(t); s.Today.Answers != 1 || s.Today.Tokens == 0 {
			t.Errorf("it cost all the same: %+v", s)
		}
	})
}

func TestTheBudgetIsADaysInTheHousesZone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ask := func() {
			t.Helper()
			w.set(t, off)
			m := w.doubted(t, vague)
			w.set(t, func(s *advice.Settings) { s.Calls = 2 })
			if err := w.ask(t, m); err != nil {
				t.Fatal(err)
			}
		}
		for range 4 {
			ask()
		}
		if n := len(w.model.Asked()); n != 2 || !w.state(t).Spent {
			t.Errorf("asked %d times of two; %+v", n, w.state(t))
		}
		if _, err := w.Advice.Try(t.Context(), w.Boss); err == nil || !strings.Contains(err.Error(), "budget") {
			t.Errorf("a try beyond it says %v", err)
		}
		w.now.Set(time.Date(2026, 11, 23, 22, 59, 0, 0, time.UTC)) // a minute before midnight in Berlin
		if ask(); len(w.model.Asked()) != 2 {
			t.Error("asked before midnight")
		}
		w.now.Add(2 * time.Minute)
		if ask(); len(w.model.Asked()) != 3 {
			t.Error("not asked after midnight")
		}
	})
}

func TestAFarSideWithoutSchemasIsAskedForAnyObjectFromThenOn(t *testing.T) {
	onOne(t, func(t *testing.T, w *world) {
		w.model.Be(advisor.NoSchemas)
		for range 2 {
			w.set(t, off)
			m := w.doubted(t, vague)
			w.set(t, nil)
			if err := w.ask(t, m); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(w.told(t, journal.AdviceGiven)); n != 2 || len(w.model.Asked()) != 3 || w.state(t).Today.Calls != 3 {
			t.Errorf("%d answers by %d calls; %+v", n, len(w.model.Asked()), w.state(t))
		}
	})
}
