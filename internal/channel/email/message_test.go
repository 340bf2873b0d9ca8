package email

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"switchboard/internal/channel"
)

var nine = time.Date(2026, 10, 8, 9, 0, 0, 0, time.UTC)

// desk is a mailbox that nobody can reach: for what needs no server.
func desk(t testing.TB, more ...string) *conn {
	t.Helper()
	s := map[string]any{"address": "help@acme.example", "name": "ACME Help", "password": "secret", "imap_host": "mail.acme.example",
		"smtp_host": "mail.acme.example", "authserv_id": "mail.acme.example"}
	for k := 0; k+1 < len(more); k += 2 {
		s[more[k]] = more[k+1]
	}
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(channel.Net{}).Open(channel.Opening{Settings: raw, Now: func() time.Time { return nine }})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*conn)
}

func eml(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// heard reads a mail as it would come into the inbox.
func heard(t testing.TB, c *conn, raw []byte) channel.Message {
	t.Helper()
	e, ok := c.event(raw, arrival{at: nine})
	if !ok {
		t.Fatal("a mail in the inbox was left out")
	}
	sane(t, e)
	return e.Message
}

// sane checks what must hold of every mail, whatever is in it.
func sane(t testing.TB, e channel.Event) {
	t.Helper()
	m := e.Message
	if e.RemoteID == "" || e.RemoteID != m.RemoteID || m.From.RemoteID == "" || m.Kind != channel.Email || !m.Private || m.At.IsZero() {
		t.Errorf("it lacks what every message has: %+v", m)
	}
	texts := append([]string{m.RemoteID, m.ThreadID, m.ParentID, m.Text, m.HTML, m.Quoted, m.Subject, m.From.Name, m.From.RemoteID,
		m.From.Handle, m.Lang, m.Bounce}, m.Doubts...)
	for _, x := range m.Media {
		texts = append(texts, x.Name, x.Type, x.Alt, x.URL)
	}
	for _, x := range m.To {
		texts = append(texts, x.Name, x.RemoteID, x.Handle)
	}
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("no database takes %q", cut(s, 200))
		}
	}
	for _, s := range []string{m.Subject, m.From.Name, m.From.RemoteID} {
		if strings.ContainsAny(s, "\r\n") {
			t.Errorf("a line break in %q", s)
		}
	}
	if !json.Valid(e.Raw) || m.Memo != nil && !json.Valid(m.Memo) {
		t.Error("Raw or Memo is no JSON")
	}
	if len(m.Text) > textMost || len(m.HTML) > textMost || len(m.Media) > mediaMany {
		t.Errorf("it is too large: text %d, HTML %d, %d attachments", len(m.Text), len(m.HTML), len(m.Media))
	}
}

func TestWhatAMailSays(t *testing.T) {
	for file, want := range map[string]struct {
		text, subject, from string
		automatic           bool
		doubt               string // in one of the doubts
	}{
		"plain":           {text: "Where is my parcel? It should have come on Tuesday – grüezi.", subject: "A question", from: "ann@far.example"},
		"html-only":       {text: "Grüezi zusammen\n\n- one\n- two\n\nOrder 123", subject: "Bestellung für Büro"},
		"alternative":     {text: "The hinge is broken."},
		"broken-mime":     {text: "Hello, this is broken\n\nno end"},
		"no-boundary":     {text: "Only this line is here."},
		"nested-100":      {doubt: "packed into itself too many times"},
		"wrong-charset":   {text: "Die Tür klemmt – schön ist das nicht."},
		"no-charset":      {text: "Un café très chaud, déjà froid."},
		"unknown-charset": {text: "nuqneH"},
		"raw-subject":     {text: "hello", subject: "Café", from: "rene@far.example"},
		"forged":          {from: "help@acme.example", doubt: "it was not sent by it"},
		"name-trick":      {from: "someone@evil.example", doubt: "looks like another address (press@acme.example)"},
		"two-froms":       {from: "ann@far.example", doubt: "more than one sender"},
		"no-from":         {from: "unknown sender", doubt: "who it is from"},
		"no-message-id":   {text: "no id at all"},
		"odd-message-id":  {text: "id without brackets"},
		"list":            {text: "The newsletter.", automatic: true},
		"auto-reply":      {text: "I am away until Monday.", automatic: true},
		"noreply":         {automatic: true},
		"empty-sender":    {automatic: true},
		"person":          {text: "I am a person."},
		"rtl":             {text: "שלום עולם \u202eabc\u202c \u2066x\u2069 👩‍👩‍👧 z\u200dw", subject: "שלום \u202egnp.exe"},
		"nul":             {text: "before\ufffdafter ÿþ end"},
		"control":         {subject: "one Bcc: x@evil.example", from: "ann@far.example"},
		"flowed":          {text: "This line goes on and ends here.\nA new one."},
		"mojibake-name":   {from: "joerg@far.example"},
		"many-parts":      {doubt: "very many attachments"},
		"report-foreign":  {text: "Sorry.", automatic: true},
		"auth-fail":       {doubt: "DMARC fail"},
		"auth-foreign":    {text: "pay"},
		"auth-spf":        {doubt: "SPF fail"},
		"lf-only":         {text: "bare\nline ends"},
		"empty":           {from: "unknown sender"},
		"headers-only":    {from: "ann@far.example"},
		"colon-soup":      {from: "unknown sender"},
	} {
		t.Run(file, func(t *testing.T) {
			m := heard(t, desk(t), eml(t, file))
			if want.text != "" && m.Text != want.text {
				t.Errorf("Text = %q; want %q (quoted %q)", m.Text, want.text, m.Quoted)
			}
			if want.subject != "" && m.Subject != want.subject {
				t.Errorf("Subject = %q; want %q", m.Subject, want.subject)
			}
			if want.from != "" && m.From.RemoteID != want.from {
				t.Errorf("From = %q; want %q", m.From.RemoteID, want.from)
			}
			if m.Automatic != want.automatic {
				t.Errorf("Automatic = %v; want %v", m.Automatic, want.automatic)
			}
			doubts := strings.Join(m.Doubts, "\n")
			if !strings.Contains(doubts, want.doubt) || want.doubt == "" && doubts != "" && want.from != "unknown sender" {
				t.Errorf("Doubts = %q; want %q", doubts, want.doubt)
			}
			if m.Own || m.Bounce != "" {
				t.Errorf("a stranger's mail is own=%v, bounce=%q", m.Own, m.Bounce)
			}
		})
	}
}

