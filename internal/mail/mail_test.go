package mail_test

import (
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/mail"
	"switchboard/internal/sim/email"
	"switchboard/internal/sim/far"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// world is a Switchboard and a mail provider beside it.
type world struct {
	*apptest.House
	post *email.Server
	now  *clock.Pretend
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			now := clock.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
			post := &email.Server{Now: now.Now}
			if err := post.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = post.Close() })
			h := apptest.Open(t, apptest.DSN(t, kind), app.Options{Now: now.Now, Allow: []string{"127.0.0.0/8"}})
			f(t, &world{h, post, now})
		})
	}
}

// smtp is where the provider takes mail.
func (w *world) smtp(t testing.TB) (host string, port int) {
	t.Helper()
	var s struct {
		Host string `json:"smtp_host"`
		Port any    `json:"smtp_port"`
	}
	if err := json.Unmarshal(w.post.Settings(), &s); err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(fmt.Sprint(s.Port))
	if err != nil {
		t.Fatal(err)
	}
	return s.Host, port
}

// set sets the house's mail to the provider.
func (w *world) set(t testing.TB) mail.Settings {
	t.Helper()
	host, port := w.smtp(t)
	password := "secret"
	s, err := w.Mail.Change(t.Context(), w.Boss, mail.Settings{On: true, Host: host, Port: port, Security: "plain", Login: w.post.Address, From: "Desk@acme.example", Name: "ACME desk"}, &password)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *world) mailPost(t testing.TB, l mail.Letter) (id mail.LetterID) {
	t.Helper()
	w.Tx(t, func(tx *store.Tx) (err error) {
		id, err = w.House.Mail.Post(t.Context(), tx, l)
		return err
	})
	return id
}

// settled waits until a letter is sent or given up, or has been tried so often.
func (w *world) settled(t testing.TB, id mail.LetterID, tries int) mail.Log {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		list, err := w.House.Mail.Letters(t.Context(), w.Boss, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			if l.ID == id && (l.State != mail.Queued || tries > 0 && l.Tries >= tries) {
				return l
			}
		}
	}
	t.Fatal("the letter is still under way")
	return mail.Log{}
}

var hello = mail.Letter{To: "bob@acme.example", Name: "Bob Lee", Kind: "request", Key: "request:1", Subject: "A question\r\nBcc: all@x.example", Text: "Was it paid?\n.\nseeded-marker-77", HTML: "<p>Was it paid?</p>"}

func TestALetterGoesOutOnceAndIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if from, err := w.House.Mail.Ready(t.Context()); err != nil || from != "" {
			t.Errorf("before anything is set it is ready as %q, %v", from, err)
		}
		if id := w.mailPost(t, hello); id != 0 {
			t.Error("a letter is posted though nothing is set")
		}
		w.set(t)
		if from, err := w.House.Mail.Ready(t.Context()); err != nil || from != "Desk@acme.example" {
			t.Errorf("ready as %q, %v", from, err)
		}
		id := w.mailPost(t, hello)
		if again := w.mailPost(t, hello); again != 0 {
			t.Error("a second letter with the same key is posted")
		}
		l := w.settled(t, id, 0)
		if l.State != mail.Sent || l.To != hello.To || !mail.Ours(l.MessageID) {
			t.Fatalf("it became %+v", l)
		}
		got := w.post.Taken()
		if len(got) != 1 {
			t.Fatalf("%d mails went out", len(got))
		}
		raw := string(got[0])
		for _, want := range []string{"Message-ID: <" + l.MessageID + ">", "Auto-Submitted: auto-generated", "List-Id: <request.switchboard.acme.example>", "Subject: A question Bcc: all@x.example\r\n", "text/html", `"Bob Lee" <bob@acme.example>`} {
			if !strings.Contains(raw, want) {
				t.Errorf("the mail lacks %q:\n%s", want, raw)
			}
		}
		if n := held(t, w, "seeded-marker-77"); n != 0 {
			t.Errorf("its words are still kept in %d places", n)
		}
	})
}

