package notify

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// ID is the id of a notification.
type ID = id.Of[Notification]

// Notification is one thing somebody was told of, or several that are one while nobody read them.
type Notification struct {
	ID           ID
	Person       staff.PersonID
	Kind         Kind
	What         journal.What // what happened last
	Conversation desk.ConversationID
	Department   staff.DepartmentID
	About        string // as the journal says it: "delivery:0abc…"
	Who          string // who did it last, as the journal says it
	Count        int
	At           time.Time // of the last
	ReadAt       time.Time // zero: unread
	Unseen       bool      // who is told is asked something, and does not see the conversation: they are told no more than that
}

// Path is where a click leads: an address of the web UI.
func (n Notification) Path() string {
	switch {
	case n.Unseen:
		return "/inbox/asked"
	case n.Conversation.IsZero() && !n.Department.IsZero():
		return "/inbox/unowned?department=" + n.Department.String()
	case n.Kind == "approval" && n.Conversation.IsZero(), n.Kind == "delivery" && n.Conversation.IsZero(), n.Kind == "decided" && n.Conversation.IsZero():
		return "/outgoing"
	case n.Kind == "account":
		if a, ok := number(n.About, "account:"); ok {
			return "/accounts/" + id.Of[Notification](a).String()
		}
		return "/accounts"
	case n.Kind == "storm":
		if i, ok := number(n.About, "incident:"); ok {
			return "/incidents/" + id.Of[Notification](i).String()
		}
		return "/board"
	case n.Kind == "stopped":
		return "/accounts"
	case n.Kind == "chat":
		return "/settings/chat"
	case !n.Conversation.IsZero():
		return "/conversations/" + n.Conversation.String()
	}
	return "/notifications"
}

// Bell is the door to everything in this package. Set the exported fields before the first call; the methods may be called by
// several goroutines.
type Bell struct {
	Store  *store.Store
	Staff  *staff.Staff
	Desk   *desk.Desk
	Ring   *secret.Ring
	Client *http.Client // the guarded way out
	Mail   Mailer       // nil: nothing goes by mail
	Now    func() time.Time
	Log    *slog.Logger

	mu  sync.Mutex
	key *pushKey
}

// Page is a part of somebody's list.
type Page struct {
	Items  []Told
	Unread int
	Next   string // for the page after it; "" at the end
}

// most is how many are read at a time, and mostUnread up to where they are counted.
const (
	most       = 50
	mostUnread = 100
)

// List returns somebody's list, the newest first, from the place where the page before it ended; "" is the beginning. What they
// may not see any more is not in it.
func (b *Bell) List(ctx context.Context, who staff.Actor, from string, unread bool) (p Page, err error) {
	if who.Person.IsZero() {
		return p, staff.Unsigned()
	}
	at, err := parsePlace(from)
	if err != nil {
		return p, err
	}
	for len(p.Items) < most { // a page of what may not be seen any more is not the end
		list, err := listOf(ctx, b.Store.Read(), who.Person, at, most, unread)
		if err != nil {
			return p, err
		}
		told, err := b.tell(ctx, who, list)
		if err != nil {
			return p, err
		}
		p.Items = append(p.Items, told...)
		if len(list) < most {
			p.Next = ""
			break
		}
		at = placeOf(list[len(list)-1])
		p.Next = at.String()
	}
	p.Unread, err = b.Unread(ctx, who)
	return p, err
}

// Unread returns how many somebody has not read, 100 for all more than that.
func (b *Bell) Unread(ctx context.Context, who staff.Actor) (int, error) {
	list, err := listOf(ctx, b.Store.Read(), who.Person, place{}, mostUnread, true)
	if err != nil {
		return 0, err
	}
	seen, err := b.seen(ctx, who, list)
	return len(seen), err
}

