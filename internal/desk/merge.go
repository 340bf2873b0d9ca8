package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// MergeID is the id of a merge.
type MergeID = id.Of[Merge]

// Merge is what was merged into what, and what moved, so that it can be put back.
type Merge struct {
	ID       MergeID
	Kept     contact.ID
	Gone     contact.ID
	Moved    Moved
	By       staff.PersonID
	At       time.Time
	UndoneBy staff.PersonID
	UndoneAt time.Time // zero while it stands
}

// Moved is what a merge moved. Words stand in it as far as the kept contact got them: undoing takes back what nobody changed since.
type Moved struct {
	Name          string               `json:"name"` // of the contact that went
	Identities    []contact.IdentityID `json:"identities,omitempty"`
	Conversations []ConversationID     `json:"conversations,omitempty"`
	Beside        []ConversationID     `json:"beside,omitempty"` // of these, those that stood beside another of their thread
	Consents      []contact.ConsentID  `json:"consents,omitempty"`
	Standings     []string             `json:"standings,omitempty"` // that the kept one had not
	Fields        []string             `json:"fields,omitempty"`    // likewise, by name
	NoteBefore    string               `json:"noteBefore,omitempty"`
	NoteAfter     string               `json:"noteAfter,omitempty"`
}

// Undone is what became of an undo.
type Undone struct {
	Merge
	// Left are the conversations with the two that stay with the kept contact: they began after the merge.
	Left []ConversationID
}

// Merge makes one contact of two: gone's identities, conversations, consents, standings, fields and note go to kept, and whoever
// asks for gone is led there. It can be undone. Whether who may touch both is the caller's to know.
func (d *Desk) Merge(ctx context.Context, who staff.Actor, kept, gone contact.ID) (m Merge, err error) {
	if err := who.Require(staff.ContactsChange); err != nil {
		return m, err
	}
	if kept == gone {
		return m, fault.In("other", "these are one contact already: choose another")
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		k, g, err := lockTwo(ctx, tx, kept, gone)
		if err != nil {
			return err
		}
		m = Merge{ID: MergeID(d.Store.IDs.Next()), Kept: kept, Gone: gone, By: who.Person, At: d.Now()}
		if k, m.Moved, err = d.takeOver(ctx, tx, k, g); err != nil {
			return err
		}
		g.MergedInto = kept
		if err := contact.Save(ctx, tx, k, g); err != nil {
			return err
		}
		if err := contact.Follow(ctx, tx, gone, kept); err != nil {
			return err
		}
		if err := addMerge(ctx, tx, m); err != nil {
			return err
		}
		return d.tellMoved(ctx, tx, who, journal.ContactsMerged, m, m.Moved.Conversations)
	})
	return m, err
}

// hold locks what is of contacts, in the order in which intake and delivery do it, so that nobody waits for another crosswise:
// identities, conversations; the contacts themselves come last.
func hold(ctx context.Context, tx *store.Tx, of ...contact.ID) error {
	identities, err := contact.IdentitiesOf(ctx, tx, of)
	if err != nil {
		return err
	}
	ids := make([]contact.IdentityID, len(identities))
	for k, i := range identities {
		ids[k] = i.ID
	}
	if _, err := contact.Take(ctx, tx, ids); err != nil {
		return err
	}
	for _, c := range slices.Sorted(slices.Values(of)) {
		list, err := conversationIDs(ctx, tx, c)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(list, 1000) {
			if _, err := Load(ctx, tx, some); err != nil {
				return err
			}
		}
	}
	return nil
}

// lockTwo locks two contacts with all that is theirs.
func lockTwo(ctx context.Context, tx *store.Tx, kept, gone contact.ID) (k, g contact.Contact, err error) {
	if err := hold(ctx, tx, kept, gone); err != nil {
		return k, g, err
	}
	for _, of := range []contact.ID{min(kept, gone), max(kept, gone)} {
		c, err := contact.Lock(ctx, tx, of)
		if err != nil {
			return k, g, err
		}
		if of == kept {
			k = c
		} else {
			g = c
		}
	}
	return k, g, nil
}

