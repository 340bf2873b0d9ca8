package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// MoveAll gives everything of a department that is not closed to another, when it is retired.
func (d *Desk) MoveAll(ctx context.Context, tx *store.Tx, who staff.Actor, from, to staff.DepartmentID) error {
	if err := d.askInstead(ctx, tx, who, from, to); err != nil {
		return err
	}
	if err := d.promiseInstead(ctx, tx, who, from, to); err != nil {
		return err
	}
	t := d.House.Terms(to)
	return d.many(ctx, tx, `department = $1 AND view <> 'closed' AND view <> 'aside'`, int64(from), func(c Conversation) (Conversation, journal.Entry) {
		e := journal.Entry{Who: who.Who(), What: journal.HandedOver, Conversation: int64(c.ID),
			Data: journal.Data("from", from, "fromPerson", c.Person, "department", to, "reason", "the department was retired")}
		c.Way = Way{}
		return c.own(to, 0, t, d.Now()), e
	})
}

// ReleaseAll gives back to their departments what a person holds.
func (d *Desk) ReleaseAll(ctx context.Context, tx *store.Tx, who staff.Actor, p staff.PersonID) error {
	if err := d.askTheirDepartment(ctx, tx, who, p); err != nil {
		return err
	}
	if err := d.promiseTheirDepartment(ctx, tx, who, p); err != nil {
		return err
	}
	return d.many(ctx, tx, `person = $1 AND person <> 0 AND view <> 'closed' AND view <> 'aside'`, int64(p), func(c Conversation) (Conversation, journal.Entry) {
		e := journal.Entry{Who: who.Who(), What: journal.Released, Conversation: int64(c.ID), Data: journal.Data("person", p, "reason", "they are no longer here")}
		return c.own(c.Department, 0, d.House.Terms(c.Department), d.Now()), e
	})
}

// askInstead asks what was asked of a department that ends of another one.
func (d *Desk) askInstead(ctx context.Context, tx *store.Tx, who staff.Actor, from, to staff.DepartmentID) error {
	err := d.many(ctx, tx, `id IN (SELECT conversation FROM request WHERE department = $1 AND state = 'open')`, int64(from), func(c Conversation) (Conversation, journal.Entry) {
		c.Asked = handedOn(c.Asked, from, to)
		return c, retired(who, journal.RequestMoved, c.ID, from, to)
	})
	if err != nil {
		return err
	}
	return moveRequests(ctx, tx, from, to)
}

// askTheirDepartment asks what was asked of a person who leaves of their department as a whole.
func (d *Desk) askTheirDepartment(ctx context.Context, tx *store.Tx, who staff.Actor, p staff.PersonID) error {
	err := d.many(ctx, tx, `id IN (SELECT conversation FROM request WHERE person = $1 AND person <> 0 AND state = 'open')`, int64(p), func(c Conversation) (Conversation, journal.Entry) {
		asked, of := freed(c.Asked, p)
		c.Asked = asked
		return c, left(who, journal.RequestMoved, c.ID, p, of)
	})
	if err != nil {
		return err
	}
	return freeRequests(ctx, tx, p)
}

// duty is something a department is to do, one of its people or as a whole: what is asked, or what is promised.
type duty[T any] interface {
	*T
	whose() (*staff.DepartmentID, *staff.PersonID)
}

func (a *Asked) whose() (*staff.DepartmentID, *staff.PersonID)    { return &a.Department, &a.Person }
func (p *Promised) whose() (*staff.DepartmentID, *staff.PersonID) { return &p.Department, &p.Person }

// handedOn returns list with what fell to one department falling to another, as a whole.
func handedOn[T any, D duty[T]](list []T, from, to staff.DepartmentID) []T {
	list = slices.Clone(list)
	for k := range list {
		if d, p := D(&list[k]).whose(); *d == from {
			*d, *p = to, 0
		}
	}
	return list
}

