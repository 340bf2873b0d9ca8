package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/writing"
)

// Seer says which entries of the journal somebody may hear of.
type Seer interface {
	// Seen looks up what entries are about, once for all streams. The function it returns asks no database: it reports
	// whether who may know of entries[k]. Entries of no conversation are not its business.
	Seen(ctx context.Context, entries []journal.Entry) (func(who staff.Actor, k int) bool, error)
}

// The figures of the live feed.
const (
	batchOfEntries = 500
	mostQueued     = 1024             // events waiting for one stream, more than two batches: beyond it the stream is told to reload
	mostResumed    = 2000             // entries read back for one that reconnects; beyond it, too
	slowPoll       = 2 * time.Second  // the hub looks by itself this often: a wake-up may be lost
	heartbeat      = 15 * time.Second // keeps proxies from closing a quiet line
	sessionCheck   = 20               // heartbeats between two looks whether the session is still there
	mostStreams    = 20_000
	mostOwnStreams = 200 // of one person
)

// event is an entry as streams send it, made once for all of them: data lacks the stream's own number. Without a cursor it is no
// entry but a murmur, whole as it is.
type event struct {
	cursor string
	data   string
}

// hub reads the journal once and hands each entry to the streams whose people may hear of it.
type hub struct {
	s       *Server
	mu      sync.Mutex
	streams map[*stream]bool
	own     map[staff.PersonID]int
	at      journal.Cursor // everything up to here has been handed out
	running bool
	roster  int64 // the version of the staff the streams were checked against
}

// stream is one open browser. It has no goroutine but its handler's, and a queue that is empty nearly always.
type stream struct {
	wake    chan struct{}
	session string // its name (staff.SessionName); "" with an API key

	mu     sync.Mutex
	who    staff.Actor
	queue  []*event
	reload bool // it fell too far behind
	check  bool // the staff has changed: is who still who they were?
	ended  bool // signed out
}

func (h *hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}

// run reads the journal until ctx ends.
func (h *hub) run(ctx context.Context) {
	news, quiet := h.s.Store.Hear(journal.Topic)
	defer quiet()
	people, unheard := h.s.Store.Hear(staff.Topic)
	defer unheard()
	murmurs, unlistened := h.s.Store.Hear(writing.Topic)
	defer unlistened()
	follower := h.s.Writing.Follow()
	tick := time.NewTicker(slowPoll)
	defer tick.Stop()
	for {
		if err := h.turn(ctx); err != nil && ctx.Err() == nil {
			h.s.Log.Warn("the live feed could not read the journal; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-news:
		case <-people:
		case <-murmurs:
			h.murmur(ctx, follower)
		case <-tick.C:
		}
	}
}

// turn hands out what is new.
func (h *hub) turn(ctx context.Context) error {
	if err := h.begin(ctx); err != nil {
		return err
	}
	h.recheck(ctx)
	for {
		list, err := journal.Read(ctx, h.s.Store, h.at, batchOfEntries) // only this goroutine moves at
		if err != nil || len(list) == 0 {
			return err
		}
		sees, err := h.s.sees(ctx, list)
		if err != nil {
			return err
		}
		h.hand(list, sees)
	}
}

// begin finds the end of the journal, once.
func (h *hub) begin(ctx context.Context) error {
	if h.running {
		return nil
	}
	at, err := journal.Last(ctx, h.s.Store)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at, h.running = at, true
	h.streams, h.own = map[*stream]bool{}, map[staff.PersonID]int{}
	return nil
}

// recheck tells the streams to look whether their people are still who they were, when the staff has changed.
func (h *hub) recheck(ctx context.Context) {
	r, err := h.s.Staff.Roster(ctx)
	if err != nil || r.Version() == h.roster {
		return
	}
	h.roster = r.Version()
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		st.mu.Lock()
		st.check = true
		st.mu.Unlock()
		st.poke()
	}
}

