package email

import (
	"bytes"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"switchboard/internal/sim/far"
)

func (s *Server) mailbox() *imapserver.Server {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{imap.CapIMAP4rev1, imap.CapNamespace, imap.CapUIDPlus, imap.CapESearch, imap.CapListExtended,
		imap.CapMove, imap.CapSpecialUse, imap.CapLiteralPlus} {
		caps[c] = struct{}{}
	}
	return imapserver.New(&imapserver.Options{
		Caps:         caps,
		InsecureAuth: true,
		Logger:       log.New(nothing{}, "", 0),
		NewSession: func(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			x := far.Fault{}
			if l, ok := c.NetConn().(*reading); ok {
				x = l.fault
			}
			return &session{server: s, fault: x}, nil, nil
		},
	})
}

// session is a person at the mailbox. It marks the sent folder as such, and refuses as the fault says.
type session struct {
	*imapmemserver.UserSession
	server *Server
	fault  far.Fault
}

func (s *session) Login(name, password string) error {
	switch s.fault.Do {
	case far.Unauthorized:
		return imapserver.ErrAuthFailed
	case far.TooMany, far.TooManyBare:
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeLimit, Text: "Too many connections"}
	case far.ServerError:
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeUnavailable, Text: "Temporary authentication failure"}
	}
	if err := s.server.user.Login(name, password); err != nil {
		return err
	}
	s.UserSession = imapmemserver.NewUserSession(s.server.user)
	return nil
}

func (s *session) Close() error {
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	for _, name := range []string{"Archive", "Drafts", Inbox, Sent} {
		data := &imap.ListData{Mailbox: name, Delim: '/'}
		if name == Sent {
			data.Attrs = []imap.MailboxAttr{imap.MailboxAttrSent}
		}
		if err := w.WriteList(data); err != nil {
			return err
		}
	}
	return nil
}

// Select opens a folder that is not shut.
func (s *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	s.server.mu.Lock()
	shut := name == s.server.shut
	s.server.mu.Unlock()
	if shut {
		return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeNoPerm, Text: "Access denied"}
	}
	return s.UserSession.Select(name, options)
}

// Fetch withholds what is withheld: an answer about several mails breaks off at it, as Dovecot's does.
func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	uids, ok := set.(imap.UIDSet)
	at := s.server.Withheld
	if !ok || at == 0 || len(options.BodySection) == 0 || !uids.Contains(at) {
		return s.UserSession.Fetch(w, set, options)
	}
	if list, ok := uids.Nums(); ok {
		for _, uid := range list {
			if uid == at {
				break
			}
			if err := s.UserSession.Fetch(w, imap.UIDSetNum(uid), options); err != nil {
				return err
			}
		}
	}
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeServerBug, Text: "Internal error occurred"}
}

// listener gives each connection to the mailbox its fault.
type listener struct {
	net.Listener
	server *Server
}

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	x, _ := l.server.Faults.Take(far.Read)
	return &reading{Conn: c, fault: x, left: 1500, idle: !l.server.NoIdle, gone: make(chan struct{})}, nil
}

// reading is a connection to the mailbox that goes wrong as its fault says.
type reading struct {
	net.Conn
	fault far.Fault
	left  int // bytes before CutAnswer cuts
	idle  bool
	once  sync.Once
	gone  chan struct{}
}

func (r *reading) Close() error {
	r.once.Do(func() { close(r.gone) })
	return r.Conn.Close()
}

func (r *reading) Write(b []byte) (int, error) {
	if !r.idle {
		b = bytes.ReplaceAll(b, []byte(" IDLE"), []byte(" X-NO"))
	}
	switch r.fault.Do {
	case far.Hang, far.LateAnswer:
		return len(b), nil
	case far.RefusedClosed, far.LostAnswer:
		return 0, r.Close()
	case far.LostReset:
		return 0, reset(r)
	case far.Html200:
		_, _ = r.Conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Please sign in to the network</h1>\r\n"))
		return 0, r.Close()
	case far.Answer:
		_, _ = r.Conn.Write(r.fault.Body)
		return 0, r.Close()
	case far.Big:
		return r.endless()
	case far.Slow:
		return r.drip(b)
	case far.CutAnswer:
		if len(b) > r.left {
			_, _ = r.Conn.Write(b[:r.left])
			return 0, r.Close()
		}
		r.left -= len(b)
	case far.Garble:
		b = bytes.ReplaceAll(b, []byte(far.Broken), []byte("\xff\xfe\xc3(\xc0\x80\xed\xa0"))
	}
	return r.Conn.Write(b)
}

func (r *reading) endless() (int, error) {
	chunk := bytes.Repeat([]byte("x"), 64<<10)
	_, err := r.Conn.Write([]byte("* OK "))
	for err == nil {
		_, err = r.Conn.Write(chunk)
	}
	return 0, err
}

func (r *reading) drip(b []byte) (int, error) {
	for k := range b {
		if _, err := r.Conn.Write(b[k : k+1]); err != nil {
			return k, err
		}
		select {
		case <-time.After(time.Second):
		case <-r.gone:
			return k, net.ErrClosed
		}
	}
	return len(b), nil
}

func reset(c *reading) error {
	if t, ok := c.Conn.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	return c.Close()
}

type nothing struct{}

func (nothing) Write(b []byte) (int, error) { return len(b), nil }
