package staff

import (
	"context"
	"encoding/hex"
	"time"

	"switchboard/internal/store"
)

// DeviceLife is how long a browser is known after the last sign-in there.
const DeviceLife = 180 * 24 * time.Hour

// mostDevices are known of one person; the one that was used longest ago goes first.
const mostDevices = 20

// KnowDevice makes the browser known in which p has just signed in, and returns what it is to keep; before is what it kept until
// now, of whomever, and ends: each is counted apart, so a browser that two share must not become a new one for the one whenever the
// other signs in. A known browser does not have to wait because strangers guess. What ends p's sessions everywhere ends it, too.
func (s *Staff) KnowDevice(ctx context.Context, p Person, before string) (string, error) {
	secret := token()
	return secret, s.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := removeDevice(ctx, tx, tokenHash(before)); err != nil {
			return err
		}
		return saveDevice(ctx, tx, tokenHash(secret), p, s.Now().Add(DeviceLife))
	})
}

// knows reports whether device is kept by a browser that is known of whose address that is.
func (s *Staff) knows(ctx context.Context, device, email string) (bool, error) {
	if device == "" {
		return false, nil
	}
	return knownDevice(ctx, s.Store.Read(), tokenHash(device), email, s.Now())
}

// deviceKey is what the guard counts a known browser under.
func deviceKey(device string) string { return "device " + hex.EncodeToString(tokenHash(device)) }
