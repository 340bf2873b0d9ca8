package email

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

// Reply answers o.Parent; those in o.To beside who wrote it get a copy.
func (c *conn) Reply(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	if o.Parent == nil {
		return channel.Receipt{}, fix("it answers nothing: write a new message instead")
	}
	return c.send(ctx, o)
}

// Publish writes a new mail to those in o.To.
func (c *conn) Publish(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	o.Parent = nil
	return c.send(ctx, o)
}

// Personal says that a mail is read by those it is addressed to: nothing can be posted here.
func (c *conn) Personal() {}

func (c *conn) send(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	w, err := c.write(o)
	if err != nil {
		return channel.Receipt{}, err
	}
	if err := c.submit(ctx, w); err != nil {
		return channel.Receipt{}, err
	}
	at := c.now().UTC()
	if c.s.Copies == "save" {
		if err := c.save(ctx, w.raw, at); err != nil { // it is sent: no error may lead to sending it again
			c.log.Warn("no copy of a sent mail was kept", "key", o.Key, "err", err)
		}
	}
	return channel.Receipt{RemoteID: w.id, ThreadID: w.thread, At: at}, nil
}

// submission is a signed-in SMTP connection. go-mail's own client is not used: when a mail breaks off half-way it says
// QUIT, whose line ends the data, and half a mail is sent; and it hides whether the final dot had left.
type submission struct {
	*smtp.Client
	line *line
}

// ask asks the gate right before the dot that makes the mail final, which leaves within a second of the yes or not at all.
// All before the dot is taken back by hanging up.
func (s *submission) ask(ctx context.Context, now func() time.Time) error {
	since := now()
	if err := egress.Ask(ctx); err != nil {
		return &channel.Trouble{Deed: channel.Again, Message: "it was stopped before it was sent", Err: err}
	}
	s.line.yes.Store(&yes{since, now})
	return nil
}

func (s *submission) close() { _ = s.Client.Close() }

// bye leaves politely, but waits for no answer worth mentioning.
func (s *submission) bye() {
	t := time.AfterFunc(2*time.Second, s.close)
	defer t.Stop()
	_ = s.Quit()
	s.close()
}

// submission connects to the SMTP server and signs in. The connection ends with ctx.
func (c *conn) submission(ctx context.Context) (*submission, error) {
	s := &c.s
	l, raw, err := c.dial(ctx, s.SMTPHost, s.SMTPPort, s.SMTPSecurity, c.patience)
	if err != nil {
		return nil, c.connectTrouble(ctx, s.SMTPHost, err)
	}
	var client *smtp.Client
	if s.SMTPSecurity == "starttls" {
		client, err = smtp.NewClientStartTLS(l, c.tls(s.SMTPHost))
	} else {
		client = smtp.NewClient(l)
	}
	if err == nil {
		client.CommandTimeout, client.SubmissionTimeout = c.long, c.long // a silence the line ends earlier
		err = client.Hello(c.tokens.domain)
	}
	if err != nil {
		_ = l.Close()
		return nil, c.connectTrouble(ctx, s.SMTPHost, err)
	}
	p := &submission{client, raw}
	var way sasl.Client
	switch {
	case p.SupportsAuth(sasl.Plain):
		way = sasl.NewPlainClient("", s.Login, s.Password)
	case p.SupportsAuth(sasl.Login):
		way = sasl.NewLoginClient(s.Login, s.Password)
	default:
		p.close()
		return nil, &channel.Trouble{Deed: channel.Reconnect, Message: "the mail server " + s.SMTPHost +
			" takes no password here: check the port and the encryption in the settings, or it wants another way of signing in"}
	}
	if err := p.Auth(way); err != nil {
		p.close()
		return nil, c.sendTrouble(ctx, entering, "", err)
	}
	return p, nil
}

// submit hands w over. Only when the server has said yes to the final dot is it sent; only when the dot may have left and
// no answer came is it unclear.
func (c *conn) submit(ctx context.Context, w written) error {
	ctx, stop := context.WithTimeout(ctx, c.long)
	defer stop()
	p, err := c.submission(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	wide := slices.DeleteFunc(slices.Clone(w.to), func(a string) bool { return strings.IndexFunc(a, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 })
	if can, _ := p.Extension("SMTPUTF8"); len(wide) > 0 && !can {
		return fix("the mail server cannot send to an address with letters beyond ASCII: " + strings.Join(wide, ", "))
	}
	options := &smtp.MailOptions{Size: int64(len(w.raw)), UTF8: len(wide) > 0}
	if err := p.Mail(c.s.Address, options); err != nil {
		return c.sendTrouble(ctx, sender, "", err)
	}
	if err := c.nameAll(ctx, p, w.to); err != nil {
		return err
	}
	data, err := p.Data()
	if err != nil {
		return c.sendTrouble(ctx, content, "", err)
	}
	if _, err := data.Write(w.raw); err != nil {
		return c.sendTrouble(ctx, content, "", err)
	}
	if err := p.ask(ctx, c.now); err != nil {
		return err
	}
	p.line.patience = c.scan
	if _, err := data.CloseWithResponse(); err != nil {
		return c.sendTrouble(ctx, dot, "", err)
	}
	p.bye()
	return nil
}

// nameAll tells the server who gets the mail. One that is refused stops it for all: half a sending could not be repeated. All are
// asked for nevertheless, so that a person hears of every address at once.
func (c *conn) nameAll(ctx context.Context, p *submission, to []string) error {
	var refused, later []string
	var last *smtp.SMTPError
	var wait error
	for _, a := range to {
		err := p.Rcpt(a, nil)
		var no *smtp.SMTPError
		switch {
		case err == nil:
		case !errors.As(err, &no) || no.Code == 421 || no.Code/10 == 53: // it is not about this address
			return c.sendTrouble(ctx, recipient, a, err)
		case no.Code >= 500:
			refused, last = append(refused, a), no
		default:
			later, wait = append(later, a), cmp.Or(wait, err)
		}
	}
	switch {
	case len(refused) == 0 && wait != nil:
		return c.sendTrouble(ctx, recipient, strings.Join(later, ", "), wait)
	case len(refused) == 0:
		return nil
	case len(to) > 1:
		return &channel.Trouble{Deed: channel.Fix, Err: last, Message: "the mail server does not take mail for " + strings.Join(refused, ", ") + said(last.Message) +
			", so it was sent to nobody: check the address, or write it again without them"}
	}
	return c.sendTrouble(ctx, recipient, to[0], last)
}

// save puts a copy into the sent folder, read.
func (c *conn) save(ctx context.Context, raw []byte, at time.Time) error {
	ctx, stop := context.WithTimeout(ctx, c.most)
	defer stop()
	box, err := c.mailbox(ctx, nil)
	if err != nil {
		return err
	}
	defer box.close()
	f, err := c.folders(ctx, box)
	if err != nil || f.sent == "" {
		return err
	}
	cmd := box.Append(f.sent, int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: at})
	if _, err := cmd.Write(raw); err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	_, err = cmd.Wait()
	return err
}
