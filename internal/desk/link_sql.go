package desk

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

func linkHash(token string) []byte {
	h := sha256.Sum256([]byte("request link\x00" + token))
	return h[:]
}

// addLink keeps a link, of its token the hash.
func addLink(ctx context.Context, tx *store.Tx, l link, token string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO request_link (token, request, person, letter, at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		linkHash(token), l.Request, l.Person, l.Letter, store.Micros(l.At), store.Micros(l.Expires))
	return err
}

func scanLink(rows *sql.Rows) (l link, err error) {
	return l, rows.Scan(&l.Request, &l.Person, &l.Letter, store.Time(&l.At), store.Time(&l.Expires))
}

const linkColumns = `request, person, letter, at, expires_at`

func linkBy(ctx context.Context, q store.Queryer, token string) (link, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+linkColumns+` FROM request_link WHERE token = $1`, linkHash(token))
	return store.One(rows, err, scanLink, noLink().Error())
}

func removeLinks(ctx context.Context, tx *store.Tx, before time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM request_link WHERE expires_at < $1`, store.Micros(before))
	return err
}

// saveStandIn keeps who is asked besides.
func saveStandIn(ctx context.Context, tx *store.Tx, r Request) error {
	_, err := tx.ExecContext(ctx, `UPDATE request SET stand_in = $1, stand_in_of = $2 WHERE id = $3`, r.StandIn, r.StandInOf, r.ID)
	return err
}

// requestsTo returns what is asked of somebody and open, what is due first, first.
func requestsTo(ctx context.Context, q store.Queryer, who staff.Actor, limit int) ([]Request, error) {
	departments := store.Pad(who.Departments)
	args := append([]any{who.Person, limit}, departments...)
	in := store.In(3, len(who.Departments))
	rows, err := q.QueryContext(ctx, `SELECT `+requestColumns+` FROM request WHERE state = 'open' AND id IN (
		SELECT id FROM request WHERE person = $1 AND person <> 0 AND state = 'open'
		UNION SELECT id FROM request WHERE stand_in = $1 AND stand_in <> 0 AND state = 'open'
		UNION SELECT id FROM request WHERE department IN (`+in+`) AND state = 'open'
		UNION SELECT id FROM request WHERE stand_in_of <> 0 AND stand_in_of IN (`+in+`) AND state = 'open')
		ORDER BY due_at, id LIMIT $2`, args...)
	return store.List(rows, err, scanRequest)
}

// mailTaken reports whether a mail was taken for an answer before.
func mailTaken(ctx context.Context, q store.Queryer, a account.ID, remoteID string) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM request_mail WHERE account = $1 AND remote_id = $2`, a, remoteID).Scan(&n)
	return n > 0, err
}

// takeMail notes that a mail was taken for an answer.
func takeMail(ctx context.Context, tx *store.Tx, a account.ID, remoteID string, r RequestID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO request_mail (account, remote_id, request, at) VALUES ($1, $2, $3, $4)`, a, remoteID, r, store.Micros(at))
	return err
}
