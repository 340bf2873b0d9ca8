package notify_test

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/notify"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// world is a house in which nothing happens by itself, with Sue and Sam of Support, Bob of Billing and a boss.
type world struct {
	*app.App
	t                        testing.TB
	clock                    *clock.Pretend
	post                     *post
	account                  account.ID
	support, billing         staff.DepartmentID
	boss, sue, sam, bob, vic staff.Actor
}

// post is the house's mail, as far as it is wanted here.
type post struct {
	hearing[notify.Letter]
	off bool
}

func (p *post) Ready(context.Context) (bool, error) { return !p.off, nil }

func (p *post) Post(_ context.Context, tx *store.Tx, l notify.Letter) error {
	tx.After(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.got = append(p.got, l)
	})
	return nil
}

// each runs f in a house on each database; far are servers outside that it may reach.
func each(t *testing.T, far []*httptest.Server, f func(t *testing.T, w *world)) {
	t.Run("sqlite", func(t *testing.T) { f(t, newWorld(t, storetest.SQLite(t), far...)) })
	t.Run("postgres", func(t *testing.T) { f(t, newWorld(t, storetest.Postgres(t), far...)) })
}

func newWorld(t testing.TB, dsn string, far ...*httptest.Server) *world {
	t.Helper()
	w := &world{t: t, clock: clock.At(monday), post: &post{}}
	o := app.Options{DSN: dsn, Ring: secret.Random(), Now: w.clock.Now, Log: slog.New(slog.DiscardHandler), Languages: []string{"en"}, Roots: x509.NewCertPool(),
		Connectors: func(channel.Net) []channel.Connector { return nil }}
	for _, s := range far {
		o.Allow = append(o.Allow, s.Listener.Addr().String())
		if s.Certificate() != nil {
			o.Roots.AddCert(s.Certificate())
		}
	}
	a, err := app.New(context.Background(), o)
	w.must(err)
	t.Cleanup(func() { w.must(a.Stop(context.Background())) })
	w.App = a
	a.Bell.Mail = w.post
	a.Staff.Hashing = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	_, err = a.Staff.Furnish(context.Background(), staff.House{Name: "Ada", Email: "ada@acme.example", Password: "correct horse battery", Template: "split",
		Organisation: staff.Organisation{Name: "ACME", PublicURL: "https://desk.example", Zone: "UTC", Hours: &clock.Hours{Zone: "UTC", Always: true}}})
	w.must(err)
	r, err := a.Staff.Roster(context.Background())
	w.must(err)
	w.boss = r.People()[0].ActorOf()
	acc, err := a.Book.Adopt(context.Background(), staff.Machine(), "hook", "@acme", channel.Profile{RemoteID: "acme", Handle: "@acme", Name: "ACME"}, []byte("{}"))
	w.must(err)
	w.account = acc.ID
	w.support, w.billing = w.department("Help desk"), w.department("Billing desk")
	w.sue, w.sam = w.hire("Sue Miller", staff.Member, w.support), w.hire("Sam Jones", staff.Member, w.support)
	w.bob, w.vic = w.hire("Bob Smith", staff.Contributor, w.billing), w.hire("Vic Viewer", staff.Viewer)
	w.read() // what brought us here is nobody's news
	w.must(a.Bell.MarkAll(context.Background(), w.boss, monday.Add(time.Hour)))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) department(name string) staff.DepartmentID {
	d, err := w.Staff.AddDepartment(context.Background(), staff.Machine(), staff.DepartmentChange{Name: &name})
	w.must(err)
	return d.ID
}

func (w *world) hire(name string, role staff.Role, in ...staff.DepartmentID) staff.Actor {
	p, err := w.Staff.AddPerson(context.Background(), staff.Machine(), staff.Person{Name: name, Email: doc(name) + "@acme.example", Role: role, Departments: in}, "correct horse battery")
	w.must(err)
	return p.ActorOf()
}

// doc is a name as the first part of an address.
func doc(name string) string {
	out := []byte{}
	for _, c := range []byte(name) {
		if c != ' ' {
			out = append(out, c|0x20)
		}
	}
	return string(out)
}