// freed returns list with what fell to a person falling to their department as a whole, and that department.
func freed[T any, D duty[T]](list []T, of staff.PersonID) (_ []T, now staff.DepartmentID) {
	list = slices.Clone(list)
	for k := range list {
		if d, p := D(&list[k]).whose(); *p == of {
			*p, now = 0, *d
		}
	}
	return list, now
}

// retired tells that a duty went to another department.
func retired(who staff.Actor, what journal.What, c ConversationID, from, to staff.DepartmentID) journal.Entry {
	return journal.Entry{Who: who.Who(), What: what, Conversation: int64(c),
		Data: journal.Data("from", from, "department", to, "reason", "the department was retired")}
}

// left tells that a duty went to a person's department.
func left(who staff.Actor, what journal.What, c ConversationID, from staff.PersonID, to staff.DepartmentID) journal.Entry {
	return journal.Entry{Who: who.Who(), What: what, Conversation: int64(c),
		Data: journal.Data("fromPerson", from, "department", to, "reason", "they are no longer here")}
}

// many changes all conversations that a condition names, a few hundred at a time, in one transaction.
func (d *Desk) many(ctx context.Context, tx *store.Tx, where string, of int64, do func(Conversation) (Conversation, journal.Entry)) error {
	last := ConversationID(0)
	for {
		rows, err := tx.QueryContext(ctx, `SELECT id FROM conversation WHERE `+where+` AND id > $2 ORDER BY id LIMIT 256`, of, last)
		ids, err := store.List(rows, err, func(rows *sql.Rows) (id ConversationID, err error) { return id, rows.Scan(&id) })
		if err != nil || len(ids) == 0 {
			return err
		}
		list, err := Load(ctx, tx, ids)
		if err != nil {
			return err
		}
		changes, entries := make([]Change, 0, len(ids)), make([]journal.Entry, 0, len(ids))
		for _, id := range ids {
			is, e := do(list[id])
			changes = append(changes, Change{list[id], is})
			if e.What != "" {
				entries = append(entries, e)
			}
		}
		if err := Save(ctx, tx, changes...); err != nil {
			return err
		}
		if err := journal.Write(ctx, tx, entries...); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}

// Owners returns who owns conversations, and nothing else of them: enough for Sees.
func (d *Desk) Owners(ctx context.Context, ids []ConversationID) (map[ConversationID]Conversation, error) {
	return ownersOf(ctx, d.Store.Read(), ids)
}

// LeftBy is whose a conversation was before an entry that took it from them: enough for Sees. The zero Conversation says that
// the entry took it from nobody.
func LeftBy(e journal.Entry) (c Conversation) {
	switch e.What {
	case journal.RequestPassed:
		var v struct {
			FromDepartment staff.DepartmentID
			FromPerson     staff.PersonID
		}
		if json.Unmarshal(e.Data, &v) != nil {
			return c
		}
		c.Department, c.Person = v.FromDepartment, v.FromPerson
	case journal.RequestAnswered, journal.RequestWithdrawn, journal.PromiseKept, journal.PromiseBroken, journal.PromiseWithdrawn:
		var v struct {
			Department staff.DepartmentID
			Person     staff.PersonID
			StandIn    staff.PersonID
			StandInOf  staff.DepartmentID
		}
		if json.Unmarshal(e.Data, &v) != nil {
			return c
		}
		c.Department, c.Person = v.Department, v.Person
		c.Asked = []Asked{{StandIn: v.StandIn, StandInOf: v.StandInOf}}
	case journal.PutThrough, journal.HandedOver, journal.MovedOn, journal.Released, journal.TakenBack, journal.PromiseChanged:
		var v struct {
			From       staff.DepartmentID
			Department staff.DepartmentID
			FromPerson staff.PersonID
			Person     staff.PersonID
		}
		if json.Unmarshal(e.Data, &v) != nil {
			return c
		}
		c.Department, c.Person = v.From, v.FromPerson
		if e.What == journal.Released || e.What == journal.TakenBack {
			c.Department, c.Person = v.Department, v.Person
		}
	}
	return c
}
