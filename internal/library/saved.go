package library

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// SavedID is the id of a saved reply.
type SavedID = id.Of[SavedReply]

// SavedReply is a short text that is put in by its shortcut; with deeds it is a macro. Its text is plain, with variables.
type SavedReply struct {
	ID         SavedID
	Person     staff.PersonID     // whose it is; zero: it is shared …
	Department staff.DepartmentID // … with this department, or with everybody when zero
	Shortcut   string             // what is typed behind the slash, in lower case
	Name       string
	Language   string // "" for any
	Body       string // may be empty when there are deeds
	Deeds      []Deed
	Moment     Moment // when the deeds are done
	Version    int
	ChangedBy  staff.PersonID
	ChangedAt  time.Time
}

// Moment is when the deeds of a saved reply are done.
type Moment string

const (
	OnSend Moment = "send" // once the reply is accepted
	AtOnce Moment = "now"  // as soon as it is chosen
)

// Deed is what a saved reply does beside its words. Each asks its own right when it is done, and is shown before.
type Deed struct {
	Do         string             `json:"do"`                  // tag, handover, snooze, close or note
	Tags       []string           `json:"tags,omitempty"`      // tag: these are added
	Department staff.DepartmentID `json:"department,omitzero"` // handover
	Person     staff.PersonID     `json:"person,omitzero"`     // handover, to somebody of it
	Hours      int                `json:"hours,omitempty"`     // snooze: for so long
	Text       string             `json:"text,omitempty"`      // note
}

// Bounds of a saved reply.
const (
	mostSaved     = 4000
	mostDeeds     = 6
	mostShortcuts = 2000 // of one house or person
)

