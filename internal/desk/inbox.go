package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// View is a built-in list of the inbox.
type View string

const (
	Mine         View = "mine"
	MyDepartment View = "department"
	Unowned      View = "unowned" // nobody has taken it yet: it stands in a department's queue
	All          View = "all"
	SetAsideView View = "aside"
	PromisedView View = "promised" // something is promised in it that is theirs or their department's to keep
	AskedView    View = "asked"    // something is asked of them or their department in it, and it is not closed
)

// Row is a line of the inbox with what is shown in it.
type Row struct {
	Conversation
	ContactName string
	Standings   []string
	Handle      string
	Avatar      string
	Unread      bool
}

// Page is a stretch of the inbox. Next is "" at its end.
type Page struct {
	Rows []Row
	Next string
	// Until is how far back was looked when a filter fits little and the page ends before it is full; the zero time otherwise.
	// The list goes on at Next.
	Until time.Time
}

// place where a page begins: after the row with this order value and id.
type cursor struct {
	order int64
	id    ConversationID
}

func parseCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	a, b, ok := strings.Cut(s, "-")
	c.order, err = strconv.ParseInt(a, 36, 64)
	if err == nil {
		c.id, err = id.Parse[Conversation](b)
	}
	if !ok || err != nil {
		return c, fault.In("after", "this is not what a page before gave as next: begin again without it")
	}
	return c, nil
}

func (c cursor) String() string { return strconv.FormatInt(c.order, 36) + "-" + c.id.String() }

// List returns a page of what somebody may see. A filter that fits little is looked for among so many conversations at a time:
// then a page can be short, or empty, and yet have a Next.
func (d *Desk) List(ctx context.Context, who staff.Actor, q Query) (p Page, err error) {
	if err := who.Require(staff.SeeDesk); err != nil {
		return p, err
	}
	if q, err = q.ready(who); err != nil {
		return p, err
	}
	after, err := parseCursor(q.After)
	if err != nil {
		return p, err
	}
	branches, err := q.branches(who, d.House.Departments())
	if err != nil || len(branches) == 0 {
		return p, err
	}
	found, end, err := find(ctx, d.Store.Read(), branches, q, after, q.Limit+1, examined)
	if err != nil {
		return p, err
	}
	switch {
	case len(found) > q.Limit:
		found = found[:q.Limit]
		p.Next = found[q.Limit-1].String()
	case !end.id.IsZero():
		p.Next = end.String()
		if q.Order == Newest || q.Order == Oldest {
			p.Until = store.FromMicros(end.order)
		}
	}
	list, err := loaded(ctx, d.Store.Read(), found)
	if err != nil {
		return p, err
	}
	p.Rows, err = d.rows(ctx, who, list)
	return p, err
}

// branch is one stretch of one index: the page is merged from a few of them.
type branch struct {
	where string // with $n for args, from $1
	args  []any
	queue bool // of what is open in one department, which the index conversation_priority has
	still bool // of these what has no clock: ByClock it comes last, what was opened first first
}

// still are the branches of what has no clock. In a department's queue the index has them by their urgency, each at the end; of
// one person, or of what is asked or promised, there are few.
func still(list []branch) (out []branch) {
	for _, b := range list {
		b.still = true
		if !b.queue {
			b.where += ` AND clock_due = 0`
			out = append(out, b)
			continue
		}
		for u := Normal; u <= Now; u++ {
			c := b
			c.where += ` AND ` + priority + ` = ` + strconv.FormatInt(int64(Now-u)*urgencySpan+noClock, 10)
			out = append(out, c)
		}
	}
	return out
}

// branches says which rows make up a view for somebody. Each is a condition that one index answers in order, so that a page
// costs the same however much there is.
func (q Query) branches(who staff.Actor, departments []staff.DepartmentID) ([]branch, error) {
	list, err := q.stretches(who, departments)
	if q.Order == ByClock {
		list = append(list, still(list)...)
	}
	return list, err
}

