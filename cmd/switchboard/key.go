package main

import (
	"context"
	"fmt"
	"os"

	"switchboard/internal/account"
	"switchboard/internal/advice"
	"switchboard/internal/api"
	"switchboard/internal/clock"
	"switchboard/internal/config"
	"switchboard/internal/fault"
	"switchboard/internal/mail"
	"switchboard/internal/notify"
	"switchboard/internal/secret"
	"switchboard/internal/store"
)

type rotateCommand struct{}

// Run adds a key and seals everything with it. A running switchboard reads the key file by itself.
func (rotateCommand) Run(ctx context.Context, c *config.Config) error {
	if !c.Keys.IsZero() {
		return fault.New(fault.Invalid, "the keys come from the setting keys, not from a file: add a new line to it, restart, and run this with a key file no more")
	}
	ring, err := secret.Rotate(c.KeyPath())
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{DSN: c.DatabasePath(), Now: clock.System(), Log: logger(c)})
	if err != nil {
		return err
	}
	n := 0
	for _, rewrap := range []func(context.Context, *store.Store, *secret.Ring) (int, error){account.Rewrap, advice.Rewrap, mail.Rewrap, notify.Rewrap} {
		var more int
		if more, err = rewrap(ctx, s, ring); err != nil {
			break
		}
		n += more
	}
	if err := s.Close(); err != nil {
		return err
	}
	if err == nil {
		fmt.Printf("A new key seals from now on; %d kept secrets were sealed with it. Keep the old keys as long as you keep backups.\n", n)
	}
	return err
}

type openAPICommand struct{}

// Run prints the description of the API, which needs no database.
func (openAPICommand) Run() error {
	b, err := (&api.Server{Version: version}).OpenAPI()
	if err == nil {
		_, err = os.Stdout.Write(append(b, '\n'))
	}
	return err
}
