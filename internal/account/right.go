package account

import (
	"context"
	"slices"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Rights returns who may do what on an account.
func (b *Book) Rights(ctx context.Context, id ID) ([]Right, error) {
	return rightsOf(ctx, b.Store.Read(), id)
}

// SetRights replaces them. An account keeps somebody who manages it: managers and administrators always do.
func (b *Book) SetRights(ctx context.Context, who staff.Actor, id ID, list []Right) error {
	if err := b.RequireManage(ctx, who, id); err != nil {
		return err
	}
	for _, r := range list {
		if r.Person.IsZero() == r.Department.IsZero() || r.Duty != Speak && r.Duty != Manage {
			return fault.In("items", `each right names one person or one department, and is "speak" or "manage"`)
		}
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		if _, err := One(ctx, tx, id); err != nil {
			return err
		}
		if err := saveRights(ctx, tx, id, list); err != nil {
			return err
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AccountChanged, About: journal.About("account", id), Data: journal.Data("rights", list)})
	})
}

// MaySpeak reports whether somebody's words go out as the account without an approval. Managers and administrators may
// always; an API key that may not write may not.
func (b *Book) MaySpeak(ctx context.Context, q store.Queryer, who staff.Actor, id ID) (bool, error) {
	if !who.Can(staff.Answer) {
		return false, nil
	}
	if who.Can(staff.Approve) {
		return true, nil
	}
	return has(ctx, q, who, id, Speak)
}

// RequireManage is nil when somebody may change an account, a fault otherwise.
func (b *Book) RequireManage(ctx context.Context, who staff.Actor, id ID) error {
	err := who.Require(staff.AccountsManage)
	if err == nil || !who.Reaches(staff.Admin) {
		return err
	}
	if ok, e := has(ctx, b.Store.Read(), who, id, Manage); e != nil || ok {
		return e
	}
	return err
}

func has(ctx context.Context, q store.Queryer, who staff.Actor, id ID, duty Duty) (bool, error) {
	list, err := rightsOf(ctx, q, id)
	return slices.ContainsFunc(list, func(r Right) bool {
		return r.Duty == duty && (!r.Person.IsZero() && r.Person == who.Person || !r.Department.IsZero() && who.In(r.Department))
	}), err
}
