package intake_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/intake"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

// school is a house in which people correct the machine.
type school struct {
	*apptest.House
	t           *testing.T
	departments []staff.Department
	n           int
}

func newSchool(t *testing.T, h *apptest.House) *school {
	t.Helper()
	list, err := h.Staff.Departments(t.Context(), h.Boss)
	if err != nil || len(list) < 2 {
		t.Fatalf("%d departments, %v", len(list), err)
	}
	return &school{House: h, t: t, departments: list}
}

// correct lets somebody say where a text belongs.
func (s *school) correct(text string, d staff.Department) {
	s.t.Helper()
	a := s.Shared(s.t)
	s.n++
	key := fmt.Sprintf("lesson%d", s.n)
	if err := s.Intake.Take(s.t.Context(), a, []channel.Event{said(key, "pupil"+key, text)}, nil); err != nil {
		s.t.Fatal(err)
	}
	list, err := desk.MessagesByRemote(s.t.Context(), s.Store.Read(), a.ID, []string{key})
	if err != nil {
		s.t.Fatal(err)
	}
	m := list[key]
	l := desk.Lesson{ID: id.Of[desk.Lesson](s.Store.IDs.Next()), Message: m.ID, Department: d.ID, Text: "\n" + text}
	s.Tx(s.t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(s.t.Context(), `INSERT INTO lesson (id, message, contact, department, intent, at) VALUES ($1, $2, 0, $3, '', 0)`, l.ID, m.ID, d.ID)
		tx.Wake(desk.LessonTopic)
		tx.After(func() { s.Brain.Learn(l) })
		return err
	})
}

func (s *school) sends(h *apptest.House, text string) string {
	s.t.Helper()
	a, _ := h.Brain.Judge(triage.Input{Text: text})
	return a.Department()
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still not: %s", what)
		}
	}
}

const odd = "the zorgulon of my blarf frobbles"

func TestACorrectionCountsAtOnceOnEveryNodeAndAfterARestart(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := apptest.DSN(t, kind)
			h := apptest.Open(t, dsn, app.Options{})
			s := newSchool(t, h)
			other := h
			if kind == "postgres" {
				other = apptest.Open(t, dsn, app.Options{Ring: h.Book.Ring})
			}
			for _, d := range s.departments[:2] {
				s.correct(odd, d)
				if got := s.sends(h, odd); got != d.ID.String() {
					t.Errorf("right after the correction it goes to %s", got)
				}
				if kind == "postgres" { // SQLite has one node
					until(t, "the other node follows", func() bool { return s.sends(other, odd) == d.ID.String() })
				}
			}
			want := s.departments[1].ID.String()
			fresh := &intake.Brain{Store: h.Store, Staff: h.Staff, Now: time.Now, Log: h.Brain.Log, Languages: h.Brain.Languages, Messages: h.Brain.Messages}
			if err := fresh.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			if a, _ := fresh.Judge(triage.Input{Text: odd}); a.Department() != want {
				t.Errorf("after a restart it goes to %s", a.Department())
			}
		})
	}
}

// A node heeds what is corrected on another one while it waits for staff who come and go all the time: it would wait for a minute.
func TestACorrectionIsHeededWhileTheStaffAreRestless(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		s := newSchool(t, h)
		other := &intake.Brain{Store: h.Store, Staff: h.Staff, Now: time.Now, Log: h.Brain.Log, Languages: h.Brain.Languages, Messages: h.Brain.Messages}
		if err := other.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var runs sync.WaitGroup
		defer runs.Wait()
		defer cancel()
		runs.Go(func() { other.Follow(ctx) })
		toggled := make(chan struct{}, 1)
		runs.Go(func() {
			for here := false; ctx.Err() == nil; here = !here {
				if err := h.Staff.SetPresence(ctx, h.Boss, here); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				select {
				case toggled <- struct{}{}:
				default:
				}
				select {
				case <-ctx.Done():
				case <-time.After(500 * time.Millisecond):
				}
			}
		})
		for range 3 {
			<-toggled
		}
		d := s.departments[1]
		s.correct(odd, d)
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if a, _ := other.Judge(triage.Input{Text: odd}); a.Department() == d.ID.String() {
				return
			}
			if time.Now().After(end) {
				t.Fatal("the other node has not heard of it in half the time for which the staff may be restless")
			}
		}
	})
}

