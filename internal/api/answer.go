package api

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/library"
	"switchboard/internal/staff"
)

// AnswerText is an entry of the library in one language.
type AnswerText struct {
	Language  string   `json:"language" doc:"ISO 639-1."`
	Title     string   `json:"title"`
	Body      string   `json:"body" doc:"Markdown."`
	HTML      string   `json:"html" doc:"The same, to be shown: cleaned."`
	Plain     string   `json:"plain" doc:"The same as channels carry it."`
	Variables []string `json:"variables" nullable:"false" doc:"Names in double braces."`
	Unknown   []string `json:"unknown" nullable:"false" doc:"Of these, what is never filled in by itself."`
}

// TopicRef names a topic of the dictionary.
type TopicRef struct {
	Key  string `json:"key"`
	Name string `json:"name" doc:"The key, when the topic was removed."`
}

// AnswerLine is an entry in a list.
type AnswerLine struct {
	ID         string           `json:"id"`
	Title      string           `json:"title"`
	Excerpt    string           `json:"excerpt"`
	Language   string           `json:"language" doc:"Of title and excerpt."`
	Languages  []string         `json:"languages" nullable:"false"`
	Owner      Owner            `json:"owner"`
	Audience   library.Audience `json:"audience" enum:"public,private,inside" doc:"To whom it may be said: everybody, the contact alone, or nobody outside."`
	Topics     []TopicRef       `json:"topics" nullable:"false"`
	Intents    []string         `json:"intents" nullable:"false"`
	Tags       []string         `json:"tags" nullable:"false"`
	For        []Ref            `json:"for" nullable:"false" doc:"The departments that see it; none: everybody."`
	ReviewAt   *time.Time       `json:"reviewAt,omitempty" doc:"When somebody looks whether it is still right."`
	Stale      string           `json:"stale" enum:",due,disliked" doc:"Why it should be looked at; empty: it need not."`
	Mine       bool             `json:"mine" doc:"You or your department answer for it."`
	Version    int              `json:"version"`
	ChangedBy  *Ref             `json:"changedBy,omitempty"`
	ChangedAt  time.Time        `json:"changedAt"`
	ArchivedAt *time.Time       `json:"archivedAt,omitempty"`
	Up         int              `json:"up"`
	Down       int              `json:"down"`
	Used       int              `json:"used" doc:"In replies of the last year; what was taken back does not count."`
	Edited     int              `json:"edited" doc:"Of these, so many went out with other words."`
	LastUsed   *time.Time       `json:"lastUsed,omitempty"`
}

// Answer is an entry of the library.
type Answer struct {
	AnswerLine
	Texts     []AnswerText  `json:"texts" nullable:"false"`
	CreatedBy *Ref          `json:"createdBy,omitempty"`
	CreatedAt time.Time     `json:"createdAt"`
	Thumb     library.Thumb `json:"thumb" enum:"up,down,none" doc:"What you think of it."`
	Can       []string      `json:"can" nullable:"false" doc:"change and rate, or less."`
}

// AnswerPath names an entry.
type AnswerPath struct {
	ID ref[library.Answer] `path:"id"`
}