// stretches are branches, without what comes last ByClock.
func (q Query) stretches(who staff.Actor, departments []staff.DepartmentID) ([]branch, error) {
	view := string(q.State)
	if view == "" {
		view = string(Open)
	}
	if q.View == SetAsideView {
		view = "aside"
	}
	if !slices.Contains([]string{"open", "waiting", "snoozed", "closed", "aside"}, view) {
		return nil, fault.In("state", "a state is open, waiting, snoozed or closed")
	}
	mine := branch{where: `person = $1 AND person <> 0 AND view = $2`, args: []any{who.Person, view}}
	byDepartment := func(list []staff.DepartmentID, where string) (out []branch) {
		for _, d := range list {
			out = append(out, branch{where: where, args: []any{d, view}, queue: view == string(Open)})
		}
		return out
	}
	// The words 'open' stand in the text, not only in a value, so that SQLite sees that a partial index will do.
	queue, unowned := `department = $1 AND view = $2`, `department = $1 AND view = $2 AND view = 'open' AND person = 0`
	if (q.Order == ByClock || q.Order == ByPriority) && view == string(Open) {
		queue += ` AND view = 'open'`
	}
	seen := who.Departments
	all := who.Can(staff.SeeAll)
	if who.Role == staff.Agency { // see Sees
		return nil, nil
	}
	if !q.Department.IsZero() {
		if !all && !who.In(q.Department) && q.View != Mine && q.View != AskedView && q.View != PromisedView {
			return nil, nil
		}
		seen = []staff.DepartmentID{q.Department}
	}
	if !q.Owner.IsZero() && q.View != AskedView && q.View != PromisedView && q.View != Mine {
		return q.owned(who, seen, view), nil
	}
	switch q.View {
	case AskedView:
		return askedBranches(who, q.Department), nil
	case PromisedView:
		return promisedBranches(who, q.Department), nil
	case Mine:
		if !q.Department.IsZero() {
			mine.where, mine.args = mine.where+` AND department = $3`, append(mine.args, q.Department)
		}
		return []branch{mine}, nil
	case MyDepartment:
		return byDepartment(seen, queue), nil
	case Unowned:
		if all && q.Department.IsZero() {
			seen = departments
		}
		return byDepartment(seen, unowned), nil
	case All, SetAsideView, "":
		if all && q.Department.IsZero() {
			if q.Order == ByClock || q.Order == ByPriority {
				return byDepartment(departments, queue), nil
			}
			return []branch{{where: `view = $1`, args: []any{view}}}, nil
		}
		out := byDepartment(seen, queue)
		if q.Department.IsZero() && !who.Person.IsZero() { // theirs, in departments that are not theirs
			out = append(out, mine)
		}
		return out, nil
	}
	return nil, fault.In("view", "a view is mine, department, unowned, all, asked, promised or aside")
}

// owned are the conversations of one person that somebody may see, in some departments of theirs.
func (q Query) owned(who staff.Actor, seen []staff.DepartmentID, view string) (out []branch) {
	const where = `person = $1 AND person <> 0 AND view = $2`
	if q.View == Unowned {
		return nil
	}
	if q.Department.IsZero() && (who.Can(staff.SeeAll) && q.View != MyDepartment || q.Owner == who.Person && q.View != MyDepartment) {
		return []branch{{where: where, args: []any{q.Owner, view}}}
	}
	for _, d := range seen {
		out = append(out, branch{where: where + ` AND department = $3`, args: []any{q.Owner, view, d}})
	}
	return out
}

// askedBranches are the conversations in which something is asked of somebody, few among many: their ids come first. of may be
// zero; otherwise only what that department owns.
func askedBranches(who staff.Actor, of staff.DepartmentID) []branch {
	// Who is to see the question alone, or one message, does not see the conversation: see Desk.Mine.
	const person = `id IN (SELECT conversation FROM request WHERE person = $1 AND person <> 0 AND state = 'open' AND shows = ''
		UNION SELECT conversation FROM request WHERE stand_in = $1 AND stand_in <> 0 AND state = 'open' AND shows = '')`
	const department = `id IN (SELECT conversation FROM request WHERE department = $1 AND state = 'open' AND shows = ''
		UNION SELECT conversation FROM request WHERE stand_in_of = $1 AND stand_in_of <> 0 AND state = 'open' AND shows = '')`
	return branchesOf(who, of, person, department)
}

// branchesOf are the conversations of which a condition on $1 holds: one for the person, one for each department of theirs. of
// may be zero; otherwise only what that department owns.
func branchesOf(who staff.Actor, of staff.DepartmentID, person, department string) (out []branch) {
	add := func(where string, args ...any) {
		if !of.IsZero() {
			where, args = where+` AND department = $2`, append(args, of)
		}
		out = append(out, branch{where: where, args: args})
	}
	if !who.Person.IsZero() {
		add(person, who.Person)
	}
	for _, d := range who.Departments {
		add(department, d)
	}
	return out
}

// rows adds what is shown beside each conversation.
func (d *Desk) rows(ctx context.Context, who staff.Actor, list []Conversation) ([]Row, error) {
	contacts, ids := make([]contact.ID, 0, len(list)), make([]ConversationID, 0, len(list))
	for _, c := range list {
		contacts, ids = append(contacts, c.Contact), append(ids, c.ID)
	}
	q := d.Store.Read()
	people, err := contact.Contacts(ctx, q, contacts)
	if err != nil {
		return nil, err
	}
	voices, err := Voices(ctx, q, list)
	if err != nil {
		return nil, err
	}
	read, err := readUpTo(ctx, q, who.Person, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[contact.ID]contact.Contact, len(people))
	for _, p := range people {
		names[p.ID] = p
	}
	rows := make([]Row, len(list))
	for k, c := range list {
		i, p := voices[c.ID], names[c.Contact]
		rows[k] = Row{Conversation: c, ContactName: p.Name, Standings: p.Standings, Handle: i.Handle, Avatar: i.Avatar,
			Unread: !who.Person.IsZero() && c.State == Open && read[c.ID] < c.LastMessage}
	}
	return rows, nil
}