// bearOut keeps so many confirmations that a text belongs to a department, and tells nobody.
func (s *school) bearOut(text string, d staff.Department, times int) {
	s.t.Helper()
	s.teach(func(int) string { return text }, 1, d)
	s.Tx(s.t, func(tx *store.Tx) error {
		if _, err := tx.ExecContext(s.t.Context(), `UPDATE lesson SET kind = 'confirmation' WHERE id = (SELECT MAX(id) FROM lesson)`); err != nil {
			return err
		}
		var m desk.MessageID
		if err := tx.QueryRowContext(s.t.Context(), `SELECT message FROM lesson ORDER BY id DESC LIMIT 1`).Scan(&m); err != nil {
			return err
		}
		rows := make([][]any, times-1)
		for k := range rows {
			rows[k] = []any{s.Store.IDs.Next(), m, 0, "confirmation", d.ID, "", 0}
		}
		return tx.Insert(s.t.Context(), "lesson", "id, message, contact, kind, department, intent, at", "", rows)
	})
}

// What was dealt with where it was thought to belong never outweighs what a person corrected: neither at once nor when the model is
// made anew of it all. The kept model counts both kinds, and says of itself how many corrections it knows.
func TestACorrectionHoldsAgainstFiveThousandConfirmations(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		s := newSchool(t, h)
		right, usual := s.departments[1], s.departments[0]
		s.bearOut(odd, usual, 5000)
		if err := h.Brain.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.sends(h, odd); got != usual.ID.String() {
			t.Errorf("what turned out right so often goes to %s", got)
		}
		s.correct(odd, right)
		if got := s.sends(h, odd); got != right.ID.String() {
			t.Errorf("right after the correction it goes to %s", got)
		}
		var bodies []string
		for range 2 {
			if err := h.Brain.Train(t.Context()); err != nil {
				t.Fatal(err)
			}
			a, _ := h.Brain.Judge(triage.Input{Text: odd})
			if a.Department() != right.ID.String() || a.Learned != 1 {
				t.Errorf("made anew, it goes to %s, with %d corrections learned", a.Department(), a.Learned)
			}
			each := max(5000/len(s.departments), 200)
			if n := s.count(`SELECT count(*) FROM model WHERE tested >= 0 AND learned = $1 AND lesson = (SELECT MAX(id) FROM lesson)`, each+1); n != 1 {
				t.Errorf("%d kept models know %d lessons", n, each+1)
			}
			var body []byte
			if err := h.Store.Read().QueryRowContext(t.Context(), `SELECT body FROM model ORDER BY id DESC LIMIT 1`).Scan(&body); err != nil {
				t.Fatal(err)
			}
			bodies = append(bodies, string(body))
		}
		if bodies[0] != bodies[1] {
			t.Error("two replays of the same lessons differ")
		}
	})
}

// Each node learns of what turned out right without being told of it, and the test of a new model asks corrections only.
func TestWhatTurnsOutRightIsHeardAndNotTestedOn(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		s := newSchool(t, h)
		usual := s.departments[1]
		before, _ := h.Brain.Judge(triage.Input{Text: odd})
		s.bearOut(odd, usual, 200)
		s.Tx(t, func(tx *store.Tx) error { tx.Wake(desk.LessonTopic); return nil })
		until(t, "it is surer of what turned out right", func() bool {
			a, _ := h.Brain.Judge(triage.Input{Text: odd})
			return a.Department() == usual.ID.String() && a.Learned == before.Learned
		})
		s.teach(func(k int) string { return fmt.Sprintf("where is parcel %d", k) }, 160, s.departments[0])
		if err := h.Brain.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := s.count(`SELECT tested FROM model WHERE tested >= 0 ORDER BY id DESC LIMIT 1`); n != 160/5 {
			t.Errorf("it was tested on %d", n)
		}
	})
}

