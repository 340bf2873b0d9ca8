package api

import (
	"context"
	"encoding/json"
	"slices"
	"sort"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/triage"
)

// Conversation is a row with everything in it.
type Conversation struct {
	Row
	Timeline          []Entry      `json:"timeline" nullable:"false" doc:"Oldest first; the newest 500 of each kind."`
	ContactIdentities []Identity   `json:"contactIdentities" nullable:"false"`
	Decision          Decision     `json:"decision" doc:"Whom it was put through to, and why."`
	Assessment        *Assessment  `json:"assessment,omitempty" doc:"What triage says of the last thing the contact said."`
	Topics            []OnTopic    `json:"topics" nullable:"false"`
	Suggestions       []Suggestion `json:"suggestions" nullable:"false"`
	Deliveries        []Delivery   `json:"deliveries" nullable:"false"`
	Requests          []Request    `json:"requests" nullable:"false" doc:"What was asked of others in it, the first first; the newest 500."`
	Promises          []Promise    `json:"promises" nullable:"false" doc:"What was promised in it, the first first; the newest 500."`
	Others            []Row        `json:"others" nullable:"false" doc:"The same contact's other conversations that you may see, the newest five."`
	InMail            []Row        `json:"inMail,omitempty" nullable:"false" doc:"Of a mail: the conversations with others in it who answered too, as far as you may see them."`
	ReplyAs           *ReplyAs     `json:"replyAs,omitempty" doc:"Absent when you can't answer here."`
	Lines             []Line       `json:"lines,omitempty" doc:"Where this public conversation was taken private: what is said there belongs to it."`
	Viewers           []Viewer     `json:"viewers" nullable:"false" doc:"Who else is here just now, those who write first."`
}

// filled is c with empty lists where there are none.
func (c Conversation) filled() Conversation {
	if c.Timeline == nil {
		c.Timeline = []Entry{}
	}
	if c.ContactIdentities == nil {
		c.ContactIdentities = []Identity{}
	}
	if c.Topics == nil {
		c.Topics = []OnTopic{}
	}
	if c.Suggestions == nil {
		c.Suggestions = []Suggestion{}
	}
	if c.Deliveries == nil {
		c.Deliveries = []Delivery{}
	}
	if c.Requests == nil {
		c.Requests = []Request{}
	}
	if c.Promises == nil {
		c.Promises = []Promise{}
	}
	if c.Others == nil {
		c.Others = []Row{}
	}
	if c.Viewers == nil {
		c.Viewers = []Viewer{}
	}
	return c
}

// Identity is a contact on one channel.
type Identity struct {
	ID        string `json:"id"`
	Channel   string `json:"channel"`
	Handle    string `json:"handle"`
	Name      string `json:"name"`
	URL       string `json:"url,omitempty"`
	Followers int    `json:"followers,omitempty"`
}

// Decision is whom a conversation was put through to, and why.
type Decision struct {
	Department Ref      `json:"department"`
	Person     *Ref     `json:"person,omitempty"`
	By         string   `json:"by" doc:"rule, map, model, operator, person, or path: it went on by itself."`
	Confidence float64  `json:"confidence"`
	Reasons    []string `json:"reasons" nullable:"false"`
}

// Suggestion is somebody else it could be put through to.
type Suggestion struct {
	Department Ref      `json:"department"`
	Person     *Ref     `json:"person,omitempty"`
	Confidence float64  `json:"confidence"`
	Reasons    []string `json:"reasons" nullable:"false"`
}

// Assessment is what triage says of a message.
type Assessment struct {
	Language  AssessedLanguage `json:"language"`
	Intents   []AssessedIntent `json:"intents" nullable:"false"`
	Needs     string           `json:"needs" doc:"must, courtesy or none."`
	NeedsSure float64          `json:"needsConfidence"`
	Urgency   string           `json:"urgency" doc:"now, today or normal."`
	HurrySure float64          `json:"urgencyConfidence"`
	Sentiment float64          `json:"sentiment" doc:"-1 to 1."`
	Question  bool             `json:"question"`
	Spam      float64          `json:"spam"`
	Lookalike string           `json:"lookalike,omitempty" doc:"Whose handle the author's can be taken for: one of our accounts, or a contact staff know."`
	Reasons   []AssessedReason `json:"reasons" nullable:"false"`
}

