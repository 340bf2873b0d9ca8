package mastodon

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

// byEvents listens by server-sent events.
func (c *conn) byEvents(ctx context.Context, base *url.URL, token string, up func(), e ear) error {
	ctx, hang := context.WithCancel(ctx)
	defer hang()
	silence := time.AfterFunc(patience, hang)
	defer silence.Stop()
	u := *base
	u.Path += "/api/v1/streaming/user"
	endless := egress.With(ctx, egress.Limits{Time: egress.NoLimit, Body: egress.NoLimit})
	r, err := http.NewRequestWithContext(endless, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	r.Header = http.Header{"Authorization": {"Bearer " + token}, "User-Agent": {agent}, "Accept": {"text/event-stream"}}
	k := call{method: http.MethodGet, path: u.Path}
	resp, err := c.net.HTTP.Do(r)
	if err != nil {
		return unreachable(k, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		if s := resp.StatusCode; s == http.StatusBadRequest || s == http.StatusNotFound || s == http.StatusMethodNotAllowed {
			c.mu.Lock()
			c.noSocket = false // neither way: begin with the first one the next time
			c.mu.Unlock()
			return &channel.Trouble{Deed: channel.NotAllowed, Message: "this server offers no stream; it is polled"}
		}
		return c.refused(k, &answer{status: resp.StatusCode, header: resp.Header})
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return &channel.Trouble{Deed: channel.Again, Message: "the server answered with something that is no stream"}
	}
	silence.Reset(quiet)
	up()
	in := bufio.NewScanner(resp.Body)
	in.Buffer(make([]byte, 64<<10), most)
	name, data := "", []string{}
	for in.Scan() {
		silence.Reset(quiet)
		line := strings.TrimSuffix(in.Text(), "\r")
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if name != "" {
				if err := e.hear(ctx, name, []byte(strings.Join(data, "\n"))); err != nil {
					return err
				}
			}
			name, data = "", nil
		case field == "event":
			name = value
		case field == "data":
			data = append(data, value)
		}
	}
	return broken(in.Err())
}
