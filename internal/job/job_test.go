package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/job"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "greet" }

type poison struct{}

func (poison) Kind() string { return "poison" }

func open(t *testing.T, s *store.Store, register func(j *job.Jobs)) *job.Jobs {
	t.Helper()
	j := &job.Jobs{Store: s, Log: slog.New(slog.DiscardHandler), Poll: 20 * time.Millisecond}
	register(j)
	if err := j.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := j.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := j.Stop(ctx); err != nil {
			t.Error(err)
		}
		j.Close()
	})
	return j
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

func TestJobs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var mu sync.Mutex
		done := map[string]int{}
		count := func(name string) int { mu.Lock(); defer mu.Unlock(); return done[name] }
		j := open(t, s, func(j *job.Jobs) {
			job.Handle(j, job.Options{}, func(_ context.Context, a greet) error {
				mu.Lock()
				defer mu.Unlock()
				done[a.Name]++
				if a.Name == "snoozer" && done[a.Name] < 6 {
					return job.Later(0)
				}
				return nil
			})
		})
		enqueue := func(name string, w job.When, fail error) {
			err := s.Tx(t.Context(), func(tx *store.Tx) error {
				if err := j.Enqueue(t.Context(), tx, greet{name}, w); err != nil {
					return err
				}
				return fail
			})
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
		}
		enqueue("never", job.When{}, errors.New("the change did not happen"))
		enqueue("now", job.When{}, nil)
		enqueue("soon", job.When{At: time.Now().Add(700 * time.Millisecond)}, nil)
		enqueue("once", job.When{At: time.Now().Add(300 * time.Millisecond), Unique: true}, nil)
		enqueue("once", job.When{At: time.Now().Add(300 * time.Millisecond), Unique: true}, nil)
		enqueue("snoozer", job.When{}, nil)
		until(t, "now is done", func() bool { return count("now") == 1 })
		until(t, "soon and once are done", func() bool { return count("soon") == 1 && count("once") == 1 })
		until(t, "the snoozer came back more often than there are tries", func() bool { return count("snoozer") == 6 })
		if count("never") != 0 || count("once") != 1 {
			t.Errorf("never ran %d times, once %d", count("never"), count("once"))
		}
	})
}

func TestAPoisonJobIsSetAsideAloneAfterThreeTries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var tries, good atomic.Int32
		lost := make(chan string, 1)
		j := open(t, s, func(j *job.Jobs) {
			job.Handle(j, job.Options{Lost: func(_ context.Context, _ []byte, why string) { lost <- why }},
				func(context.Context, poison) error { tries.Add(1); panic("bad") })
			job.Handle(j, job.Options{}, func(context.Context, greet) error { good.Add(1); return nil })
		})
		err := s.Tx(t.Context(), func(tx *store.Tx) error {
			return errors.Join(j.Enqueue(t.Context(), tx, poison{}, job.When{}), j.Enqueue(t.Context(), tx, greet{"a"}, job.When{}))
		})
		if err != nil {
			t.Fatal(err)
		}
		until(t, "the neighbour is done", func() bool { return good.Load() == 1 })
		select {
		case why := <-lost:
			if why != "panic: bad" || tries.Load() != job.Tries {
				t.Errorf("lost because of %q after %d tries", why, tries.Load())
			}
		case <-time.After(60 * time.Second):
			t.Fatal("the poison job was never set aside")
		}
	})
}

type slow struct {
	N int `json:"n"`
}

func (slow) Kind() string { return "slow" }

func TestAKindWithWorkersOfItsOwnHoldsNobodyElseUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var running, most, greeted atomic.Int32
		let := make(chan struct{})
		j := open(t, s, func(j *job.Jobs) {
			j.Workers = 3
			job.Handle(j, job.Options{}, func(context.Context, greet) error { greeted.Add(1); return nil })
			job.Handle(j, job.Options{Workers: 2}, func(ctx context.Context, _ slow) error {
				most.Store(max(most.Load(), running.Add(1)))
				defer running.Add(-1)
				select {
				case <-let:
				case <-ctx.Done():
				}
				return ctx.Err()
			})
		})
		err := s.Tx(t.Context(), func(tx *store.Tx) error {
			var list []job.Args
			for n := range 20 {
				list = append(list, slow{n})
			}
			if err := j.EnqueueAll(t.Context(), tx, list); err != nil {
				return err
			}
			return j.EnqueueAll(t.Context(), tx, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		until(t, "two of twenty hang", func() bool { return running.Load() == 2 })
		for range 5 {
			if err := s.Tx(t.Context(), func(tx *store.Tx) error { return j.Enqueue(t.Context(), tx, greet{"x"}, job.When{}) }); err != nil {
				t.Fatal(err)
			}
		}
		until(t, "others are done meanwhile", func() bool { return greeted.Load() == 5 })
		close(let)
		if most.Load() != 2 {
			t.Errorf("%d ran at once; two were allowed", most.Load())
		}
	})
}
