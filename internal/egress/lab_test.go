package egress

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// guard makes a Guard with exceptions for the addresses of servers.
func guard(t testing.TB, o Options, allow ...string) *Guard {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Allow = append(o.Allow, allow...)
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// serve runs handler on loopback and returns the server's host and port.
func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// trap listens on loopback and counts who connects.
func trap(t testing.TB, network, addr string) (port string, connections *atomic.Int32) {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	connections = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			_ = c.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, connections
}

var errWouldConnect = errors.New("this would have been a connection to the outside")

// sealed makes a Guard that never reaches the outside: what its last word lets pass to a public address is counted only.
func sealed(t testing.TB, o Options, allow ...string) (*Guard, *atomic.Int32) {
	g := guard(t, o, allow...)
	outside := new(atomic.Int32)
	g.dialer.ControlContext = func(ctx context.Context, network, address string, c syscall.RawConn) error {
		if err := g.control(ctx, network, address, c); err != nil {
			return err
		}
		if a, err := netip.ParseAddrPort(address); err == nil && a.Addr().IsLoopback() {
			return nil
		}
		outside.Add(1)
		return errWouldConnect
	}
	return g, outside
}

// names runs a name server on loopback. It answers a question for an address with what answer says for the name and how
// often it was asked.
func names(t testing.TB, answer func(name string, v6 bool, times int) []netip.Addr) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.Close() })
	var mu sync.Mutex
	times := map[string]int{}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			v6 := q.Type == dnsmessage.TypeAAAA
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			mu.Lock()
			key := q.Name.String() + q.Type.String()
			found := answer(q.Name.String(), v6, times[key])
			times[key]++
			mu.Unlock()
			for _, a := range found {
				h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET}
				if v6 && a.Is6() {
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
				} else if q.Type == dnsmessage.TypeA && a.Is4() {
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
				}
			}
			if b, err := m.Pack(); err == nil {
				_, _ = pc.WriteTo(b, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}