// AssessedLanguage is the language of a message.
type AssessedLanguage struct {
	Code       string  `json:"code"`
	Confidence float64 `json:"confidence"`
}

// AssessedIntent is what its author may want.
type AssessedIntent struct {
	Key        string  `json:"key"`
	Confidence float64 `json:"confidence"`
}

// AssessedReason is one thing that weighed.
type AssessedReason struct {
	What  string   `json:"what"`
	Words []string `json:"words,omitempty"`
}

// ReplyAs is who would speak, and how much they may say.
type ReplyAs struct {
	Account string `json:"account"`
	Handle  string `json:"handle"`
	Private bool   `json:"private"`
	Held    bool   `json:"held" doc:"Your words wait for somebody's approval."`
	Limits  Limits `json:"limits"`
	To      string `json:"to" doc:"Whom it goes to."`
	Parent  string `json:"parent" doc:"What it answers: the last thing the contact said."`
	// Others are there on channels on which everybody in a message can be answered.
	Others []Other `json:"others,omitempty" nullable:"false" doc:"Who else was in what is answered, and in what was said before it: an answer can go to them too, if its writer says so. At most 20."`
	More   int     `json:"more,omitempty" doc:"So many more were in what is answered, to whom it can't go too."`
}

// Other is somebody in a message beside who wrote it and us.
type Other struct {
	Address string `json:"address" doc:"What a reply names them by."`
	Handle  string `json:"handle"`
	Name    string `json:"name"`
	Earlier bool   `json:"earlier,omitempty" doc:"They were not in what is answered, but in something said before it."`
}

func showOthers(list []channel.Identity) (out []Other) {
	for _, i := range list {
		out = append(out, Other{i.RemoteID, i.Handle, i.Name, false})
	}
	return out
}

func (v *show) decision(d desk.Decision) Decision {
	o := v.owner(d.Department, d.Person)
	return Decision{o.Department, o.Person, d.By, d.Confidence, orNone(d.Reasons)}
}

// getConversation is a whole conversation.
func (s *Server) getConversation(ctx context.Context, in *struct{ ConversationPath }) (*body[Conversation], error) {
	return answer(s.whole(ctx, in.ID.Of))
}

// whole is everything of a conversation, for who asks.
func (s *Server) whole(ctx context.Context, of desk.ConversationID) (c Conversation, err error) {
	row, t, err := s.Desk.Open(ctx, who(ctx), of)
	if err != nil {
		return c, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return c, err
	}
	shown, err := s.rowsWithThreads(ctx, v, []desk.Row{row})
	if err != nil {
		return c, err
	}
	c.Row = shown[0]
	deliveries, err := delivery.Of(ctx, s.Store.Read(), of)
	if err != nil {
		return c, err
	}
	for _, d := range deliveries {
		c.Deliveries = append(c.Deliveries, s.showDelivery(ctx, v, d))
	}
	told, err := journal.Of(ctx, s.Store.Read(), int64(of), 500)
	if err != nil {
		return c, err
	}
	_, asked, err := s.Desk.Requests(ctx, v.who, of)
	if err != nil {
		return c, err
	}
	c.Requests, v.asked = v.requests(row.Conversation, asked), asked
	if _, v.promised, err = s.Desk.PromisesOf(ctx, v.who, of); err != nil {
		return c, err
	}
	c.Promises = s.promises(v, row.Conversation, v.promised)
	if v.theirs, err = contact.IdentitiesOf(ctx, s.Store.Read(), []contact.ID{row.Contact}); err != nil {
		return c, err
	}
	for _, i := range v.theirs {
		c.ContactIdentities = append(c.ContactIdentities, showIdentity(i))
	}
	c.Timeline = s.timeline(v, row, t, deliveries, c.Deliveries, told)
	if err := s.privately(ctx, v, row, &c); err != nil {
		return c, err
	}
	if err := s.beside(ctx, v, row, t, &c); err != nil {
		return c, err
	}
	c.Viewers, err = s.viewers(ctx, v.who, of)
	return c.filled(), err
}

