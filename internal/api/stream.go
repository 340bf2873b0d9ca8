package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// live answers with the live feed. It takes a session or a key in the Authorization header, never one in the address.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	if foreign(r) {
		writeProblem(w, r, problem403("this came from a page of another site and was refused: open Switchboard itself and try again"))
		return
	}
	c := callOf(r.Context())
	st := &stream{wake: make(chan struct{}, 1), who: c.who}
	if c.token != "" {
		st.session = staff.SessionName(c.token)
	}
	at, reason := s.hub.join(st)
	if reason != "" {
		s.refuse(w, r, fault.New(fault.Unavailable, reason))
		return
	}
	defer s.hub.leave(st)
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = r.URL.Query().Get("from")
	}
	l := newLine(w)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no")
	if !l.send("event: hello\ndata: {\"cursor\":\"" + at.String() + "\"}\n\n") {
		return
	}
	if from != "" && !s.resume(r.Context(), l, st, from, at) {
		return
	}
	s.follow(r, c, l, st)
}

// follow sends what comes until the line, the session or the server ends.
func (s *Server) follow(r *http.Request, c *call, l *line, st *stream) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	key := strings.TrimSpace(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer"))
	for n := 1; ; {
		select {
		case <-r.Context().Done():
			return
		case <-s.shutdown.Done():
			return
		case <-beat.C:
			if n++; n%sessionCheck == 0 && c.token != "" {
				if _, ok, err := (staff.Sessions{Staff: s.Staff}).FindCtx(r.Context(), c.token); err == nil && !ok {
					l.send("event: session\ndata: {}\n\n")
					return
				}
			}
			if !l.send(": \n\n") {
				return
			}
			continue
		case <-st.wake:
		}
		queue, reload, check, ended := st.empty()
		if check {
			now, err := s.still(r.Context(), c, key)
			switch {
			case err != nil || !now.Signed():
				ended = true
			case changedRights(st.who, now):
				st.become(now)
				if !l.send("event: session\ndata: {}\n\n") {
					return
				}
			}
		}
		if ended {
			l.send("event: session\ndata: {}\n\n")
			return
		}
		if reload {
			queue = nil
		}
		if reload && !l.reload() || !l.events(queue) {
			return
		}
	}
}

// empty takes what waits.
func (st *stream) empty() (queue []*event, reload, check, ended bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	queue, reload, check, ended = st.queue, st.reload, st.check, st.ended
	st.queue, st.reload, st.check = nil, false, false
	return queue, reload, check, ended
}

func (st *stream) become(now staff.Actor) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.who = now
}

// still is who the stream belongs to now; nobody, if the session or key is over.
func (s *Server) still(ctx context.Context, c *call, key string) (staff.Actor, error) {
	if c.who.Key != 0 {
		return s.Staff.SignedByKey(ctx, key)
	}
	return s.Staff.Signed(ctx, c.who.Person, c.epoch)
}

func changedRights(a, b staff.Actor) bool {
	if a.Role != b.Role || len(a.Departments) != len(b.Departments) {
		return true
	}
	for k := range a.Departments {
		if a.Departments[k] != b.Departments[k] {
			return true
		}
	}
	return false
}

// resume sends what happened between from and at. Where that can't be had whole any more it says reload.
func (s *Server) resume(ctx context.Context, l *line, st *stream, from string, at journal.Cursor) bool {
	c, err := journal.ParseCursor(from)
	if err != nil || at.Less(c) {
		return l.reload()
	}
	first, err := journal.First(ctx, s.Store)
	if err != nil || c.Less(first) {
		return l.reload()
	}
	for read := 0; c.Less(at); {
		list, err := journal.Read(ctx, s.Store, c, batchOfEntries)
		if err != nil || read > mostResumed {
			return l.reload()
		}
		if len(list) == 0 {
			break
		}
		read += len(list)
		sees, err := s.sees(ctx, list)
		if err != nil {
			return l.reload()
		}
		var events []*event
		for k, e := range list {
			if !at.Less(e.Cursor) && sees(st.who, k) {
				events = append(events, newEvent(e))
			}
		}
		if !l.events(events) {
			return false
		}
		c = list[len(list)-1].Cursor
	}
	return true
}

// slowLine is how long a browser may take to accept what is sent.
const slowLine = 10 * time.Second

// line writes server-sent events.
type line struct {
	w http.ResponseWriter
	c *http.ResponseController
	n int64 // events sent: a gap is seen by the number
	// now is the machine's own time: deadlines of a line know no other.
	now func() time.Time
}

func newLine(w http.ResponseWriter) *line {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{}) // not every writer has one; the server's would end the stream
	return &line{w: w, c: c, now: clock.System()}
}

func (l *line) send(text string) bool { return l.write([]byte(text)) }

func (l *line) reload() bool { return l.send("event: reload\ndata: {}\n\n") }

func (l *line) events(list []*event) bool {
	if len(list) == 0 {
		return true
	}
	b := make([]byte, 0, 200*len(list))
	for _, e := range list {
		if e.cursor != "" {
			l.n++
		}
		b = e.append(b, l.n)
	}
	return l.write(b)
}

// write reports whether the line still stands.
func (l *line) write(b []byte) bool {
	_ = l.c.SetWriteDeadline(l.now().Add(slowLine)) // as above
	_, err := l.w.Write(b)
	return err == nil && l.c.Flush() == nil
}

// documentLive tells the OpenAPI document what huma can't know.
func (s *Server) documentLive(op *huma.Operation) {
	op.Description = "Events carry ids, never text. `hello` {cursor} comes first; `entry` {what, conversation, about, at, seq} for each thing you may hear of; " +
		"`session` {} when your rights have changed or you are signed out; `presence` {conversation} when somebody comes, goes or begins to write there, and `draft` {conversation} when one of your own drafts changed, on whatever device: neither is an entry, and neither is told again; `reload` {} when what you missed can't be told any more: load everything anew. " +
		"Reconnecting with Last-Event-ID goes on where it broke off. seq counts the entries of one connection, so that a gap is seen."
	op.Parameters = append(op.Parameters, &huma.Param{Name: "Last-Event-ID", In: "header", Schema: &huma.Schema{Type: huma.TypeString}, Description: "The id of the last event you had."},
		&huma.Param{Name: "from", In: "query", Schema: &huma.Schema{Type: huma.TypeString}, Description: "The same, where headers can't be set."})
	op.Responses[strconv.Itoa(http.StatusOK)] = &huma.Response{Description: "A stream of events", Content: map[string]*huma.MediaType{
		"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}}
}
