// Package email is a stand-in for a mail provider: a mailbox that is read by IMAP, a server that takes mail by SMTP, and a
// record of every mail it took. Both speak plain text on loopback, and go wrong on demand.
package email

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"

	"switchboard/internal/sim/far"
)

// Server is a provider with one mailbox of the company's. Set its fields, then Start it.
type Server struct {
	Address  string // of the mailbox, and its login name; "help@acme.example" if empty
	Password string // "secret" if empty
	// KeepsCopies makes it put what is sent through it into the sent folder by itself, as the large providers do.
	KeepsCopies bool
	Unknown     []string         // addresses that the post knows nobody at
	Busy        []string         // addresses for which the post takes nothing now
	NoIdle      bool             // it has no IDLE
	Renames     bool             // what it sends to itself arrives under an id of its own, as with some that send for others
	Loses       bool             // what it sends to itself never arrives
	Withheld    imap.UID         // of the inbox: a mail that it lists and does not hand out, as a damaged store does
	Now         func() time.Time // the clock by which mails arrive

	Record far.Record // what it took
	Faults far.Faults // Read: the mailbox, a connection a call; Send: the post, a connection a call

	user *imapmemserver.User
	imap *imapserver.Server
	smtp *smtp.Server
	at   struct{ imap, smtp int } // ports
	mu   sync.Mutex
	box  []kept // the inbox, for Renumber
	sent [][]byte
	shut string // a folder
}

type kept struct {
	raw []byte
	at  time.Time
}

// Inbox and Sent are the folders of the mailbox.
const (
	Inbox = "INBOX"
	Sent  = "Sent messages"
)

// Start opens the doors. Close must be called.
func (s *Server) Start() error {
	s.Address, s.Password = cmp.Or(s.Address, "help@acme.example"), cmp.Or(s.Password, "secret")
	s.user = imapmemserver.NewUser(s.Address, s.Password)
	for _, folder := range []string{Inbox, Sent, "Drafts", "Archive"} {
		if err := s.user.Create(folder, nil); err != nil {
			return err
		}
	}
	inbox, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	post, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		_ = inbox.Close()
		return err
	}
	s.at.imap, s.at.smtp = inbox.Addr().(*net.TCPAddr).Port, post.Addr().(*net.TCPAddr).Port
	s.imap = s.mailbox()
	s.smtp = s.post()
	go func() { _ = s.imap.Serve(listener{inbox, s}) }()
	go func() { _ = s.smtp.Serve(post) }()
	return nil
}

// Close shuts the doors and ends all connections.
func (s *Server) Close() error {
	_ = s.smtp.Close()
	return s.imap.Close()
}

// Settings are what the e-mail connector is opened with to use this provider.
func (s *Server) Settings() json.RawMessage {
	copies := "save"
	if s.KeepsCopies {
		copies = "server"
	}
	b, _ := json.Marshal(map[string]any{
		"address": s.Address, "name": "ACME Help", "password": s.Password, "plain": true, "copies": copies,
		"imap_host": "127.0.0.1", "imap_port": s.at.imap, "imap_security": "plain",
		"smtp_host": "127.0.0.1", "smtp_port": strconv.Itoa(s.at.smtp), "smtp_security": "plain",
	})
	return b
}

// Taken returns the mails it took to send, as they came, the first first.
func (s *Server) Taken() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Deliver puts a mail into the inbox, as it is.
func (s *Server) Deliver(raw []byte) error {
	at := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.box = append(s.box, kept{raw, at})
	return s.put(Inbox, raw, at)
}

// Shut makes it list a folder and let nobody open it; "" opens all again.
func (s *Server) Shut(folder string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = folder
}

// KeepSent puts a mail into the sent folder, as a person's mail program does.
func (s *Server) KeepSent(raw []byte) error { return s.put(Sent, raw, s.Now()) }

func (s *Server) put(folder string, raw []byte, at time.Time) error {
	_, err := s.user.Append(folder, literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at})
	return err
}

// Renumber gives the inbox another UIDVALIDITY and other uids, as a restored or moved mailbox has. first mails come before
// all others, so that no uid stays what it was.
func (s *Server) Renumber(first ...[]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.user.Delete(Inbox); err != nil {
		return err
	}
	if err := s.user.Create(Inbox, nil); err != nil {
		return err
	}
	old := s.box
	s.box = nil
	for _, raw := range first {
		s.box = append(s.box, kept{raw, s.Now()})
	}
	s.box = append(s.box, old...)
	for _, m := range s.box {
		if err := s.put(Inbox, m.raw, m.at); err != nil {
			return err
		}
	}
	return nil
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return int64(l.Len()) }
