//go:build channels

package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/smtp"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/email"
)

// box is what a mail Conn can do.
type box interface {
	channel.Conn
	channel.Fetcher
	channel.Streamer
	channel.Replier
	channel.Publisher
	channel.Finder
	channel.Tester
}

func (s *Servers) open(t *testing.T, address, password string) box {
	t.Helper()
	settings, err := json.Marshal(map[string]any{"address": address, "name": "ACME Help", "password": password, "imap_host": "127.0.0.1",
		"imap_port": s.IMAP, "smtp_host": "127.0.0.1", "smtp_port": s.Submit, "smtp_security": "starttls"})
	must(t, err)
	c, err := email.New(channel.Net{Dial: new(net.Dialer).DialContext}).Open(channel.Opening{Settings: settings, Now: time.Now})
	must(t, err)
	return c.(box)
}

// outside brings a mail in as another company's server does.
func (s *Servers) outside(t *testing.T, from, to, id, more, text string) {
	t.Helper()
	raw := "From: Ann <" + from + ">\r\nTo: " + to + "\r\nSubject: =?utf-8?q?Wo_ist_mein_P=C3=A4ckchen=3F?=\r\nMessage-ID: <" + id + ">\r\n" + more +
		"Date: " + time.Now().Format(time.RFC1123Z) + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n"
	must(t, smtp.SendMail(fmt.Sprint("127.0.0.1:", s.SMTP), nil, from, []string{to}, []byte(raw)))
}

// reader fetches on and on until what is waited for is there.
type reader struct {
	box
	cursor string
	heard  []channel.Message
}

func (r *reader) until(t *testing.T, what string, ok func(channel.Message) bool) channel.Message {
	t.Helper()
	for range 150 {
		for _, m := range r.heard {
			if ok(m) {
				return m
			}
		}
		p, err := r.Fetch(t.Context(), r.cursor)
		must(t, err)
		r.cursor = p.Next
		for _, e := range p.Events {
			r.heard = append(r.heard, e.Message)
		}
		if len(p.Events) == 0 {
			time.Sleep(100 * time.Millisecond)
		}
	}
	t.Fatalf("%s never came; heard %+v", what, r.heard)
	return channel.Message{}
}

func says(text string) func(channel.Message) bool {
	return func(m channel.Message) bool { return strings.Contains(m.Text, text) }
}

func TestRealMail(t *testing.T) {
	s := Start(t)
	t.Run("a mail is heard, answered and found", s.conversation)
	t.Run("a test comes back and is no message", s.test)
	t.Run("what is refused is clear, and what comes back is named", s.refusals)
	t.Run("a colleague is asked by mail, and answers by mail", s.requests)
}

func (s *Servers) conversation(t *testing.T) {
	us := &reader{box: s.open(t, "help@acme.example", Password)}
	ann := &reader{box: s.open(t, "ann@far.example", Password)}
	p, err := us.Check(t.Context())
	if err != nil || p.RemoteID != "help@acme.example" || p.Note != "" {
		t.Fatalf("Check: %+v, %v", p, err)
	}
	page, err := us.Fetch(t.Context(), "")
	must(t, err)
	us.cursor = page.Next

	// a mail arrives, and IDLE tells of it
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	up, rang, end := make(chan bool, 1), make(chan time.Time, 100), make(chan error, 1)
	go func() {
		end <- us.Stream(ctx, func() { up <- true }, func(context.Context, []channel.Event) error { rang <- time.Now(); return nil })
	}()
	select {
	case <-up:
	case err := <-end:
		t.Fatal("the stream: ", err)
	}
	start := time.Now()
	s.outside(t, "ann@far.example", "help@acme.example", "a1@far.example", "", "Es sollte am Dienstag da sein – grüezi.")
	select {
	case at := <-rang:
		t.Logf("IDLE told of it after %v", at.Sub(start).Round(time.Millisecond))
	case err := <-end:
		t.Fatal("the stream: ", err)
	}
	question := us.until(t, "the question", says("Dienstag"))
	if question.Subject != "Wo ist mein Päckchen?" || question.From.RemoteID != "ann@far.example" || question.Own || question.Automatic {
		t.Errorf("the question is %+v", question)
	}

	// it is answered, and the answer lands in her mailbox in the right thread
	o := channel.Outgoing{Key: "abcdefgh22345", Subject: question.Subject, Text: "Heute früh ging es ab.\n.\n..ein Punkt", To: []channel.Identity{question.From},
		Parent: &channel.Parent{RemoteID: question.RemoteID, ThreadID: question.ThreadID, From: question.From, Subject: question.Subject, Private: true,
			Memo: question.Memo}}
	receipt, err := us.Reply(t.Context(), o)
	must(t, err)
	answer := ann.until(t, "the answer", says("Heute"))
	var refs struct {
		ID   string
		Refs []string
	}
	must(t, json.Unmarshal(answer.Memo, &refs))
	if refs.ID != receipt.RemoteID || len(refs.Refs) != 1 || refs.Refs[0] != "a1@far.example" || answer.ThreadID != question.ThreadID {
		t.Errorf("the answer %+v refers to %+v; its receipt is %+v", answer, refs, receipt)
	}
	if answer.Text != o.Text || answer.From.RemoteID != "help@acme.example" || answer.Subject != "Re: Wo ist mein Päckchen?" {
		t.Errorf("the answer reads %+v", answer)
	}

	// its copy is found, and is our own
	found, there, err := us.Find(t.Context(), o)
	if err != nil || !there || found.RemoteID != receipt.RemoteID {
		t.Errorf("Find: %+v, %v, %v", found, there, err)
	}
	if m := us.until(t, "the copy", says("Heute")); !m.Own || m.RemoteID != receipt.RemoteID || m.ThreadID != question.ThreadID {
		t.Errorf("the copy came back as %+v", m)
	}

	// she answers from a program that names our mail alone
	s.outside(t, "ann@far.example", "help@acme.example", "a2@far.example", "In-Reply-To: <"+receipt.RemoteID+">\r\n", "Danke!\r\n\r\n> Heute früh ging es ab.")
	if m := us.until(t, "her thanks", says("Danke")); m.ThreadID != question.ThreadID || m.ParentID != receipt.RemoteID || m.Text != "Danke!" || m.Quoted == "" {
		t.Errorf("her thanks came as %+v", m)
	}
	stop()
	<-end
	s.unread(t)
}