func TestADamagedModelIsMadeAnew(t *testing.T) {
	for name, corrected := range map[string]bool{"before anything was corrected": false, "after a correction": true} {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
				s := newSchool(t, h)
				if corrected {
					s.correct(odd, s.departments[1])
				}
				s.Tx(t, func(tx *store.Tx) error {
					_, err := tx.ExecContext(t.Context(), `UPDATE model SET body = $1`, []byte("not a model"))
					return err
				})
				begun := time.Now().Truncate(time.Microsecond)
				fresh := &intake.Brain{Store: h.Store, Staff: h.Staff, Now: time.Now, Log: h.Brain.Log, Languages: h.Brain.Languages, Messages: h.Brain.Messages}
				if err := fresh.Open(t.Context()); err != nil {
					t.Fatal(err)
				}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				go fresh.Follow(ctx)
				until(t, "there is a model again, and it knows what was corrected", func() bool {
					a, ok := fresh.Judge(triage.Input{Text: odd})
					return ok && (!corrected || a.Department() == s.departments[1].ID.String())
				})
				until(t, "a whole one is kept", func() bool {
					var body []byte
					err := h.Store.Read().QueryRowContext(t.Context(), `SELECT body FROM model WHERE tested >= 0 ORDER BY id DESC LIMIT 1`).Scan(&body)
					return err == nil && new(triage.Model).UnmarshalBinary(body) == nil
				})
				if n := count(t, h, `SELECT count(*) FROM journal WHERE what = $1`, journal.ModelDamaged); n != 1 {
					t.Errorf("the journal tells of it %d times", n)
				}
				b, err := h.Insight.Board(t.Context(), h.Boss, 30)
				if err != nil || b.Damaged.IsZero() || b.Damaged.Before(begun) || b.Damaged.After(time.Now()) {
					t.Errorf("the scoreboard says that it was damaged at %v, %v", b.Damaged, err)
				}
			})
		})
	}
}

func TestWhatIsErasedIsForgottenAtTheNextReplay(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		s := newSchool(t, h)
		for range 3 {
			s.correct(odd, s.departments[1])
		}
		before, _ := h.Brain.Judge(triage.Input{Text: odd})
		learned := before.Departments[0].Confidence
		s.Tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE message SET deleted_at = 1, body = ''`)
			return err
		})
		if err := h.Brain.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		a, _ := h.Brain.Judge(triage.Input{Text: odd})
		if a.Learned != 0 || a.Departments[0].Confidence >= learned {
			t.Errorf("%d corrections are still in it; it was %.2f sure and is %.2f", a.Learned, learned, a.Departments[0].Confidence)
		}
	})
}

func TestTheSameCorrectionsGiveTheSameModel(t *testing.T) {
	h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{})
	s := newSchool(t, h)
	for k := range 20 {
		s.correct(fmt.Sprintf("%s number %d", odd, k), s.departments[k%2])
	}
	var bodies []string
	for range 2 {
		if err := h.Brain.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		var body []byte
		if err := h.Store.Read().QueryRowContext(t.Context(), `SELECT body FROM model ORDER BY id DESC LIMIT 1`).Scan(&body); err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	if bodies[0] != bodies[1] {
		t.Error("two replays of the same corrections differ")
	}
}

// teach stores corrections without telling anybody.
func (s *school) teach(text func(k int) string, n int, d staff.Department) {
	s.t.Helper()
	a := s.Shared(s.t)
	for k := range n {
		s.n++
		key, said := fmt.Sprintf("taught%d", s.n), said(fmt.Sprintf("taught%d", s.n), fmt.Sprintf("class%d", s.n), text(k))
		if err := s.Intake.Take(s.t.Context(), a, []channel.Event{said}, nil); err != nil {
			s.t.Fatal(err)
		}
		list, err := desk.MessagesByRemote(s.t.Context(), s.Store.Read(), a.ID, []string{key})
		if err != nil {
			s.t.Fatal(err)
		}
		s.Tx(s.t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(s.t.Context(), `INSERT INTO lesson (id, message, contact, department, intent, at) VALUES ($1, $2, 0, $3, '', 0)`,
				id.Of[desk.Lesson](s.Store.IDs.Next()), list[key].ID, d.ID)
			return err
		})
	}
}

func (s *school) count(query string, args ...any) (n int) {
	s.t.Helper()
	if err := s.Store.Read().QueryRowContext(s.t.Context(), query, args...).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

const keptBack = `SELECT count(*) FROM journal WHERE what = $1 AND data LIKE '%kept back%'`

// Somebody plays with the buttons: a hundred and sixty corrections that contradict what the house knows. A model made of them
// foresees the sensible ones that come after worse than the one before did, and that one goes on.
func TestAModelThatIsWorseThanTheOneBeforeIsNotUsed(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		s := newSchool(t, h)
		right, wrong := s.departments[1], s.departments[0]
		plain := func(k int) string { return fmt.Sprintf("%s, %d times", odd, k) }
		s.teach(plain, 40, right)
		if err := h.Brain.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := s.count(keptBack, "model made"); n != 0 {
			t.Fatalf("kept back %d times with nothing wrong", n)
		}
		s.teach(plain, 160, wrong)
		s.teach(plain, 50, right)
		if err := h.Brain.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := s.count(keptBack, "model made"); n != 1 {
			t.Errorf("the journal says %d times that a model was kept back", n)
		}
		if a, _ := h.Brain.Judge(triage.Input{Text: plain(7)}); a.Department() != right.ID.String() || a.Learned != 250 {
			t.Errorf("it goes to %s, with %d corrections learned", a.Department(), a.Learned)
		}
	})
}

// What was erased is not brought back by an older model that still knows it.
func TestAModelThatKnowsWhatWasErasedIsNotGoneBackTo(t *testing.T) {
	h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{})
	s := newSchool(t, h)
	right, wrong := s.departments[1], s.departments[0]
	plain := func(k int) string { return fmt.Sprintf("%s, %d times", odd, k) }
	s.teach(plain, 40, right)
	if err := h.Brain.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE message SET deleted_at = 1, body = '' WHERE remote_id = 'taught3'`)
		return err
	})
	s.teach(plain, 160, wrong)
	s.teach(plain, 50, right)
	if err := h.Brain.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.count(keptBack, "model made"); n != 0 {
		t.Errorf("a model that knows an erased message was gone back to")
	}
}

