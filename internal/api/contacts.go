package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

func (s *Server) registerContacts(r *routes) {
	get(r, "/api/contacts", "contacts", "The contacts you may see, who wrote last first", s.getContacts, atMost(240, time.Minute))
	post(r, "/api/contacts/{id}/merge", "merge-contact", "Merge another contact into this one; it can be undone", s.mergeContact)
	post(r, "/api/merges/{id}/undo", "undo-merge", "Make two of what was merged; what came since stays where it is", s.undoMerge)
	post(r, "/api/contacts/{id}/split", "split-contact", "Take an identity out to a contact of its own, with what it alone said", s.splitContact)
	get(r, "/api/contacts/{id}/same", "same-contact", "Who may be the same person, and why", s.getSuspects, atMost(240, time.Minute))
	post(r, "/api/contacts/{id}/apart", "apart-contact", "Say that another contact is not the same person", s.sayApart)
	post(r, "/api/contacts/{id}/consents", "note-consent", "Note what a contact agreed to, or took back", s.noteConsent)
	post(r, "/api/contacts/{id}/erase", "erase-contact", "Erase all that is kept of a contact, for good", s.eraseContact, admin, people)
	raw(r, http.MethodGet, "/api/contacts/{id}/export", "export-contact", "All that is kept of a contact, as a ZIP", s.exportContact, documentExport("application/zip"), admin)
	raw(r, http.MethodGet, "/api/contacts.csv", "export-contacts", "All contacts, as CSV", s.exportContacts, documentExport("text/csv"), admin)
	post(r, "/api/contacts/import", "import-contacts", "Take contacts in from a CSV file; without keep it only tells what would happen", s.importContacts, admin, secret, upload8)
}

// upload8 lets a body be as large as a list of contacts.
func upload8(r *Route) { r.Body = 8 << 20 }

// ContactRow is a line of the list of contacts.
type ContactRow struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Standings  []string   `json:"standings" nullable:"false"`
	Language   string     `json:"language,omitempty"`
	Identities []Identity `json:"identities" nullable:"false"`
	SeenAt     *time.Time `json:"seenAt,omitempty" doc:"When they last wrote, to the hour."`
}

type contactsQuery struct {
	Q        string    `query:"q" maxLength:"200" doc:"Each word must begin a word of the name or of a handle. Who is new is found within two seconds."`
	Standing string    `query:"standing" maxLength:"40"`
	Channel  string    `query:"channel" maxLength:"40"`
	Language string    `query:"language" maxLength:"10"`
	Since    time.Time `query:"since" doc:"Who wrote since."`
	After    string    `query:"after" maxLength:"60"`
	Limit    int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *Server) getContacts(ctx context.Context, in *contactsQuery) (*body[items[ContactRow]], error) {
	a := who(ctx)
	q := contact.Query{Words: in.Q, Standing: in.Standing, Channel: in.Channel, Language: in.Language, Since: in.Since, Limit: in.Limit + 1,
		All: a.Can(staff.SeeAll), Person: a.Person, Departments: a.Departments}
	if a.Role == staff.Agency || !a.Reaches(staff.Read) {
		return all([]ContactRow{}, nil)
	}
	if seen, of, ok := strings.Cut(in.After, "-"); ok {
		at, err := strconv.ParseInt(seen, 36, 64)
		if err == nil {
			q.After.ID, err = id.Parse[contact.Contact](of)
		}
		if err != nil {
			return nil, fault.In("after", "this is not what a page before gave as next: begin again without it")
		}
		q.After.Seen = store.FromMicros(at)
	}
	list, err := contact.List(ctx, s.Store, q)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		last := list[in.Limit-1]
		next = strconv.FormatInt(store.Micros(last.SeenAt), 36) + "-" + last.ID.String()
	}
	rows, err := s.contactRows(ctx, list)
	return answer(items[ContactRow]{rows, next}, err)
}

func (s *Server) contactRows(ctx context.Context, list []contact.Contact) ([]ContactRow, error) {
	ids := make([]contact.ID, len(list))
	for k, c := range list {
		ids[k] = c.ID
	}
	identities, err := contact.IdentitiesOf(ctx, s.Store.Read(), ids)
	out := make([]ContactRow, 0, len(list))
	for _, c := range list {
		row := ContactRow{ID: c.ID.String(), Standings: orNone(c.Standings), Language: c.Language, Identities: []Identity{}, SeenAt: unlessZero(c.SeenAt)}
		handle := ""
		for _, i := range identities {
			if i.Contact == c.ID {
				row.Identities = append(row.Identities, showIdentity(i))
				handle = row.Identities[0].Handle
			}
		}
		row.Name = contact.Shown(c.Name, handle)
		out = append(out, row)
	}
	return out, err
}

