package delivery

import (
	"context"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// bounced is d when the server of who should have had it sent it back. When it left stays known.
func (d Delivery) bounced(why string, now time.Time) Delivery {
	if len(d.Content.Cc) > 0 {
		why = "it came back from at least one of them; the others may have it: " + why
	}
	return d.ended(Failed, why, now)
}

// Bounced hears, in the transaction that takes the news in, that what was sent from an account came back: by the far side's id
// of it. Once it has failed, further news of it changes nothing.
func (s *Service) Bounced(ctx context.Context, tx *store.Tx, a account.ID, remoteID, why string) error {
	list, err := sentAs(ctx, tx, a, remoteID)
	if err != nil {
		return err
	}
	for _, d := range list {
		d = d.bounced(why, s.Now())
		if err := save(ctx, tx, d); err != nil {
			return err
		}
		if err := s.threaded(ctx, tx, d); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, journal.Machine, journal.DeliveryFailed, d, "remoteId", d.RemoteID); err != nil {
			return err
		}
	}
	return nil
}
