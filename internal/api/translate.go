package api

import (
	"context"

	"switchboard/internal/desk"
)

// Translation is what a message says in another language, as a language model has it.
type Translation struct {
	Text  string `json:"text"`
	Model string `json:"model" doc:"Whose translation it is."`
	Cut   bool   `json:"cut" doc:"The message is longer than what may leave the house: this is its beginning."`
}

type translationForm struct {
	ConversationPath
	Message ref[desk.Message] `path:"message"`
	Body    struct {
		To string `json:"to" maxLength:"35" doc:"The language wanted, by its code: en, pt-BR."`
	}
}

func (s *Server) translate(ctx context.Context, in *translationForm) (*body[Translation], error) {
	t, err := s.Advice.Translate(ctx, who(ctx), in.ID.Of, in.Message.Of, in.Body.To)
	return answer(Translation{t.Text, t.Model, t.Cut}, err)
}
