package insight

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Insight answers what is asked of the verdicts.
type Insight struct {
	Store *store.Store
	Staff *staff.Staff
	Now   func() time.Time
	Log   *slog.Logger

	mu     sync.Mutex // of the thresholds
	least  map[staff.DepartmentID]Least
	found  time.Time
	rates  map[staff.DepartmentID]int // what each department wanted then
	scores sync.Mutex                 // one scoreboard is reckoned at a time
	boards map[int]kept
}

// kept is a scoreboard for a minute.
type kept struct {
	board Board
	at    time.Time
}

const (
	fresh  = time.Minute         // how long thresholds and scoreboards are kept
	memory = 90 * 24 * time.Hour // how far back a threshold looks …
	recent = 5000                // … and at how many verdicts
	most   = 20_000              // the verdicts a scoreboard looks at
)

// Thresholds returns from which confidence each department gets messages unasked. It looks at the database once a minute and
// when a department wants another precision; if that fails, what was found before stands.
func (i *Insight) Thresholds(ctx context.Context, r *staff.Roster) map[staff.DepartmentID]Least {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.Now()
	rates := make(map[staff.DepartmentID]int, len(r.Departments()))
	for _, d := range r.Departments() {
		rates[d.ID] = d.Precision
	}
	if age := now.Sub(i.found); i.least != nil && age >= 0 && age < fresh && maps.Equal(rates, i.rates) {
		return i.least
	}
	settled, err := settledBefore(ctx, i.Store.Read(), now.Add(-memory), now, recent)
	if err != nil {
		if ctx.Err() == nil {
			i.Log.Warn("thresholds could not be found anew; the old ones stand", "error", err)
		}
		return i.least
	}
	i.least, i.found, i.rates = leastOf(settled, r.Departments()), now, rates
	return i.least
}

// Board returns the scoreboard of the last days, for who may see it.
func (i *Insight) Board(ctx context.Context, who staff.Actor, days int) (Board, error) {
	if err := who.Require(staff.SeeScores); err != nil {
		return Board{}, err
	}
	if days < 1 || days > 366 {
		return Board{}, fault.In("days", "a scoreboard shows 1 to 366 days")
	}
	r, err := i.Staff.Roster(ctx)
	if err != nil {
		return Board{}, err
	}
	least := i.Thresholds(ctx, r)
	i.scores.Lock()
	defer i.scores.Unlock()
	now := i.Now()
	if k, ok := i.boards[days]; ok && now.Sub(k.at) >= 0 && now.Sub(k.at) < fresh {
		return k.board, nil
	}
	from := now.Add(-time.Duration(days) * 24 * time.Hour)
	// Four weeks more, to say what is unlike before.
	list, err := between(ctx, i.Store.Read(), from.Add(-before), now, most)
	if err != nil {
		return Board{}, err
	}
	b := Score(list, from, now, r.Departments(), least)
	b.Capped = len(list) == most
	if b.Damaged, err = damaged(ctx, i.Store.Read()); err != nil {
		return Board{}, err
	}
	if i.boards == nil {
		i.boards = map[int]kept{}
	}
	if len(i.boards) > 8 {
		clear(i.boards)
	}
	i.boards[days] = kept{b, now}
	return b, nil
}

// Found says how a verdict turned out.
type Found string

const (
	FoundRight  Found = "right"
	FoundWrong  Found = "wrong"
	FoundAmong  Found = "among"  // one of the three likeliest
	FoundMissed Found = "missed" // none of them
)

// Decider says who decided, in a filter: one of rule, map, model and operator, or one of these.
type Decider string

const (
	ByMachine Decider = "machine" // map or model
	Asked     Decider = "asked"   // anything but a rule
)

// Filter says which verdicts are listed. Zero values leave nothing out.
type Filter struct {
	From, Until time.Time
	Said        staff.DepartmentID // thought likeliest
	Was         staff.DepartmentID // really dealt with it
	NotOf       staff.DepartmentID // settled, and not dealt with by this one
	Account     account.ID
	Least       float64 // confidence from
	Below       float64 // and below; 0: up to 1
	Settled     bool
	Found       Found
	By          Decider
	How         How
	Corrected   bool // somebody said it was about something else
	After       Mark
}

func (f Filter) least() float64 { return f.Least }

func (f Filter) below() float64 {
	if f.Below <= 0 || f.Below >= 1 {
		return 2 // with all that are sure
	}
	return f.Below
}

// Mark is a place in a list; the zero Mark is its beginning.
type Mark struct {
	at time.Time
	id desk.ConversationID
}

// After is the place after v.
func After(v Verdict) Mark { return Mark{v.At, v.Conversation} }

// String is m for an address.
func (m Mark) String() string {
	if m.at.IsZero() {
		return ""
	}
	return journal.Cursor{Tx: store.Micros(m.at), Seq: int64(m.id)}.String()
}

// ParseMark reads what String wrote.
func ParseMark(s string) (Mark, error) {
	if s == "" {
		return Mark{}, nil
	}
	c, err := journal.ParseCursor(s)
	if err != nil {
		return Mark{}, fault.In("after", "this is no place in the list: begin without it")
	}
	return Mark{store.FromMicros(c.Tx), desk.ConversationID(c.Seq)}, nil
}

// Listed is a verdict with the words it was about.
type Listed struct {
	Verdict
	Subject, Excerpt string // "" when they were deleted
}

// List returns up to limit verdicts that pass a filter, the newest first, and where to go on. What who may not see is left out.
func (i *Insight) List(ctx context.Context, who staff.Actor, f Filter, limit int) (out []Listed, next Mark, err error) {
	if err := who.Require(staff.SeeScores); err != nil {
		return nil, next, err
	}
	limit = min(max(limit, 1), 200)
	list, err := listed(ctx, i.Store.Read(), f, limit+1)
	if err != nil {
		return nil, next, err
	}
	if len(list) > limit {
		list = list[:limit]
		next = After(list[limit-1])
	}
	out, err = i.worded(ctx, who, list)
	return out, next, err
}

func (i *Insight) worded(ctx context.Context, who staff.Actor, list []Verdict) ([]Listed, error) {
	conversations, messages := make([]desk.ConversationID, len(list)), make([]desk.MessageID, len(list))
	for k, v := range list {
		conversations[k], messages[k] = v.Conversation, v.Message
	}
	owners, err := (&desk.Desk{Store: i.Store}).Owners(ctx, conversations)
	if err != nil {
		return nil, err
	}
	words, err := desk.Messages(ctx, i.Store.Read(), messages)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, 0, len(list))
	for _, v := range list {
		c, there := owners[v.Conversation]
		if !there || !desk.Sees(who, c) {
			continue
		}
		l := Listed{Verdict: v}
		if m := words[v.Message]; m.DeletedAt.IsZero() {
			l.Subject, l.Excerpt = m.Subject, desk.Excerpt(m.Text)
		}
		out = append(out, l)
	}
	return out, nil
}
