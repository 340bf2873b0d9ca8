// Package app is the one place where everything is wired together.
package app

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/advice"
	"switchboard/internal/api"
	"switchboard/internal/board"
	"switchboard/internal/channel"
	"switchboard/internal/channel/all"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/egress"
	"switchboard/internal/insight"
	"switchboard/internal/intake"
	"switchboard/internal/job"
	"switchboard/internal/library"
	"switchboard/internal/mail"
	"switchboard/internal/notify"
	"switchboard/internal/policy"
	"switchboard/internal/secret"
	"switchboard/internal/skill"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
	"switchboard/internal/writing"
)

// Options are what an App is made from. The zero values of all but DSN, Ring, Now and Log are what serve uses.
type Options struct {
	DSN     string
	Ring    *secret.Ring
	Now     func() time.Time
	Log     *slog.Logger
	Version string
	Demo    bool
	Allow   []string       // exceptions of the way out
	Roots   *x509.CertPool // trusted in place of the machine's; nil: the machine's
	Proxies []netip.Prefix // whose X-Forwarded headers count
	// Connectors replaces the list of channels, in tests.
	Connectors  func(channel.Net) []channel.Connector
	Languages   []string      // see intake.Brain
	Messages    int           // see intake.Brain
	JournalLife time.Duration // how long entries of the journal are kept; 0: for ever
	Poll        time.Duration // how often an account is asked; 0: as intake.Lines says
	JobPoll     time.Duration // how often an embedded database is asked for jobs; 0: as job.Jobs says
	JobWorkers  int           // how many jobs run at once on this node; 0: as job.Jobs says
	// Watch is called when the parts are wired, before anything happens by itself: whoever counts begins here. It may be nil.
	Watch func(*App)
}

// App is Switchboard, wired. Its parts may be used before Start: nothing happens by itself until then.
type App struct {
	Store    *store.Store
	Guard    *egress.Guard
	Staff    *staff.Staff
	Book     *account.Book
	Desk     *desk.Desk
	Policy   *policy.Policy
	Topics   *topic.Book
	Skills   *skill.Book
	Library  *library.Book
	Brain    *intake.Brain
	Insight  *insight.Insight
	Intake   *intake.Intake
	Lines    *intake.Lines
	Jobs     *job.Jobs
	Delivery *delivery.Service
	Advice   *advice.Advice
	Mail     *mail.House
	Bell     *notify.Bell
	Writing  *writing.Book
	Board    *board.Board
	API      *api.Server

	log         *slog.Logger
	now         func() time.Time
	journalLife time.Duration
	end         context.CancelFunc
	runs        sync.WaitGroup
}

// New opens the database and wires the parts together.
func New(ctx context.Context, o Options) (*App, error) {
	s, err := store.Open(ctx, store.Options{DSN: o.DSN, Now: o.Now, Log: o.Log})
	if err != nil {
		return nil, err
	}
	a, err := wire(ctx, s, o)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if o.Watch != nil {
		o.Watch(a)
	}
	return a, nil
}

