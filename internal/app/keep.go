package app

import (
	"context"
	"time"

	"switchboard/internal/journal"
)

// keepJournal removes, once an hour, what the journal says of times longer ago than anybody wants to know, until ctx ends.
// Small bites leave room for others between them.
func (a *App) keepJournal(ctx context.Context) {
	if a.journalLife == 0 {
		return
	}
	const bite = 2000
	for {
		n, err := journal.Forget(ctx, a.Store, a.now().Add(-a.journalLife), bite)
		pause := time.Hour
		switch {
		case err != nil && ctx.Err() == nil:
			a.log.Warn("old entries of the journal could not be removed; in an hour they are tried again", "error", err)
		case n == bite:
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