// brain is another one of the house, that learns from so many lessons at most and goes by a clock of its own.
func (s *school) brain(most desk.Budget, now func() time.Time) *intake.Brain {
	return &intake.Brain{Store: s.Store, Staff: s.Staff, Now: now, Log: s.Brain.Log, Languages: s.Brain.Languages, Messages: s.Brain.Messages, Budget: most}
}

// erase takes away what somebody said that was taught, and the lesson, as erasing its contact does.
func (s *school) erase(key string) {
	s.t.Helper()
	s.Tx(s.t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(s.t.Context(), `DELETE FROM lesson WHERE message IN (SELECT id FROM message WHERE remote_id = $1)`, key)
		if err == nil {
			_, err = tx.ExecContext(s.t.Context(), `UPDATE message SET deleted_at = 1, body = '' WHERE remote_id = $1`, key)
		}
		return err
	})
}

// Where there are more lessons than a model is made from, another takes the place of one that is erased: their number says nothing.
func TestWhatIsErasedIsMissedAmongMoreThanAreLearned(t *testing.T) {
	for name, erased := range map[string]bool{"nothing was erased": false, "something was": true} {
		t.Run(name, func(t *testing.T) {
			h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{})
			s := newSchool(t, h)
			b := s.brain(desk.Budget{Corrections: 150}, time.Now)
			right, wrong := s.departments[1], s.departments[0]
			plain := func(k int) string { return fmt.Sprintf("%s, %d times", odd, k) }
			s.teach(plain, 155, right)
			if err := b.Train(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := 1
			if erased {
				s.erase("taught100")
				want = 0
			}
			s.teach(plain, 90, wrong)
			s.teach(plain, 50, right)
			if err := b.Train(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := s.count(keptBack, "model made"); n != want {
				t.Errorf("the earlier model was gone back to %d times; want %d", n, want)
			}
		})
	}
}

// A model goes that knows what was erased, though as many lessons are there as it was made from.
func TestAModelIsMadeAnewWithoutWhatWasErased(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		s := newSchool(t, h)
		b := s.brain(desk.Budget{Corrections: 2}, func() time.Time { return time.Now().Add(2 * time.Hour) })
		s.teach(func(k int) string { return fmt.Sprintf("%s, %d times", odd, k) }, 4, s.departments[1])
		if err := s.brain(b.Budget, time.Now).Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.erase("taught3") // of the third and the fourth: the second is learned instead
		if err := b.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go b.Follow(ctx)
		left, err := desk.TaughtNow(ctx, h.Store.Read(), b.Budget)
		if err != nil || left.N != 2 {
			t.Fatalf("there are %+v left, %v", left, err)
		}
		until(t, "a model of the second and the fourth is kept", func() bool {
			return s.count(`SELECT count(*) FROM model WHERE learned = 2 AND lesson_sum = $1 AND tested >= 0`, left.Sum) == 1
		})
	})
}