// held counts the rows that hold a text in the clear, among letters, jobs and the journal.
func held(t testing.TB, w *world, text string) (n int) {
	t.Helper()
	for _, query := range []string{`SELECT count(*) FROM letter WHERE CAST(sealed AS TEXT) LIKE $1`, `SELECT count(*) FROM river_job WHERE CAST(args AS TEXT) LIKE $1`,
		`SELECT count(*) FROM journal WHERE data LIKE $1`, `SELECT count(*) FROM letter WHERE length(sealed) > 0 AND state <> 'queued' AND $1 <> ''`} {
		if w.Store.Dialect == store.Postgres {
			query = strings.ReplaceAll(query, "CAST(sealed AS TEXT)", "encode(sealed, 'escape')")
		}
		var k int
		if err := w.Store.Read().QueryRowContext(t.Context(), query, "%"+text+"%").Scan(&k); err != nil {
			t.Fatal(err)
		}
		n += k
	}
	return n
}

func TestWhatTheServerSaysOfALetterCounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(t)
		post := func(key string, f far.Fault) mail.LetterID {
			f.On, f.Times = far.Send, 1
			w.post.Faults.Set(f)
			l := hello
			l.Key = key
			return w.mailPost(t, l)
		}
		l := w.settled(t, post("gone", far.Fault{Do: far.Answer}), 0)
		if l.State != mail.Failed || !strings.Contains(l.Trouble, "bob@acme.example") {
			t.Errorf("who is not there: %+v", l)
		}
		l = w.settled(t, post("busy", far.Fault{Do: far.ServerError}), 1)
		if l.State != mail.Queued || l.Tries != 1 || l.Trouble == "" {
			t.Errorf("a server that is busy: %+v", l)
		}
		l = w.settled(t, post("closed", far.Fault{Do: far.RefusedClosed}), 1)
		if l.State != mail.Queued || l.Tries != 1 {
			t.Errorf("a server that hangs up: %+v", l)
		}
		if w.post.Record.Len() != 0 {
			t.Error("something went out")
		}
		if n := told(t, w, journal.LetterFailed); n != 1 {
			t.Errorf("the journal tells of %d failed letters", n)
		}
	})
}

