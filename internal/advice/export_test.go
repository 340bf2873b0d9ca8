package advice

import (
	"context"
	"time"

	"switchboard/internal/desk"
)

// AskAbout does at once what the job does.
func (a *Advice) AskAbout(ctx context.Context, m desk.MessageID, at time.Time) error {
	return a.advise(ctx, question{m, at})
}
