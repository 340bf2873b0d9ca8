// Package email speaks to a mailbox: it reads by IMAP, writes by SMTP submission, and needs no public address of its own.
//
// What a mail says of itself is hearsay. Only three things are believed: what lies in our own sent folder, the ids we
// signed (token.go), and the verdict of the receiving server that the settings name (Authentication-Results). The sender's
// address, References and everything else can be made up by anybody; what is odd about them is told in Message.Doubts.
//
// A message's RemoteID is its Message-ID and a short hash of what it says, for strangers may use one id twice; a message of
// ours is known by its Message-ID alone, so that the copy in the sent folder and the receipt of the sending are one.
package email

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"

	"switchboard/internal/channel"
)

type connector struct {
	net channel.Net
	rules
}

// rules are what the tests turn.
type rules struct {
	roots    *x509.CertPool // nil: the system's
	patience time.Duration  // the longest silence of a server that is to answer
	most     time.Duration  // the longest call
	scan     time.Duration  // the longest silence of a server that has a whole mail and looks whether it likes it (RFC 5321, 4.5.3.2.6, allows it far more)
	long     time.Duration  // the longest sending of a mail
	renew    time.Duration  // how long one IDLE lasts
	poll     time.Duration  // between two looks where there is no IDLE
	looks    int            // how often Find looks before it says no
	pause    time.Duration  // between two looks of Find
	returns  int            // how often Test looks whether its mail came back
}

// New returns the e-mail connector. All its connections are made by n.Dial.
func New(n channel.Net) channel.Connector {
	return connector{n, rules{
		patience: 20 * time.Second,
		most:     50 * time.Second,
		scan:     35 * time.Second,
		long:     100 * time.Second,
		renew:    10 * time.Minute, // servers allow 29, home routers forget a silent connection sooner
		poll:     time.Minute,
		looks:    3,
		pause:    2 * time.Second,
		returns:  10,
	}}
}

func (connector) About() channel.About {
	security := []string{"tls", "starttls", "plain"}
	return channel.About{
		Name:    "email",
		Title:   "E-mail",
		Summary: "A mailbox, read by IMAP and answered by SMTP.",
		Help: "Your mail provider's help pages list the names of its IMAP and SMTP servers.\n" +
			"If signing in to the mailbox needs a second factor, make an app password there and use it here.\n" +
			"Give Switchboard a mailbox of its own or a shared one; it never marks a message as read and deletes none.",
		Settings: []channel.Setting{
			{Name: "address", Title: "Address", Kind: "text", Required: true, Help: "press@acme.example"},
			{Name: "name", Title: "Name of the sender", Kind: "text", Help: "what people see beside the address"},
			{Name: "imap_host", Title: "IMAP server", Kind: "text", Required: true, Server: true},
			{Name: "imap_port", Title: "IMAP port", Kind: "number", Default: "993", Server: true},
			{Name: "imap_security", Title: "IMAP encryption", Kind: "choice", Default: "tls", Choices: security, Server: true},
			{Name: "smtp_host", Title: "SMTP server", Kind: "text", Required: true, Server: true},
			{Name: "smtp_port", Title: "SMTP port", Kind: "number", Default: "465", Server: true},
			{Name: "smtp_security", Title: "SMTP encryption", Kind: "choice", Default: "tls", Choices: security, Server: true},
			{Name: "login", Title: "Login name", Kind: "text", Server: true, Help: "if it is not the address"},
			{Name: "password", Title: "Password", Kind: "secret", Required: true},
			{Name: "plain", Title: "Send the password unencrypted", Kind: "bool", Default: "false", Server: true,
				Help: "only ever to a mail server on this same machine"},
			{Name: "copies", Title: "Copies of what we send", Kind: "choice", Default: "save", Choices: []string{"save", "server", "none"},
				Help: "save: Switchboard puts a copy into the sent folder. server: the provider does so by itself (Gmail, Microsoft 365). none: no copies"},
			{Name: "sent_folder", Title: "Sent folder", Kind: "text", Help: "found by itself if left empty"},
			{Name: "reply_to", Title: "Answers go to", Kind: "text", Help: "if not to the address"},
			{Name: "aliases", Title: "Further addresses of this mailbox", Kind: "text", Help: "with commas between them"},
			{Name: "authserv_id", Title: "Name of the server that checks senders", Kind: "text",
				Help: "the first word of the Authentication-Results that your provider adds; without it nothing is said of SPF, DKIM and DMARC"},
		},
	}
}

