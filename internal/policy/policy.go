package policy

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
)

// Topic is what wakes those who keep rules or the map in memory.
const Topic = "policy"

// lookAgain is how long a snapshot is trusted without asking whether there is a newer one: a wake-up may be lost.
const lookAgain = 2 * time.Second

// Policy is the door to everything in this package. Set the exported fields before the first call; the methods may be
// called by several goroutines.
type Policy struct {
	Store *store.Store
	Staff *staff.Staff
	Now   func() time.Time
	Log   *slog.Logger

	// Thresholds are the confidences from which departments get messages unasked, for the replay; nil, or a department that
	// is not among them: the usual one.
	Thresholds func(ctx context.Context) (map[staff.DepartmentID]float64, error)

	// Learned is what people have answered so far, by their keys, for the replay: it looks who would be best by what they
	// know today. nil: nothing.
	Learned func(ctx context.Context) (map[string][]routing.Learned, error)

	// Topics is the dictionary that the past is read by when something is tried on it; nil: what was found then.
	Topics *topic.Book

	mu      sync.Mutex // held while the snapshot is read anew
	kept    atomic.Pointer[snapshot]
	news    atomic.Int64 // rises when something has changed, or may have
	once    sync.Once
	ear     <-chan struct{}
	replays sync.Mutex // one at a time on a node: it takes a core
}

// InForce is what messages are put through by at one moment. It never changes: a newer one takes its place.
type InForce struct {
	Rules *routing.Rules // those that are on, in their order
	Map   *routing.Map   // nil: what the departments state counts
	rules []Rule         // all that are not removed, in their order
	chart Map
}

type snapshot struct {
	*InForce
	version int64
	news    int64 // Policy.news before it was read
	looked  time.Time
}

func (p *Policy) start() {
	p.once.Do(func() {
		p.ear, _ = p.Store.Hear(Topic)
		if p.Log == nil {
			p.Log = slog.Default()
		}
	})
}

// InForce returns what counts now. It reads the database only when something has changed: call it before a transaction,
// not inside one.
func (p *Policy) InForce(ctx context.Context) (*InForce, error) {
	p.start()
	if v := p.kept.Load(); v != nil && !p.old(v) {
		return v.InForce, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	v := p.kept.Load()
	if v != nil && !p.old(v) { // somebody else has read it meanwhile
		return v.InForce, nil
	}
	if len(p.ear) > 0 {
		p.news.Add(1) // first: until the new snapshot is there, nobody takes the old one for good
		<-p.ear
	}
	news, now := p.news.Load(), p.Now()
	version, err := policyVersion(ctx, p.Store.Read())
	if err != nil {
		return nil, err
	}
	if v == nil || v.version != version {
		in, err := p.read(ctx)
		if err != nil {
			return nil, err
		}
		v = &snapshot{InForce: in, version: version}
	}
	p.kept.Store(&snapshot{v.InForce, version, news, now})
	return v.InForce, nil
}

func (p *Policy) old(v *snapshot) bool {
	if v.news != p.news.Load() || len(p.ear) > 0 {
		return true
	}
	age := p.Now().Sub(v.looked)
	return age > lookAgain || age < -lookAgain // somebody set the clock
}

// read reads everything. A rule that an older program took and this one does not is left out and logged.
func (p *Policy) read(ctx context.Context) (*InForce, error) {
	rules, err := rules(ctx, p.Store.Read())
	if err != nil {
		return nil, err
	}
	chart, err := newestMap(ctx, p.Store.Read())
	if err != nil {
		return nil, err
	}
	in := &InForce{rules: rules, chart: chart}
	if in.Rules, err = routing.CompileRules(routable(rules)); err != nil {
		p.Log.Warn("a rule is left out: it must be written anew", "error", err)
	}
	if chart.Number > 0 {
		in.Map = routing.NewMap(strconv.Itoa(chart.Number), routingRows(chart.Rows))
	}
	return in, nil
}

// change runs f in a transaction in which nobody else changes the policy, and makes every node look again after it.
func (p *Policy) change(ctx context.Context, f func(tx *store.Tx) error) error {
	p.start()
	return p.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := raiseVersion(ctx, tx); err != nil {
			return err
		}
		tx.Wake(Topic)
		tx.After(func() { p.news.Add(1) })
		return f(tx)
	})
}

// tell writes to the journal in who's name. pairs is as for journal.Data.
func tell(ctx context.Context, tx *store.Tx, who staff.Actor, what journal.What, about string, pairs ...any) error {
	if who.From != "" {
		pairs = append(pairs, "from", who.From)
	}
	if who.Key != 0 {
		pairs = append(pairs, "key", who.Key)
	}
	return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: what, About: about, Data: journal.Data(pairs...)})
}