// beside adds what stands beside the timeline.
func (s *Server) beside(ctx context.Context, v *show, row desk.Row, t desk.Timeline, c *Conversation) error {
	c.Decision = v.decision(row.Decision)
	for _, g := range row.Decision.Suggestions {
		o := v.owner(g.Department, g.Person)
		c.Suggestions = append(c.Suggestions, Suggestion{o.Department, o.Person, g.Confidence, orNone(g.Reasons)})
	}
	others, err := s.Desk.OthersOf(ctx, v.who, row.Contact, row.ID, 5)
	if err != nil {
		return err
	}
	if c.Others, err = s.rows(ctx, v, others); err != nil {
		return err
	}
	inMail, err := s.Desk.InTheSameMail(ctx, v.who, row.Conversation, t.Messages)
	if err != nil {
		return err
	}
	if c.InMail, err = s.rows(ctx, v, inMail); err != nil {
		return err
	}
	if c.Topics, err = s.topicsOf(ctx, row.ID); err != nil {
		return err
	}
	last := lastInbound(t.Messages)
	c.Assessment = assessed(last.Assessment)
	if c.ReplyAs, err = s.replyAs(ctx, v, row, last); err != nil || c.ReplyAs == nil {
		return err
	}
	list, more, err := s.Delivery.Others(ctx, row.Conversation, last, t.Messages)
	for _, o := range list {
		c.ReplyAs.Others = append(c.ReplyAs.Others, Other{o.RemoteID, o.Handle, o.Name, o.Earlier})
	}
	c.ReplyAs.More = more
	return err
}

func showIdentity(i contact.Identity) Identity {
	return Identity{i.ID.String(), i.Channel, i.Handle, i.Name, webAddress(i.URL), i.Followers}
}

func lastInbound(list []desk.Message) desk.Message {
	for k := len(list) - 1; k >= 0; k-- {
		if list[k].ByContact() {
			return list[k]
		}
	}
	return desk.Message{}
}

func assessed(kept string) *Assessment {
	var a triage.Assessment
	if kept == "" || json.Unmarshal([]byte(kept), &a) != nil {
		return nil
	}
	out := &Assessment{Language: AssessedLanguage{a.Language.Code, a.Language.Confidence}, Intents: []AssessedIntent{}, Needs: string(a.Needs),
		NeedsSure: a.NeedsConfidence, Urgency: string(a.Urgency), HurrySure: a.UrgencyConfidence, Sentiment: a.Sentiment, Question: a.Question, Spam: a.Spam, Lookalike: a.Lookalike, Reasons: []AssessedReason{}}
	for _, i := range a.Intents {
		out.Intents = append(out.Intents, AssessedIntent{i.Key, i.Confidence})
	}
	for _, r := range a.Reasons {
		out.Reasons = append(out.Reasons, AssessedReason{r.What, r.Words})
	}
	return out
}

// replyAs is nil when nobody can answer here, or not this person.
func (s *Server) replyAs(ctx context.Context, v *show, row desk.Row, last desk.Message) (*ReplyAs, error) {
	a, err := s.account(ctx, v, row.SpeaksAs(last))
	if err != nil || a.ID.IsZero() || !a.RemovedAt.IsZero() || last.ID.IsZero() || !v.who.Can(staff.Answer) || !desk.Works(v.who, row.Conversation) {
		return nil, err
	}
	may, err := s.Book.MaySpeak(ctx, s.Store.Read(), v.who, a.ID)
	to := row.Handle
	if to == "" {
		to = row.ContactName
	}
	return &ReplyAs{Account: a.ID.String(), Handle: a.Handle, Private: last.Private, Held: !may, Limits: showLimits(a.Limits), To: to, Parent: last.ID.String()}, err
}

// Entry is one entry of a timeline: a MessageEntry, a NoteEntry, an EventEntry or a CallEntry.
type Entry struct {
	at time.Time
	v  any
}

// MarshalJSON writes what it is.
func (e Entry) MarshalJSON() ([]byte, error) { return json.Marshal(e.v) }

// Schema tells huma that it is one of four.
func (Entry) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{r.Schema(typeOf[MessageEntry](), true, ""), r.Schema(typeOf[NoteEntry](), true, ""), r.Schema(typeOf[EventEntry](), true, ""), r.Schema(typeOf[CallEntry](), true, "")},
		Discriminator: &huma.Discriminator{PropertyName: "kind", Mapping: map[string]string{"message": "#/components/schemas/MessageEntry",
			"note": "#/components/schemas/NoteEntry", "event": "#/components/schemas/EventEntry", "call": "#/components/schemas/CallEntry"}}}
}

