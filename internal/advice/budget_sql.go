package advice

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/store"
)

// dayOf returns what was asked on a day.
func dayOf(ctx context.Context, q store.Queryer, day string) (d Day, err error) {
	err = q.QueryRowContext(ctx, `SELECT calls, tokens, answers, failures FROM advice_day WHERE day = $1`, day).Scan(&d.Calls, &d.Tokens, &d.Answers, &d.Failures)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return d, err
}

// takeCall counts a call on a day if that leaves it within bounds.
func takeCall(ctx context.Context, tx *store.Tx, day string, calls, tokens int) (bool, error) {
	if _, err := tx.ExecContext(ctx, `INSERT INTO advice_day (day, calls, tokens, answers, failures) VALUES ($1, 0, 0, 0, 0) ON CONFLICT DO NOTHING`, day); err != nil {
		return false, err
	}
	r, err := tx.ExecContext(ctx, `UPDATE advice_day SET calls = calls + 1 WHERE day = $1 AND calls < $2 AND tokens < $3`, day, calls, tokens)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

func addToDay(ctx context.Context, tx *store.Tx, day string, d Day) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO advice_day (day, calls, tokens, answers, failures) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (day) DO UPDATE SET tokens = advice_day.tokens + excluded.tokens, answers = advice_day.answers + excluded.answers,
		failures = advice_day.failures + excluded.failures`, day, d.Calls, d.Tokens, d.Answers, d.Failures)
	return err
}

func scanHealth(row *sql.Row) (h health, err error) {
	return h, row.Scan(&h.Failing, store.Time(&h.Paused), &h.Trouble, store.Time(&h.At))
}

func healthNow(ctx context.Context, q store.Queryer) (health, error) {
	return scanHealth(q.QueryRowContext(ctx, `SELECT failing, paused_until, trouble, at FROM advice_health WHERE one = 1`))
}

// lockHealth is healthNow, with the row kept from others until tx ends.
func lockHealth(ctx context.Context, tx *store.Tx) (health, error) {
	if _, err := tx.ExecContext(ctx, `UPDATE advice_health SET at = at WHERE one = 1`); err != nil {
		return health{}, err
	}
	return healthNow(ctx, tx)
}

func saveHealth(ctx context.Context, tx *store.Tx, h health, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE advice_health SET failing = $1, paused_until = $2, trouble = $3, at = $4 WHERE one = 1`,
		h.Failing, store.Micros(h.Paused), h.Trouble, store.Micros(at))
	return err
}
