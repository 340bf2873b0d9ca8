package api

import (
	"context"
	"math"
	"time"

	"switchboard/internal/desk"
)

// Similar is an earlier message of another contact that says much the same.
type Similar struct {
	Conversation string     `json:"conversation"`
	Contact      RowContact `json:"contact"`
	Account      RowAccount `json:"account"`
	Owner        Owner      `json:"owner"`
	At           time.Time  `json:"at"`
	Excerpt      string     `json:"excerpt" doc:"The beginning of what was said."`
	Score        float64    `json:"score" doc:"0 to 1: how much of what the two say is the same; rare words count most."`
	Words        []string   `json:"words" nullable:"false" doc:"Up to five that both say, the rarest first."`
	AnsweredBy   *Ref       `json:"answeredBy,omitempty" doc:"Absent: nobody yet, or nobody knows who."`
	AnsweredAt   *time.Time `json:"answeredAt,omitempty" doc:"Absent: not answered yet."`
	Answer       string     `json:"answer" doc:"What was answered, up to 2,000 characters; empty: nothing yet."`
	AnswerID     string     `json:"answerId" doc:"The message that was the answer; empty: none yet."`
	Ended        bool       `json:"ended" doc:"The contact said nothing after it, and the conversation was closed."`
	Seconds      int64      `json:"seconds" doc:"From what was said to the answer; 0: not answered yet."`
}

// mostSimilar is how many similar messages are shown: more would not be read.
const mostSimilar = 3

// getSimilar finds the earlier messages most like the last thing said in a conversation, of those who asks may see.
func (s *Server) getSimilar(ctx context.Context, in *struct{ ConversationPath }) (*body[items[Similar]], error) {
	list, err := s.Desk.Similar(ctx, who(ctx), in.ID.Of, mostSimilar)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Similar, 0, len(list))
	for _, k := range list {
		r, err := s.row(ctx, v, k.Row)
		if err != nil {
			return nil, err
		}
		text := k.Message.Text
		if text == "" {
			text = k.Message.Subject
		}
		one := Similar{Conversation: r.ID, Contact: r.Contact, Account: r.Account, Owner: r.Owner, At: k.Message.At, Excerpt: desk.Excerpt(text),
			Score: math.Round(k.Score*100) / 100, Words: orNone(k.Words), AnsweredBy: maybePerson(v.roster, k.AnsweredBy), AnsweredAt: unlessZero(k.AnsweredAt)}
		if !k.AnsweredAt.IsZero() {
			one.Answer, one.AnswerID, one.Ended = shortened(k.Answer, 2000), k.AnswerID.String(), k.Ended
			one.Seconds = int64(k.AnsweredAt.Sub(k.Message.At).Seconds())
		}
		out = append(out, one)
	}
	return all(out, nil)
}

// shortened is at most n letters of a text.
func shortened(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return string(r[:n]) + "…"
}
