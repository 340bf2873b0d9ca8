package app

import (
	"context"

	"switchboard/internal/mail"
	"switchboard/internal/notify"
	"switchboard/internal/store"
)

// settled tells at a request that its letter could not be sent.
func (a *App) settled(ctx context.Context, tx *store.Tx, l mail.Log) error {
	if l.State != mail.Failed {
		return nil
	}
	return a.Desk.LetterFailed(ctx, tx, l)
}

// letters is the house's own mail, as far as notifications want it.
type letters struct{ house *mail.House }

// Ready reports whether the house can send mail.
func (l letters) Ready(ctx context.Context) (bool, error) {
	from, err := l.house.Ready(ctx)
	return from != "", err
}

// Post puts a letter down in tx.
func (l letters) Post(ctx context.Context, tx *store.Tx, n notify.Letter) error {
	_, err := l.house.Post(ctx, tx, mail.Letter{To: n.To, Kind: "notification", Key: n.Key, Subject: n.Subject, Text: n.Text, HTML: n.HTML})
	return err
}
