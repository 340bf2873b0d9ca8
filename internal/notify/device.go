package notify

import (
	"context"
	"crypto/ecdh"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	webpush "github.com/SherClockHolmes/webpush-go"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// DeviceID is the id of a Device.
type DeviceID = id.Of[Device]

// Device is a browser that wants to be told by push.
type Device struct {
	ID        DeviceID
	Person    staff.PersonID
	Name      string // what the browser calls itself: "Firefox on Android"
	CreatedAt time.Time
	SentAt    time.Time // zero: nothing yet
	Hash      [32]byte  // of its address, by which a browser finds itself in the list
}

// device is a Device with where it is reached.
type device struct {
	Device
	webpush.Subscription
}

// Subscription is what a browser gives out to be reached: the address of its push service and its keys, in base64url.
type Subscription struct {
	Endpoint, P256DH, Auth string
}

const mostDevices = 10

func (s Subscription) check() error {
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(s.Endpoint) > 1000 {
		return fault.In("endpoint", "this is not the address of a push service: turn push off and on again")
	}
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.P256DH, "="))
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	if err != nil {
		return fault.In("p256dh", "this is not a browser's public key: turn push off and on again")
	}
	if a, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Auth, "=")); err != nil || len(a) != 16 {
		return fault.In("auth", "this is not a browser's secret: turn push off and on again")
	}
	return nil
}

// Hash names a browser by the address of its push service.
func Hash(endpoint string) [32]byte { return sha256.Sum256([]byte(endpoint)) }

func deviceRow(d DeviceID) secret.Row {
	return secret.Row{Table: "push_device", ID: d.String(), Column: "sealed"}
}

// AddDevice has somebody told by push in a browser from now on, as long as the session lasts that has this name; whoever was told
// there before is not any more.
func (b *Bell) AddDevice(ctx context.Context, who staff.Actor, session, name string, s Subscription) (d Device, err error) {
	if err := who.RequireSelf(); err != nil {
		return d, err
	}
	if err := s.check(); err != nil {
		return d, err
	}
	if name = strings.Join(strings.Fields(name), " "); !utf8.ValidString(name) || name == "" || utf8.RuneCountInString(name) > 80 {
		name = "A browser"
	}
	d = Device{ID: DeviceID(b.Store.IDs.Next()), Person: who.Person, Name: name, CreatedAt: b.Now(), Hash: Hash(s.Endpoint)}
	plain, err := json.Marshal(webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{P256dh: s.P256DH, Auth: s.Auth}})
	if err != nil {
		return d, err
	}
	sealed, err := b.Ring.Seal(deviceRow(d.ID), plain)
	if err != nil {
		return d, err
	}
	return d, b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := removeHash(ctx, tx, d.Hash); err != nil {
			return err
		}
		list, err := devicesOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		if len(list) >= mostDevices {
			return fault.New(fault.Conflict, fmt.Sprintf("you are told in %d browsers already: remove one of them first", mostDevices))
		}
		if err := addDevice(ctx, tx, d, session, sealed); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.DeviceAdded, About: journal.About("person", who.Person), Data: journal.Data("name", name)})
	})
}

// Devices returns the browsers in which somebody is told by push.
func (b *Bell) Devices(ctx context.Context, who staff.Actor) ([]Device, error) {
	if who.Person.IsZero() {
		return nil, staff.Unsigned()
	}
	list, err := devicesOf(ctx, b.Store.Read(), who.Person)
	out := make([]Device, 0, len(list))
	for _, d := range list {
		out = append(out, d.Device)
	}
	return out, err
}

// RemoveDevice ends push in one of somebody's browsers.
func (b *Bell) RemoveDevice(ctx context.Context, who staff.Actor, of DeviceID) error {
	if err := who.RequireSelf(); err != nil {
		return err
	}
	list, err := devicesOf(ctx, b.Store.Read(), who.Person)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.ID == of {
			return b.dropDevice(ctx, device{Device: d.Device}, "")
		}
	}
	return fault.New(fault.NotFound, "this browser is not told any more")
}

func (b *Bell) dropDevice(ctx context.Context, d device, why string) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := removeDevice(ctx, tx, d.ID); err != nil {
			return err
		}
		who := journal.Machine
		if why == "" {
			who = journal.Person(d.Person)
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who, What: journal.DeviceRemoved, About: journal.About("person", d.Person), Data: journal.Data("name", d.Name, "why", why)})
	})
}

// TryDevice sends a push to one of somebody's browsers, and says what is wrong when it does not go.
func (b *Bell) TryDevice(ctx context.Context, who staff.Actor, of DeviceID) error {
	if err := who.RequireSelf(); err != nil {
		return err
	}
	list, err := b.devices(ctx, who.Person)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.ID != of {
			continue
		}
		body, err := json.Marshal(Shown{Title: "This is how you are told", Body: "Push works in this browser.", Path: "/me/notifications", Tag: "try", At: b.Now().UnixMilli()})
		if err != nil {
			return err
		}
		return b.pushOne(ctx, d, body)
	}
	return fault.New(fault.NotFound, "this browser is not told any more")
}

// devices are where a person is reached. One that can't be unsealed any more is left out: the log says why.
func (b *Bell) devices(ctx context.Context, p staff.PersonID) (out []device, err error) {
	list, err := devicesOf(ctx, b.Store.Read(), p)
	for _, d := range list {
		plain, err := b.Ring.Unseal(deviceRow(d.ID), d.sealed)
		if err != nil {
			b.Log.Warn("a browser cannot be told", "device", d.ID, "error", err)
			continue
		}
		k := device{Device: d.Device}
		if err := json.Unmarshal(plain, &k.Subscription); err == nil {
			out = append(out, k)
		}
	}
	return out, err
}

// gone is who signed out: of one session, or with everything.
type gone struct {
	person  staff.PersonID
	session string // "": everywhere
}

// signedOut finds who signed out, was disabled or lost their sessions in a stretch of the journal.
func signedOut(list []journal.Entry) (out []gone) {
	for _, e := range list {
		var v struct {
			Session    string
			Everywhere bool
		}
		if e.What != journal.PersonSignedOut && e.What != journal.PasswordChanged || json.Unmarshal(e.Data, &v) != nil {
			continue
		}
		p, ok := strings.CutPrefix(e.About, "person:")
		if ok && (v.Session != "" || v.Everywhere || e.What == journal.PasswordChanged) {
			out = append(out, gone{person(p), v.Session})
		}
	}
	return out
}

// forgetDevices ends push where somebody signed out: the next to sit there is somebody else.
func (b *Bell) forgetDevices(ctx context.Context, tx *store.Tx, left []gone) error {
	for _, g := range left {
		if err := removeOf(ctx, tx, g); err != nil {
			return err
		}
	}
	return nil
}
