package delivery_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/sim/far"
)

// steps are the moments of a try at which its worker dies or falls asleep.
var steps = []string{"claimed", "reading", "calling", "called"}

// hooked calls f at the steps of one delivery.
type hooked struct {
	mu sync.Mutex
	at map[delivery.ID]func(step string)
}

func (h *hooked) set(id delivery.ID, f func(step string)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at == nil {
		h.at = map[delivery.ID]func(string){}
	}
	h.at[id] = f
}

func (h *hooked) before(step string, d delivery.Delivery) {
	h.mu.Lock()
	f := h.at[d.ID]
	h.mu.Unlock()
	if f != nil {
		f(step)
	}
}

// later accepts an answer that no job sends before the test lets it: it can still be taken back for a minute.
func (s *side) later(t testing.TB, text string) delivery.Delivery {
	t.Helper()
	c, _ := s.asks(t, "ann", "Where is it, "+text, false)
	return s.w.reply(t, c, delivery.Draft{Text: text, Undo: time.Minute})
}

// leaseLife and a bit.
const lease = 31 * time.Second

// trial is one delivery whose sending went wrong in some way.
type trial struct {
	*side
	delivery.Delivery
	what string
}

// settle lets the watchdog work until all have ended, and judges them.
func (w *world) settle(t testing.TB, y *tally, trials []trial) {
	t.Helper()
	w.rest(t, w.Delivery, trials)
	for _, x := range trials {
		y.add(x.Channel+", "+x.what, x.Text, w.one(t, x.Delivery.ID), x.entries(x.Text))
	}
}

// rest lets the watchdog and a node's workers work until all have ended. The clock is set on so that no pause costs time.
func (w *world) rest(t testing.TB, node *delivery.Service, trials []trial) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		queued, sending := 0, 0
		for _, x := range trials {
			switch w.one(t, x.Delivery.ID).State {
			case delivery.Queued:
				queued++
			case delivery.Sending:
				sending++
			}
		}
		if queued+sending == 0 {
			break
		}
		if sending == 0 {
			w.clock.advance(20 * time.Second)
			must(t, node.Sweep(t.Context()))
			var all sync.WaitGroup
			for _, x := range trials {
				all.Go(func() { _ = node.Deliver(t.Context(), x.Delivery.ID) })
			}
			all.Wait()
		}
	}
}

// A worker is killed at each step of a try: another finds out what became of it, and it is there once at most (B3).
func TestAWorkerThatDiesAtAnyStep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		y, killed := &tally{}, 0
		var sides []*side
		for _, kind := range connectors {
			sides = append(sides, w.side(t, kind, "dead"+letters(kind)))
		}
		for k := range full(1, 20) {
			var trials []trial
			for _, s := range sides {
				for _, step := range steps {
					trials = append(trials, trial{s, s.later(t, fmt.Sprintf("killed when %s, %d times.", step, k)), "killed when " + step})
				}
			}
			w.clock.advance(time.Minute)
			for n, x := range trials {
				if w.die(t, x.Delivery.ID, steps[n%len(steps)]) {
					killed++
				}
			}
			w.clock.advance(lease)
			must(t, w.Delivery.Sweep(t.Context()))
			w.settle(t, y, trials)
		}
		y.report(t, "killed workers")
		if y.sent == 0 || killed < y.intents/2 {
			t.Errorf("%d workers were killed, %d of %d were sent in the end", killed, y.sent, y.intents)
		}
	})
}

// die lets a worker try to send and kills it at a step; false when a job had sent it before.
func (w *world) die(t testing.TB, id delivery.ID, step string) bool {
	t.Helper()
	killed := false
	doomed := w.node()
	doomed.Before = func(at string, _ delivery.Delivery) {
		if at == step {
			killed = true
			runtime.Goexit()
		}
	}
	var worker sync.WaitGroup
	worker.Go(func() { _ = doomed.Deliver(t.Context(), id) })
	worker.Wait()
	if is := w.one(t, id); killed && is.State != delivery.Sending {
		t.Fatalf("killed when %s, it is %s (%s)", step, is.State, is.Reason)
	}
	return killed
}

// node is another node's sending: it has workers of its own, and no job calls it.
func (w *world) node() *delivery.Service {
	d := w.Delivery
	return &delivery.Service{Store: d.Store, Desk: d.Desk, Book: d.Book, Jobs: d.Jobs, Now: d.Now, Log: d.Log}
}

// A worker that is frozen, and wakes when its lease has run out, does not send, whether another took over or not (B4).
func TestAWorkerThatWakesTooLateDoesNotSend(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var h hooked
		w.Delivery.Before = h.before
		y := &tally{}
		for k := range full(1, 20) {
			for _, taken := range []bool{false, true} {
				w.freeze(t, &h, y, taken, k)
			}
		}
		y.report(t, "frozen workers")
	})
}

