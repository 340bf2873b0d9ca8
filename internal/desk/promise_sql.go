package desk

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const promiseColumns = `id, conversation, delivery, made_by, department, person, body, kind, words, due_at, exact, dated, at, state, step, ring_at,
	keeping, proof, proof_words, ended_by, ended_at, reason`

func scanPromise(rows *sql.Rows) (p Promise, err error) {
	return p, rows.Scan(&p.ID, &p.Conversation, &p.Delivery, &p.MadeBy, &p.Department, &p.Person, &p.Text, &p.Kind, &p.Words, store.Time(&p.Due),
		store.Truth(&p.Exact), store.Truth(&p.Dated), store.Time(&p.At), &p.State, &p.Step, store.Time(&p.Ring), &p.Keeping, &p.Proof, &p.ProofWords,
		&p.EndedBy, store.Time(&p.EndedAt), &p.Reason)
}

func addPromises(ctx context.Context, tx *store.Tx, list []Promise) error {
	rows := make([][]any, 0, len(list))
	for _, p := range list {
		rows = append(rows, []any{p.ID, p.Conversation, p.Delivery, p.MadeBy, p.Department, p.Person, p.Text, p.Kind, p.Words, store.Micros(p.Due),
			store.Bool(p.Exact), store.Bool(p.Dated), store.Micros(p.At), string(p.State), int(p.Step), store.Micros(p.Ring), p.Keeping, p.Proof, p.ProofWords,
			p.EndedBy, store.Micros(p.EndedAt), p.Reason})
	}
	return tx.Insert(ctx, "promise", promiseColumns, "", rows)
}

func savePromise(ctx context.Context, tx *store.Tx, p Promise) error {
	_, err := tx.ExecContext(ctx, `UPDATE promise SET department = $2, person = $3, body = $4, words = $5, due_at = $6, exact = $7, at = $8, state = $9,
		step = $10, ring_at = $11, keeping = $12, proof = $13, proof_words = $14, ended_by = $15, ended_at = $16, reason = $17 WHERE id = $1`,
		p.ID, p.Department, p.Person, p.Text, p.Words, store.Micros(p.Due), store.Bool(p.Exact), store.Micros(p.At), string(p.State),
		int(p.Step), store.Micros(p.Ring), p.Keeping, p.Proof, p.ProofWords, p.EndedBy, store.Micros(p.EndedAt), p.Reason)
	return err
}

func dropPromise(ctx context.Context, tx *store.Tx, id PromiseID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM promise WHERE id = $1`, id)
	return err
}

func promise(ctx context.Context, q store.Queryer, id PromiseID) (Promise, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+promiseColumns+` FROM promise WHERE id = $1`, id)
	return store.One(rows, err, scanPromise, noPromise().Error())
}

// promisesOf returns the newest limit promises of a conversation, oldest first.
func promisesOf(ctx context.Context, q store.Queryer, c ConversationID, limit int) ([]Promise, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+promiseColumns+` FROM (SELECT `+promiseColumns+` FROM promise
		WHERE conversation = $1 ORDER BY id DESC LIMIT $2) newest ORDER BY id`, c, limit)
	return store.List(rows, err, scanPromise)
}

// promisesWith returns what a delivery promises and what it keeps.
func promisesWith(ctx context.Context, tx *store.Tx, delivery int64) ([]Promise, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+promiseColumns+` FROM promise WHERE delivery = $1 AND state = 'unsaid'
		UNION SELECT `+promiseColumns+` FROM promise WHERE keeping = $1 AND keeping <> 0 ORDER BY id`, delivery)
	return store.List(rows, err, scanPromise)
}

// unsaid are the promises of a delivery that was not sent.
func unsaid(ctx context.Context, q store.Queryer, delivery int64) ([]Promise, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+promiseColumns+` FROM promise WHERE delivery = $1 AND state = 'unsaid' ORDER BY id`, delivery)
	return store.List(rows, err, scanPromise)
}

// overtaken reports whether one of the dated promises of deliveries that were not sent was due before now.
func overtaken(ctx context.Context, q store.Queryer, deliveries []int64, now time.Time) (is bool, err error) {
	args := append([]any{store.Micros(now)}, store.Pad(deliveries)...)
	var n int
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM promise WHERE state = 'unsaid' AND dated = 1 AND due_at <= $1
		AND delivery IN (`+store.In(2, len(deliveries))+`)`, args...).Scan(&n)
	return n > 0, err
}

// steppedPromises writes down how far promises of conversations that rang have come.
func steppedPromises(ctx context.Context, tx *store.Tx, changes []Change) error {
	for _, ch := range changes {
		for k, p := range ch.Is.Promised {
			if k < len(ch.Was.Promised) && p == ch.Was.Promised[k] {
				continue
			}
			if _, err := tx.ExecContext(ctx, `UPDATE promise SET step = $2, ring_at = $3 WHERE id = $1`, p.Promise, int(p.Step), store.Micros(p.Ring)); err != nil {
				return err
			}
		}
	}
	return nil
}

