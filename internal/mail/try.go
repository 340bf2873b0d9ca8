package mail

import (
	"context"
	"errors"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Trial is how a test went.
type Trial struct {
	To      string
	From    string
	Took    time.Duration
	Trouble string // why it was not sent; "" when the server took it
}

// Try sends a test to who asks for it, by what is set, at once. What went wrong at the server is no error of the call: it
// stands in the Trial.
func (h *House) Try(ctx context.Context, who staff.Actor, email string) (t Trial, err error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return t, err
	}
	k, err := settings(ctx, h.Store.Read())
	if err != nil {
		return t, err
	}
	if k.By == 0 && (k.Host == "" || k.From == "") {
		return t, fault.New(fault.Conflict, "set how the mail is sent and save it, then try")
	}
	s, err := h.server(ctx, k)
	if err != nil {
		return t, err
	}
	_, replyTo, err := h.replies(ctx, k)
	if err != nil {
		return t, err
	}
	begun := h.Now()
	p := Page{Title: "The house's mail works", Lead: "This is the test you asked for. If you can read it, Switchboard can write to people who work here.",
		Foot: "Sent by Switchboard, as an administrator asked for it under Settings."}
	l := Log{To: email, Kind: "test", MessageID: newMessageID(k.Domain)}
	raw, err := compose(l, words{Name: who.Name, Subject: "Switchboard: a test of the house's mail", Text: p.Text(), HTML: p.HTML()}, s, replyTo, begun)
	if err != nil {
		return t, err
	}
	err = h.deliver(ctx, s, email, raw)
	t = Trial{To: email, From: s.From, Took: h.Now().Sub(begun)}
	if no := (*trouble)(nil); errors.As(err, &no) {
		t.Trouble, err = no.message, nil
	}
	return t, err
}
