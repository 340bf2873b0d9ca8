package notify

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// entry is a journal's entry with its data read.
type entry struct {
	journal.Entry
	data  data
	owner staff.DepartmentID // of its conversation
}

// data is what the entries of the table hold, as far as it is wanted here. From is a department or a person, by the entry.
type data struct {
	Department         staff.DepartmentID
	Person, FromPerson staff.PersonID
	Author             staff.PersonID
	From               string
	OwnerDepartment    staff.DepartmentID
	OwnerPerson        staff.PersonID
	ToDepartment       staff.DepartmentID
	ToPerson           staff.PersonID
	To                 string             // whom a promise that rings is for
	Owner              staff.DepartmentID // who owned its conversation then …
	Opened, Own        bool
	Bounce             bool
	Again              bool // of an edit: it needs an answer now, and did not before
}

// department is the one an entry concerns: as it says itself, else whose the conversation is.
func (e entry) department() staff.DepartmentID {
	if e.data.Department.IsZero() {
		return e.owner
	}
	return e.data.Department
}

// facts are what must be known of a stretch of the journal to say whom it concerns.
type facts struct {
	roster        *staff.Roster
	conversations map[int64]desk.Conversation
	open          map[int64]bool
	mentions      map[string][]staff.PersonID // by the note, as entries name it
}

// members are those of a department who answer.
func (f *facts) members(d staff.DepartmentID) (out []staff.PersonID) {
	if d.IsZero() {
		return nil
	}
	for _, p := range f.roster.Members(d) {
		if staff.Can(p, staff.Answer) {
			out = append(out, p.ID)
		}
	}
	return out
}

// mayKnow reports whether somebody may be told of an entry now.
func (f *facts) mayKnow(k kind, p staff.PersonID, conversation int64) bool {
	who, ok := f.roster.Person(p)
	if !ok || who.State != staff.Active {
		return false
	}
	if conversation == 0 {
		return k.for_(who.ActorOf())
	}
	c, ok := f.conversations[conversation]
	return ok && (desk.Sees(who.ActorOf(), c) || k.asked && desk.AskedIn(who.ActorOf(), c))
}

// relevant keeps the entries that some kind tells of, with their data.
func relevant(list []journal.Entry) (out []entry) {
	for _, e := range list {
		if len(byWhat[e.What]) == 0 {
			continue
		}
		k := entry{Entry: e}
		_ = json.Unmarshal(e.Data, &k.data) // what is of another shape stays empty, and concerns nobody
		out = append(out, k)
	}
	return out
}

// know reads what must be known of entries, and fills in whose their conversations are.
func (b *Bell) know(ctx context.Context, list []entry) (*facts, error) {
	r, err := b.Staff.Look(ctx)
	if err != nil {
		return nil, err
	}
	f := &facts{roster: r, open: map[int64]bool{}, mentions: map[string][]staff.PersonID{}}
	var notes []int64
	for _, e := range list {
		if n, ok := number(e.About, "note:"); ok && e.What == journal.NoteWritten {
			notes = append(notes, n)
		}
	}
	if err := b.look(ctx, f, conversationsIn(list)); err != nil {
		return nil, err
	}
	texts, err := noteTexts(ctx, b.Store.Read(), notes)
	if err != nil {
		return nil, err
	}
	for about, text := range texts {
		f.mentions[about] = mentions(r, text)
	}
	for k := range list {
		list[k].owner = f.conversations[list[k].Conversation].Department
	}
	return f, nil
}

func conversationsIn(list []entry) (out []int64) {
	for _, e := range list {
		if e.Conversation != 0 && !slices.Contains(out, e.Conversation) {
			out = append(out, e.Conversation)
		}
	}
	return out
}

// look reads who owns conversations, and which are open.
func (b *Bell) look(ctx context.Context, f *facts, conversations []int64) (err error) {
	f.conversations = make(map[int64]desk.Conversation, len(conversations))
	ids := make([]desk.ConversationID, len(conversations))
	for k, c := range conversations {
		ids[k] = desk.ConversationID(c)
	}
	owners, err := b.Desk.Owners(ctx, ids)
	if err != nil {
		return err
	}
	for id, c := range owners {
		f.conversations[int64(id)] = c
	}
	if f.open != nil {
		f.open, err = openOf(ctx, b.Store.Read(), conversations)
	}
	return err
}

// mentions are the people a note names: "@Sue Miller", "@Sue" when there is one Sue, "@Support" for a department.
func mentions(r *staff.Roster, text string) (out []staff.PersonID) {
	text = strings.ToLower(text)
	if !strings.Contains(text, "@") {
		return nil
	}
	first := map[string]int{}
	for _, p := range r.People() {
		if p.State == staff.Active {
			first[firstName(p.Name)]++
		}
	}
	add := func(p staff.PersonID) {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, p := range r.People() {
		if p.State != staff.Active {
			continue
		}
		if names(text, strings.ToLower(p.Name)) || first[firstName(p.Name)] == 1 && names(text, firstName(p.Name)) {
			add(p.ID)
		}
	}
	for _, d := range r.Departments() {
		if names(text, strings.ToLower(d.Name)) {
			for _, p := range r.Members(d.ID) {
				add(p.ID)
			}
		}
	}
	return out
}

func firstName(name string) string {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), " ")
	return first
}

// names reports whether a text has "@name" as a word; both are in lower case.
func names(text, name string) bool {
	if name == "" {
		return false
	}
	for at := 0; ; {
		k := strings.Index(text[at:], "@"+name)
		if k < 0 {
			return false
		}
		k += at
		end := k + 1 + len(name)
		if !letterBefore(text[:k]) && !letterAfter(text[end:]) {
			return true
		}
		at = end
	}
}

func letterBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func letterAfter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// person reads an id; 0 when there is none.
func person(s string) staff.PersonID {
	p, _ := id.Parse[staff.Person](s)
	return p
}

// number reads the id of a thing that an entry is about.
func number(about, prefix string) (int64, bool) {
	rest, ok := strings.CutPrefix(about, prefix)
	if !ok {
		return 0, false
	}
	n, err := id.Parse[data](rest)
	return int64(n), err == nil
}

// doer is the person who did what an entry tells; 0 for the machine and for contacts.
func doer(who string) staff.PersonID {
	rest, ok := strings.CutPrefix(who, "person:")
	if !ok {
		return 0
	}
	return person(rest)
}

// aboutNote is how an entry names a note.
func aboutNote(n int64) string { return journal.About("note", id.Of[data](n)) }