// seen keeps those that somebody may still see.
func (b *Bell) seen(ctx context.Context, who staff.Actor, list []Notification) (out []Notification, err error) {
	f := &facts{}
	if f.roster, err = b.Staff.Roster(ctx); err != nil {
		return nil, err
	}
	if err := b.look(ctx, f, conversationsOf(list)); err != nil {
		return nil, err
	}
	for _, n := range list {
		if f.may(who, n) {
			n.Unseen = !n.Conversation.IsZero() && !desk.Sees(who, f.conversations[int64(n.Conversation)])
			out = append(out, n)
		}
	}
	return out, nil
}

// may reports whether somebody may see a notification now.
func (f *facts) may(who staff.Actor, n Notification) bool {
	k, ok := kindOf(n.Kind)
	if !ok {
		return false
	}
	switch {
	case n.Conversation.IsZero() && !n.Department.IsZero():
		return desk.Works(who, desk.Conversation{Department: n.Department})
	case n.Conversation.IsZero():
		return k.for_(who)
	}
	c, ok := f.conversations[int64(n.Conversation)]
	return ok && (desk.Sees(who, c) || k.asked && desk.AskedIn(who, c))
}

// tell makes of notifications what is told, without those that may not be seen any more.
func (b *Bell) tell(ctx context.Context, who staff.Actor, list []Notification) ([]Told, error) {
	list, err := b.seen(ctx, who, list)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return b.dress(ctx, list)
}

// dress adds names to notifications of which it is known that they may be seen.
func (b *Bell) dress(ctx context.Context, list []Notification) ([]Told, error) {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	of, err := scenes(ctx, b.Store.Read(), conversationsOf(list))
	if err != nil {
		return nil, err
	}
	var accounts []int64
	for _, n := range list {
		if a, ok := number(n.About, "account:"); ok {
			accounts = append(accounts, a)
		}
	}
	named, err := handles(ctx, b.Store.Read(), accounts)
	if err != nil {
		return nil, err
	}
	out := make([]Told, 0, len(list))
	for _, n := range list {
		t := Told{Notification: n}
		if !n.Unseen {
			t.Contact, t.Excerpt = of[int64(n.Conversation)].contact, of[int64(n.Conversation)].excerpt
		}
		if p, ok := r.Person(doer(n.Who)); ok {
			t.By = p.Name
		}
		if d, ok := r.Department(n.Department); ok {
			t.In = d.Name
		}
		if a, ok := number(n.About, "account:"); ok {
			t.In = named[a]
		}
		out = append(out, t)
	}
	return out, nil
}

func conversationsOf(list []Notification) (out []int64) {
	for _, n := range list {
		if !n.Conversation.IsZero() {
			out = append(out, int64(n.Conversation))
		}
	}
	return out
}

// MarkRead notes that somebody has read some of their notifications. Those of others are left alone.
func (b *Bell) MarkRead(ctx context.Context, who staff.Actor, ids []ID) error {
	if who.Person.IsZero() {
		return staff.Unsigned()
	}
	if len(ids) > 200 {
		return fault.In("ids", "200 at a time at most: mark all instead")
	}
	if len(ids) == 0 {
		return nil
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return readThese(ctx, tx, who.Person, ids, b.Now()) })
}

// MarkAll notes that somebody has read everything up to a moment: what came after it they have not seen.
func (b *Bell) MarkAll(ctx context.Context, who staff.Actor, until time.Time) error {
	if who.Person.IsZero() {
		return staff.Unsigned()
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return readAll(ctx, tx, who.Person, until, b.Now()) })
}

// Looked notes that somebody has looked at a conversation: what told them of it is read.
func (b *Bell) Looked(ctx context.Context, who staff.Actor, c desk.ConversationID) error {
	if who.Person.IsZero() {
		return nil
	}
	some, err := unreadIn(ctx, b.Store.Read(), who.Person, c)
	if err != nil || !some {
		return err
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return readIn(ctx, tx, who.Person, c, b.Now()) })
}
