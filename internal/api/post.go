package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/account"
	"switchboard/internal/delivery"
	"switchboard/internal/id"
)

// Picture is a file of a post: one that was given to us before, and what it shows.
type Picture struct {
	ID  delivery.UploadID `json:"id" doc:"Of an upload."`
	Alt string            `json:"alt,omitempty" maxLength:"10000" doc:"What it shows, for those who can't see it."`
}

type postForm struct {
	Body struct {
		Accounts []account.ID `json:"accounts" minItems:"1" maxItems:"20" nullable:"false" doc:"As whom it is said: each says it once. Where you may not speak, it is held for an approval."`
		Text     string       `json:"text" maxLength:"200000"`
		Media    []Picture    `json:"media,omitempty" maxItems:"20"`
		Language string       `json:"language,omitempty" maxLength:"35" doc:"A language tag, such as en or pt-BR."`
		Undo     int          `json:"undo,omitempty" minimum:"0" maximum:"60" doc:"Seconds in which it can be taken back."`
	}
}

// postPost accepts something new to be said in public: one delivery for each account.
func (s *Server) postPost(ctx context.Context, in *postForm) (*body[items[OutgoingDelivery]], error) {
	b := in.Body
	p := delivery.Post{Accounts: b.Accounts, Text: b.Text, Lang: b.Language, Undo: time.Duration(b.Undo) * time.Second}
	for _, x := range b.Media {
		p.Pictures = append(p.Pictures, delivery.Picture{Upload: x.ID, Alt: x.Alt})
	}
	list, err := s.Delivery.Publish(ctx, who(ctx), p)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	return all(s.outgoing(ctx, v, list))
}

type postsQuery struct {
	After ref[delivery.Delivery] `query:"after" doc:"The next of the page before."`
	Limit int                    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// getPosts lists what was posted and what is on its way, the newest first: one's own, and that of accounts one may speak for.
func (s *Server) getPosts(ctx context.Context, in *postsQuery) (*body[items[OutgoingDelivery]], error) {
	list, err := s.Delivery.Posts(ctx, who(ctx), in.After.Of, in.Limit)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	out, err := s.outgoing(ctx, v, list)
	next := ""
	if len(list) == in.Limit {
		next = list[len(list)-1].ID.String()
	}
	return answer(items[OutgoingDelivery]{out, next}, err)
}

// getDeliveryFile answers with a picture or file that goes out with a message, to who may see the message.
func (s *Server) getDeliveryFile(w http.ResponseWriter, r *http.Request) {
	of, err := id.Parse[delivery.Delivery](r.PathValue("id"))
	file, wrong := id.Parse[delivery.Upload](r.PathValue("file"))
	if err != nil || wrong != nil {
		s.refuse(w, r, noMedia())
		return
	}
	u, err := s.Delivery.File(r.Context(), who(r.Context()), of, file)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	serveFile(w, r, u.Name, u.Body, false)
}

func documentDeliveryFile(op *huma.Operation) {
	documentFile(op)
	op.Parameters = append(op.Parameters, &huma.Param{Name: "file", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
}
