package desk

import (
	"context"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/store"
)

func conversationsAt(ctx context.Context, tx *store.Tx, of account.ID) ([]ConversationID, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM conversation WHERE account = $1 ORDER BY id`, of)
	return store.List(rows, err, scanConversationID)
}

// holdNotifications keeps anybody from filing one until tx ends: who files comes after, and sees what is there no more.
func holdNotifications(ctx context.Context, tx *store.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE notification_reader SET seq = seq WHERE one = 1`)
	return err
}

// discard removes conversations with everything that hangs on them. Their words leave the full text when it is next written.
func discard(ctx context.Context, tx *store.Tx, ids []ConversationID) error {
	in, args := store.In(1, len(ids)), store.Pad(ids)
	if err := eraseUploads(ctx, tx, in, args); err != nil {
		return err
	}
	if err := Reindex(ctx, tx, ids); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM message_version WHERE message IN (SELECT id FROM message WHERE conversation IN (` + in + `))`,
		`DELETE FROM raw WHERE message IN (SELECT id FROM message WHERE conversation IN (` + in + `))`,
		`DELETE FROM media WHERE message IN (SELECT id FROM message WHERE conversation IN (` + in + `))`,
		`DELETE FROM sighting WHERE message IN (SELECT id FROM message WHERE conversation IN (` + in + `))`,
		`DELETE FROM lesson WHERE message IN (SELECT id FROM message WHERE conversation IN (` + in + `))`,
		`DELETE FROM request_link WHERE request IN (SELECT id FROM request WHERE conversation IN (` + in + `))`,
		`DELETE FROM request_mail WHERE request IN (SELECT id FROM request WHERE conversation IN (` + in + `))`,
		`DELETE FROM answer_use WHERE delivery IN (SELECT id FROM delivery WHERE conversation IN (` + in + `))`,
		`DELETE FROM notification_wait WHERE notification IN (SELECT id FROM notification WHERE conversation IN (` + in + `))`,
		`DELETE FROM message WHERE conversation IN (` + in + `)`,
		`DELETE FROM note WHERE conversation IN (` + in + `)`,
		`DELETE FROM delivery WHERE conversation IN (` + in + `)`,
		`DELETE FROM request WHERE conversation IN (` + in + `)`,
		`DELETE FROM promise WHERE conversation IN (` + in + `)`,
		`DELETE FROM phone_call WHERE conversation IN (` + in + `)`,
		`DELETE FROM line WHERE conversation IN (` + in + `)`,
		`DELETE FROM draft WHERE conversation IN (` + in + `)`,
		`DELETE FROM presence WHERE conversation IN (` + in + `)`,
		`DELETE FROM reading WHERE conversation IN (` + in + `)`,
		`DELETE FROM advice WHERE conversation IN (` + in + `)`,
		`DELETE FROM verdict WHERE conversation IN (` + in + `)`,
		`DELETE FROM conversation_topic WHERE conversation IN (` + in + `)`,
		`DELETE FROM incident_conversation WHERE conversation IN (` + in + `)`,
		`DELETE FROM notification WHERE conversation IN (` + in + `)`,
		`DELETE FROM chat_wait WHERE conversation IN (` + in + `)`,
		`DELETE FROM conversation WHERE id IN (` + in + `)`,
	} {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// discardAccount removes what an account said of its own and could not take in, the identities of its channel, and the contacts
// who have none left. Who of them was merged with somebody real has an identity left.
func discardAccount(ctx context.Context, tx *store.Tx, of account.ID, channel string) error {
	for _, statement := range []string{
		`DELETE FROM arrival WHERE account = $1`,
		`DELETE FROM sighting WHERE account = $1`,
		`DELETE FROM line WHERE account = $1`,
		`DELETE FROM delivery WHERE account = $1`,
		`DELETE FROM message WHERE account = $1`,
		`DELETE FROM account_right WHERE account = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, of); err != nil {
			return err
		}
	}
	const whose = `SELECT contact FROM identity WHERE channel = $1 AND contact NOT IN (SELECT contact FROM identity WHERE channel <> $1)`
	tx.Wake(SearchTopic)
	for _, statement := range []string{
		`INSERT INTO search_todo (message) SELECT DISTINCT contact FROM identity WHERE channel = $1 ` + contact.Anew, // who stays gets their own words anew
		`DELETE FROM contact_word WHERE contact IN (SELECT contact FROM identity WHERE channel = $1)`,
		`DELETE FROM contact_word WHERE contact IN (SELECT id FROM contact WHERE merged_into IN (` + whose + `))`,
		`DELETE FROM consent WHERE contact IN (` + whose + `)`,
		`DELETE FROM lesson WHERE contact IN (` + whose + `)`,
		`DELETE FROM contact_apart WHERE one IN (` + whose + `) OR other IN (` + whose + `)`,
		`DELETE FROM contact_merge WHERE kept IN (` + whose + `) OR gone IN (` + whose + `)`,
		`DELETE FROM contact WHERE merged_into IN (` + whose + `)`,
		`DELETE FROM contact WHERE id IN (` + whose + `)`,
		`DELETE FROM identity WHERE channel = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, channel); err != nil {
			return err
		}
	}
	return nil
}
