package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/account"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// SavedViewID is the id of a SavedView.
type SavedViewID = id.Of[SavedView]

// Audience is who finds a saved view in their navigation.
type Audience string

const (
	ForMe         Audience = "me"
	ForDepartment Audience = "department"
	ForAll        Audience = "all"
)

// SavedView is a list of the inbox that somebody keeps. Everybody sees in it only what they may see.
type SavedView struct {
	ID         SavedViewID
	Name       string
	Audience   Audience
	Person     staff.PersonID     // who made it
	Department staff.DepartmentID // of ForDepartment
	Filter     SavedFilter
	At         time.Time
}

// SavedFilter is what a saved view asks for. Its times are days back, so that it stays what it was meant to be.
type SavedFilter struct {
	View  View  `json:"view"`
	State State `json:"state,omitempty"`
	Order Order `json:"sort,omitempty"`
	Filter
	Days int `json:"days,omitempty"` // something was said in it in so many days; 0: whenever
}

// Asks is the question f asks at a time.
func (f SavedFilter) Asks(now time.Time) Query {
	q := Query{View: f.View, State: f.State, Order: f.Order, Filter: f.Filter}
	if f.Days > 0 {
		q.Since = now.AddDate(0, 0, -f.Days)
	}
	return q
}

// SavedViewChange is what is to become of a saved view; nil leaves as it is.
type SavedViewChange struct {
	Name       *string
	Audience   *Audience
	Department *staff.DepartmentID
	Filter     *SavedFilter
}

// SavedCount is how many conversations somebody has in a saved view. When it is not Exact there are so many and perhaps more.
type SavedCount struct {
	N     int
	Exact bool
}

// mostSaved is how many saved views a person can make.
const mostSaved = 100

// SavedViews returns the views somebody finds in their navigation, in the order they put them.
func (d *Desk) SavedViews(ctx context.Context, who staff.Actor) ([]SavedView, error) {
	if err := mayHaveLists(who); err != nil {
		return nil, err
	}
	list, err := savedViews(ctx, d.Store.Read(), who.Person)
	return slices.DeleteFunc(list, func(v SavedView) bool { return !v.seenBy(who) }), err
}

// seenBy reports whether somebody finds v in their navigation.
func (v SavedView) seenBy(who staff.Actor) bool {
	switch v.Audience {
	case ForAll:
		return true
	case ForDepartment:
		return who.In(v.Department) || v.Person == who.Person && !who.Person.IsZero()
	}
	return v.Person == who.Person
}

// ChangedBy reports whether somebody may change v: who made it, and of what is shared who is over departments.
func (v SavedView) ChangedBy(who staff.Actor) bool {
	if v.Person == who.Person && !who.Person.IsZero() {
		return who.Reaches(staff.Write)
	}
	return v.Audience != ForMe && who.Can(staff.DepartmentsManage)
}

// mayHaveLists is nil for who works with lists of conversations: not for who is outside the house.
func mayHaveLists(who staff.Actor) error {
	if err := who.Require(staff.SeePeople); err != nil {
		return err
	}
	if who.Person.IsZero() {
		return fault.New(fault.Forbidden, "only a person keeps lists of their own")
	}
	return nil
}