// MessageEntry is something said.
type MessageEntry struct {
	Kind      string         `json:"kind" enum:"message"`
	ID        string         `json:"id"`
	At        time.Time      `json:"at"`
	Direction desk.Direction `json:"direction" enum:"in,out"`
	Private   bool           `json:"private"`
	From      From           `json:"from"`
	To        []Other        `json:"to,omitempty" nullable:"false" doc:"Of a mail: who else is in it, beside this account and the contact."`
	Subject   string         `json:"subject,omitempty"`
	Text      string         `json:"text"`
	HTML      string         `json:"html,omitempty" doc:"Sanitised: no scripts, no styles, nothing fetched from outside."`
	Quoted    string         `json:"quoted,omitempty" doc:"Quoted history and signature."`
	Warning   string         `json:"warning,omitempty" doc:"The author's own content warning."`
	Lang      string         `json:"lang,omitempty"`
	Media     []Media        `json:"media" nullable:"false"`
	Edited    *time.Time     `json:"edited,omitempty"`
	Deleted   *time.Time     `json:"deleted,omitempty"`
	URL       string         `json:"url,omitempty" doc:"Where a person can look at it."`
	Automatic bool           `json:"automatic,omitempty" doc:"An auto-reply, a list, a bounce."`
	Doubts    []string       `json:"doubts,omitempty"`
	Delivery  *Delivery      `json:"delivery,omitempty"`
	Versions  []Version      `json:"versions,omitempty" doc:"What it said before it was edited, oldest first."`
}

// From is who said something.
type From struct {
	Name       string `json:"name"`
	Handle     string `json:"handle"`
	Avatar     string `json:"avatar,omitempty"`
	PersonName string `json:"personName,omitempty" doc:"Who of us wrote it."`
}

// Media is a picture or file of a message.
type Media struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"`
	Alt  string `json:"alt"`
	URL  string `json:"url" doc:"An address of ours."`
	Size int64  `json:"size,omitempty"`
}

// Version is what a message said before.
type Version struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// NoteEntry is something written for colleagues only.
type NoteEntry struct {
	Kind   string    `json:"kind" enum:"note"`
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Person Ref       `json:"person"`
	Text   string    `json:"text"`
}

// EventEntry is something that happened, in a sentence.
type EventEntry struct {
	Kind string    `json:"kind" enum:"event"`
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	What string    `json:"what"`
	Who  string    `json:"who"`
	Text string    `json:"text"`
}

// timeline puts what was said, noted and done into one order.
func (s *Server) timeline(v *show, row desk.Row, t desk.Timeline, deliveries []delivery.Delivery, shown []Delivery, told []journal.Entry) []Entry {
	became := map[desk.MessageID]*Delivery{}
	for k, d := range deliveries {
		if !d.Message.IsZero() {
			became[d.Message] = &shown[k]
		}
	}
	out := make([]Entry, 0, len(t.Messages)+len(t.Notes)+len(told))
	for _, m := range t.Messages {
		e := v.message(row, t, m)
		e.Delivery = became[m.ID]
		out = append(out, Entry{m.At, e})
	}
	for _, n := range t.Notes {
		out = append(out, Entry{n.At, NoteEntry{"note", n.ID.String(), n.At, refPerson(v.roster, n.Person), n.Text}})
	}
	for _, e := range told {
		if text := v.tell(e); text != "" {
			out = append(out, Entry{e.At, EventEntry{"event", eventID(e), e.At, string(e.What), v.whoDid(e.Who), text}})
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].at.Before(out[b].at) })
	return out
}

// spoken is the language of a message: as triage found it where that is sure, for a device says it of everything its owner
// writes; else as the far side says.
func spoken(m desk.Message) string {
	if a := assessed(m.Assessment); a != nil && a.Language.Confidence >= 0.8 && a.Language.Code != "und" {
		return a.Language.Code
	}
	return m.Rest.Lang
}

