package channel

import (
	"context"
	"errors"
	"strings"
	"time"

	"switchboard/internal/fault"
)

// ErrStopped is what the gate of a test says of an account that was stopped.
var ErrStopped = fault.New(fault.Conflict, "this account is stopped and sends nothing: resume it, then send the test")

// tidyTime is how long a test may look for what it may have left, and again how long it may take to delete it.
const tidyTime = 7 * time.Second

// Tidying is a context to take back in what a test has said under ctx, whose time may be over. Its gate is that of ctx.
func Tidying(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), tidyTime)
}

// Because is why a step of a test failed, which nobody tries again.
func Because(err error) string {
	if errors.Is(err, ErrStopped) {
		return "the account was stopped meanwhile"
	}
	why, _, _ := strings.Cut(TroubleOf(err).Message, "; it is tried again")
	return why
}
