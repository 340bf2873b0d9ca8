package writing

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const draftColumns = `person, conversation, kind, body, content, at`

func scanDraft(rows *sql.Rows) (d Draft, err error) {
	err = rows.Scan(&d.Person, &d.Conversation, &d.Kind, &d.Text, store.Parse(&d.Content), store.Time(&d.At))
	return d, err
}

// draftOf is one draft, blank ones too; the zero Draft when there never was one.
func draftOf(ctx context.Context, q store.Queryer, p staff.PersonID, c desk.ConversationID, k Kind) (d Draft, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+draftColumns+` FROM draft WHERE person = $1 AND conversation = $2 AND kind = $3`, p, c, string(k))
	list, err := store.List(rows, err, scanDraft)
	if len(list) > 0 {
		d = list[0]
	}
	return d, err
}

func draftsIn(ctx context.Context, q store.Queryer, p staff.PersonID, c desk.ConversationID) ([]Draft, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+draftColumns+` FROM draft WHERE person = $1 AND conversation = $2 ORDER BY kind`, p, c)
	return store.List(rows, err, scanDraft)
}

// draftsBy returns a person's drafts that are not blank, the newest first.
func draftsBy(ctx context.Context, q store.Queryer, p staff.PersonID, limit int) ([]Draft, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+draftColumns+` FROM draft WHERE person = $1 AND (body <> '' OR content LIKE '%"files"%')
		ORDER BY at DESC LIMIT $2`, p, limit)
	return store.List(rows, err, scanDraft)
}

func saveDraft(ctx context.Context, tx *store.Tx, d Draft, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO draft (person, conversation, kind, body, content, at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (person, conversation, kind) DO UPDATE SET body = excluded.body, content = excluded.content, at = excluded.at, changed_at = excluded.changed_at`,
		d.Person, d.Conversation, string(d.Kind), d.Text, store.JSON(d.Content), store.Micros(d.At), store.Micros(now))
	return err
}

// forgetDrafts removes those that nobody has touched since t, blank or not.
func forgetDrafts(ctx context.Context, tx *store.Tx, t time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM draft WHERE changed_at < $1 AND body = '' AND content NOT LIKE '%"files"%'`, store.Micros(t))
	return err
}
