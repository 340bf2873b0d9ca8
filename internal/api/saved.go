package api

import (
	"context"
	"math"
	"time"

	"switchboard/internal/library"
	"switchboard/internal/staff"
)

// SavedDeed is something that a saved reply does beside its words.
type SavedDeed struct {
	Do         string   `json:"do" enum:"tag,handover,snooze,close,note"`
	Tags       []string `json:"tags,omitempty"`
	Department *Ref     `json:"department,omitempty"`
	Person     *Ref     `json:"person,omitempty"`
	Hours      int      `json:"hours,omitempty"`
	Text       string   `json:"text,omitempty"`
}

// SavedReply is a short text that is put in by its shortcut; with deeds it is a macro.
type SavedReply struct {
	ID         string         `json:"id"`
	Own        bool           `json:"own" doc:"Yours alone; otherwise it is shared."`
	Department *Ref           `json:"department,omitempty" doc:"Shared with this department; absent: with everybody."`
	Shortcut   string         `json:"shortcut" doc:"What is typed behind the slash."`
	Name       string         `json:"name"`
	Language   string         `json:"language" doc:"Empty: any."`
	Text       string         `json:"text" doc:"Plain, with variables. May be empty when there are deeds."`
	Deeds      []SavedDeed    `json:"deeds" nullable:"false"`
	Moment     library.Moment `json:"moment" enum:"send,now" doc:"When the deeds are done: once the reply is accepted, or as soon as it is chosen."`
	Version    int            `json:"version"`
	ChangedBy  *Ref           `json:"changedBy,omitempty"`
	ChangedAt  time.Time      `json:"changedAt"`
	Used       int            `json:"used"`
	Edited     int            `json:"edited"`
	Can        []string       `json:"can" nullable:"false" doc:"change, or nothing."`
}

func showSaved(v *shelf, k library.Saved) SavedReply {
	out := SavedReply{ID: k.ID.String(), Own: !k.Person.IsZero(), Shortcut: k.Shortcut, Name: k.Name, Language: k.Language, Text: k.Body, Deeds: []SavedDeed{}, Moment: k.Moment,
		Version: k.Version, ChangedBy: maybePerson(v.roster, k.ChangedBy), ChangedAt: k.ChangedAt, Used: k.Used.Times, Edited: k.Used.Edited, Can: []string{}}
	if !k.Department.IsZero() {
		out.Department = ptr(refDepartment(v.roster, k.Department))
	}
	for _, d := range k.Deeds {
		one := SavedDeed{Do: d.Do, Tags: d.Tags, Person: maybePerson(v.roster, d.Person), Hours: d.Hours, Text: d.Text}
		if !d.Department.IsZero() {
			one.Department = ptr(refDepartment(v.roster, d.Department))
		}
		out.Deeds = append(out.Deeds, one)
	}
	if library.MayChangeSaved(v.who, k.SavedReply) {
		out.Can = append(out.Can, "change")
	}
	return out
}

