package desk

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/letters"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// SearchTopic wakes what writes the full text.
const SearchTopic = contact.SearchTopic

// Search is what somebody looks for. Words and what is not zero must all be true.
type Search struct {
	Words   string // see searchTerms
	Contact contact.ID
	Account account.ID
	Since   time.Time // when it reached us
	Until   time.Time
	Mine    bool // in what who asks owns
	Files   bool // with a picture or file
	Only    Only
	State   State
	After   MessageID // Hits.Next of the page before
	Limit   int       // 0: 30; at most 100

	department staff.DepartmentID // that owns it
	owner      staff.PersonID
	accounts   []account.ID // one of these
}

// Only narrows a search to one kind of thing said.
type Only string

const (
	Anything     Only = ""
	OnlyMessages Only = "message"
	OnlyNotes    Only = "note"
)

// Found is a message or a note that was searched for.
type Found struct {
	Row
	Message Message // its ID is the note's when Note is there
	Note    *Note
}

// Hits are what was found, the newest first. Next is zero at the end; when it is not, there may be more.
type Hits struct {
	Found []Found
	Next  MessageID
}

// passes is how many stretches of what fits the words are looked at for what the full text does not know.
const passes = 5

// Search returns the newest messages and notes that hold every word, of conversations that somebody may see.
func (d *Desk) Search(ctx context.Context, who staff.Actor, s Search) (out Hits, err error) {
	if err := who.Require(staff.SeeDesk); err != nil {
		return out, err
	}
	if who.Role == staff.Agency {
		return out, nil // see Sees
	}
	s.Limit = min(max(s.Limit, 0), 100)
	if s.Limit == 0 {
		s.Limit = 30
	}
	terms := searchTerms(s.Words)
	if err := asked(terms, s.Contact != 0 || s.Files || s.Mine || !s.Account.IsZero()); err != nil {
		return out, err
	}
	marks, ok, err := marksFor(who, s)
	if err != nil || !ok {
		return out, err
	}
	span := span{from: lowest(s.Since), before: s.After}
	if !s.Until.IsZero() && (span.before.IsZero() || lowest(s.Until) < span.before) {
		span.before = lowest(s.Until)
	}
	if span.before.IsZero() {
		span.before = 1<<63 - 1
	}
	for range passes { // what is not to be seen, or not any more, is passed over
		list, err := searched(ctx, d.Store, terms, marks, span, s.Limit+1)
		if err != nil {
			return out, err
		}
		more := len(list) > s.Limit
		list = list[:min(len(list), s.Limit)]
		found, err := d.found(ctx, who, list)
		if err != nil {
			return out, err
		}
		for _, f := range found {
			if s.fits(who, f) {
				if len(out.Found) == s.Limit {
					return out, nil
				}
				out.Found = append(out.Found, f)
				out.Next = f.Message.ID
			}
		}
		if !more {
			out.Next = 0
			return out, nil
		}
		span.before = list[len(list)-1]
		if len(out.Found) < s.Limit {
			out.Next = span.before
		}
	}
	return out, nil
}

// fits is what the full text does not know, or knew a second ago.
func (s Search) fits(who staff.Actor, f Found) bool {
	return (s.State == "" || f.State == s.State) && (!s.Mine || f.Person == who.Person) && (s.owner.IsZero() || f.Person == s.owner) &&
		(s.department.IsZero() || f.Department == s.department) && (s.Contact.IsZero() || f.Contact == s.Contact)
}

// lowest is the first id that can have been made at t; zero for the zero time.
func lowest(t time.Time) MessageID {
	if t.IsZero() {
		return 0
	}
	return MessageID(id.At(t))
}

// marks are what the full text knows of a thing said beside its words. All groups must be true, one of each.
type marks [][]string

// marksFor are the marks of what somebody looks for and may see; false when that is nothing.
func marksFor(who staff.Actor, s Search) (m marks, ok bool, err error) {
	if !who.Can(staff.SeeAll) {
		theirs := theirs(who)
		if !who.Reaches(staff.Read) || len(theirs) == 0 {
			return nil, false, nil
		}
		m = append(m, theirs)
	}
	if s.Mine {
		if who.Person.IsZero() {
			return nil, false, nil
		}
		m = append(m, []string{mark('o', int64(who.Person))})
	}
	if !s.owner.IsZero() {
		m = append(m, []string{mark('o', int64(s.owner))})
	}
	if !s.department.IsZero() {
		m = append(m, []string{mark('d', int64(s.department))})
	}
	if len(s.accounts) > 0 {
		var any []string
		for _, a := range s.accounts {
			any = append(any, mark('a', int64(a)))
		}
		m = append(m, any)
	}
	if !s.Contact.IsZero() {
		m = append(m, []string{mark('k', int64(s.Contact))})
	}
	if !s.Account.IsZero() {
		m = append(m, []string{mark('a', int64(s.Account))})
	}
	if s.Files {
		m = append(m, []string{mark('f', 1)})
	}
	switch s.Only {
	case OnlyMessages:
		m = append(m, []string{mark('m', 1)})
	case OnlyNotes:
		m = append(m, []string{mark('n', 1)})
	case Anything:
	default:
		return nil, false, fault.In("only", "look for a message or a note")
	}
	return m, true, nil
}

// theirs are the marks of what somebody sees who does not see all: what their departments own, what they own elsewhere, and where
// something is asked of them or theirs to deliver. See eyes.
func theirs(who staff.Actor) (out []string) {
	for _, of := range who.Departments {
		out = append(out, mark('d', int64(of)), mark('e', int64(of)))
	}
	if !who.Person.IsZero() {
		out = append(out, mark('o', int64(who.Person)), mark('p', int64(who.Person)))
	}
	return out
}

