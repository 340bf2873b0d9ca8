package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"runtime/debug"
	"sort"
	"sync"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

// modelTopic wakes every node when a model was made.
const modelTopic = "model"

const (
	lessons        = 20000            // so many of the newest corrections a model is made from
	confirmations  = 5000             // so many of what turned out right, beside them
	leastEach      = 200              // of these at least a department may have, however many departments there are
	pace           = time.Hour        // between two replays of all corrections
	patience       = 2 * time.Minute  // with another node that is making a model
	calm           = 2 * time.Second  // without a change of the staff before a model is made for them
	restless       = time.Minute      // of changes, after which it is made all the same
	giveBack       = 2 * time.Second  // after which the memory that making one took is given back
	lessonsAtFirst = 500              // of the newest corrections the makeshift before the first whole model knows
	leastHeld      = 30               // corrections kept back, below which a test says nothing
	mostHeld       = 200              //
	late           = 10 * time.Minute // by which a lesson may be stored after its id was made, on a node whose clock is another
	worse          = 30               // in a thousand: a new model this much worse than the one before is not used
)

// state is what the model in use has heard of.
type state struct {
	seed  string
	base  int64          // the newest lesson of the replay it comes from
	most  desk.Budget    // of the lessons since
	heard map[int64]bool // those learned one by one since
	read  time.Time      // when they were last looked for
	made  time.Time      // when it was replayed
	about triage.Seed    // what it was made from, or adapted to; the messages of the packs left out
}

// Open takes the newest model that fits the staff as they are, and what was corrected since. Without one the first is made
// by Follow, or by the first message to be judged; until then messages wait.
func (b *Brain) Open(ctx context.Context) error {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	_, err = b.adopt(ctx, r)
	return err
}

// budget is how many lessons a model is made from.
func (b *Brain) budget(seed triage.Seed) desk.Budget {
	if b.Budget != (desk.Budget{}) {
		return b.Budget
	}
	return desk.Budget{Corrections: lessons, Confirmations: confirmations, Each: max(confirmations/max(1, len(seed.Departments)), leastEach)}
}

// Train makes a model for the staff as they are from all lessons, and keeps it.
func (b *Brain) Train(ctx context.Context) error {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	return b.replay(ctx, r)
}

// first sees to it that there is a model: messages wait for it. One that is kept, else one made in a moment from what the staff
// say of themselves, without the messages of the packs: Follow makes a whole one at once.
func (b *Brain) first(ctx context.Context) error {
	b.making.Lock()
	defer b.making.Unlock()
	if b.model.Load() != nil {
		return nil
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	if done, err := b.adopt(ctx, r); done || err != nil {
		return err
	}
	seed := b.seed(r)
	ctx = context.WithoutCancel(ctx)
	if err := b.install(ctx, r, triage.Train(seed, nil), state{most: desk.Budget{Corrections: lessonsAtFirst}, heard: map[int64]bool{}}); err != nil {
		return err
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error { tx.Wake(modelTopic); return nil })
}

// adopt takes the newest kept model for the staff as they are, if there is one.
func (b *Brain) adopt(ctx context.Context, r *staff.Roster) (bool, error) {
	seed := b.seed(r)
	list, err := keptModels(ctx, b.Store.Read(), b.seedHash(seed))
	if err != nil {
		return false, err
	}
	for _, k := range list {
		m, whole, err := k.read(ctx, b.Store.Read())
		switch {
		case err != nil:
			return false, err
		case whole:
			return true, b.install(ctx, r, m, state{seed: k.Seed, base: k.Lesson, most: b.budget(seed), heard: map[int64]bool{}, made: k.At})
		}
		if err := b.discard(ctx, k); err != nil {
			return false, err
		}
	}
	return false, nil
}

// discard removes a kept model that is damaged: as long as it lay there no other could be made of the same corrections.
func (b *Brain) discard(ctx context.Context, k snapshot) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		there, err := remove(ctx, tx, k)
		if err != nil || !there { // another node has removed it, or put a whole one in its place
			return err
		}
		if err := noteDamage(ctx, tx, b.Now()); err != nil {
			return err
		}
		tx.After(func() {
			b.Log.Warn("a kept model of triage was damaged and is removed; it is made anew from what people corrected", "model", k.ID.String())
		})
		return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.ModelDamaged, About: journal.About("model", k.ID), Data: journal.Data("corrections", k.Learned, "made", k.At)})
	})
}

