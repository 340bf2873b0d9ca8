//go:build channels

package mail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/smtp"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
)

// house is a Switchboard whose own mail leaves by Postfix, from a mailbox at Dovecot in which the answers arrive.
type house struct {
	*apptest.House
	*Servers
	kind    string // of its database
	address string // of its mailbox
	ahead   atomic.Int64
	box     account.Account
	owner   staff.Actor // of the conversation that things are asked in
	in      desk.ConversationID
	asked   int
	url     string
	browser *http.Client // its owner's
}

// colleague is somebody who works here and has a mailbox.
type colleague struct {
	staff.Person
	inbox *reader // nil: they have none
}

// question is something asked of a colleague, as the mail brought it.
type question struct {
	desk.Request
	letter, token string // the mail's Message-ID, and what its link holds
}

// house makes a house, connects its mailbox, and lets a contact write to it by mail.
func (s *Servers) house(t *testing.T, kind string) *house {
	t.Helper()
	h := &house{Servers: s, kind: kind, address: kind + "@acme.example"}
	now := func() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }
	h.House = apptest.Open(t, apptest.DSN(t, kind), app.Options{Now: now, Allow: []string{"127.0.0.0/8"}})
	settings, err := json.Marshal(map[string]any{"address": h.address, "name": "ACME desk", "password": Password, "imap_host": "127.0.0.1", "imap_port": s.IMAP,
		"smtp_host": "127.0.0.1", "smtp_port": s.Submit, "smtp_security": "starttls", "authserv_id": "mail.acme.example"})
	must(t, err)
	h.box, err = h.Book.Connect(t.Context(), h.Boss, "email", "Desk", settings)
	must(t, err)
	_, err = h.Mail.Change(t.Context(), h.Boss, mail.Settings{On: true, By: h.box.ID}, nil)
	must(t, err)

	h.outside(t, "ann@far.example", h.address, kind+"1@far.example", "", "Where is the invoice for my kettle?")
	h.in = h.message(t, "the invoice for my kettle").Conversation
	sue := h.hire(t, "Sue Owner", "sue@acme.example", "Sales")
	h.owner = sue.ActorOf()
	_, err = h.Desk.HandOver(t.Context(), h.Boss, h.in, h.Department(t, "Sales"), sue.ID, "She sold it.")
	must(t, err)
	h.serve(t)
	return h
}

func (h *house) hire(t *testing.T, name, address, department string) colleague {
	t.Helper()
	p, err := h.Staff.AddPerson(t.Context(), staff.Machine(), staff.Person{Name: name, Email: address, Role: staff.Member,
		Departments: []staff.DepartmentID{h.Department(t, department)}}, "correct horse battery")
	must(t, err)
	c := colleague{Person: p}
	if strings.HasSuffix(address, "@far.example") {
		c.inbox = &reader{box: h.open(t, address, Password)}
	}
	return c
}

// serve lets the house answer HTTP, and signs its owner in.
func (h *house) serve(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	jar, err := cookiejar.New(nil)
	must(t, err)
	h.url, h.browser = "http://"+l.Addr().String(), &http.Client{Jar: jar}
	if code, said := h.call(t, "POST", "/api/session", "", map[string]string{"email": "sue@acme.example", "password": "correct horse battery"}); code != 200 {
		t.Fatalf("signing in: %d %s", code, said)
	}
}

// call calls the API, by the token of a link where one is given.
func (h *house) call(t *testing.T, method, path, token string, body any) (code int, said string) {
	t.Helper()
	raw, err := json.Marshal(body)
	must(t, err)
	req, err := http.NewRequestWithContext(t.Context(), method, h.url+path, bytes.NewReader(raw))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	client := h.browser
	if token != "" {
		req.Header.Set("Request-Token", token)
		client = &http.Client{} // nobody is signed in
	}
	answer, err := client.Do(req)
	must(t, err)
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer.StatusCode, string(b)
}

var linkIn = regexp.MustCompile(`/answer#([a-z2-7]{26})`)