// promiseInstead has another department deliver what one that ends has promised.
func (d *Desk) promiseInstead(ctx context.Context, tx *store.Tx, who staff.Actor, from, to staff.DepartmentID) error {
	err := d.many(ctx, tx, `id IN (SELECT conversation FROM promise WHERE department = $1 AND state = 'open')`, int64(from), func(c Conversation) (Conversation, journal.Entry) {
		c.Promised = handedOn(c.Promised, from, to)
		return c, retired(who, journal.PromiseMoved, c.ID, from, to)
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE promise SET department = $1, person = 0 WHERE department = $2 AND state IN ('open', 'unsaid')`, to, from)
	return err
}

// promiseTheirDepartment has the department as a whole deliver what a person who leaves has promised.
func (d *Desk) promiseTheirDepartment(ctx context.Context, tx *store.Tx, who staff.Actor, of staff.PersonID) error {
	err := d.many(ctx, tx, `id IN (SELECT conversation FROM promise WHERE person = $1 AND person <> 0 AND state = 'open')`, int64(of), func(c Conversation) (Conversation, journal.Entry) {
		promised, department := freed(c.Promised, of)
		c.Promised = promised
		return c, left(who, journal.PromiseMoved, c.ID, of, department)
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE promise SET person = 0 WHERE person = $1 AND person <> 0 AND state IN ('open', 'unsaid')`, of)
	return err
}

// countPromised is in how many conversations something is promised that is somebody's to keep, or their departments'.
func countPromised(ctx context.Context, q store.Queryer, who staff.Actor) (n int, err error) {
	args := append([]any{who.Person}, store.Pad(who.Departments)...)
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT conversation FROM promise WHERE person = $1 AND person <> 0 AND state = 'open'
		UNION SELECT conversation FROM promise WHERE department IN (`+store.In(2, len(who.Departments))+`) AND state = 'open') promised`, args...).Scan(&n)
	return n, err
}

// promisePage returns promises of a scope that make up one figure, from a place on: what is open by when it is due, what has ended
// the newest first.
func promisePage(ctx context.Context, q store.Queryer, s scope, f PromiseFilter, after cursor, now, since time.Time, limit int) ([]Promise, error) {
	text, args := s.page(f, after, now, since, limit)
	rows, err := q.QueryContext(ctx, text, args...)
	return store.List(rows, err, scanPromise)
}

// page writes the query of promisePage. Every word of it is ours; what people give is bound.
func (s scope) page(f PromiseFilter, after cursor, now, since time.Time, limit int) (string, []any) {
	args := slices.Clone(s.args)
	bind := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	text, order, place := `SELECT `+promiseColumns+` FROM promise WHERE `+s.where, ` ORDER BY due_at, id`, `(due_at, id) > (`
	switch f {
	case PromisesOpen:
		text += ` AND state = 'open' AND due_at >= ` + bind(store.Micros(now))
	case PromisesLate:
		text += ` AND state = 'open' AND due_at < ` + bind(store.Micros(now))
	default:
		text += ` AND state = ` + bind(f.state()) + ` AND ended_at >= ` + bind(store.Micros(since))
		order, place = ` ORDER BY ended_at DESC, id DESC`, `(ended_at, id) < (`
	}
	switch f {
	case PromisesKept:
		text += ` AND ended_at <= due_at`
	case PromisesKeptLate:
		text += ` AND ended_at > due_at`
	}
	if !after.id.IsZero() {
		text += ` AND ` + place + bind(after.order) + `, ` + bind(int64(after.id)) + `)`
	}
	return text + order + ` LIMIT ` + bind(limit), args
}

// open writes the query that counts what is open and, of that, what is late.
func (s scope) open(now time.Time) (string, []any) {
	args := append(slices.Clone(s.args), store.Micros(now))
	return `SELECT count(*), coalesce(sum(CASE WHEN due_at < $` + strconv.Itoa(len(args)) + ` THEN 1 ELSE 0 END), 0) FROM promise
		WHERE ` + s.where + ` AND state = 'open'`, args
}

// ended writes the query that counts what ended since a time, by how.
func (s scope) ended(since time.Time) (string, []any) {
	args := append(slices.Clone(s.args), store.Micros(since))
	return `SELECT state, CASE WHEN ended_at > due_at THEN 1 ELSE 0 END AS late, count(*) FROM promise
		WHERE ` + s.where + ` AND state IN ('kept', 'broken', 'withdrawn') AND ended_at >= $` + strconv.Itoa(len(args)) + `
		GROUP BY state, CASE WHEN ended_at > due_at THEN 1 ELSE 0 END`, args
}

// promiseFigures counts the promises of a scope and what became of them since a time.
func promiseFigures(ctx context.Context, q store.Queryer, s scope, now, since time.Time) (f PromiseFigures, err error) {
	text, args := s.open(now)
	if err := q.QueryRowContext(ctx, text, args...).Scan(&f.Open, &f.Late); err != nil {
		return f, err
	}
	f.Open -= f.Late
	text, args = s.ended(since)
	rows, err := q.QueryContext(ctx, text, args...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var state PromiseState
		var late bool
		var n int
		err := rows.Scan(&state, store.Truth(&late), &n)
		switch {
		case state == PromiseKept && !late:
			f.Kept += n
		case state == PromiseKept:
			f.KeptLate += n
		case state == PromiseBroken:
			f.Broken += n
		case state == PromiseWithdrawn:
			f.Withdrawn += n
		}
		return struct{}{}, err
	})
	return f, err
}
