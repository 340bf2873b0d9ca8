// Package mastodon is a stand-in for a Mastodon server: the client API, complete and strict enough that clients written by
// others cannot tell. Customers are people of the stand-in; the company speaks to it over HTTP like to any server.
//
// It follows the documentation at docs.joinmastodon.org for Mastodon 4.5, with its limits, its error bodies and its habits
// (ids are opaque strings, streams do not replay, an Idempotency-Key is kept for an hour). With GoToSocial set it has the
// manners of that server instead.
package mastodon

import (
	"encoding/json"
	"hash/fnv"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"

	"switchboard/internal/sim/far"
)

// Options are how a Server differs from the usual. The zero Options is a Mastodon 4.5 at social.example.
type Options struct {
	Now    func() time.Time // nil: the epoch of the ids, standing still; hand in a clock
	Domain string           // "" is social.example
	Base   string           // the address of its web pages; "" is https://Domain
	// GoToSocial gives it that server's manners: ULIDs, no Idempotency-Key, streams by WebSocket only, 400 for what does
	// not validate, 418 without a User-Agent, 5000 characters, addresses counted as 25, no notification policy.
	GoToSocial bool
	// Old takes away what came with 4.3 and later: policy, requests, statuses?id[], instance v2's api_versions, PKCE.
	Old bool

	MaxChars    int           // 0: 500, or 5000 with GoToSocial
	MaxMedia    int           // 0: 4
	ImageSize   int64         // 0: 16 MB
	RateLimit   int           // calls an account may make in five minutes; 0: 300, negative: no limit
	MediaBusy   int           // how often an upload is asked for before it is ready
	NoWebSocket bool          // streaming by SSE only
	NoSSE       bool          // streaming by WebSocket only
	Heartbeat   time.Duration // 0: 15 s
	Deaf        time.Duration // how long after its stream was opened a client is not yet told anything
}

// Server is a stand-in. Its methods may be called by several goroutines while it serves.
type Server struct {
	Record far.Record // what was published through the API
	Faults far.Faults

	o       Options
	handler http.Handler
	salt    uint16 // of the ids

	mu            sync.Mutex
	last          int64 // the last id made, in time order
	serial        int64 // of notifications and conversations
	accounts      []*account
	accountBy     map[string]*account // by "id:" and id, and by acct in lower case
	follows       map[[2]string]bool  // follower, followed
	statuses      []*status           // oldest first
	byID          map[string]*status
	media         map[string]*media
	apps          map[string]*app
	codes         map[string]*grant
	tokens        map[string]*token
	once          map[string]taken // by account and Idempotency-Key
	notes         map[string][]*note
	policies      map[string]policy
	conversations map[string][]*conversation
	windows       map[string]*window
	lines         map[*line]bool
}

// New returns a Server with nobody on it.
func New(o Options) *Server {
	if o.Domain == "" {
		o.Domain = "social.example"
	}
	if o.Base == "" {
		o.Base = "https://" + o.Domain
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Date(2026, 10, 8, 9, 0, 0, 0, time.UTC) }
	}
	if o.GoToSocial {
		o.NoSSE, o.Old = true, true
	}
	if o.MaxChars == 0 {
		o.MaxChars = 500
		if o.GoToSocial {
			o.MaxChars = 5000
		}
	}
	if o.MaxMedia == 0 {
		o.MaxMedia = 4
	}
	if o.ImageSize == 0 {
		o.ImageSize = 16 << 20
	}
	if o.RateLimit == 0 {
		o.RateLimit = 300
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 15 * time.Second
	}
	s := &Server{o: o, accountBy: map[string]*account{}, follows: map[[2]string]bool{}, byID: map[string]*status{}, media: map[string]*media{},
		apps: map[string]*app{}, codes: map[string]*grant{}, tokens: map[string]*token{}, once: map[string]taken{},
		notes: map[string][]*note{}, policies: map[string]policy{}, conversations: map[string][]*conversation{},
		windows: map[string]*window{}, lines: map[*line]bool{}}
	s.Faults.Class = class
	name := fnv.New32a()
	_, _ = name.Write([]byte(o.Domain))
	s.salt = uint16(name.Sum32() & math.MaxUint16)
	if o.GoToSocial {
		s.Faults.Usual = map[far.Do]far.Fault{far.Unauthorized: {Body: []byte(`{"error":"Unauthorized: token not recognized"}`)}}
	}
	s.handler = s.front(s.Faults.Middleware(s.routes()))
	return s
}

// Handler serves the API and the few web pages there are.
func (s *Server) Handler() http.Handler { return s.handler }

// class tells the faults what a call is: only what makes, changes or takes back a status is "send".
func class(r *http.Request) string {
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/v1/streaming"):
		return far.Stream
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return far.Read
	case strings.HasPrefix(r.URL.Path, "/api/v1/statuses"):
		return far.Send
	case strings.HasSuffix(r.URL.Path, "/media") || strings.Contains(r.URL.Path, "/media/"):
		return "media"
	}
	return "write"
}

// front is what every call passes: the server's own clock, GoToSocial's dislike of nameless clients, paths with a slash too many.
func (s *Server) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.o.Now().UTC().Format(http.TimeFormat))
		if s.o.GoToSocial && r.UserAgent() == "" {
			answer(w, http.StatusTeapot, failure{Error: "I'm a teapot: no user-agent sent with request"})
			return
		}
		if p := r.URL.Path; len(p) > 1 && strings.HasSuffix(p, "/") { // Rails does not mind a slash at the end
			r = r.Clone(r.Context())
			r.URL.Path = strings.TrimRight(p, "/")
		}
		next.ServeHTTP(w, r)
	})
}

