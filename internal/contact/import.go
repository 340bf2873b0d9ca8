package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Outcome is what an import makes of a line: "new", "changed", "same", or "wrong" with what to do in Why.
type Outcome struct {
	Line int    `json:"line"`
	Deed string `json:"deed" enum:"new,changed,same,wrong"`
	Name string `json:"name,omitempty"`
	Why  string `json:"why,omitempty"`
}

// Import takes contacts in, matched by e-mail address or number: who is known gets what is new about them, and nothing they have is
// taken away, so that a repeat changes nothing. Without keep it only tells what it would do. It writes 200 lines in a transaction.
func (b *Book) Import(ctx context.Context, who staff.Actor, s Sheet, mapping []string, keep bool) (out []Outcome, err error) {
	if err := who.Require(staff.ContactsKeep); err != nil {
		return nil, err
	}
	records, wrong, err := s.Records(mapping)
	if err != nil {
		return nil, err
	}
	for _, w := range wrong {
		out = append(out, Outcome{Line: w.Line, Deed: "wrong", Why: w.Why})
	}
	for some := range slices.Chunk(records, 200) {
		var list []Outcome
		if !keep {
			for _, r := range some {
				o, _, _, err := b.plan(ctx, b.Store.Read(), who, r)
				if err != nil {
					return nil, err
				}
				list = append(list, o)
			}
		} else if err := b.Store.Tx(ctx, func(tx *store.Tx) (err error) {
			list, err = b.take(ctx, tx, who, some)
			return err
		}); err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b Outcome) int { return cmp.Compare(a.Line, b.Line) })
	return out, nil
}

func (b *Book) take(ctx context.Context, tx *store.Tx, who staff.Actor, some []Record) (list []Outcome, err error) {
	done := map[string]int{}
	for _, r := range some {
		o, c, fresh, err := b.plan(ctx, tx, who, r)
		if err != nil {
			return nil, err
		}
		switch o.Deed {
		case "new":
			err = Add(ctx, tx, []Contact{c})
		case "changed":
			err = Save(ctx, tx, c)
		}
		if err == nil {
			err = AddIdentities(ctx, tx, fresh)
		}
		if err != nil {
			return nil, err
		}
		list, done[o.Deed] = append(list, o), done[o.Deed]+1
	}
	if done["new"]+done["changed"] == 0 {
		return list, nil
	}
	return list, journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ContactsImported, Data: journal.Data("new", done["new"], "changed", done["changed"])})
}

// plan is what becomes of a record: the contact as it will be, and identities that are new.
func (b *Book) plan(ctx context.Context, q store.Queryer, who staff.Actor, r Record) (o Outcome, c Contact, fresh []Identity, err error) {
	o = Outcome{Line: r.Line, Name: cmp.Or(r.Name, r.Email, r.Number)}
	for _, k := range []struct{ channel, id string }{{"email", r.Email}, {"number", r.Number}} {
		if k.id == "" {
			continue
		}
		known, err := Known(ctx, q, k.channel, []string{k.id})
		switch {
		case err != nil:
			return o, c, nil, err
		case len(known) == 0:
			fresh = append(fresh, Identity{ID: IdentityID(b.Store.IDs.Next()), Channel: k.channel, RemoteID: k.id, Handle: k.id, Name: r.Name})
		case !c.ID.IsZero() && c.ID != known[0].Contact:
			o.Deed, o.Why = "wrong", "its address and its number belong to two contacts: merge these first if they are one"
			return o, c, nil, nil
		default:
			c.ID = known[0].Contact
		}
	}
	if c.ID.IsZero() {
		c = Contact{ID: ID(b.Store.IDs.Next()), Name: o.Name, Standings: []string{}, CreatedAt: b.Now(), SeenAt: b.Now()}
		o.Deed = "new"
	} else if list, err := Contacts(ctx, q, []ID{c.ID}); err != nil || len(list) == 0 {
		return o, c, nil, err
	} else {
		c, o.Deed = list[0], "same"
	}
	is, changed := c.with(r, who, b)
	if (changed || len(fresh) > 0) && o.Deed == "same" {
		o.Deed = "changed"
	}
	for k := range fresh {
		fresh[k].Contact = is.ID
	}
	return o, is, fresh, nil
}

// nameless reports whether a contact has no name of its own: none, or its address or number in place of one.
func nameless(name string, r Record) bool {
	return name == "" || strings.EqualFold(name, r.Email) || name == r.Number
}

// with is c with what a record knows more.
func (c Contact) with(r Record, who staff.Actor, b *Book) (Contact, bool) {
	was, changed := c.Standings, false
	list := slices.Clone(was)
	for _, s := range r.Standings {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	if len(list) != len(was) {
		c, changed = c.stand(list, who.Person, b.Now()), true
	}
	fields := map[string]string{}
	for k, v := range c.Fields {
		fields[k] = v
	}
	for k, v := range r.Fields { // what stands there somebody may have mended since
		if fields[k] == "" && v != "" && len(fields) < mostFields {
			fields[k], changed = v, true
		}
	}
	c.Fields = fields
	if r.Name != "" && r.Name != c.Name && nameless(c.Name, r) {
		c.Name, changed = r.Name, true
	}
	if c.Note == "" && r.Note != "" {
		c.Note, changed = r.Note, true
	}
	if c.Language == "" && r.Language != "" {
		c.Language, changed = r.Language, true
	}
	return c, changed
}
