package egress

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// Options are what a Guard is made with. The zero Options make a Guard without exceptions, for Now is required.
type Options struct {
	Allow     []string         // exceptions: see CheckAllow
	Now       func() time.Time // required
	Log       *slog.Logger     // hears of refused connections; nil: nobody does
	UserAgent string           // of requests that name none
	Resolver  *net.Resolver    // nil: the machine's
	Roots     *x509.CertPool   // trusted in place of the machine's roots, for a company with its own; nil: the machine's
}

// Guard makes connections. It is safe for several goroutines; one is enough for a program.
type Guard struct {
	o        Options
	allow    []exception
	dialer   net.Dialer
	reads    *http.Transport // GET, HEAD, OPTIONS: HTTP/2 if the far side has it
	writes   *http.Transport // all else: HTTP/1.1, so that a connection carries one request at a time and can be fenced
	mu       sync.Mutex
	accounts map[string]*http.Client
}

// New makes a Guard. An error names the wrong exception.
func New(o Options) (*Guard, error) {
	if o.Now == nil {
		return nil, errors.New("egress: Options.Now is not set")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	g := &Guard{o: o, accounts: map[string]*http.Client{}}
	for _, entry := range o.Allow {
		e, err := parseException(entry)
		if err != nil {
			return nil, fmt.Errorf("egress-allow: %w", err)
		}
		g.allow = append(g.allow, e)
	}
	g.dialer = net.Dialer{Timeout: 10 * time.Second, Resolver: o.Resolver, ControlContext: g.control}
	g.reads, g.writes = g.transport(true), g.transport(false)
	// Small servers close idle connections after five seconds. A write on one that is just being closed has an unclear
	// outcome, so ours is let go of before.
	g.writes.IdleConnTimeout = 4 * time.Second
	return g, nil
}

// Client returns the client for one purpose ("feed", "link preview"), which the log names.
func (g *Guard) Client(purpose string) *http.Client {
	return &http.Client{
		Transport:     &caller{g: g, purpose: purpose},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // caller follows
	}
}

// Dial connects for protocols other than HTTP, over "tcp", "tcp4" or "tcp6". It asks the context's gate first; whoever goes
// on to send something on the connection asks it again with Ask. The connection has no time limits of its own.
func (g *Guard) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if err := Ask(ctx); err != nil {
		return nil, unsent{err}
	}
	c, err := g.connect(ctx, network, addr)
	if err != nil {
		return nil, unsent{err}
	}
	return c, nil
}

// Close lets go of idle connections.
func (g *Guard) Close() {
	g.reads.CloseIdleConnections()
	g.writes.CloseIdleConnections()
}

type (
	askedFor   struct{} // the key of the host and port that were asked for
	purposeKey struct{} // and of what for
)

// connect makes every connection there is.
func (g *Guard) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &Refused{addr, "a host and a port are wanted"}
	}
	switch {
	case network != "tcp" && network != "tcp4" && network != "tcp6":
		return nil, &Refused{addr, network + " is not a way out"}
	case host == "":
		return nil, g.refuse(ctx, addr, "it names no host")
	case oddlySpelled(host):
		return nil, g.refuse(ctx, addr, "this is an odd way to write an address: write it like 192.0.2.1, or as a name")
	}
	c, err := g.dialer.DialContext(context.WithValue(ctx, askedFor{}, addr), network, addr)
	if r := (*Refused)(nil); errors.As(err, &r) {
		return nil, g.refuse(ctx, r.Host, r.Why)
	}
	return c, err
}

// control is called with each address right before it is connected to. It has the last word.
func (g *Guard) control(ctx context.Context, network, address string, _ syscall.RawConn) error {
	asked, _ := ctx.Value(askedFor{}).(string)
	addr, err := netip.ParseAddrPort(address)
	if err != nil || asked == "" {
		return &Refused{address, "it is not an address of the internet"}
	}
	why := judge(addr.Addr())
	if why == "" {
		return nil
	}
	host, port, _ := net.SplitHostPort(asked)
	for _, e := range g.allow {
		if e.allows(host, addr) {
			return nil
		}
	}
	exact := asked
	if metadata(addr.Addr()) {
		exact = addr.String()
	}
	if _, err := netip.ParseAddr(host); err == nil || metadata(addr.Addr()) {
		return &Refused{asked, fmt.Sprintf("it is %s, and connections go to public addresses only; if it is meant, an administrator starts Switchboard with --egress-allow=%s", why, exact)}
	}
	return &Refused{asked, fmt.Sprintf("%s is %s, and connections go to public addresses only; if it is meant, an administrator starts Switchboard with --egress-allow=%s", host, why, net.JoinHostPort(host, port))}
}

func (g *Guard) refuse(ctx context.Context, host, why string) error {
	purpose, _ := ctx.Value(purposeKey{}).(string)
	g.o.Log.Warn("no connection made", "purpose", purpose, "host", host, "why", why)
	return &Refused{host, why}
}