func told(t testing.TB, w *world, what journal.What) (n int) {
	t.Helper()
	if err := w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM journal WHERE what = $1`, string(what)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheHouseWritesByAConnectedMailbox(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, err := w.Book.Connect(t.Context(), w.Boss, "email", "Press", w.post.Settings())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.House.Mail.Change(t.Context(), w.Boss, mail.Settings{On: true, By: w.Shared(t).ID}, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("an account that is no mailbox is taken: %v", err)
		}
		if _, err := w.House.Mail.Change(t.Context(), w.Boss, mail.Settings{On: true, By: a.ID}, nil); err != nil {
			t.Fatal(err)
		}
		if of, err := w.House.Mail.Replies(t.Context()); err != nil || of != a.ID {
			t.Errorf("answers go to %v, %v", of, err)
		}
		if l := w.settled(t, w.mailPost(t, hello), 0); l.State != mail.Sent {
			t.Errorf("by the mailbox: %+v", l)
		}
		if err := w.Book.Stop(t.Context(), w.Boss, a.ID); err != nil {
			t.Fatal(err)
		}
		l := hello
		l.Key = "second"
		if l := w.settled(t, w.mailPost(t, l), 1); l.State != mail.Queued || !strings.Contains(l.Trouble, "stopped") {
			t.Errorf("a stopped account lets the house's mail out: %+v", l)
		}
		// What people are told of by mail goes the same way, and may have been on it.
		var asked int
		for _, e := range w.post.Record.Entries() {
			if strings.Contains(e.Text, "Was it paid?") {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("of two letters, one before the stop and one after it, %d went out: %+v", asked, w.post.Record.Entries())
		}
		if err := w.Book.Remove(t.Context(), w.Boss, a.ID, nil); err != nil {
			t.Fatal(err)
		}
		if from, err := w.House.Mail.Ready(t.Context()); err != nil || from != "" {
			t.Errorf("with its account gone it is ready as %q, %v", from, err)
		}
	})
}

func TestATrySaysWhatIsWrong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.House.Mail.Try(t.Context(), w.Boss, "ada@acme.example"); !fault.Is(err, fault.Conflict) {
			t.Errorf("before anything is set: %v", err)
		}
		s := w.set(t)
		if r, err := w.House.Mail.Try(t.Context(), w.Boss, "ada@acme.example"); err != nil || r.Trouble != "" || w.post.Record.Len() != 1 {
			t.Errorf("a good server: %+v, %v", r, err)
		}
		wrong := "wrong"
		if _, err := w.House.Mail.Change(t.Context(), w.Boss, s, &wrong); err != nil {
			t.Fatal(err)
		}
		if r, err := w.House.Mail.Try(t.Context(), w.Boss, "ada@acme.example"); err != nil || !strings.Contains(r.Trouble, "password") || strings.Contains(r.Trouble, wrong+"\n") {
			t.Errorf("a wrong password: %+v, %v", r, err)
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s.Port = l.Addr().(*net.TCPAddr).Port
		_ = l.Close()
		if _, err := w.House.Mail.Change(t.Context(), w.Boss, s, nil); err != nil {
			t.Fatal(err)
		}
		if r, err := w.House.Mail.Try(t.Context(), w.Boss, "ada@acme.example"); err != nil || !strings.Contains(r.Trouble, "could not be reached") {
			t.Errorf("a closed port: %+v, %v", r, err)
		}
	})
}

func TestWhatCanBeSet(t *testing.T) {
	w := &world{}
	each(t, func(t *testing.T, v *world) { w = v; settingsTable(t, w) })
}

func settingsTable(t *testing.T, w *world) {
	good := mail.Settings{On: true, Host: "mail.acme.example", From: "desk@acme.example"}
	for name, tt := range map[string]struct {
		change func(s *mail.Settings)
		field  string
	}{
		"a server and a sender":                    {func(*mail.Settings) {}, ""},
		"off, with nothing":                        {func(s *mail.Settings) { *s = mail.Settings{} }, ""},
		"no server":                                {func(s *mail.Settings) { s.Host = "" }, "host"},
		"an address for a server":                  {func(s *mail.Settings) { s.Host = "smtp://mail.acme.example" }, "host"},
		"no sender":                                {func(s *mail.Settings) { s.From = "" }, "from"},
		"a sender that is no address":              {func(s *mail.Settings) { s.From = "desk@acme.example\r\nBcc: x@y.z" }, "host"},
		"a sender with a name":                     {func(s *mail.Settings) { s.From = "Desk <desk@acme.example>" }, "from"},
		"unencrypted to elsewhere":                 {func(s *mail.Settings) { s.Security = "plain" }, "security"},
		"unencrypted to this machine":              {func(s *mail.Settings) { s.Security, s.Host = "plain", "127.0.0.1" }, ""},
		"a port there is not":                      {func(s *mail.Settings) { s.Port = 70000 }, "port"},
		"an account there is not":                  {func(s *mail.Settings) { s.By = account.ID(7) }, "by"},
		"answers to an account that is no mailbox": {func(s *mail.Settings) { s.Replies = w.Shared(t).ID }, "replies"},
	} {
		s := good
		tt.change(&s)
		_, err := w.House.Mail.Change(t.Context(), w.Boss, s, nil)
		var f *fault.Error
		if tt.field == "" && err != nil || tt.field != "" && (!fault.Is(err, fault.Invalid) || !asFault(err, &f) || f.Field != tt.field) {
			t.Errorf("%s: %v; want the field %q", name, err, tt.field)
		}
	}
	if _, err := w.House.Mail.Change(t.Context(), staff.Actor{Person: 1, Role: staff.Manager}, good, nil); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a manager sets the house's mail: %v", err)
	}
	w.set(t)
	if _, err := w.House.Mail.Change(t.Context(), w.Boss, good, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("the password goes to another server: %v", err)
	}
}

func asFault(err error, f **fault.Error) (ok bool) { *f, ok = err.(*fault.Error); return ok }

func TestAPageShowsWhatOthersWroteAsText(t *testing.T) {
	p := mail.Page{Title: "A question", Lead: "Line one\nline <b>two</b>", Quotes: []mail.Quote{{By: "Ann", Text: "<script>alert(1)</script>"}}, Link: "https://desk.example/a#x", Button: "Answer", Foot: "Why"}
	if h := p.HTML(); strings.Contains(h, "<script") || strings.Contains(h, "<b>") || !strings.Contains(h, `href="https://desk.example/a#x"`) {
		t.Error(h)
	}
	if got := p.Text(); got != "Line one\nline <b>two</b>\n\nAnn:\n  <script>alert(1)</script>\n\nAnswer:\nhttps://desk.example/a#x\n\n-- \nWhy\n" {
		t.Errorf("%q", got)
	}
	p.Link = "javascript:alert(1)"
	if strings.Contains(p.HTML(), `href="javascript`) {
		t.Error("a link can be a script")
	}
}
