//go:build channels

package mail

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

// A colleague is asked by mail and answers by mail, over real SMTP and IMAP, on both databases.
func (s *Servers) requests(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			h := s.house(t, kind)
			bob := h.hire(t, "Bob Lee", "bob@far.example", "Accounts")
			t.Run("what Bob answers by mail is the answer", func(t *testing.T) { h.answers(t, bob) })
			t.Run("what is forged does not count, and says so", func(t *testing.T) { h.forgeries(t, bob) })
			t.Run("what comes after the question is over is a note", func(t *testing.T) { h.after(t, bob) })
			t.Run("the link works once", func(t *testing.T) { h.once(t, bob) })
			t.Run("what a machine writes is no answer", func(t *testing.T) { h.machines(t, bob) })
			t.Run("who left, and what came too late, does not count", func(t *testing.T) { h.tooLate(t, bob) })
		})
	}
}

// quoted is the question below an answer, as most programs put it.
func (q question) quoted() string {
	return "On Mon, 23 Nov 2026 at 10:12, ACME desk <desk@acme.example> wrote:\n> " + q.Text + "\n>\n> Answer:\n> https://desk.acme.example/answer#" + q.token + "\n"
}

func (h *house) answers(t *testing.T, bob colleague) {
	for name, tt := range map[string]struct {
		body func(q question) string
		want string
	}{
		"typed above the question": {func(q question) string { return typed("Yes, on Friday – grüezi.\n\n" + q.quoted()) }, "Yes, on Friday – grüezi."},
		"typed below the question": {func(q question) string { return typed(q.quoted() + "\nYes, on Tuesday.\n") }, "Yes, on Tuesday."},
		"in the way of Outlook": {func(q question) string {
			return typed("Ja, am Mittwoch.\n\n-- \nBob Lee\n\nVon: ACME desk <desk@acme.example>\nGesendet: Montag, 23. November 2026\nAn: Bob Lee\nBetreff: A question\n\n" + q.Text)
		}, "Ja, am Mittwoch."},
		"on a telephone, as a page": {func(q question) string {
			return "Content-Type: text/html; charset=utf-8\r\n\r\n<div>Yes, on <b>Monday</b>.</div><div><br></div><div>Sent from my iPhone</div>" +
				"<div>On 23 Nov 2026, at 10:12, ACME desk &lt;desk@acme.example&gt; wrote:</div><blockquote type=\"cite\"><div>" + q.Text + "</div></blockquote>\r\n"
		}, "Yes, on Monday."},
	} {
		t.Run(name, func(t *testing.T) {
			q := h.ask(t, bob)
			h.send(t, reply{from: bob.Email, as: bob.Email, refs: q.letter, body: tt.body(q)})
			h.shows(t, "The request to Bob Lee, Accounts was answered by e-mail: "+tt.want)
			r := h.request(t, q.ID)
			if r.State != desk.RequestAnswered || r.Answer != tt.want || r.Way != "mail" || r.EndedBy != bob.ID {
				t.Errorf("it became %+v", r)
			}
			if n := h.messages(t, tt.want); n != 0 {
				t.Error("the answer is a message, too")
			}
		})
	}
}