// eyes are the marks of who sees c: what Sees says, for the full text.
func eyes(c Conversation) (out []string) {
	add := func(kind rune, v int64) {
		if m := mark(kind, v); v != 0 && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	add('d', int64(c.Department))
	add('o', int64(c.Person))
	for _, a := range c.Asked {
		if a.Shows == ShowsAll {
			add('p', int64(a.Person))
			add('p', int64(a.StandIn))
			add('e', int64(a.Department))
			add('e', int64(a.StandInOf))
		}
	}
	for _, p := range c.Promised {
		add('p', int64(p.Person))
		add('e', int64(p.Department))
	}
	return out
}

// mark is a word that nobody can type: it begins with a letter of nobody's alphabet, and words leaves that out.
func mark(kind rune, v int64) string { return "\ue000" + string(kind) + strconv.FormatInt(v, 36) }

// named is a word of who says something, likewise.
func named(word string) string { return "\ue001" + word }

// marksOf are the marks of a thing said in c.
func marksOf(c Conversation, kind rune, file bool, names ...string) (out []string) {
	out = append(eyes(c), mark('c', int64(c.ID)), mark('a', int64(c.Account)), mark('k', int64(c.Contact)), mark(kind, 1))
	if file {
		out = append(out, mark('f', 1))
	}
	for _, n := range names {
		for _, w := range words(n) {
			if w = named(w); !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (d *Desk) found(ctx context.Context, who staff.Actor, list []MessageID) ([]Found, error) {
	said, err := sayings(ctx, d.Store.Read(), list)
	if err != nil {
		return nil, err
	}
	var ids []ConversationID
	for _, f := range said {
		if c := f.Message.Conversation; !c.IsZero() && !slices.Contains(ids, c) {
			ids = append(ids, c)
		}
	}
	conversations, err := conversationsByID(ctx, d.Store.Read(), ids)
	if err != nil {
		return nil, err
	}
	conversations = slices.DeleteFunc(conversations, func(c Conversation) bool { return !Sees(who, c) })
	rows, err := d.rows(ctx, who, conversations)
	if err != nil {
		return nil, err
	}
	byID := make(map[ConversationID]Row, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	var out []Found
	for _, id := range list {
		f := said[id]
		if r, ok := byID[f.Message.Conversation]; ok && f.Message.DeletedAt.IsZero() {
			f.Row = r
			out = append(out, f)
		}
	}
	return out, nil
}

// People returns up to limit contacts that somebody may see, with a word of a name or handle beginning as each that is asked: who
// wrote last, first. Each comes with the newest of their conversations; silent are those with whom there is none.
func (d *Desk) People(ctx context.Context, who staff.Actor, q string, limit int) (with []Row, silent []contact.Contact, err error) {
	if who.Role == staff.Agency || !who.Reaches(staff.Read) || len(words(q)) == 0 {
		return nil, nil, nil
	}
	list, err := contact.List(ctx, d.Store, contact.Query{Words: letters.First(q, 200), Limit: limit, All: who.Can(staff.SeeAll), Person: who.Person, Departments: who.Departments})
	if err != nil {
		return nil, nil, err
	}
	for _, c := range list {
		rows, err := d.OthersOf(ctx, who, c.ID, 0, 1)
		switch {
		case err != nil:
			return nil, nil, err
		case len(rows) > 0:
			with = append(with, rows[0])
		case who.Can(staff.SeeAll):
			silent = append(silent, c)
		}
	}
	return with, silent, nil
}

// KeepSearchable writes the full text of new, edited and deleted messages, and the words of contacts, in batches, until ctx ends.
// On several nodes each takes what the others have not.
func (d *Desk) KeepSearchable(ctx context.Context) {
	wake, done := d.Store.Hear(SearchTopic)
	defer done()
	for ctx.Err() == nil {
		n, err := IndexSome(ctx, d.Store, 500)
		if err != nil && !errors.Is(err, context.Canceled) {
			d.Store.Log.Warn("messages could not be made searchable; trying again", "error", err)
		}
		more := false
		if err == nil && n == 0 {
			if more, err = SweepSome(ctx, d.Store); err != nil && !errors.Is(err, context.Canceled) {
				d.Store.Log.Warn("the full text could not be rid of what was erased; trying again", "error", err)
			}
		}
		pause := 200 * time.Millisecond // a burst is not slowed by a batch after each message
		if err != nil || n == 0 && !more {
			select {
			case <-ctx.Done():
				return
			case <-wake:
			case <-time.After(30 * time.Second):
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// IndexSome makes up to limit waiting messages, notes and contacts searchable, the newest first, and returns how many it took.
func IndexSome(ctx context.Context, s *store.Store, limit int) (n int, err error) {
	err = s.Tx(ctx, func(tx *store.Tx) error {
		n = 0
		query := `SELECT message FROM search_todo ORDER BY message DESC LIMIT $1`
		if tx.Dialect() == store.Postgres {
			query += ` FOR UPDATE SKIP LOCKED`
		}
		rows, err := tx.QueryContext(ctx, query, limit)
		ids, err := store.List(rows, err, func(rows *sql.Rows) (id MessageID, err error) { return id, rows.Scan(&id) })
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		if err := writeSearch(ctx, tx, ids); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM search_todo WHERE message IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
		return err
	})
	return n, err
}