var shortcut = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}\p{M}_-]{0,39}$`)

// SeesSaved reports whether somebody may use a saved reply.
func SeesSaved(who staff.Actor, s SavedReply) bool {
	if who.Role == staff.Agency || !who.Can(staff.SeePeople) || !who.Can(staff.Answer) {
		return false
	}
	if !s.Person.IsZero() {
		return s.Person == who.Person
	}
	return s.Department.IsZero() || who.Can(staff.SeeAll) || who.In(s.Department)
}

// MayChangeSaved reports whether somebody may change a saved reply: one's own; what a department shares, its people; what all
// share, who sees all.
func MayChangeSaved(who staff.Actor, s SavedReply) bool {
	switch {
	case !SeesSaved(who, s):
		return false
	case !s.Person.IsZero():
		return true
	case s.Department.IsZero():
		return who.Can(staff.LibraryChange) && who.Can(staff.SeeAll)
	}
	return who.Can(staff.LibraryChange)
}

// checked is s as it is kept, or what is wrong with it.
func (s SavedReply) checked(r *staff.Roster) (SavedReply, error) {
	s.Shortcut = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s.Shortcut), "/"))
	s.Name, s.Body = strings.TrimSpace(s.Name), strings.TrimSpace(s.Body)
	if s.Moment == "" {
		s.Moment = OnSend
	}
	switch {
	case !shortcut.MatchString(s.Shortcut):
		return s, fault.In("shortcut", "a shortcut is one word of up to 40 letters and digits, with - and _ between them")
	case s.Name == "" || utf8.RuneCountInString(s.Name) > mostTitle || !seemly(s.Name) || strings.ContainsFunc(s.Name, unicode.IsControl):
		return s, fault.In("name", fmt.Sprintf("give it a name, one line of up to %d characters", mostTitle))
	case s.Moment != OnSend && s.Moment != AtOnce:
		return s, fault.In("moment", "its deeds are done on sending, or at once")
	case s.Body == "" && len(s.Deeds) == 0:
		return s, fault.In("text", "there is nothing in it: write a text, or choose what it does")
	case s.Body == "" && s.Moment == OnSend:
		return s, fault.In("moment", "without a text nothing is sent: have its deeds done at once")
	case len(s.Deeds) > mostDeeds:
		return s, fault.In("deeds", fmt.Sprintf("%d deeds are the most", mostDeeds))
	}
	if s.Language != "" {
		base, err := language.ParseBase(s.Language)
		if err != nil || len(s.Language) > 3 {
			return s, fault.In("language", fmt.Sprintf("%.20q is no language: en, de and fr are", s.Language))
		}
		s.Language = base.String()
	}
	if x, ok := r.Department(s.Department); s.Person.IsZero() && !s.Department.IsZero() && (!ok || !x.RetiredAt.IsZero()) {
		return s, fault.In("department", "there is no such department here: choose another one")
	}
	for k, d := range s.Deeds {
		var err error
		if s.Deeds[k], err = d.checked(r); err != nil {
			return s, err
		}
		if slices.ContainsFunc(s.Deeds[:k], func(o Deed) bool { return o.Do == d.Do }) {
			return s, fault.In("deeds", "each deed can be done once")
		}
	}
	if s.Body != "" {
		return s, body("text", s.Body, mostSaved)
	}
	return s, nil
}

func (d Deed) checked(r *staff.Roster) (out Deed, err error) {
	switch out = (Deed{Do: d.Do}); d.Do {
	case "close":
	case "tag":
		if out.Tags, err = tags(d.Tags); err == nil && len(out.Tags) == 0 {
			err = fault.In("deeds", "say which tag is added")
		}
	case "handover":
		x, ok := r.Department(d.Department)
		p, there := r.Person(d.Person)
		if !ok || !x.RetiredAt.IsZero() || !d.Person.IsZero() && (!there || p.State != staff.Active || !slices.Contains(p.Departments, d.Department)) {
			err = fault.In("deeds", "say whom it is put through to: a department, or a person of it")
		}
		out.Department, out.Person = d.Department, d.Person
	case "snooze":
		if out.Hours = d.Hours; d.Hours < 1 || d.Hours > 24*365 {
			err = fault.In("deeds", "it can sleep for an hour to a year")
		}
	case "note":
		out.Text = strings.TrimSpace(d.Text)
		err = body("deeds", out.Text, mostSaved)
	default:
		err = fault.In("deeds", fmt.Sprintf("%.20q is nothing a saved reply can do: tag, handover, snooze, close and note are", d.Do))
	}
	return out, err
}

// Saved is a saved reply with how often it was used.
type Saved struct {
	SavedReply
	Used Used
}

// SavedReplies returns those somebody may use, their own first, then by shortcut.
func (b *Book) SavedReplies(ctx context.Context, who staff.Actor) ([]Saved, error) {
	if err := who.Require(staff.Answer); err != nil {
		return nil, err
	}
	if err := who.Require(staff.SeePeople); err != nil {
		return nil, err
	}
	list, err := savedFor(ctx, b.Store.Read(), who.Person)
	if err != nil {
		return nil, err
	}
	used, err := b.uses(ctx)
	var out []Saved
	for _, s := range list {
		if SeesSaved(who, s) {
			out = append(out, Saved{s, used[int64(s.ID)]})
		}
	}
	slices.SortStableFunc(out, func(a, c Saved) int {
		return cmp.Or(cmp.Compare(store.Bool(a.Person.IsZero()), store.Bool(c.Person.IsZero())), cmp.Compare(a.Shortcut, c.Shortcut))
	})
	return out, err
}

func noSaved() error {
	return fault.New(fault.NotFound, "there is no such saved reply, or it is not for your eyes")
}

// SavedReply returns one that somebody may use.
func (b *Book) SavedReply(ctx context.Context, who staff.Actor, of SavedID) (SavedReply, error) {
	s, err := saved(ctx, b.Store.Read(), of)
	if err == nil && !SeesSaved(who, s) {
		err = noSaved()
	}
	return s, err
}

// Save makes a saved reply, or changes the one with its id. For a change version is the one that was changed.
func (b *Book) Save(ctx context.Context, who staff.Actor, s SavedReply) (SavedReply, error) {
	if err := who.Require(staff.Answer); err != nil {
		return s, err
	}
	if err := who.Require(staff.SeePeople); err != nil {
		return s, err
	}
	if err := who.RequireSelf(); err != nil {
		return s, err
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return s, err
	}
	if !s.Person.IsZero() { // one's own: nobody keeps any for somebody else
		if s.Person = who.Person; !s.Department.IsZero() {
			return s, fault.In("department", "your own is shared with nobody: leave the department out, or share it")
		}
	}
	if s, err = s.checked(r); err != nil {
		return s, err
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := oneByOne(ctx, tx); err != nil {
			return err
		}
		deed := "added"
		if s.ID.IsZero() {
			s.ID, s.Version = SavedID(b.Store.IDs.Next()), 0
		} else {
			was, err := saved(ctx, tx, s.ID)
			switch {
			case err != nil:
				return err
			case !SeesSaved(who, was):
				return noSaved()
			case !MayChangeSaved(who, was):
				return notShared()
			case s.Version != was.Version:
				return fault.New(fault.Conflict, "somebody else has changed this saved reply meanwhile: compare the two, then save yours as you want it")
			}
			deed = "changed"
		}
		if !MayChangeSaved(who, s) {
			return notShared()
		}
		s.Version, s.ChangedBy, s.ChangedAt = s.Version+1, who.Person, b.Now().UTC()
		if err := fits(ctx, tx, who, s); err != nil {
			return err
		}
		if err := saveSaved(ctx, tx, s); err != nil {
			return err
		}
		return journal.Write(ctx, tx, savedEntry(who, s, deed))
	})
	return s, err
}

func notShared() error {
	return fault.New(fault.Forbidden, "what a department shares is changed by its people, what everybody shares by managers and operators: keep one of your own instead")
}

// fits refuses a shortcut that another one has.
func fits(ctx context.Context, tx *store.Tx, who staff.Actor, s SavedReply) error {
	other, n, err := taken(ctx, tx, s)
	name := "“" + other.Name + "”"
	if !SeesSaved(who, other) {
		name = "a saved reply of another department"
	}
	switch {
	case err != nil:
		return err
	case n >= mostShortcuts:
		return fault.Newf(fault.Conflict, "there are %d saved replies, the most there can be: remove some first", n)
	case !other.ID.IsZero():
		return fault.In("shortcut", "/"+s.Shortcut+" is taken by "+name+": choose another shortcut")
	}
	return nil
}

// Remove removes a saved reply. What was sent with it stays.
func (b *Book) Remove(ctx context.Context, who staff.Actor, of SavedID) error {
	if err := who.RequireSelf(); err != nil {
		return err
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		s, err := saved(ctx, tx, of)
		switch {
		case err != nil:
			return err
		case !SeesSaved(who, s):
			return noSaved()
		case !MayChangeSaved(who, s):
			return notShared()
		}
		if err := removeSaved(ctx, tx, of); err != nil {
			return err
		}
		return journal.Write(ctx, tx, savedEntry(who, s, "removed"))
	})
}

// savedEntry tells of a saved reply. Of somebody's own the live feed names no id.
func savedEntry(who staff.Actor, s SavedReply, deed string) journal.Entry {
	e := journal.Entry{Who: who.Who(), What: journal.SavedReplyChanged, Data: journal.Data("deed", deed, "saved", s.ID, "version", s.Version, "department", s.Department)}
	if s.Person.IsZero() {
		e.About = journal.About("saved", s.ID)
	}
	return e
}