// install puts a model to use, with all that was learned since.
func (b *Brain) install(ctx context.Context, r *staff.Roster, m *triage.Model, s state) error {
	b.learning.Lock()
	defer b.learning.Unlock()
	m, err := b.since(ctx, m, &s)
	if err != nil {
		return err
	}
	s.about = b.seed(r)
	b.state = s
	b.model.Store(m)
	b.mu.Lock()
	b.version, b.roster = r.Version(), nil
	b.mu.Unlock()
	time.AfterFunc(giveBack, debug.FreeOSMemory) // making or reading a model, and a start, take several times the memory that is kept
	return nil
}

// fit makes the model in use fit staff that changed, so that the next message is judged by the change. A whole one follows.
func (b *Brain) fit(r *staff.Roster) {
	b.learning.Lock()
	defer b.learning.Unlock()
	seed := b.seed(r)
	if m := b.model.Load(); m != nil && b.state.seed != b.seedHash(seed) {
		b.model.Store(m.Adapt(b.state.about, seed))
		b.state.seed, b.state.about = "", seed
	}
	b.mu.Lock()
	b.version, b.roster = r.Version(), nil
	b.mu.Unlock()
}

// catchUp learns what was corrected on other nodes, and on any of them turned out right.
func (b *Brain) catchUp(ctx context.Context) error {
	b.learning.Lock()
	defer b.learning.Unlock()
	m := b.model.Load()
	if m == nil {
		return nil
	}
	m, err := b.since(ctx, m, &b.state)
	if err != nil {
		return err
	}
	b.model.Store(m)
	return nil
}

// since is m with the lessons that s has not heard of. Who calls it holds learning.
func (b *Brain) since(ctx context.Context, m *triage.Model, s *state) (*triage.Model, error) {
	from, now := s.base, b.Now()
	if !s.read.IsZero() {
		from = max(from, id.At(s.read.Add(-late)))
	}
	list, err := desk.LessonsSince(ctx, b.Store.Read(), from, s.most)
	if err != nil {
		return m, err
	}
	for _, l := range list {
		if !s.heard[int64(l.ID)] {
			s.heard[int64(l.ID)] = true
			m = m.Learn(example(l))
		}
	}
	s.read = now
	return m, nil
}

// Learn heeds a correction at once: the next message is judged by it.
func (b *Brain) Learn(l desk.Lesson) {
	b.learning.Lock()
	defer b.learning.Unlock()
	m := b.model.Load()
	if m == nil || b.state.heard[int64(l.ID)] {
		return
	}
	b.state.heard[int64(l.ID)] = true
	b.model.Store(m.Learn(example(l)))
}

// replay makes a model from the seed and all lessons, the oldest first, tests it on the newest corrections and keeps it. One that
// foresees clearly less of them than an earlier model, which did not know them either, is not used: that one goes on, with what
// was learned since. The same lessons give the same model; those of a contact that was erased are gone from them.
func (b *Brain) replay(ctx context.Context, r *staff.Roster) error {
	seed := b.seed(r)
	list, err := desk.Lessons(ctx, b.Store.Read(), b.budget(seed))
	if err != nil {
		return err
	}
	k := snapshot{ID: id.Of[snapshot](b.Store.IDs.Next()), Seed: b.seedHash(seed), At: b.Now()}.of(desk.TaughtBy(list))
	corrected := corrections(list)
	newer := func(k snapshot) int { return len(after(corrected, k.Lesson)) }
	held := heldBack(len(corrected))
	rest := examples(corrected[len(corrected)-held:])
	seed.Messages = b.messages()
	m := triage.Train(seed, examples(without(list, corrected[len(corrected)-held:])))
	better := true
	if held > 0 {
		k.Score, k.Tested = foreseen(m, rest), int64(held)
		before, old, err := b.before(ctx, k.Seed, int64(corrected[len(corrected)-held].ID), b.budget(seed))
		if err != nil {
			return err
		}
		if before != nil {
			if was := foreseen(before, rest); was > k.Score+worse {
				b.Log.Warn("a new model of triage is worse than an earlier one and is not used", "foresees in a thousand", k.Score, "the earlier one", was)
				if err := b.tell(ctx, "kept back", k, was); err != nil {
					return err
				}
				better, k.Score = false, was
				m = before.Learn(examples(after(list, old.Lesson))...)
			}
		}
	}
	if held > 0 && better { // it has stood the test: what it was tested on is worth as much as the rest
		m = triage.Train(seed, examples(list))
	}
	seed.Messages = nil
	if held == 0 && len(list) > len(corrected) { // they are few: whatever turned out right often enough would drown them
		m = m.Remind(examples(corrected)...)
	}
	if k.Body, err = m.MarshalBinary(); err != nil {
		return err
	}
	if err := b.Store.Tx(ctx, func(tx *store.Tx) error { return keep(ctx, tx, k, held, newer) }); err != nil {
		return err
	}
	return b.install(ctx, r, m, state{seed: k.Seed, base: k.Lesson, most: b.budget(seed), heard: map[int64]bool{}, made: k.At})
}

