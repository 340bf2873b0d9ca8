package api

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/library"
	"switchboard/internal/staff"
)

// Hit is a message or a note that was searched for.
type Hit struct {
	Kind         string      `json:"kind" enum:"message,note"`
	Conversation Row         `json:"conversation"`
	Message      string      `json:"message" doc:"Its id, or the note's."`
	By           string      `json:"by" doc:"Who said it, by name."`
	Ours         bool        `json:"ours" doc:"One of us said it."`
	At           time.Time   `json:"at"`
	Snippet      string      `json:"snippet" doc:"The text around the first word found."`
	Parts        []desk.Part `json:"parts" nullable:"false" doc:"The same in pieces: those that were looked for are hits. It is text, never markup."`
}

// SearchPage is a stretch of what was found, and on the first page who and what else fits.
type SearchPage struct {
	Items  []Hit       `json:"items" nullable:"false"`
	Next   string      `json:"next" doc:"Give this as ?after= to read on. Empty at the end."`
	People []Row       `json:"people" nullable:"false" doc:"Contacts whose names or handles begin so, each by the newest of their conversations that you may see."`
	Others []OtherFind `json:"others" nullable:"false" doc:"What else fits: answers of the library, and contacts with whom there is no conversation."`
}

// OtherFind is something found that is not said in a conversation.
type OtherFind struct {
	Kind  string      `json:"kind" enum:"answer,contact" doc:"An entry of the library, or a contact with whom there is no conversation."`
	ID    string      `json:"id"`
	Title string      `json:"title"`
	Parts []desk.Part `json:"parts" nullable:"false" doc:"Of its text, as in a hit; of a contact a handle."`
	At    time.Time   `json:"at" doc:"When it was changed last, or came to be."`
}

type searchQuery struct {
	Q       string               `query:"q" maxLength:"500" doc:"Every word must be there. \"In quotation marks\" words stand together; a word with * may go on; -word must not be there; from:name is who says it."`
	Contact ref[contact.Contact] `query:"contact" doc:"In what is said with them."`
	Account ref[account.Account] `query:"account"`
	Since   time.Time            `query:"since" doc:"It reached us then or later."`
	Until   time.Time            `query:"until" doc:"It reached us before then."`
	Mine    bool                 `query:"mine" doc:"In the conversations you have."`
	File    bool                 `query:"file" doc:"With a picture or file."`
	Only    string               `query:"only" enum:"message,note,"`
	State   string               `query:"state" enum:"open,waiting,snoozed,closed,"`
	After   ref[desk.Message]    `query:"after"`
	Limit   int                  `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

// finders look for what is not said in conversations. One more source is one more line here: it gets the words as they were
// typed, and returns at most so many of what who asks may see, the best first.
func (s *Server) finders() []func(ctx context.Context, q string, limit int) ([]OtherFind, error) {
	return []func(ctx context.Context, q string, limit int) ([]OtherFind, error){s.findAnswers}
}

// findAnswers looks in the library.
func (s *Server) findAnswers(ctx context.Context, q string, limit int) (out []OtherFind, err error) {
	if !who(ctx).Can(staff.SeePeople) { // the library is not for their eyes
		return nil, nil
	}
	p, err := s.Library.List(ctx, who(ctx), library.Query{Words: q, View: library.InUse, Limit: limit})
	for _, h := range p.Hits {
		if h.Score < p.Hits[0].Score/2 { // it holds a word that many do
			break
		}
		out = append(out, OtherFind{Kind: "answer", ID: h.Answer.ID.String(), Title: h.Text.Title, At: h.Answer.ChangedAt,
			Parts: orNone(desk.Excerpted(library.Plain(h.Text.Body), strings.Join(h.Words, "* ")+"*"))})
	}
	return out, err
}

// silent are contacts with whom there is no conversation.
func (s *Server) silent(ctx context.Context, list []contact.Contact) (out []OtherFind, err error) {
	rows, err := s.contactRows(ctx, list)
	for k, r := range rows {
		f := OtherFind{Kind: "contact", ID: r.ID, Title: r.Name, At: list[k].CreatedAt, Parts: []desk.Part{}}
		for _, i := range r.Identities {
			if i.Handle != "" && i.Handle != r.Name {
				f.Parts = append(f.Parts, desk.Part{Text: i.Handle})
				break
			}
		}
		out = append(out, f)
	}
	return out, err
}

func (s *Server) getSearch(ctx context.Context, in *searchQuery) (*body[SearchPage], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	hits, err := s.Desk.Search(ctx, v.who, desk.Search{Words: in.Q, Contact: in.Contact.Of, Account: in.Account.Of, Since: in.Since, Until: in.Until, Mine: in.Mine,
		Files: in.File, Only: desk.Only(in.Only), State: desk.State(in.State), After: in.After.Of, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := SearchPage{Items: make([]Hit, 0, len(hits.Found)), Next: hits.Next.String(), People: []Row{}, Others: []OtherFind{}}
	for _, f := range hits.Found {
		h, err := s.hit(ctx, v, f, in.Q)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, h)
	}
	if in.After.IsZero() && in.plain() {
		people, silent, err := s.Desk.People(ctx, v.who, in.Q, 5)
		if err != nil {
			return nil, err
		}
		if out.People, err = s.rows(ctx, v, people); err != nil {
			return nil, err
		}
		if out.Others, err = s.silent(ctx, silent); err != nil {
			return nil, err
		}
		for _, find := range s.finders() {
			more, err := find(ctx, in.Q, 5)
			if err != nil {
				return nil, err
			}
			out.Others = append(out.Others, more...)
		}
	}
	return answer(out, nil)
}

// plain reports whether words alone are asked for: then names and answers may fit, too.
func (q *searchQuery) plain() bool {
	return strings.TrimSpace(q.Q) != "" && !strings.ContainsAny(q.Q, `":`) && !strings.Contains(" "+q.Q, " -") && q.Contact.IsZero() && q.Account.IsZero() && q.Since.IsZero() && q.Until.IsZero() &&
		!q.Mine && !q.File && q.Only == "" && q.State == ""
}

func (s *Server) hit(ctx context.Context, v *show, f desk.Found, q string) (h Hit, err error) {
	m := f.Message
	h = Hit{Kind: "message", Message: m.ID.String(), At: m.At, Ours: m.Direction == desk.Out, Parts: desk.Excerpted(m.Subject+" "+m.Text, q)}
	if h.Conversation, err = s.row(ctx, v, f.Row); err != nil {
		return h, err
	}
	h.By = h.Conversation.Contact.Name
	if f.Note != nil {
		h.Kind, h.Ours = "note", true
	}
	if h.Ours {
		h.By = h.Conversation.Account.Name
		if !m.Person.IsZero() {
			h.By = refPerson(v.roster, m.Person).Name
		}
	}
	if h.Parts == nil {
		h.Parts = []desk.Part{}
	}
	for _, p := range h.Parts {
		h.Snippet += p.Text
	}
	return h, nil
}
