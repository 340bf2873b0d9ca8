package board

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/storm"
)

const (
	bite      = 500
	memory    = 24 * time.Hour // of what was said before the start
	mostHeard = 20_000
)

// Follow finds incidents as messages arrive, and ends those that are over, until ctx ends. On several nodes each may do it: of
// two incidents about one thing the database keeps one.
func (b *Board) Follow(ctx context.Context) {
	wake, done := b.Store.Hear(journal.Topic)
	defer done()
	at, err := journal.Last(ctx, b.Store)
	for err != nil && ctx.Err() == nil { // from nowhere, all that was ever written would be news
		b.Log.Warn("the end of the journal could not be read; it is tried again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
		at, err = journal.Last(ctx, b.Store)
	}
	if err == nil {
		err = b.Remember(ctx)
	}
	for ctx.Err() == nil {
		n := 0
		if err == nil {
			at, n, err = b.Read(ctx, at)
		}
		if err == nil && n < bite {
			err = b.EndQuiet(ctx)
		}
		if err != nil && ctx.Err() == nil {
			b.Log.Warn("incidents could not be looked for; it is tried again", "error", err)
		}
		if err != nil || n < bite {
			err = nil
			journal.Wait(ctx, wake, time.Second)
		}
	}
}

// Remember tells the detector what was said in the last day, so that it knows what is usual.
func (b *Board) Remember(ctx context.Context) error {
	list, err := heardSince(ctx, b.Store.Read(), desk.MessageID(id.At(b.Now().Add(-memory))), mostHeard)
	for len(list) > 0 && err == nil {
		n := min(bite, len(list))
		var some []said
		some, err = sayings(ctx, b.Store.Read(), list[:n])
		for _, s := range some {
			b.storms.Add(s.heard())
		}
		list = list[n:]
	}
	return err
}

func (s said) heard() storm.Said {
	return storm.Said{At: s.at, Case: s.conversation, Keys: storm.KeysOf(s.text, s.post, s.topics)}
}

// Read looks at some of the journal after a place and returns the place after it, and how many entries there were.
func (b *Board) Read(ctx context.Context, at journal.Cursor) (journal.Cursor, int, error) {
	entries, err := journal.Read(ctx, b.Store, at, bite)
	if err != nil || len(entries) == 0 {
		return at, 0, err
	}
	var ids []desk.MessageID
	for _, e := range entries {
		if e.What != journal.MessageArrived {
			continue
		}
		if key, ok := strings.CutPrefix(e.About, "message:"); ok {
			if m, err := id.Parse[desk.Message](key); err == nil {
				ids = append(ids, m)
			}
		}
	}
	list, err := sayings(ctx, b.Store.Read(), ids)
	if err != nil {
		return at, 0, err
	}
	r := reading{Board: b, joining: map[IncidentID][]int64{}}
	if r.open, err = openIncidents(ctx, b.Store.Read()); err != nil {
		return at, 0, err
	}
	for _, s := range list {
		if err := r.hear(ctx, s); err != nil {
			return at, 0, err
		}
	}
	if err := r.join(ctx); err != nil {
		return at, 0, err
	}
	return entries[len(entries)-1].Cursor, len(entries), nil
}

// reading is one bite of the journal: in a storm its messages join an incident together, not each by itself.
type reading struct {
	*Board
	open    []Incident
	joining map[IncidentID][]int64 // conversations
}

// hear takes one message in: it is to join the incidents it is about, or begins one.
func (r *reading) hear(ctx context.Context, s said) (err error) {
	h := s.heard()
	storms := r.storms.Add(h)
	joined := false
	for _, i := range r.open {
		if slices.Contains(h.Keys, i.Key) {
			joined = true
			if !slices.Contains(r.joining[i.ID], s.conversation) {
				r.joining[i.ID] = append(r.joining[i.ID], s.conversation)
			}
		}
	}
	if joined || len(storms) == 0 {
		return nil
	}
	if err := r.join(ctx); err != nil {
		return err
	}
	r.open, err = r.begin(ctx, storms[0], r.open)
	return err
}

// join writes down what is to join.
func (r *reading) join(ctx context.Context) error {
	for _, i := range r.open {
		list := r.joining[i.ID]
		if len(list) == 0 {
			continue
		}
		if err := r.joins(ctx, i, list); err != nil {
			return err
		}
		delete(r.joining, i.ID)
	}
	return nil
}

// begin makes an incident of a storm, unless half of it is part of one already.
func (b *Board) begin(ctx context.Context, st storm.Storm, open []Incident) ([]Incident, error) {
	for _, i := range open {
		both, err := countIn(ctx, b.Store.Read(), i.ID, st.Cases)
		if err != nil {
			return open, err
		}
		if 2*both >= len(st.Cases) {
			return open, b.joins(ctx, i, st.Cases)
		}
	}
	now := b.Now()
	i := Incident{ID: IncidentID(b.Store.IDs.Next()), Key: st.Key, Open: true, StartedAt: now, LastAt: now, Usual: int(st.Usual + 0.5), Seen: st.Now}
	began := false
	err := b.Store.Tx(ctx, func(tx *store.Tx) (err error) {
		if began, err = addIncident(ctx, tx, i); err != nil || !began {
			return err
		}
		if err := join(ctx, tx, i.ID, st.Cases, now); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.IncidentBegan, About: journal.About("incident", i.ID),
			Data: journal.Data("kind", i.Key.Kind, "conversations", st.Now, "usual", i.Usual)})
	})
	if err != nil || !began {
		return open, err
	}
	return append(open, i), nil
}

