package staff

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/store"
)

const departmentColumns = `id, name, summary, phrases, intents, stand_in, operator, hours, first_response, next_response, resolution, take_back, move_on, wanted_precision, retired_at, created_at`

// departments returns those that are not retired, the operator's first, then by name.
func departments(ctx context.Context, q store.Queryer) ([]Department, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+departmentColumns+` FROM department WHERE retired_at = 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Department
	for rows.Next() {
		d, err := scanDepartment(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Department) int {
		if a.Operator != b.Operator {
			if a.Operator {
				return -1
			}
			return 1
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, rows.Err()
}

// Targets and the times to take back and to move on are kept in seconds.
func scanDepartment(row interface{ Scan(...any) error }) (Department, error) {
	d := Department{Phrases: []string{}, Intents: []string{}}
	var first, next, resolution, back, on int64
	var text string
	err := row.Scan(&d.ID, &d.Name, &d.Summary, store.Parse(&d.Phrases), store.Parse(&d.Intents), &d.StandIn, store.Truth(&d.Operator),
		&text, &first, &next, &resolution, &back, &on, &d.Precision, store.Time(&d.RetiredAt), store.Time(&d.CreatedAt))
	d.Targets = Targets{time.Duration(first) * time.Second, time.Duration(next) * time.Second, time.Duration(resolution) * time.Second}
	d.TakeBack, d.MoveOn = time.Duration(back)*time.Second, time.Duration(on)*time.Second
	if err == nil && text != "" {
		var h clock.Hours
		if err = store.Parse(&h).Scan(text); err == nil {
			d.Hours = &h
		}
	}
	return d, err
}

func (d Department) values() []any {
	return []any{d.ID, d.Name, d.Summary, store.JSON(d.Phrases), store.JSON(d.Intents), d.StandIn, store.Bool(d.Operator), kept(d.Hours),
		seconds(d.Targets.FirstResponse), seconds(d.Targets.NextResponse), seconds(d.Targets.Resolution), seconds(d.TakeBack), seconds(d.MoveOn), d.Precision,
		store.Micros(d.RetiredAt), store.Micros(d.CreatedAt)}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func insertDepartment(ctx context.Context, tx *store.Tx, d Department) error {
	return tx.Insert(ctx, "department", departmentColumns, "", [][]any{d.values()})
}

func saveDepartment(ctx context.Context, tx *store.Tx, d Department) error {
	_, err := tx.ExecContext(ctx, `UPDATE department SET name = $2, summary = $3, phrases = $4, intents = $5, stand_in = $6, operator = $7,
		hours = $8, first_response = $9, next_response = $10, resolution = $11, take_back = $12, move_on = $13, wanted_precision = $14, retired_at = $15 WHERE id = $1`,
		d.values()[:15]...)
	return err
}

// onlyOperator takes the operator's flag from all departments but d.
func onlyOperator(ctx context.Context, tx *store.Tx, d DepartmentID) error {
	_, err := tx.ExecContext(ctx, `UPDATE department SET operator = 0 WHERE operator = 1 AND id <> $1`, d)
	return err
}

// retire ends from: its people leave it, and whom it stood in for gets to instead.
func retire(ctx context.Context, tx *store.Tx, from, to DepartmentID, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `UPDATE department SET retired_at = $2, stand_in = 0 WHERE id = $1`, from, store.Micros(now)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM membership WHERE department = $1`, from); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE department SET stand_in = CASE WHEN id = $2 THEN 0 ELSE $2 END WHERE stand_in = $1`, from, to)
	return err
}

// knownDepartments is NotFound unless all of list are there and not retired.
func knownDepartments(ctx context.Context, q store.Queryer, _ string, list []DepartmentID) error {
	if len(list) == 0 {
		return nil
	}
	all, err := departments(ctx, q)
	if err != nil {
		return err
	}
	for _, d := range list {
		if !slices.ContainsFunc(all, func(o Department) bool { return o.ID == d }) {
			return fault.New(fault.NotFound, "one of the departments is not there")
		}
	}
	return nil
}
