package writing

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"switchboard/internal/egress"
)

// Opening is whether a link opens.
type Opening string

const (
	Opens   Opening = "opens"
	Dead    Opening = "dead"    // there is no such host or page
	Unsure  Opening = "unsure"  // nobody answered in time, or it opens only for some
	Refused Opening = "refused" // it leads where nothing is asked from here
)

// Link is a link in what somebody writes, and whether it opens.
type Link struct {
	URL string
	Is  Opening
	Why string // for the person, when it does not
}

const (
	linkTime   = 4 * time.Second // for one link, redirects and all
	linkFresh  = 10 * time.Minute
	linkRetry  = time.Minute // how long what is not sure is believed
	mostLinks  = 10          // looked at of one text
	linksKnown = 2000
)

// Links looks whether links open. It asks with HEAD, and with GET where that is not answered, through the guarded client:
// what leads into the house's own network is refused there. What it saw it believes for some minutes.
type Links struct {
	Client *http.Client // the guarded one
	Now    func() time.Time

	mu    sync.Mutex
	known map[string]seen
}

type seen struct {
	link  Link
	until time.Time
}

// Look looks at links, all at the same time, and returns what it found in their order: after some seconds at most.
func (l *Links) Look(ctx context.Context, addresses []string) []Link {
	addresses = addresses[:min(len(addresses), mostLinks)]
	out := make([]Link, len(addresses))
	var all sync.WaitGroup
	for k, a := range addresses {
		all.Go(func() { out[k] = l.one(ctx, a) })
	}
	all.Wait()
	return out
}

func (l *Links) one(ctx context.Context, address string) Link {
	l.mu.Lock()
	had, ok := l.known[address]
	l.mu.Unlock()
	if ok && l.Now().Before(had.until) {
		return had.link
	}
	link := l.ask(ctx, address)
	if ctx.Err() != nil {
		return link
	}
	life := linkFresh
	if link.Is == Unsure {
		life = linkRetry
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= linksKnown {
		l.known = map[string]seen{}
	}
	l.known[address] = seen{link, l.Now().Add(life)}
	return link
}

func (l *Links) ask(ctx context.Context, address string) Link {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return Link{address, Dead, "this is no address of a page"}
	}
	u.User, u.Fragment = nil, ""
	ctx = egress.With(ctx, egress.Limits{Time: linkTime, Redirects: 5, Body: 1 << 20})
	status, err := l.call(ctx, http.MethodHead, u)
	if err == nil && (status == 403 || status == 404 || status == 405 || status >= 500) { // many answer HEAD badly
		status, err = l.call(ctx, http.MethodGet, u)
	}
	link := Link{URL: address}
	link.Is, link.Why = opening(status, err)
	return link
}

func (l *Links) call(ctx context.Context, method string, u *url.URL) (int, error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Accept", "text/html,*/*;q=0.8")
	resp, err := l.Client.Do(req)
	if err != nil {
		return 0, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 512)
	return resp.StatusCode, resp.Body.Close()
}

// opening is what an answer says of a link, in words for who wrote it.
func opening(status int, err error) (Opening, string) {
	var refused *egress.Refused
	var dns *net.DNSError
	var slow *egress.TooSlow
	switch {
	case errors.As(err, &refused):
		return Refused, "it leads into a network of your own, which readers can't reach"
	case errors.As(err, &dns) && dns.IsNotFound:
		return Dead, "there is no such host"
	case errors.As(err, &slow) || errors.Is(err, context.DeadlineExceeded):
		return Unsure, "it did not answer in time"
	case err != nil && strings.Contains(err.Error(), "certificate"):
		return Dead, "its certificate is not in order: browsers will warn of it"
	case err != nil:
		return Unsure, "it could not be reached just now"
	case status == 404 || status == 410:
		return Dead, "there is no such page"
	case status == 401 || status == 403 || status == 429:
		return Unsure, "it opens only for some, or not for us"
	case status >= 500:
		return Unsure, "the page is out of order just now"
	case status >= 400:
		return Dead, "the page does not open"
	}
	return Opens, ""
}
