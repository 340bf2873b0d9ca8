package email

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
	"pgregory.net/rapid"

	"switchboard/internal/channel"
)

// fields returns the names of the header fields of a mail, as a server that knows no mercy reads them.
func fields(t testing.TB, raw []byte) (names []string) {
	t.Helper()
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	if end < 0 {
		t.Fatalf("the mail has no header: %q", raw)
	}
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) || bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\r")) {
		t.Fatalf("a line ends in another way than CRLF")
	}
	for _, l := range strings.Split(string(raw[:end]), "\r\n") {
		if len(l) > 998 {
			t.Errorf("a line of %d bytes", len(l))
		}
		if strings.HasPrefix(l, " ") || strings.HasPrefix(l, "\t") {
			if strings.TrimSpace(l) == "" {
				t.Errorf("an empty line within the header")
			}
			continue
		}
		name, _, ok := strings.Cut(l, ":")
		if !ok {
			t.Errorf("a line that is no field: %q", l)
		}
		names = append(names, name)
	}
	return names
}

var allowed = []string{"Date", "From", "Reply-To", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "MIME-Version",
	"Content-Type", "Content-Transfer-Encoding"}

func TestAnAnswerHasTheHeaderOfAnAnswer(t *testing.T) {
	c := desk(t, "reply_to", "desk@acme.example")
	m := heard(t, c, []byte("From: Ann <ann@far.example>\r\nCc: bob@far.example, help@acme.example\r\nSubject: AW: Re: A question\r\n"+
		"Message-ID: <m3@far.example>\r\nIn-Reply-To: <m2@far.example>\r\nReferences: <m1@far.example> <m2@far.example>\r\n\r\nhello\r\n"))
	o := channel.Outgoing{Key: "abcdefgh22345", Text: "Dear Ann,\n.a line with a dot\nbye – Bob", Subject: m.Subject, Parent: parentOf(m),
		To: []channel.Identity{m.From, m.To[0]}}
	w, err := c.write(o)
	if err != nil {
		t.Fatal(err)
	}
	e, err := enmime.ReadEnvelope(bytes.NewReader(w.raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"From": `"ACME Help" <help@acme.example>`, "Reply-To": `"ACME Help" <desk@acme.example>`, "To": `"Ann" <ann@far.example>`,
		"Cc": "<bob@far.example>", "Subject": "Re: A question", "In-Reply-To": "<m3@far.example>", "Message-ID": "<" + w.id + ">",
		"References": "<m1@far.example> <m2@far.example> <m3@far.example>", "Bcc": "", "User-Agent": "", "X-Mailer": "",
	} {
		if got := e.GetHeader(name); got != want {
			t.Errorf("%s: %q; want %q", name, got, want)
		}
	}
	if strings.ReplaceAll(e.Text, "\r\n", "\n") != o.Text {
		t.Errorf("the text is %q", e.Text)
	}
	if !slices.Equal(w.to, []string{"ann@far.example", "bob@far.example"}) {
		t.Errorf("it goes to %v", w.to)
	}
	again, _ := c.write(o)
	if !bytes.Equal(again.raw, w.raw) {
		t.Error("the same delivery makes another mail")
	}
	if !bytes.Contains(w.raw, []byte("Message-ID: <"+w.id)) {
		t.Error("the id does not stand beside its name")
	}
}

func TestAnswersGoWhereTheyAreWanted(t *testing.T) {
	c := desk(t, "aliases", "info@acme.example")
	m := heard(t, c, []byte("From: shop@far.example\r\nReply-To: ann@far.example\r\nMessage-ID: <m3@far.example>\r\n\r\nhello\r\n"))
	if w := answer(t, c, m, "hello"); !slices.Equal(w.to, []string{"ann@far.example"}) {
		t.Errorf("it goes to %v", w.to)
	}
	loop := heard(t, c, []byte("From: ann@far.example\r\nReply-To: INFO@acme.example\r\nMessage-ID: <m4@far.example>\r\n\r\nhello\r\n"))
	if w := answer(t, c, loop, "hello"); !slices.Equal(w.to, []string{"ann@far.example"}) {
		t.Errorf("it goes to ourselves: %v", w.to)
	}
	own, _ := c.event(answer(t, c, m, "hello").raw, arrival{at: nine, sent: true})
	if w := answer(t, c, own.Message, "one more thing"); !slices.Equal(w.to, []string{"ann@far.example"}) || w.thread != m.ThreadID {
		t.Errorf("a second word goes to %v", w.to)
	}
}

func TestFilesGoOutUnderAHarmlessName(t *testing.T) {
	c := desk(t)
	alt := "Ein kaputtes Scharnier – " + strings.Repeat("sehr ", 100)
	w, err := c.write(channel.Outgoing{Key: "abcdefgh22345", Text: "see", Subject: "x", To: []channel.Identity{ann}, Media: []channel.Upload{
		{Name: "C:\\x\\..\\Rechnung März 漢字.pdf", Type: "application/pdf", Alt: alt, Body: []byte("%PDF\n.\n")},
		{Name: "../" + strings.Repeat("長", 300) + ".html", Type: "text/html; charset=utf-8; name=x", Body: []byte("<p>grüezi\r\n")},
		{Name: "..", Type: "multipart/mixed; boundary=x", Body: []byte("--x")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range bytes.Split(w.raw, []byte("\r\n")) {
		if len(l) > 998 {
			t.Errorf("a line of %d bytes", len(l))
		}
	}
	e, _ := c.event(w.raw, arrival{at: nine})
	m := e.Message
	if !m.Own || len(m.Media) != 3 { // it is known again with its files
		t.Fatalf("own=%v, %d files", m.Own, len(m.Media))
	}
	if m.Media[0].Name != "Rechnung März 漢字.pdf" || m.Media[0].Alt != squeeze(alt) || string(m.Media[0].Body) != "%PDF\n.\n" {
		t.Errorf("the first is %+v", m.Media[0])
	}
	if n := m.Media[1].Name; strings.Contains(n, "/") || !strings.HasSuffix(n, "長.html") || m.Media[1].Type != "text/html" {
		t.Errorf("the second is %q, %q", n, m.Media[1].Type)
	}
	if m.Media[2].Type != "application/octet-stream" || m.Media[2].Name != "attachment" {
		t.Errorf("the third is %+v", m.Media[2])
	}
}

func TestWhatCannotGoIsSaidInWords(t *testing.T) {
	good := func() channel.Outgoing {
		return channel.Outgoing{Key: "abcdefgh22345", Text: "hello", Subject: "x", To: []channel.Identity{ann}}
	}
	for name, spoil := range map[string]func(*channel.Outgoing){
		"no text":                        func(o *channel.Outgoing) { o.Text = " \n" },
		"a text that is not UTF-8":       func(o *channel.Outgoing) { o.Text = "\xff" },
		"a NUL in the text":              func(o *channel.Outgoing) { o.Text = "a\x00b" },
		"no subject":                     func(o *channel.Outgoing) { o.Subject = "" },
		"a line break in the subject":    func(o *channel.Outgoing) { o.Subject = "x\r\nBcc: y@evil.example" },
		"a lone newline in the subject":  func(o *channel.Outgoing) { o.Subject = "x\nBcc: y@evil.example" },
		"another kind of line break":     func(o *channel.Outgoing) { o.Subject = "x\u2028Bcc: y@evil.example" },
		"a subject that is a book":       func(o *channel.Outgoing) { o.Subject = strings.Repeat("x ", 200) },
		"a word without an end":          func(o *channel.Outgoing) { o.Subject = strings.Repeat("x", 240) },
		"nobody to send it to":           func(o *channel.Outgoing) { o.To = nil },
		"ourselves alone to send it to":  func(o *channel.Outgoing) { o.To = []channel.Identity{{RemoteID: "HELP@acme.example"}} },
		"a recipient without an address": func(o *channel.Outgoing) { o.To[0] = channel.Identity{RemoteID: unknown, Handle: unknown} },
		"a line break in a name": func(o *channel.Outgoing) {
			o.To = []channel.Identity{{RemoteID: ann.RemoteID, Name: "Ann\r\nBcc: y@evil.example"}}
		},
		"a line break in an address": func(o *channel.Outgoing) {
			o.To = []channel.Identity{{RemoteID: "ann@far.example\r\nRCPT TO:<y@evil.example>"}}
		},
		"two addresses in one":                func(o *channel.Outgoing) { o.To = []channel.Identity{{RemoteID: "ann@far.example, y@evil.example"}} },
		"an address in brackets, one without": func(o *channel.Outgoing) { o.To = []channel.Identity{{RemoteID: "ann@far.example> <y@evil.example"}} },
		"a line break in a file's name":       func(o *channel.Outgoing) { o.Media = []channel.Upload{{Name: "a\r\nX: y", Type: "image/png"}} },
		"a line break in a file's type":       func(o *channel.Outgoing) { o.Media = []channel.Upload{{Name: "a", Type: "image/png\r\nX: y"}} },
		"a line break in a description": func(o *channel.Outgoing) {
			o.Media = []channel.Upload{{Name: "a", Type: "image/png", Alt: "a\r\nX: y"}}
		},
		"files of 20 megabytes":      func(o *channel.Outgoing) { o.Media = []channel.Upload{{Name: "a", Body: make([]byte, 20<<20)}} },
		"a key no id can be made of": func(o *channel.Outgoing) { o.Key = "a@b>" },
	} {
		t.Run(name, func(t *testing.T) {
			o := good()
			o.To = slices.Clone(o.To)
			spoil(&o)
			_, err := desk(t).write(o)
			if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Fix || tr.Unclear || tr.Message == "" {
				t.Errorf("gives %v; want a clear Fix", err)
			}
		})
	}
}

// F6: whatever a stranger's mail or one of us puts where a header is made of it, the mail has the header fields we gave it
// and the recipients we named, or does not go at all.
func TestNothingBecomesAHeaderThatIsNone(t *testing.T) {
	nasty := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("\r\n\t :,;<>@\"\\()[]=?aB.é\u2028\u0085\x00"))),
		rapid.SampledFrom([]string{"x\r\nBcc: y@evil.example", "\r\n\r\n<h1>", "=?utf-8?q?=0D=0ABcc:_y@evil.example?=", "a\rb", strings.Repeat("w ", 90)}))
	c := desk(t)
	sent := 0
	rapid.Check(t, func(r *rapid.T) {
		id := func(name string) string { // most of a mail is well-formed, or it would be refused for the first thing that is not
			if rapid.IntRange(0, 4).Draw(r, "how is the "+name) > 0 {
				return rapid.SampledFrom([]string{"image/png", "m1@far.example", "bob@far.example"}).Draw(r, name)
			}
			return nasty.Draw(r, name)
		}
		m := channel.Message{Subject: id("parent's subject"), RemoteID: id("parent's id"), ThreadID: id("thread"),
			From: channel.Identity{RemoteID: "ann@far.example", Name: id("name")}}
		if rapid.Bool().Draw(r, "odd address") {
			m.From.RemoteID = id("address")
		}
		m.Memo, _ = json.Marshal(memo{ID: id("memo id"), Refs: []string{id("ref"), id("ref 2")}, To: rapid.SampledFrom([]string{"", id("reply-to")}).Draw(r, "to")})
		o := channel.Outgoing{Key: "abcdefgh22345", Text: "hello " + strings.ToValidUTF8(strings.ReplaceAll(id("text"), "\x00", ""), ""),
			Subject: rapid.SampledFrom([]string{m.Subject, "plain", id("subject")}).Draw(r, "which subject"), Parent: parentOf(m)}
		if rapid.Bool().Draw(r, "more people") {
			o.To = []channel.Identity{{RemoteID: id("other address"), Name: id("other name")}}
		}
		if rapid.Bool().Draw(r, "a file") {
			o.Media = []channel.Upload{{Name: id("file"), Type: id("type"), Alt: id("alt"), Body: []byte("x")}}
		}
		w, err := c.write(o)
		if err != nil {
			if channel.TroubleOf(err).Deed != channel.Fix {
				r.Fatalf("refused with %v", err)
			}
			return
		}
		sent++
		seen := map[string]bool{}
		for _, name := range fields(t, w.raw) {
			if !slices.Contains(allowed, name) || seen[name] {
				r.Fatalf("a header field %q too many:\n%s", name, w.raw)
			}
			seen[name] = true
		}
		for _, to := range w.to {
			if a, err := mail.ParseAddress(to); err != nil || a.Address != to || strings.ContainsAny(to, "\r\n <>") {
				r.Fatalf("it would go to %q: %v", to, err)
			}
		}
		back, err := enmime.ReadEnvelope(bytes.NewReader(w.raw))
		if err != nil {
			r.Fatal(err)
		}
		if list, err := back.AddressList("To"); err != nil || len(list) != 1 {
			r.Fatalf("To: %v, %v", list, err)
		}
	})
	if sent == 0 {
		t.Error("not one mail was good: the test tests nothing")
	}
}

func TestSettingsThatMakeNoSenseAreNamed(t *testing.T) {
	for field, s := range map[string]string{
		"address":       `{"address":"nobody"}`,
		"aliases":       `{"aliases":"a@b.example, c"}`,
		"reply_to":      `{"reply_to":"x\r\n@y"}`,
		"password":      `{"password":""}`,
		"name":          `{"name":"a\nb"}`,
		"login":         `{"login":"a\r\nb"}`,
		"copies":        `{"copies":"twice"}`,
		"imap_host":     `{"imap_host":"https://mail.acme.example/"}`,
		"smtp_host":     `{"smtp_host":""}`,
		"imap_port":     `{"imap_port":"70000"}`,
		"imap_security": `{"imap_security":"plain","plain":true}`,
		"smtp_security": `{"smtp_security":"plain","smtp_host":"127.0.0.1"}`,
		"signing_key":   `{"signing_key":"AAAA"}`,
	} {
		t.Run(field, func(t *testing.T) {
			all := map[string]any{"address": "help@acme.example", "password": "p", "imap_host": "m", "smtp_host": "m"}
			if err := json.Unmarshal([]byte(s), &all); err != nil {
				t.Fatal(err)
			}
			raw, _ := json.Marshal(all)
			_, err := New(channel.Net{}).Open(channel.Opening{Settings: raw})
			if f := fieldOf(err); f != field {
				t.Errorf("Open = %v, about %q; want it about %q", err, f, field)
			}
		})
	}
	about := New(channel.Net{}).About()
	if about.Name != "email" || len(about.Settings) == 0 || about.Help == "" {
		t.Errorf("About = %+v", about)
	}
	for _, s := range about.Settings {
		if s.Kind == "choice" && !slices.Contains(s.Choices, s.Default) || s.Title == "" {
			t.Error(fmt.Sprintf("setting %+v", s))
		}
	}
}