// ask asks a colleague something, and waits for the mail in their mailbox where they have one.
func (h *house) ask(t *testing.T, of colleague) (q question) {
	t.Helper()
	h.asked++
	words := fmt.Sprintf("Was invoice %s-%d paid?", h.kind, h.asked)
	var err error
	q.Request, err = h.Desk.Ask(t.Context(), h.owner, h.in, desk.Asking{Person: of.ID, Text: words, Mail: true})
	must(t, err)
	if of.inbox == nil {
		return q
	}
	is := func(text string) bool { return strings.Contains(text, words) && linkIn.MatchString(text) }
	got := of.inbox.until(t, "the question", func(m channel.Message) bool { return is(m.Text + m.Quoted) })
	var memo struct{ ID string }
	must(t, json.Unmarshal(got.Memo, &memo))
	q.letter, q.token = memo.ID, linkIn.FindStringSubmatch(got.Text + got.Quoted)[1]
	if got.From.RemoteID != h.address || !mail.Ours(q.letter) || !strings.Contains(got.Subject, "Sue Owner") || !got.Automatic {
		t.Errorf("the mail came as %+v", got)
	}
	return q
}

// reply is a mail to the house, as its sender's program makes it.
type reply struct {
	from string // the address it says it is from
	as   string // who signed in to send it; "": it comes from outside
	refs string // the Message-ID it answers
	more string // further lines of its head
	body string // from Content-Type on; see typed
}

// typed is the rest of a mail of plain text.
func typed(text string) string {
	return "Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
}

// send sends a mail to the house.
func (h *house) send(t *testing.T, r reply) {
	t.Helper()
	h.asked++
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Re: A question\r\nMessage-ID: <r%d-%s@far.example>\r\nDate: %s\r\nIn-Reply-To: <%s>\r\nReferences: <%[6]s>\r\nMIME-Version: 1.0\r\n%[7]s%[8]s",
		r.from, h.address, h.asked, h.kind, time.Now().Format(time.RFC1123Z), r.refs, r.more, r.body)
	if r.as == "" {
		must(t, smtp.SendMail(fmt.Sprint("127.0.0.1:", h.SMTP), nil, r.from, []string{h.address}, []byte(raw)))
		return
	}
	must(t, smtp.SendMail(fmt.Sprint("127.0.0.1:", h.Submit), smtp.PlainAuth("", r.as, Password, "127.0.0.1"), r.as, []string{h.address}, []byte(raw)))
}

// message waits until a mail with these words is a message, and returns it.
func (h *house) message(t *testing.T, words string) (m desk.Message) {
	t.Helper()
	h.wait(t, "the message with "+words, func() bool {
		var id desk.MessageID
		if h.Store.Read().QueryRowContext(t.Context(), `SELECT id FROM message WHERE body LIKE $1`, "%"+words+"%").Scan(&id) != nil {
			return false
		}
		found, err := desk.Messages(t.Context(), h.Store.Read(), []desk.MessageID{id})
		must(t, err)
		m = found[id]
		return true
	})
	return m
}

// timeline is the conversation as its owner sees it.
func (h *house) timeline(t *testing.T) string {
	t.Helper()
	code, said := h.call(t, "GET", "/api/conversations/"+h.in.String(), "", nil)
	if code != 200 {
		t.Fatalf("the conversation: %d %s", code, said)
	}
	return said
}

// shows waits until the timeline says something.
func (h *house) shows(t *testing.T, words string) {
	t.Helper()
	in, err := json.Marshal(words)
	must(t, err)
	h.wait(t, fmt.Sprintf("%q in the timeline", words), func() bool { return strings.Contains(h.timeline(t), strings.Trim(string(in), `"`)) })
}

func (h *house) request(t *testing.T, id desk.RequestID) desk.Request {
	t.Helper()
	_, list, err := h.Desk.Requests(t.Context(), h.Boss, h.in) // it may be put through to others in time
	must(t, err)
	for _, r := range list {
		if r.ID == id {
			return r
		}
	}
	t.Fatal("the request is gone")
	return desk.Request{}
}

// undelivered waits until it is told that a question did not reach whom it was to, and returns what is said.
func (h *house) undelivered(t *testing.T, of desk.RequestID) (data string) {
	t.Helper()
	h.wait(t, "that the question was not delivered", func() bool {
		return h.Store.Read().QueryRowContext(t.Context(), `SELECT data FROM journal WHERE what = $1 AND about = $2`, string(journal.RequestUndelivered),
			journal.About("request", of)).Scan(&data) == nil
	})
	return data
}

func (h *house) wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 600 {
		if ok() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}
