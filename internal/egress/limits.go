package egress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// NoLimit, as a limit, is none.
const NoLimit = -1

// Limits say how much one call may take. A zero field is the default.
type Limits struct {
	Time      time.Duration // from the call to the end of its answer, redirects and all; default 10 seconds
	Idle      time.Duration // the longest silence within an answer; default none. For streams, whose Time is NoLimit
	Body      int64         // bytes of the answer, unpacked; default 5 MB
	Redirects int           // how many are followed, of GET and HEAD alone; default none, at most 5
	Lane      string        // what a far side limits by itself, as uploads: being told to wait there stops these calls only; "" stops all
}

type limitsKey struct{}

// With returns a context under which calls have these limits.
func With(ctx context.Context, l Limits) context.Context {
	return context.WithValue(ctx, limitsKey{}, l)
}

// LimitsOf returns what limits calls have under ctx, the defaults filled in.
func LimitsOf(ctx context.Context) Limits {
	l, _ := ctx.Value(limitsKey{}).(Limits)
	if l.Time == 0 {
		l.Time = 10 * time.Second
	}
	if l.Body == 0 {
		l.Body = 5 << 20
	}
	l.Redirects = min(l.Redirects, 5)
	return l
}

// limit puts the limits around an answer's body. clock ends the call when time is up; done lets go of the call.
func (l Limits) limit(ctx context.Context, resp *http.Response, clock *time.Timer, cancel context.CancelCauseFunc) error {
	done := func() {
		if clock != nil {
			clock.Stop()
		}
		cancel(errDone)
	}
	if rw, ok := resp.Body.(io.ReadWriteCloser); ok && resp.StatusCode == http.StatusSwitchingProtocols {
		if clock != nil {
			clock.Stop() // it is a connection now, and whoever has it limits it
		}
		resp.Body = &switched{rw, cancel}
		return nil
	}
	if l.Body > 0 && resp.ContentLength > l.Body && resp.Request.Method != http.MethodHead {
		_ = resp.Body.Close()
		done()
		return &TooLarge{l.Body}
	}
	b := &body{ReadCloser: resp.Body, ctx: ctx, left: l.Body, limits: l, done: done}
	if l.Idle > 0 {
		b.idle = time.AfterFunc(l.Idle, func() { cancel(&TooSlow{l.Idle, true}) })
	}
	resp.Body = b
	return nil
}

var errDone = errors.New("the call is over")

// body is an answer that knows its limits.
type body struct {
	io.ReadCloser
	ctx    context.Context
	left   int64
	limits Limits
	idle   *time.Timer
	over   sync.Once
	done   func()
}

func (b *body) Read(p []byte) (int, error) {
	if b.limits.Body > 0 && int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one more than allowed tells too long from just so long
	}
	n, err := b.ReadCloser.Read(p)
	if b.idle != nil && n > 0 {
		b.idle.Reset(b.limits.Idle)
	}
	if b.limits.Body > 0 {
		if b.left -= int64(n); b.left < 0 {
			n += int(b.left)
			b.left, err = 0, &TooLarge{b.limits.Body}
		}
	}
	if err != nil && err != io.EOF {
		if cause := context.Cause(b.ctx); cause != nil && !errors.Is(cause, errDone) {
			err = cause
		}
	}
	if err != nil {
		b.end()
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.end()
	return err
}

func (b *body) end() {
	b.over.Do(func() {
		if b.idle != nil {
			b.idle.Stop()
		}
		b.done()
	})
}

// switched is a connection that has become something other than HTTP.
type switched struct {
	io.ReadWriteCloser
	cancel context.CancelCauseFunc
}

func (s *switched) Close() error {
	defer s.cancel(errDone)
	return s.ReadWriteCloser.Close()
}
