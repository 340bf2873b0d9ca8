package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers by which the judge looks into the database
	_ "modernc.org/sqlite"

	"switchboard/internal/sim/far"
)

// crowd is customers who write through the hook. What was not acknowledged they send again, as every far side does.
type crowd struct {
	h     *house
	tag   string
	ports []int

	n     atomic.Int64
	mu    sync.Mutex
	acked map[string]bool
	owed  map[string]bool // said, and never acknowledged
}

func newCrowd(h *house, tag string, ports ...int) *crowd {
	return &crowd{h: h, tag: tag, ports: ports, acked: map[string]bool{}, owed: map[string]bool{}}
}

// write says something new, or again what is owed. It reports whether it was acknowledged.
func (c *crowd) write(ctx context.Context) bool {
	id := ""
	c.mu.Lock()
	if rand.IntN(3) == 0 {
		for id = range c.owed {
			break
		}
	}
	if id == "" {
		id = fmt.Sprintf("%s-%d", c.tag, c.n.Add(1))
	}
	c.owed[id] = true
	c.mu.Unlock()
	return c.send(ctx, id)
}

func (c *crowd) send(ctx context.Context, id string) bool {
	ok := c.h.say(ctx, c.ports[rand.IntN(len(c.ports))], id, "visitor-"+id[len(id)-1:], "Where is order "+id+"?")
	if ok {
		c.mu.Lock()
		c.acked[id] = true
		delete(c.owed, id)
		c.mu.Unlock()
	}
	return ok
}

// flow writes at a rate until ctx ends.
func (c *crowd) flow(ctx context.Context, rate int) {
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	var under sync.WaitGroup
	slots := make(chan struct{}, 64)
	for {
		select {
		case <-ctx.Done():
			under.Wait()
			return
		case <-tick.C:
		}
		select {
		case slots <- struct{}{}:
			under.Go(func() {
				c.write(context.WithoutCancel(ctx))
				<-slots
			})
		default: // all are waiting for an answer
		}
	}
}

// settle sends again what is owed until all is acknowledged.
func (c *crowd) settle(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); ; {
		c.mu.Lock()
		var rest []string
		for id := range c.owed {
			rest = append(rest, id)
		}
		c.mu.Unlock()
		if len(rest) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d messages are still not taken", len(rest))
		}
		for _, id := range rest {
			c.send(t.Context(), id)
		}
	}
}

// intents are answers given through the API, with an idempotency key each, repeated until they are accepted.
type intents struct {
	h        *house
	mu       sync.Mutex
	accepted []string // the texts of those the API said yes to
	texts    []string // of all
}

// answer lets somebody answer now and then until ctx ends.
func (i *intents) answer(ctx context.Context, port int, every time.Duration) {
	for n := 0; ctx.Err() == nil; time.Sleep(every) {
		var page struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		if status := i.h.call(port, "GET", "/api/conversations?view=all", "", nil, &page); status != 200 || len(page.Items) == 0 {
			continue
		}
		n++
		text := fmt.Sprintf("It is on its way, number %d of %d.", n, time.Now().UnixNano())
		i.mu.Lock()
		i.texts = append(i.texts, text)
		i.mu.Unlock()
		at := page.Items[rand.IntN(len(page.Items))].ID
		for ctx.Err() == nil { // a browser on a bad connection sends again, with the same key
			status := i.h.call(port, "POST", "/api/conversations/"+at+"/reply", text, map[string]any{"text": text, "force": true}, nil)
			if status/100 == 2 {
				i.mu.Lock()
				i.accepted = append(i.accepted, text)
				i.mu.Unlock()
			}
			if status != 0 && status < 500 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
}

// verdict is what the judge found.
type verdict struct {
	acked, lost, doubled            int
	intents, unsaid, said2, unknown int
	bad                             []string
}

func (v verdict) String() string {
	return fmt.Sprintf("messages: %d acknowledged, lost %d, doubled %d (95 %% bound %.2g); answers: %d accepted, unsaid %d, said twice %d, unknown %d (95 %% bound %.2g)",
		v.acked, v.lost, v.doubled, 3/float64(max(v.acked, 1)), v.intents, v.unsaid, v.said2, v.unknown, 3/float64(max(v.intents, 1)))
}

// look opens the database beside the program, to read.
func (h *house) look(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite", "file:"+h.dsn+"?_pragma=busy_timeout(10000)&_pragma=query_only(1)"
	if strings.HasPrefix(h.dsn, "postgres") {
		driver, dsn = "pgx", h.dsn
	}
	db, err := sql.Open(driver, dsn)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func (h *house) count(t testing.TB, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	must(t, db.QueryRow(query, args...).Scan(&n))
	return n
}

// judge compares what was acknowledged with what is stored, and what was accepted with what the far sides took.
func (h *house) judge(t testing.TB, c *crowd, i *intents) verdict {
	t.Helper()
	db := h.look(t)
	v := verdict{acked: len(c.acked)}
	stored := map[string]int{}
	rows, err := db.Query(`SELECT remote_id FROM message WHERE direction = 'in'`)
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		must(t, rows.Scan(&id))
		stored[id]++
	}
	must(t, rows.Err())
	for id := range c.acked {
		switch n := stored[id]; {
		case n == 0:
			v.lost++
			v.bad = append(v.bad, "lost: "+id)
		case n > 1:
			v.doubled++
			v.bad = append(v.bad, "stored twice: "+id)
		}
	}
	if n := h.count(t, db, `SELECT count(*) FROM conversation WHERE state = 'open' AND department = 0 AND person = 0`); n > 0 {
		v.bad = append(v.bad, fmt.Sprintf("%d conversations without an owner", n))
	}
	if i != nil {
		h.answers(t, db, i, &v)
	}
	for k, s := range v.bad {
		if k < 20 {
			t.Error(s)
		}
	}
	return v
}

// answers judges the deliveries once all have ended.
func (h *house) answers(t testing.TB, db *sql.DB, i *intents, v *verdict) {
	t.Helper()
	pending := func() int {
		return h.count(t, db, `SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending')`)
	}
	for end := time.Now().Add(100 * time.Second); pending() > 0 && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
	}
	if n := pending(); n > 0 {
		v.bad = append(v.bad, fmt.Sprintf("%d deliveries never ended", n))
	}
	entries := map[string]int{}
	for _, e := range append(h.bridge.Record.Entries(), h.town.Record.Entries()...) {
		if e.Kind != far.Delete {
			_, text, _ := strings.Cut(e.Text, "It is on its way")
			entries["It is on its way"+text]++
		}
	}
	state, again := map[string]string{}, map[string]int{}
	rows, err := db.Query(`SELECT body, state, reason FROM delivery`)
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text, s, reason string
		must(t, rows.Scan(&text, &s, &reason))
		state[text] = s
		again[text]++
		if s != "sent" && reason == "" {
			v.bad = append(v.bad, s+" without a reason: "+text)
		}
	}
	must(t, rows.Err())
	for _, text := range i.texts { // accepted or not, nothing is said twice
		if entries[text] > 1 || again[text] > 1 {
			v.said2++
			v.bad = append(v.bad, fmt.Sprintf("%d entries of %d deliveries: %s", entries[text], again[text], text))
		}
	}
	v.intents = len(i.accepted)
	for _, text := range i.accepted {
		switch s := state[text]; {
		case s == "":
			v.unsaid++
			v.bad = append(v.bad, "accepted, and not there: "+text)
		case s == "unknown":
			v.unknown++
		case s == "sent" && entries[text] == 0:
			v.unsaid++
			v.bad = append(v.bad, "sent, and not at the far side: "+text)
		}
	}
}
