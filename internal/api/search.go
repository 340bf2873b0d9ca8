package api

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"
)

// Hit is a message that was searched for.
type Hit struct {
	Conversation Row       `json:"conversation"`
	Message      string    `json:"message"`
	At           time.Time `json:"at"`
	Snippet      string    `json:"snippet" doc:"The text around the first word found."`
}

type searchQuery struct {
	Q     string `query:"q" required:"true" maxLength:"500" doc:"Every word must be there. \"In quotation marks\" words stand together; a word with * may go on."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (s *Server) getSearch(ctx context.Context, in *searchQuery) (*body[items[Hit]], error) {
	found, err := s.Desk.Search(ctx, who(ctx), in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Hit, 0, len(found))
	for _, f := range found {
		r, err := s.row(ctx, v, f.Row)
		if err != nil {
			return nil, err
		}
		out = append(out, Hit{r, f.Message.ID.String(), f.Message.At, snippet(f.Message.Subject+" "+f.Message.Text, in.Q)})
	}
	return all(out, nil)
}

// snippet is about 160 characters of text around the first of the words.
func snippet(text, q string) string {
	text = strings.Join(strings.Fields(text), " ")
	at := -1
	low := strings.ToLower(text)
	for _, w := range strings.Fields(strings.ToLower(strings.NewReplacer(`"`, " ", "*", " ").Replace(q))) {
		if k := strings.Index(low, w); k >= 0 && (at < 0 || k < at) {
			at = k
		}
	}
	if at < 0 || len(low) != len(text) { // some letters change their length: then from the beginning
		at = 0
	}
	from := max(0, at-60)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	out := []rune(text[from:])
	end := ""
	if len(out) > 160 {
		out, end = out[:160], "…"
	}
	if from > 0 {
		return "…" + string(out) + end
	}
	return string(out) + end
}