// corrections are those of list that somebody said against what was thought.
func corrections(list []desk.Lesson) (out []desk.Lesson) {
	for _, l := range list {
		if l.Kind == desk.Correction {
			out = append(out, l)
		}
	}
	return out
}

// after are those of list, the oldest first, whose ids come after one.
func after(list []desk.Lesson, id int64) []desk.Lesson {
	return list[sort.Search(len(list), func(i int) bool { return int64(list[i].ID) > id }):]
}

// without is list without some that are in it, in the same order.
func without(list, some []desk.Lesson) (out []desk.Lesson) {
	for _, l := range list {
		if len(some) > 0 && l.ID == some[0].ID {
			some = some[1:]
			continue
		}
		out = append(out, l)
	}
	return out
}

func examples(list []desk.Lesson) []triage.Example {
	out := make([]triage.Example, len(list))
	for k, l := range list {
		out[k] = example(l)
	}
	return out
}

// heldBack is how many of n corrections a new model is tested on.
func heldBack(n int) int {
	if held := min(mostHeld, n/5); held >= leastHeld {
		return held
	}
	return 0
}

// before is the newest model that knows nothing of a correction and those after it, nor of anything erased since; nil if none
// is kept.
func (b *Brain) before(ctx context.Context, seed string, lesson int64, most desk.Budget) (*triage.Model, snapshot, error) {
	list, err := keptModels(ctx, b.Store.Read(), seed)
	if err != nil {
		return nil, snapshot{}, err
	}
	for _, k := range list {
		if k.Lesson >= lesson {
			continue
		}
		known, err := desk.TaughtAsOf(ctx, b.Store.Read(), desk.LessonID(k.Lesson), int64(k.ID), most)
		if err != nil {
			return nil, k, err
		}
		if !k.knows(known) { // it knows words that were erased
			continue
		}
		if m, whole, err := k.read(ctx, b.Store.Read()); whole || err != nil {
			return m, k, err
		}
	}
	return nil, snapshot{}, nil
}

func (b *Brain) tell(ctx context.Context, how string, k snapshot, was int64) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.ModelMade, About: journal.About("model", k.ID), Data: journal.Data("how", how, "score", k.Score, "before", was)})
	})
}

// foreseen is how many in a thousand of the corrections m would have said itself.
func foreseen(m *triage.Model, examples []triage.Example) int64 {
	right, all := 0, 0
	for _, e := range examples {
		a := m.Assess(e.Input)
		switch {
		case e.Department != "":
			all++
			if a.Department() == e.Department {
				right++
			}
		case len(e.Intents) > 0:
			all++
			if a.Intent() == e.Intents[0] {
				right++
			}
		}
	}
	return int64(1000 * right / max(1, all))
}

// Follow makes models anew when the staff change and now and then, takes those that other nodes made, and learns what was
// corrected there, until ctx ends.
func (b *Brain) Follow(ctx context.Context) {
	var heeds sync.WaitGroup
	heeds.Go(func() { b.heed(ctx) })
	defer heeds.Wait()
	changed, done := b.Store.Hear(staff.Topic)
	defer done()
	made, done := b.Store.Hear(modelTopic)
	defer done()
	for first := true; ; first = false {
		if !first {
			select {
			case <-ctx.Done():
				return
			case <-changed: // who sets up a house changes much in a row, and each message is judged by what is so already
				settle(ctx, changed)
			case <-made:
			case <-time.After(time.Minute):
			}
		}
		if err := b.renew(ctx); err != nil && ctx.Err() == nil {
			b.Log.Warn("triage could not be trained anew; it goes on with what it knows", "error", err)
		}
	}
}

