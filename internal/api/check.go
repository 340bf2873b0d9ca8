package api

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/proof"
	"switchboard/internal/staff"
	"switchboard/internal/triage"
	"switchboard/internal/writing"
)

// Check is what there is to say about an answer before it is sent. Nothing in it forbids to send, but that it does not fit.
type Check struct {
	Remarks []Remark `json:"remarks" nullable:"false" doc:"The weightiest first."`
	Fits    bool     `json:"fits" doc:"Whether it can be said in one message, by the channel's own count."`
	Why     string   `json:"why,omitempty" doc:"Why it does not fit."`
	Parts   []string `json:"parts" nullable:"false" doc:"It does not fit, and this is how it could be said one after the other. Give these to reply, as they are or changed."`
	Links   []string `json:"links" nullable:"false" doc:"The links in it: ask check-links whether they open."`
}

// Remark is something to think about.
type Remark struct {
	Kind   proof.Kind `json:"kind" enum:"private,deadEnd,blank,language,handle" doc:"private: it tells in public what is for few eyes. deadEnd: it sends the contact away. blank: it holds a blank that nobody has filled in. language: it is in another language than the contact's. handle: whom it answers is not named, and the channel wants that."`
	Found  []Found    `json:"found" nullable:"false"`
	Is     string     `json:"is,omitempty" doc:"language: the text's."`
	Wanted []string   `json:"wanted" nullable:"false" doc:"language: the contact's; handle: who should be named."`
	Offer  string     `json:"offer,omitempty" enum:"putThrough,private" doc:"What could be done instead."`
}

// Found is a place in the text.
type Found struct {
	What string `json:"what" doc:"phone, email, iban, card, reference, document, birth, address; for a deadEnd and a blank the same word."`
	Text string `json:"text"`
}

type replyCheckForm struct {
	ConversationPath
	Body struct {
		Text     string `json:"text" maxLength:"200000"`
		Private  bool   `json:"private,omitempty" doc:"It is for the contact's eyes only."`
		Numbered bool   `json:"numbered,omitempty" doc:"The parts are to be numbered."`
	}
}

// checkReply reads an answer before it is sent.
func (s *Server) checkReply(ctx context.Context, in *replyCheckForm) (*body[Check], error) {
	if err := who(ctx).Require(staff.Answer); err != nil {
		return nil, err
	}
	row, t, err := s.Desk.Open(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	a, err := s.account(ctx, v, row.Account)
	if err != nil {
		return nil, err
	}
	last, text := lastInbound(t.Messages), in.Body.Text
	handle := t.Said[last.Identity].Handle
	tongue := triage.TongueOf(text)
	sheet := proof.Sheet{Text: text, Private: in.Body.Private || last.Private, Language: tongue.Code, Sure: tongue.Confidence, Wanted: tongues(row.Conversation, t.Messages),
		Known: v.ours()}
	if a.Limits.Named == channel.NameNeeded && handle != "" {
		sheet.Names = []string{handle}
	}
	out := Check{Remarks: []Remark{}, Parts: []string{}, Links: orNone(proof.Links(text))}
	can := deeds(v.who, row.Conversation)
	for _, r := range proof.Read(sheet) {
		out.Remarks = append(out.Remarks, showRemark(r, can))
	}
	out.Why, out.Fits = a.Limits.Fits(delivery.Addressed(a.Limits, text, handle), sheet.Private)
	if !out.Fits && !sheet.Private && strings.TrimSpace(text) != "" {
		parts, err := proof.Split(text, in.Body.Numbered, func(part string) bool {
			_, ok := a.Limits.Fits(delivery.Addressed(a.Limits, part, handle), false)
			return ok || part == ""
		})
		if err == nil {
			out.Parts = parts
		}
	}
	return answer(out, nil)
}

func showRemark(r proof.Remark, can []string) Remark {
	out := Remark{Kind: r.Kind, Found: []Found{}, Is: r.Is, Wanted: orNone(r.Wants)}
	for _, f := range r.Found {
		out.Found = append(out.Found, Found{f.What, f.Text})
	}
	switch {
	case r.Kind == proof.Private:
		out.Offer = "private"
	case r.Kind == proof.DeadEnd && slices.Contains(can, "handover"):
		out.Offer = "putThrough"
	}
	return out
}

// tongues are the languages a contact has used in a conversation, as far as triage was sure of them.
func tongues(c desk.Conversation, messages []desk.Message) []string {
	var out []string
	if c.Language != "" && c.Language != "und" {
		out = append(out, c.Language)
	}
	for k := len(messages) - 1; k >= 0 && len(out) < 10; k-- {
		m := messages[k]
		if m.Direction != desk.In {
			continue
		}
		if a := assessed(m.Assessment); a != nil && a.Language.Confidence >= 0.6 && a.Language.Code != "und" && !slices.Contains(out, a.Language.Code) {
			out = append(out, a.Language.Code)
		}
	}
	return out
}

// ours are words that are public anyway: the handles of the accounts, and all addresses of their houses.
func (v *show) ours() []string {
	out := []string{}
	for _, a := range v.accounts {
		out = append(out, a.Handle)
		if at := strings.LastIndexByte(a.Handle, '@'); a.Channel == "email" && at >= 0 {
			out = append(out, a.Handle[at:])
		}
	}
	if u, err := url.Parse(v.roster.Organisation().PublicURL); err == nil && u.Hostname() != "" {
		out = append(out, "@"+u.Hostname())
	}
	return out
}

// LinkCheck is a link and whether it opens.
type LinkCheck struct {
	URL string          `json:"url"`
	Is  writing.Opening `json:"is" enum:"opens,dead,unsure,refused"`
	Why string          `json:"why,omitempty" doc:"When it does not open, in a sentence."`
}

type linksForm struct {
	Body struct {
		Links []string `json:"links" minItems:"1" maxItems:"10" nullable:"false" doc:"Addresses of pages."`
	}
}

// checkLinks looks whether links open. Whoever writes an answer may ask.
func (s *Server) checkLinks(ctx context.Context, in *linksForm) (*body[items[LinkCheck]], error) {
	if err := who(ctx).Require(staff.Answer); err != nil {
		return nil, err
	}
	out := []LinkCheck{}
	for _, l := range s.Links.Look(ctx, in.Body.Links) {
		out = append(out, LinkCheck{l.URL, l.Is, sentence(l.Why)})
	}
	return all(out, nil)
}
