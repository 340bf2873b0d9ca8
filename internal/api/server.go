package api

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/account"
	"switchboard/internal/advice"
	"switchboard/internal/board"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/insight"
	"switchboard/internal/intake"
	"switchboard/internal/library"
	"switchboard/internal/mail"
	"switchboard/internal/notify"
	"switchboard/internal/policy"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
	"switchboard/internal/writing"
)

// Server answers HTTP. Set the exported fields before the first call of Handler.
type Server struct {
	Store    *store.Store
	Staff    *staff.Staff
	Book     *account.Book
	Desk     *desk.Desk
	Delivery *delivery.Service
	Intake   *intake.Intake
	Brain    *intake.Brain
	Policy   *policy.Policy
	Topics   *topic.Book
	Library  *library.Book
	Insight  *insight.Insight
	Contacts *contact.Book
	Advice   *advice.Advice
	Mail     *mail.House
	Bell     *notify.Bell
	Writing  *writing.Book
	Links    *writing.Links
	Board    *board.Board
	Now      func() time.Time
	Log      *slog.Logger
	Version  string
	Demo     bool // anybody may go in as anybody: never set but by the demo

	// Stopped reports whether everything is stopped; nil: never.
	Stopped func(ctx context.Context) (bool, error)
	// Loads returns how many open conversations each person holds and how many each department has that nobody of it holds.
	Loads func(ctx context.Context) (map[staff.PersonID]int, map[staff.DepartmentID]int, error)
	// Seer says which journal entries somebody may hear of; nil: none about conversations.
	Seer Seer
	// Proxies are whose X-Forwarded headers count. Nobody else's do.
	Proxies []netip.Prefix
	// UI is the built web UI; nil: the one inside the program.
	UI fs.FS
	// Outside fetches pictures and files from outside for browsers: the guarded client. Nil: none are fetched.
	Outside *http.Client
	// Mounts are handlers for paths outside /api ; they see the request's headers checked but nobody signed in.
	Mounts map[string]http.Handler
	// Observe hears of each call but the live feed's: the pattern of its route ("-" for what is no route), the status, and how
	// long it took. It may be nil, and must return at once.
	Observe func(method, route string, status int, took time.Duration)

	patience   time.Duration // of a repeat for the first; tests have little
	once       sync.Once
	aheadPages aheadPages
	handler    http.Handler
	api        huma.API
	list       []*Route
	plain      *scs.SessionManager
	secure     *scs.SessionManager
	limits     limits
	hub        hub
	shutdown   context.Context
	stop       context.CancelFunc
}

// Most is how large a request's body may be where a route does not say otherwise.
const mostBody = 1 << 20

// Handler returns what answers every request.
func (s *Server) Handler() http.Handler {
	s.once.Do(s.build)
	return s.handler
}

func (s *Server) build() {
	if s.Log == nil {
		s.Log = slog.Default()
	}
	s.plain, s.secure = s.sessions("switchboard"), s.sessions("__Host-switchboard")
	s.shutdown, s.stop = context.WithCancel(context.Background())
	s.hub.s = s
	mux := http.NewServeMux()
	s.register(mux)
	s.mountRest(mux)
	s.handler = s.headers(compressed(s.proxied(s.logged(s.sameOrigin(mux)))))
}

// Streams returns how many browsers hear the live feed from this node.
func (s *Server) Streams() int { return s.hub.count() }

// Run keeps the live feed going and removes what has had its time, until ctx ends. It also ends the streams then.
func (s *Server) Run(ctx context.Context) {
	s.once.Do(s.build)
	var all sync.WaitGroup
	all.Go(func() { s.hub.run(ctx) })
	all.Go(func() { s.tidy(ctx) })
	<-ctx.Done()
	s.stop()
	all.Wait()
}

// Serve answers on l until ctx ends; then it lets calls under way end for a few seconds.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute, // an upload over a slow line
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	done := make(chan error, 1)
	go func() { done <- h.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	s.stop()
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := h.Shutdown(wait); err != nil {
		return h.Close()
	}
	return nil
}

// tidy removes kept answers after a day, and who was where.
func (s *Server) tidy(ctx context.Context) {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.Writing.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("who was where could not be forgotten", "error", err)
		}
		if err := forgetAnswers(ctx, s.Store, s.Now().Add(-24*time.Hour)); err != nil && ctx.Err() == nil {
			s.Log.Warn("kept answers could not be removed", "error", err)
		}
	}
}

// sessions is made by hand: scs.New comes with a store that sweeps in the background for ever. Its two managers know their
// data by the same key of a context, which is all right as a call uses one of them.
func (s *Server) sessions(cookie string) *scs.SessionManager {
	return &scs.SessionManager{Store: staff.Sessions{Staff: s.Staff}, Lifetime: staff.SessionLife, Codec: scs.GobCodec{}, Cookie: scs.SessionCookie{Name: cookie}}
}

// loads is Loads, or nothing.
func (s *Server) loads(ctx context.Context) (map[staff.PersonID]int, map[staff.DepartmentID]int, error) {
	if s.Loads == nil {
		return nil, nil, nil
	}
	return s.Loads(ctx)
}