func (s *Server) getSavedReplies(ctx context.Context, _ *struct{}) (*body[items[SavedReply]], error) {
	list, err := s.Library.SavedReplies(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	v, err := s.shelf(ctx)
	out := make([]SavedReply, 0, len(list))
	for _, k := range list {
		out = append(out, showSaved(v, k))
	}
	return all(out, err)
}

// SavedBody is what can be said of a saved reply: the whole of it each time.
type SavedBody struct {
	Own        bool               `json:"own" doc:"Yours alone."`
	Department staff.DepartmentID `json:"department,omitempty" doc:"Shared with it; absent, and not your own: with everybody."`
	Shortcut   string             `json:"shortcut" maxLength:"100"`
	Name       string             `json:"name" maxLength:"1000"`
	Language   string             `json:"language,omitempty" maxLength:"10"`
	Text       string             `json:"text,omitempty" maxLength:"20000"`
	Deeds      []SavedDeedBody    `json:"deeds,omitempty" maxItems:"20"`
	Moment     library.Moment     `json:"moment,omitempty" enum:"send,now"`
}

// SavedDeedBody is what can be said of one deed.
type SavedDeedBody struct {
	Do         string             `json:"do" maxLength:"20" doc:"tag, handover, snooze, close or note."`
	Tags       []string           `json:"tags,omitempty" maxItems:"50" doc:"tag: these are added."`
	Department staff.DepartmentID `json:"department,omitempty" doc:"handover"`
	Person     staff.PersonID     `json:"person,omitempty" doc:"handover, to somebody of it."`
	Hours      int                `json:"hours,omitempty" doc:"snooze: for so long."`
	Text       string             `json:"text,omitempty" maxLength:"20000" doc:"note"`
}

func (b SavedBody) reply(who staff.Actor) library.SavedReply {
	k := library.SavedReply{Department: b.Department, Shortcut: b.Shortcut, Name: b.Name, Language: b.Language, Body: b.Text, Moment: b.Moment}
	if b.Own {
		k.Person = who.Person
	}
	for _, d := range b.Deeds {
		k.Deeds = append(k.Deeds, library.Deed(d))
	}
	return k
}

func (s *Server) oneSaved(ctx context.Context, k library.SavedReply, err error) (*body[SavedReply], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	return answer(showSaved(v, library.Saved{SavedReply: k}), nil)
}

type newSaved struct{ Body SavedBody }

func (s *Server) postSaved(ctx context.Context, in *newSaved) (*body[SavedReply], error) {
	k, err := s.Library.Save(ctx, who(ctx), in.Body.reply(who(ctx)))
	return s.oneSaved(ctx, k, err)
}

// SavedPath names a saved reply.
type SavedPath struct {
	ID ref[library.SavedReply] `path:"id"`
}

type savedForm struct {
	SavedPath
	Body struct {
		SavedBody
		Version int `json:"version" minimum:"1" doc:"The version that was changed: another one is refused (409)."`
	}
}

func (s *Server) putSaved(ctx context.Context, in *savedForm) (*body[SavedReply], error) {
	k := in.Body.reply(who(ctx))
	k.ID, k.Version = in.ID.Of, in.Body.Version
	k, err := s.Library.Save(ctx, who(ctx), k)
	return s.oneSaved(ctx, k, err)
}

func (s *Server) deleteSaved(ctx context.Context, in *SavedPath) (*none, error) {
	return done(s.Library.Remove(ctx, who(ctx), in.ID.Of))
}

// Fit is an entry or a saved reply that could be put into a reply, with its words as they would stand there.
type Fit struct {
	Kind    string      `json:"kind" enum:"answer,saved"`
	ID      string      `json:"id"`
	Title   string      `json:"title"`
	Text    string      `json:"text" doc:"Plain, with the variables filled in."`
	Missing []string    `json:"missing" nullable:"false" doc:"Variables that are unknown or empty here: they stand in the text as {{name}}, for the person to fill in."`
	Words   []string    `json:"words" nullable:"false" doc:"Beginnings of words that were found, the rarest first."`
	Score   float64     `json:"score"`
	Answer  *AnswerLine `json:"answer,omitempty"`
	Saved   *SavedReply `json:"saved,omitempty"`
	On      []TopicRef  `json:"on" nullable:"false" doc:"Topics that the conversation is on too."`
}

func (s *Server) fits(ctx context.Context, list []library.Fit, err error) (*body[items[Fit]], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.shelf(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Fit, 0, len(list))
	for _, f := range list {
		one := Fit{Text: f.Text, Missing: orNone(f.Missing), Words: []string{}, Score: math.Round(f.Score*100) / 100, On: []TopicRef{}}
		if f.Hit != nil {
			line := v.line(f.Hit.Answer, f.Hit.Text, f.Hit.Used)
			one.Kind, one.ID, one.Title, one.Answer, one.Words, one.On = "answer", line.ID, line.Title, &line, orNone(f.Hit.Words), v.refs(f.Hit.Topics)
		} else {
			k := showSaved(v, *f.Saved)
			one.Kind, one.ID, one.Title, one.Saved = "saved", k.ID, k.Name, &k
		}
		out = append(out, one)
	}
	return all(out, nil)
}

type fittingQuery struct {
	ConversationPath
	Q     string `query:"q" maxLength:"500" doc:"Words to look for; without them it is what the contact said last."`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"5"`
}

// getFitting finds the entries that fit an open conversation, of those who asks may see.
func (s *Server) getFitting(ctx context.Context, in *fittingQuery) (*body[items[Fit]], error) {
	list, err := s.Library.Fitting(ctx, who(ctx), in.ID.Of, in.Q, in.Limit)
	return s.fits(ctx, list, err)
}

type slashQuery struct {
	ConversationPath
	Q     string `query:"q" maxLength:"100" doc:"What was typed behind the slash."`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"9"`
}

// getSlash is what is offered behind a slash in a reply.
func (s *Server) getSlash(ctx context.Context, in *slashQuery) (*body[items[Fit]], error) {
	list, err := s.Library.Slash(ctx, who(ctx), in.ID.Of, in.Q, in.Limit)
	return s.fits(ctx, list, err)
}
