package mastodon

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"

	"switchboard/internal/sim/far"
)

// line is an open stream: of one client, over WebSocket or SSE. What happens while nobody listens is never sent again.
type line struct {
	me    *account
	topic map[string]bool // "user", "public", "hashtag:cats"
	out   chan frame
	cut   chan struct{} // closed: the server hangs up
}

// frame is one event on its way to a client.
type frame struct {
	Stream  []string `json:"stream"`
	Event   string   `json:"event"`
	Payload string   `json:"payload,omitempty"`
}

func streaming(s *Server, m *http.ServeMux) {
	m.HandleFunc("GET /api/v1/streaming/health", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "OK") })
	m.HandleFunc("GET /api/v1/streaming", s.socket)
	m.HandleFunc("GET /api/v1/streaming/{path...}", s.events)
}

// CutStreams hangs up on everybody who listens. It returns how many were.
func (s *Server) CutStreams() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.lines)
	for l := range s.lines {
		s.hangUp(l)
	}
	return n
}

// Listening returns how many streams are open.
func (s *Server) Listening() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.lines)
}

func (s *Server) hangUp(l *line) {
	if s.lines[l] {
		delete(s.lines, l)
		close(l.cut)
	}
}

// listener opens a line for whoever calls, or says why not.
func (s *Server) listener(r *http.Request, topic string) (*line, int, string) {
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		bearer = r.URL.Query().Get("access_token")
	}
	if bearer == "" {
		bearer = r.Header.Get("Sec-WebSocket-Protocol")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tokens[bearer]
	switch {
	case bearer == "":
		return nil, 401, "Missing access token"
	case t == nil || t.revoked || t.account == nil || t.account.suspended:
		return nil, 401, "Invalid access token"
	case !t.allows("read:statuses|read:notifications"):
		return nil, 401, "Access token does not cover required scopes"
	}
	l := &line{me: t.account, topic: map[string]bool{}, out: make(chan frame, 4096), cut: make(chan struct{})}
	s.lines[l] = true
	switch {
	case topic == "":
	case s.o.Deaf > 0:
		time.AfterFunc(s.o.Deaf, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			l.topic[topic] = true
		})
	default:
		l.topic[topic] = true
	}
	return l, 0, ""
}

// topicOf is what a stream's name and parameters ask for; "" is nothing known.
func topicOf(name, tag, list string) string {
	switch name {
	case "user", "user:notification", "public", "public:local", "public:remote", "direct":
		return name
	case "hashtag", "hashtag:local":
		if tag != "" {
			return "hashtag:" + strings.ToLower(tag)
		}
	case "list":
		if list != "" {
			return "list:" + list
		}
	}
	return ""
}

// events is streaming by SSE.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	if s.o.NoSSE {
		answer(w, 400, failure{Error: "Bad Request: websocket: the client is not using the websocket protocol"})
		return
	}
	name := strings.ReplaceAll(r.PathValue("path"), "/", ":")
	topic := topicOf(name, r.URL.Query().Get("tag"), r.URL.Query().Get("list"))
	if topic == "" {
		answer(w, 400, failure{Error: "Unknown channel requested"})
		return
	}
	l, status, why := s.listener(r, topic)
	if l == nil {
		answer(w, status, failure{Error: why})
		return
	}
	defer s.close(l)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w).Flush
	write := func(text string) error {
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		return flush()
	}
	if write(":)\n") != nil {
		return
	}
	s.pump(l, r.Context().Done(), func() error { return write(":thump\n") }, func(f frame) error {
		if f.Payload == "" {
			f.Payload = "undefined"
		}
		return write("event: " + f.Event + "\ndata: " + f.Payload + "\n\n")
	})
}

func (s *Server) close(l *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangUp(l)
}

// pump writes what comes for l until it is cut, its client goes or writing fails.
func (s *Server) pump(l *line, done <-chan struct{}, thump func() error, write func(frame) error) {
	beat := time.NewTicker(s.o.Heartbeat)
	defer beat.Stop()
	for {
		var batch []frame
		select {
		case <-done:
			return
		case <-l.cut:
			return
		case <-beat.C:
			if thump() != nil {
				return
			}
			continue
		case f := <-l.out:
			batch = append(batch, f)
		}
		if s.Faults.Has(far.Reorder) {
			time.Sleep(20 * time.Millisecond) // something to shuffle it with
			for len(l.out) > 0 {
				batch = append(batch, <-l.out)
			}
		}
		for _, f := range far.Disturb(&s.Faults, batch) {
			if write(f) != nil {
				return
			}
		}
	}
}

