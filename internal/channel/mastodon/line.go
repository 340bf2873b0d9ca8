package mastodon

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"

	"switchboard/internal/channel"
)

// liner is an HTTP client for streams: the guarded one's calls end after some seconds and some megabytes, as they should, and
// a stream does not. It goes over the guarded Dial, so the addresses it may reach are the same.
func (c *conn) liner() *http.Client {
	client := *c.net.HTTP
	client.Transport = liner{c.net.Dial}
	client.Timeout = 0
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// liner makes one HTTP/1.1 call over a connection of its own, which lasts as long as the answer's body is read.
type liner struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

func (l liner) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	port := r.URL.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[r.URL.Scheme]
	}
	c, err := l.dial(ctx, "tcp", net.JoinHostPort(r.URL.Hostname(), port))
	if err != nil {
		return nil, err
	}
	// A WebSocket outlives the context of its handshake; until the head of the answer is here, the context ends the connection.
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	resp, err := exchange(ctx, c, r)
	if err != nil {
		stop()
		_ = c.Close()
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		stop()
	}
	return resp, nil
}

func exchange(ctx context.Context, c net.Conn, r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		t := tls.Client(c, &tls.Config{ServerName: r.URL.Hostname(), MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		c = t
	}
	if err := r.Write(c); err != nil {
		return nil, err
	}
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body = socket{in, c}
	} else {
		resp.Body = body{resp.Body, c}
	}
	return resp, nil
}

// socket is what is left of a connection when it has stopped to speak HTTP.
type socket struct {
	io.Reader
	net.Conn
}

func (s socket) Read(b []byte) (int, error) { return s.Reader.Read(b) }

// body closes its connection with itself.
type body struct {
	io.ReadCloser
	c net.Conn
}

func (b body) Close() error {
	_ = b.c.Close() // first: the body's own Close would read on to its end
	return b.ReadCloser.Close()
}

var _ channel.Streamer = (*conn)(nil)
