package egress

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// A gate's yes is good for this long: whoever pressed the stop button may rely on it.
const yesLasts = time.Second

type gateKey struct{}

// WithGate returns a context under which gate is asked right before each HTTP request that may change something at the far
// side (all but GET, HEAD and OPTIONS), and before each Dial. An error from it is returned to the caller and nothing leaves.
// The first byte leaves within a second of its yes, or not at all (Stale). A gate within a gate is asked after it: both must
// say yes.
func WithGate(ctx context.Context, gate func(ctx context.Context) error) context.Context {
	outer, _ := ctx.Value(gateKey{}).(func(context.Context) error)
	both := gate
	if outer != nil {
		both = func(ctx context.Context) error {
			if err := outer(ctx); err != nil {
				return err
			}
			return gate(ctx)
		}
	}
	return context.WithValue(ctx, gateKey{}, both)
}

// Ask asks the context's gate; nil if it says yes or there is none. Connectors that speak something other than HTTP ask
// right before the words that make a message final (DATA, in mail).
func Ask(ctx context.Context) error {
	gate, _ := ctx.Value(gateKey{}).(func(context.Context) error)
	if gate == nil {
		return nil
	}
	return gate(ctx)
}

func gated(ctx context.Context) bool { return ctx.Value(gateKey{}) != nil }

// fence stands before the first write of one request.
type fence struct {
	refusal error     // do not write at all
	since   time.Time // when the gate was asked; zero: it was not
	state   atomic.Int32
	age     atomic.Int64
}

const (
	untouched = iota
	passed
	tooLate
)

// stale is the error of a write that came too late, nil if none did.
func (f *fence) stale() error {
	if f.state.Load() != tooLate {
		return nil
	}
	return &Stale{time.Duration(f.age.Load())}
}

func (f *fence) written() bool { return f.state.Load() == passed }

// conn is a connection with a fence for the request it carries.
type conn struct {
	net.Conn
	now   func() time.Time
	fence atomic.Pointer[fence]
}

// Write writes b unless the fence of the current request forbids it. Nothing stands between the look at the clock and the
// system call.
func (c *conn) Write(b []byte) (int, error) {
	f := c.fence.Load()
	if f == nil || f.state.Load() == passed {
		return c.Conn.Write(b)
	}
	if f.refusal != nil {
		return 0, f.refusal
	}
	if !f.since.IsZero() {
		if age := elapsed(f.since, c.now()); age > yesLasts {
			f.age.Store(int64(age))
			f.state.Store(tooLate)
			return 0, f.stale()
		}
	}
	n, err := c.Conn.Write(b)
	if n > 0 {
		f.state.Store(passed)
	}
	return n, err
}

// elapsed is the longer of what passed on the wall and what passed on the machine's own count, which stands still while a
// laptop or a virtual machine sleeps.
func elapsed(since, now time.Time) time.Duration {
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0)))
}