func wire(ctx context.Context, s *store.Store, o Options) (*App, error) {
	guard, err := egress.New(egress.Options{Allow: o.Allow, Roots: o.Roots, Now: o.Now, Log: o.Log, UserAgent: "Switchboard/" + o.Version})
	if err != nil {
		return nil, err
	}
	a := &App{Store: s, Guard: guard, log: o.Log, now: o.Now, journalLife: o.JournalLife}
	connectors := o.Connectors
	if connectors == nil {
		connectors = all.Connectors
	}
	a.Staff = &staff.Staff{Store: s, Now: o.Now, Log: o.Log, Retired: a.retired, Gone: a.gone, Shifted: a.shifted}
	a.Book = &account.Book{Store: s, Ring: o.Ring, Connectors: connectors, Net: a.net, Now: o.Now, Log: o.Log}
	a.Insight = &insight.Insight{Store: s, Staff: a.Staff, Now: o.Now, Log: o.Log}
	a.Topics = &topic.Book{Store: s, Now: o.Now, Log: o.Log}
	a.Skills = &skill.Book{Store: s, Now: o.Now, Log: o.Log}
	a.Policy = &policy.Policy{Store: s, Staff: a.Staff, Topics: a.Topics, Now: o.Now, Log: o.Log}
	a.Brain = &intake.Brain{Store: s, Policy: a.Policy, Topics: a.Topics, Skills: a.Skills, Insight: a.Insight, Staff: a.Staff, Now: o.Now, Log: o.Log, Languages: o.Languages, Messages: o.Messages}
	a.Policy.Thresholds, a.Policy.Learned = a.Brain.Thresholds, a.Brain.Learned
	a.Desk = &desk.Desk{Store: s, Now: o.Now, House: intake.House{Staff: a.Staff}, Guide: a.Brain, Learn: a.Brain.Learn, MadeUp: madeUp(a.Book)}
	a.Library = &library.Book{Store: s, Staff: a.Staff, Desk: a.Desk, Topics: a.Topics, Now: o.Now}
	a.Intake = intake.New(s, a.Desk, a.Brain, o.Now, o.Log)
	a.Lines = &intake.Lines{Intake: a.Intake, Book: a.Book, Poll: o.Poll}
	a.Jobs = &job.Jobs{Store: s, Log: o.Log, Poll: o.JobPoll, Workers: o.JobWorkers}
	a.Delivery = &delivery.Service{Store: s, Desk: a.Desk, Book: a.Book, Jobs: a.Jobs, Now: o.Now, Log: o.Log}
	a.Delivery.Register()
	a.Writing = &writing.Book{Store: s, Desk: a.Desk, Now: o.Now}
	a.Advice = &advice.Advice{Store: s, Staff: a.Staff, Jobs: a.Jobs, Ring: o.Ring, Client: guard.Client("asking a language model"), Now: o.Now, Log: o.Log}
	a.Advice.Register()
	a.Intake.Doubted = a.Advice.Wanted
	a.Intake.Bounced = a.Delivery.Bounced
	a.Mail = &mail.House{Store: s, Jobs: a.Jobs, Ring: o.Ring, Dial: guard.Dial, Roots: o.Roots, Mailbox: a.mailbox, Now: o.Now, Log: o.Log}
	a.Mail.Settled = a.settled
	a.Mail.Register()
	a.Bell = &notify.Bell{Store: s, Staff: a.Staff, Desk: a.Desk, Ring: o.Ring, Client: guard.Client("telling staff"), Mail: letters{a.Mail}, Now: o.Now, Log: o.Log}
	a.Desk.Mail = a.Mail
	a.Staff.Post = doorman{a}
	a.Intake.Letters = a.letters
	a.Board = &board.Board{Store: s, Staff: a.Staff, Desk: a.Desk, Now: o.Now, Log: o.Log}
	a.API = a.api(o)
	if err := a.Jobs.Open(ctx); err != nil {
		return nil, err
	}
	return a, a.Brain.Open(ctx)
}

// madeUp is the channel whose customers are made up, "" if there is none.
func madeUp(b *account.Book) string {
	for _, about := range b.Channels() {
		if about.Example {
			return about.Name
		}
	}
	return ""
}

// net is one account's way out.
func (a *App) net(key string) channel.Net {
	client := a.Guard.Client("connecting an account")
	if key != "" {
		client = a.Guard.Account(key)
	}
	return channel.Net{HTTP: client, Dial: a.Guard.Dial}
}

// Start lets everything run that happens by itself: listening, delivering, clocks, the full text, the live feed.
func (a *App) Start(ctx context.Context) error {
	ctx, a.end = context.WithCancel(context.WithoutCancel(ctx))
	if err := a.Jobs.Start(ctx); err != nil {
		return err
	}
	for _, run := range []func(context.Context){a.Intake.Run, a.Intake.Retry, a.Lines.Run, a.Brain.Follow, a.Desk.Alarms, a.Desk.KeepSearchable,
		a.Delivery.Watch, a.Insight.Follow, a.Skills.Follow, a.Bell.Follow, a.Bell.Send, a.Board.Follow, a.Staff.Run, a.API.Run, a.keepJournal, func(ctx context.Context) { desk.KeepFolded(ctx, a.Store) }} {
		a.runs.Go(func() { run(ctx) })
	}
	return nil
}

// Serve answers HTTP on l until ctx ends.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	err := a.API.Serve(ctx, l)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Stop ends what Start began and closes the database. Deliveries under way have until ctx ends.
func (a *App) Stop(ctx context.Context) error {
	var err error
	a.Advice.Stop()
	if a.end != nil {
		err = a.Jobs.Stop(ctx)
		a.end()
		a.runs.Wait()
	}
	a.Jobs.Close()
	a.Book.Close()
	a.Guard.Close()
	return errors.Join(err, a.Store.Close())
}
