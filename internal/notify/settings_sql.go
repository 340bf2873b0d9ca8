package notify

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// settingsOf returns what people have set; who has set nothing is not in it.
func settingsOf(ctx context.Context, q store.Queryer, people []staff.PersonID) (map[staff.PersonID]Settings, error) {
	out := map[staff.PersonID]Settings{}
	if len(people) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT person, content FROM notification_setting WHERE person IN (`+store.In(1, len(people))+`)`, store.Pad(people)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var p staff.PersonID
		s := usual()
		err := rows.Scan(&p, store.Parse(&s))
		out[p] = s
		return struct{}{}, err
	})
	return out, err
}

func saveSettings(ctx context.Context, tx *store.Tx, p staff.PersonID, s Settings, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO notification_setting (person, content, at) VALUES ($1, $2, $3)
		ON CONFLICT (person) DO UPDATE SET content = excluded.content, at = excluded.at`, p, store.JSON(s), store.Micros(at))
	return err
}
