package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// post is a house that asks Bob something by e-mail, and the mailbox in which answers arrive.
type post struct {
	*apptest.House
	t   *testing.T
	now *clock.Pretend
	box account.Account
	bob staff.Person
	in  desk.Conversation
	n   int
}

func posts(t *testing.T, f func(p *post)) {
	apptest.EachAt(t, app.Options{}, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		p := &post{House: h, t: t, now: now}
		p.box = p.Account(t, "email", "desk@acme.example")
		if _, err := p.Mail.Change(t.Context(), p.Boss, mail.Settings{On: true, Host: "127.0.0.1", Port: 9, Security: "plain", From: "desk@acme.example"}, nil); err != nil {
			t.Fatal(err)
		}
		p.bob = p.hire("Bob")
		p.arrives(channel.Message{Text: "My order has not arrived. Where is it?", From: from("kim@far.example")})
		var id desk.ConversationID
		if err := p.Store.Read().QueryRowContext(t.Context(), `SELECT id FROM conversation`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		var err error
		if p.in, err = p.Desk.Conversation(t.Context(), p.Boss, id); err != nil {
			t.Fatal(err)
		}
		f(p)
	})
}

func from(address string) channel.Identity {
	return channel.Identity{RemoteID: address, Handle: address, Name: address}
}

// hire adds somebody of a department that has not the conversation of the tests.
func (p *post) hire(name string) staff.Person {
	p.t.Helper()
	list, err := p.Staff.Departments(p.t.Context(), p.Boss)
	if err != nil {
		p.t.Fatal(err)
	}
	_, secret, err := p.Staff.Invite(p.t.Context(), p.Boss, staff.Invitation{Email: strings.ToLower(name) + "@acme.example", Name: name, Role: staff.Member, Departments: []staff.DepartmentID{list[len(list)-1].ID}})
	if err != nil {
		p.t.Fatal(err)
	}
	who, err := p.Staff.Join(p.t.Context(), secret, name, "correct horse battery", "UTC", "")
	if err != nil {
		p.t.Fatal(err)
	}
	return who
}

// ask asks Bob something, and returns the Message-ID of the letter he gets.
func (p *post) ask() (r desk.Request, id string) {
	p.t.Helper()
	p.now.Add(time.Second)
	r, err := p.Desk.Ask(p.t.Context(), p.Boss, p.in.ID, desk.Asking{Person: p.bob.ID, Text: "Was invoice 12 paid?", Mail: true})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.Store.Read().QueryRowContext(p.t.Context(), `SELECT message_id FROM letter WHERE letter_key LIKE $1`, "request:"+r.ID.String()+":%").Scan(&id); err != nil {
		p.t.Fatal(err)
	}
	return r, id
}

// arrives lets a mail arrive, and returns the message it became, if it became one.
func (p *post) arrives(m channel.Message) (desk.Message, bool) {
	p.t.Helper()
	p.n++
	m.RemoteID, m.Kind, m.Private, m.At = fmt.Sprintf("m%d@far.example", p.n), channel.Email, true, p.now.Now()
	for range 2 { // what a mailbox tells of twice is taken once
		if err := p.Intake.Take(p.t.Context(), p.box, []channel.Event{{Kind: channel.Said, RemoteID: m.RemoteID, At: m.At, Message: m}}, nil); err != nil {
			p.t.Fatal(err)
		}
	}
	found, err := desk.MessagesByRemote(p.t.Context(), p.Store.Read(), p.box.ID, []string{m.RemoteID})
	if err != nil {
		p.t.Fatal(err)
	}
	is, ok := found[m.RemoteID]
	return is, ok
}