// failure is an error as the API words it.
type failure struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *Server) routes() http.Handler {
	m := http.NewServeMux()
	pages(s, m)
	oauth(s, m)
	for _, r := range s.table() {
		m.HandleFunc(r.method+" "+r.path, s.api(r))
	}
	streaming(s, m)
	m.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { answer(w, 404, failure{Error: "Not Found"}) })
	return m
}

// route is one call of the API.
type route struct {
	method, path string
	scope        string // what the token must allow; "" is nothing, "?" is nothing, but a token counts when there is one
	do           func(*call) (int, any)
}

// table is the API. New calls are added here and nowhere else.
func (s *Server) table() []route {
	list := []route{
		{"GET", "/api/v1/instance", "", s.instanceV1},
		{"GET", "/api/v2/instance", "", s.instanceV2},
		{"GET", "/api/v1/custom_emojis", "", emptyList},
		{"POST", "/api/v1/apps", "", s.register},
		{"GET", "/api/v1/apps/verify_credentials", "read:accounts", s.appCredentials},
		{"GET", "/api/v1/accounts/verify_credentials", "read:accounts|profile", s.verify},
		{"GET", "/api/v1/accounts/lookup", "?", s.lookup},
		{"GET", "/api/v1/accounts/search", "read:accounts", s.findAccounts},
		{"GET", "/api/v1/accounts/relationships", "read:follows", s.relationships},
		{"GET", "/api/v1/accounts/{id}", "?", s.account},
		{"GET", "/api/v1/accounts/{id}/statuses", "?", s.accountStatuses},
		{"GET", "/api/v1/accounts/{id}/followers", "?", s.followers},
		{"GET", "/api/v1/accounts/{id}/following", "?", s.following},
		{"POST", "/api/v1/accounts/{id}/follow", "write:follows", s.follow},
		{"POST", "/api/v1/accounts/{id}/unfollow", "write:follows", s.unfollow},
		{"POST", "/api/v1/statuses", "write:statuses", s.post},
		{"GET", "/api/v1/statuses/{id}", "?", s.show},
		{"PUT", "/api/v1/statuses/{id}", "write:statuses", s.change},
		{"DELETE", "/api/v1/statuses/{id}", "write:statuses", s.remove},
		{"GET", "/api/v1/statuses/{id}/context", "?", s.context},
		{"GET", "/api/v1/statuses/{id}/source", "read:statuses", s.source},
		{"GET", "/api/v1/statuses/{id}/history", "?", s.history},
		{"GET", "/api/v1/statuses/{id}/favourited_by", "?", s.favouritedBy},
		{"GET", "/api/v1/statuses/{id}/reblogged_by", "?", s.rebloggedBy},
		{"POST", "/api/v1/statuses/{id}/favourite", "write:favourites", s.favourite},
		{"POST", "/api/v1/statuses/{id}/unfavourite", "write:favourites", s.unfavourite},
		{"POST", "/api/v1/statuses/{id}/reblog", "write:statuses", s.reblog},
		{"POST", "/api/v1/statuses/{id}/unreblog", "write:statuses", s.unreblog},
		{"POST", "/api/v1/media", "write:media", s.uploadV1},
		{"POST", "/api/v2/media", "write:media", s.uploadV2},
		{"GET", "/api/v1/media/{id}", "write:media", s.upload},
		{"PUT", "/api/v1/media/{id}", "write:media", s.describe},
		{"GET", "/api/v1/notifications", "read:notifications", s.notifications},
		{"GET", "/api/v1/notifications/{id}", "read:notifications", s.notification},
		{"POST", "/api/v1/notifications/clear", "write:notifications", s.clearNotifications},
		{"POST", "/api/v1/notifications/{id}/dismiss", "write:notifications", s.dismiss},
		{"GET", "/api/v1/conversations", "read:statuses", s.listConversations},
		{"POST", "/api/v1/conversations/{id}/read", "write:conversations", s.readConversation},
		{"GET", "/api/v1/timelines/home", "read:statuses", s.home},
		{"GET", "/api/v1/timelines/public", "?", s.public},
		{"GET", "/api/v1/timelines/tag/{tag}", "?", s.tag},
		{"GET", "/api/v2/search", "read:search", s.search},
		{"GET", "/api/v1/filters", "read:filters", emptyList},
		{"GET", "/api/v1/bookmarks", "read:bookmarks", emptyList},
		{"GET", "/api/v1/lists", "read:lists", emptyList},
		{"GET", "/api/v1/announcements", "read", emptyList},
	}
	if s.o.Old {
		return list
	}
	return append(list,
		route{"GET", "/api/v1/statuses", "?", s.several},
		route{"GET", "/api/v2/notifications/policy", "read:notifications", s.policy},
		route{"PATCH", "/api/v2/notifications/policy", "write:notifications", s.setPolicy},
		route{"GET", "/api/v1/notifications/requests", "read:notifications", s.requests},
		route{"GET", "/api/v1/notifications/requests/merged", "read:notifications",
			func(*call) (int, any) { return 200, map[string]bool{"merged": true} }},
		route{"GET", "/api/v1/notifications/requests/{id}", "read:notifications", s.request},
		route{"POST", "/api/v1/notifications/requests/{id}/accept", "write:notifications", s.acceptRequest},
		route{"POST", "/api/v1/notifications/requests/{id}/dismiss", "write:notifications", s.dismissRequest})
}

func emptyList(*call) (int, any) { return 200, []any{} }
