// Command furnish makes the house that bench/screen looks at: very many open conversations, some of them long, and one
// person who sees them all. It writes straight into the database, as the other benchmarks do, and prints as JSON how to get in.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const (
	email    = "ada@acme.example"
	password = "a correct horse at the switchboard"
	key      = "the secret of the storm"
)

// entry is how to get in, and what there is.
type entry struct {
	Email    string   `json:"email"`
	Password string   `json:"password"`
	Account  string   `json:"account"` // of the channel "hook"
	Secret   string   `json:"secret"`  // its
	Long     []string `json:"long"`    // conversations of many messages, owned by the person
	Thread   string   `json:"thread"`  // of the first of them
	Contact  string   `json:"contact"` // who writes in it, as the far side calls them
}

func main() {
	data := flag.String("data", "", "the empty folder the house is made in")
	many := flag.Int("conversations", 100_000, "how many are open")
	long := flag.Int("long", 20, "how many long ones the person owns")
	messages := flag.Int("messages", 500, "how many messages a long one has")
	flag.Parse()
	e, err := furnish(context.Background(), *data, *many, *long, *messages)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(e); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func furnish(ctx context.Context, data string, many, long, messages int) (e entry, err error) {
	ring, err := secret.Open(filepath.Join(data, "keys"))
	if err != nil {
		return e, err
	}
	a, err := app.New(ctx, app.Options{DSN: filepath.Join(data, "switchboard.db"), Ring: ring, Now: clock.System(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return e, err
	}
	defer func() {
		if stopped := a.Stop(ctx); err == nil {
			err = stopped
		}
	}()
	if err := a.Brain.Train(ctx); err != nil {
		return e, err
	}
	p, err := a.Staff.Furnish(ctx, staff.House{Name: "Ada Brandt", Email: email, Password: password, Template: "split",
		Organisation: staff.Organisation{Name: "ACME", PublicURL: "http://localhost:8080", Zone: "Europe/Berlin", Locale: "en-GB", Hours: &clock.Hours{Zone: "Europe/Berlin", Always: true}}})
	if err != nil {
		return e, err
	}
	settings, err := json.Marshal(map[string]string{"name": "Reviews", "secret": key})
	if err != nil {
		return e, err
	}
	line, err := a.Book.Adopt(ctx, staff.Machine(), "hook", "Reviews", channel.Profile{RemoteID: "hook:Reviews", Handle: "Reviews", Name: "Reviews",
		Limits: channel.Limits{Text: 500, Unit: "graphemes", Media: 4}}, settings)
	if err != nil {
		return e, err
	}
	r, err := a.Staff.Roster(ctx)
	if err != nil {
		return e, err
	}
	m := &maker{ids: a.Store, account: line.ID, now: clock.System()()}
	for _, d := range r.Departments() {
		m.departments = append(m.departments, d.ID)
	}
	for n := 0; n < many; n += 500 {
		if err := m.write(ctx, n, min(500, many-n), 1, 0); err != nil {
			return e, err
		}
	}
	for n := range long {
		if err := m.write(ctx, many+n, 1, messages, p.ID); err != nil {
			return e, err
		}
		e.Long = append(e.Long, m.last.String())
	}
	for range (many+long*messages)/500 + 2 { // nothing is left to be done while it is looked at
		if _, err := desk.IndexSome(ctx, a.Store, 500); err != nil {
			return e, err
		}
	}
	e.Email, e.Password, e.Account, e.Secret = email, password, line.ID.String(), key
	e.Thread, e.Contact = fmt.Sprintf("t%d", many), fmt.Sprintf("u%d", many)
	return e, desk.Fold(ctx, a.Store)
}

type maker struct {
	ids         *store.Store
	account     account.ID
	departments []staff.DepartmentID
	now         time.Time
	last        desk.ConversationID
}

var texts = []string{
	"Where is my order %d? It was due on Monday and nobody came.",
	"My washing machine shows E18 and stops in the middle, order %d. I have turned it off and on, cleaned the filter and looked at the hose. What else can I do before I call somebody?",
	"Wo bleibt meine Bestellung %d? Seit drei Tagen steht dort „in Zustellung“.",
	"You have charged me twice for %d, can you please check the invoice?",
	"Mon lave-vaisselle %d fuit par en dessous, puis-je réparer moi-même ?",
	"Thank you, I shall wait. Reference %d.",
}

// write makes n conversations, the from-th first, of so many messages each; the later, the newer. Owned by nobody when p is zero.
func (m *maker) write(ctx context.Context, from, n, messages int, p staff.PersonID) error {
	var contacts []contact.Contact
	var identities []contact.Identity
	var changes []desk.Change
	var said []desk.Message
	for k := from; k < from+n; k++ {
		at := m.now.Add(-40*24*time.Hour + time.Duration(k)*10*time.Second)
		c := contact.Contact{ID: contact.ID(m.ids.IDs.Next()), Name: fmt.Sprintf("%s %s", firsts[k%len(firsts)], lasts[k/len(firsts)%len(lasts)]), Standings: []string{"customer"}, Language: "en", CreatedAt: at}
		i := contact.Identity{ID: contact.IdentityID(m.ids.IDs.Next()), Contact: c.ID, Channel: "hook", RemoteID: fmt.Sprintf("u%d", k), Handle: fmt.Sprintf("@customer%d", k), Name: c.Name}
		v := desk.Conversation{ID: desk.ConversationID(m.ids.IDs.Next()), Account: m.account, Contact: c.ID, Thread: fmt.Sprintf("t%d", k), State: desk.Open, Intents: []string{"support"}, Person: p,
			Department: m.departments[k%len(m.departments)], Needs: "must", Language: "en", Tags: []string{}, OpenedAt: at, Decision: desk.Decision{By: "model", Reasons: []string{"the word 'order' points to Service"}}}
		for s := range messages {
			w := desk.Message{ID: desk.MessageID(m.ids.IDs.Next()), Conversation: v.ID, Account: m.account, RemoteID: fmt.Sprintf("m%d-%d", k, s), Version: "1", Direction: desk.In,
				Kind: channel.Comment, Identity: i.ID, Text: fmt.Sprintf(texts[(k+s)%len(texts)], k), At: at.Add(time.Duration(s) * 20 * time.Minute), ReceivedAt: at}
			if s%3 == 1 {
				w.Direction, w.Identity, w.Person = desk.Out, 0, p
			}
			said = append(said, w)
			v = v.Said(w, at.Add(time.Duration(s)*20*time.Minute))
		}
		v.Clock = desk.Clock{Kind: desk.FirstResponse, Started: at, Due: m.now.Add(time.Duration(1+k%500) * time.Hour), Warn: m.now.Add(time.Duration(k%500) * time.Hour), State: desk.Running}
		contacts, identities, changes, m.last = append(contacts, c), append(identities, i), append(changes, desk.Change{Is: v}), v.ID
	}
	return m.ids.Tx(ctx, func(tx *store.Tx) error {
		if err := contact.Add(ctx, tx, contacts); err != nil {
			return err
		}
		if err := contact.AddIdentities(ctx, tx, identities); err != nil {
			return err
		}
		if err := desk.Save(ctx, tx, changes...); err != nil {
			return err
		}
		return desk.AddMessages(ctx, tx, said)
	})
}

var (
	firsts = []string{"Ann", "Björn", "Chiara", "Dmitri", "Elif", "Fatima", "Gustavo", "Hanna", "Ivo", "Jun", "Karim"}
	lasts  = []string{"Abel", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Horvat", "Ito", "Janssen", "Kowalska", "Lindqvist", "Moreau"}
)
