package api

import (
	"context"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
)

// Delivery is one outbound message on its way.
type Delivery struct {
	ID      string         `json:"id"`
	State   delivery.State `json:"state" enum:"held,queued,sending,sent,failed,unknown,cancelled"`
	Text    string         `json:"text"`
	Reason  string         `json:"reason,omitempty" doc:"Why it stands there."`
	Author  Ref            `json:"author"`
	At      time.Time      `json:"at"`
	DueAt   *time.Time     `json:"dueAt,omitempty" doc:"Not before; until then it can be taken back."`
	SentAt  *time.Time     `json:"sentAt,omitempty"`
	URL     string         `json:"url,omitempty"`
	Private bool           `json:"private"`
	// Difference is what is answered says now, when it was edited after the answer was written.
	Difference string    `json:"difference,omitempty" doc:"What it answers was edited: this is what it says now."`
	Promises   []Promise `json:"promises,omitempty" doc:"What it promises, as long as it is not sent."`
	Files      []File    `json:"files,omitempty" doc:"What goes with it."`
	Cc         []Other   `json:"cc,omitempty" nullable:"false" doc:"To whom it goes beside who is answered."`
	Part       int       `json:"part,omitempty" doc:"Which part of an answer in parts it is, from 1; each waits until the one before it is sent."`
	Parts      int       `json:"parts,omitempty" doc:"Of how many."`
	Thread     string    `json:"thread,omitempty" doc:"The id of the first of them."`
	Can        []string  `json:"can" nullable:"false" doc:"What you may do with it: approve, cancel, retry, confirmSent."`
}

// File is a picture or file that goes out with a message.
type File struct {
	Name string `json:"name"`
	Type string `json:"type" doc:"By its content."`
	Alt  string `json:"alt" doc:"What it shows, in words."`
	Size int64  `json:"size"`
	URL  string `json:"url" doc:"An address of ours."`
}

// OutgoingDelivery is a Delivery with its conversation and the account that speaks.
type OutgoingDelivery struct {
	Delivery
	Account      RowAccount `json:"account"`
	Conversation *Ref       `json:"conversation,omitempty" doc:"Named by its contact. Absent: it is a post, which answers nothing."`
}

func (s *Server) showDelivery(ctx context.Context, v *show, d delivery.Delivery) Delivery {
	out := Delivery{ID: d.ID.String(), State: d.State, Text: d.Text, Reason: sentence(d.Reason), Author: refPerson(v.roster, d.Author), At: d.CreatedAt,
		SentAt: unlessZero(d.SentAt), URL: webAddress(d.URL), Private: d.Private, Difference: d.Content.Difference, Cc: showOthers(d.Content.Cc), Can: []string{}}
	if d.Part > 0 {
		out.Part, out.Parts, out.Thread = d.Part, d.Content.Parts, d.Thread.String()
	}
	if d.State == delivery.Queued {
		out.DueAt = unlessZero(d.DueAt)
	}
	switch d.State {
	case delivery.Held, delivery.Queued, delivery.Failed, delivery.Unknown:
		list, err := s.unsaid(ctx, v, d)
		if err != nil { // as with files
			s.Log.Warn("what a message promises could not be read", "delivery", out.ID, "error", err)
		}
		out.Promises = list
	}
	files, err := s.Delivery.Files(ctx, d)
	if err != nil { // the message is shown all the same
		s.Log.Warn("the files of a message could not be read", "delivery", out.ID, "error", err)
	}
	for _, f := range files {
		out.Files = append(out.Files, File{f.Name, f.Type, f.Alt, f.Size, "/api/deliveries/" + out.ID + "/files/" + f.ID.String()})
	}
	for _, do := range s.Delivery.Can(ctx, v.who, d) {
		if do == "confirm" {
			do = "confirmSent"
		}
		out.Can = append(out.Can, do)
	}
	return out
}

// unsaid is what a delivery promises that is not sent yet.
func (s *Server) unsaid(ctx context.Context, v *show, d delivery.Delivery) ([]Promise, error) {
	if d.Conversation.IsZero() {
		return nil, nil
	}
	list, err := s.Desk.PromisesMadeBy(ctx, desk.DeliveryOf(d.ID))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	c, err := s.Desk.Conversation(ctx, v.who, d.Conversation)
	if err != nil {
		return nil, err
	}
	return s.promises(v, c, list), nil
}

func (s *Server) oneDelivery(ctx context.Context, d delivery.Delivery, err error) (*body[Delivery], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	return answer(s.showDelivery(ctx, v, d), nil)
}

// DeliveryPath names a delivery.
type DeliveryPath struct {
	ID ref[delivery.Delivery] `path:"id"`
}

type deliveryDeed struct {
	DeliveryPath
	Body *nothing `required:"false"`
}

func (s *Server) approve(ctx context.Context, in *deliveryDeed) (*body[Delivery], error) {
	d, err := s.Delivery.Approve(ctx, who(ctx), in.ID.Of)
	return s.oneDelivery(ctx, d, err)
}

func (s *Server) cancel(ctx context.Context, in *deliveryDeed) (*body[Delivery], error) {
	d, err := s.Delivery.Cancel(ctx, who(ctx), in.ID.Of)
	return s.oneDelivery(ctx, d, err)
}

func (s *Server) retry(ctx context.Context, in *deliveryDeed) (*body[Delivery], error) {
	d, err := s.Delivery.Retry(ctx, who(ctx), in.ID.Of)
	return s.oneDelivery(ctx, d, err)
}

type confirmForm struct {
	DeliveryPath
	Body struct {
		Sent bool `json:"sent" doc:"Whether it is there: you have looked."`
	}
}

func (s *Server) confirm(ctx context.Context, in *confirmForm) (*body[Delivery], error) {
	d, err := s.Delivery.Confirm(ctx, who(ctx), in.ID.Of, in.Body.Sent)
	return s.oneDelivery(ctx, d, err)
}

type deliveriesQuery struct {
	State string `query:"state" enum:"held,unknown,failed" default:"held"`
}

// getDeliveries lists what waits for people, the newest first.
func (s *Server) getDeliveries(ctx context.Context, in *deliveriesQuery) (*body[items[OutgoingDelivery]], error) {
	list, err := s.Delivery.Waiting(ctx, who(ctx), delivery.State(in.State))
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	return all(s.outgoing(ctx, v, list))
}

// outgoing shows deliveries with where they belong.
func (s *Server) outgoing(ctx context.Context, v *show, list []delivery.Delivery) ([]OutgoingDelivery, error) {
	ids := make([]desk.ConversationID, 0, len(list))
	for _, d := range list {
		if !d.Conversation.IsZero() {
			ids = append(ids, d.Conversation)
		}
	}
	names, err := s.contactNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]OutgoingDelivery, 0, len(list))
	for _, d := range list {
		a, err := s.account(ctx, v, d.Account)
		if err != nil {
			return nil, err
		}
		one := OutgoingDelivery{Delivery: s.showDelivery(ctx, v, d), Account: RowAccount{d.Account.String(), a.Name, a.Handle, a.Channel}}
		if !d.Conversation.IsZero() {
			one.Conversation = &Ref{d.Conversation.String(), names[d.Conversation]}
		}
		out = append(out, one)
	}
	return out, nil
}
