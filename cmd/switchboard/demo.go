package main

import (
	"context"

	"switchboard/internal/config"
)

type demoCommand struct{}

// Run serves the demo.
func (demoCommand) Run(ctx context.Context, c *config.Config) error {
	return serveCommand{}.Run(ctx, c)
}
