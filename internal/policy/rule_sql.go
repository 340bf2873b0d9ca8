package policy

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/internal/store"
)

// raiseVersion marks that the policy changes. It comes first in the transaction, so that of two changes one waits for the
// other.
func raiseVersion(ctx context.Context, tx *store.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('policy version', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)`)
	return err
}

func policyVersion(ctx context.Context, q store.Queryer) (v int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'policy version'`).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}

const ruleColumns = `id, version, place, name, condition, form, department, person, enabled, changed_by, changed_at`

// rules returns those that are not removed, in their order.
func rules(ctx context.Context, q store.Queryer) ([]Rule, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+ruleColumns+` FROM rule WHERE removed_at = 0 ORDER BY place, id`)
	return store.List(rows, err, func(rows *sql.Rows) (r Rule, err error) {
		err = rows.Scan(&r.ID, &r.Version, &r.Place, &r.Name, &r.Condition, store.Parse(&r.Form), &r.Department, &r.Person,
			store.Truth(&r.Enabled), &r.ChangedBy, store.Time(&r.ChangedAt))
		return r, err
	})
}

func saveRule(ctx context.Context, tx *store.Tx, r Rule, removed bool) error {
	form, gone := "", int64(0)
	if r.Form != nil {
		form = store.JSON(r.Form)
	}
	if removed {
		gone = store.Micros(r.ChangedAt)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO rule (id, version, place, name, condition, form, department, person, enabled, changed_by, changed_at, removed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, place = excluded.place, name = excluded.name, condition = excluded.condition,
			form = excluded.form, department = excluded.department, person = excluded.person, enabled = excluded.enabled,
			changed_by = excluded.changed_by, changed_at = excluded.changed_at, removed_at = excluded.removed_at`,
		r.ID, r.Version, r.Place, r.Name, r.Condition, form, r.Department, r.Person, store.Bool(r.Enabled), r.ChangedBy, store.Micros(r.ChangedAt), gone)
	return err
}

// placed closes the gap that a removed rule left. It is no change of the others.
func placed(ctx context.Context, tx *store.Tx, list []Rule) error {
	for k, r := range list {
		if r.Place == k+1 {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE rule SET place = $2 WHERE id = $1`, r.ID, k+1); err != nil {
			return err
		}
	}
	return nil
}

func addRuleVersion(ctx context.Context, tx *store.Tx, v RuleVersion) error {
	return tx.Insert(ctx, "rule_version", "rule, version, deed, content, why, person, at", "",
		[][]any{{v.Rule.ID, v.Rule.Version, v.Deed, store.JSON(v.Rule), v.Why, v.By, store.Micros(v.At)}})
}

func ruleVersions(ctx context.Context, q store.Queryer, of RuleID, limit int) ([]RuleVersion, error) {
	rows, err := q.QueryContext(ctx, `SELECT content, deed, why, person, at FROM rule_version WHERE rule = $1 ORDER BY version DESC LIMIT $2`, of, limit)
	return store.List(rows, err, func(rows *sql.Rows) (v RuleVersion, err error) {
		return v, rows.Scan(store.Parse(&v.Rule), &v.Deed, &v.Why, &v.By, store.Time(&v.At))
	})
}
