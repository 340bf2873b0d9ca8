package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"switchboard/internal/clock"
	"switchboard/internal/config"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

type passwordCommand struct {
	Email string `arg:"" help:"The address they sign in with."`
}

// Run sets and prints a new password. Whoever can read the database can do this; nobody else can.
func (p passwordCommand) Run(ctx context.Context, c *config.Config) error {
	s, err := store.Open(ctx, store.Options{DSN: c.DatabasePath(), Now: clock.System(), Log: logger(c)})
	if err != nil {
		return err
	}
	next, err := forgotten(ctx, &staff.Staff{Store: s, Now: clock.System()}, p.Email)
	if cerr := s.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		fmt.Printf("The new password of %s is\n\n    %s\n\nIt is shown this once; they should change it under Profile.\n", p.Email, next)
	}
	return err
}

func forgotten(ctx context.Context, s *staff.Staff, email string) (string, error) {
	r, err := s.Roster(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range r.People() {
		if strings.EqualFold(p.Email, strings.TrimSpace(email)) {
			next := strings.ToLower(rand.Text()[:16])
			_, err := s.SetPassword(ctx, staff.Machine(), p.ID, next)
			return next, err
		}
	}
	return "", fault.Newf(fault.NotFound, "nobody here signs in with %q", email)
}
