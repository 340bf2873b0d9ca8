package insight

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

const columns = `conversation, message, account, at, model, model_confidence, first, confidence, second, third, decided, decided_by, rule,
	intent, intent_confidence, holder, truth, settled_at, settled_how, true_intent, went_on`

func scan(rows *sql.Rows) (v Verdict, err error) {
	err = rows.Scan(&v.Conversation, &v.Message, &v.Account, store.Time(&v.At), &v.Model, &v.ModelConfidence, &v.Likely[0], &v.Confidence,
		&v.Likely[1], &v.Likely[2], &v.Decided, &v.By, &v.Rule, &v.Intent, &v.IntentSure, &v.Holder, &v.Truth, store.Time(&v.SettledAt),
		&v.How, &v.TrueIntent, store.Truth(&v.WentOn))
	return v, err
}

// Add keeps new verdicts, in the transaction that opens their conversations.
func Add(ctx context.Context, tx *store.Tx, list []Verdict) error {
	rows := make([][]any, len(list))
	for k, v := range list {
		rows[k] = []any{v.Conversation, v.Message, v.Account, store.Micros(v.At), v.Model, v.ModelConfidence, v.Likely[0], v.Confidence,
			v.Likely[1], v.Likely[2], v.Decided, v.By, v.Rule, v.Intent, v.IntentSure, v.Holder, v.Truth, store.Micros(v.SettledAt),
			string(v.How), v.TrueIntent, store.Bool(v.WentOn)}
	}
	return tx.Insert(ctx, "verdict", columns, "ON CONFLICT DO NOTHING", rows)
}

// of returns the verdicts on conversations.
func of(ctx context.Context, q store.Queryer, ids []desk.ConversationID) ([]Verdict, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM verdict WHERE conversation IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	return store.List(rows, err, scan)
}

// saveTruth writes the second half of verdicts.
func saveTruth(ctx context.Context, tx *store.Tx, list []Verdict) error {
	rows := make([][]any, len(list))
	for k, v := range list {
		rows[k] = []any{v.Conversation, v.Holder, v.Truth, store.Micros(v.SettledAt), string(v.How), v.TrueIntent, store.Bool(v.WentOn)}
	}
	return tx.Update(ctx, "verdict", []store.Column{{Name: "conversation", Type: "BIGINT"}, {Name: "holder", Type: "BIGINT"}, {Name: "truth", Type: "BIGINT"},
		{Name: "settled_at", Type: "BIGINT"}, {Name: "settled_how", Type: "TEXT"}, {Name: "true_intent", Type: "TEXT"}, {Name: "went_on", Type: "BIGINT"}}, rows)
}

// settledBefore returns the newest limit verdicts that were settled before a moment, of conversations since another.
func settledBefore(ctx context.Context, q store.Queryer, since, before time.Time, limit int) ([]Verdict, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM verdict WHERE settled_at <> 0 AND settled_at < $2 AND settled_at >= $1
		ORDER BY settled_at DESC LIMIT $3`, store.Micros(since), store.Micros(before), limit)
	return store.List(rows, err, scan)
}

// between returns the newest limit verdicts on conversations opened in a span, settled or not, the newest first.
func between(ctx context.Context, q store.Queryer, from, until time.Time, limit int) ([]Verdict, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM verdict WHERE at >= $1 AND at < $2 ORDER BY at DESC, conversation DESC LIMIT $3`,
		store.Micros(from), store.Micros(until), limit)
	return store.List(rows, err, scan)
}

// place is how far the journal was read.
func place(ctx context.Context, q store.Queryer) (c journal.Cursor, err error) {
	err = q.QueryRowContext(ctx, `SELECT tx, seq FROM verdict_reader WHERE one = 1`).Scan(&c.Tx, &c.Seq)
	return c, err
}

// move puts the reader from one place to another; false when another node was quicker.
func move(ctx context.Context, tx *store.Tx, from, to journal.Cursor) (bool, error) {
	r, err := tx.ExecContext(ctx, `UPDATE verdict_reader SET tx = $3, seq = $4 WHERE one = 1 AND tx = $1 AND seq = $2`, from.Tx, from.Seq, to.Tx, to.Seq)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// right is Verdict.Right, among what Among adds to it.
const (
	right = `(truth <> 0 AND (truth = first OR decided_by IN ('map', 'model') AND truth = decided))`
	among = `(` + right + ` OR truth <> 0 AND truth IN (first, second, third))`
)

// listed returns up to limit verdicts a filter lets through, the newest first. It looks at no more rows than the scoreboard does.
func listed(ctx context.Context, q store.Queryer, f Filter, limit int) ([]Verdict, error) {
	before := f.After
	if before.at.IsZero() {
		before = Mark{at: f.Until}
	}
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM (SELECT `+columns+` FROM verdict WHERE at >= $1 AND (at, conversation) < ($2, $3)
			ORDER BY at DESC, conversation DESC LIMIT $4) v
		WHERE (CAST($5 AS BIGINT) = 0 OR first = CAST($5 AS BIGINT)) AND (CAST($6 AS BIGINT) = 0 OR CASE WHEN `+right+` THEN first ELSE truth END = CAST($6 AS BIGINT)) AND (CAST($7 AS BIGINT) = 0 OR account = CAST($7 AS BIGINT))
		AND confidence >= $8 AND confidence < $9
		AND (CAST($10 AS BIGINT) = 0 OR settled_at <> 0)
		AND ($11 = '' OR $11 = 'right' AND `+right+` OR $11 = 'wrong' AND NOT `+right+` AND settled_at <> 0
			OR $11 = 'among' AND `+among+`
			OR $11 = 'missed' AND settled_at <> 0 AND NOT `+among+`)
		AND ($12 = '' OR $12 = decided_by OR $12 = 'machine' AND decided_by IN ('map', 'model') OR $12 = 'asked' AND decided_by <> 'rule')
		AND ($13 = '' OR settled_how = $13)
		AND (CAST($14 AS BIGINT) = 0 OR true_intent <> '')
		AND (CAST($15 AS BIGINT) = 0 OR settled_at <> 0 AND CASE WHEN `+right+` THEN first ELSE truth END <> CAST($15 AS BIGINT))
		ORDER BY at DESC, conversation DESC LIMIT $16`,
		store.Micros(f.From), store.Micros(before.at), before.id, most, f.Said, f.Was, f.Account, f.least(), f.below(), store.Bool(f.Settled),
		string(f.Found), string(f.By), string(f.How), store.Bool(f.Corrected), f.NotOf, limit)
	return store.List(rows, err, scan)
}

// damaged is when a model of triage was last found damaged; the zero time when none ever was.
func damaged(ctx context.Context, q store.Queryer) (at time.Time, err error) {
	err = q.QueryRowContext(ctx, `SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'model damaged'`).Scan(store.Time(&at))
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return at, err
}