type answersQuery struct {
	Q          string                  `query:"q" maxLength:"500" doc:"The best found first; without it the newest change first."`
	View       library.View            `query:"view" enum:"all,review,archived" default:"all"`
	Language   string                  `query:"language" maxLength:"3"`
	Audience   string                  `query:"audience" enum:"public,private,inside"`
	Topic      string                  `query:"topic" maxLength:"100"`
	Tag        string                  `query:"tag" maxLength:"100"`
	Department ref[staff.DepartmentID] `query:"department" doc:"That owns it."`
	Mine       bool                    `query:"mine" doc:"Only what you or your departments answer for."`
	After      ref[library.Answer]     `query:"after"`
	Limit      int                     `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type answersPage struct {
	Items  []AnswerLine `json:"items" nullable:"false"`
	Next   string       `json:"next" doc:"Give this as ?after= to read on. Empty at the end."`
	All    int          `json:"all" doc:"Entries in use that you may see."`
	Review int          `json:"review" doc:"Of these, so many should be looked at."`
	Mine   int          `json:"mine" doc:"Of those to be looked at, so many are yours or your departments'."`
	Tags   []string     `json:"tags" nullable:"false"`
}

// getAnswers lists the entries that who asks may see.
func (s *Server) getAnswers(ctx context.Context, in *answersQuery) (*body[answersPage], error) {
	p, err := s.Library.List(ctx, who(ctx), library.Query{Words: in.Q, View: in.View, Language: in.Language, Audience: library.Audience(in.Audience), Topic: in.Topic, Tag: in.Tag,
		Department: staff.DepartmentID(in.Department.Of), Mine: in.Mine, After: in.After.Of, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	v, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	out := answersPage{Items: []AnswerLine{}, All: p.All, Review: p.Review, Mine: p.Mine}
	for _, h := range p.Hits {
		out.Items = append(out.Items, v.line(h.Answer, h.Text, h.Used))
	}
	if n := len(p.Hits); p.More && n > 0 {
		out.Next = p.Hits[n-1].Answer.ID.String()
	}
	tags, err := s.Library.Tags(ctx, who(ctx))
	out.Tags = orNone(tags)
	return answer(out, err)
}

// shelf is what is looked up once to show several entries.
type shelf struct {
	who    staff.Actor
	roster *staff.Roster
	topics map[string]string // names by key
	now    time.Time
}

func (s *Server) shelf(ctx context.Context) (*shelf, error) {
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.Topics.Topics(ctx)
	v := &shelf{who: who(ctx), roster: r, topics: make(map[string]string, len(list)), now: s.Now()}
	for _, t := range list {
		v.topics[t.Key] = t.Name
	}
	return v, err
}

func (v *shelf) line(a library.Answer, t library.Text, u library.Used) AnswerLine {
	out := AnswerLine{ID: a.ID.String(), Title: t.Title, Excerpt: desk.Excerpt(library.Plain(t.Body)), Language: t.Language, Languages: []string{},
		Owner: Owner{Department: refDepartment(v.roster, a.Department), Person: maybePerson(v.roster, a.Person)}, Audience: a.Audience, Topics: v.refs(a.Topics),
		Intents: orNone(a.Intents), Tags: orNone(a.Tags), For: refDepartments(v.roster, a.For), ReviewAt: unlessZero(a.ReviewAt), Stale: a.Stale(v.now), Mine: library.Owns(v.who, a),
		Version: a.Version, ChangedBy: maybePerson(v.roster, a.ChangedBy), ChangedAt: a.ChangedAt, ArchivedAt: unlessZero(a.ArchivedAt),
		Up: a.Up, Down: a.Down, Used: u.Times, Edited: u.Edited, LastUsed: unlessZero(u.Last)}
	for _, x := range a.Texts {
		out.Languages = append(out.Languages, x.Language)
	}
	return out
}

func (v *shelf) refs(keys []string) []TopicRef {
	out := make([]TopicRef, 0, len(keys))
	for _, k := range keys {
		name := v.topics[k]
		if name == "" {
			name = k
		}
		out = append(out, TopicRef{k, name})
	}
	return out
}

func showText(t library.Text) (AnswerText, error) {
	html, err := library.HTML(t.Body)
	out := AnswerText{Language: t.Language, Title: t.Title, Body: t.Body, HTML: clean(html), Plain: library.Plain(t.Body), Variables: orNone(library.Named(t.Body)), Unknown: []string{}}
	for _, name := range out.Variables {
		if !slices.Contains(library.Variables, name) {
			out.Unknown = append(out.Unknown, name)
		}
	}
	return out, err
}

func showTexts(list []library.Text) ([]AnswerText, error) {
	out := make([]AnswerText, 0, len(list))
	for _, t := range list {
		x, err := showText(t)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// oneAnswer shows an entry after a deed.
func (s *Server) oneAnswer(ctx context.Context, a library.Answer, err error) (*body[Answer], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	used, err := s.Library.UsedOf(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	out := Answer{AnswerLine: v.line(a, a.In(""), used), CreatedBy: maybePerson(v.roster, a.CreatedBy), CreatedAt: a.CreatedAt, Can: []string{}}
	if out.Texts, err = showTexts(a.Texts); err != nil {
		return nil, err
	}
	if library.MayChange(v.who, a) {
		out.Can = append(out.Can, "change")
	}
	if v.who.Can(staff.Answer) {
		out.Can = append(out.Can, "rate")
	}
	out.Thumb, err = s.Library.ThumbOf(ctx, v.who.Person, a.ID)
	return answer(out, err)
}

func (s *Server) getAnswer(ctx context.Context, in *AnswerPath) (*body[Answer], error) {
	a, err := s.Library.Answer(ctx, who(ctx), in.ID.Of)
	return s.oneAnswer(ctx, a, err)
}

// AnswerBody is what can be said of an entry: the whole of it each time.
type AnswerBody struct {
	Department staff.DepartmentID   `json:"department,omitempty" doc:"Who answers for it; absent: your department."`
	Person     staff.PersonID       `json:"person,omitempty" doc:"One person of it, or none."`
	Audience   library.Audience     `json:"audience" enum:"public,private,inside"`
	ReviewAt   time.Time            `json:"reviewAt,omitempty" doc:"Absent: it is never looked at by itself."`
	Topics     []string             `json:"topics,omitempty" maxItems:"50"`
	Intents    []string             `json:"intents,omitempty" maxItems:"50"`
	Tags       []string             `json:"tags,omitempty" maxItems:"100"`
	For        []staff.DepartmentID `json:"for,omitempty" maxItems:"200" doc:"The departments that see it; none: everybody."`
	Texts      []AnswerWords        `json:"texts" nullable:"false" maxItems:"50"`
}

// AnswerWords are what is written of an entry in one language.
type AnswerWords struct {
	Language string `json:"language" maxLength:"10"`
	Title    string `json:"title" maxLength:"1000"`
	Body     string `json:"body" doc:"Markdown; 20,000 characters are the most."`
}

func (b AnswerBody) content() library.Content {
	c := library.Content{Department: b.Department, Person: b.Person, Audience: b.Audience, ReviewAt: b.ReviewAt.UTC(), Topics: b.Topics, Intents: b.Intents, Tags: b.Tags, For: b.For}
	if b.ReviewAt.IsZero() {
		c.ReviewAt = time.Time{}
	}
	for _, t := range b.Texts {
		c.Texts = append(c.Texts, library.Text(t))
	}
	return c
}

type newAnswer struct{ Body AnswerBody }

func (s *Server) postAnswer(ctx context.Context, in *newAnswer) (*body[Answer], error) {
	a, err := s.Library.Add(ctx, who(ctx), in.Body.content())
	return s.oneAnswer(ctx, a, err)
}

type changedAnswer struct {
	AnswerPath
	Body struct {
		AnswerBody
		Version int `json:"version" minimum:"1" doc:"The version that was changed: another one is refused (409), and nothing is lost."`
	}
}

func (s *Server) putAnswer(ctx context.Context, in *changedAnswer) (*body[Answer], error) {
	a, err := s.Library.Change(ctx, who(ctx), in.ID.Of, in.Body.Version, in.Body.content())
	return s.oneAnswer(ctx, a, err)
}

type plainAnswer struct {
	AnswerPath
	Body *nothing `required:"false"`
}

func (s *Server) archiveAnswer(ctx context.Context, in *plainAnswer) (*body[Answer], error) {
	a, err := s.Library.Archive(ctx, who(ctx), in.ID.Of, true)
	return s.oneAnswer(ctx, a, err)
}

func (s *Server) unarchiveAnswer(ctx context.Context, in *plainAnswer) (*body[Answer], error) {
	a, err := s.Library.Archive(ctx, who(ctx), in.ID.Of, false)
	return s.oneAnswer(ctx, a, err)
}

type reviewForm struct {
	AnswerPath
	Body struct {
		ReviewAt time.Time `json:"reviewAt,omitempty" doc:"When it is looked at next; absent: in a year."`
	}
}

// reviewAnswer says that an entry is still right.
func (s *Server) reviewAnswer(ctx context.Context, in *reviewForm) (*body[Answer], error) {
	next := in.Body.ReviewAt
	if next.IsZero() {
		next = s.Library.NextReview()
	}
	a, err := s.Library.Reviewed(ctx, who(ctx), in.ID.Of, next)
	return s.oneAnswer(ctx, a, err)
}

type thumbForm struct {
	AnswerPath
	Body struct {
		Thumb library.Thumb `json:"thumb" enum:"up,down,none"`
	}
}

func (s *Server) rateAnswer(ctx context.Context, in *thumbForm) (*body[Answer], error) {
	a, err := s.Library.Rate(ctx, who(ctx), in.ID.Of, in.Body.Thumb)
	return s.oneAnswer(ctx, a, err)
}

// AnswerVersion is what an entry was.
type AnswerVersion struct {
	Number   int              `json:"number"`
	Deed     string           `json:"deed" doc:"added, changed, restored N, reviewed, archived, brought back."`
	Person   *Ref             `json:"person,omitempty"`
	At       time.Time        `json:"at"`
	Owner    Owner            `json:"owner"`
	Audience library.Audience `json:"audience" enum:"public,private,inside"`
	Texts    []AnswerText     `json:"texts" nullable:"false"`
}

func (s *Server) getAnswerVersions(ctx context.Context, in *AnswerPath) (*body[items[AnswerVersion]], error) {
	list, err := s.Library.Versions(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]AnswerVersion, 0, len(list))
	for _, v := range list {
		texts, err := showTexts(v.Content.Texts)
		if err != nil {
			return nil, err
		}
		out = append(out, AnswerVersion{v.Number, v.Deed, maybePerson(r, v.Person), v.At, Owner{refDepartment(r, v.Content.Department), maybePerson(r, v.Content.Person)}, v.Content.Audience, texts})
	}
	return all(out, nil)
}

// AnswerVersionPath names a version of an entry.
type AnswerVersionPath struct {
	AnswerPath
	Number int `path:"number" minimum:"1"`
}

type restoreAnswerForm struct {
	AnswerVersionPath
	Body *nothing `required:"false"`
}

func (s *Server) restoreAnswer(ctx context.Context, in *restoreAnswerForm) (*body[Answer], error) {
	a, err := s.Library.Restore(ctx, who(ctx), in.ID.Of, in.Number)
	return s.oneAnswer(ctx, a, err)
}

type previewForm struct {
	Body struct {
		Text string `json:"text" maxLength:"20000"`
	}
}

// previewAnswer shows Markdown as it will be read and as it will be sent. Nothing is kept.
func (s *Server) previewAnswer(ctx context.Context, in *previewForm) (*body[AnswerText], error) {
	if err := who(ctx).Require(staff.SeePeople); err != nil {
		return nil, err
	}
	return answer(showText(library.Text{Body: in.Body.Text}))
}

// KeptMark is something that was taken out of a reply, as it says who somebody is.
type KeptMark struct {
	Kind    string `json:"kind" enum:"name,handle,e-mail,number,link"`
	Words   string `json:"words"`
	Instead string `json:"instead" doc:"What stands in its place; empty: nothing."`
}

// ProposedAnswer is an entry made of a reply, for a person to look at.
type ProposedAnswer struct {
	Department Ref              `json:"department"`
	Audience   library.Audience `json:"audience" enum:"public,private,inside"`
	ReviewAt   time.Time        `json:"reviewAt"`
	Topics     []TopicRef       `json:"topics" nullable:"false"`
	Intents    []string         `json:"intents" nullable:"false"`
	Text       AnswerText       `json:"text"`
	Marks      []KeptMark       `json:"marks" nullable:"false"`
}

// MessagePath names a message.
type MessagePath struct {
	ID ref[desk.Message] `path:"id"`
}

// getProposedAnswer makes an entry of what was said in a message of ours. Nothing is kept.
func (s *Server) getProposedAnswer(ctx context.Context, in *MessagePath) (*body[ProposedAnswer], error) {
	p, err := s.Library.Proposed(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	v, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	text, err := showText(p.Content.Texts[0])
	out := ProposedAnswer{Department: refDepartment(v.roster, p.Content.Department), Audience: p.Content.Audience, ReviewAt: p.Content.ReviewAt, Topics: v.refs(p.Content.Topics),
		Intents: orNone(p.Content.Intents), Text: text, Marks: []KeptMark{}}
	for _, m := range p.Marks {
		out.Marks = append(out.Marks, KeptMark(m))
	}
	return answer(out, err)
}

// Piece says what was put into a reply.
type Piece struct {
	Answer   id.Of[library.Answer]     `json:"answer,omitempty" doc:"An entry of the library …"`
	Saved    id.Of[library.SavedReply] `json:"saved,omitempty" doc:"… or a saved reply."`
	Language string                    `json:"language,omitempty" maxLength:"3" doc:"In which the entry was put in."`
}

func pieces(list []Piece) []library.Piece {
	out := make([]library.Piece, 0, len(list))
	for _, p := range list {
		out = append(out, library.Piece(p))
	}
	return out
}
