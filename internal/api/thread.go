package api

import (
	"context"
	"strconv"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
)

// Thread is a public post and who writes under it.
type Thread struct {
	Account RowAccount  `json:"account"`
	Thread  string      `json:"thread"`
	Post    *ThreadPost `json:"post,omitempty" doc:"Absent when the post itself never reached us."`
	People  int         `json:"people"`
	Waiting int         `json:"waiting"`
	Items   []Row       `json:"items" nullable:"false" doc:"The conversations under it that you may see: open ones first, then the newest."`
	Next    string      `json:"next" doc:"Give this as ?after= to read on. Empty at the end."`
}

// ThreadPost is what was said first.
type ThreadPost struct {
	Ours bool      `json:"ours"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	URL  string    `json:"url,omitempty"`
}

type threadQuery struct {
	Account ref[account.Account] `query:"account" required:"true"`
	Thread  string               `query:"thread" required:"true" maxLength:"2000" doc:"As a conversation's thread."`
	After   string               `query:"after" maxLength:"12"`
	Limit   int                  `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

// getThread is a public post with the conversations under it.
func (s *Server) getThread(ctx context.Context, in *threadQuery) (*body[Thread], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	after, err := strconv.Atoi("0" + in.After)
	if err != nil {
		return nil, fault.In("after", "this is not what a page before gave as next: begin again without it")
	}
	post, t, rows, err := s.Desk.OpenThread(ctx, v.who, desk.ThreadKey{Account: in.Account.Of, Key: in.Thread}, after, in.Limit)
	if err != nil {
		return nil, err
	}
	a, err := s.account(ctx, v, in.Account.Of)
	if err != nil {
		return nil, err
	}
	out := Thread{Account: RowAccount{a.ID.String(), a.Name, a.Handle, a.Channel}, Thread: in.Thread, People: t.People, Waiting: t.Open}
	if !post.ID.IsZero() {
		out.Post = &ThreadPost{post.Direction == desk.Out, post.Text, post.At, webAddress(post.Rest.URL)}
	}
	if after+in.Limit < t.People {
		out.Next = strconv.Itoa(after + in.Limit)
	}
	out.Items, err = s.rows(ctx, v, rows)
	return answer(out, err)
}
