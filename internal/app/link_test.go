package app_test

import (
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
)

// A link to come in by is for one person: no way that the letter takes brings it before those who answer customers.
func TestALinkToComeInByIsReadByNobodyElse(t *testing.T) {
	posts(t, func(p *post) {
		ctx := t.Context()
		settings, err := p.Staff.Settings(ctx, p.Boss)
		if err != nil {
			t.Fatal(err)
		}
		settings.PublicURL = "https://desk.acme.example"
		if _, err := p.Staff.ChangeSettings(ctx, p.Boss, settings); err != nil {
			t.Fatal(err)
		}
		i, secret, err := p.Staff.Invite(ctx, p.Boss, staff.Invitation{Email: "jon@far.example", Name: "Jon", Role: staff.Member})
		if err != nil || !i.Mailed {
			t.Fatalf("mailed %v, %v", i.Mailed, err)
		}
		var id string
		if err := p.Store.Read().QueryRowContext(ctx, `SELECT message_id FROM letter WHERE kind = 'entrance' ORDER BY id DESC LIMIT 1`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		link := "https://desk.acme.example/join#" + secret

		if shared, _, err := p.Staff.Invite(ctx, p.Boss, staff.Invitation{Email: "desk@acme.example", Name: "Desk", Role: staff.Administrator}); err != nil || shared.Mailed {
			t.Errorf("an invitation goes to a mailbox that is read here: mailed %v, %v", shared.Mailed, err)
		}

		copied := channel.Event{Kind: channel.Said, RemoteID: id, At: p.now.Now(), Message: channel.Message{RemoteID: id, Kind: channel.Email, Private: true,
			From: from("desk@acme.example"), Text: "You are invited: " + link, At: p.now.Now()}}
		if err := p.Intake.Take(ctx, p.box, []channel.Event{copied}, nil); err != nil {
			t.Fatal(err)
		}
		if found, err := desk.MessagesByRemote(ctx, p.Store.Read(), p.box.ID, []string{id}); err != nil || len(found) != 0 {
			t.Errorf("a copy of the letter became a message: %v, %v", found, err)
		}

		if m, ok := p.arrives(channel.Message{From: from("mailer-daemon@far.example"), Text: "550 no such mailbox\n\n" + link, Automatic: true, Returned: []string{id}}); ok {
			t.Errorf("the letter that came back became a message: %q", m.Text)
		}
		letters, err := p.Mail.Letters(ctx, p.Boss, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range letters {
			if l.MessageID == id && l.State == mail.Sent {
				t.Errorf("it is said to have been sent: %+v", l)
			}
		}

		m, ok := p.arrives(channel.Message{From: from("jon@far.example"), Text: "No, thank you", Quoted: "> " + link, HTML: `<a href="` + link + `">x</a>`, Refs: []string{id}})
		if !ok || strings.Contains(m.Text+m.Rest.Quoted+m.Rest.HTML, secret) {
			t.Errorf("what is answered to the letter is there: %v, with the link: %+v", ok, m)
		}
		if _, err := p.Staff.Invited(ctx, secret); fault.Is(err, fault.NotFound) {
			t.Error("the invitation itself is gone")
		}
	})
}
