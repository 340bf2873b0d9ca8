package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"switchboard/internal/api"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// inTheMail makes what was said a mail to others too.
func (w *world) inTheMail(t testing.TB, m desk.MessageID, addresses ...string) {
	t.Helper()
	w.tx(t, func(tx *store.Tx) error {
		ctx := context.Background()
		list, err := desk.Messages(ctx, tx, []desk.MessageID{m})
		if err != nil {
			return err
		}
		mail := list[m]
		for _, a := range addresses {
			name, _, _ := strings.Cut(a, "@")
			mail.Rest.To = append(mail.Rest.To, channel.Identity{RemoteID: strings.ToLower(a), Handle: a, Name: name})
		}
		if err := desk.SaveMessage(ctx, tx, mail); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE message SET kind = 'email' WHERE id = $1`, m)
		return err
	})
}

// Who else is in a mail is shown, and an answer goes to those of them whom its writer names; to nobody else, and to nobody silently.
func TestOthersInAMailCanBeAnswered(t *testing.T) {
	w := newWorld(t)
	d := w.newDepartment(t)
	bob := w.as(t, w.hire(t, staff.Member, d))
	k := w.talk(t, d)
	at := "/api/conversations/" + k.conversation.String()
	if c := got[api.Conversation](t, bob.do("GET", at, nil)); len(c.ReplyAs.Others) != 0 {
		t.Errorf("nobody else is in it, and an answer can go to %+v", c.ReplyAs.Others)
	}
	w.inTheMail(t, k.message, "Anna@far.example", "help@acme.example", "ben@far.example")
	c := got[api.Conversation](t, bob.do("GET", at, nil))
	want := []api.Other{{Address: "anna@far.example", Handle: "Anna@far.example", Name: "Anna"}, {Address: "ben@far.example", Handle: "ben@far.example", Name: "ben"}}
	if !slices.Equal(c.ReplyAs.Others, want) || c.ReplyAs.More != 0 {
		t.Errorf("an answer can go to %+v and %d more", c.ReplyAs.Others, c.ReplyAs.More)
	}
	if m := got[struct{ Timeline []api.MessageEntry }](t, bob.do("GET", at, nil)).Timeline[0]; len(m.To) != 3 || m.To[0] != want[0] {
		t.Errorf("the mail is to %+v", m.To)
	}
	for _, stranger := range []string{"eve@evil.example", "help@acme.example", ""} {
		a := bob.do("POST", at+"/reply", fmt.Appendf(nil, `{"text":"Here it is","cc":["anna@far.example",%q]}`, stranger))
		if a.status != 422 || !strings.Contains(string(a.body), "they were in no message of this conversation") {
			t.Errorf("to %q too: %d %s", stranger, a.status, a.body)
		}
	}
	draft := got[api.Draft](t, bob.do("PUT", at+"/draft", []byte(`{"kind":"reply","text":"Here","cc":["ben@far.example"]}`)))
	if !slices.Equal(draft.Cc, []string{"ben@far.example"}) {
		t.Errorf("the draft is for %v", draft.Cc)
	}
	sent := got[api.Delivery](t, bob.do("POST", at+"/reply", []byte(`{"text":"Here it is","cc":["anna@far.example"]}`)))
	if !slices.Equal(sent.Cc, want[:1]) {
		t.Errorf("it goes to %+v", sent.Cc)
	}
	if c := got[api.Conversation](t, bob.do("GET", at, nil)); len(c.Deliveries) != 1 || !slices.Equal(c.Deliveries[0].Cc, want[:1]) {
		t.Errorf("on its way are %+v", c.Deliveries)
	}
}

// A mail to a whole hall is answered to the first of them, and how many that leaves out is told.
func TestOfVeryManyInAMailTheFirstCanBeAnswered(t *testing.T) {
	w := newWorld(t)
	d := w.newDepartment(t)
	bob := w.as(t, w.hire(t, staff.Member, d))
	k := w.talk(t, d)
	var hall []string
	for n := range 33 {
		hall = append(hall, fmt.Sprintf("guest%d@far.example", n))
	}
	w.inTheMail(t, k.message, hall...)
	c := got[api.Conversation](t, bob.do("GET", "/api/conversations/"+k.conversation.String(), nil))
	if len(c.ReplyAs.Others) != 20 || c.ReplyAs.More != 13 {
		t.Errorf("an answer can go to %d and not to %d more", len(c.ReplyAs.Others), c.ReplyAs.More)
	}
}
