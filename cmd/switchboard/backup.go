package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"switchboard/internal/clock"
	"switchboard/internal/config"
	"switchboard/internal/delivery"
	"switchboard/internal/fault"
	"switchboard/internal/store"
	"switchboard/internal/store/backup"
)

type backupCommand struct {
	To       string `arg:"" name:"file" help:"The file to make; it must not exist."`
	WithKeys bool   `help:"Put the key file in too. Whoever has this file then has the tokens of your accounts."`
}

// Run makes a backup.
func (b backupCommand) Run(ctx context.Context, c *config.Config) error {
	if !c.Database.IsZero() {
		return fault.New(fault.Invalid, "this house is on PostgreSQL, which makes its own backups: pg_dump --format=custom --file=FILE ADDRESS, and keep a copy of the keys apart from it")
	}
	from := backup.Source{Database: c.DatabasePath(), Version: version, Now: clock.System()}
	if b.WithKeys {
		if !c.Keys.IsZero() {
			return fault.New(fault.Invalid, "the keys come from the setting keys, not from a file: keep them where you keep that setting, and leave out --with-keys")
		}
		from.Keys = c.KeyPath()
	}
	m, err := backup.Write(ctx, b.To, from)
	if err != nil {
		return err
	}
	fmt.Printf("%s holds the house as of %s, and was read again: it is whole.\n", b.To, m.At.Format("2 January 2006, 15:04:05 MST"))
	if !m.Keys() {
		fmt.Println("The keys are not in it: keep a copy of them in another place. Without them the accounts must be connected again.")
	}
	return nil
}

type restoreCommand struct {
	From string `arg:"" name:"file" help:"The backup."`
}

// Run makes a house of a backup.
func (r restoreCommand) Run(ctx context.Context, c *config.Config) error {
	if !c.Database.IsZero() {
		return fault.New(fault.Invalid, "a house on PostgreSQL is restored with pg_restore; then run switchboard hold, before the first start")
	}
	held := 0
	m, err := backup.Restore(ctx, r.From, c.Data, func(database string) (err error) {
		held, err = hold(ctx, c, database)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("The house as of %s is in %s.\n", m.At.Format("2 January 2006, 15:04:05 MST"), c.Data)
	sayHeld(held)
	if !m.Keys() {
		fmt.Printf("The keys were not in the backup: before you start it, put the key file back as %s (mode 600), or name it with --key-file.\n", filepath.Join(c.Data, "keys"))
	}
	fmt.Println("Make sure that the old house does not run any more: both would answer.")
	return nil
}

type holdCommand struct{}

// Run holds what is on its way.
func (holdCommand) Run(ctx context.Context, c *config.Config) error {
	unlock, err := lockData(c)
	if err != nil {
		return err
	}
	defer unlock()
	n, err := hold(ctx, c, c.DatabasePath())
	if err == nil {
		sayHeld(n)
	}
	return err
}

func hold(ctx context.Context, c *config.Config, dsn string) (n int, err error) {
	s, err := store.Open(ctx, store.Options{DSN: dsn, Now: clock.System(), Log: logger(c)})
	if err != nil {
		return 0, err
	}
	n, err = (&delivery.Service{Store: s, Now: clock.System()}).HoldAll(ctx)
	return n, errors.Join(err, s.Close())
}

func sayHeld(n int) {
	switch n {
	case 0:
		fmt.Println("Nothing was on its way.")
	case 1:
		fmt.Println("One message was on its way. It may have gone out since: it is held, under Outgoing, until somebody lets it go.")
	default:
		fmt.Printf("%d messages were on their way. They may have gone out since: they are held, under Outgoing, until somebody lets them go.\n", n)
	}
}
