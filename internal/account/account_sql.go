package account

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store"
)

const columns = `id, channel, name, remote_id, handle, url, limits, state, stopped_at, checked_at, seen_at, fetched_at, sent_at,
	gap_since, trouble, next_try, token_expires, streaming, mute, lost_since, created_at, removed_at`

func scan(rows *sql.Rows) (a Account, err error) {
	err = rows.Scan(&a.ID, &a.Channel, &a.Name, &a.RemoteID, &a.Handle, &a.URL, store.Parse(&a.Limits), &a.State, store.Time(&a.StoppedAt),
		store.Time(&a.CheckedAt), store.Time(&a.SeenAt), store.Time(&a.FetchedAt), store.Time(&a.SentAt), store.Time(&a.GapSince),
		store.Parse(&a.Trouble), store.Time(&a.NextTry), store.Time(&a.TokenExpires), store.Truth(&a.Streaming), store.Parse(&a.Mute), store.Time(&a.LostSince), store.Time(&a.CreatedAt),
		store.Time(&a.RemovedAt))
	return a, err
}

const none = "there is no such account"

// One returns an account, also one that was removed.
func One(ctx context.Context, q store.Queryer, id ID) (Account, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM account WHERE id = $1`, id)
	return store.One(rows, err, scan, none)
}

// locked is One, to be changed in tx.
func locked(ctx context.Context, tx *store.Tx, id ID) (Account, error) {
	query := `SELECT ` + columns + ` FROM account WHERE id = $1`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, id)
	return store.One(rows, err, scan, none)
}

// All returns the accounts that are not removed, in the order they were connected.
func All(ctx context.Context, q store.Queryer) ([]Account, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM account WHERE removed_at = 0 ORDER BY id`)
	return store.List(rows, err, scan)
}

// ofChannel returns the first account of a channel.
func ofChannel(ctx context.Context, q store.Queryer, channel string) (a Account, ok bool, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM account WHERE channel = $1 AND removed_at = 0 ORDER BY id LIMIT 1`, channel)
	list, err := store.List(rows, err, scan)
	if err != nil || len(list) == 0 {
		return a, false, err
	}
	return list[0], true, nil
}

func add(ctx context.Context, tx *store.Tx, a Account, sealed []byte) error {
	return tx.Insert(ctx, "account", columns+", settings, cursor, lease_node, lease_until", "", [][]any{{a.ID, a.Channel, a.Name, a.RemoteID,
		a.Handle, a.URL, store.JSON(a.Limits), string(a.State), store.Micros(a.StoppedAt), store.Micros(a.CheckedAt), store.Micros(a.SeenAt),
		store.Micros(a.FetchedAt), store.Micros(a.SentAt), store.Micros(a.GapSince), store.JSON(a.Trouble), store.Micros(a.NextTry),
		store.Micros(a.TokenExpires), store.Bool(a.Streaming), store.JSON(a.Mute), store.Micros(a.LostSince), store.Micros(a.CreatedAt), store.Micros(a.RemovedAt), sealed, "", -1, 0}})
}

// saveProfile writes who the account is at its far side.
func saveProfile(ctx context.Context, tx *store.Tx, a Account) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET name = $2, remote_id = $3, handle = $4, url = $5, limits = $6, checked_at = $7, token_expires = $8 WHERE id = $1`,
		a.ID, a.Name, a.RemoteID, a.Handle, a.URL, store.JSON(a.Limits), store.Micros(a.CheckedAt), store.Micros(a.TokenExpires))
	return err
}

func saveHealth(ctx context.Context, tx *store.Tx, a Account) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET state = $2, trouble = $3, next_try = $4, fetched_at = $5, gap_since = $6, streaming = $7,
		mute = $8, lost_since = $9 WHERE id = $1`,
		a.ID, string(a.State), store.JSON(a.Trouble), store.Micros(a.NextTry), store.Micros(a.FetchedAt), store.Micros(a.GapSince), store.Bool(a.Streaming),
		store.JSON(a.Mute), store.Micros(a.LostSince))
	return err
}

func sealedOf(ctx context.Context, q store.Queryer, id ID) (b []byte, err error) {
	rows, err := q.QueryContext(ctx, `SELECT settings FROM account WHERE id = $1`, id)
	return store.One(rows, err, func(rows *sql.Rows) (b []byte, err error) { return b, rows.Scan(&b) }, none)
}

func saveSealed(ctx context.Context, tx *store.Tx, id ID, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET settings = $2 WHERE id = $1`, id, sealed)
	return err
}