func TestEveryMailInTheDrawerIsTested(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.eml")
	if len(files) < 30 {
		t.Errorf("only %d mails", len(files))
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(b); n += max(1, len(b)/23) { // and cut off anywhere
			heard(t, desk(t), b[:n])
		}
	}
}

func TestPicturesAndFilesComeWithTheMail(t *testing.T) {
	m := heard(t, desk(t), eml(t, "alternative"))
	if len(m.Media) != 3 {
		t.Fatalf("%d attachments; want 3: %+v", len(m.Media), m.Media)
	}
	pic, pdf, log := m.Media[0], m.Media[1], m.Media[2]
	if pic.Type != "image/png" || pic.Alt != "A broken hinge, seen from above" || pic.URL != "cid:pic@1" || string(pic.Body) != "\x89PNG\r\n\x1a\n" {
		t.Errorf("the picture is %+v", pic)
	}
	if pdf.Name != "Rechnung März.pdf" || pdf.Size != int64(len(pdf.Body)) || pdf.Size == 0 {
		t.Errorf("the invoice is %+v", pdf)
	}
	if log.Name != "../../etc/log.txt" || strings.TrimSpace(string(log.Body)) != "a log" { // a name is only ever text
		t.Errorf("the log is %+v", log)
	}
	if !strings.Contains(m.HTML, "<b>broken</b>") {
		t.Errorf("HTML = %q", m.HTML)
	}
}

func TestAttachmentsBeyondTheRoomAreNamedButNotKept(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("From: ann@far.example\r\nMessage-ID: <big@far.example>\r\nContent-Type: multipart/mixed; boundary=p\r\n\r\n")
	for range 3 {
		b.WriteString("--p\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename=a.zip\r\n\r\n")
		b.Write(bytes.Repeat([]byte("zip zip zip zip zip\r\n"), 4<<20/21))
		b.WriteString("\r\n")
	}
	b.WriteString("--p--\r\n")
	m := heard(t, desk(t), b.Bytes())
	kept := 0
	for _, x := range m.Media {
		kept += len(x.Body)
	}
	if len(m.Media) != 3 || kept > mediaMost || m.Media[2].Body != nil || m.Media[2].Size == 0 || len(m.Doubts) == 0 {
		t.Errorf("%d attachments, %d bytes kept, doubts %q", len(m.Media), kept, m.Doubts)
	}
}

func TestBombsAreShownAsTheyCame(t *testing.T) {
	deep := "Message-ID: <deep@far.example>\r\nFrom: ann@far.example\r\n"
	for k := range 3000 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", k, k)
	}
	wide := strings.Repeat("X-Header: is long\r\n", 100_000)
	for name, raw := range map[string]string{"a mail packed 3000 times": deep, "a header of two megabytes": wide + "\r\nhello"} {
		t.Run(name, func(t *testing.T) {
			if m := heard(t, desk(t), []byte(raw)); !slices.ContainsFunc(m.Doubts, func(d string) bool { return strings.Contains(d, "shown as it came") }) {
				t.Errorf("Doubts = %q", m.Doubts)
			}
		})
	}
}