// However often a model is made, some are kept that a later one can be held against, and few.
func TestOfManyModelsAFewAreKeptAndOneIsOldEnough(t *testing.T) {
	h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{})
	s := newSchool(t, h)
	s.teach(func(k int) string { return fmt.Sprintf("%s, %d times", odd, k) }, 150, s.departments[1])
	for range 12 {
		if err := h.Brain.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.teach(func(k int) string { return fmt.Sprintf("again %d", k) }, 7, s.departments[1])
	}
	if n := s.count(`SELECT count(*) FROM model`); n > 5 {
		t.Errorf("%d models are kept", n)
	}
	// Twelve models lie 77 corrections apart; the last was tested on 45.
	old := s.count(`SELECT count(*) FROM model WHERE lesson < (SELECT id FROM lesson ORDER BY id DESC LIMIT 1 OFFSET 51)`)
	if old == 0 {
		t.Error("none is kept that does not know the newest corrections")
	}
}

// A company adds a department with a few phrases, and gives another one more: the next message is judged by it.
func TestADepartmentThatIsAddedWorksOnTheNextMessage(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		s := newSchool(t, h)
		next := func(key, text string) desk.Conversation {
			t.Helper()
			a := s.Shared(t)
			if err := s.Intake.Take(t.Context(), a, []channel.Event{said(key, "pupil"+key, text)}, nil); err != nil {
				t.Fatal(err)
			}
			list, err := desk.MessagesByRemote(t.Context(), s.Store.Read(), a.ID, []string{key})
			if err != nil {
				t.Fatal(err)
			}
			var c desk.Conversation
			s.Tx(t, func(tx *store.Tx) (err error) {
				c, err = desk.LoadOne(t.Context(), tx, list[key].Conversation)
				return err
			})
			return c
		}
		d, err := h.Staff.AddDepartment(t.Context(), h.Boss, staff.DepartmentChange{Name: ptr("Beekeeping"), Phrases: &[]string{"our beehives", "the bees on the roof", "honey harvest",
			"a swarm of bees", "beekeeper", "wax and combs", "bee stings", "queen bee", "adopt a hive", "where does the honey come from"}})
		if err != nil {
			t.Fatal(err)
		}
		if c := next("bees", "When is the next honey harvest from the hives on your roof?"); c.Decision.Suggestions == nil && c.Department != d.ID || likeliest(c) != d.ID {
			t.Errorf("it goes to %v: %+v", c.Department, c.Decision)
		}
		phrases := append(slices.Clone(d.Phrases), "wimbleton gaskets", "gasket for a wimbleton")
		if _, err := h.Staff.ChangeDepartment(t.Context(), h.Boss, d.ID, staff.DepartmentChange{Phrases: &phrases}); err != nil {
			t.Fatal(err)
		}
		if c := next("gasket", "Do you still have wimbleton gaskets?"); likeliest(c) != d.ID {
			t.Errorf("after the phrase was added it goes to %v: %+v", c.Department, c.Decision)
		}
		until(t, "a whole model has taken its place and says the same", func() bool {
			return s.count(`SELECT count(*) FROM model WHERE tested >= 0`) > 1 && s.sends(h, "Do you still have wimbleton gaskets?") == d.ID.String()
		})
	})
}

func ptr[T any](v T) *T { return &v }

// likeliest is the department triage would have put a conversation through to, had it been sure.
func likeliest(c desk.Conversation) staff.DepartmentID {
	if len(c.Decision.Suggestions) > 0 {
		return c.Decision.Suggestions[0].Department
	}
	return c.Department
}