// Counted are the counters of the views, for somebody, of what is open.
type Counted struct {
	Mine         int                        `json:"mine"`
	Department   int                        `json:"department"`
	Unowned      int                        `json:"unowned"`
	All          int                        `json:"all"`
	Aside        int                        `json:"aside"`
	Asked        int                        `json:"asked"`    // where something is asked of them or their departments
	Promised     int                        `json:"promised"` // where something is promised that is theirs or their departments' to keep
	ByDepartment map[staff.DepartmentID]int `json:"byDepartment"`
}

// Count returns the counters of what somebody may see.
func (d *Desk) Count(ctx context.Context, who staff.Actor) (n Counted, err error) {
	counts, err := CountsOf(ctx, d.Store.Read())
	if err != nil {
		return n, err
	}
	n.ByDepartment = map[staff.DepartmentID]int{}
	for p, k := range counts {
		in := who.In(p.department)
		mine := p.person == who.Person && !p.person.IsZero()
		if !Sees(who, Conversation{Department: p.department, Person: p.person}) {
			continue
		}
		switch p.view {
		case "aside":
			n.Aside += k
		case string(Open):
			n.All += k
			n.ByDepartment[p.department] += k
			if mine {
				n.Mine += k
			}
			if in {
				n.Department += k
			}
			if p.person.IsZero() {
				n.Unowned += k
			}
		}
	}
	if who.Role != staff.Agency {
		if n.Asked, err = countAsked(ctx, d.Store.Read(), who); err != nil {
			return n, err
		}
		n.Promised, err = countPromised(ctx, d.Store.Read(), who)
	}
	return n, err
}

// Conversation returns one that somebody may see.
func (d *Desk) Conversation(ctx context.Context, who staff.Actor, id ConversationID) (Conversation, error) {
	c, err := conversation(ctx, d.Store.Read(), id)
	if err == nil && !Sees(who, c) {
		err = noConversation()
	}
	return c, err
}

// Seen returns which of the conversations somebody may see now, for the live feed.
func (d *Desk) Seen(ctx context.Context, who staff.Actor, ids []ConversationID) (map[ConversationID]bool, error) {
	owners, err := ownersOf(ctx, d.Store.Read(), ids)
	if err != nil {
		return nil, err
	}
	out := make(map[ConversationID]bool, len(ids))
	for id, c := range owners {
		out[id] = Sees(who, c)
	}
	return out, nil
}

// SeenOf counts those of some conversations that somebody may see.
func (d *Desk) SeenOf(ctx context.Context, who staff.Actor, ids []ConversationID) (n int, err error) {
	for some := range slices.Chunk(ids, 1000) {
		sees, err := d.Seen(ctx, who, some)
		if err != nil {
			return 0, err
		}
		for _, see := range sees {
			if see {
				n++
			}
		}
	}
	return n, nil
}

// Timeline is everything of a conversation, each list oldest first.
type Timeline struct {
	Messages []Message
	Versions map[MessageID][]Version
	Media    map[MessageID][]Media
	Notes    []Note
	Said     map[contact.IdentityID]contact.Identity
}

// timelineLimit is how much of a conversation is shown at once: the newest.
const timelineLimit = 500

// Open returns a conversation's timeline for somebody who may see it.
func (d *Desk) Open(ctx context.Context, who staff.Actor, id ConversationID) (r Row, t Timeline, err error) {
	c, err := d.Conversation(ctx, who, id)
	if err != nil {
		return r, t, err
	}
	rows, err := d.rows(ctx, who, []Conversation{c})
	if err != nil {
		return r, t, err
	}
	q := d.Store.Read()
	if t.Messages, err = MessagesOf(ctx, q, id, timelineLimit); err != nil {
		return r, t, err
	}
	var edited, withMedia []MessageID
	var said []contact.IdentityID
	for _, m := range t.Messages {
		if !m.EditedAt.IsZero() {
			edited = append(edited, m.ID)
		}
		if m.Rest.Media > 0 {
			withMedia = append(withMedia, m.ID)
		}
		if !m.Identity.IsZero() && !slices.Contains(said, m.Identity) {
			said = append(said, m.Identity)
		}
	}
	if t.Versions, err = VersionsOf(ctx, q, edited); err != nil {
		return r, t, err
	}
	if t.Media, err = MediaOf(ctx, q, withMedia); err != nil {
		return r, t, err
	}
	if t.Notes, err = notesOf(ctx, q, id, timelineLimit); err != nil {
		return r, t, err
	}
	list, err := contact.Identities(ctx, q, said)
	t.Said = make(map[contact.IdentityID]contact.Identity, len(list))
	for _, i := range list {
		t.Said[i.ID] = i
	}
	return rows[0], t, err
}

// OthersOf returns a contact's newest conversations that somebody may see, but for one.
func (d *Desk) OthersOf(ctx context.Context, who staff.Actor, c contact.ID, but ConversationID, limit int) ([]Row, error) {
	list, err := conversationsOf(ctx, d.Store.Read(), c, 100)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c Conversation) bool { return c.ID == but || !Sees(who, c) })
	return d.rows(ctx, who, list[:min(limit, len(list))])
}
