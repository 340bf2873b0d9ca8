package setting

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"switchboard/internal/store"
)

// sql is a statement about the row's table.
func (r Row) sql(statement string) string {
	return strings.ReplaceAll(statement, "SETTING", string(r.table))
}

// Read puts what is set into content, which it leaves as it is if nobody set anything, and returns the secret as it is kept:
// empty if there is none.
func (r Row) Read(ctx context.Context, q store.Queryer, content any) (sealed []byte, err error) {
	err = q.QueryRowContext(ctx, r.sql(`SELECT content, sealed FROM SETTING WHERE one = 1`)).Scan(store.Parse(content), &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return sealed, err
}

// Save keeps content, as JSON, with a sealed secret or none, and who changed it when.
func (r Row) Save(ctx context.Context, tx *store.Tx, content any, sealed []byte, person int64, at time.Time) error {
	if sealed == nil {
		sealed = []byte{}
	}
	_, err := tx.ExecContext(ctx, r.sql(`INSERT INTO SETTING (one, content, sealed, person, at) VALUES (1, $1, $2, $3, $4)
		ON CONFLICT (one) DO UPDATE SET content = excluded.content, sealed = excluded.sealed, person = excluded.person, at = excluded.at`),
		store.JSON(content), sealed, person, store.Micros(at))
	return err
}

func (r Row) reseal(ctx context.Context, tx *store.Tx, sealed []byte) error {
	_, err := tx.ExecContext(ctx, r.sql(`UPDATE SETTING SET sealed = $1 WHERE one = 1`), sealed)
	return err
}