// joins adds conversations to an incident, and puts them through to who took it.
func (b *Board) joins(ctx context.Context, i Incident, list []int64) error {
	err := b.Store.Tx(ctx, func(tx *store.Tx) error { return join(ctx, tx, i.ID, list, b.Now()) })
	if err != nil {
		return err
	}
	// Who takes the incident lists its conversations after they have taken it: what joined before is theirs to put through, what
	// joined after it is ours, and it may have been taken since i was read.
	if i, err = incident(ctx, b.Store.Read(), i.ID); err != nil || i.Department.IsZero() {
		return err
	}
	for _, c := range list {
		if err := b.follows(ctx, i, desk.ConversationID(c)); err != nil {
			b.Log.Warn("a conversation did not follow its incident", "conversation", c, "incident", i.ID, "error", err)
		}
	}
	return nil
}

// follows puts a conversation through to who took its incident, unless it is gone, done, or somebody is at it.
func (b *Board) follows(ctx context.Context, i Incident, c desk.ConversationID) (err error) {
	for range 3 { // it may change while we do it
		one, gone := desk.One(ctx, b.Store.Read(), c)
		if gone != nil || one.State != desk.Open || taken(one) {
			return nil
		}
		if _, err = b.Desk.FollowIncident(ctx, staff.Machine(), c, i.Department, i.Person, i.ID.String()); err == nil {
			return nil
		}
	}
	return err
}

// taken reports whether a person is at a conversation: not when it was only put through to somebody by the machine, and they have
// not said that they have it.
func taken(c desk.Conversation) bool {
	put := c.Decision.By == "model" || c.Decision.By == "map" || c.Decision.By == "path"
	return !c.Person.IsZero() && !(put && c.Decision.Person == c.Person && !c.MoveAt.IsZero())
}

// EndQuiet ends incidents that nobody has joined for a while.
func (b *Board) EndQuiet(ctx context.Context) error {
	open, err := openIncidents(ctx, b.Store.Read())
	for _, i := range open {
		if b.Now().Sub(i.LastAt) >= quiet {
			if err := b.end(ctx, staff.Machine(), i); err != nil {
				return err
			}
		}
	}
	return err
}
