package account

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// stoppedSetting is the setting that stops every account.
const stoppedSetting = "stopped"

// Stop stops an account: from the moment this returns nothing leaves it that is not on the wire, on any node, also after a
// restart. What is queued waits.
func (b *Book) Stop(ctx context.Context, who staff.Actor, id ID) error {
	return b.halt(ctx, who, id, true)
}

// Resume lets an account speak again.
func (b *Book) Resume(ctx context.Context, who staff.Actor, id ID) error {
	return b.halt(ctx, who, id, false)
}

func (b *Book) halt(ctx context.Context, who staff.Actor, id ID, stop bool) error {
	if !who.Can(staff.Stop) {
		if err := b.RequireManage(ctx, who, id); err != nil {
			return err
		}
	}
	what, at := journal.AccountResumed, time.Time{}
	if stop {
		what, at = journal.AccountStopped, b.Now()
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE account SET stopped_at = $2 WHERE id = $1 AND removed_at = 0`, id, store.Micros(at))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return fault.New(fault.NotFound, none)
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: what, About: journal.About("account", id)})
	})
}

// StopAll stops every account, and those connected later.
func (b *Book) StopAll(ctx context.Context, who staff.Actor) error { return b.haltAll(ctx, who, true) }

// ResumeAll takes StopAll back; accounts that were stopped one by one stay stopped.
func (b *Book) ResumeAll(ctx context.Context, who staff.Actor) error {
	return b.haltAll(ctx, who, false)
}

func (b *Book) haltAll(ctx context.Context, who staff.Actor, stop bool) error {
	if err := who.Require(staff.Stop); err != nil {
		return err
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		what, statement := journal.EverythingResumed, `DELETE FROM setting WHERE name = $1`
		if stop {
			what, statement = journal.EverythingStopped, `INSERT INTO setting (name, value) VALUES ($1, 'true') ON CONFLICT (name) DO NOTHING`
		}
		if _, err := tx.ExecContext(ctx, statement, stoppedSetting); err != nil {
			return err
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: what})
	})
}

// Stopped says why an account may not speak now, "" when it may. It asks the database each time: the button counts at once.
func Stopped(ctx context.Context, q store.Queryer, id ID) (why string, err error) {
	var account, all int64
	err = q.QueryRowContext(ctx, `SELECT (SELECT stopped_at FROM account WHERE id = $1), (SELECT count(*) FROM setting WHERE name = $2)`, id, stoppedSetting).
		Scan((*orZero)(&account), &all)
	switch {
	case err != nil:
		return "", err
	case all > 0:
		return "everything is stopped", nil
	case account != 0:
		return "this account is stopped", nil
	}
	return "", nil
}

// EverythingStopped reports whether StopAll is in force.
func EverythingStopped(ctx context.Context, q store.Queryer) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM setting WHERE name = $1`, stoppedSetting).Scan(&n)
	return n > 0, err
}

type orZero int64

func (o *orZero) Scan(v any) error {
	var n sql.NullInt64
	err := n.Scan(v)
	*o = orZero(n.Int64)
	return err
}
