package contact

import (
	"context"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Apart remembers that two contacts are not the same person: they are not suspected of it again.
func (b *Book) Apart(ctx context.Context, who staff.Actor, one, other ID) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		for _, of := range []ID{min(one, other), max(one, other)} {
			if _, err := Lock(ctx, tx, of); err != nil {
				return err
			}
		}
		if err := SayApart(ctx, tx, one, other, who.Person, b.Now()); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ContactsApart, About: journal.About("contact", one), Data: journal.Data("other", other)})
	})
}
