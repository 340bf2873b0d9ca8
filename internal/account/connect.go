package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// connectLife is how long a browser may stay at the far side before it comes back.
const connectLife = 10 * time.Minute

// Trip is a browser's round trip to a far side to connect an account: bound to who began it and in which session.
type Trip struct {
	Person  staff.PersonID
	Session string // any name of the browser's session; only its hash is kept
	Channel string
	Name    string
	Account ID     // which of ours is connected again; zero: a new one
	Back    string // any name of where the browser goes on then: Finish tells it
}

// Begin starts a trip and returns the address to send the browser to. Of an account that is connected again the settings are
// those that changed: the rest is as it was.
func (b *Book) Begin(ctx context.Context, who staff.Actor, t Trip, settings json.RawMessage, callback string) (address string, err error) {
	if err := b.mayConnect(ctx, who, t.Account); err != nil {
		return "", err
	}
	if !t.Account.IsZero() {
		if t.Channel, settings, err = b.again(ctx, t.Account, settings, true); err != nil {
			return "", err
		}
	}
	c, err := b.connecter(t.Channel, settings)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	state := rand.Text()
	address, kept, err := c.Begin(ctx, callback, state)
	if err != nil {
		return "", Fault(err)
	}
	sealed, err := b.Ring.Seal(tripRow(state), store.Bytes(tripKept{Settings: settings, Kept: kept, Account: t.Account, Back: t.Back}))
	if err != nil {
		return "", err
	}
	hash, session := sha256.Sum256([]byte(state)), sha256.Sum256([]byte(t.Session))
	return address, b.Store.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM connecting WHERE expires_at < $1`, store.Micros(b.Now())); err != nil {
			return err
		}
		return tx.Insert(ctx, "connecting", "state, person, session, channel, name, kept, expires_at", "", [][]any{{hash[:], who.Person, session[:], t.Channel, t.Name,
			sealed, store.Micros(b.Now().Add(connectLife))}})
	})
}

type tripKept struct {
	Settings json.RawMessage `json:"settings"`
	Kept     json.RawMessage `json:"kept"`
	Account  ID              `json:"account,omitzero"`
	Back     string          `json:"back,omitempty"`
}

// mayConnect is nil for who may connect a new account, or, where one is named, that one again.
func (b *Book) mayConnect(ctx context.Context, who staff.Actor, of ID) error {
	if of.IsZero() {
		return who.Require(staff.AccountsManage)
	}
	return b.RequireManage(ctx, who, of)
}

// again is what an account is connected again with: its channel, and its settings with the changes over them. Where a visit to the
// far side will bring new secrets, those of another server are not asked for: they go.
func (b *Book) again(ctx context.Context, id ID, changes json.RawMessage, visit bool) (name string, settings json.RawMessage, err error) {
	a, err := One(ctx, b.Store.Read(), id)
	if err != nil {
		return "", nil, err
	}
	if !a.RemovedAt.IsZero() {
		return "", nil, fault.New(fault.Conflict, "this account was disconnected: connect it as a new one")
	}
	c, err := b.Connector(a.Channel)
	if err != nil {
		return "", nil, err
	}
	old, err := b.settings(ctx, id)
	if err != nil {
		return "", nil, err
	}
	settings, err = merge(c.About(), old, changes, visit)
	return a.Channel, settings, err
}

func tripRow(state string) secret.Row {
	h := sha256.Sum256([]byte(state))
	return secret.Row{Table: "connecting", ID: hex.EncodeToString(h[:8]), Column: "kept"}
}

func (b *Book) connecter(name string, settings json.RawMessage) (channel.Connecter, error) {
	k, err := b.Connector(name)
	if err != nil {
		return nil, err
	}
	conn, err := k.Open(channel.Opening{Settings: settings, Now: b.Now, Log: b.Log, Keep: func(context.Context, json.RawMessage) error { return nil }})
	if err != nil {
		return nil, err
	}
	c, ok := conn.(channel.Connecter)
	if !ok {
		return nil, fault.New(fault.Invalid, "this channel is connected by its settings, not by a visit to the other side")
	}
	return c, nil
}

// Finish ends a trip: it can be ended once, within ten minutes, in the session that began it and by the person who did. An account
// that is connected again stays the one it is at its far side: another that came back is a Conflict. back is the trip's Back, as far
// as that could be read.
func (b *Book) Finish(ctx context.Context, who staff.Actor, session, callback string, answer url.Values) (a Account, back string, err error) {
	state := answer.Get("state")
	hash := sha256.Sum256([]byte(state))
	var t Trip
	var sealed, began []byte
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `DELETE FROM connecting WHERE state = $1 AND expires_at >= $2 RETURNING person, session, channel, name, kept`, hash[:], store.Micros(b.Now()))
		if err != nil {
			return err
		}
		defer rows.Close()
		if !rows.Next() {
			return fault.New(fault.Invalid, "this visit took longer than ten minutes, or was ended already: begin to connect the account again")
		}
		return rows.Scan(&t.Person, &began, &t.Channel, &t.Name, &sealed)
	})
	if err != nil {
		return a, back, err
	}
	now := sha256.Sum256([]byte(session))
	if t.Person != who.Person || subtle.ConstantTimeCompare(began, now[:]) != 1 {
		return a, "", fault.New(fault.Forbidden, "this visit was begun by somebody else, or in another browser: begin to connect the account again")
	}
	plain, err := b.Ring.Unseal(tripRow(state), sealed)
	if err != nil {
		return a, back, err
	}
	var kept tripKept
	if err := json.Unmarshal(plain, &kept); err != nil {
		return a, back, err
	}
	back = kept.Back
	if err := b.mayConnect(ctx, who, kept.Account); err != nil {
		return a, back, err
	}
	c, err := b.connecter(t.Channel, kept.Settings)
	if err != nil {
		return a, back, err
	}
	call, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	settings, err := c.Finish(call, callback, answer, kept.Kept)
	if err != nil {
		return a, back, Fault(err)
	}
	if kept.Account.IsZero() {
		a, err = b.Connect(ctx, who, t.Channel, t.Name, settings)
		return a, back, err
	}
	ch := Change{Settings: settings, whole: true}
	if t.Name != "" {
		ch.Name = &t.Name
	}
	a, err = b.Change(ctx, who, kept.Account, ch)
	return a, back, err
}
