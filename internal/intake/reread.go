package intake

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/store"
)

// reread asks a far side that tells of no edits and deletions whether the newest messages of open conversations are still what
// they were. It fails silently: the next time is soon.
func (l *Lines) reread(ctx context.Context, a account.Account, w channel.Watcher) {
	now := l.Book.Now()
	l.mu.Lock()
	due := now.Sub(l.read[a.ID]) >= reread
	if due {
		if l.read == nil {
			l.read = map[account.ID]time.Time{}
		}
		l.read[a.ID] = now
	}
	l.mu.Unlock()
	if !due {
		return
	}
	known, err := openMessages(ctx, l.Book.Store.Read(), a.ID, 200)
	if err != nil || len(known) == 0 {
		return
	}
	call, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	events, err := w.Reread(call, known)
	if err == nil && len(events) > 0 {
		err = l.Intake.Take(ctx, a, events, nil)
	}
	if err != nil && ctx.Err() == nil {
		l.Intake.Log.Info("open conversations could not be read again", "account", a.ID.String(), "error", err)
	}
}

// openMessages returns the versions of the newest inbound messages of an account's open conversations, by remote id.
func openMessages(ctx context.Context, q store.Queryer, a account.ID, limit int) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT m.remote_id, m.version FROM
		(SELECT last_message FROM conversation WHERE view = 'open' AND account = $1 ORDER BY last_at DESC, id DESC LIMIT $2) c
		JOIN message m ON m.id = c.last_message WHERE m.direction = 'in' AND m.deleted_at = 0 AND m.account = $1`, a, limit)
	out := map[string]string{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id, version string
		err := rows.Scan(&id, &version)
		out[id] = version
		return struct{}{}, err
	})
	return out, err
}
