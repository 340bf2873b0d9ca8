package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"switchboard/internal/fault"
)

// listen follows the live feed until ctx ends, and notes when each conversation is first told of. ready hears once: nil when
// the feed has begun.
func (d *drive) listen(ctx context.Context, ready chan<- error) {
	a, err := d.ask(ctx, "/api/live")
	for try := 0; fault.Is(err, fault.Unavailable) && try < 20 && ctx.Err() == nil; try++ { // it may just be starting
		time.Sleep(250 * time.Millisecond)
		a, err = d.ask(ctx, "/api/live")
	}
	if err != nil {
		ready <- err
		return
	}
	defer func() { _ = a.Body.Close() }()
	begun := false
	lines := bufio.NewReaderSize(a.Body, 64<<10)
	for event := ""; ; {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			if !begun {
				ready <- fault.Wrap(fault.Unavailable, "the live feed ended before it began", err)
			}
			return
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case bytes.HasPrefix(line, []byte("event: ")):
			event = string(line[len("event: "):])
			if event == "hello" && !begun {
				begun = true
				ready <- nil
			}
			if event == "reload" {
				d.reload(ctx)
			}
		case bytes.HasPrefix(line, []byte("data: ")) && event == "entry":
			d.hear(line[len("data: "):])
		}
	}
}

// reload does what a browser does that is told to: it reads the inbox anew, while the feed goes on. What it finds there is on
// the screen from then on.
func (d *drive) reload(ctx context.Context) {
	d.mu.Lock()
	d.reloads++
	d.mu.Unlock()
	d.asks.Go(func() {
		var page struct {
			Items []row `json:"items"`
		}
		if d.get(ctx, "/api/conversations?view=all&limit=200&account="+url.QueryEscape(d.Account), &page) != nil {
			return
		}
		now := d.Now()
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, r := range page.Items {
			if _, known := d.heard[r.ID]; !known {
				d.heard[r.ID] = now
			}
		}
	})
}

func (d *drive) hear(data []byte) {
	now := d.Now()
	var e struct {
		Conversation string `json:"conversation"`
	}
	if json.Unmarshal(data, &e) != nil || e.Conversation == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.heard[e.Conversation]; !known {
		d.heard[e.Conversation] = now
	}
}

// row is what is wanted of a line of the inbox.
type row struct {
	ID       string `json:"id"`
	Excerpt  string `json:"excerpt"`
	Messages int    `json:"messages"`
}

// readBack reads the conversations of this run, in whatever state they are, by the number of the message that opened them.
func (d *drive) readBack(ctx context.Context) (map[int][]row, error) {
	there := map[int][]row{}
	for _, where := range []string{"view=all&state=open", "view=all&state=waiting", "view=all&state=snoozed", "view=all&state=closed", "view=aside"} {
		seen := map[string]bool{}
		for after, idle := "", 0; idle < 3; {
			var page struct {
				Items []row  `json:"items"`
				Next  string `json:"next"`
			}
			err := d.get(ctx, "/api/conversations?limit=200&account="+url.QueryEscape(d.Account)+"&"+where+"&after="+url.QueryEscape(after), &page)
			if err != nil {
				return nil, err
			}
			idle++ // pages without one of ours: the newest come first, so after a few of them nothing comes any more
			for _, r := range page.Items {
				if k, ok := numbered(d.run, r.Excerpt); ok && !seen[r.ID] {
					seen[r.ID] = true
					there[k] = append(there[k], r)
					idle = 0
				}
			}
			if after = page.Next; after == "" {
				break
			}
		}
	}
	return there, nil
}

// numbered finds which of this run's messages a text is.
func numbered(run, text string) (int, bool) {
	_, rest, ok := strings.Cut(text, mark(run))
	if !ok {
		return 0, false
	}
	n := 0
	for k := range len(rest) {
		if rest[k] < '0' || rest[k] > '9' {
			return n, k > 0
		}
		n = n*10 + int(rest[k]-'0')
	}
	return n, rest != ""
}
