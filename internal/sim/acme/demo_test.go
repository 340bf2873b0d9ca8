package acme

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/intake"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
)

var ring = secret.Random()

// midweek is a clock that shows a Wednesday afternoon: two days before a Sunday evening nobody worked.
func midweek() func() time.Time {
	now := time.Now()
	wednesday := time.Date(now.Year(), now.Month(), now.Day()-int(now.Weekday())+int(time.Wednesday), 14, 0, 0, 0, time.UTC)
	if wednesday.After(now) {
		wednesday = wednesday.AddDate(0, 0, -7)
	}
	back := now.Sub(wednesday)
	return func() time.Time { return time.Now().Add(-back) }
}

// house starts a demo in a folder, at an address; the end of it can be had before the test's.
func house(t *testing.T, folder string, pace int, at string) (d *Demo, end func()) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	d, err := Open(Options{Folder: folder, Days: 2, Busy: 16, Now: midweek(), Log: log, Pace: pace, URL: at})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Options{DSN: filepath.Join(folder, "demo.db"), Ring: ring, Now: d.Clock.Now, Log: log, Demo: true, Allow: d.Allow(),
		JobPoll: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Prepare(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served, lived := make(chan error, 1), make(chan struct{})
	go func() { served <- a.Serve(ctx, l) }()
	go func() {
		d.Run(ctx, "http://"+l.Addr().String())
		close(lived)
	}()
	ended := false
	end = func() {
		if ended {
			return
		}
		ended = true
		stop()
		<-lived
		if err := <-served; err != nil {
			t.Error(err)
		}
		wait, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := a.Stop(wait); err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(end)
	return d, end
}

// within waits until something is so. The time is only how long a broken demo takes to fail, on a very busy machine too.
func within(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 2400 {
		if so() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("after two minutes still not: %s", what)
}

func (d *Demo) rows(t *testing.T, q desk.Query) []desk.Row {
	t.Helper()
	q.Limit = 200
	p, err := d.app.Desk.List(t.Context(), staff.Machine(), q)
	if err != nil {
		t.Fatal(err)
	}
	return p.Rows
}

func TestTheHouseHasPeopleAHistoryTroublesAndCustomers(t *testing.T) {
	d, _ := house(t, t.TempDir(), 600, "")
	ctx := t.Context()
	r, err := d.app.Staff.Roster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.People()) != 30 || len(r.Departments()) != 11 {
		t.Errorf("%d people in %d departments", len(r.People()), len(r.Departments()))
	}
	for _, q := range []desk.Query{{View: desk.All, State: desk.Open}, {View: desk.All, State: desk.Waiting}, {View: desk.All, State: desk.Closed}} {
		if len(d.rows(t, q)) == 0 {
			t.Errorf("nothing is %s", q.State)
		}
	}
	for _, s := range []delivery.State{delivery.Held, delivery.Unknown} {
		list, err := d.app.Delivery.Waiting(ctx, d.ada(), s)
		if err != nil || len(list) == 0 {
			t.Errorf("no delivery is %s: %v", s, err)
		}
	}
	if a, err := d.app.Intake.Arrivals(ctx, d.accounts["reviews"]); err != nil || len(a) != 1 || a[0].State == intake.Done {
		t.Errorf("set aside: %v, %v", a, err)
	}
	before := len(d.rows(t, desk.Query{View: desk.All, State: desk.Open}))
	within(t, "ten more conversations are open", func() bool {
		return len(d.rows(t, desk.Query{View: desk.All, State: desk.Open})) >= before+10
	})
	for name, deed := range map[string]channel.Deed{"acme_outlet": channel.Reconnect, "closed": channel.Again} {
		within(t, name+" is in trouble", func() bool {
			a, err := account.One(ctx, d.app.Store.Read(), d.accounts[name])
			return err == nil && a.Trouble != nil && a.Trouble.Deed == deed
		})
	}
}

// answerable is the newest conversation of an account that can be answered, with the talk behind it.
func (d *Demo) answerable(t *testing.T, name string) desk.Conversation {
	t.Helper()
	for _, state := range []desk.State{desk.Open, desk.Waiting, desk.Closed} {
		for _, r := range d.rows(t, desk.Query{View: desk.All, State: state, Filter: desk.Filter{Account: d.accounts[name]}}) {
			if d.talkOf(t.Context(), r.Conversation) != nil {
				return r.Conversation
			}
		}
	}
	t.Fatalf("nobody wrote to %s", name)
	return desk.Conversation{}
}

func TestCustomersReactToAnAnswerAlsoAfterARestart(t *testing.T) {
	folder := t.TempDir()
	before, end := house(t, folder, 0, "http://localhost:8080")
	social := before.Social()
	end()
	taken, err := net.Listen("tcp", strings.TrimPrefix(social, "http://")) // it stands elsewhere now
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	d, _ := house(t, folder, 0, "http://localhost:9090")
	ctx := t.Context()
	if r, err := d.app.Staff.Roster(ctx); err != nil || r.Organisation().PublicURL != "http://localhost:9090" {
		t.Errorf("started at another port it believes to be at %s, %v", r.Organisation().PublicURL, err)
	}
	var old, now int
	if err := d.app.Store.Read().QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM identity WHERE url LIKE $1), (SELECT COUNT(*) FROM identity WHERE url LIKE $2)`,
		social+"/%", d.Social()+"/%").Scan(&old, &now); err != nil || old > 0 || now == 0 {
		t.Errorf("%d profiles are where the far side was, %d where it is; %v", old, now, err)
	}
	asked := map[string]desk.Conversation{}
	answers := map[string]delivery.Delivery{}
	for _, name := range []string{"acme_help", "press", "billing", "reviews"} {
		c := d.answerable(t, name)
		x, err := d.app.Delivery.Reply(ctx, d.ada(), c.ID, delivery.Draft{Text: "Hello from somebody real, about " + name})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		asked[name], answers[name] = c, x
	}
	for name, c := range asked {
		x := answers[name]
		within(t, "the answer at "+name+" is sent", func() bool {
			is, err := d.app.Delivery.One(ctx, d.ada(), x.ID)
			return err == nil && is.State == delivery.Sent
		})
		within(t, "the customer at "+name+" says something to it, in the same conversation", func() bool {
			is, err := d.app.Desk.Conversation(ctx, staff.Machine(), c.ID)
			return err == nil && is.Messages >= c.Messages+2 && is.LastInAt.After(x.CreatedAt)
		})
	}
}