// KeepView saves a view.
func (d *Desk) KeepView(ctx context.Context, who staff.Actor, ch SavedViewChange) (v SavedView, err error) {
	if err := mayHaveLists(who); err != nil {
		return v, err
	}
	if !who.Reaches(staff.Write) {
		return v, fault.New(fault.Forbidden, "this key may only read")
	}
	v = SavedView{ID: SavedViewID(d.Store.IDs.Next()), Audience: ForMe, Person: who.Person, Filter: SavedFilter{View: All}, At: d.Now()}
	if v, err = v.changed(who, ch); err != nil {
		return v, err
	}
	if err := d.knows(ctx, v, ch); err != nil {
		return v, err
	}
	return v, d.Store.Tx(ctx, func(tx *store.Tx) error {
		list, err := savedViews(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		mine := 0
		for _, o := range list {
			if o.Person == who.Person {
				mine++
			}
		}
		if mine >= mostSaved {
			return fault.Newf(fault.Conflict, "you keep %d lists: remove one first", mostSaved)
		}
		if err := saveView(ctx, tx, v); err != nil {
			return err
		}
		return journal.Write(ctx, tx, viewEntry(who, v, "kept"))
	})
}

func viewEntry(who staff.Actor, v SavedView, what string) journal.Entry {
	return journal.Entry{Who: who.Who(), What: journal.ViewChanged, About: journal.About("view", v.ID), Data: journal.Data("what", what, "audience", v.Audience, "department", v.Department)}
}

// changed is v after a change, when it makes sense and who may do it.
func (v SavedView) changed(who staff.Actor, ch SavedViewChange) (SavedView, error) {
	if ch.Name != nil {
		v.Name = strings.Join(strings.Fields(*ch.Name), " ")
	}
	if ch.Audience != nil {
		v.Audience = *ch.Audience
	}
	if ch.Department != nil {
		v.Department = *ch.Department
	}
	if ch.Filter != nil {
		v.Filter = *ch.Filter
		v.Filter.Since = time.Time{}
	}
	if err := short("name", v.Name, 60); err != nil {
		return v, err
	}
	switch {
	case utf8.RuneCountInString(v.Name) == 0:
		return v, fault.In("name", "give the list a name")
	case v.Filter.Days < 0 || v.Filter.Days > 3650:
		return v, fault.In("days", "say how many days back: up to 3650")
	}
	if v.Audience != ForDepartment {
		v.Department = 0
	}
	if err := v.shared(who); err != nil {
		return v, err
	}
	q, err := v.Filter.Asks(time.Time{}.AddDate(5000, 0, 0)).ready(who)
	if err != nil {
		return v, err
	}
	_, err = q.branches(staff.Machine(), nil)
	return v, err
}

// shared is nil when who may give v to whom it is given.
func (v SavedView) shared(who staff.Actor) error {
	manages := who.Can(staff.DepartmentsManage)
	switch v.Audience {
	case ForMe:
		return nil
	case ForDepartment:
		if v.Department.IsZero() {
			return fault.In("department", "say which department the list is for")
		}
		if !manages && (!who.In(v.Department) || !who.Can(staff.PutThrough)) {
			return fault.New(fault.Forbidden, "lists for a department are shared by its members and by managers")
		}
		return nil
	case ForAll:
		if !manages {
			return fault.New(fault.Forbidden, "lists for everybody are shared by managers: keep it for yourself or for your department")
		}
		return nil
	}
	return fault.In("audience", "a list is for me, for a department or for all")
}

// knows is nil when all that v and the change to it name is there.
func (d *Desk) knows(ctx context.Context, v SavedView, ch SavedViewChange) error {
	named := []staff.DepartmentID{v.Department, v.Filter.Department}
	if ch.Department != nil {
		named = append(named, *ch.Department)
	}
	for _, of := range named {
		if !of.IsZero() && !d.House.Exists(of) {
			return fault.New(fault.NotFound, "there is no such department here")
		}
	}
	if _, ok := d.House.Home(v.Filter.Owner); !v.Filter.Owner.IsZero() && !ok {
		return fault.New(fault.NotFound, "there is no such person here")
	}
	if v.Filter.Account.IsZero() {
		return nil
	}
	_, err := account.One(ctx, d.Store.Read(), v.Filter.Account)
	return err
}

// ChangeView changes a saved view.
func (d *Desk) ChangeView(ctx context.Context, who staff.Actor, id SavedViewID, ch SavedViewChange) (v SavedView, err error) {
	return v, d.withView(ctx, who, id, func(tx *store.Tx, was SavedView) error {
		if v, err = was.changed(who, ch); err != nil {
			return err
		}
		if err := d.knows(ctx, v, ch); err != nil {
			return err
		}
		if err := saveView(ctx, tx, v); err != nil {
			return err
		}
		return journal.Write(ctx, tx, viewEntry(who, v, "changed"))
	})
}

// DropView removes a saved view, for all who had it.
func (d *Desk) DropView(ctx context.Context, who staff.Actor, id SavedViewID) error {
	return d.withView(ctx, who, id, func(tx *store.Tx, v SavedView) error {
		if err := dropView(ctx, tx, id); err != nil {
			return err
		}
		return journal.Write(ctx, tx, viewEntry(who, v, "removed"))
	})
}

func (d *Desk) withView(ctx context.Context, who staff.Actor, id SavedViewID, do func(*store.Tx, SavedView) error) error {
	if err := mayHaveLists(who); err != nil {
		return err
	}
	return d.Store.Tx(ctx, func(tx *store.Tx) error {
		v, err := savedView(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case !v.seenBy(who) && !v.ChangedBy(who):
			return fault.New(fault.NotFound, noView)
		case !v.ChangedBy(who):
			return fault.New(fault.Forbidden, "only who made this list, or a manager, can change it: save one of your own")
		}
		return do(tx, v)
	})
}

const noView = "there is no such list, or it is not for your eyes"

// OrderViews puts the saved views somebody sees into an order of their own. What is left out comes after them.
func (d *Desk) OrderViews(ctx context.Context, who staff.Actor, ids []SavedViewID) error {
	if err := mayHaveLists(who); err != nil {
		return err
	}
	if !who.Reaches(staff.Write) {
		return fault.New(fault.Forbidden, "this key may only read")
	}
	list, err := d.SavedViews(ctx, who)
	if err != nil {
		return err
	}
	for k, id := range ids {
		if !slices.ContainsFunc(list, func(v SavedView) bool { return v.ID == id }) {
			return fault.New(fault.NotFound, noView)
		}
		if slices.Contains(ids[:k], id) {
			return fault.In("views", "a list is named twice")
		}
	}
	return d.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := placeViews(ctx, tx, who.Person, ids); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ViewChanged, Data: journal.Data("what", "ordered")})
	})
}

// CountViews counts what somebody has in each saved view they see.
func (d *Desk) CountViews(ctx context.Context, who staff.Actor) (map[SavedViewID]SavedCount, error) {
	list, err := d.SavedViews(ctx, who)
	out := make(map[SavedViewID]SavedCount, len(list))
	for _, v := range list {
		if out[v.ID], err = d.CountList(ctx, who, v.Filter.Asks(d.Now())); err != nil {
			return nil, err
		}
	}
	return out, err
}

// CountList counts a list, up to a thousand.
func (d *Desk) CountList(ctx context.Context, who staff.Actor, q Query) (n SavedCount, err error) {
	q.Order = Newest // it is the same number in whatever order
	if q, err = q.ready(who); err != nil {
		return n, err
	}
	branches, err := q.branches(who, d.House.Departments())
	if err != nil {
		return n, err
	}
	found, end, err := find(ctx, d.Store.Read(), branches, q, cursor{}, mostCounted, counted)
	n = SavedCount{min(len(found), mostCounted-1), end.id.IsZero() && len(found) < mostCounted}
	return n, err
}
