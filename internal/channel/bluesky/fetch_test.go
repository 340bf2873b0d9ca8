package bluesky

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	"switchboard/internal/sim/bluesky"
	"switchboard/internal/sim/far"
)

// ear hears an account and remembers.
type ear struct {
	*testing.T
	*network
	conn   channel.Conn
	cursor string
	events []channel.Event
}

func newEar(t *testing.T) *ear {
	n := newNetwork(t, channeltest.NewClock())
	e := &ear{T: t, network: n, conn: n.Open(t)}
	e.hear()
	e.events = nil
	return e
}

func (e *ear) hear() {
	e.Helper()
	for range 100 {
		p, err := e.conn.(channel.Fetcher).Fetch(e.Context(), e.cursor)
		if err != nil {
			e.Fatalf("Fetch: %v", err)
		}
		e.cursor = p.Next
		e.events = append(e.events, p.Events...)
		if !p.More {
			return
		}
	}
	e.Fatal("there is always more")
}

// one returns the message with that id, which was heard exactly once.
func (e *ear) one(id string) (m channel.Message) {
	e.Helper()
	n := 0
	for _, x := range e.events {
		if x.RemoteID == id && x.Kind == channel.Said {
			m = x.Message
			n++
		}
	}
	if n != 1 {
		e.Fatalf("%s was heard %d times", id, n)
	}
	return m
}

func TestQuotesArriveAndLikesDoNot(t *testing.T) {
	e := newEar(t)
	ours := e.Post(company, "Our new chair", bluesky.Saying{})
	quote := e.Post("ann.test", "look at this", bluesky.Saying{Quotes: ours})
	reply := e.Post("bea.test", "nice", bluesky.Saying{InReplyTo: ours})
	deep := e.Post("ann.test", "indeed", bluesky.Saying{InReplyTo: reply})
	for _, reason := range []string{"like", "repost", "follow", "like-via-repost", "starterpack-joined", "verified", "something-new"} {
		e.Notify(company, e.Post("cid.test", reason, bluesky.Saying{}), reason)
	}
	e.hear()
	if q := e.one(quote); q.Quoted != "Our new chair" || q.Kind != channel.Post || q.ThreadID != quote || q.Own {
		t.Errorf("the quote: %+v", q)
	}
	if r := e.one(reply); r.Kind != channel.Reply || r.ParentID != ours || r.ThreadID != ours {
		t.Errorf("the reply: %+v", r)
	}
	if d := e.one(deep); d.ParentID != reply || d.ThreadID != ours || !strings.Contains(string(d.Memo), ours) {
		t.Errorf("the reply to the reply: %+v", d)
	}
	if o := e.one(ours); !o.Own || o.From.RemoteID == "" {
		t.Errorf("our own: %+v", o)
	}
	if len(e.events) != 4 {
		t.Errorf("%d events; want 4", len(e.events))
	}
}

func TestEqualInstantsAcrossPagesAreAllHeard(t *testing.T) {
	e := newEar(t)
	var said []string
	for k := range 290 { // 70 share each instant, and a page holds 100
		if k%70 == 0 {
			e.clock.Advance(time.Millisecond)
		}
		said = append(said, e.Post(fmt.Sprintf("p%d.test", k), "@"+company+" at once", bluesky.Saying{}))
	}
	e.hear()
	for _, id := range said {
		e.one(id)
	}
	e.hear()
	if len(e.events) != len(said) {
		t.Errorf("%d events for %d posts", len(e.events), len(said))
	}
}

func TestAPostByAClockThatIsBehindIsHeard(t *testing.T) {
	e := newEar(t)
	for k := range 20 {
		e.clock.Advance(time.Minute)
		e.Post("ann.test", fmt.Sprintf("@%s %d", company, k), bluesky.Saying{})
	}
	e.hear()
	late := e.Post("bea.test", "@"+company+" my clock is wrong", bluesky.Saying{Written: e.clock.Now().Add(-15 * time.Minute)})
	e.hear()
	e.one(late)
}

func TestABacklogIsToldInBatchesAcrossRestarts(t *testing.T) {
	e := newEar(t)
	var said []string
	for k := range 1300 {
		e.clock.Advance(time.Second)
		said = append(said, e.Post("ann.test", fmt.Sprintf("@%s %d", company, k), bluesky.Saying{}))
	}
	batches := 0
	for more := true; more; batches++ {
		p, err := e.conn.(channel.Fetcher).Fetch(t.Context(), e.cursor)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Events) > batch {
			t.Errorf("a batch of %d", len(p.Events))
		}
		e.events = append(e.events, p.Events...)
		if e.cursor, more = p.Next, p.More; batches == 1 {
			e.conn = e.Open(t) // what was read and not told is forgotten
		}
	}
	var heard []string
	for _, x := range e.events {
		if !slices.Contains(heard, x.RemoteID) { // one may be told again after a restart
			heard = append(heard, x.RemoteID)
		}
	}
	if len(e.events) > len(said)+3 || !slices.Equal(heard, said) {
		t.Errorf("heard %d of %d, or in another order", len(heard), len(said))
	}
	if len(e.cursor) > 12<<10 {
		t.Errorf("the cursor takes %d bytes", len(e.cursor))
	}
}

