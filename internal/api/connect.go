package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/account"
	"switchboard/internal/staff"
)

// Connecting an account by a visit to its far side (OAuth).

// callbackPath is where the browser comes back to.
const callbackPath = "/api/accounts/callback"

// backToSetup is the Back of a trip that began in the set-up.
const backToSetup = "setup"

// ConnectAnswer says where to send the browser.
type ConnectAnswer struct {
	Address string `json:"address" doc:"Send the browser there; it comes back within ten minutes."`
}

type connectForm struct {
	Body struct {
		Channel  string                `json:"channel" maxLength:"40"`
		Name     string                `json:"name" maxLength:"200" doc:"Yours; empty: as the far side calls it, or as it was."`
		Settings settingsOf            `json:"settings" nullable:"false" doc:"Of an account that is connected again only what changes."`
		Account  *ref[account.Account] `json:"account,omitempty" doc:"The account that is connected again; left out: a new one."`
		Setup    bool                  `json:"setup,omitempty" doc:"It is begun in the set-up, and the browser comes back there."`
	}
}

func (s *Server) beginConnect(ctx context.Context, in *connectForm) (*body[ConnectAnswer], error) {
	b, err := json.Marshal(in.Body.Settings)
	if err != nil {
		return nil, err
	}
	t := account.Trip{Person: who(ctx).Person, Session: staff.SessionName(callOf(ctx).token), Channel: in.Body.Channel, Name: in.Body.Name}
	if in.Body.Account != nil {
		t.Account = in.Body.Account.Of
	}
	if in.Body.Setup {
		t.Back = backToSetup
	}
	address, err := s.Book.Begin(ctx, who(ctx), t, b, s.callback(ctx))
	return answer(ConnectAnswer{Address: address}, inSettings(err))
}

// callback is our address as the far side is told it: the one that is set for the house, else the one the browser sees.
func (s *Server) callback(ctx context.Context) string {
	if r, err := s.Staff.Roster(ctx); err == nil && r.Organisation().PublicURL != "" {
		return r.Organisation().PublicURL + callbackPath
	}
	return callOf(ctx).address() + callbackPath
}

// endConnect is where the browser comes back; it goes on to the account, or to the list with what went wrong, or to the set-up.
func (s *Server) endConnect(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	a, back, err := s.Book.Finish(ctx, who(ctx), staff.SessionName(callOf(ctx).token), s.callback(ctx), r.URL.Query())
	to := "/accounts/" + a.ID.String()
	switch setup := back == backToSetup; {
	case err != nil:
		p, _ := s.fault(ctx, err)
		if to = "/accounts"; setup {
			to = "/setup"
		}
		to += "?problem=" + url.QueryEscape(p.Detail)
	case setup:
		to = "/setup?account=" + a.ID.String()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func documentCallback(op *huma.Operation) {
	op.Description = "The far side sends the browser here, with a code and the state it was given."
	op.Responses["303"] = &huma.Response{Description: "On to the account, or to the list of accounts with what went wrong."}
}
