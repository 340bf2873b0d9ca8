package intake

import (
	"cmp"
	"context"
	"slices"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/insight"
	"switchboard/internal/journal"
	"switchboard/internal/store"
	"switchboard/internal/topic"
)

// write writes what changed. Rows go in the order of their ids, so that two nodes never wait for each other crosswise.
func (b *batch) write(ctx context.Context, tx *store.Tx) error {
	for _, step := range []func(context.Context, *store.Tx) error{b.writePeople, b.writeCases, b.writeMessages, b.writeHistory, b.writeBounces, b.writeAccounts} {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	if err := desk.AddRequests(ctx, tx, b.asked); err != nil {
		return err
	}
	if err := insight.Add(ctx, tx, b.verdicts); err != nil {
		return err
	}
	if err := b.doubted(ctx, tx); err != nil {
		return err
	}
	if err := topic.Note(ctx, tx, b.topics); err != nil {
		return err
	}
	return journal.Write(ctx, tx, b.entries...)
}

func (b *batch) writePeople(ctx context.Context, tx *store.Tx) error {
	var fresh, changed []contact.Contact
	for _, c := range b.contacts {
		if c.fresh {
			fresh = append(fresh, c.Contact)
		} else if c.changed {
			changed = append(changed, c.Contact)
		}
	}
	byID := func(a, c contact.Contact) int { return cmp.Compare(a.ID, c.ID) }
	slices.SortFunc(fresh, byID)
	slices.SortFunc(changed, byID)
	if err := contact.Add(ctx, tx, fresh); err != nil {
		return err
	}
	if err := contact.Heard(ctx, tx, changed...); err != nil {
		return err
	}
	var identities []contact.Identity
	var renamed []contact.ID
	for _, i := range b.identities {
		if i.fresh {
			identities = append(identities, i.Identity)
		} else if i.changed {
			if err := contact.SaveIdentity(ctx, tx, i.Identity); err != nil {
				return err
			}
			if i.renamed {
				renamed = append(renamed, i.Contact)
			}
		}
	}
	if err := contact.LineUp(ctx, tx, renamed...); err != nil {
		return err
	}
	slices.SortFunc(identities, func(a, c contact.Identity) int { return cmp.Compare(a.ID, c.ID) })
	return contact.AddIdentities(ctx, tx, identities)
}

func (b *batch) writeCases(ctx context.Context, tx *store.Tx) error {
	var changes []desk.Change
	for _, p := range b.byID {
		if p.was.ID.IsZero() || p.changed() {
			changes = append(changes, desk.Change{Was: p.was, Is: p.is})
		}
	}
	slices.SortFunc(changes, func(a, c desk.Change) int { return cmp.Compare(a.Is.ID, c.Is.ID) })
	return desk.Save(ctx, tx, changes...)
}

// changed reports whether anything happened to a conversation that was read: each thing that can moves one of these.
func (p *piece) changed() bool {
	a, b := p.was, p.is
	return a.Messages != b.Messages || a.State != b.State || a.Aside != b.Aside || a.Excerpt != b.Excerpt || a.LastMessage != b.LastMessage ||
		a.Clock != b.Clock || a.Urgency != b.Urgency || a.Needs != b.Needs || a.Language != b.Language || !slices.Equal(a.Intents, b.Intents) ||
		a.Department != b.Department || a.Person != b.Person || !a.LastInAt.Equal(b.LastInAt) || a.Decision.Message != b.Decision.Message || len(a.Asked) != len(b.Asked)
}

func (b *batch) writeMessages(ctx context.Context, tx *store.Tx) error {
	list := make([]desk.Message, 0, len(b.newMessages))
	for _, m := range b.newMessages {
		list = append(list, m.Message)
	}
	if err := desk.AddMessages(ctx, tx, list); err != nil {
		return err
	}
	done := map[desk.MessageID]bool{}
	for _, m := range b.messages {
		if !m.changed || m.fresh || done[m.ID] {
			continue
		}
		done[m.ID] = true
		if err := desk.SaveMessage(ctx, tx, m.Message); err != nil {
			return err
		}
	}
	if err := desk.AddRaw(ctx, tx, b.raw); err != nil {
		return err
	}
	return desk.AddMedia(ctx, tx, b.media)
}

func (b *batch) writeHistory(ctx context.Context, tx *store.Tx) error {
	if err := desk.AddVersions(ctx, tx, b.versions); err != nil {
		return err
	}
	for _, m := range b.edited { // what it says now is not its history, even if an older version came after it
		if err := desk.DropVersion(ctx, tx, m.ID, m.Version); err != nil {
			return err
		}
	}
	for m, list := range b.replaced {
		if err := desk.ReplaceMedia(ctx, tx, m, list); err != nil {
			return err
		}
	}
	for _, m := range b.erased {
		if err := desk.EraseWords(ctx, tx, m); err != nil {
			return err
		}
	}
	return desk.Sight(ctx, tx, lastOf(b.sighted))
}

// lastOf keeps the last sighting of each message: one statement can't write a row twice.
func lastOf(list []desk.Sighting) []desk.Sighting {
	at := map[remote]int{}
	var out []desk.Sighting
	for _, s := range list {
		k := remote{s.Account, s.RemoteID}
		if n, ok := at[k]; ok {
			out[n] = s
			continue
		}
		at[k] = len(out)
		out = append(out, s)
	}
	return out
}

func (b *batch) writeBounces(ctx context.Context, tx *store.Tx) error {
	if b.in.Bounced == nil {
		return nil
	}
	for _, k := range b.bounced {
		if err := b.in.Bounced(ctx, tx, k.remote.account, k.remote.id, k.reason); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) writeAccounts(ctx context.Context, tx *store.Tx) error {
	for id, at := range b.seen {
		if err := account.Saw(ctx, tx, id, at); err != nil {
			return err
		}
	}
	for _, r := range b.requests {
		if r.cursor != nil {
			if err := account.SaveCursor(ctx, tx, r.account, *r.cursor); err != nil {
				return err
			}
		}
	}
	return nil
}
