package desk

import (
	"context"
	"slices"

	"switchboard/internal/account"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Discard takes away, within tx, all that came of an account that was never real: its conversations with everything that was
// written, asked, promised and counted there, what triage learned from them, and who is known by that channel only. channel is the
// account's, and no other account may be of it. Unlike Erase it leaves no trace in figures. It can't be undone.
//
// While an answer is on its way it is a Conflict fault. Whether who may do so is for the caller to know.
func (d *Desk) Discard(ctx context.Context, tx *store.Tx, who staff.Actor, of account.ID, channel string) error {
	if err := holdNotifications(ctx, tx); err != nil {
		return err
	}
	ids, err := conversationsAt(ctx, tx, of)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, 200) {
		if leaving, err := leavingFrom(ctx, tx, some); err != nil || leaving {
			return cmpErr(err, fault.New(fault.Conflict, "an answer is on its way to one of its customers: try again in a minute"))
		}
		list, err := Load(ctx, tx, some)
		if err != nil {
			return err
		}
		counts := tally{}
		for _, c := range list {
			counts[c.place()]--
		}
		if err := counts.write(ctx, tx); err != nil {
			return err
		}
		if err := d.forgetPost(ctx, tx, some); err != nil {
			return err
		}
		if err := discard(ctx, tx, some); err != nil {
			return err
		}
		if err := journal.Unwrite(ctx, tx, numbers(some)); err != nil {
			return err
		}
	}
	if err := discardAccount(ctx, tx, of, channel); err != nil {
		return err
	}
	tx.Wake(LessonTopic)
	return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ExamplesRemoved, About: journal.About("account", of),
		Data: journal.Data("conversations", len(ids))})
}
