package api

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/writing"
)

// What people are about to say: drafts, who is writing, how answers leave. What is read in them stands in check.go.

func (s *Server) registerComposer(r *routes) {
	r.tag = "Writing"
	get(r, "/api/drafts", "drafts", "What you have begun to write and not sent, the newest first", s.getDrafts)
	get(r, "/api/conversations/{id}/draft", "draft", "What you have begun to write in it", s.getDraft)
	put(r, "/api/conversations/{id}/draft", "save-draft", "Keep what you have begun to write, on every device; nothing in it: forget it", s.putDraft, again)
	get(r, "/api/conversations/{id}/presence", "who-is-here", "Who else is in it just now", s.getViewers)
	put(r, "/api/conversations/{id}/presence", "be-here", "Say that you look at it, write in it, or are gone", s.putViewer, again)
	post(r, "/api/conversations/{id}/check", "check-reply", "What to think of before an answer is sent, and into which parts it would be cut; nothing is kept", s.checkReply, again, atMost(600, time.Minute))
	post(r, "/api/links/check", "check-links", "Whether links open; it takes some seconds at most", s.checkLinks, again, atMost(120, time.Minute))
}

// Draft is something you have begun to write.
type Draft struct {
	Conversation string       `json:"conversation"`
	Kind         writing.Kind `json:"kind" enum:"reply,note"`
	Text         string       `json:"text"`
	Files        []DraftFile  `json:"files" nullable:"false"`
	Private      bool         `json:"private" doc:"It was to be for the contact's eyes only."`
	Cc           []string     `json:"cc" nullable:"false" doc:"To whom else it was to go, as in a reply."`
	CcFor        string       `json:"ccFor,omitempty" doc:"The message for whose answer they were chosen, as in a reply."`
	At           time.Time    `json:"at" doc:"When it was last typed in."`
}

// DraftFile is an upload that goes with a draft.
type DraftFile struct {
	ID   writing.FileID `json:"id" doc:"Of an upload."`
	Name string         `json:"name" maxLength:"500"`
	Type string         `json:"type" maxLength:"200"`
	Size int64          `json:"size"`
	Alt  string         `json:"alt,omitempty" maxLength:"10000" doc:"What it shows, in words."`
}

func showDraft(d writing.Draft) Draft {
	out := Draft{Conversation: d.Conversation.String(), Kind: d.Kind, Text: d.Text, Files: []DraftFile{}, Private: d.Content.Private, Cc: orNone(d.Content.Cc), At: d.At}
	if !d.Content.CcFor.IsZero() {
		out.CcFor = d.Content.CcFor.String()
	}
	for _, f := range d.Content.Files {
		out.Files = append(out.Files, DraftFile(f))
	}
	return out
}

func showDrafts(list []writing.Draft, err error) (*body[items[Draft]], error) {
	out := make([]Draft, 0, len(list))
	for _, d := range list {
		out = append(out, showDraft(d))
	}
	return all(out, err)
}

// getDrafts lists your drafts in conversations that you see.
func (s *Server) getDrafts(ctx context.Context, _ *struct{}) (*body[items[Draft]], error) {
	return showDrafts(s.Writing.All(ctx, who(ctx)))
}

// getDraft is what you have begun to write in a conversation. One without words and files says since when there is none.
func (s *Server) getDraft(ctx context.Context, in *struct{ ConversationPath }) (*body[items[Draft]], error) {
	return showDrafts(s.Writing.Of(ctx, who(ctx), in.ID.Of))
}

type draftForm struct {
	ConversationPath
	Body struct {
		Kind    writing.Kind   `json:"kind" enum:"reply,note"`
		Text    string         `json:"text" maxLength:"200000"`
		Files   []DraftFile    `json:"files,omitempty" maxItems:"20"`
		Private bool           `json:"private,omitempty"`
		Cc      []string       `json:"cc,omitempty" maxItems:"20" nullable:"false"`
		CcFor   desk.MessageID `json:"ccFor,omitempty"`
		Ago     int64          `json:"ago,omitempty" minimum:"0" doc:"Milliseconds since it was last typed in: of two devices the one that was typed in last is right, whatever their clocks say."`
	}
}

// putDraft answers with the draft that stands: yours, or a newer one of another device.
func (s *Server) putDraft(ctx context.Context, in *draftForm) (*body[Draft], error) {
	b := in.Body
	d := writing.Draft{Conversation: in.ID.Of, Kind: b.Kind, Text: b.Text, Content: writing.Content{Private: b.Private, Cc: b.Cc, CcFor: b.CcFor}}
	for _, f := range b.Files {
		d.Content.Files = append(d.Content.Files, writing.File(f))
	}
	const year = 365 * 24 * time.Hour
	d, err := s.Writing.Save(ctx, who(ctx), d, time.Duration(min(b.Ago, year.Milliseconds()))*time.Millisecond)
	if err != nil {
		return nil, err
	}
	return answer(showDraft(d), nil)
}

// Viewer is somebody who is in a conversation just now.
type Viewer struct {
	ID    string        `json:"id"`
	Name  string        `json:"name"`
	Doing writing.Doing `json:"doing" enum:"looking,writing"`
	Until time.Time     `json:"until" doc:"They are gone then, unless something else is heard of them."`
}

// viewers are who else is in a conversation.
func (s *Server) viewers(ctx context.Context, but staff.Actor, of desk.ConversationID) ([]Viewer, error) {
	list, err := s.Writing.Here(ctx, but.Person, of)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Viewer, 0, len(list))
	for _, p := range list {
		ref := refPerson(r, p.Person)
		out = append(out, Viewer{ref.ID, ref.Name, p.Doing, p.Until})
	}
	return out, nil
}

func (s *Server) getViewers(ctx context.Context, in *struct{ ConversationPath }) (*body[items[Viewer]], error) {
	if _, err := s.Desk.Conversation(ctx, who(ctx), in.ID.Of); err != nil {
		return nil, err
	}
	return all(s.viewers(ctx, who(ctx), in.ID.Of))
}

type viewerForm struct {
	ConversationPath
	Body struct {
		Doing writing.Doing `json:"doing" enum:"looking,writing,gone"`
	}
}

// putViewer answers with who else is there, so that who says it need not ask.
func (s *Server) putViewer(ctx context.Context, in *viewerForm) (*body[items[Viewer]], error) {
	if err := s.Writing.Be(ctx, who(ctx), in.ID.Of, in.Body.Doing); err != nil {
		return nil, err
	}
	return all(s.viewers(ctx, who(ctx), in.ID.Of))
}

// Habits are how somebody likes their answers to leave.
type Habits struct {
	Undo int    `json:"undo" enum:"0,5,10,20,30" doc:"Seconds in which an answer can be taken back before it leaves."`
	Then string `json:"then" enum:"waiting,close,open" doc:"What becomes of the conversation."`
}

func (s *Server) habits(ctx context.Context, p staff.PersonID) (Habits, error) {
	h, err := s.Writing.HabitOf(ctx, p)
	out := Habits{int(h.Undo / time.Second), string(h.Then)}
	if h.Then == desk.Closed {
		out.Then = "close"
	}
	return out, err
}

type habitsForm struct{ Body Habits }

func (s *Server) putHabits(ctx context.Context, in *habitsForm) (*body[Session], error) {
	h := writing.Habit{Undo: time.Duration(in.Body.Undo) * time.Second, Then: desk.State(in.Body.Then)}
	if in.Body.Then == "close" {
		h.Then = desk.Closed
	}
	if err := s.Writing.SetHabit(ctx, who(ctx), h); err != nil {
		return nil, err
	}
	return answer(s.present(ctx))
}
