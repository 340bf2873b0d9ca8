package contact

import (
	"cmp"
	"context"
	"slices"

	"switchboard/internal/store"
)

// Suspected is a contact that may be the same person as another.
type Suspected struct {
	Contact Contact
	Suspicion
}

// Suspects returns the contacts that may be the same person as one, the surest first, five at most. Those of whom somebody said
// that they are not are left out.
func Suspects(ctx context.Context, q store.Queryer, of ID) ([]Suspected, error) {
	own, err := IdentitiesOf(ctx, q, []ID{of})
	if err != nil {
		return nil, err
	}
	a := Side{Identities: own}
	if a.Said, err = said(ctx, q, of, 30); err != nil {
		return nil, err
	}
	var named []string
	for _, text := range a.Said {
		named = append(named, Named(text)...)
	}
	for _, i := range own {
		named = append(named, Named(i.About)...)
	}
	found, err := Alike(ctx, q, of, own, named[:min(len(named), 60)])
	if err != nil {
		return nil, err
	}
	apart, err := SaidApart(ctx, q, of)
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, i := range found {
		if !apart[i.Contact] && !slices.Contains(ids, i.Contact) {
			ids = append(ids, i.Contact)
		}
	}
	return judged(ctx, q, a, ids)
}

func judged(ctx context.Context, q store.Queryer, a Side, ids []ID) (out []Suspected, err error) {
	list, err := Contacts(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if c.there() != nil {
			continue
		}
		b := Side{}
		if b.Identities, err = IdentitiesOf(ctx, q, []ID{c.ID}); err != nil {
			return nil, err
		}
		if b.Said, err = said(ctx, q, c.ID, 10); err != nil {
			return nil, err
		}
		if s, ok := Suspect(a, b); ok {
			out = append(out, Suspected{c, s})
		}
	}
	slices.SortFunc(out, func(a, b Suspected) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Contact.ID, a.Contact.ID))
	})
	return out[:min(len(out), 5)], nil
}
