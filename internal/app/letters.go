package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/mail"
	"switchboard/internal/notify"
	"switchboard/internal/staff"
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

// doorman is the house's own mail, as far as the way in wants it.
type doorman struct{ app *App }

// Ready reports whether the house can send mail, and knows its own address: a link must never begin with what a caller says it is.
func (d doorman) Ready(ctx context.Context) (bool, error) {
	r, err := d.app.Staff.Roster(ctx)
	if err != nil || r.Organisation().PublicURL == "" {
		return false, err
	}
	return d.app.Mail.Sends(ctx)
}

// Shared reports whether an address is that of a connected account, or one of its others: what arrives there is read at the desk.
func (d doorman) Shared(ctx context.Context, address string) (bool, error) {
	all, err := account.All(ctx, d.app.Store.Read())
	if err != nil {
		return false, err
	}
	for _, a := range all {
		if at, _ := d.app.Book.Addresses(ctx, a); slices.Contains(at, channel.AddressKey(address)) {
			return true, nil
		}
	}
	return false, nil
}

// entrance is the kind of a letter about somebody's way in.
const entrance = "entrance"

func entranceKey(kind staff.NoteKind, about string) string {
	return entrance + " " + string(kind) + " " + about + " "
}

// Write puts a note down in tx.
func (d doorman) Write(ctx context.Context, tx *store.Tx, n staff.Note) error {
	r, err := d.app.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	p := page(n, r.Organisation())
	_, err = d.app.Mail.Post(ctx, tx, mail.Letter{To: n.To, Name: n.Name, Kind: entrance, Key: entranceKey(n.Kind, n.About) + strings.ToLower(rand.Text()),
		Subject: p.Title, Text: p.Text(), HTML: p.HTML(), Until: n.Until})
	return err
}

// Recall gives up what waits to be sent.
func (d doorman) Recall(ctx context.Context, tx *store.Tx, kind staff.NoteKind, about string) error {
	return d.app.Mail.Recall(ctx, tx, entranceKey(kind, about))
}

// page is what a note says.
func page(n staff.Note, o staff.Organisation) mail.Page {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		zone = time.UTC
	}
	house := cmp.Or(o.Name, "Switchboard")
	until := n.Until.In(zone).Format("Monday 2 January, 15:04 MST")
	switch n.Kind {
	case staff.NoteInvited:
		return mail.Page{Title: "You are invited to " + house, Lead: cmp.Or(n.By, house) + " invites you to Switchboard, where " + house + " answers its customers.",
			Lines: []string{"The link works once, until " + until + "."}, Link: o.PublicURL + "/join#" + n.Secret, Button: "Choose a password",
			Foot: "If this means nothing to you, do nothing: without the link nobody can come in under your address."}
	case staff.NoteReset:
		reset := "Somebody asked for a new password for this address."
		if n.By != "" {
			reset = n.By + " made a link for you to choose a new password."
		}
		return mail.Page{Title: "A new password for " + house, Lead: reset + " The old one works until you choose another.",
			Lines: []string{"The link works once, until " + until + "."}, Link: o.PublicURL + "/reset#" + n.Secret, Button: "Choose a new password",
			Foot: "If you did not ask for it, do nothing: your password stays as it is. Should it come again and again, tell an administrator."}
	}
	return mail.Page{Title: "Your password for " + house + " was changed", Lead: "Whoever was signed in under your name is signed out everywhere, and your API keys have ended.",
		Lines: []string{"If it was not you, ask an administrator at once for a link to set a new one."}, Link: o.PublicURL + "/signin", Button: "Sign in",
		Foot: "This comes each time your password is changed."}
}
