package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/store"
)

const arrivalColumns = `id, account, remote_id, event, tries, problem, at, next_try, state`

func scanArrival(rows *sql.Rows) (r Arrival, err error) {
	return r, rows.Scan(&r.ID, &r.Account, &r.RemoteID, (*[]byte)(&r.Event), &r.Tries, &r.Problem, store.Time(&r.At), store.Time(&r.NextTry), &r.State)
}

// addArrival keeps an item; one of which the same is kept already stays as it is. same tells what happened to a message from what
// else happened to it: that it was said, edited, deleted.
func addArrival(ctx context.Context, tx *store.Tx, r Arrival, same [sha256.Size]byte) error {
	return tx.Insert(ctx, "arrival", arrivalColumns+", same", "ON CONFLICT DO NOTHING", [][]any{{r.ID, r.Account, r.RemoteID, []byte(r.Event), r.Tries, r.Problem,
		store.Micros(r.At), store.Micros(r.NextTry), string(r.State), hex.EncodeToString(same[:])}})
}

func saveArrival(ctx context.Context, tx *store.Tx, r Arrival) error {
	_, err := tx.ExecContext(ctx, `UPDATE arrival SET event = $2, tries = $3, problem = $4, next_try = $5, state = $6 WHERE id = $1`,
		r.ID, []byte(r.Event), r.Tries, r.Problem, store.Micros(r.NextTry), string(r.State))
	return err
}

func arrivalsDue(ctx context.Context, q store.Queryer, now time.Time, limit int) ([]Arrival, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+arrivalColumns+` FROM arrival WHERE state = 'trying' AND next_try <= $1 ORDER BY next_try, id LIMIT $2`, store.Micros(now), limit)
	return store.List(rows, err, scanArrival)
}

func arrivalsOf(ctx context.Context, q store.Queryer, a account.ID) ([]Arrival, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+arrivalColumns+` FROM arrival WHERE account = $1 AND state <> 'done' ORDER BY id DESC LIMIT 200`, a)
	return store.List(rows, err, scanArrival)
}

func arrival(ctx context.Context, q store.Queryer, id ArrivalID) (Arrival, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+arrivalColumns+` FROM arrival WHERE id = $1`, id)
	return store.One(rows, err, scanArrival, "there is no such item")
}
