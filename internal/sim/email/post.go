package email

import (
	"bytes"
	"cmp"
	"crypto/subtle"
	"io"
	"log"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"

	"switchboard/internal/sim/far"
)

func (s *Server) post() *smtp.Server {
	p := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		x, _ := s.Faults.Take(far.Send)
		o := &posting{server: s, conn: c, fault: x}
		return o, o.greet()
	}))
	p.Domain = "mail.acme.example"
	p.AllowInsecureAuth = true
	p.MaxMessageBytes = 30 << 20
	p.ReadTimeout, p.WriteTimeout = time.Minute, time.Minute
	p.ErrorLog = log.New(nothing{}, "", 0)
	return p
}

// posting is one connection to the post.
type posting struct {
	server *Server
	conn   *smtp.Conn
	fault  far.Fault
	to     []string
	in     bool // signed in
}

func no(code int, ec smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: ec, Message: text}
}

// greet is where a connection is refused before a word was said.
func (p *posting) greet() error {
	switch p.fault.Do {
	case far.RefusedClosed:
		return p.conn.Conn().Close()
	case far.Html200:
		_, _ = p.conn.Conn().Write([]byte("HTTP/1.1 200 OK\r\n\r\n<h1>Please sign in to the network</h1>\r\n"))
		return p.conn.Conn().Close()
	case far.Big:
		chunk := bytes.Repeat([]byte("220-x\r\n"), 8<<10)
		for {
			if _, err := p.conn.Conn().Write(chunk); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *posting) AuthMechanisms() []string { return []string{sasl.Plain} }

func (p *posting) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		s := p.server
		if p.fault.Do == far.Unauthorized || name != s.Address || subtle.ConstantTimeCompare([]byte(password), []byte(s.Password)) != 1 {
			return smtp.ErrAuthFailed
		}
		p.in = true
		return nil
	}), nil
}

func (p *posting) Reset()        { p.to = nil }
func (p *posting) Logout() error { return nil }

func (p *posting) Mail(string, *smtp.MailOptions) error {
	if !p.in {
		return no(530, smtp.EnhancedCode{5, 7, 0}, "Authentication required")
	}
	switch p.fault.Do {
	case far.TooMany, far.TooManyBare:
		return no(450, smtp.EnhancedCode{4, 7, 1}, "Too many messages, try again later")
	}
	return nil
}

func (p *posting) Rcpt(to string, _ *smtp.RcptOptions) error {
	if p.fault.Do == far.Answer {
		return no(cmp.Or(p.fault.Status, 550), smtp.EnhancedCode{}, cmp.Or(string(p.fault.Body), "No such user here"))
	}
	if slices.Contains(p.server.Unknown, to) {
		return no(550, smtp.EnhancedCode{5, 1, 1}, "No such user here")
	}
	if slices.Contains(p.server.Busy, to) {
		return no(450, smtp.EnhancedCode{4, 2, 2}, "Mailbox full")
	}
	p.to = append(p.to, to)
	return nil
}

// Data takes a mail. What is "taken" is in the record before the answer is spoilt.
func (p *posting) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	switch p.fault.Do {
	case far.ServerError:
		return no(451, smtp.EnhancedCode{4, 3, 0}, "Temporary failure")
	case far.Hang:
		p.wait()
		return p.conn.Conn().Close()
	}
	p.server.take(p.to, raw)
	c := p.conn.Conn()
	switch p.fault.Do {
	case far.CutAnswer:
		_, _ = c.Write([]byte("25"))
		return c.Close()
	case far.LostAnswer:
		return c.Close()
	case far.LostReset:
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0)
		}
		return c.Close()
	case far.LateAnswer:
		p.wait()
	case far.TakenServerError, far.TakenTooMany:
		return no(421, smtp.EnhancedCode{4, 3, 2}, "Service shutting down")
	case far.Slow:
		time.Sleep(time.Second)
	}
	return nil
}

// wait gives no answer until the caller goes, or as long as the fault says.
func (p *posting) wait() {
	c := p.conn.Conn()
	if p.fault.After > 0 {
		t := time.AfterFunc(p.fault.After, func() { _ = c.SetReadDeadline(time.Unix(1, 0)) })
		defer t.Stop()
	}
	_, _ = c.Read(make([]byte, 1))
}

// take writes a mail down, and puts a copy into the sent folder if that is this provider's way. What is for the mailbox itself arrives
// there.
func (s *Server) take(to []string, raw []byte) {
	e := far.Entry{At: s.Now(), Account: s.Address, Kind: far.Post, To: strings.Join(to, ", "), Text: string(raw), Private: true}
	if m, err := enmime.ReadEnvelope(bytes.NewReader(raw)); err == nil {
		e.ID = strings.Trim(m.GetHeader("Message-ID"), "<>")
		e.Key, _, _ = strings.Cut(e.ID, ".")
		if e.ParentID = strings.Trim(m.GetHeader("In-Reply-To"), "<>"); e.ParentID != "" {
			e.Kind = far.Reply
		}
		e.Text = m.Text
		for _, a := range m.Attachments {
			e.Alts = append(e.Alts, a.Header.Get("Content-Description"))
		}
	}
	s.mu.Lock()
	s.sent = append(s.sent, raw)
	s.mu.Unlock()
	s.Record.Add(e)
	if s.KeepsCopies {
		_ = s.KeepSent(raw)
	}
	if !s.Loses && slices.Contains(to, s.Address) {
		if s.Renames {
			raw = ownID.ReplaceAll(raw, []byte("Message-ID: <0102019a4c@provider.example>"))
		}
		_ = s.Deliver(raw)
	}
}

var ownID = regexp.MustCompile(`(?im)^Message-ID: \S+`)