// hand puts entries into the queues of those who may hear of them.
func (h *hub) hand(list []journal.Entry, sees func(staff.Actor, int) bool) {
	events := make([]*event, len(list))
	for k, e := range list {
		events[k] = newEvent(e)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		st.take(list, events, sees)
	}
	h.at = list[len(list)-1].Cursor
}

func (st *stream) take(list []journal.Entry, events []*event, sees func(staff.Actor, int) bool) {
	st.mu.Lock()
	any := false
	for k, e := range list {
		if e.What == journal.PersonSignedOut && st.session != "" && strings.Contains(string(e.Data), `"`+st.session+`"`) {
			st.ended, any = true, true
		}
		if st.reload || !sees(st.who, k) {
			continue
		}
		any = true
		if len(st.queue) >= mostQueued {
			st.queue, st.reload = nil, true
			continue
		}
		st.queue = append(st.queue, events[k])
	}
	st.mu.Unlock()
	if any {
		st.poke()
	}
}

func (st *stream) poke() {
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

// join adds a stream, and says from where on it will hear. The reason is not empty when there is no room.
func (h *hub) join(st *stream) (at journal.Cursor, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !h.running:
		return at, "the live feed is just starting"
	case len(h.streams) >= mostStreams || h.own[st.who.Person] >= mostOwnStreams:
		return at, "too many live feeds are open: close some windows"
	}
	h.streams[st] = true
	h.own[st.who.Person]++
	return h.at, ""
}

func (h *hub) leave(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, st)
	if h.own[st.who.Person]--; h.own[st.who.Person] <= 0 {
		delete(h.own, st.who.Person)
	}
}

// newEvent is e for streams: ids, never text.
func newEvent(e journal.Entry) *event {
	v := struct {
		What         journal.What `json:"what"`
		Conversation id.Of[event] `json:"conversation,omitempty"`
		About        string       `json:"about,omitempty"`
		At           time.Time    `json:"at"`
	}{e.What, id.Of[event](e.Conversation), e.About, e.At}
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("api: an entry does not marshal: %v", err))
	}
	return &event{cursor: e.Cursor.String(), data: string(b[:len(b)-1])}
}

// append writes the event as the n-th of a stream.
func (e *event) append(b []byte, n int64) []byte {
	if e.cursor == "" {
		return append(b, e.data...)
	}
	b = append(append(append(b, "id: "...), e.cursor...), "\nevent: entry\ndata: "...)
	b = append(append(b, e.data...), `,"seq":`...)
	return append(strconv.AppendInt(b, n, 10), "}\n\n"...)
}

// sees returns who may hear of which of the entries.
func (s *Server) sees(ctx context.Context, list []journal.Entry) (func(staff.Actor, int) bool, error) {
	desk := func(staff.Actor, int) bool { return false }
	if s.Seer != nil {
		f, err := s.Seer.Seen(ctx, list)
		if err != nil {
			return nil, err
		}
		desk = f
	}
	return func(who staff.Actor, k int) bool {
		if list[k].Conversation == 0 {
			return seesHouse(who, list[k])
		}
		return desk(who, k)
	}, nil
}

// seesHouse reports whether who may hear of something that is about no conversation: what concerns somebody's way in, they
// themselves and who manages staff; the rest, all but an agency.
func seesHouse(who staff.Actor, e journal.Entry) bool {
	switch e.What {
	case journal.Notified: // ids are in it: who they are of
		return who.Person != 0 && strings.Contains(string(e.Data), `"`+who.Person.String()+`"`)
	case journal.NotifySet, journal.DeviceAdded, journal.DeviceRemoved:
		return who.Person != 0 && e.About == journal.About("person", who.Person)
	case journal.ChatChanged, journal.ChatPaused:
		return who.Can(staff.DepartmentsManage)
	case journal.PersonSignedIn, journal.PersonSignedOut, journal.SignInRefused, journal.PasswordChanged, journal.KeyMade, journal.KeyRevoked,
		journal.PersonInvited, journal.InvitationRevoked, journal.ResetMade:
		return who.Can(staff.StaffManage) || who.Person != 0 && e.Who == who.Who()
	}
	return who.Can(staff.SeePeople)
}
