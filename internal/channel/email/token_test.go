package email

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/channel"
)

var ann = channel.Identity{RemoteID: "ann@far.example", Handle: "ann@far.example", Name: "Ann"}

// answer writes an answer to m, as a delivery does.
func answer(t testing.TB, c *conn, m channel.Message, text string) written {
	t.Helper()
	w, err := c.write(channel.Outgoing{Key: "abcdefgh22345", Text: text, Subject: m.Subject, To: []channel.Identity{m.From}, Parent: parentOf(m)})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func parentOf(m channel.Message) *channel.Parent {
	return &channel.Parent{RemoteID: m.RemoteID, ThreadID: m.ThreadID, From: m.From, To: m.To, Subject: m.Subject, Private: true, Memo: m.Memo}
}

func TestWhatTurnsUpUnderOurName(t *testing.T) {
	c := desk(t)
	w := answer(t, c, heard(t, c, eml(t, "plain")), "It left this morning.")
	lines := string(w.raw)
	for name, x := range map[string]struct {
		raw  string
		sent bool
		own  bool
		id   bool // its RemoteID is the receipt's
	}{
		"the copy in the sent folder":                      {lines, true, true, true},
		"a copy in the inbox, word for word":               {lines, false, true, true},
		"the same with what servers add":                   {"Received: from x\r\nX-Spam: no\r\n" + lines, false, true, true},
		"other words under our id":                         {strings.Replace(lines, "It left this morning.", "Send the money elsewhere.", 1), false, false, false},
		"another subject under our id":                     {strings.Replace(lines, "Re: A question", "Re: A demand", 1), false, false, false},
		"our words from another sender":                    {strings.Replace(lines, "From: \"ACME Help\" <help@acme.example>", "From: x@evil.example", 1), false, false, false},
		"our name and an id of the forger's making":        {strings.Replace(lines, w.id, "x@acme.example", 1), false, false, false},
		"our name and our id with one letter off":          {strings.Replace(lines, w.id[:3], "zzz", 1), false, false, false},
		"by hand in the mail program, kept as sent":        {strings.Replace(lines, w.id, "hand@program", 1), true, true, false},
		"somebody else's, in a sent folder that is shared": {strings.Replace(lines, "<help@acme.example>\r\nTo", "<boss@acme.example>\r\nTo", 1), true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			e, told := c.event([]byte(x.raw), arrival{at: nine, sent: x.sent})
			if !told {
				if x.own || !x.sent {
					t.Fatal("it was left out")
				}
				return
			}
			if m := e.Message; m.Own != x.own || (m.RemoteID == w.id) != x.id {
				t.Errorf("Own = %v, RemoteID %q; want own=%v, the receipt's=%v", m.Own, m.RemoteID, x.own, x.id)
			} else if !m.Own && len(m.Doubts) == 0 && name != "our words from another sender" {
				t.Error("nobody is told that it is odd")
			}
		})
	}
}

func TestAnAnswerFindsItsThreadByOurIdAlone(t *testing.T) {
	c := desk(t)
	first := heard(t, c, eml(t, "plain"))
	w := answer(t, c, first, "Which parcel?")
	if w.thread != first.ThreadID {
		t.Error("our answer is in another thread")
	}
	reply := func(ref string) channel.Message {
		return heard(t, c, []byte("From: ann@far.example\r\nMessage-ID: <m9@far.example>\r\nIn-Reply-To: <"+ref+">\r\n\r\nThe blue one\r\n"))
	}
	if m := reply(w.id); m.ThreadID != first.ThreadID || m.ParentID != w.id || len(m.Doubts) > 0 {
		t.Errorf("thread %q, parent %q, doubts %q; want %q, %q", m.ThreadID, m.ParentID, m.Doubts, first.ThreadID, w.id)
	}
	for k := range w.id[:strings.IndexByte(w.id, '@')] { // guessed or altered
		b := []byte(w.id)
		if b[k] == '.' {
			continue
		}
		b[k] = 'a' + (b[k]-'a'+1)%26
		if m := reply(string(b)); m.ThreadID == first.ThreadID || m.ParentID != "" {
			t.Fatalf("an id with letter %d altered was believed", k)
		}
	}
	shape := strings.Replace(w.id, "abcdefgh22345", "abcdefgh22346", 1)
	if m := reply(shape); len(m.Doubts) != 1 {
		t.Errorf("of a made-up id of ours is said %q", m.Doubts)
	}
	other := desk(t, "address", "press@acme.example")
	if m := heard(t, other, []byte("From: ann@far.example\r\nIn-Reply-To: <"+w.id+">\r\n\r\nx\r\n")); m.ParentID != "" || len(m.Doubts) > 0 {
		t.Errorf("another account's id: parent %q, doubts %q", m.ParentID, m.Doubts)
	}
}