// takeOver moves what is g's to k. Identities come first, as with intake, so that neither waits for the other crosswise.
func (d *Desk) takeOver(ctx context.Context, tx *store.Tx, k, g contact.Contact) (contact.Contact, Moved, error) {
	moved := Moved{Name: g.Name, NoteBefore: k.Note}
	identities, err := contact.IdentitiesOf(ctx, tx, []contact.ID{g.ID})
	if err != nil {
		return k, moved, err
	}
	for _, i := range identities {
		moved.Identities = append(moved.Identities, i.ID)
	}
	if err := contact.MoveIdentities(ctx, tx, moved.Identities, k.ID); err != nil {
		return k, moved, err
	}
	if moved.Conversations, err = conversationIDs(ctx, tx, g.ID); err != nil {
		return k, moved, err
	}
	if moved.Beside, err = besideOf(ctx, tx, g.ID); err != nil {
		return k, moved, err
	}
	if err := moveConversations(ctx, tx, goingOnFirst(moved.Conversations, moved.Beside), k.ID); err != nil {
		return k, moved, err
	}
	if moved.Consents, err = contact.MoveConsents(ctx, tx, g.ID, k.ID, nil); err != nil {
		return k, moved, err
	}
	k, moved = join(k, g, moved)
	return k, moved, nil
}

// join is k with what is said of g.
func join(k, g contact.Contact, moved Moved) (contact.Contact, Moved) {
	said := maps.Clone(k.StoodBy)
	if said == nil {
		said = map[string]contact.Stood{}
	}
	k.Standings = slices.Clone(k.Standings)
	for _, s := range g.Standings {
		if !slices.Contains(k.Standings, s) {
			k.Standings, said[s] = append(k.Standings, s), g.StoodBy[s]
			moved.Standings = append(moved.Standings, s)
		}
	}
	fields := maps.Clone(k.Fields)
	if fields == nil {
		fields = map[string]string{}
	}
	for _, name := range slices.Sorted(maps.Keys(g.Fields)) {
		if _, ok := fields[name]; !ok {
			fields[name] = g.Fields[name]
			moved.Fields = append(moved.Fields, name)
		}
	}
	k.StoodBy, k.Fields = said, fields
	if strings.TrimSpace(g.Note) != "" {
		k.Note = strings.TrimSpace(k.Note + "\n\n" + g.Note)
	}
	moved.NoteAfter = k.Note
	return k, moved
}

// UndoMerge makes two of what was merged. What the one that went had goes back to it; what its identities said since, in
// conversations that began after the merge, stays with the kept one. What people changed since of standings, fields and note stays,
// and so does what it has from other merges that stand.
func (d *Desk) UndoMerge(ctx context.Context, who staff.Actor, of MergeID) (u Undone, err error) {
	if err := who.Require(staff.ContactsChange); err != nil {
		return u, err
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		m, err := lockMerge(ctx, tx, of)
		if err != nil {
			return err
		}
		if !m.UndoneAt.IsZero() {
			return fault.New(fault.Conflict, "this was undone already")
		}
		if err := hold(ctx, tx, m.Kept); err != nil {
			return err
		}
		k, err := contact.Lock(ctx, tx, m.Kept)
		if err != nil {
			return undoFirst(err)
		}
		list, err := contact.Contacts(ctx, tx, []contact.ID{m.Gone})
		if err != nil || len(list) == 0 || !list[0].ErasedAt.IsZero() || list[0].MergedInto != m.Kept {
			return cmpErr(err, fault.New(fault.Conflict, "this can't be undone any more: what was merged is elsewhere now, or was erased"))
		}
		m.UndoneBy, m.UndoneAt = who.Person, d.Now()
		if u, err = d.giveBack(ctx, tx, k, list[0], m); err != nil {
			return err
		}
		if err := saveMerge(ctx, tx, u.Merge); err != nil {
			return err
		}
		return d.tellMoved(ctx, tx, who, journal.MergeUndone, u.Merge, u.Moved.Conversations)
	})
	return u, err
}