// allSealed returns the sealed settings of the accounts that are not removed.
func allSealed(ctx context.Context, q store.Queryer) (map[ID][]byte, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, settings FROM account WHERE removed_at = 0`)
	out := map[ID][]byte{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (b []byte, err error) {
		var id ID
		err = rows.Scan(&id, &b)
		out[id] = b
		return nil, err
	})
	return out, err
}

// replaceSealed writes settings in place of those that were; when others are there by now it is a Conflict.
func replaceSealed(ctx context.Context, tx *store.Tx, id ID, was, sealed []byte) error {
	r, err := tx.ExecContext(ctx, `UPDATE account SET settings = $2 WHERE id = $1 AND settings = $3`, id, sealed, was)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, fault.New(fault.Conflict, "the account's settings were changed meanwhile"))
	}
	return nil
}

// Cursor returns the place up to which an account's events are stored.
func Cursor(ctx context.Context, q store.Queryer, id ID) (string, error) {
	rows, err := q.QueryContext(ctx, `SELECT cursor FROM account WHERE id = $1`, id)
	return store.One(rows, err, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) }, none)
}

// SaveCursor writes it, in the transaction that stores the events before it. It is a place at the identity it was read at: once
// another is connected as the account it says nothing.
func SaveCursor(ctx context.Context, tx *store.Tx, a Account, cursor string) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET cursor = $2 WHERE id = $1 AND remote_id = $3`, a.ID, cursor, a.RemoteID)
	return err
}

// forget lets an account be read from the beginning: another identity is connected as it.
func forget(ctx context.Context, tx *store.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET cursor = '' WHERE id = $1`, id)
	return err
}

// Saw remembers when the last message of an account came.
func Saw(ctx context.Context, tx *store.Tx, id ID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, store.Micros(at))
	return err
}

// Sent remembers when an account last said something.
func Sent(ctx context.Context, tx *store.Tx, id ID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET sent_at = $2 WHERE id = $1 AND sent_at < $2`, id, store.Micros(at))
	return err
}

// Lease makes a node the one that listens on some accounts, until a time, and returns those of them that no other node has.
func Lease(ctx context.Context, tx *store.Tx, ids []ID, node int, now, until time.Time) ([]ID, error) {
	args := append([]any{node, store.Micros(until), store.Micros(now)}, store.Pad(ids)...)
	rows, err := tx.QueryContext(ctx, `UPDATE account SET lease_node = $1, lease_until = $2 WHERE id IN (`+store.In(4, len(ids))+`)
		AND removed_at = 0 AND (lease_node = $1 OR lease_until < $3) RETURNING id`, args...)
	return store.List(rows, err, func(rows *sql.Rows) (id ID, err error) { return id, rows.Scan(&id) })
}

// Leave ends a lease.
func Leave(ctx context.Context, tx *store.Tx, id ID, node int) error {
	_, err := tx.ExecContext(ctx, `UPDATE account SET lease_until = 0, streaming = 0 WHERE id = $1 AND lease_node = $2`, id, node)
	return err
}

func rightsOf(ctx context.Context, q store.Queryer, id ID) ([]Right, error) {
	rows, err := q.QueryContext(ctx, `SELECT person, department, duty FROM account_right WHERE account = $1 ORDER BY person, department, duty`, id)
	return store.List(rows, err, func(rows *sql.Rows) (r Right, err error) {
		return r, rows.Scan(&r.Person, &r.Department, &r.Duty)
	})
}

// Speaking returns who was given the right to speak, by account.
func Speaking(ctx context.Context, q store.Queryer) (map[ID][]Right, error) {
	out := map[ID][]Right{}
	rows, err := q.QueryContext(ctx, `SELECT account, person, department FROM account_right WHERE duty = $1 ORDER BY account, person, department`, string(Speak))
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id ID
		r := Right{Duty: Speak}
		err := rows.Scan(&id, &r.Person, &r.Department)
		out[id] = append(out[id], r)
		return struct{}{}, err
	})
	return out, err
}

func saveRights(ctx context.Context, tx *store.Tx, id ID, list []Right) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM account_right WHERE account = $1`, id); err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for k, r := range list {
		rows[k] = []any{id, r.Person, r.Department, string(r.Duty)}
	}
	return tx.Insert(ctx, "account_right", "account, person, department, duty", "ON CONFLICT DO NOTHING", rows)
}