func TestAMegabyteWithoutASpaceIsKept(t *testing.T) {
	long := strings.Repeat("é", 1<<19)
	for _, kind := range []string{"text/plain; charset=utf-8", "text/html; charset=utf-8", "text/plain; charset=utf-8; format=flowed"} {
		m := heard(t, desk(t), []byte("From: ann@far.example\r\nMessage-ID: <l@far.example>\r\nContent-Type: "+kind+"\r\n\r\n"+long+"\r\n"))
		if m.Text != long {
			t.Errorf("%s: of %d bytes %d came", kind, len(long), len(m.Text))
		}
	}
	m := heard(t, desk(t), []byte("From: ann@far.example\r\nSubject: "+strings.Repeat("x", 1<<17)+"\r\n\r\nhi\r\n"))
	if len(m.Subject) != 2000 {
		t.Errorf("the subject has %d bytes", len(m.Subject))
	}
}

func TestOneIdForTwoMailsStaysTwoMessages(t *testing.T) {
	c := desk(t)
	one := heard(t, c, eml(t, "plain"))
	other := heard(t, c, eml(t, "person")) // the same Message-ID
	if one.RemoteID == other.RemoteID {
		t.Error("two mails are one")
	}
	moved := append([]byte("Received: from elsewhere\r\nX-Spam-Status: No\r\n"), eml(t, "plain")...)
	if again := heard(t, c, moved); again.RemoteID != one.RemoteID {
		t.Errorf("one mail that came by another way is two: %q, %q", again.RemoteID, one.RemoteID)
	}
	if none := heard(t, c, eml(t, "no-message-id")); none.RemoteID == "" || none.RemoteID != heard(t, c, eml(t, "no-message-id")).RemoteID {
		t.Error("a mail without an id is another each time")
	}
}

func TestTheThreadIsThatOfTheFirstMail(t *testing.T) {
	c := desk(t)
	mail := func(id, reply, refs string) channel.Message {
		raw := "From: ann@far.example\r\nSubject: x\r\nMessage-ID: <" + id + ">\r\n"
		if reply != "" {
			raw += "In-Reply-To: " + reply + "\r\n"
		}
		if refs != "" {
			raw += "References: " + refs + "\r\n"
		}
		return heard(t, c, []byte(raw+"\r\n"+id+"\r\n"))
	}
	root := mail("a@far.example", "", "")
	for name, m := range map[string]channel.Message{
		"an answer":                  mail("b@far.example", "<a@far.example>", "<a@far.example>"),
		"an answer to the answer":    mail("c@far.example", "<b@far.example>", "<a@far.example> <b@far.example>"),
		"references folded":          mail("d@far.example", "<b@far.example>", "<a@far.example>\r\n\t<b@far.example>"),
		"In-Reply-To alone":          mail("e@far.example", "<a@far.example>", ""),
		"In-Reply-To with words":     mail("f@far.example", "Ann's message of Monday <a@far.example>", ""),
		"a reference to itself, too": mail("g@far.example", "<a@far.example>", "<g@far.example> <a@far.example>"),
	} {
		if m.ThreadID != root.ThreadID {
			t.Errorf("%s is in another thread", name)
		}
	}
	if other := mail("z@far.example", "", ""); other.ThreadID == root.ThreadID {
		t.Error("two mails without a word of each other are in one thread")
	}
	long := ""
	for k := range 60 {
		long += fmt.Sprintf("<r%d@far.example> ", k)
	}
	var note memo
	if err := json.Unmarshal(mail("h@far.example", "<r59@far.example>", long).Memo, &note); err != nil || len(note.Refs) != 20 ||
		note.Refs[0] != "r0@far.example" || note.Refs[19] != "r59@far.example" {
		t.Errorf("references kept: %v, %v", note.Refs, err)
	}
}

func TestOnlyOurOwnServersVerdictCounts(t *testing.T) {
	trusting := desk(t, "authserv_id", "")
	if m := heard(t, trusting, eml(t, "auth-fail")); len(m.Doubts) != 0 {
		t.Errorf("without a name set, somebody was believed: %q", m.Doubts)
	}
	if m := heard(t, desk(t), eml(t, "auth-spf")); len(m.Doubts) != 1 { // of two signatures one was good
		t.Errorf("Doubts = %q", m.Doubts)
	}
}

