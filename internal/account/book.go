package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Topic wakes those who listen when accounts change, stop or resume.
const Topic = "account"

// Book keeps the accounts and opens their connections.
type Book struct {
	Store *store.Store
	Ring  *secret.Ring
	// Connectors makes the kinds of channel there are, in the order they are offered, for one account's way out.
	Connectors func(n channel.Net) []channel.Connector
	// Net is the way out of one account, by its id: what its far side says of waiting concerns that account alone. "" is for
	// settings that are no account yet.
	Net func(account string) channel.Net
	Now func() time.Time
	Log *slog.Logger

	opening sync.Mutex // held while a connection is opened, which calls nobody
	mu      sync.Mutex
	conns   map[ID]*opened
}

// opened is a connection and the settings it stands on: those it was opened with, or those it has kept by itself since.
type opened struct {
	conn channel.Conn

	mu     sync.Mutex // held while the settings are compared with the database's or kept there
	sealed []byte
}

// Channels describes the kinds of channel there are, in the order they are offered.
func (b *Book) Channels() (out []channel.About) {
	for _, c := range b.Connectors(b.Net("")) {
		out = append(out, c.About())
	}
	return out
}

// Example returns the account whose customers are made up; ok is false where there is none.
func (b *Book) Example(ctx context.Context) (a Account, ok bool, err error) {
	for _, about := range b.Channels() {
		if about.Example {
			if a, ok, err = ofChannel(ctx, b.Store.Read(), about.Name); ok || err != nil {
				return a, ok, err
			}
		}
	}
	return a, false, nil
}

// Connector returns a kind of channel by its name.
func (b *Book) Connector(name string) (channel.Connector, error) { return b.connector(name, "") }

func (b *Book) connector(name, account string) (channel.Connector, error) {
	for _, c := range b.Connectors(b.Net(account)) {
		if c.About().Name == name {
			return c, nil
		}
	}
	return nil, fault.In("channel", "there is no such channel")
}

func row(id ID) secret.Row { return secret.Row{Table: "account", ID: id.String(), Column: "settings"} }

// Check asks the far side who we are with some settings, without keeping anything.
func (b *Book) Check(ctx context.Context, who staff.Actor, name string, settings json.RawMessage) (channel.Profile, error) {
	if err := who.Require(staff.AccountsManage); err != nil {
		return channel.Profile{}, err
	}
	c, err := b.Connector(name)
	if err != nil {
		return channel.Profile{}, err
	}
	p, _, err := b.try(ctx, c, settings)
	return p, err
}

// try opens settings and asks who we are; it returns the settings as the connector changed them meanwhile.
func (b *Book) try(ctx context.Context, c channel.Connector, settings json.RawMessage) (p channel.Profile, kept json.RawMessage, err error) {
	kept = settings
	conn, err := c.Open(channel.Opening{Settings: settings, Now: b.Now, Log: b.Log,
		Keep: func(_ context.Context, s json.RawMessage) error { kept = s; return nil }})
	if err != nil {
		return p, nil, err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	p, err = conn.Check(ctx)
	return p, kept, Fault(err)
}

// Fault is a trouble of a far side as an error for the person who waits for the answer.
func Fault(err error) error {
	var t *channel.Trouble
	if !errors.As(err, &t) {
		return err
	}
	kind := fault.Invalid
	if t.Deed == channel.Again || t.Deed == channel.Wait {
		kind = fault.Unavailable
	}
	return fault.Wrap(kind, t.Message, t.Err)
}

// Connect connects an account. An account of ours that is that one already is a Conflict.
func (b *Book) Connect(ctx context.Context, who staff.Actor, name, title string, settings json.RawMessage) (a Account, err error) {
	if err := who.Require(staff.AccountsManage); err != nil {
		return a, err
	}
	c, err := b.Connector(name)
	if err != nil {
		return a, err
	}
	p, kept, err := b.try(ctx, c, settings)
	if err != nil {
		return a, err
	}
	return b.Adopt(ctx, who, name, title, p, kept)
}

// Adopt adds an account whose far side has been asked who it is. Whether who may is the caller's to know.
func (b *Book) Adopt(ctx context.Context, who staff.Actor, name, title string, p channel.Profile, settings json.RawMessage) (a Account, err error) {
	now := b.Now()
	a = Account{ID: ID(b.Store.IDs.Next()), Channel: name, Name: strings.TrimSpace(title), State: Active, CreatedAt: now}
	a = a.profiled(p, now)
	sealed, err := b.Ring.Seal(row(a.ID), settings)
	if err != nil {
		return a, err
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := add(ctx, tx, a, sealed); err != nil {
			if store.Repeated(err) {
				return fault.New(fault.Conflict, "this account is connected already: "+a.Handle)
			}
			return err
		}
		first := []Right{}
		if !who.Person.IsZero() {
			first = append(first, Right{Person: who.Person, Duty: Speak}, Right{Person: who.Person, Duty: Manage})
		}
		if err := saveRights(ctx, tx, a.ID, first); err != nil {
			return err
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AccountConnected, About: journal.About("account", a.ID),
			Data: journal.Data("channel", name, "handle", a.Handle)})
	})
	return a, err
}