func undoFirst(err error) error {
	if fault.Is(err, fault.Gone) {
		return fault.New(fault.Conflict, "the contact it was merged into was itself merged since: undo that first")
	}
	return err
}

func cmpErr(err, or error) error {
	if err != nil {
		return err
	}
	return or
}

func (d *Desk) giveBack(ctx context.Context, tx *store.Tx, k, g contact.Contact, m Merge) (u Undone, err error) {
	u.Merge = m
	identities, err := contact.MoveBack(ctx, tx, m.Moved.Identities, k.ID, g.ID)
	if err != nil {
		return u, err
	}
	ids, err := stillOf(ctx, tx, m.Moved.Conversations, k.ID)
	if err != nil {
		return u, err
	}
	if err := moveConversations(ctx, tx, goingOnFirst(ids, m.Moved.Beside), g.ID); err != nil {
		return u, err
	}
	if len(m.Moved.Consents) > 0 {
		if _, err := contact.MoveConsents(ctx, tx, k.ID, g.ID, m.Moved.Consents); err != nil {
			return u, err
		}
	}
	if u.Left, err = conversationsWith(ctx, tx, k.ID, identities); err != nil {
		return u, err
	}
	later, gone, err := mergesAfter(ctx, tx, m)
	if err != nil {
		return u, err
	}
	k, later = part(k, g, m, later, gone)
	for _, l := range later {
		if err := saveMerge(ctx, tx, l); err != nil {
			return u, err
		}
	}
	g.MergedInto = 0
	if err := contact.Save(ctx, tx, k, g); err != nil {
		return u, err
	}
	if err := contact.FollowBack(ctx, tx, g.ID, k.ID); err != nil {
		return u, err
	}
	return u, contact.SayApart(ctx, tx, k.ID, g.ID, m.UndoneBy, m.UndoneAt)
}

// mergesAfter are the merges into the same contact that were made after m and stand, the first of them first, with who went.
func mergesAfter(ctx context.Context, tx *store.Tx, m Merge) ([]Merge, map[contact.ID]contact.Contact, error) {
	all, err := MergesOf(ctx, tx, m.Kept)
	if err != nil {
		return nil, nil, err
	}
	slices.Reverse(all)
	later := slices.DeleteFunc(all, func(o Merge) bool { return o.ID <= m.ID })
	ids := make([]contact.ID, len(later))
	for k, o := range later {
		ids[k] = o.Gone
	}
	list, err := contact.Contacts(ctx, tx, ids)
	gone := map[contact.ID]contact.Contact{}
	for _, g := range list {
		gone[g.ID] = g
	}
	return later, gone, err
}

// part is k without what only m gave it of what is said of g. What a later merge that stands would have given it as well is that
// one's from now on: they are returned as they become.
func part(k, g contact.Contact, m Merge, later []Merge, gone map[contact.ID]contact.Contact) (contact.Contact, []Merge) {
	k.Standings, k.StoodBy, k.Fields, later = slices.Clone(k.Standings), maps.Clone(k.StoodBy), maps.Clone(k.Fields), slices.Clone(later)
	if k.StoodBy == nil {
		k.StoodBy = map[string]contact.Stood{}
	}
	if k.Fields == nil {
		k.Fields = map[string]string{}
	}
	for _, s := range m.Moved.Standings {
		at := slices.IndexFunc(later, func(o Merge) bool { return slices.Contains(gone[o.Gone].Standings, s) })
		switch {
		case !slices.Contains(k.Standings, s): // somebody took it away since
		case at >= 0:
			k.StoodBy[s] = gone[later[at].Gone].StoodBy[s]
			later[at].Moved.Standings = append(slices.Clone(later[at].Moved.Standings), s)
		default:
			k.Standings = slices.DeleteFunc(k.Standings, func(o string) bool { return o == s })
			delete(k.StoodBy, s)
		}
	}
	for _, name := range m.Moved.Fields {
		at := slices.IndexFunc(later, func(o Merge) bool { _, has := gone[o.Gone].Fields[name]; return has })
		switch {
		case k.Fields[name] != g.Fields[name]: // somebody changed it since
		case at >= 0:
			k.Fields[name] = gone[later[at].Gone].Fields[name]
			later[at].Moved.Fields = append(slices.Clone(later[at].Moved.Fields), name)
		default:
			delete(k.Fields, name)
		}
	}
	if k.Note == m.Moved.NoteAfter {
		k.Note = m.Moved.NoteBefore
	} else {
		k.Note = withoutPiece(k.Note, g.Note)
	}
	return k, later
}