// A domain is the same with its own letters and as it stands in the DNS: nobody is named twice, nor are we.
func TestADomainIsTheSameInEitherSpelling(t *testing.T) {
	c := desk(t, "aliases", "info@müller.example")
	m := heard(t, c, []byte("From: Ann <ann@käse.example>\r\nReply-To: ann@xn--kse-qla.example\r\nTo: INFO@xn--mller-kva.example, bob@Käse.example\r\n"+
		"Cc: info@Müller.example, Bob@xn--kse-qla.example\r\nSubject: Cheese\r\nMessage-ID: <m1@far.example>\r\n\r\nhello\r\n"))
	if len(m.To) != 1 || m.To[0].RemoteID != "bob@xn--kse-qla.example" {
		t.Errorf("in it are %+v", m.To)
	}
	if at := remembered(*parentOf(m)).To; at != "" {
		t.Errorf("it wants its answer at %q, which is where it came from", at)
	}
	w, err := c.write(channel.Outgoing{Key: "abcdefgh22345", Text: "yes", Subject: m.Subject, Parent: parentOf(m),
		To: []channel.Identity{m.From, m.To[0], {RemoteID: "ann@xn--kse-qla.example"}, {RemoteID: "info@müller.example"}}})
	if err != nil || !slices.Equal(w.to, []string{"ann@xn--kse-qla.example", "bob@xn--kse-qla.example"}) {
		t.Errorf("it goes to %v, %v", w.to, err)
	}
}

// A notice names those it is about, each in a block of their own: whom the mail did not reach, and not who waits or has it.
func TestWhomAMailDidNotReach(t *testing.T) {
	block := func(who, what string) string { return "\r\nFinal-Recipient: " + who + "\r\nAction: " + what + "\r\n" }
	status := "Reporting-MTA: dns; far.example\r\n" + block("rfc822; ann@far.example", "failed") + block("rfc822;<bob@far.example>", "FAILED") +
		block("rfc822; cleo@far.example", "delayed") + block("rfc822; dora@far.example", "delivered") + block("rfc822; ann@far.example", "failed") +
		block("rfc822; not an address", "failed") + block("x-local; eve", "failed")
	if got := missed(status); !slices.Equal(got, []string{"ann@far.example", "bob@far.example"}) {
		t.Errorf("it names %q", got)
	}
}

// A notice names the mails that were not delivered, whoever of the house sent them; a notice of a delay, and an answer, name none.
func TestWhichMailsCameBack(t *testing.T) {
	notice := func(status, back string) string {
		return "From: MAILER-DAEMON@acme.example\r\nTo: help@acme.example\r\nSubject: Undelivered\r\nIn-Reply-To: <other@acme.example>\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNo such mailbox.\r\n" +
			"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; acme.example\r\n\r\nFinal-Recipient: rfc822; bob@acme.example\r\nAction: " + status + "\r\n" + back + "--b--\r\n"
	}
	headers := "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <sbh.x@acme.example>\r\nSubject: A question\r\n\r\n"
	for name, tt := range map[string]struct {
		raw  string
		want []string
	}{
		"a notice that gives it back":        {notice("failed", headers), []string{"sbh.x@acme.example"}},
		"a notice that only refers to it":    {notice("failed", ""), []string{"other@acme.example"}},
		"a notice of a delay":                {notice("delayed", headers), nil},
		"that one who was asked is away":     {"Return-Path: <>\r\nFrom: bob@acme.example\r\nTo: help@acme.example\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <sbh.x@acme.example>\r\n\r\nI am away.\r\n", nil},
		"an answer of the one who was asked": {"From: bob@acme.example\r\nTo: help@acme.example\r\nIn-Reply-To: <sbh.x@acme.example>\r\n\r\nYes.\r\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := heard(t, desk(t), []byte(tt.raw)).Returned; !slices.Equal(got, tt.want) {
				t.Errorf("Returned = %q; want %q", got, tt.want)
			}
		})
	}
}

func TestOfTwoSendersNobodyVouches(t *testing.T) {
	for from, want := range map[string]string{"bob@acme.example": "pass", "bob@acme.example, eve@far.example": "fail"} {
		raw := "Authentication-Results: mail.acme.example; dmarc=pass header.from=acme.example\r\nFrom: " + from + "\r\nTo: help@acme.example\r\n\r\nYes.\r\n"
		if got := heard(t, desk(t), []byte(raw)).Vouched; got != want {
			t.Errorf("of %s it says %q; want %q", from, got, want)
		}
	}
}

func FuzzMessage(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.eml")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil && len(b) < 20_000 {
			f.Add(b)
		}
	}
	c := desk(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, ok := c.event(raw, arrival{at: nine})
		if !ok {
			t.Fatal("left out")
		}
		sane(t, e)
		if strings.HasPrefix(e.RemoteID, "broken-") {
			t.Error("the parser gave up on it in a panic")
		}
		if e.Message.Own {
			t.Error("a stranger's mail is our own")
		}
	})
}