func TestABounceNamesTheMessageThatFailed(t *testing.T) {
	c := desk(t)
	w := answer(t, c, heard(t, c, eml(t, "plain")), "It left this morning.")
	foreign := string(eml(t, "report-foreign"))
	report := func(action, id string) string {
		s := strings.Replace(foreign, "Action: failed", "Action: "+action, 1)
		return strings.Replace(s, "somebody-elses@acme.example", id, 1)
	}
	for name, x := range map[string]struct{ raw, want string }{
		"a delivery status":           {report("failed", w.id), w.id},
		"a delay is no bounce":        {report("delayed", w.id), ""},
		"a message we never sent":     {foreign, ""},
		"an id that we did not sign":  {report("failed", "z"+w.id), ""},
		"a notice in nobody's form":   {"Return-Path: <>\r\nFrom: MAILER-DAEMON@x.example\r\n\r\nCould not deliver\r\nMessage-ID: <" + w.id + ">\r\n", w.id},
		"a person who quotes our id":  {"From: ann@far.example\r\nIn-Reply-To: <" + w.id + ">\r\n\r\nSee " + w.id + "\r\n", ""},
		"an auto-reply is no bounce":  {"Return-Path: <>\r\nFrom: ann@far.example\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <" + w.id + ">\r\n\r\nI am away\r\n", ""},
		"a read receipt is no bounce": {strings.NewReplacer("delivery-status", "disposition-notification").Replace(report("failed", w.id)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := heard(t, c, []byte(x.raw))
			if m.Bounce != x.want {
				t.Errorf("Bounce = %q; want %q", m.Bounce, x.want)
			}
			if m.Bounce != "" && !m.Automatic {
				t.Error("a bounce that a machine might answer")
			}
		})
	}
}

func TestTheKeyIsMadeOnceAndKept(t *testing.T) {
	var kept json.RawMessage
	o := channel.Opening{Now: func() time.Time { return nine }, Keep: func(_ context.Context, s json.RawMessage) error { kept = s; return nil },
		Settings: json.RawMessage(`{"address":"help@acme.example","password":"p","imap_host":"m","smtp_host":"m","something":"else"}`)}
	one, err := New(channel.Net{}).Open(o)
	if err != nil || !strings.Contains(string(kept), `"something":"else"`) {
		t.Fatalf("kept %s, %v", kept, err)
	}
	o.Settings, kept = kept, nil
	two, err := New(channel.Net{}).Open(o)
	if err != nil || kept != nil {
		t.Fatalf("kept again: %s, %v", kept, err)
	}
	out := channel.Outgoing{Key: "abcdefgh22345", Text: "x", Subject: "y", To: []channel.Identity{ann}}
	a, _, _ := one.(*conn).name(out)
	if b, _, _ := two.(*conn).name(out); a.id != b.id {
		t.Errorf("one delivery, two ids: %q, %q", a.id, b.id)
	}
}

func TestAnIdSaysWhatWasPutIntoIt(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tok := newTokens(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "key"), "help@acme.example")
		key := rapid.StringMatching(`[a-z2-7]{13}`).Draw(r, "delivery")
		th := thread(rapid.String().Draw(r, "root"))
		id := tok.id(key, th, tok.print(rapid.String().Draw(r, "subject"), rapid.String().Draw(r, "text"), nil))
		if got, ok, forged := tok.read("<" + id + ">"); !ok || forged || got.key != key || got.thread != th || got.id != id {
			r.Fatalf("read %q as %+v, %v", id, got, ok)
		}
		at := rapid.IntRange(0, len(id)-1).Draw(r, "at")
		b := []byte(id)
		b[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "flip"))
		if _, ok, _ := tok.read(string(b)); ok && !strings.EqualFold(string(b), id) {
			r.Fatalf("%q counts though byte %d is another", b, at)
		}
	})
}