// withoutPiece is a note without a piece that was put under it; as it is, when somebody has changed the piece.
func withoutPiece(note, piece string) string {
	const gap = "\n\n"
	padded, sought := gap+note+gap, gap+strings.TrimSpace(piece)+gap
	at := strings.LastIndex(padded, sought)
	if strings.TrimSpace(piece) == "" || at < 0 {
		return note
	}
	return strings.TrimSpace(padded[:at] + padded[at+len(sought)-len(gap):])
}

// goingOnFirst are conversations with those that stand beside another last: of a thread the first to come goes on.
func goingOnFirst(ids, beside []ConversationID) []ConversationID {
	out := slices.Clone(ids)
	slices.SortStableFunc(out, func(a, b ConversationID) int {
		return cmp.Compare(slices.Index(beside, a), slices.Index(beside, b))
	})
	return out
}

// Split takes an identity out to a contact of its own, with the conversations in which nobody else of the contact spoke; those in
// which others did, stay. It returns the new contact and the conversations that went with it.
func (d *Desk) Split(ctx context.Context, who staff.Actor, from contact.ID, out contact.IdentityID) (c contact.Contact, moved []ConversationID, err error) {
	if err := who.Require(staff.ContactsChange); err != nil {
		return c, nil, err
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := hold(ctx, tx, from); err != nil {
			return err
		}
		if _, err := contact.Lock(ctx, tx, from); err != nil {
			return err
		}
		all, err := contact.IdentitiesOf(ctx, tx, []contact.ID{from})
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(i contact.Identity) bool { return i.ID == out })
		switch {
		case at < 0:
			return fault.New(fault.NotFound, "this contact has no such identity: reload and look again")
		case len(all) == 1:
			return fault.New(fault.Conflict, "this is the only identity of the contact: there is nothing to split")
		}
		c = contact.Contact{ID: contact.ID(d.Store.IDs.Next()), Name: all[at].Called(), Standings: []string{}, CreatedAt: d.Now(), SeenAt: d.Now()}
		if err := contact.Add(ctx, tx, []contact.Contact{c}); err != nil {
			return err
		}
		if err := contact.MoveIdentities(ctx, tx, []contact.IdentityID{out}, c.ID); err != nil {
			return err
		}
		if moved, err = onlySaidBy(ctx, tx, from, out); err != nil {
			return err
		}
		beside, err := besideOf(ctx, tx, from)
		if err != nil {
			return err
		}
		if err := moveConversations(ctx, tx, goingOnFirst(moved, beside), c.ID); err != nil {
			return err
		}
		if err := contact.SayApart(ctx, tx, from, c.ID, who.Person, d.Now()); err != nil {
			return err
		}
		return d.tellMoved(ctx, tx, who, journal.ContactSplit, Merge{Kept: from, Gone: c.ID}, moved)
	})
	return c, moved, err
}

// tellMoved writes that contacts were merged or split: once about the contact, and in each conversation that moved.
func (d *Desk) tellMoved(ctx context.Context, tx *store.Tx, who staff.Actor, what journal.What, m Merge, moved []ConversationID) error {
	data := journal.Data("kept", m.Kept, "gone", m.Gone, "conversations", len(moved))
	out := []journal.Entry{{Who: who.Who(), What: what, About: journal.About("contact", m.Kept), Data: data}}
	for _, c := range moved {
		out = append(out, journal.Entry{Who: who.Who(), What: what, Conversation: int64(c), About: journal.About("contact", m.Kept), Data: data})
	}
	return journal.Write(ctx, tx, out...)
}