func (v *show) message(row desk.Row, t desk.Timeline, m desk.Message) MessageEntry {
	e := MessageEntry{Kind: "message", ID: m.ID.String(), At: m.At, Direction: m.Direction, Private: m.Private, Subject: m.Subject, Text: m.Text,
		HTML: clean(m.Rest.HTML), Quoted: m.Rest.Quoted, Warning: m.Rest.Warning, Lang: spoken(m), Media: []Media{}, Edited: unlessZero(m.EditedAt),
		Deleted: unlessZero(m.DeletedAt), URL: webAddress(m.Rest.URL), Automatic: m.Rest.Automatic, Doubts: m.Rest.Doubts}
	if i, ok := t.Said[m.Identity]; ok && m.Direction == desk.In {
		e.From = From{Name: i.Called(), Handle: i.Handle}
		if i.Avatar != "" && i.Contact == row.Contact {
			e.From.Avatar = "/api/avatars/" + i.Contact.String()
		}
	} else if a := v.accounts[m.Account]; m.Direction == desk.Out {
		e.From = From{Name: a.Name, Handle: a.Handle}
		if m.Person != 0 {
			e.From.PersonName = refPerson(v.roster, m.Person).Name
		}
	}
	if m.Kind == channel.Email {
		e.To = showOthers(alsoIn(row, t, v.theirs, m.Rest.To))
	}
	for _, x := range t.Media[m.ID] {
		e.Media = append(e.Media, Media{x.ID.String(), x.Type, x.Name, x.Alt, "/api/media/" + x.ID.String(), x.Size})
	}
	for _, x := range t.Versions[m.ID] {
		e.Versions = append(e.Versions, Version{x.At, x.Text})
	}
	return e
}

// alsoIn are those in a mail who are not its contact, by any of their identities: an echo of ours names them too.
func alsoIn(row desk.Row, t desk.Timeline, theirs []contact.Identity, list []channel.Identity) []channel.Identity {
	known := map[string]bool{channel.AddressKey(row.Handle): true}
	for _, i := range t.Said {
		known[channel.AddressKey(i.RemoteID)] = true
	}
	for _, i := range theirs {
		known[channel.AddressKey(i.RemoteID)] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(i channel.Identity) bool { return known[channel.AddressKey(i.RemoteID)] })
}

type intentsAnswer = items[Intent]

// Intent is something a message can be about.
type Intent struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

func (s *Server) getIntents(ctx context.Context, _ *struct{}) (*body[intentsAnswer], error) {
	out := []Intent{}
	for _, key := range desk.Intents() {
		out = append(out, Intent{key, titleOf(key)})
	}
	return all(out, nil)
}

// Candidate is somebody a conversation could be put through to.
type Candidate struct {
	Department Ref      `json:"department"`
	Person     *Ref     `json:"person,omitempty"`
	Reasons    []string `json:"reasons" nullable:"false"`
	Score      float64  `json:"score"`
	Working    bool     `json:"working"`
	Load       int      `json:"load"`
}

type candidatesQuery struct {
	Conversation ref[desk.Conversation] `query:"conversation" doc:"Whom it could be put through to."`
	Q            string                 `query:"q" maxLength:"500" doc:"A name, or what somebody should know about."`
}

// asksPeople is nil for who may ask others for help, and so may know who they are: an agency may not.
func asksPeople(who staff.Actor) error {
	if err := who.Require(staff.Answer); err != nil {
		return err
	}
	return who.Require(staff.SeePeople)
}

// getCandidates finds who could best have a conversation: by what was said, by a name, or by what they should know.
func (s *Server) getCandidates(ctx context.Context, in *candidatesQuery) (*body[items[Candidate]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	if err := asksPeople(v.who); err != nil {
		return nil, err
	}
	text := in.Q
	var of desk.Conversation
	if !in.Conversation.IsZero() {
		if of, err = s.Desk.Conversation(ctx, v.who, in.Conversation.Of); err != nil {
			return nil, err
		}
		if in.Q == "" {
			m, err := desk.LastInbound(ctx, s.Store.Read(), in.Conversation.Of)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			text = m.Subject + "\n" + m.Text
		}
	}
	load, _, err := s.loads(ctx)
	if err != nil {
		return nil, err
	}
	out := v.named(in.Q, load, s.Now())
	list, err := s.Brain.Candidates(ctx, text, of, 20)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		o := v.owner(c.Department, c.Person)
		one := Candidate{o.Department, o.Person, orNone(c.Reasons), c.Score, c.Working, c.Load}
		if !listed(out, one) {
			out = append(out, one)
		}
	}
	return all(out, nil)
}