// worksWithContact is nil when somebody may change a contact: they work on one of its conversations, or see all.
func (s *Server) worksWithContact(ctx context.Context, a staff.Actor, of contact.ID) error {
	if err := a.Require(staff.ContactsChange); err != nil {
		return err
	}
	rows, err := s.seesContact(ctx, a, of)
	if err == nil && !worksWith(a, rows) {
		err = desk.OnlyAsked()
	}
	return err
}

// MergedContact is a contact that was merged into another.
type MergedContact struct {
	ID     string    `json:"id" doc:"Of the merge, to undo it."`
	Name   string    `json:"name"`
	By     *Ref      `json:"by,omitempty"`
	At     time.Time `json:"at"`
	Handle []string  `json:"handles" nullable:"false" doc:"The identities that came with it."`
}

// Consent is what a contact agreed to, or took back.
type Consent struct {
	ID      string    `json:"id"`
	Purpose string    `json:"purpose"`
	Given   bool      `json:"given" doc:"False: taken back, or refused."`
	Proof   string    `json:"proof" doc:"By what it can be shown."`
	At      time.Time `json:"at"`
	By      *Ref      `json:"by,omitempty" doc:"Who noted it."`
}

func (v *show) standings(c contact.Contact) []StandingBy {
	out := []StandingBy{}
	for _, name := range slices.Sorted(maps.Keys(c.StoodBy)) {
		said := c.StoodBy[name]
		if said.At.IsZero() {
			continue
		}
		out = append(out, StandingBy{name, v.somebody(said.Person), said.At})
	}
	return out
}

func (v *show) somebody(p staff.PersonID) *Ref {
	if p.IsZero() {
		return nil
	}
	return ptr(refPerson(v.roster, p))
}

// keptBeside adds what is kept beside a contact.
func (s *Server) keptBeside(ctx context.Context, v *show, of contact.ID, out *Contact) error {
	out.Consents, out.Merged = []Consent{}, []MergedContact{}
	consents, err := contact.Consents(ctx, s.Store.Read(), of)
	if err != nil {
		return err
	}
	for _, c := range consents {
		out.Consents = append(out.Consents, Consent{c.ID.String(), c.Purpose, c.Given, c.Proof, c.At, v.somebody(c.By)})
	}
	merges, err := desk.MergesOf(ctx, s.Store.Read(), of)
	for _, m := range merges {
		out.Merged = append(out.Merged, showMerge(v, m, out.Identities))
	}
	return err
}

func showMerge(v *show, m desk.Merge, identities []Identity) MergedContact {
	out := MergedContact{m.ID.String(), m.Moved.Name, v.somebody(m.By), m.At, []string{}}
	for _, i := range identities {
		if slices.ContainsFunc(m.Moved.Identities, func(of contact.IdentityID) bool { return of.String() == i.ID }) {
			out.Handle = append(out.Handle, i.Handle)
		}
	}
	return out
}

type mergeForm struct {
	ContactPath
	Body struct {
		Other id.Of[contact.Contact] `json:"other" doc:"The contact that goes: all that is theirs comes to this one."`
	}
}

// MergeDone is what a merge, or its undoing, came to.
type MergeDone struct {
	ID            string `json:"id" doc:"To undo it."`
	Contact       string `json:"contact" doc:"The contact that was kept."`
	Other         string `json:"other" doc:"The other: after an undo it is a contact of its own again."`
	Conversations int    `json:"conversations" doc:"So many conversations that you may see moved."`
	Left          int    `json:"left" doc:"After an undo: so many that you may see, in which the other spoke since, stay with the one that was kept."`
}

func (s *Server) mergeContact(ctx context.Context, in *mergeForm) (*body[MergeDone], error) {
	a := who(ctx)
	for _, of := range []contact.ID{in.ID.Of, in.Body.Other} {
		if err := s.worksWithContact(ctx, a, of); err != nil {
			return nil, err
		}
	}
	m, err := s.Desk.Merge(ctx, a, in.ID.Of, in.Body.Other)
	if err != nil {
		return nil, err
	}
	moved, err := s.Desk.SeenOf(ctx, a, m.Moved.Conversations)
	return answer(MergeDone{m.ID.String(), m.Kept.String(), m.Gone.String(), moved, 0}, err)
}

