package policy

import (
	"container/heap"
	"slices"
	"time"

	"switchboard/internal/routing"
)

// tick is how often the floor looks whose hours begin or end.
const tick = 15 * time.Minute

// drain is how long what is left over is worked on after the last arrival.
const drain = 7 * 24 * time.Hour

// floor is the departments at work under one plan: a queueing simulation driven by its events. A conversation that is put
// through to a person waits for that person, the others in their department's queue, urgent ones first. A person works on
// one at a time and begins none outside their hours; capacity bounds what they are given, as it does in life.
type floor struct {
	plan   Plan
	roster *routing.Roster
	now    time.Time // as far as everything has happened
	next   time.Time // the next tick
	people []desker
	at     map[string]int // people by key
	in     map[string]*queue
	ends   ends
	over   bool // the time looked at: what is left is worked off
}

// desker is a person at work.
type desker struct {
	Worker
	working bool
	busy    bool
	load    int
	queues  []*queue // of their departments
	own     []*piece
	doing   *piece
	free    time.Time // since when
	share   Share
}

// queue is a department.
type queue struct {
	key     string
	people  []int
	urgent  fifo
	rest    fifo
	peak    int
	got     int
	waits   []time.Duration
	work    time.Duration
	staffed time.Duration
	hours   Calendar
}

func (q *queue) waiting() int { return q.urgent.len() + q.rest.len() }

// piece is a conversation on the floor.
type piece struct {
	arrived time.Time
	takes   time.Duration
	urgent  bool
	queue   *queue
}

// fifo is a queue that gives its space back.
type fifo struct {
	list []*piece
	head int
}

func (f *fifo) len() int      { return len(f.list) - f.head }
func (f *fifo) push(p *piece) { f.list = append(f.list, p) }
func (f *fifo) first() *piece { return f.list[f.head] }
func (f *fifo) pop() *piece {
	p := f.list[f.head]
	f.list[f.head] = nil
	if f.head++; f.head > 1000 && f.head*2 > len(f.list) {
		f.list, f.head = append([]*piece(nil), f.list[f.head:]...), 0
	}
	return p
}

// end is when somebody will have answered.
type end struct {
	at     time.Time
	person int
}

type ends []end

func (e ends) Len() int { return len(e) }
func (e ends) Less(a, b int) bool {
	return e[a].at.Before(e[b].at) || e[a].at.Equal(e[b].at) && e[a].person < e[b].person
}
func (e ends) Swap(a, b int) { e[a], e[b] = e[b], e[a] }
func (e *ends) Push(v any)   { *e = append(*e, v.(end)) }
func (e *ends) Pop() any {
	last := len(*e) - 1
	v := (*e)[last]
	*e = (*e)[:last]
	return v
}

func newFloor(p Plan) *floor {
	f := &floor{plan: p, at: map[string]int{}, in: map[string]*queue{}}
	for _, d := range p.Departments {
		f.in[d.Key] = &queue{key: d.Key, hours: p.Hours[d.Key]}
	}
	for _, w := range p.Workers {
		if _, twice := f.at[w.Key]; twice {
			continue
		}
		d := desker{Worker: w}
		for _, key := range w.Departments {
			if q := f.in[key]; q != nil && !slices.Contains(d.queues, q) {
				q.people = append(q.people, len(f.people))
				d.queues = append(d.queues, q)
			}
		}
		if len(d.queues) > 0 {
			f.at[w.Key] = len(f.people)
			f.people = append(f.people, d)
		}
	}
	return f
}

// arrive puts a conversation through, after all that happened before it.
func (f *floor) arrive(o *Opening, took func(department string) time.Duration) routing.Decision {
	at := o.Case.At
	f.until(at)
	d := routing.Decide(o.Case, f.roster, f.plan.Map, f.plan.Rules)
	q := f.in[d.Department]
	if q == nil { // a house without an operator
		return d
	}
	q.got++
	p := &piece{arrived: at, takes: took(d.Department), urgent: o.Case.Urgency == "now", queue: q}
	q.work += p.takes
	if who, ok := f.at[d.Person]; ok {
		f.give(who, p)
		return d
	}
	if p.urgent {
		q.urgent.push(p)
	} else {
		q.rest.push(p)
	}
	if who := f.idle(q); who >= 0 {
		f.start(who)
	}
	q.peak = max(q.peak, q.waiting())
	return d
}

// give lets somebody have a conversation of their own.
func (f *floor) give(who int, p *piece) {
	w := &f.people[who]
	f.load(w, p, 1)
	w.own = append(w.own, p)
	if w.working && !w.busy {
		f.start(who)
	}
}

// load says that somebody holds p now, or with n -1 no longer.
func (f *floor) load(w *desker, p *piece, n int) {
	w.load += n
	if p.urgent {
		w.Urgent += n
		f.roster.TookUrgent(w.Key, n)
		return
	}
	f.roster.Took(w.Key, n)
}

