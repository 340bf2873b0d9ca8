package api

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Contact is a person or outlet outside the company.
type Contact struct {
	ID            string            `json:"id"`
	Name          string            `json:"name"`
	Identities    []Identity        `json:"identities" nullable:"false"`
	Standings     []string          `json:"standings" nullable:"false"`
	StandingsBy   []StandingBy      `json:"standingsBy" nullable:"false" doc:"Who said which, as far as that is known."`
	Note          string            `json:"note"`
	Language      string            `json:"language,omitempty"`
	Fields        map[string]string `json:"fields" nullable:"false" doc:"What the house keeps beside, by its own names."`
	SeenAt        *time.Time        `json:"seenAt,omitempty" doc:"When they last wrote, to the hour."`
	Since         time.Time         `json:"since"`
	Consents      []Consent         `json:"consents" nullable:"false" doc:"What they agreed to and took back, in the order it was noted: what holds for a purpose is the last."`
	Merged        []MergedContact   `json:"merged" nullable:"false" doc:"What was merged into it and can be undone, the newest first."`
	Conversations []Row             `json:"conversations" nullable:"false" doc:"Those that you may see, the newest 50."`
	Can           []string          `json:"can" nullable:"false" doc:"edit, merge, keep (export and erase), or nothing."`
}

// StandingBy is who said a standing of a contact.
type StandingBy struct {
	Standing string    `json:"standing"`
	Person   *Ref      `json:"person,omitempty"`
	At       time.Time `json:"at"`
}

// ContactPath names a contact.
type ContactPath struct {
	ID ref[contact.Contact] `path:"id"`
}

// seesContact returns a contact's conversations that who may see. Who sees none of them, and not all by role, does not see the
// contact either.
func (s *Server) seesContact(ctx context.Context, who staff.Actor, of contact.ID) ([]desk.Row, error) {
	if list, err := contact.Contacts(ctx, s.Store.Read(), []contact.ID{of}); err == nil && len(list) == 1 && !list[0].MergedInto.IsZero() {
		if _, err := s.seesContact(ctx, who, list[0].MergedInto); err != nil { // who may not see the one that was kept does not learn of it
			return nil, err
		}
		return nil, &contact.Moved{To: list[0].MergedInto}
	}
	rows, err := s.Desk.OthersOf(ctx, who, of, 0, 50)
	if err == nil && len(rows) == 0 && !who.Can(staff.SeeAll) {
		err = fault.New(fault.NotFound, "there is no such contact, or it is not for your eyes")
	}
	return rows, err
}

// worksWith reports whether somebody works on one of a contact's conversations, and is not only asked something in it.
func worksWith(who staff.Actor, rows []desk.Row) bool {
	return who.Can(staff.SeeAll) || slices.ContainsFunc(rows, func(r desk.Row) bool { return desk.Works(who, r.Conversation) })
}

func (s *Server) getContact(ctx context.Context, in *struct{ ContactPath }) (*body[Contact], error) {
	rows, err := s.seesContact(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	c, err := contact.One(ctx, s.Store.Read(), in.ID.Of)
	if err != nil {
		return nil, err
	}
	return s.oneContact(ctx, c, rows)
}

func (s *Server) oneContact(ctx context.Context, c contact.Contact, rows []desk.Row) (*body[Contact], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	out := Contact{ID: c.ID.String(), Name: c.Name, Identities: []Identity{}, Standings: orNone(c.Standings), StandingsBy: v.standings(c), Note: c.Note,
		Language: c.Language, Fields: c.Fields, SeenAt: unlessZero(c.SeenAt), Since: c.CreatedAt, Can: []string{}}
	if out.Fields == nil {
		out.Fields = map[string]string{}
	}
	identities, err := contact.IdentitiesOf(ctx, s.Store.Read(), []contact.ID{c.ID})
	if err != nil {
		return nil, err
	}
	for _, i := range identities {
		out.Identities = append(out.Identities, showIdentity(i))
	}
	if v.who.Can(staff.ContactsChange) && worksWith(v.who, rows) {
		out.Can = append(out.Can, "edit", "merge")
	}
	if v.who.Can(staff.ContactsKeep) {
		out.Can = append(out.Can, "keep")
	}
	if err := s.keptBeside(ctx, v, c.ID, &out); err != nil {
		return nil, err
	}
	out.Conversations, err = s.rows(ctx, v, rows)
	return answer(out, err)
}

type contactForm struct {
	ContactPath
	Body struct {
		Name      *string   `json:"name,omitempty" maxLength:"300"`
		Standings *[]string `json:"standings,omitempty" maxItems:"20"`
		Note      *string   `json:"note,omitempty" maxLength:"20000"`

		Fields *map[string]string `json:"fields,omitempty" doc:"All there are afterwards."`
	}
}

func (s *Server) patchContact(ctx context.Context, in *contactForm) (*body[Contact], error) {
	a := who(ctx)
	if err := a.Require(staff.ContactsChange); err != nil {
		return nil, err
	}
	rows, err := s.seesContact(ctx, a, in.ID.Of)
	if err != nil {
		return nil, err
	}
	if !worksWith(a, rows) {
		return nil, desk.OnlyAsked()
	}
	c, err := s.Contacts.Change(ctx, a, in.ID.Of, contact.Change{Name: in.Body.Name, Standings: in.Body.Standings, Note: in.Body.Note, Fields: in.Body.Fields})
	if err != nil {
		return nil, err
	}
	return s.oneContact(ctx, c, rows)
}
