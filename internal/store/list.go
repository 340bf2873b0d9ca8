package store

import (
	"database/sql"

	"switchboard/internal/fault"
)

// List scans every row by scan. It takes what QueryContext returns.
func List[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// One scans the first row; no row is a NotFound fault with message.
func One[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error), message string) (T, error) {
	list, err := List(rows, err, scan)
	if err != nil || len(list) > 0 {
		var v T
		if len(list) > 0 {
			v = list[0]
		}
		return v, err
	}
	var zero T
	return zero, fault.New(fault.NotFound, message)
}
