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
}

// Begin starts a trip and returns the address to send the browser to.
func (b *Book) Begin(ctx context.Context, who staff.Actor, t Trip, settings json.RawMessage, callback string) (address string, err error) {
	if err := who.Require(staff.AccountsManage); err != nil {
		return "", err
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
	sealed, err := b.Ring.Seal(tripRow(state), store.Bytes(tripKept{Settings: settings, Kept: kept}))
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

// Finish ends a trip: it can be ended once, within ten minutes, in the session that began it and by the person who did.
func (b *Book) Finish(ctx context.Context, who staff.Actor, session, callback string, answer url.Values) (a Account, err error) {
	if err := who.Require(staff.AccountsManage); err != nil {
		return a, err
	}
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
		return a, err
	}
	now := sha256.Sum256([]byte(session))
	if t.Person != who.Person || subtle.ConstantTimeCompare(began, now[:]) != 1 {
		return a, fault.New(fault.Forbidden, "this visit was begun by somebody else, or in another browser: begin to connect the account again")
	}
	plain, err := b.Ring.Unseal(tripRow(state), sealed)
	if err != nil {
		return a, err
	}
	var kept tripKept
	if err := json.Unmarshal(plain, &kept); err != nil {
		return a, err
	}
	c, err := b.connecter(t.Channel, kept.Settings)
	if err != nil {
		return a, err
	}
	call, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	settings, err := c.Finish(call, callback, answer, kept.Kept)
	if err != nil {
		return a, Fault(err)
	}
	return b.Connect(ctx, who, t.Channel, t.Name, settings)
}