// idle is who of a department has been free for longest, -1 if nobody is.
func (f *floor) idle(q *queue) int {
	best := -1
	for _, k := range q.people {
		if w := &f.people[k]; w.working && !w.busy && (best < 0 || w.free.Before(f.people[best].free)) {
			best = k
		}
	}
	return best
}

// start lets somebody begin with what waits for them: their own first, urgent ones before the others.
func (f *floor) start(who int) {
	w := &f.people[who]
	if !w.working || w.busy {
		return
	}
	var p *piece
	urgent := oldest(w.queues, func(q *queue) *fifo { return &q.urgent })
	rest := oldest(w.queues, func(q *queue) *fifo { return &q.rest })
	switch k := slices.IndexFunc(w.own, func(p *piece) bool { return p.urgent }); {
	case k < 0 && urgent != nil:
		p = urgent.pop()
	case len(w.own) > 0:
		k = max(k, 0)
		p = w.own[k]
		w.own = slices.Delete(w.own, k, k+1)
		f.load(w, p, -1) // it is counted again below
	case rest != nil:
		p = rest.pop()
	default:
		return
	}
	f.load(w, p, 1)
	w.busy, w.doing = true, p
	heap.Push(&f.ends, end{f.now.Add(p.takes), who})
}

// oldest is, of one kind of fifo, that whose first has waited longest; nil if nothing waits in any.
func oldest(queues []*queue, of func(*queue) *fifo) (best *fifo) {
	for _, q := range queues {
		if f := of(q); f.len() > 0 && (best == nil || f.first().arrived.Before(best.first().arrived)) {
			best = f
		}
	}
	return best
}

// until lets everything happen up to a time.
func (f *floor) until(t time.Time) {
	if f.roster == nil {
		f.now = t
		f.next = t.Truncate(tick).Add(tick)
		f.shift(true)
	}
	for {
		answered := len(f.ends) > 0 && !f.ends[0].at.After(f.next)
		switch {
		case answered && !f.ends[0].at.After(t):
			f.finish()
		case !answered && !f.next.After(t):
			f.now = f.next
			f.next = f.next.Add(tick)
			f.shift(false)
		default:
			if t.After(f.now) {
				f.now = t
			}
			return
		}
	}
}

// finish is the next answer.
func (f *floor) finish() {
	e := heap.Pop(&f.ends).(end)
	f.now = e.at
	w := &f.people[e.person]
	p := w.doing
	w.share.Answered, w.share.Work = w.share.Answered+1, w.share.Work+p.takes
	w.busy, w.doing, w.free = false, nil, f.now
	f.load(w, p, -1)
	wait := f.now.Sub(p.arrived)
	if p.queue.hours != nil {
		wait = p.queue.hours.Between(p.arrived, f.now)
	}
	p.queue.waits = append(p.queue.waits, wait)
	f.start(e.person)
}

// shift looks whose hours have begun or ended.
func (f *floor) shift(first bool) {
	changed := first
	var came []int
	for k := range f.people {
		w := &f.people[k]
		if w.working && !first {
			if !f.over {
				w.share.Staffed += tick
			}
			for _, q := range w.queues { // somebody of two departments is half in each
				q.staffed += tick / time.Duration(len(w.queues))
			}
		}
		is := !w.Absent && (w.Hours == nil || w.Hours.Open(f.now))
		if is != w.working {
			w.working, changed = is, true
			if is {
				w.free = f.now
				came = append(came, k)
			}
		}
	}
	if changed {
		f.seat()
	}
	for _, k := range came {
		f.start(k)
	}
}

// seat makes the roster anew: it holds who works.
func (f *floor) seat() {
	people := make([]routing.Person, 0, len(f.people))
	for _, w := range f.people {
		p := w.Person
		p.Working, p.Load, p.AbsentUntil = w.working, w.load, time.Time{}
		for _, q := range w.queues {
			p.Department = q.key
			people = append(people, p)
		}
	}
	f.roster = routing.NewRoster(f.plan.Operator, 0, f.plan.Departments, people)
}

// end works off what is left and returns each department's queue.
func (f *floor) end() map[string]Queue {
	last := f.now
	staffed := map[string]time.Duration{}
	for k, q := range f.in {
		staffed[k] = q.staffed // what follows is not part of the time looked at
	}
	f.over = true
	if f.roster != nil {
		f.until(last.Add(drain))
	}
	out := map[string]Queue{}
	for k, q := range f.in {
		slices.Sort(q.waits)
		v := Queue{Got: q.got, Answered: len(q.waits), Waiting: q.got - len(q.waits), Work: q.work, Staffed: staffed[k], Peak: q.peak}
		if n := len(q.waits); n > 0 {
			v.Median, v.Slow = q.waits[n/2], q.waits[min(n*9/10, n-1)]
		}
		out[k] = v
	}
	return out
}

// shares is what each person has done, by key.
func (f *floor) shares() map[string]Share {
	out := make(map[string]Share, len(f.people))
	for _, w := range f.people {
		out[w.Key] = w.share
	}
	return out
}
