package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

// connectTrouble is why a server could not be reached. Nothing was sent, so it is never unclear.
func (c *conn) connectTrouble(ctx context.Context, host string, err error) error {
	t := &channel.Trouble{Deed: channel.Again, Message: "the mail server " + host + " could not be reached", Err: because(ctx, err)}
	var record tls.RecordHeaderError
	var imapErr *imap.Error
	var refused *egress.Refused
	switch {
	case errors.As(err, &refused): // our own guard does not let us go there
		t.Deed, t.Message = channel.Operator, refused.Error()
	case isCertificate(err):
		t.Deed = channel.Reconnect
		t.Message = "the certificate of " + host + " is not good for that name: check the server's name in the settings, or ask the provider"
	case errors.As(err, &record):
		t.Deed = channel.Reconnect
		t.Message = host + " does not speak TLS on this port: check the port and the encryption in the settings"
	case errors.As(err, &imapErr) && imapErr.Type == imap.StatusResponseTypeBad, strings.Contains(err.Error(), "doesn't support STARTTLS"):
		t.Deed = channel.Reconnect
		t.Message = host + " offers no STARTTLS on this port: check the port and the encryption in the settings"
	}
	return t
}

func isCertificate(err error) bool {
	var verify *tls.CertificateVerificationError
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verify) || errors.As(err, &name) || errors.As(err, &authority) || errors.As(err, &invalid)
}

// because is err, or that the context ended if that is why.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	return err
}

// signInTrouble is why the IMAP server did not let us in.
func (c *conn) signInTrouble(ctx context.Context, err error) error {
	var no *imap.Error
	if errors.As(err, &no) && no.Type != imap.StatusResponseTypeBye {
		switch no.Code {
		case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
			return &channel.Trouble{Deed: channel.Again, Message: "the mail server lets nobody in for the moment" + said(no.Text), Err: err}
		}
		return &channel.Trouble{Deed: channel.Reconnect, Message: "the mail server refuses the login name or the password" + said(no.Text), Err: err}
	}
	if isCertificate(err) {
		return c.connectTrouble(ctx, c.s.IMAPHost, err)
	}
	if err != nil && strings.Contains(err.Error(), "takes no password") {
		return &channel.Trouble{Deed: channel.Reconnect, Message: "the mail server takes no password: it wants another way of signing in", Err: err}
	}
	return c.imapTrouble(ctx, "signing in", err)
}

// imapTrouble is why reading went wrong. Reading changes nothing, so it is never unclear.
func (c *conn) imapTrouble(ctx context.Context, doing string, err error) error {
	t := &channel.Trouble{Deed: channel.Again, Message: "the mail server broke off while " + doing, Err: because(ctx, err)}
	var no *imap.Error
	if errors.As(err, &no) {
		t.Message = "the mail server would not go on while " + doing + said(no.Text)
		switch no.Code {
		case imap.ResponseCodeAuthenticationFailed, imap.ResponseCodeAuthorizationFailed, imap.ResponseCodeExpired,
			imap.ResponseCodePrivacyRequired, imap.ResponseCodeContactAdmin:
			t.Deed = channel.Reconnect
		case imap.ResponseCodeNonExistent, imap.ResponseCodeNoPerm:
			t.Deed = channel.NotAllowed
		}
	}
	return t
}

// stage is how far a sending got.
type stage int

const (
	entering  stage = iota // connecting and signing in
	sender                 // MAIL FROM
	recipient              // RCPT TO
	content                // DATA, before the final dot
	dot                    // the final dot has left: from here on the mail may have been taken
)

// sendTrouble is why a sending went wrong at a stage. about is the recipient it was about, if one was.
func (c *conn) sendTrouble(ctx context.Context, at stage, about string, err error) error {
	t := &channel.Trouble{Deed: channel.Again, Err: because(ctx, err), Message: "the connection to the mail server broke before the message was sent"}
	var no *smtp.SMTPError
	switch {
	case !errors.As(err, &no):
		if at == dot && !egress.NeverLeft(err) {
			t.Unclear = true
			t.Message = "the connection to the mail server broke after the message was handed over: it may have been sent or not"
		}
	case no.Code == 421 && at == dot: // "closing the connection" says nothing of the mail
		t.Unclear = true
		t.Message = "the mail server hung up after the message was handed over: it may have been sent or not"
	case no.Code == 530, no.Code == 534, no.Code == 535, no.Code == 538, at == entering && no.Code >= 500:
		t.Deed, t.Message = channel.Reconnect, "the mail server refuses the login name or the password"+said(no.Message)
	case at == recipient && no.Code < 500 && no.Code != 421: // who wrote it may take it back, and write without them
		t.Message = "the mail server does not take mail for " + about + " now" + said(no.Message)
	case no.Code < 500:
		t.Message = "the mail server does not take the message now" + said(no.Message)
	case at == sender:
		t.Deed, t.Message = channel.NotAllowed, "the mail server does not let this login send as "+c.s.Address+said(no.Message)
		if no.Code == 552 {
			t.Deed, t.Message = channel.Fix, "the message is too large for the mail server: take an attachment out"+said(no.Message)
		}
	case at == recipient:
		t.Deed, t.Message = channel.Fix, "the mail server does not take mail for "+about+": check the address"+said(no.Message)
	case no.Code == 552:
		t.Deed, t.Message = channel.Fix, "the message is too large for the mail server: take an attachment out"+said(no.Message)
	default:
		t.Deed, t.Message = channel.Fix, "the mail server refuses the message"+said(no.Message)
	}
	return t
}

// said is a server's own words, short and on one line.
func said(text string) string {
	text = cut(line1(text), 200)
	if text == "" {
		return ""
	}
	return " (it says: " + text + ")"
}

func fix(message string) error { return &channel.Trouble{Deed: channel.Fix, Message: message} }