func (a Account) profiled(p channel.Profile, now time.Time) Account {
	a.RemoteID, a.Handle, a.URL, a.Limits, a.TokenExpires, a.CheckedAt = p.RemoteID, p.Handle, p.URL, p.Limits, p.TokenExpires, now
	if a.Name == "" {
		a.Name = p.Name
	}
	if a.Name == "" {
		a.Name = p.Handle
	}
	return a
}

// Change is what may be changed of an account; nil leaves it. A secret that is left blank or masked keeps its value, as long as
// it goes where it was entered for.
type Change struct {
	Name     *string
	Settings json.RawMessage
	// Other allows the new settings to be those of another account at the far side.
	Other bool

	whole bool // Settings are all there are, and what they leave out goes
}

// Change changes an account. Its new settings are tried first.
func (b *Book) Change(ctx context.Context, who staff.Actor, id ID, ch Change) (a Account, err error) {
	if err := b.RequireManage(ctx, who, id); err != nil {
		return a, err
	}
	if a, err = One(ctx, b.Store.Read(), id); err != nil {
		return a, err
	}
	was := a
	if ch.Name != nil {
		if a.Name = strings.TrimSpace(*ch.Name); a.Name == "" || len(a.Name) > 200 {
			return a, fault.In("name", "an account has a name of up to 200 characters")
		}
	}
	var sealed []byte
	if ch.Settings != nil {
		if a, sealed, err = b.reconnect(ctx, a, ch); err != nil {
			return was, err
		}
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := saveProfile(ctx, tx, a); err != nil {
			if store.Repeated(err) {
				return fault.New(fault.Conflict, "another account here is connected as "+a.Handle+" already")
			}
			return err
		}
		if sealed != nil {
			if err := saveSealed(ctx, tx, id, sealed); err != nil {
				return err
			}
			if a.RemoteID != was.RemoteID {
				a.FetchedAt, a.GapSince, a.LostSince = time.Time{}, time.Time{}, time.Time{}
				if err := forget(ctx, tx, id); err != nil {
					return err
				}
			}
			if err := saveHealth(ctx, tx, a); err != nil {
				return err
			}
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AccountChanged, About: journal.About("account", id),
			Data: journal.Data("name", a.Name, "handle", a.Handle, "reconnected", sealed != nil)})
	})
	return a, err
}

func (b *Book) reconnect(ctx context.Context, a Account, ch Change) (Account, []byte, error) {
	c, err := b.Connector(a.Channel)
	if err != nil {
		return a, nil, err
	}
	settings := ch.Settings
	if !ch.whole {
		if _, settings, err = b.again(ctx, a.ID, settings, false); err != nil {
			return a, nil, err
		}
	}
	p, kept, err := b.try(ctx, c, settings)
	if err != nil {
		return a, nil, err
	}
	if p.RemoteID != a.RemoteID && !ch.Other {
		return a, nil, fault.New(fault.Conflict, "these settings belong to "+p.Handle+", but the account here is "+a.Handle+
			": connect it as a new account, or say that it is meant to be another one")
	}
	a = a.profiled(p, b.Now())
	a.State, a.Trouble, a.Mute, a.NextTry = Active, nil, nil, time.Time{}
	sealed, err := b.Ring.Seal(row(a.ID), kept)
	return a, sealed, err
}

