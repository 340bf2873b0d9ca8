package email_test

import (
	"bytes"
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/sim/far"

	sim "switchboard/internal/sim/email"
)

const testKey = "ahk3xq7m2v5wd"

// tested is a mailbox that has sent itself a test, the cursor before it, and the mail.
func tested(t *testing.T, copies bool, more ...func(*sim.Server)) (p *provider, c channel.Conn, cursor string, got channel.Tested, raw []byte) {
	t.Helper()
	clock := channeltest.NewClock()
	p = start(t, clock, copies, more...)
	c = p.open(clock)
	_, cursor = all(t, c, "")
	got, err := c.(channel.Tester).Test(t.Context(), testKey)
	if err != nil {
		t.Fatal(err)
	}
	return p, c, cursor, got, p.Taken()[0]
}

func TestATestComesBackAndIsNoMessage(t *testing.T) {
	for _, copies := range []bool{false, true} {
		_, c, cursor, got, raw := tested(t, copies)
		if !strings.Contains(got.Seen, "arrived in the inbox") || got.Gone || !strings.Contains(got.Note, "stays in the mailbox") {
			t.Errorf("%+v", got)
		}
		for _, head := range []string{"Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "Message-ID: <test" + testKey + "."} {
			if !bytes.Contains(raw, []byte(head)) {
				t.Errorf("no %q in\n%s", head, raw)
			}
		}
		if events, _ := all(t, c, cursor); len(events) != 0 {
			t.Errorf("it is told of: %v", texts(events))
		}
	}
}

// TestATestIsKnownUnderAnotherID: some that send mail for others give each an id of their own.
func TestATestIsKnownUnderAnotherID(t *testing.T) {
	p, c, cursor, got, raw := tested(t, true, func(s *sim.Server) { s.Renames = true })
	if !strings.Contains(got.Seen, "arrived in the inbox") {
		t.Errorf("%+v", got)
	}
	if events, _ := all(t, c, cursor); len(events) != 0 {
		t.Errorf("it is told of: %v", texts(events))
	}
	other := bytes.Replace(raw, []byte("Message-ID: <"+got.RemoteID+">"), []byte("Message-ID: <x@provider.example>"), 1)
	returned := []byte("From: mailer-daemon@acme.example\r\nTo: help@acme.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nReturn-Path: <>\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; acme.example\r\n\r\nFinal-Recipient: rfc822; help@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\n" + string(other) + "\r\n--b--\r\n")
	for name, tt := range map[string]struct {
		raw   []byte
		heard bool
	}{
		"the mail itself":             {other, false},
		"a server gives it back":      {returned, false},
		"a stranger takes the header": {bytes.Replace(other, []byte("From: "), []byte("From: eve@far.example\r\nX-Was: "), 1), true},
		"somebody makes one up":       {bytes.Replace(other, []byte(got.RemoteID), []byte(strings.Replace(got.RemoteID, testKey, testKey[:12]+"e", 1)), 1), true},
	} {
		if err := p.Deliver(tt.raw); err != nil {
			t.Fatal(err)
		}
		events, next := all(t, c, cursor)
		if cursor = next; (len(events) == 1) != tt.heard {
			t.Errorf("%s: heard %v", name, texts(events))
		}
	}
}

func TestATestThatDoesNotArriveIsSaid(t *testing.T) {
	_, _, _, got, _ := tested(t, false, func(s *sim.Server) { s.Loses = true })
	if got.Said == "" || got.Seen != "" || !strings.Contains(got.Note, "not in the inbox after") {
		t.Errorf("%+v", got)
	}
}

func TestATestWhoseMailboxCannotBeReadIsSaid(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, false)
	p.Faults().Set(far.Fault{On: far.Read, Do: far.Unauthorized})
	got, err := p.open(clock).(channel.Tester).Test(t.Context(), testKey)
	if err != nil || got.Said == "" || got.Seen != "" || !strings.Contains(got.Note, "refuses the login name") {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestOnlyTheTestItselfIsLeftOut: a mail server may write below a mail, a machine may answer it or give it back, and all that is
// no message. What a person says about it is one, and so is what a stranger sends under its id.
func TestOnlyTheTestItselfIsLeftOut(t *testing.T) {
	p, c, cursor, got, raw := tested(t, false)
	id := "<" + got.RemoteID + ">"
	from := func(who, more, text string) []byte {
		return []byte("From: " + who + "\r\nTo: help@acme.example\r\nSubject: Re: A test\r\n" + more + "\r\n" + text + "\r\n")
	}
	for name, tt := range map[string]struct {
		raw   []byte
		heard bool
	}{
		"with a footer of the mail server":   {append(bytes.Clone(raw), "-- \r\nThis mail was checked for viruses.\r\n"...), false},
		"with another subject":               {bytes.Replace(raw, []byte("Subject: "), []byte("Subject: [intern] "), 1), false},
		"a machine says that all are away":   {from("help@acme.example", "Message-ID: <a@x>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: "+id+"\r\n", "We are away."), false},
		"a server gives it back":             {from("mailer-daemon@acme.example", "Message-ID: <b@x>\r\nReturn-Path: <>\r\nIn-Reply-To: "+id+"\r\n", "It could not be delivered."), false},
		"a colleague answers it":             {from("ann@acme.example", "Message-ID: <c@x>\r\nIn-Reply-To: "+id+"\r\n", "What is this?"), true},
		"a stranger takes its id":            {from("eve@far.example", "Message-ID: "+id+"\r\n", "Look here."), true},
		"somebody answers under its id":      {from("help@acme.example", "Message-ID: "+id+"\r\nIn-Reply-To: <d@x>\r\n", "Answered already."), true},
		"an id that looks like a test's":     {from("help@acme.example", "Message-ID: "+strings.Replace(id, "<test"+testKey, "<test"+testKey[:12]+"e", 1)+"\r\n", "Hello"), true},
		"a stranger's machine says it of it": {from("eve@far.example", "Message-ID: <e@x>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <other@x>\r\n", "I am away."), true},
	} {
		if err := p.Deliver(tt.raw); err != nil {
			t.Fatal(err)
		}
		events, next := all(t, c, cursor)
		if cursor = next; (len(events) == 1) != tt.heard {
			t.Errorf("%s: heard %v", name, texts(events))
		}
		for _, e := range events {
			if e.Message.Own {
				t.Errorf("%s: it is taken for ours", name)
			}
		}
	}
}