func TestLabelsAreDoubts(t *testing.T) {
	e := newEar(t)
	e.Label("eve.test", "spam", "!no-unauthenticated")
	id := e.Post("eve.test", "@"+company+" buy now", bluesky.Saying{Labels: []string{"scam", "odd-label"}})
	e.hear()
	got := strings.Join(e.one(id).Doubts, "; ")
	for _, want := range []string{"post as a scam", "post as odd-label", "account as spam", "not to be shown outside"} {
		if !strings.Contains(got, want) {
			t.Errorf("doubts are %q; %q is missing", got, want)
		}
	}
}

func TestAPostThatCannotBeReadIsToldAllTheSame(t *testing.T) {
	e := newEar(t)
	bad := e.PostRaw("eve.test", json.RawMessage(`{"text":["a"],"reply":7,"facets":[{"index":"x"}],"embed":{"images":3}}`))
	e.Notify(company, bad, "mention")
	good := e.Post("ann.test", "@"+company+" hello", bluesky.Saying{})
	e.hear()
	if m := e.one(bad); len(m.Doubts) == 0 || m.From.Handle != "@eve.test" {
		t.Errorf("the odd post: %+v", m)
	}
	e.one(good)
}

func TestATimeFromTheFutureIsNow(t *testing.T) {
	p := postOf(json.RawMessage(`{"uri":"at://did:plc:a/app.bsky.feed.post/3k","cid":"c","indexedAt":"2999-01-01T00:00:00Z","record":{"text":"x"}}`))
	if m := p.message("", monday); !m.At.Equal(monday) {
		t.Errorf("At = %v", m.At)
	}
}

func TestRereadTellsDeletionsAndNotBlocks(t *testing.T) {
	e := newEar(t)
	known := map[string]string{"chat:3k/3k": "3k"}
	var ids []string
	for k := range 60 {
		id := e.Post(fmt.Sprintf("p%d.test", k), "@"+company, bluesky.Saying{})
		ids = append(ids, id)
	}
	e.hear()
	for _, id := range ids {
		known[id] = e.one(id).Version
	}
	e.network.Delete(ids[7])
	e.network.Delete(ids[41])
	e.Block("p9.test", company)
	known[ids[3]] = "another cid"
	before := e.Calls("app.bsky.feed.getPosts")
	events, err := e.conn.(channel.Watcher).Reread(t.Context(), known)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range events {
		got = append(got, string(x.Kind)+" "+x.RemoteID)
	}
	slices.Sort(got)
	want := []string{"deleted " + ids[7], "deleted " + ids[41], "edited " + ids[3]}
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("told %q; want %q", got, want)
	}
	if calls := e.Calls("app.bsky.feed.getPosts") - before; calls != 3 {
		t.Errorf("60 posts cost %d calls; want 3", calls)
	}
	// A reading side that suddenly knows nothing has deleted nothing.
	e.Faults().Set(far.Fault{On: "/xrpc/app.bsky.feed.getPosts", Do: far.Answer, Body: []byte(`{"posts":[]}`)})
	delete(known, ids[7])
	delete(known, ids[41])
	if events, err := e.conn.(channel.Watcher).Reread(t.Context(), known); err != nil || len(events) != 0 {
		t.Errorf("an empty answer told %d events, %v", len(events), err)
	}
	if _, err := e.conn.(channel.Reader).Read(t.Context(), "https://elsewhere.example/1"); !fault.Is(err, fault.NotFound) {
		t.Errorf("reading an address of another kind: %v", err)
	}
}

func TestALivelyAccountIsAskedOften(t *testing.T) {
	e := newEar(t)
	poll := func() time.Duration {
		p, err := e.conn.(channel.Fetcher).Fetch(t.Context(), e.cursor)
		if err != nil {
			t.Fatal(err)
		}
		e.cursor = p.Next
		return p.Poll
	}
	if p := poll(); p != 0 {
		t.Errorf("a quiet account is asked each %v", p)
	}
	e.Post("ann.test", "@"+company+" hello", bluesky.Saying{})
	if p := poll(); p != quick {
		t.Errorf("a lively account is asked each %v; want %v", p, quick)
	}
	e.clock.Advance(lively)
	if p := poll(); p != 0 {
		t.Errorf("after a while it is asked each %v", p)
	}
}
