package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/clock"
	"switchboard/internal/config"
	"switchboard/internal/fault"
)

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(ctx context.Context, c *config.Config) error {
	return serve(ctx, c, app.Options{}, nil)
}

// serve opens the house, lets before prepare it (the demo does), prints how to get in and serves until ctx ends.
func serve(ctx context.Context, c *config.Config, o app.Options, before func(context.Context, *app.App) error) error {
	log := logger(c)
	unlock, err := lockData(c)
	if err != nil {
		return err
	}
	defer unlock()
	if o.Ring == nil {
		if o.Ring, err = c.OpenKeys(); err != nil {
			return err
		}
	}
	o.DSN, o.Now, o.Log, o.Version, o.Proxies = c.DatabasePath(), clock.System(), log, version, c.Proxies()
	o.JournalLife = time.Duration(c.JournalDays) * 24 * time.Hour
	o.Allow = append(o.Allow, c.Exceptions()...)
	if o.Roots, err = roots(c.EgressRoots); err != nil {
		return err
	}
	watch, stopFigures, err := figures(ctx, c)
	if err != nil {
		return err
	}
	defer stopFigures()
	o.Watch = watch
	a, err := app.New(ctx, o)
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
	l, err := net.Listen("tcp", string(c.Listen))
	if err != nil {
		return fault.Wrap(fault.Invalid, "can't listen at "+string(c.Listen)+": stop what uses it, or choose another with --listen", err)
	}
	if before != nil {
		if err := before(ctx, a); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	if err := welcome(ctx, a, c, l.Addr()); err != nil {
		return errors.Join(err, l.Close())
	}
	return a.Serve(ctx, l)
}

// welcome prints where the house is and, when it is empty, the way in.
func welcome(ctx context.Context, a *app.App, c *config.Config, at net.Addr) error {
	address := string(c.PublicURL)
	if address == "" {
		address = "http://localhost"
		if t, ok := at.(*net.TCPAddr); ok && t.Port != 80 {
			address += fmt.Sprintf(":%d", t.Port)
		}
	}
	token, err := a.Staff.PrepareSetup(ctx)
	if err != nil {
		return err
	}
	if token != "" {
		fmt.Printf("\nThis house is empty. Set it up in a browser, with this link (it works once):\n\n    %s/setup#%s\n\n", address, token)
		return nil
	}
	fmt.Printf("\nSwitchboard is at %s\n\n", address)
	return nil
}

// roots reads the certificates to trust in place of the machine's.
func roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "the file of --egress-roots can't be read", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		return nil, fault.New(fault.Invalid, "there is no certificate in the file of --egress-roots: it wants PEM, with BEGIN CERTIFICATE")
	}
	return pool, nil
}

func logger(c *config.Config) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // checked by the configuration
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}

// lockData makes sure that one program uses an SQLite file. PostgreSQL is made for several.
func lockData(c *config.Config) (unlock func(), err error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, "the folder for the data can't be made: choose another with --data", err)
	}
	if strings.HasPrefix(c.DatabasePath(), "postgres") {
		return func() {}, nil
	}
	f, err := os.OpenFile(filepath.Join(c.Data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "the folder for the data is not ours to write: "+c.Data, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fault.New(fault.Invalid, "another switchboard runs on the data in "+c.Data+": stop it, or choose another folder with --data")
	}
	return func() { _ = f.Close() }, nil
}