func (p *post) request(id desk.RequestID) desk.Request {
	p.t.Helper()
	_, list, err := p.Desk.Requests(p.t.Context(), p.Boss, p.in.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, r := range list {
		if r.ID == id {
			return r
		}
	}
	p.t.Fatal("the request is gone")
	return desk.Request{}
}

func (p *post) told(what journal.What) (n int) {
	p.t.Helper()
	if err := p.Store.Read().QueryRowContext(p.t.Context(), `SELECT count(*) FROM journal WHERE what = $1`, string(what)).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// An answer that is not certainly Bob's does not count: it lies in the inbox as a message that says why, and the question stays open.
func TestAForgedAnswerIsAMessageThatSaysSo(t *testing.T) {
	posts(t, func(p *post) {
		r, id := p.ask()
		good := channel.Message{Text: "Yes, on Friday.", From: from("bob@acme.example"), Refs: []string{id}, Vouched: "pass"}
		for name, tt := range map[string]struct {
			change func(m *channel.Message)
			doubt  string // "" when it is nothing special
		}{
			"from another address":               {func(m *channel.Message) { m.From = from("eve@far.example") }, "does not count"},
			"from an address that looks alike":   {func(m *channel.Message) { m.From = from("bоb@acme.example") }, "does not count"},
			"that the mail server doubts":        {func(m *channel.Message) { m.Vouched = "fail" }, "does not vouch"},
			"that names a letter that never was": {func(m *channel.Message) { m.Refs = []string{"sbh.aaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example"} }, "never was"},
			"that names none of our letters":     {func(m *channel.Message) { m.Refs = []string{"sbh.short@acme.example"} }, ""},
			"in which there is nothing":          {func(m *channel.Message) { m.Text = "" }, "nothing in it"},
			"that only quotes the question":      {func(m *channel.Message) { m.Text, m.Bare = "> Was invoice 12 paid?", true }, "nothing in it"},
			"that came back, by another":         {func(m *channel.Message) { m.From, m.Automatic = from("mailer-daemon@far.example"), true }, "does not count"},
		} {
			m := good
			tt.change(&m)
			is, ok := p.arrives(m)
			if got := strings.Join(is.Rest.Doubts, " "); !ok || !strings.Contains(got, tt.doubt) || tt.doubt == "" && got != "" {
				t := p.t
				t.Errorf("an answer %s: a message %v, which says %q", name, ok, got)
			}
		}
		if p.request(r.ID).State != desk.RequestOpen {
			p.t.Error("the question was answered by none of these")
		}
	})
}

// What Bob himself answers is the answer and no message; what his mailbox answers by itself is a note; what comes back is told.
func TestWhatComesBackForALetter(t *testing.T) {
	posts(t, func(p *post) {
		t := p.t
		r, id := p.ask()
		bob := channel.Message{From: from("bob@acme.example"), Refs: []string{"x@y.example", strings.ToUpper(id)}, Vouched: "pass"}
		away := bob
		away.Text, away.Automatic = "I am away until Monday.", true
		if _, ok := p.arrives(away); ok || p.request(r.ID).State != desk.RequestOpen || p.told(journal.NoteWritten) != 1 {
			t.Error("a holiday note is no note, or the answer")
		}
		back := channel.Message{From: from("mailer-daemon@acme.example"), Text: "550 no such mailbox", Automatic: true, Returned: []string{id}}
		if _, ok := p.arrives(back); ok || p.request(r.ID).State != desk.RequestOpen || p.told(journal.RequestUndelivered) != 1 {
			t.Errorf("a letter that came back: a message %v, told %d times", ok, p.told(journal.RequestUndelivered))
		}
		other := back
		other.Returned = []string{"sbh.aaaaaaaaaaaaaaaaaaaaaaaaaa@acme.example"}
		if _, ok := p.arrives(other); !ok || p.told(journal.RequestUndelivered) != 1 {
			t.Error("one that says that a letter came back that never was is no message")
		}
		answer := bob
		answer.Text = "Yes, on Friday."
		if _, ok := p.arrives(answer); ok {
			t.Error("his answer is a message")
		}
		if is := p.request(r.ID); is.State != desk.RequestAnswered || is.Answer != "Yes, on Friday." || is.Way != "mail" || is.EndedBy != p.bob.ID || p.told(journal.RequestAnswered) != 1 {
			t.Errorf("it became %+v", is)
		}
		if p.arrives(back); p.told(journal.RequestUndelivered) != 1 {
			t.Error("of what is answered it is told that it was not delivered")
		}
	})
}

// An answer that comes when the time is long over, or of somebody who left, is looked at by a person.
func TestALateAnswerIsAMessageThatSaysSo(t *testing.T) {
	posts(t, func(p *post) {
		t := p.t
		r, id := p.ask()
		p.now.Set(r.Due.Add(7*24*time.Hour + time.Minute))
		m := channel.Message{Text: "Yes.", From: from("bob@acme.example"), Refs: []string{id}, Vouched: "pass"}
		if is, ok := p.arrives(m); !ok || !strings.Contains(strings.Join(is.Rest.Doubts, " "), "long over") || p.request(r.ID).State != desk.RequestOpen {
			t.Errorf("too late it is a message %v, %q", ok, is.Rest.Doubts)
		}
		r, id = p.ask()
		gone := staff.Disabled
		if _, err := p.Staff.ChangePerson(t.Context(), p.Boss, p.bob.ID, staff.PersonChange{State: &gone}); err != nil {
			t.Fatal(err)
		}
		m.Refs = []string{id}
		if is, ok := p.arrives(m); !ok || !strings.Contains(strings.Join(is.Rest.Doubts, " "), "does not work here") || p.request(r.ID).State == desk.RequestAnswered {
			t.Errorf("of who left it is a message %v, %q", ok, is.Rest.Doubts)
		}
	})
}

// A letter that is given up is told at its request, and the links in letters are forgotten in time.
func TestALetterThatIsGivenUpIsTold(t *testing.T) {
	posts(t, func(p *post) {
		t, ctx := p.t, p.t.Context()
		r, id := p.ask()
		l, err := p.Mail.Find(ctx, p.Store.Read(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range []mail.State{mail.Sent, mail.Failed} {
			l.State, l.Trouble = state, "the mail server does not take mail for bob@acme.example"
			p.Tx(t, func(tx *store.Tx) error { return p.Mail.Settled(ctx, tx, l) })
		}
		var data string
		if err := p.Store.Read().QueryRowContext(ctx, `SELECT data FROM journal WHERE what = $1 AND about = $2`, string(journal.RequestUndelivered), journal.About("request", r.ID)).Scan(&data); err != nil ||
			!strings.Contains(data, l.Trouble) || p.told(journal.RequestUndelivered) != 1 {
			t.Errorf("told is %s, %v", data, err)
		}
		p.now.Set(r.Due.Add(98 * 24 * time.Hour))
		p.ask()
		var links int
		if err := p.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM request_link`).Scan(&links); err != nil || links != 1 {
			t.Errorf("%d links are kept, %v", links, err)
		}
	})
}
