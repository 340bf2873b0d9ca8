package acme

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Options are how ACME is run.
type Options struct {
	Folder string // where the demo keeps its own things, beside the database
	Seed   uint64 // 0: 1. The same seed makes the same history
	Pace   int    // messages a minute that customers write
	Staff  bool   // colleagues work a little, so that the board moves
	Days   int    // of history at the first start; 0: 14
	Busy   int    // conversations in that history; 0: 320
	URL    string // where people reach it; "" is http://localhost:8080
	Now    func() time.Time
	Log    *slog.Logger
	Tell   func(format string, args ...any) // what the person who starts it is told meanwhile; nil: nothing
}

// Demo is ACME and its customers. Make it with Open, hand Allow and Clock to the app, Prepare it before the app is started,
// Run it afterwards, and Close it at the end.
type Demo struct {
	Clock *Clock

	o     Options
	state state
	town  *town
	app   *app.App

	mu        sync.Mutex
	rand      *mathrand.Rand
	accounts  map[string]account.ID
	people    map[string]staff.Person       // by name
	homes     map[string]staff.DepartmentID // by name
	reactions []reaction
	client    *poster
	sayings   map[string]time.Time // what simulated colleagues have said lately
}

// Ada is who set the house up.
const (
	adaName  = "Ada Brandt"
	adaEmail = "ada@acme.example"
)

// Fresh forgets what a demo kept in a folder: its ledger and its state. The database is the caller's to remove.
func Fresh(folder string) error {
	for _, name := range []string{"demo.json", "far.jsonl"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Open starts the places where ACME's customers speak. As long as there is no history yet, Clock shows its beginning.
func Open(o Options) (*Demo, error) {
	if o.Tell == nil {
		o.Tell = func(string, ...any) {}
	}
	d := &Demo{Clock: NewClock(o.Now), o: o, accounts: map[string]account.ID{}, people: map[string]staff.Person{}, sayings: map[string]time.Time{}, homes: map[string]staff.DepartmentID{}}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, err
	}
	var err error
	if d.state, err = readState(o.Folder); err != nil {
		return nil, fmt.Errorf("what the demo kept in %s can't be read; begin anew with --demo-fresh: %w", o.Folder, err)
	}
	if d.state.Opened.IsZero() || !d.state.Ready {
		if err := Fresh(o.Folder); err != nil {
			return nil, err
		}
		d.begin()
	}
	d.rand = mathrand.New(mathrand.NewPCG(d.state.Seed, uint64(d.state.Starts)))
	if d.town, err = openTown(o.Folder, &d.state, d.Clock, o.Log); err != nil {
		return nil, err
	}
	d.state.Starts++
	if err := d.state.save(o.Folder); err != nil {
		return nil, errors.Join(err, d.town.close())
	}
	if !d.state.Ready {
		d.Clock.Hold(d.start())
	}
	return d, nil
}

// begin is the state of a demo that never ran.
func (d *Demo) begin() {
	if d.o.Seed == 0 {
		d.o.Seed = 1
	}
	if d.o.Days == 0 {
		d.o.Days = 14
	}
	if d.o.Busy == 0 {
		d.o.Busy = 320
	}
	now := d.o.Now().UTC().Truncate(time.Second)
	d.state = state{Opened: now.AddDate(-1, 0, 0), Seed: d.o.Seed, Ports: map[string]int{}, Accounts: map[string]string{},
		Password: strings.ToLower(rand.Text()[:12]), Secret: rand.Text()}
}

// start is when the history begins.
func (d *Demo) start() time.Time { return d.o.Now().UTC().AddDate(0, 0, -d.o.Days) }

// Ready reports whether the house was furnished at an earlier start.
func (d *Demo) Ready() bool { return d.state.Ready }

// Allow are the addresses that Switchboard must be allowed to call: those of the stand-ins, and nothing else.
func (d *Demo) Allow() []string { return d.town.allow() }

// SignIn is how the administrator signs in by hand. Anybody can be chosen on the sign-in page instead.
func (d *Demo) SignIn() (email, password string) { return adaEmail, d.state.Password }

// Social is where the stand-in of the social network can be looked at in a browser.
func (d *Demo) Social() string { return d.town.bases["social"] }

// Close ends the stand-ins.
func (d *Demo) Close() error { return d.town.close() }

// Prepare furnishes the house and gives it a history, or, when that was done at an earlier start, tells it where its far sides
// are now. The app must not have been started.
func (d *Demo) Prepare(ctx context.Context, a *app.App) error {
	d.app = a
	if d.state.Ready {
		return d.comeBack(ctx)
	}
	if err := a.Store.Hurry(ctx, func() error { return d.live(ctx) }); err != nil {
		return err
	}
	d.look(ctx)
	d.spoil()
	d.state.Ready = true
	return d.state.save(d.o.Folder)
}

// live furnishes the house, and lives through its history up to now.
func (d *Demo) live(ctx context.Context) error {
	if err := d.furnish(ctx); err != nil {
		return fmt.Errorf("furnishing the demo: %w", err)
	}
	if err := d.history(ctx); err != nil {
		return fmt.Errorf("the demo's history: %w", err)
	}
	return d.goOn(ctx)
}

// look asks every far side who we are: they were connected when the history began.
func (d *Demo) look(ctx context.Context) {
	for name, of := range d.accounts {
		if _, err := d.app.Book.Recheck(ctx, of); err != nil { // it is asked again within the day
			d.o.Log.Warn("a far side of the demo does not say who we are", "account", name, "error", err)
		}
	}
}

// comeBack connects the accounts to where their far sides are now.
func (d *Demo) comeBack(ctx context.Context) error {
	if err := d.know(ctx); err != nil {
		return err
	}
	if err := d.move(ctx); err != nil {
		return fmt.Errorf("telling the house its new address: %w", err)
	}
	for name, base := range d.town.bases {
		if was := d.town.were[name]; was != base {
			if err := d.app.Store.Tx(ctx, func(tx *store.Tx) error { return readdress(ctx, tx, was+"/", base+"/") }); err != nil {
				return fmt.Errorf("telling the house where its far sides are now: %w", err)
			}
		}
	}
	list, err := account.All(ctx, d.app.Store.Read())
	if err != nil {
		return err
	}
	there := map[account.ID]bool{}
	for _, a := range list {
		there[a.ID] = true
	}
	for name, text := range d.state.Accounts {
		of, err := id.Parse[account.Account](text)
		if err != nil || !there[of] { // somebody disconnected it
			continue
		}
		d.accounts[name] = of
		if name == "acme_outlet" { // its token stays dead
			continue
		}
		_, _, settings := d.town.settings(name, d.state.Secret)
		if _, err := d.app.Book.Change(ctx, staff.Machine(), of, account.Change{Settings: settings, Other: true}); err != nil {
			return fmt.Errorf("connecting the account %s again: %w", name, err)
		}
	}
	d.spoil()
	return nil
}

// move tells the house the address it is reached at now, when it was started at another port of this machine than before. An
// address that somebody gave it stays.
func (d *Demo) move(ctx context.Context) error {
	r, err := d.app.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	o := r.Organisation()
	was, err := url.Parse(o.PublicURL)
	if err != nil || was.Hostname() != "localhost" || d.o.URL == "" || d.o.URL == o.PublicURL {
		return nil // what can't be parsed is the administrator's to mend
	}
	o.PublicURL = d.o.URL
	_, err = d.app.Staff.ChangeSettings(ctx, staff.Machine(), o)
	return err
}