// heed learns what is corrected on other nodes, and what turns out right, as it comes: it waits neither for staff who change much in
// a row nor for a model that is being made.
func (b *Brain) heed(ctx context.Context) {
	corrected, done := b.Store.Hear(desk.LessonTopic)
	defer done()
	for {
		select {
		case <-ctx.Done():
			return
		case <-corrected:
			if err := b.catchUp(ctx); err != nil && ctx.Err() == nil {
				b.Log.Warn("what was corrected elsewhere could not be read; it is tried again", "error", err)
			}
		}
	}
}

// settle waits until nothing has changed for a moment.
func settle(ctx context.Context, changed <-chan struct{}) {
	end := time.After(restless)
	for {
		select {
		case <-ctx.Done():
			return
		case <-end:
			return
		case <-changed:
		case <-time.After(calm):
			return
		}
	}
}

// renew sees to it that the model fits the staff and is not too old.
func (b *Brain) renew(ctx context.Context) error {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	same := b.version == r.Version()
	b.roster = nil
	b.mu.Unlock()
	b.learning.Lock()
	s, learned := b.state, len(b.state.heard)
	b.learning.Unlock()
	seed := b.seed(r)
	if hash := b.seedHash(seed); !same || s.seed != hash || b.model.Load() == nil {
		if s.seed == hash && b.model.Load() != nil { // the staff changed, and nothing that triage learns from
			b.mu.Lock()
			b.version = r.Version()
			b.mu.Unlock()
			return nil
		}
		if done, err := b.adopt(ctx, r); done || err != nil {
			return err
		}
		if b.model.Load() == nil {
			if err := b.first(ctx); err != nil {
				return err
			}
		}
		return b.makeIt(ctx, r, seed)
	}
	list, err := keptModels(ctx, b.Store.Read(), s.seed)
	if err != nil {
		return err
	}
	if len(list) > 0 && list[0].At.After(s.made) {
		_, err = b.adopt(ctx, r)
		return err
	}
	if b.Now().Sub(s.made) < pace {
		return nil
	}
	if learned == 0 && len(list) > 0 { // nobody taught it anything: it would be the same model; but what was erased must go
		now, err := desk.TaughtNow(ctx, b.Store.Read(), b.budget(seed))
		if err != nil || list[0].knows(now) {
			b.learning.Lock()
			b.state.made = b.Now()
			b.learning.Unlock()
			return err
		}
	}
	return b.makeIt(ctx, r, seed)
}

// makeIt makes a model unless another node is at it; that one's is taken when it is there.
func (b *Brain) makeIt(ctx context.Context, r *staff.Roster, seed triage.Seed) error {
	now, err := desk.TaughtNow(ctx, b.Store.Read(), b.budget(seed))
	if err != nil {
		return err
	}
	mine := false
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		mine, err = turn(ctx, tx, snapshot{ID: id.Of[snapshot](b.Store.IDs.Next()), Seed: b.seedHash(seed), At: b.Now()}.of(now), patience)
		return err
	})
	if err != nil || !mine {
		return err
	}
	return b.replay(ctx, r)
}

// seedHash names what a model is made from: the same seed, and a program that learns the same way, give the same model.
func (b *Brain) seedHash(seed triage.Seed) string {
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(struct {
		Version  int
		Seed     triage.Seed
		Messages int // those of the packs change only with the program, and are hashed with it
		Packs    string
	}{triage.Version, seed, b.Messages, triage.Packs().Hash()})
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func example(l desk.Lesson) triage.Example {
	e := triage.Example{Input: triage.Input{Text: l.Text}}
	if l.Kind == desk.Confirmation {
		e.Weight = triage.Confirmed
	}
	if !l.Department.IsZero() {
		e.Department = l.Department.String()
	}
	if l.Intent != "" {
		e.Intents = []string{l.Intent}
	}
	return e
}