// talk is an open conversation with Kim, of a department or of a person of it.
func (w *world) talk(d staff.DepartmentID, p staff.PersonID) desk.ConversationID {
	w.t.Helper()
	next := w.Store.IDs.Next
	c, k := desk.ConversationID(next()), contact.ID(next())
	w.tx(func(tx *store.Tx) error {
		ctx := context.Background()
		if err := contact.Add(ctx, tx, []contact.Contact{{ID: k, Name: "Kim", Standings: []string{}, CreatedAt: monday}}); err != nil {
			return err
		}
		return desk.Save(ctx, tx, desk.Change{Is: desk.Conversation{ID: c, Account: w.account, Contact: k, State: desk.Open, Department: d, Person: p, Intents: []string{}, Excerpt: "my secret number is 4711",
			Needs: "must", Tags: []string{}, LastAt: monday, OpenedAt: monday, Decision: desk.Decision{Department: d, By: "map", Reasons: []string{}}}})
	})
	return c
}

func (w *world) tx(f func(tx *store.Tx) error) {
	w.t.Helper()
	w.must(w.Store.Tx(context.Background(), f))
}

// happens writes to the journal and files it.
func (w *world) happens(list ...journal.Entry) {
	w.t.Helper()
	w.write(list...)
	w.read()
}

func (w *world) write(list ...journal.Entry) {
	w.t.Helper()
	w.tx(func(tx *store.Tx) error { return journal.Write(context.Background(), tx, list...) })
}

// read files all that stands in the journal.
func (w *world) read() {
	w.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); { // an entry can be read once all before it have ended
		last, err := journal.Last(context.Background(), w.Store)
		w.must(err)
		whole := w.atTheEnd(last)
		n, err := w.Bell.Read(context.Background())
		w.must(err)
		if n == 0 && whole {
			return
		}
	}
	w.t.Fatal("the journal has no end")
}

// atTheEnd reports whether everything that was written can be read.
func (w *world) atTheEnd(last journal.Cursor) bool {
	var n int
	w.must(w.Store.Read().QueryRowContext(context.Background(), `SELECT count(*) FROM journal WHERE seq > $1`, last.Seq).Scan(&n))
	return n == 0
}

// told are the sentences in somebody's list, the newest first.
func (w *world) told(who staff.Actor) (out []string) {
	w.t.Helper()
	p, err := w.Bell.List(context.Background(), who, "", true)
	w.must(err)
	for _, t := range p.Items {
		out = append(out, t.Say())
	}
	return out
}

// send lets go out what is due now.
func (w *world) send() {
	w.t.Helper()
	_, err := w.Bell.SendDue(context.Background())
	w.must(err)
}

// mailed takes the letters that went out.
func (w *world) mailed() []notify.Letter { return w.post.heard() }

// wants sets that somebody is told of kinds by all ways at once, and when it is quiet.
func (w *world) wants(who staff.Actor, quiet notify.Quiet, digest notify.Digest, kinds ...notify.Kind) {
	w.t.Helper()
	s := notify.Settings{Kinds: map[notify.Kind]notify.Ways{}, Quiet: quiet, From: "20:00", Until: "07:00", Digest: digest}
	for _, k := range kinds {
		s.Kinds[k] = notify.Ways{List: true, Push: true, Mail: true}
	}
	_, err := w.Bell.ChangeSettings(context.Background(), who, s)
	w.must(err)
}

// newWorldOf is a house on SQLite that may reach servers outside.
func newWorldOf(t *testing.T, far ...*httptest.Server) *world {
	return newWorld(t, storetest.SQLite(t), far...)
}

// rename has a conversation end, and its contact be called, as somebody hostile would like it.
func (w *world) rename(c desk.ConversationID, text string) {
	w.t.Helper()
	w.tx(func(tx *store.Tx) error {
		if _, err := tx.ExecContext(context.Background(), `UPDATE conversation SET excerpt = $2 WHERE id = $1`, c, text); err != nil {
			return err
		}
		_, err := tx.ExecContext(context.Background(), `UPDATE contact SET name = $2 WHERE id = (SELECT contact FROM conversation WHERE id = $1)`, c, text)
		return err
	})
}
