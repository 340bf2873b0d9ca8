package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/clock"
	"switchboard/internal/config"
	"switchboard/internal/fault"
	"switchboard/internal/sim/acme"
	"switchboard/internal/staff"
)

type demoCommand struct {
	Staff bool `name:"demo-staff" default:"true" negatable:"" help:"ACME's people work a little by themselves, so that the board moves. They never touch what is with somebody who is signed in."`
}

// usualListen is the default of --listen. The demo lets anybody in as anybody, so without being told otherwise it is reached
// from this machine alone.
const usualListen = ":8080"

// Run serves the demo: the product, and ACME with its customers in the same process.
func (o demoCommand) Run(ctx context.Context, c *config.Config) error {
	if !c.Database.IsZero() {
		return fault.New(fault.Invalid, "the demo keeps a database of its own: leave --database out, and SWITCHBOARD_DATABASE too, or name an empty one with --demo-database")
	}
	c.Database = c.DemoDatabase
	if c.Listen == usualListen {
		c.Listen = "127.0.0.1" + usualListen
	}
	c.Data = filepath.Join(c.Data, "demo")
	unlock, err := lockData(c)
	if err != nil {
		return err
	}
	defer unlock()
	l, err := net.Listen("tcp", string(c.Listen))
	if err != nil {
		return fault.Wrap(fault.Invalid, "can't listen at "+string(c.Listen)+": stop what uses it, or choose another with --listen", err)
	}
	defer func() { _ = l.Close() }()
	return o.serve(ctx, c, l)
}

func (o demoCommand) serve(ctx context.Context, c *config.Config, l net.Listener) error {
	if c.DemoFresh {
		if err := acme.Fresh(c.Data); err != nil {
			return err
		}
	}
	file, log, err := demoLog(c)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	url := string(c.PublicURL)
	if t, ok := l.Addr().(*net.TCPAddr); ok && url == "" {
		url = fmt.Sprintf("http://localhost:%d", t.Port)
	}
	d, err := acme.Open(acme.Options{Folder: c.Data, Pace: c.DemoPace, Staff: o.Staff, URL: url, Now: clock.System(), Log: log,
		Tell: func(format string, args ...any) { fmt.Printf(format, args...) }})
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if !d.Ready() && c.Database.IsZero() { // the database of one that was given up, or never furnished to its end
		if err := forget(c.DatabasePath()); err != nil {
			return err
		}
	}
	ring, err := c.OpenKeys()
	if err != nil {
		return err
	}
	watch, stopFigures, err := figures(ctx, c)
	if err != nil {
		return err
	}
	defer stopFigures()
	a, err := app.New(ctx, app.Options{Watch: watch, DSN: c.DatabasePath(), Ring: ring, Now: d.Clock.Now, Log: log, Version: version, Demo: true,
		Allow: append(d.Allow(), c.Exceptions()...), Proxies: c.Proxies()})
	if err != nil {
		return err
	}
	defer func() {
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		if err := a.Stop(wait); err != nil {
			log.Error("stopping", "error", err)
		}
	}()
	email, password := d.SignIn()
	if err := belongs(ctx, a, d.Ready(), email); err != nil {
		return err
	}
	if err := d.Prepare(ctx, a); err != nil {
		return err
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	if err := welcome(ctx, a, c, l.Addr()); err != nil {
		return err
	}
	fmt.Printf("Choose somebody of ACME on the sign-in page, or sign in as %s with the password %s\n"+
		"The customers write on a stand-in of a social network, at %s, and by mail.\n"+
		"Answer one: within seconds they react. Stop with Ctrl-C; --demo-fresh begins anew. The log is in %s\n\n", email, password, d.Social(), file.Name())
	live, stop := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		d.Run(live, "http://"+here(l.Addr()))
		close(over)
	}()
	err = a.Serve(ctx, l)
	stop()
	<-over
	return err
}

// belongs is the error when a database is not the demo's: before its history nobody may work there, and after it whoever has the
// address of its administrator does.
func belongs(ctx context.Context, a *app.App, lived bool, administrator string) error {
	r, err := a.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	there := slices.ContainsFunc(r.People(), func(p staff.Person) bool { return p.Email == administrator })
	switch {
	case !lived && len(r.People()) > 0:
		return fault.New(fault.Invalid, "somebody works in this database already, and the demo begins with an empty one: name another with --demo-database")
	case lived && !there:
		return fault.New(fault.Invalid, "the demo's history is not in this database: name the one it is in with --demo-database, or begin anew with --demo-fresh and an empty one")
	}
	return nil
}

// demoLog logs into a file of the demo's folder, begun anew at each start: the demo has troubles on purpose, and who looks at
// it first shall not read of them in the terminal.
func demoLog(c *config.Config) (*os.File, *slog.Logger, error) {
	f, err := os.OpenFile(filepath.Join(c.Data, "log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // checked by the configuration
	return f, slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: level})), nil
}

// here is an address by which this machine itself reaches a listener.
func here(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	if !ok || !t.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(t.Port))
}

// forget removes an SQLite database.
func forget(path string) error {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