// socket is streaming by WebSocket.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	if s.o.NoWebSocket || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		status := 404
		if s.o.GoToSocial {
			status = 400
		}
		answer(w, status, failure{Error: "Not Found"})
		return
	}
	q := r.URL.Query()
	topic := topicOf(q.Get("stream"), q.Get("tag"), q.Get("list"))
	l, status, why := s.listener(r, topic)
	if l == nil {
		answer(w, status, failure{Error: why})
		return
	}
	defer s.close(l)
	o := &websocket.AcceptOptions{InsecureSkipVerify: true}
	if p := r.Header.Get("Sec-WebSocket-Protocol"); p != "" {
		o.Subprotocols = []string{p}
	}
	c, err := websocket.Accept(w, r, o)
	if err != nil {
		return
	}
	defer func() { _ = c.CloseNow() }()
	if q.Get("stream") != "" && topic == "" {
		_ = c.Write(r.Context(), websocket.MessageText, []byte(`{"error":"Unknown stream type","status":400}`))
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		s.obey(r, c, l)
	}()
	s.pump(l, gone, func() error { return c.Ping(r.Context()) }, func(f frame) error {
		b, _ := json.Marshal(f)
		return c.Write(r.Context(), websocket.MessageText, b)
	})
}

// obey takes subscriptions from a client until it goes.
func (s *Server) obey(r *http.Request, c *websocket.Conn, l *line) {
	for {
		_, b, err := c.Read(r.Context())
		if err != nil {
			return
		}
		var in struct{ Type, Stream, Tag, List string }
		_ = json.Unmarshal(b, &in)
		topic := topicOf(in.Stream, in.Tag, in.List)
		s.mu.Lock()
		switch {
		case topic == "":
		case in.Type == "subscribe":
			l.topic[topic] = true
		case in.Type == "unsubscribe":
			delete(l.topic, topic)
		}
		s.mu.Unlock()
		if topic == "" {
			_ = c.Write(r.Context(), websocket.MessageText, []byte(`{"error":"Unknown stream type","status":400}`))
		}
	}
}

// send puts an event on one person's streams of a topic. A client too slow to take it is hung up on.
func (s *Server) send(me *account, topic, event, payload string) {
	for l := range s.lines {
		if l.me == me && l.topic[topic] {
			s.put(l, topic, event, payload)
		}
	}
}

func (s *Server) put(l *line, topic, event, payload string) {
	stream := []string{topic}
	if strings.HasPrefix(topic, "hashtag:") || strings.HasPrefix(topic, "list:") {
		stream = strings.SplitN(topic, ":", 2)
	}
	select {
	case l.out <- frame{Stream: stream, Event: event, Payload: payload}:
	default:
		s.hangUp(l)
	}
}

func (s *Server) listens(me *account) bool {
	for l := range s.lines {
		if l.me == me {
			return true
		}
	}
	return false
}

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// tell sends a status to the home streams of people.
func (s *Server) tell(people []*account, event string, st *status) {
	for _, a := range people {
		if s.listens(a) {
			s.send(a, "user", event, text(s.statusJSON(a, st)))
		}
	}
}

// tellPublic sends a public status to the public streams it belongs to.
func (s *Server) tellPublic(event string, st *status) {
	if st.visibility != "public" || st.boost != nil || len(s.lines) == 0 {
		return
	}
	topics := []string{"public"}
	if st.by.host == "" {
		topics = append(topics, "public:local")
	} else {
		topics = append(topics, "public:remote")
	}
	for _, t := range st.w.tags {
		topics = append(topics, "hashtag:"+strings.ToLower(t))
	}
	for l := range s.lines {
		for _, t := range topics {
			if l.topic[t] {
				s.put(l, t, event, text(s.statusJSON(l.me, st)))
			}
		}
	}
}

// tellNote sends a notification.
func (s *Server) tellNote(a *account, n *note) {
	if s.listens(a) {
		body := text(s.noteJSON(a, n))
		s.send(a, "user", "notification", body)
		s.send(a, "user:notification", "notification", body)
	}
}

// tellDelete tells people, each once, that a status is gone. The payload is the bare id.
func (s *Server) tellDelete(people []*account, st *status) {
	var told []*account
	for _, a := range people {
		if !slices.Contains(told, a) {
			told = append(told, a)
			s.send(a, "user", "delete", st.id)
		}
	}
}

func (s *Server) tellConversation(me *account, t *conversation) {
	if s.listens(me) {
		s.send(me, "direct", "conversation", text(s.conversationJSON(me, t)))
	}
}
