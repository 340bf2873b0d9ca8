package contact

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const contactColumns = `id, name, standings, note, language, answered_by, answered_at, created_at, stood_by, fields, seen_at, merged_into, erased_at`

func scanContact(rows *sql.Rows) (c Contact, err error) {
	err = rows.Scan(&c.ID, &c.Name, store.Parse(&c.Standings), &c.Note, &c.Language, &c.AnsweredBy, store.Time(&c.AnsweredAt), store.Time(&c.CreatedAt),
		store.Parse(&c.StoodBy), store.Parse(&c.Fields), store.Time(&c.SeenAt), &c.MergedInto, store.Time(&c.ErasedAt))
	if c.Standings == nil {
		c.Standings = []string{}
	}
	return c, err
}

// Contacts returns those of the contacts that exist.
func Contacts(ctx context.Context, q store.Queryer, ids []ID) ([]Contact, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+contactColumns+` FROM contact WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	return store.List(rows, err, scanContact)
}

// Add inserts new contacts. Their words are written with their identities: see AddIdentities.
func Add(ctx context.Context, tx *store.Tx, list []Contact) error {
	rows := make([][]any, len(list))
	for k, c := range list {
		rows[k] = []any{c.ID, c.Name, store.JSON(c.Standings), c.Note, c.Language, c.AnsweredBy, store.Micros(c.AnsweredAt), store.Micros(c.CreatedAt),
			object(c.StoodBy), object(c.Fields), store.Micros(c.SeenAt), c.MergedInto, store.Micros(c.ErasedAt)}
	}
	return tx.Insert(ctx, "contact", contactColumns, "", rows)
}

// Answered remembers who of us answered a contact last.
func Answered(ctx context.Context, tx *store.Tx, id ID, by staff.PersonID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE contact SET answered_by = $2, answered_at = $3 WHERE id = $1`, id, by, store.Micros(at))
	return err
}

// Save writes contacts that exist.
func Save(ctx context.Context, tx *store.Tx, list ...Contact) error {
	var rows [][]any
	var ids []ID
	for _, c := range list {
		rows = append(rows, []any{c.ID, c.Name, store.JSON(c.Standings), c.Note, c.Language, object(c.StoodBy), object(c.Fields), c.MergedInto, store.Micros(c.ErasedAt)})
		ids = append(ids, c.ID)
	}
	if err := LineUp(ctx, tx, ids...); err != nil {
		return err
	}
	return tx.Update(ctx, "contact", []store.Column{{Name: "id", Type: "BIGINT"}, {Name: "name", Type: "TEXT"}, {Name: "standings", Type: "TEXT"},
		{Name: "note", Type: "TEXT"}, {Name: "language", Type: "TEXT"}, {Name: "stood_by", Type: "TEXT"}, {Name: "fields", Type: "TEXT"},
		{Name: "merged_into", Type: "BIGINT"}, {Name: "erased_at", Type: "BIGINT"}}, rows)
}

// object is a map as it is kept: an empty one as {}.
func object[V any](m map[string]V) string {
	if len(m) == 0 {
		return "{}"
	}
	return store.JSON(m)
}

// Heard writes what intake learns of contacts that exist: the language they wrote in last, and when. What people say of them it
// leaves alone: it was read before the transaction, and may have changed since.
func Heard(ctx context.Context, tx *store.Tx, list ...Contact) error {
	var rows [][]any
	for _, c := range list {
		rows = append(rows, []any{c.ID, c.Language, store.Micros(c.SeenAt)})
	}
	return tx.Update(ctx, "contact", []store.Column{{Name: "id", Type: "BIGINT"}, {Name: "language", Type: "TEXT"}, {Name: "seen_at", Type: "BIGINT"}}, rows)
}

const noContact = "there is no such contact, or it is not for your eyes"

// Lock returns a contact to be changed in tx: on PostgreSQL its row is locked. None, or one that was erased, is a NotFound fault;
// one that was merged is a *Moved.
func Lock(ctx context.Context, tx *store.Tx, of ID) (Contact, error) {
	query := `SELECT ` + contactColumns + ` FROM contact WHERE id = $1`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, of)
	c, err := store.One(rows, err, scanContact, noContact)
	if err != nil {
		return c, err
	}
	return c, c.there()
}

// One returns a contact to look at. None, or one that was erased, is a NotFound fault; one that was merged is a *Moved.
func One(ctx context.Context, q store.Queryer, of ID) (Contact, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+contactColumns+` FROM contact WHERE id = $1`, of)
	c, err := store.One(rows, err, scanContact, noContact)
	if err != nil {
		return c, err
	}
	return c, c.there()
}

// Hold returns whom identities belong to now, and sees to it that this stays so until tx ends: on PostgreSQL who would move or
// erase one waits. It hinders nobody who only learns a new name of one.
func Hold(ctx context.Context, tx *store.Tx, ids []IdentityID) (map[IdentityID]ID, error) {
	return owners(ctx, tx, ids, ` FOR KEY SHARE`)
}

