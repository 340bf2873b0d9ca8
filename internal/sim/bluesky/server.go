// Package bluesky is a stand-in for Bluesky: an account's host, the reading side and the chat service in one, with its own
// record of what the company published and with faults on demand.
//
// It answers as the reference servers were seen to answer: a bad or expired token is a 400, a second record under a taken key
// is a 500, a list of notifications goes by the author's clock where that is behind, and its cursor skips what shares the
// instant where a page ends. It knows the calls that our connector makes and no others. One thing is simpler: a record's
// content hash is taken of JSON, not of CBOR, which nobody can tell who does not hash records himself.
package bluesky

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"switchboard/internal/sim/far"
)

// Server is a network of its own. Make one with New; it is an http.Handler and several goroutines may use it.
type Server struct {
	Record far.Record // what the company's accounts published by the API
	Faults far.Faults

	now  func() time.Time
	base string // our address, for the documents and pictures that name it

	mu       sync.Mutex
	accounts []*account
	posts    map[string]*post // by at-uri
	others   map[string]other // records of kinds that nobody here knows, by at-uri
	notes    []note           // notifications, in the order they came about
	tokens   map[string]*token
	blobs    map[string]blob
	convos   []*convo
	log      []logEntry
	clock    int64 // microseconds of the newest record key
	serial   int
	counts   map[string]int // calls by method, for tests that count
}

type account struct {
	did, handle, name string
	passwords         map[string]bool // password: may read direct messages
	status            string          // "", deactivated, takendown
	labels            []string
	blocks            map[string]bool // by DID
	deaf              bool            // takes no direct messages
	logins            []time.Time
}

type post struct {
	uri, cid, rkey string
	author         *account
	value          map[string]any
	raw            json.RawMessage
	at, sortAt     time.Time
	labels         []string
	closed         bool // nobody may reply
	deleted        bool
}

type note struct {
	to     *account
	post   *post
	reason string
}

type blob struct {
	kind string
	body []byte
}

// New returns an empty network whose clock is now. base is the address under which it will be served, without a path.
func New(base string, now func() time.Time) *Server {
	s := &Server{
		now: now, base: base,
		posts: map[string]*post{}, others: map[string]other{}, tokens: map[string]*token{}, blobs: map[string]blob{}, counts: map[string]int{},
	}
	s.Faults.Class = class
	s.Faults.Usual = map[far.Do]far.Fault{
		far.TooMany:     {Body: []byte(`{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}`)},
		far.TooManyBare: {Body: []byte(`{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}`)},
		far.Unauthorized: {
			Status: 400, Body: []byte(`{"error":"InvalidToken","message":"Token could not be verified"}`),
		},
		far.ServerError: {Body: []byte(`{"error":"InternalServerError","message":"Internal Server Error"}`)},
	}
	return s
}

// class says which calls publish: the others that are a POST only prepare or open a session.
func class(r *http.Request) string {
	switch r.URL.Path {
	case "/xrpc/com.atproto.repo.createRecord", "/xrpc/chat.bsky.convo.sendMessage":
		return far.Send
	case "/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.server.refreshSession":
		return "session"
	case "/xrpc/com.atproto.repo.uploadBlob", "/xrpc/chat.bsky.convo.acceptConvo":
		return "prepare"
	case "/xrpc/com.atproto.repo.deleteRecord":
		return "delete"
	}
	return far.Read
}

// SetBase tells the network the address it is served under, if New could not know it.
func (s *Server) SetBase(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = base
}

// Account adds an account and returns its DID. chat says whether the app password may read direct messages; a call for a
// handle that is there adds another app password to it.
func (s *Server) Account(handle, name, password string, chat bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.person(handle)
	if name != "" {
		a.name = name
	}
	if password != "" {
		a.passwords[password] = chat
	}
	return a.did
}

// Calls returns how often a method was called.
func (s *Server) Calls(nsid string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[nsid]
}

// person returns the account with that handle, made if need be. s.mu is held.
func (s *Server) person(handle string) *account {
	if a := s.find(handle); a != nil {
		return a
	}
	a := &account{
		did: "did:plc:" + base32of("account " + handle)[:24], handle: handle, name: handle,
		passwords: map[string]bool{}, blocks: map[string]bool{},
	}
	s.accounts = append(s.accounts, a)
	return a
}

// find returns the account with that handle or DID, or nil.
func (s *Server) find(who string) *account {
	if k := slices.IndexFunc(s.accounts, func(a *account) bool { return a.handle == who || a.did == who }); k >= 0 {
		return s.accounts[k]
	}
	return nil
}

// SetStatus makes an account "deactivated", "takendown" or "" (active).
func (s *Server) SetStatus(handle, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(handle).status = status
}

// Label puts moderators' labels on an account.
func (s *Server) Label(handle string, labels ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(handle).labels = labels
}

// Block makes one account block another.
func (s *Server) Block(by, of string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(by).blocks[s.person(of).did] = true
}

// NoDirect makes an account take no direct messages.
func (s *Server) NoDirect(handle string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(handle).deaf = true
}

// Expire makes all access tokens of an account run out now; its refresh tokens stay good.
func (s *Server) Expire(handle string) { s.end(handle, false, false) }

// Revoke ends all sessions of an account, and its app passwords too if also is true.
func (s *Server) Revoke(handle string, also bool) { s.end(handle, true, also) }

func (s *Server) end(handle string, refresh, passwords bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.person(handle)
	for _, t := range s.tokens {
		if t.who == a && (refresh || !t.refresh) {
			t.expires = time.Time{}
		}
	}
	if passwords {
		clear(a.passwords)
	}
}

// Alias returns a second name of a token, with the same rights, from which nothing can be read: some hosts' tokens are so.
func (s *Server) Alias(access string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[base32of(access)] = s.tokens[access]
	return base32of(access)
}
