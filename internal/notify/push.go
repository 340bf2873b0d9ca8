package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/secret"
	"switchboard/internal/store"
)

// pushKey is the pair by which push services know us. Browsers are bound to its public half, so it is made once.
type pushKey struct{ public, private string }

var pushRow = secret.Row{Table: "push_key", ID: "1", Column: "sealed"}

// PublicKey returns the public half of the key, in the form browsers want it. It is made at the first call in the life of a
// house.
func (b *Bell) PublicKey(ctx context.Context) (string, error) {
	k, err := b.pushKey(ctx)
	if err != nil {
		return "", err
	}
	return k.public, nil
}

func (b *Bell) pushKey(ctx context.Context) (*pushKey, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.key != nil {
		return b.key, nil
	}
	public, sealed, err := keptKey(ctx, b.Store.Read())
	if err == nil && sealed == nil {
		if err = b.makeKey(ctx); err == nil {
			public, sealed, err = keptKey(ctx, b.Store.Read()) // another node may have been first
		}
	}
	if err != nil {
		return nil, err
	}
	private, err := b.Ring.Unseal(pushRow, sealed)
	if err != nil {
		return nil, err
	}
	b.key = &pushKey{public, string(private)}
	return b.key, nil
}

func (b *Bell) makeKey(ctx context.Context) error {
	private, public, err := webpush.GenerateVAPIDKeys()
	if err != nil {
		return err
	}
	sealed, err := b.Ring.Seal(pushRow, []byte(private))
	if err != nil {
		return err
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return keepKey(ctx, tx, public, sealed, b.Now()) })
}

// Shown is what a browser is told; the service worker of the web UI reads it.
type Shown struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Path  string `json:"path"`
	Tag   string `json:"tag"`
	At    int64  `json:"at"` // milliseconds since 1970
}

// shown is one push for everything in a parcel.
func shown(k parcel) Shown {
	t := k.items[0]
	s := Shown{Title: t.Say(), Body: words(k, t, "", ""), Path: t.Path(), Tag: t.ID.String(), At: t.At.UnixMilli()}
	if more := len(k.items) + k.more - 1; more > 0 {
		and := "and " + strconv.Itoa(more) + " more"
		s.Path, s.Body = "/notifications", strings.TrimSpace(s.Body+" "+and)
	}
	return s
}

// push tells all browsers of a person. One that is gone is forgotten; a failure of the others is one of all.
func (b *Bell) push(ctx context.Context, k parcel) error {
	devices, err := b.devices(ctx, k.to.ID)
	if err != nil || len(devices) == 0 {
		return err
	}
	body, err := json.Marshal(shown(k))
	if err != nil {
		return err
	}
	var reached []DeviceID
	var failed error
	for _, d := range devices {
		switch err := b.pushOne(ctx, d, body); {
		case err == nil:
			reached = append(reached, d.ID)
		case errors.Is(err, errGone):
			if err := b.dropDevice(ctx, d, "its push service knows it no more"); err != nil {
				return err
			}
		default:
			failed = err
		}
	}
	if len(reached) == 0 {
		return failed
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error { // telling those again because of the others would be telling twice
		for _, d := range reached {
			if err := noteSent(ctx, tx, d, b.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

var errGone = fault.New(fault.NotFound, "this browser's push service does not know it any more: turn push off and on again there")

// pushOne sends one push: encrypted for the browser alone (RFC 8291), signed with our key (RFC 8292).
func (b *Bell) pushOne(ctx context.Context, d device, body []byte) error {
	key, err := b.pushKey(ctx)
	if err != nil {
		return err
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	ctx = egress.With(ctx, egress.Limits{Time: 15 * time.Second, Body: 64 << 10})
	resp, err := webpush.SendNotificationWithContext(ctx, body, &d.Subscription, &webpush.Options{HTTPClient: b.Client, TTL: 12 * 3600,
		Urgency: webpush.UrgencyHigh, Subscriber: subscriber(r.Organisation().PublicURL), VAPIDPublicKey: key.public, VAPIDPrivateKey: key.private})
	if err != nil {
		return fault.Wrap(fault.Unavailable, "the browser's push service could not be reached", egress.Cause(err))
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return errGone
	case resp.StatusCode >= 300:
		return fault.New(fault.Unavailable, fmt.Sprintf("the browser's push service refused the push (%d)", resp.StatusCode))
	}
	return nil
}

// subscriber is how push services reach who runs this installation, as they want to know.
func subscriber(public string) string {
	u, err := url.Parse(public)
	if err == nil && u.Scheme == "https" {
		return public
	}
	host := "localhost"
	if err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "switchboard@" + host
}