// MergePath names a merge.
type MergePath struct {
	ID ref[desk.Merge] `path:"id"`
}

type undoForm struct {
	MergePath
	Body *nothing `required:"false"`
}

func (s *Server) undoMerge(ctx context.Context, in *undoForm) (*body[MergeDone], error) {
	a := who(ctx)
	m, err := desk.OneMerge(ctx, s.Store.Read(), in.ID.Of)
	if err == nil {
		err = s.worksWithContact(ctx, a, m.Kept)
	}
	if err != nil {
		if fault.Is(err, fault.Gone) {
			err = fault.New(fault.Conflict, "the contact it was merged into was itself merged since: undo that first")
		}
		return nil, err
	}
	u, err := s.Desk.UndoMerge(ctx, a, in.ID.Of)
	if err != nil {
		return nil, err
	}
	moved, err := s.Desk.SeenOf(ctx, a, u.Moved.Conversations)
	if err != nil {
		return nil, err
	}
	left, err := s.Desk.SeenOf(ctx, a, u.Left)
	return answer(MergeDone{u.ID.String(), u.Kept.String(), u.Gone.String(), moved, left}, err)
}

type splitForm struct {
	ContactPath
	Body struct {
		Identity id.Of[contact.Identity] `json:"identity"`
	}
}

// SplitDone is what a split came to.
type SplitDone struct {
	Contact       string `json:"contact" doc:"The new one."`
	Name          string `json:"name"`
	Conversations int    `json:"conversations" doc:"So many that you may see went with it."`
}

func (s *Server) splitContact(ctx context.Context, in *splitForm) (*body[SplitDone], error) {
	a := who(ctx)
	if err := s.worksWithContact(ctx, a, in.ID.Of); err != nil {
		return nil, err
	}
	c, moved, err := s.Desk.Split(ctx, a, in.ID.Of, in.Body.Identity)
	if err != nil {
		return nil, err
	}
	n, err := s.Desk.SeenOf(ctx, a, moved)
	return answer(SplitDone{c.ID.String(), c.Name, n}, err)
}

// Suspect is a contact that may be the same person.
type Suspect struct {
	ContactRow
	Score   float64  `json:"score" doc:"How sure, 0 to 1."`
	Reasons []string `json:"reasons" nullable:"false"`
}

func (s *Server) getSuspects(ctx context.Context, in *struct{ ContactPath }) (*body[items[Suspect]], error) {
	a := who(ctx)
	if _, err := s.seesContact(ctx, a, in.ID.Of); err != nil {
		return nil, err
	}
	list, err := contact.Suspects(ctx, s.Store.Read(), in.ID.Of)
	if err != nil {
		return nil, err
	}
	out := []Suspect{}
	for _, f := range list {
		if _, err := s.seesContact(ctx, a, f.Contact.ID); err != nil { // who may not see somebody does not learn of them
			continue
		}
		rows, err := s.contactRows(ctx, []contact.Contact{f.Contact})
		if err != nil {
			return nil, err
		}
		out = append(out, Suspect{rows[0], f.Score, f.Reasons})
	}
	return all(out, nil)
}

func (s *Server) sayApart(ctx context.Context, in *mergeForm) (*none, error) {
	a := who(ctx)
	for _, of := range []contact.ID{in.ID.Of, in.Body.Other} {
		if err := s.worksWithContact(ctx, a, of); err != nil {
			return nil, err
		}
	}
	return done(s.Contacts.Apart(ctx, a, in.ID.Of, in.Body.Other))
}

type consentForm struct {
	ContactPath
	Body struct {
		Purpose string    `json:"purpose" minLength:"1" maxLength:"100"`
		Given   bool      `json:"given"`
		Proof   string    `json:"proof,omitempty" maxLength:"1000"`
		At      time.Time `json:"at,omitzero"`
	}
}

func (s *Server) noteConsent(ctx context.Context, in *consentForm) (*body[Consent], error) {
	a := who(ctx)
	if err := s.worksWithContact(ctx, a, in.ID.Of); err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Contacts.NoteConsent(ctx, a, contact.Consent{Contact: in.ID.Of, Purpose: in.Body.Purpose, Given: in.Body.Given, Proof: in.Body.Proof, At: in.Body.At})
	return answer(Consent{c.ID.String(), c.Purpose, c.Given, c.Proof, c.At, v.somebody(c.By)}, err)
}

