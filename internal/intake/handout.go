package intake

import (
	"context"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// handOutBatch is how many conversations are given out in one transaction: few enough that nobody waits for it.
const handOutBatch = 200

// HandOut puts what stands in a department's queue through to its people, the longest waiting first, as far as they are there
// and have room; it returns how many it gave out. It can be stopped between any two batches by ending ctx, and loses nothing.
func (in *Intake) HandOut(ctx context.Context, who staff.Actor, d staff.DepartmentID) (n int, err error) {
	if err := who.Require(staff.PutThrough); err != nil {
		return 0, err
	}
	if !who.Can(staff.SeeAll) && !who.In(d) {
		return 0, fault.New(fault.NotFound, "there is no such department, or it is not yours")
	}
	j, err := in.Brain.judge(ctx)
	if err != nil {
		return 0, err
	}
	if _, ok := j.staff.Department(d); !ok {
		return 0, fault.New(fault.NotFound, "there is no such department, or it is not yours")
	}
	var after desk.Place
	for ctx.Err() == nil {
		ids, next, err := desk.Queue(ctx, in.Store.Read(), d, after, handOutBatch)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		given, err := in.handOut(ctx, who, j, d, ids)
		n += given
		if err != nil {
			return n, err
		}
		if given == 0 { // nobody has room: what comes after would stay too
			return n, nil
		}
		after = next
	}
	return n, ctx.Err()
}

// handOut gives some of a queue out. What each holds is counted in the transaction, so that nobody gets more than they have
// room for, whoever else gives meanwhile; a department's queue goes to whoever is best and free, not only to who knows the matter.
func (in *Intake) handOut(ctx context.Context, who staff.Actor, j judge, d staff.DepartmentID, ids []desk.ConversationID) (n int, err error) {
	err = in.Store.Tx(ctx, func(tx *store.Tx) error {
		n = 0
		list, err := desk.Load(ctx, tx, ids)
		if err != nil {
			return err
		}
		held, err := holding(ctx, tx)
		if err != nil {
			return err
		}
		known, err := recall(ctx, tx, j.speak, list)
		if err != nil {
			return err
		}
		j.roster = roster(j.staff, held, nil, in.Now(), d).Knowing(in.Brain.experience())
		tx.After(in.Brain.recount)
		var changes []desk.Change
		var entries []journal.Entry
		for _, id := range ids {
			was := list[id]
			if was.State != desk.Open || !was.Person.IsZero() {
				continue
			}
			is, ok := in.place(j, was, known.of(was))
			if !ok {
				continue
			}
			n++
			changes = append(changes, desk.Change{Was: was, Is: is})
			entries = append(entries, journal.Entry{Who: who.Who(), What: journal.PutThrough, Conversation: int64(id), Data: journal.Data("department", is.Department,
				"person", is.Person, "by", is.Decision.By, "confidence", is.Decision.Confidence, "reasons", is.Decision.Reasons, "handedOut", true)})
		}
		if err := desk.Save(ctx, tx, changes...); err != nil {
			return err
		}
		return journal.Write(ctx, tx, entries...)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// place finds the person of its department a conversation should go to.
func (in *Intake) place(j judge, c desk.Conversation, k routing.Case) (desk.Conversation, bool) {
	j.rmap, j.rules = nil, nil
	d := j.decide(k)
	if d.Person.IsZero() || d.Department != c.Department {
		return c, false
	}
	t := in.Desk.House.Terms(c.Department)
	c = c.Owned(c.Department, d.Person, t, in.Now())
	c.Decision = d
	return c, true
}