// Take is Hold for who moves or erases identities: it waits for all who hold them.
func Take(ctx context.Context, tx *store.Tx, ids []IdentityID) (map[IdentityID]ID, error) {
	return owners(ctx, tx, ids, ` FOR UPDATE`)
}

func owners(ctx context.Context, tx *store.Tx, ids []IdentityID, lock string) (map[IdentityID]ID, error) {
	out := make(map[IdentityID]ID, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	query := `SELECT id, contact FROM identity WHERE id IN (` + store.In(1, len(ids)) + `) ORDER BY id`
	if tx.Dialect() == store.Postgres {
		query += lock
	}
	rows, err := tx.QueryContext(ctx, query, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var i IdentityID
		var c ID
		err := rows.Scan(&i, &c)
		out[i] = c
		return struct{}{}, err
	})
	return out, err
}

const identityColumns = `id, contact, channel, remote_id, handle, name, url, avatar, followers, facts, nick, about`

const (
	isBot      = 1
	isVerified = 2
)

func scanIdentity(rows *sql.Rows) (i Identity, err error) {
	var facts int
	var nick string
	err = rows.Scan(&i.ID, &i.Contact, &i.Channel, &i.RemoteID, &i.Handle, &i.Name, &i.URL, &i.Avatar, &i.Followers, &facts, &nick, &i.About)
	i.Bot, i.Verified = facts&isBot != 0, facts&isVerified != 0
	return i, err
}

func (i Identity) facts() (n int) {
	if i.Bot {
		n |= isBot
	}
	if i.Verified {
		n |= isVerified
	}
	return n
}

// Known returns the identities a channel's remote ids belong to, as far as they are known.
func Known(ctx context.Context, q store.Queryer, channel string, remoteIDs []string) ([]Identity, error) {
	if len(remoteIDs) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+identityColumns+` FROM identity WHERE channel = $1 AND remote_id IN (`+store.In(2, len(remoteIDs))+`)`,
		append([]any{channel}, store.Pad(remoteIDs)...)...)
	return store.List(rows, err, scanIdentity)
}

// Identities returns identities by their ids.
func Identities(ctx context.Context, q store.Queryer, ids []IdentityID) ([]Identity, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+identityColumns+` FROM identity WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	return store.List(rows, err, scanIdentity)
}

// IdentitiesOf returns the identities of contacts.
func IdentitiesOf(ctx context.Context, q store.Queryer, contacts []ID) ([]Identity, error) {
	if len(contacts) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+identityColumns+` FROM identity WHERE contact IN (`+store.In(1, len(contacts))+`) ORDER BY id`, store.Pad(contacts)...)
	return store.List(rows, err, scanIdentity)
}

// AddIdentities inserts new identities, and has their contacts' words written. One that another node added meanwhile makes it a repeat
// (store.Repeated).
func AddIdentities(ctx context.Context, tx *store.Tx, list []Identity) error {
	rows, of := make([][]any, len(list)), make([]ID, len(list))
	for k, i := range list {
		of[k] = i.Contact
		rows[k] = []any{i.ID, i.Contact, i.Channel, i.RemoteID, i.Handle, i.Name, i.URL, i.Avatar, i.Followers, i.facts(), i.nick(), i.About}
	}
	if err := tx.Insert(ctx, "identity", identityColumns, "", rows); err != nil {
		return err
	}
	return LineUp(ctx, tx, of...)
}

// SaveIdentity writes what the far side says of an identity that exists. When that is another name or handle, LineUp is the caller's
// to call: once for all.
func SaveIdentity(ctx context.Context, tx *store.Tx, i Identity) error {
	_, err := tx.ExecContext(ctx, `UPDATE identity SET handle = $2, name = $3, url = $4, avatar = $5, followers = $6, facts = $7, nick = $8, about = $9 WHERE id = $1`,
		i.ID, i.Handle, i.Name, i.URL, i.Avatar, i.Followers, i.facts(), i.nick(), i.About)
	return err
}

// Imitable returns the identities of the newest contacts whom it pays to imitate: those who, as staff have said, are
// journalists, influencers, partners or stakeholders; of at most so many contacts.
func Imitable(ctx context.Context, q store.Queryer, most int) ([]Identity, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+identityColumns+` FROM identity WHERE contact IN (SELECT id FROM contact WHERE standings <> '[]'
		AND (standings LIKE '%"journalist"%' OR standings LIKE '%"influencer"%' OR standings LIKE '%"partner"%' OR standings LIKE '%"stakeholder"%')
		ORDER BY id DESC LIMIT $1) ORDER BY id DESC`, most)
	return store.List(rows, err, scanIdentity)
}
