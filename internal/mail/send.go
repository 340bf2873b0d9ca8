package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"switchboard/internal/egress"
)

// patience is how long a server may take for one answer, and sendingTime for all of a letter.
const (
	patience    = 20 * time.Second
	sendingTime = 50 * time.Second
)

// trouble is why a letter did not leave, for people. final says that trying again is of no use.
type trouble struct {
	message string
	final   bool
	err     error
}

func (t *trouble) Error() string { return t.message }
func (t *trouble) Unwrap() error { return t.err }

// deliver hands a letter to the server.
func (h *House) deliver(ctx context.Context, s Server, to string, raw []byte) error {
	ctx, stop := context.WithTimeout(ctx, sendingTime)
	defer stop()
	if s.Stopped != nil {
		if why, err := s.Stopped(ctx); err != nil || why != "" {
			return &trouble{message: "nothing leaves the account it goes by: " + why, err: err}
		}
	}
	c, err := h.enter(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	wide := strings.IndexFunc(to, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
	if can, _ := c.Extension("SMTPUTF8"); wide && !can {
		return &trouble{message: "the mail server cannot send to an address with letters beyond ASCII: " + to, final: true}
	}
	if err := c.Mail(s.From, &smtp.MailOptions{Size: int64(len(raw)), UTF8: wide}); err != nil {
		return refused("the mail server does not let us send as "+s.From, err)
	}
	if err := c.Rcpt(to, nil); err != nil {
		return refused("the mail server does not take mail for "+to, err)
	}
	data, err := c.Data()
	if err != nil {
		return refused("the mail server does not take the letter", err)
	}
	if _, err := data.Write(raw); err != nil {
		return &trouble{message: "the connection to the mail server broke", err: err}
	}
	if _, err := data.CloseWithResponse(); err != nil {
		return refused("the mail server does not take the letter", err)
	}
	bye := time.AfterFunc(2*time.Second, func() { _ = c.Close() })
	defer bye.Stop()
	_ = c.Quit()
	return nil
}

// enter connects to the server and signs in. The connection ends with ctx.
func (h *House) enter(ctx context.Context, s Server) (*smtp.Client, error) {
	raw, err := h.Dial(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, unreached(s.Host, err)
	}
	if a, ok := raw.RemoteAddr().(*net.TCPAddr); ok && s.Security == "plain" && !a.IP.IsLoopback() {
		_ = raw.Close()
		return nil, &trouble{message: s.Host + " is not on this machine: nothing is sent to it without encryption", final: true}
	}
	context.AfterFunc(ctx, func() { _ = raw.Close() })
	conf := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: h.Roots}
	var c *smtp.Client
	switch s.Security {
	case "starttls":
		c, err = smtp.NewClientStartTLS(raw, conf)
	case "tls":
		t := tls.Client(raw, conf)
		if err = t.HandshakeContext(ctx); err == nil {
			c = smtp.NewClient(t)
		}
	default:
		c = smtp.NewClient(raw)
	}
	if err == nil {
		c.CommandTimeout, c.SubmissionTimeout = patience, sendingTime
		err = c.Hello(s.From[strings.LastIndexByte(s.From, '@')+1:])
	}
	if err != nil {
		_ = raw.Close()
		return nil, unreached(s.Host, err)
	}
	if s.Login == "" {
		return c, nil
	}
	if err := signIn(c, s); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

func signIn(c *smtp.Client, s Server) error {
	var way sasl.Client
	switch {
	case c.SupportsAuth(sasl.Plain):
		way = sasl.NewPlainClient("", s.Login, s.Password.Reveal())
	case c.SupportsAuth(sasl.Login):
		way = sasl.NewLoginClient(s.Login, s.Password.Reveal())
	default:
		return &trouble{message: "the mail server takes no password here: check the port and the encryption, or leave the login empty"}
	}
	if err := c.Auth(way); err != nil {
		return &trouble{message: "the mail server refuses the login or the password" + said(err), err: err}
	}
	return nil
}

// unreached is why a server could not be spoken to.
func unreached(host string, err error) error {
	t := &trouble{message: "the mail server " + host + " could not be reached: check its name and port", err: err}
	var no *egress.Refused
	var verify *tls.CertificateVerificationError
	var name x509.HostnameError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &no):
		t.message = no.Error()
	case errors.As(err, &verify), errors.As(err, &name):
		t.message = "the certificate of " + host + " is not good for that name: check the server's name, or ask the provider"
	case errors.As(err, &record):
		t.message = host + " does not speak TLS on this port: check the port and the encryption"
	case strings.Contains(err.Error(), "doesn't support STARTTLS"):
		t.message = host + " offers no STARTTLS on this port: check the port and the encryption"
	}
	return t
}

// refused is a server's no at one stage. What it refuses for good is not tried again.
func refused(message string, err error) error {
	var no *smtp.SMTPError
	if errors.As(err, &no) {
		return &trouble{message: message + said(err), final: no.Code >= 500, err: err}
	}
	return &trouble{message: "the connection to the mail server broke", err: err}
}

// said is a server's own words, short and on one line.
func said(err error) string {
	var no *smtp.SMTPError
	if !errors.As(err, &no) || oneLine(no.Message) == "" {
		return ""
	}
	return " (it says: " + clip(oneLine(no.Message), 200) + ")"
}