// messages counts the messages with some words.
func (h *house) messages(t *testing.T, words string) (n int) {
	t.Helper()
	must(t, h.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM message WHERE body LIKE $1`, "%"+words+"%").Scan(&n))
	return n
}

func (h *house) forgeries(t *testing.T, bob colleague) {
	q := h.ask(t, bob)
	altered := q.letter[:len("sbh.")] + strings.Map(func(r rune) rune {
		if r == 'a' {
			return 'b'
		}
		return 'a'
	}, q.letter[4:5]) + q.letter[5:]
	good := reply{from: bob.Email, as: bob.Email, refs: q.letter}
	for name, tt := range map[string]struct {
		change func(r *reply)
		doubt  string // "": it is a message like any other
	}{
		"by another, who has the mail": {func(r *reply) { r.from, r.as = "eve@elsewhere.example", "" }, "does not count"},
		"in Bob's name, from outside":  {func(r *reply) { r.as = "" }, "does not vouch"},
		"in Bob's name, with a good word of the server's": {func(r *reply) {
			r.as, r.more = "", "Authentication-Results: mail.acme.example; dmarc=pass header.from=far.example\r\n"
		}, "does not vouch"},
		"in Bob's name, by another who signed in": {func(r *reply) { r.as = "eve@far.example" }, "does not vouch"},
		"with a letter of its token altered":      {func(r *reply) { r.refs = altered }, "never was"},
		"with half a token":                       {func(r *reply) { r.refs = q.letter[:12] + "@acme.example" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			words := "Pay it to me, " + strings.ReplaceAll(name, "'", "")
			r := good
			tt.change(&r)
			r.body = typed(words + ".\n\n" + q.quoted())
			h.send(t, r)
			m := h.message(t, words)
			if got := strings.Join(m.Rest.Doubts, " "); !strings.Contains(got, tt.doubt) || tt.doubt == "" && got != "" {
				t.Errorf("it says %q", got)
			}
			if is := h.request(t, q.ID); is.State != desk.RequestOpen {
				t.Errorf("the question became %+v", is)
			}
		})
	}
	t.Run("with nothing in it but the question", func(t *testing.T) {
		good.body = typed(q.quoted())
		h.send(t, good)
		m := h.message(t, "> "+q.Text)
		if is := h.request(t, q.ID); !strings.Contains(strings.Join(m.Rest.Doubts, " "), "nothing in it") || is.State != desk.RequestOpen {
			t.Errorf("it says %q, and the question became %+v", m.Rest.Doubts, is)
		}
	})
	if strings.Contains(h.timeline(t), "Pay it to me") {
		t.Error("what was forged stands in the conversation")
	}
}

func (h *house) after(t *testing.T, bob colleague) {
	q := h.ask(t, bob)
	_, err := h.Desk.Withdraw(t.Context(), h.owner, q.ID, "Found it.")
	must(t, err)
	h.send(t, reply{from: bob.Email, as: bob.Email, refs: q.letter, body: typed("It was paid on the third.\n\n" + q.quoted())})
	h.shows(t, "By e-mail, after the question was over:\n\nIt was paid on the third.")
	if is := h.request(t, q.ID); is.State != desk.RequestWithdrawn {
		t.Errorf("the question became %+v", is)
	}
}

func (h *house) once(t *testing.T, bob colleague) {
	q := h.ask(t, bob)
	opened := func() (state, text string) {
		code, said := h.call(t, "GET", "/api/answer", q.token, nil)
		var is struct{ State, Text string }
		if code != 200 || json.Unmarshal([]byte(said), &is) != nil {
			t.Fatalf("the link: %d %s", code, said)
		}
		return is.State, is.Text
	}
	if state, text := opened(); state != "open" || text != q.Text {
		t.Errorf("the link is %s and asks %q", state, text)
	}
	if code, said := h.call(t, "POST", "/api/answer", q.token, map[string]string{"text": "Yes, by the link."}); code != 200 {
		t.Errorf("answering by it: %d %s", code, said)
	}
	if state, text := opened(); state != "answered" || text != "" {
		t.Errorf("afterwards it is %s and asks %q", state, text)
	}
	if code, said := h.call(t, "POST", "/api/answer", q.token, map[string]string{"text": "No!"}); code != 409 {
		t.Errorf("answering by it again: %d %s", code, said)
	}
	h.shows(t, "The request to Bob Lee, Accounts was answered by the link of an e-mail: Yes, by the link.")
	h.send(t, reply{from: bob.Email, as: bob.Email, refs: q.letter, body: typed("And by mail, too.\n\n" + q.quoted())})
	h.shows(t, "By e-mail, after the question was over:\n\nAnd by mail, too.")
	if is := h.request(t, q.ID); is.Answer != "Yes, by the link." || is.Way != "link" {
		t.Errorf("the question became %+v", is)
	}
}

func (h *house) machines(t *testing.T, bob colleague) {
	t.Run("a mailbox whose owner is away", func(t *testing.T) {
		q := h.ask(t, bob)
		h.send(t, reply{from: bob.Email, as: bob.Email, refs: q.letter, more: "Auto-Submitted: auto-replied\r\n", body: typed("I am out of office until Monday.")})
		h.shows(t, "Their mailbox answered the question by itself:\n\nI am out of office until Monday.")
		if is := h.request(t, q.ID); is.State != desk.RequestOpen {
			t.Errorf("the question became %+v", is)
		}
	})
	for name, tt := range map[string]struct{ person, address, why string }{
		"a mail that comes back":                     {"Gil Gone", "gil@gone.example", "it came back from gil@gone.example"},
		"a server that does not know whom it is for": {"Nia Nobody", "nia@acme.example", "does not take mail for nia@acme.example"},
	} {
		t.Run(name, func(t *testing.T) {
			q := h.ask(t, h.hire(t, tt.person, tt.address, "Accounts"))
			if got := h.undelivered(t, q.ID); !strings.Contains(got, tt.why) {
				t.Errorf("it is told that %s", got)
			}
			if is := h.request(t, q.ID); is.State != desk.RequestOpen {
				t.Errorf("the question became %+v", is)
			}
			if n := h.messages(t, q.Text); n != 0 {
				t.Error("the notice is a message")
			}
		})
	}
}

func (h *house) tooLate(t *testing.T, bob colleague) {
	t.Run("somebody who left", func(t *testing.T) {
		kit := h.hire(t, "Kit Gone", "kit@far.example", "Accounts")
		q := h.ask(t, kit)
		gone := staff.Disabled
		_, err := h.Staff.ChangePerson(t.Context(), h.Boss, kit.ID, staff.PersonChange{State: &gone})
		must(t, err)
		h.send(t, reply{from: kit.Email, as: kit.Email, refs: q.letter, body: typed("I kept the mail, ha.\n\n" + q.quoted())})
		m := h.message(t, "I kept the mail")
		if is := h.request(t, q.ID); !strings.Contains(strings.Join(m.Rest.Doubts, " "), "does not work here any more") || is.State == desk.RequestAnswered {
			t.Errorf("it says %q, and the question became %+v", m.Rest.Doubts, is)
		}
	})
	t.Run("an answer when its time is over", func(t *testing.T) {
		q := h.ask(t, bob)
		h.ahead.Store(int64(time.Until(q.Due) + 7*24*time.Hour + time.Minute))
		h.send(t, reply{from: bob.Email, as: bob.Email, refs: q.letter, body: typed("Sorry for the delay.\n\n" + q.quoted())})
		m := h.message(t, "Sorry for the delay")
		if is := h.request(t, q.ID); !strings.Contains(strings.Join(m.Rest.Doubts, " "), "long over") || is.State != desk.RequestOpen {
			t.Errorf("it says %q, and the question became %+v", m.Rest.Doubts, is)
		}
	})
}
