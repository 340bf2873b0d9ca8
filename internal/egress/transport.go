package egress

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"
)

// transport makes the one kind of transport there is.
func (g *Guard) transport(http2 bool) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(http2)
	return &http.Transport{
		Proxy: nil, // none from the environment
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := g.connect(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &conn{Conn: c, now: g.o.Now}, nil
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: g.o.Roots},
		Protocols:              protocols,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           200,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        time.Minute,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 128 << 10,
	}
}

// send makes one request. check is asked when there is a connection, right before the request is written on it; what it
// refuses is not sent.
func (g *Guard) send(req *http.Request, check func(ctx context.Context) error, cancel context.CancelCauseFunc) (*http.Response, error) {
	transport := g.reads
	if writing(req.Method) {
		transport = g.writes
	}
	ctx := req.Context()
	var f *fence // of the latest connection: the transport may try a second one
	var refusal error
	reused := false
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		f, reused = &fence{since: g.o.Now()}, info.Reused
		if refusal = check(ctx); refusal != nil {
			f.refusal = refusal
			cancel(refusal)
		} else if !writing(req.Method) || !gated(ctx) {
			f.since = time.Time{}
		}
		if c := ours(info.Conn); c != nil {
			c.fence.Store(f)
		}
	}}
	resp, err := transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	switch {
	case err == nil:
		return resp, nil
	case refusal != nil:
		return nil, unsent{refusal}
	case f == nil: // no connection
		return nil, unsent{reason(ctx, err)}
	case f.stale() != nil:
		return nil, unsent{f.stale()}
	case transport == g.writes && !f.written() && reused:
		return nil, unsent{idleDied{reason(ctx, err)}}
	case transport == g.writes && !f.written():
		return nil, unsent{reason(ctx, err)}
	}
	return nil, reason(ctx, err)
}

// idleDied is an error of an idle connection that was closed before we wrote on it.
type idleDied struct{ error }

func (i idleDied) Unwrap() error { return i.error }

// reason prefers why we ended a call to the error that came of it.
func reason(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// writing reports whether a request by this method may change something at the far side.
func writing(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	return true
}

// ours returns our end of a connection that carries one request at a time.
func ours(c net.Conn) *conn {
	if t, ok := c.(*tls.Conn); ok {
		if t.ConnectionState().NegotiatedProtocol == "h2" {
			return nil
		}
		c = t.NetConn()
	}
	o, _ := c.(*conn)
	return o
}