type eraseForm struct {
	ContactPath
	Body struct {
		Name string `json:"name" maxLength:"300" doc:"The name as it is shown, typed by who asks."`
	}
}

// EraseDone is how much was erased.
type EraseDone struct {
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
}

func (s *Server) eraseContact(ctx context.Context, in *eraseForm) (*body[EraseDone], error) {
	e, err := s.Desk.Erase(ctx, who(ctx), in.ID.Of, in.Body.Name)
	return answer(EraseDone{e.Conversations, e.Messages}, err)
}

func documentExport(kind string) func(*huma.Operation) {
	return func(op *huma.Operation) {
		op.Responses["200"] = &huma.Response{Description: "The file.", Content: map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
		op.Responses["default"] = &huma.Response{Description: "What went wrong, and what to do."}
		if strings.Contains(op.Path, "{id}") {
			op.Parameters = append(op.Parameters, &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
		}
	}
}

func (s *Server) exportContact(w http.ResponseWriter, r *http.Request) {
	of, err := id.Parse[contact.Contact](r.PathValue("id"))
	if err != nil {
		s.refuse(w, r, fault.New(fault.NotFound, "there is no such contact, or it is not for your eyes"))
		return
	}
	write, err := s.Desk.Export(r.Context(), who(r.Context()), of)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="contact-`+of.String()+`.zip"`)
	w.Header().Set("Cache-Control", "no-store")
	if err := write(r.Context(), w); err != nil {
		s.Log.Error("an export broke off", "contact", of.String(), "error", err)
		panic(http.ErrAbortHandler) // a file that looks whole and is not would be worse
	}
}

func (s *Server) exportContacts(w http.ResponseWriter, r *http.Request) {
	write, err := s.Contacts.Export(r.Context(), who(r.Context()))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="contacts.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	if err := write(r.Context(), w); err != nil {
		s.Log.Error("an export broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
}

type importForm struct {
	Body struct {
		Data    []byte   `json:"data" doc:"The file, in base64."`
		Mapping []string `json:"mapping,omitempty" doc:"What each column holds; absent: guessed from the headings."`
		Keep    bool     `json:"keep,omitempty" doc:"Write it. Absent: only tell what would happen."`
	}
}

// Imported is what an import did, or would do.
type Imported struct {
	Header  []string          `json:"header" nullable:"false"`
	Mapping []string          `json:"mapping" nullable:"false" doc:"name, first, last, email, number, standings, note, language, field:NAME, or empty: left out."`
	Sample  [][]string        `json:"sample" nullable:"false" doc:"The first three lines."`
	New     int               `json:"new"`
	Changed int               `json:"changed"`
	Same    int               `json:"same"`
	Wrong   int               `json:"wrong"`
	Lines   []contact.Outcome `json:"lines" nullable:"false" doc:"What is wrong first, then the others; 500 at most."`
	Problem string            `json:"problem,omitempty" doc:"Why nothing can be said of the lines yet: the columns must be said first."`
	Kept    bool              `json:"kept"`
}

func (s *Server) importContacts(ctx context.Context, in *importForm) (*body[Imported], error) {
	a := who(ctx)
	if err := a.Require(staff.ContactsKeep); err != nil {
		return nil, err
	}
	sheet, err := contact.ReadSheet(in.Body.Data)
	if err != nil {
		return nil, err
	}
	out := Imported{Header: sheet.Header, Mapping: in.Body.Mapping, Sample: sheet.Lines[:min(3, len(sheet.Lines))], Lines: []contact.Outcome{}}
	if out.Mapping == nil {
		out.Mapping = contact.Guess(sheet.Header)
	}
	list, err := s.Contacts.Import(ctx, a, sheet, out.Mapping, in.Body.Keep)
	if err != nil {
		if !in.Body.Keep && fault.Is(err, fault.Invalid) {
			out.Problem = sentence(err.Error())
			return answer(out, nil)
		}
		return nil, err
	}
	out.Kept = in.Body.Keep
	for _, o := range list {
		*map[string]*int{"new": &out.New, "changed": &out.Changed, "same": &out.Same, "wrong": &out.Wrong}[o.Deed]++
	}
	slices.SortStableFunc(list, func(a, b contact.Outcome) int {
		return map[bool]int{true: 0, false: 1}[a.Deed == "wrong"] - map[bool]int{true: 0, false: 1}[b.Deed == "wrong"]
	})
	out.Lines = append(out.Lines, list[:min(500, len(list))]...)
	return answer(out, nil)
}