// freeze freezes a worker of each channel at each step, lets their leases run out and wakes them.
func (w *world) freeze(t *testing.T, h *hooked, y *tally, taken bool, k int) {
	t.Helper()
	var trials []trial
	var asleep, workers sync.WaitGroup
	wake := make(chan struct{})
	for _, kind := range connectors {
		s := w.side(t, kind, fmt.Sprintf("cold%s%v%d", letters(kind), taken, k))
		for _, step := range steps {
			trials = append(trials, trial{s, s.later(t, fmt.Sprintf("frozen when %s.", step)), fmt.Sprintf("frozen when %s, taken over %v", step, taken)})
		}
	}
	for n, x := range trials {
		asleep.Add(1)
		var once sync.Once
		h.set(x.Delivery.ID, func(at string) {
			if at == steps[n%len(steps)] {
				once.Do(func() { asleep.Done(); <-wake })
			}
		})
	}
	w.clock.advance(time.Minute)
	for _, x := range trials {
		workers.Go(func() { _ = w.Delivery.Deliver(t.Context(), x.Delivery.ID) })
	}
	asleep.Wait()
	w.clock.advance(lease)
	if taken { // another node brings them all to an end: here the sleepers have all workers of their accounts
		node := w.node()
		must(t, node.Sweep(t.Context()))
		w.rest(t, node, trials)
	}
	slept := make([]int, len(trials))
	for n, x := range trials {
		slept[n] = x.entries(x.Text)
	}
	close(wake)
	workers.Wait()
	for n, x := range trials {
		if woken := x.entries(x.Text); woken != slept[n] {
			t.Errorf("%s, %s: %d entries while it slept, %d when it had woken", x.Channel, x.what, slept[n], woken)
		}
	}
	w.settle(t, y, trials)
}

// A hundred at once try to send one delivery: there is one entry (B5).
func TestAHundredWorkersSendOneDeliveryOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		y := &tally{}
		for _, kind := range []string{"mastodon", "hook that can't be asked"} {
			s := w.side(t, kind, "many"+letters(kind))
			for k := range full(3, 50) {
				d := s.later(t, fmt.Sprintf("by a hundred, %d times.", k))
				w.clock.advance(time.Minute)
				var all sync.WaitGroup
				for range 100 {
					all.Go(func() { _ = w.Delivery.Deliver(t.Context(), d.ID) })
				}
				all.Wait()
				w.settle(t, y, []trial{{s, d, "by a hundred"}})
			}
		}
		y.report(t, "a hundred workers")
		if y.sent != y.intents {
			t.Errorf("%d of %d were sent", y.sent, y.intents)
		}
	})
}

// A delivery that makes its handler panic is tried three times, ends with a reason, and delays no other (B7, A10).
func TestAPoisonousDeliveryIsLeftToAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var h hooked
		w.Delivery.Before = h.before
		s := w.side(t, "hook", "poison")
		for _, step := range []string{"reading", "calling"} {
			bad := s.later(t, "arsenic when "+step)
			good := s.later(t, "a neighbour of poison when "+step)
			var tries atomic.Int32
			h.set(bad.ID, func(at string) {
				if at == step {
					tries.Add(1)
					panic("a text nobody thought of")
				}
			})
			w.clock.advance(time.Minute)
			if err := w.Delivery.Deliver(t.Context(), good.ID); err != nil {
				t.Fatal(err)
			}
			if is := w.one(t, good.ID); is.State != delivery.Sent {
				t.Errorf("the neighbour is %s (%s)", is.State, is.Reason)
			}
			for range 3 {
				_ = w.Delivery.Deliver(t.Context(), bad.ID)
				w.clock.advance(10 * time.Second)
			}
			w.settle(t, &tally{}, []trial{{s, bad, ""}})
			if is := w.one(t, bad.ID); is.State != delivery.Failed || is.Reason == "" || tries.Load() != 3 || s.entries(bad.Text) != 0 {
				t.Errorf("after %d tries the poison is %s (%s)", tries.Load(), is.State, is.Reason)
			}
		}
	})
}

// A call may last longer than a lease: a worker that is alive keeps its delivery, and one whose delivery was taken over lets go of its call.
func TestAWorkerThatIsAliveKeepsItsDelivery(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "bluesky", "alive")
		slow, lost := s.later(t, "A slow one."), s.later(t, "A lost one.")
		w.clock.advance(2 * time.Minute)
		node := w.node()
		node.Beat = 5 * time.Millisecond
		node.Before = func(at string, d delivery.Delivery) {
			if at != "reading" || d.ID != slow.ID {
				return
			}
			for range 4 {
				w.clock.advance(lease - 5*time.Second)
				time.Sleep(300 * time.Millisecond)
				must(t, w.Delivery.Sweep(t.Context()))
			}
			if is := w.one(t, slow.ID); is.State != delivery.Sending || is.Fence != d.Fence {
				t.Errorf("after %v of work it is %s, with fence %d instead of %d", 4*lease, is.State, is.Fence, d.Fence)
			}
		}
		_ = node.Deliver(t.Context(), slow.ID)
		if is := w.one(t, slow.ID); is.State != delivery.Sent || is.Tries != 1 || s.entries(slow.Text) != 1 {
			t.Errorf("the slow one is %s (%s) after %d tries, with %d entries", is.State, is.Reason, is.Tries, s.entries(slow.Text))
		}

		s.faults.Set(far.Fault{On: far.Send, Do: far.LateAnswer, Times: 1})
		node.Beat = 500 * time.Millisecond
		node.Before = func(at string, d delivery.Delivery) {
			if at == "calling" {
				w.clock.advance(lease)
				must(t, w.Delivery.Sweep(t.Context()))
			}
		}
		began := time.Now()
		_ = node.Deliver(t.Context(), lost.ID)
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("the worker held on to its call for %v", took)
		}
		if is := w.ended(t, lost.ID, time.Minute); is.State != delivery.Sent || s.entries(lost.Text) != 1 {
			t.Errorf("the lost one is %s (%s), with %d entries", is.State, is.Reason, s.entries(lost.Text))
		}
	})
}
