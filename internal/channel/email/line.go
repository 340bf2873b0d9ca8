package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"switchboard/internal/egress"
)

var errTooMuch = errors.New("the server sent more than was asked for")

// line is a connection that ends with its context, does not wait for ever, and hears only so much: whatever a server does,
// a call ends and memory is bounded.
type line struct {
	net.Conn
	left     atomic.Int64
	patience time.Duration // 0: as long as the context allows
	stop     func() bool
	yes      atomic.Pointer[yes]
}

// yes is a permission to write, fresh for a second: a process that was frozen after it was given must ask again.
type yes struct {
	since time.Time
	now   func() time.Time
}

// Write writes b, unless the permission for it has grown old.
func (l *line) Write(b []byte) (int, error) {
	if y := l.yes.Load(); y != nil {
		now := y.now()
		// by the machine's own count, which may stand still while it sleeps, and by the wall
		if age := max(now.Sub(y.since), now.Round(0).Sub(y.since.Round(0))); age > time.Second {
			return 0, &egress.Stale{Age: age}
		}
	}
	n, err := l.Conn.Write(b)
	if n > 0 {
		l.yes.Store(nil)
	}
	return n, err
}

func (l *line) Read(b []byte) (int, error) {
	if l.patience > 0 {
		t := time.AfterFunc(l.patience, func() { _ = l.Conn.Close() })
		defer t.Stop()
	}
	if l.left.Load() <= 0 {
		return 0, errTooMuch
	}
	n, err := l.Conn.Read(b)
	l.left.Add(-int64(n))
	return n, err
}

// allow lets at least n more bytes in.
func (l *line) allow(n int64) {
	if l.left.Load() < n {
		l.left.Store(n)
	}
}

func (l *line) Close() error {
	l.stop()
	return l.Conn.Close()
}

// dial connects to a mail server, encrypted at once if security is "tls". To begin with, a megabyte may come in.
func (c *conn) dial(ctx context.Context, host string, p port, security string, patience time.Duration) (net.Conn, *line, error) {
	raw, err := c.net.Dial(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(int(p))))
	if err != nil {
		return nil, nil, err
	}
	if a, ok := raw.RemoteAddr().(*net.TCPAddr); ok && security == "plain" && !a.IP.IsLoopback() {
		_ = raw.Close()
		return nil, nil, errors.New(host + " is not on this machine: nothing is sent to it without encryption")
	}
	l := &line{Conn: raw, patience: patience}
	l.allow(chatMost)
	l.stop = context.AfterFunc(ctx, func() { _ = raw.Close() })
	if security != "tls" {
		return l, l, nil
	}
	t := tls.Client(l, c.tls(host))
	if err := t.HandshakeContext(ctx); err != nil {
		_ = l.Close()
		return nil, nil, err
	}
	return t, l, nil
}

func (c *conn) tls(host string) *tls.Config {
	return &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: c.roots}
}