func (k connector) Open(o channel.Opening) (channel.Conn, error) {
	s, err := read(o.Settings)
	if err != nil {
		return nil, err
	}
	key, err := s.signingKey(o)
	if err != nil {
		return nil, err
	}
	return &conn{
		rules:  k.rules,
		net:    k.net,
		s:      s,
		tokens: newTokens(key, s.Address),
		now:    o.Now,
		log:    cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
	}, nil
}

// conn is a mailbox. Each call makes a connection of its own and ends it: a connection kept would outlive the permission
// (the gate of the context) it was made under.
type conn struct {
	rules
	net    channel.Net
	s      settings
	tokens tokens
	now    func() time.Time
	log    *slog.Logger
	half   atomic.Pointer[half]
	shut   atomic.Bool // the log was told that the sent folder can't be read
}

var _ interface {
	channel.Conn
	channel.Fetcher
	channel.Streamer
	channel.Sociable
	channel.Publisher
	channel.Finder
	channel.Submitter
	channel.Tester
} = (*conn)(nil)

// Submission is the mailbox's way out, for the house's own mail.
func (c *conn) Submission() channel.Submission {
	s := &c.s
	return channel.Submission{Host: s.SMTPHost, Port: int(s.SMTPPort), Security: s.SMTPSecurity, Login: s.Login, Password: func() string { return s.Password },
		Address: s.Address, Name: s.Name}
}

// Close has nothing to let go of.
func (c *conn) Close() error { return nil }

// Check signs in to both servers and sends nothing.
func (c *conn) Check(ctx context.Context) (channel.Profile, error) {
	ctx, stop := context.WithTimeout(ctx, c.most)
	defer stop()
	box, err := c.mailbox(ctx, nil)
	if err != nil {
		return channel.Profile{}, err
	}
	defer box.close()
	if _, err := box.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return channel.Profile{}, c.imapTrouble(ctx, "opening the inbox", err)
	}
	f, err := c.folders(ctx, box)
	if err != nil {
		return channel.Profile{}, err
	}
	var shut error
	if f.sent != "" {
		if _, shut = box.Select(f.sent, &imap.SelectOptions{ReadOnly: true}).Wait(); shut != nil && !refused(shut) {
			return channel.Profile{}, c.imapTrouble(ctx, "opening the sent folder", shut)
		}
	}
	post, err := c.submission(ctx)
	if err != nil {
		return channel.Profile{}, err
	}
	defer post.close()

	p := channel.Profile{RemoteID: c.s.Address, Handle: c.s.Address, Name: c.s.Name, Limits: limits(), MaySpeak: true}
	if most, ok := post.MaxMessageSize(); ok && most > 0 {
		p.Limits.MediaSize = min(p.Limits.MediaSize, int64(most)/4*3) // base64 makes three bytes four
	}
	if f.sent == "" && c.s.Copies != "none" {
		p.Note = "No sent folder was found: copies of what is sent are not kept, and after a lost connection nobody can tell " +
			"whether a message went out. Name the folder in the settings."
	}
	var no *imap.Error
	if errors.As(shut, &no) {
		p.Note = "The sent folder " + f.sent + " can't be read" + said(no.Text) + ": what is answered from another program is not seen here. " +
			"Let this login read it at your provider, or name another folder in the settings."
	}
	return p, nil
}

func limits() channel.Limits {
	return channel.Limits{Unit: "graphemes", Media: 20, MediaSize: 15 << 20, Alt: 500}
}

// Addresses are those of this mailbox, and where its answers are to go.
func (c *conn) Addresses() []string {
	return append(slices.Sorted(maps.Keys(c.s.own)), fold(c.s.answers()))
}

// ours reports whether address is one of this mailbox. Anybody can write it into a From.
func (c *conn) ours(address string) bool { return c.s.own[fold(address)] }
