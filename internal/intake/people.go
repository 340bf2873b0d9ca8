package intake

import (
	"context"
	"errors"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// errErased says that a contact was erased after the batch was read: it begins again, without what was known of them.
var errErased = errors.New("a contact was erased meanwhile")

// holdPeople finds whom the identities belong to now, for they were read before the transaction, and sees to it that this stays so
// until it ends. Without it a message would go to a contact who was merged into another meanwhile, and so is no more.
func (b *batch) holdPeople(ctx context.Context, tx *store.Tx) error {
	ids := make([]contact.IdentityID, 0, len(b.identities))
	for _, i := range b.identities {
		ids = append(ids, i.ID)
	}
	now, err := contact.Hold(ctx, tx, ids)
	if err != nil {
		return err
	}
	var moved []contact.ID
	for _, i := range b.identities {
		switch to, ok := now[i.ID]; {
		case !ok:
			return errErased
		case to != i.Contact:
			i.Contact = to
			moved = append(moved, to)
		}
	}
	found, err := contact.Contacts(ctx, tx, moved)
	for _, c := range found {
		b.contacts[c.ID] = &who{Contact: c}
	}
	return err
}

// follow puts conversations that were taken private where the lines lead from.
func (b *batch) follow(found []desk.Led) {
	for _, f := range found {
		p := b.byID[f.ID]
		if !f.Line || p == nil || p.is.Contact != f.Contact {
			continue
		}
		var direct *desk.Conversation
		if q := b.cases[f.Whose]; q != nil && q != p {
			direct = &q.is
		}
		if p.is.Leads(direct, b.now) {
			b.cases[f.Whose] = p
		}
	}
}