// Shown returns an account's settings for the screen: secrets, and what the connector keeps for itself, are left out.
func (b *Book) Shown(ctx context.Context, a Account) (map[string]json.RawMessage, error) {
	c, err := b.Connector(a.Channel)
	if err != nil {
		return nil, err
	}
	s, err := b.settings(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	all, out := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(s, &all); err != nil {
		return nil, err
	}
	for _, q := range c.About().Settings {
		if v, ok := all[q.Name]; ok && q.Kind != "secret" {
			out[q.Name] = v
		}
	}
	return out, nil
}

func (b *Book) settings(ctx context.Context, id ID) (json.RawMessage, error) {
	sealed, err := sealedOf(ctx, b.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	return b.Ring.Unseal(row(id), sealed)
}

// Remove disconnects an account for good. What it heard and said stays, unless also, in the same transaction, takes it away.
func (b *Book) Remove(ctx context.Context, who staff.Actor, id ID, also func(ctx context.Context, tx *store.Tx) error) error {
	if err := b.RequireManage(ctx, who, id); err != nil {
		return err
	}
	empty, err := b.Ring.Seal(row(id), []byte("{}"))
	if err != nil {
		return err
	}
	conn, broken := b.Conn(ctx, id) // while its settings are there
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE account SET removed_at = $2, settings = $3, streaming = 0 WHERE id = $1 AND removed_at = 0`, id, store.Micros(b.Now()), empty); err != nil {
			return err
		}
		if also != nil {
			if err := also(ctx, tx); err != nil {
				return err
			}
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AccountRemoved, About: journal.About("account", id)})
	})
	if err == nil && broken == nil {
		b.revoke(ctx, id, conn)
	}
	return err
}

// revokeLimit is how long a far side is given to take our access back: who disconnects an account does not wait for one that hangs.
const revokeLimit = 5 * time.Second

// revoke gives the access of an account that was removed back, as far as its far side lets us.
func (b *Book) revoke(ctx context.Context, id ID, conn channel.Conn) {
	r, ok := conn.(channel.Revoker)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeLimit)
	defer cancel()
	if err := r.Revoke(ctx); err != nil {
		b.Log.Warn("the access of an account that was disconnected could not be given back: end it at the far side", "account", id.String(), "error", err)
	}
}

// Conn returns an account's connection, opening it when there is none or its settings changed.
func (b *Book) Conn(ctx context.Context, id ID) (channel.Conn, error) {
	a, err := One(ctx, b.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	if !a.RemovedAt.IsZero() {
		return nil, &channel.Trouble{Deed: channel.Reconnect, Message: "the account " + a.Handle + " was removed"}
	}
	c, err := b.connector(a.Channel, id.String())
	if err != nil {
		return nil, err
	}
	if o, _, err := b.current(ctx, id); err != nil || o != nil {
		return o.connection(), err
	}
	b.opening.Lock()
	defer b.opening.Unlock()
	o, sealed, err := b.current(ctx, id)
	if err != nil || o != nil { // somebody else has opened it meanwhile
		return o.connection(), err
	}
	plain, err := b.Ring.Unseal(row(id), sealed)
	if err != nil {
		return nil, err
	}
	o = &opened{sealed: sealed}
	o.conn, err = c.Open(channel.Opening{Settings: plain, Keep: b.keeper(id, o), Now: b.Now, Log: b.Log.With("account", id.String())})
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.conns == nil {
		b.conns = map[ID]*opened{}
	}
	if was := b.conns[id]; was != nil {
		_ = was.conn.Close()
	}
	b.conns[id] = o
	return o.conn, nil
}

func (o *opened) connection() channel.Conn {
	if o == nil {
		return nil
	}
	return o.conn
}

// current is the connection there is when it stands on the settings that are kept, and else those settings.
func (b *Book) current(ctx context.Context, id ID) (o *opened, sealed []byte, err error) {
	b.mu.Lock()
	o = b.conns[id]
	b.mu.Unlock()
	if o != nil {
		o.mu.Lock() // a Keep under way is waited for: what it writes are this connection's own
		defer o.mu.Unlock()
	}
	sealed, err = sealedOf(ctx, b.Store.Read(), id)
	if err != nil || o == nil || !bytes.Equal(o.sealed, sealed) {
		return nil, sealed, err
	}
	return o, sealed, nil
}

// Outdated returns which of some open connections stand on settings that somebody has changed since. What a connector keeps by
// itself outdates no connection of this node.
func (b *Book) Outdated(ctx context.Context, open map[ID]channel.Conn) (out []ID, err error) {
	if len(open) == 0 {
		return nil, nil
	}
	kept, err := allSealed(ctx, b.Store.Read())
	if err != nil {
		return nil, err
	}
	for id, conn := range open {
		b.mu.Lock()
		o := b.conns[id]
		b.mu.Unlock()
		if o == nil || o.conn != conn {
			out = append(out, id)
			continue
		}
		o.mu.Lock()
		same := bytes.Equal(o.sealed, kept[id])
		o.mu.Unlock()
		if same {
			continue
		}
		now, _, err := b.current(ctx, id) // the list may have been read right before a Keep
		if err != nil {
			return out, err
		}
		if now != o {
			out = append(out, id)
		}
	}
	return out, nil
}

// keeper stores settings that a connector changed by itself; the connection it was opened with stays good. Settings that
// somebody else has changed meanwhile stay as they are: that connection's day is over.
func (b *Book) keeper(id ID, o *opened) func(context.Context, json.RawMessage) error {
	return func(ctx context.Context, s json.RawMessage) error {
		sealed, err := b.Ring.Seal(row(id), s)
		if err != nil {
			return err
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		err = b.Store.Tx(ctx, func(tx *store.Tx) error { return replaceSealed(ctx, tx, id, o.sealed, sealed) })
		if err == nil {
			o.sealed = sealed
		}
		return err
	}
}

// Close closes the connections.
func (b *Book) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, o := range b.conns {
		_ = o.conn.Close()
		delete(b.conns, id)
	}
}

// Incident is a short name by which a trouble on the screen is found in the log.
func Incident() string { return strings.ToLower(rand.Text()[:8]) }
