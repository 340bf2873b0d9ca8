package insight

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// bite is how many entries of the journal are read at a time.
const bite = 1000

// Follow settles verdicts as people deal with conversations, until ctx ends. On several nodes each may do it: an entry counts
// once. What happened while none ran is caught up with.
func (i *Insight) Follow(ctx context.Context) {
	wake, done := i.Store.Hear(journal.Topic)
	defer done()
	for ctx.Err() == nil {
		n, err := i.Settle(ctx)
		if err != nil && ctx.Err() == nil {
			i.Log.Warn("verdicts could not be settled; they are tried again", "error", err)
		}
		if err != nil || n < bite {
			journal.Wait(ctx, wake, 300*time.Millisecond)
		}
	}
}

// Settle reads some of the journal from where the last reader stopped, and returns how many entries it read. Entries and the
// place after them are one transaction: what ends in the middle is done again, and nothing twice.
func (i *Insight) Settle(ctx context.Context) (n int, err error) {
	from, err := place(ctx, i.Store.Read())
	if err != nil {
		return 0, err
	}
	entries, err := journal.Read(ctx, i.Store, from, bite)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	r, err := i.Staff.Roster(ctx)
	if err != nil {
		return 0, err
	}
	deeds := map[desk.ConversationID][]deed{}
	var ids []desk.ConversationID
	for _, e := range entries {
		d, ok := deedOf(e, r)
		if !ok || e.Conversation == 0 {
			continue
		}
		id := desk.ConversationID(e.Conversation)
		if deeds[id] == nil {
			ids = append(ids, id)
		}
		deeds[id] = append(deeds[id], d)
	}
	return len(entries), i.Store.Tx(ctx, func(tx *store.Tx) error {
		first, err := move(ctx, tx, from, entries[len(entries)-1].Cursor)
		if err != nil || !first {
			return err
		}
		list, err := of(ctx, tx, ids)
		if err != nil {
			return err
		}
		var changed []Verdict
		for _, v := range list {
			is := v
			for _, d := range deeds[v.Conversation] {
				is = is.heard(d, r.Operator().ID)
			}
			if is != v {
				changed = append(changed, is)
			}
		}
		return saveTruth(ctx, tx, changed)
	})
}