func (s *Servers) test(t *testing.T) {
	us := &reader{box: s.open(t, "help@acme.example", Password)}
	page, err := us.Fetch(t.Context(), "")
	must(t, err)
	us.cursor = page.Next
	got, err := us.Test(t.Context(), "abcdefgh22348")
	if err != nil || got.Seen == "" {
		t.Fatalf("Test: %+v, %v", got, err)
	}
	s.outside(t, "ann@far.example", "help@acme.example", "a3@far.example", "", "Nach dem Versuch.")
	us.until(t, "what came after the test", says("Nach dem Versuch"))
	for _, m := range us.heard {
		if strings.Contains(m.RemoteID, got.RemoteID) || strings.Contains(m.Subject, "Switchboard") {
			t.Errorf("the test is told of: %+v", m)
		}
	}
	s.unread(t)
}

// unread checks that our reading left no mark in the inbox.
func (s *Servers) unread(t *testing.T) {
	t.Helper()
	fresh, _ := filepath.Glob(s.file("mail/acme.example/help/new/*"))
	seen, _ := filepath.Glob(s.file("mail/acme.example/help/cur/*:2,*S*"))
	if len(seen) > 0 || len(fresh) == 0 {
		t.Errorf("%d mails are new, %d are marked as read", len(fresh), len(seen))
	}
}

func (s *Servers) refusals(t *testing.T) {
	us := &reader{box: s.open(t, "help@acme.example", Password)}
	to := func(address string) channel.Outgoing {
		return channel.Outgoing{Key: "abcdefgh22346", Subject: "Hello", Text: "hello " + address, To: []channel.Identity{{RemoteID: address, Handle: address}}}
	}
	if _, err := us.Publish(t.Context(), to("nobody@far.example")); channel.TroubleOf(err).Deed != channel.Fix || channel.TroubleOf(err).Unclear {
		t.Errorf("an unknown recipient: %v; want a clear Fix", err)
	}
	if _, err := us.Publish(t.Context(), to("somebody@elsewhere.example")); channel.TroubleOf(err).Unclear {
		t.Errorf("a domain that cannot be reached: %v", err)
	}
	// taken, and failed later: the notice names our message
	o := to("bob@gone.example")
	o.Key = "abcdefgh22347"
	receipt, err := us.Publish(t.Context(), o)
	must(t, err)
	bounce := us.until(t, "the bounce", func(m channel.Message) bool { return m.Automatic })
	if bounce.Bounce != receipt.RemoteID || bounce.Own {
		t.Errorf("the bounce %+v is not of %q", bounce, receipt.RemoteID)
	}
	stranger := s.open(t, "help@acme.example", "wrong")
	if _, err := stranger.Check(t.Context()); channel.TroubleOf(err).Deed != channel.Reconnect {
		t.Errorf("a wrong password at the mailbox: %v", err)
	}
	if _, err := stranger.Publish(t.Context(), to("ann@far.example")); channel.TroubleOf(err).Deed != channel.Reconnect || channel.TroubleOf(err).Unclear {
		t.Errorf("a wrong password at the post: %v", err)
	}
}
