package email

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"switchboard/internal/channel"
)

// A test is a mail of the account to itself. Its Message-ID is signed like that of any mail of ours, and its key begins with a word
// that no delivery's key begins with at that length, so that it is known wherever it turns up.
const (
	testKey     = "test"
	testKeyLen  = len(testKey) + 13
	testHeader  = "X-Switchboard-Test" // holds its id once more: some that send mail for others give it another Message-ID
	testSubject = "A test by Switchboard"
	testText    = "This mail was sent by the account to itself, to see that mail goes out and comes in.\n" +
		"It opens no conversation. Switchboard deletes nothing in a mailbox: delete it when you like.\n"
)

// isTest reports whether key is that of a test.
func isTest(key string) bool { return len(key) == testKeyLen && strings.HasPrefix(key, testKey) }

// Test sends a mail to our own address and waits a little for it to arrive.
func (c *conn) Test(ctx context.Context, key string) (channel.Tested, error) {
	w, err := c.writeTest(key)
	if err != nil {
		return channel.Tested{}, err
	}
	if err := c.submit(ctx, w); err != nil {
		return channel.Tested{}, err
	}
	out := channel.Tested{RemoteID: w.id, Said: "A mail to " + c.s.Address + " itself was taken by " + c.s.SMTPHost + "."}
	start := c.now()
	there, err := c.arrived(ctx, w.id)
	switch {
	case there:
		out.Seen = "It arrived in the inbox on " + c.s.IMAPHost + "."
		out.Note = "It stays in the mailbox, for Switchboard deletes nothing there: delete it when you like. It opens no conversation."
	case err != nil:
		out.Note = "Whether it arrived could not be seen: " + channel.TroubleOf(err).Message + ". Look into the mailbox."
	default:
		out.Note = fmt.Sprintf("It was not in the inbox after %d seconds. Mail may take longer: look there later, and in the folder for unwanted mail. "+
			"It opens no conversation.", int(c.now().Sub(start).Round(time.Second)/time.Second))
	}
	return out, nil
}

// writeTest makes the mail of a test. It says that no person wrote it, so that no machine answers it.
func (c *conn) writeTest(key string) (written, error) {
	o := channel.Outgoing{Key: testKey + key, Subject: testSubject, Text: testText}
	w, subject, err := c.name(o)
	if err != nil || !isTest(o.Key) {
		return w, fix("the test has no key that a Message-ID can be made of")
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP), gomail.WithCharset(gomail.CharsetUTF8))
	m.SetDateWithValue(c.now())
	m.SetMessageIDWithValue(w.id)
	self := &mail.Address{Name: strings.ReplaceAll(c.s.Name, `\`, " "), Address: c.s.Address}
	m.FromMailAddress(self)
	m.ToMailAddress(self)
	m.Subject(subject)
	m.SetGenHeader(testHeader, "<"+w.id+">")
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetBodyString(gomail.TypeTextPlain, o.Text)
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return w, fix("the test could not be put into the form of a mail: " + err.Error())
	}
	w.raw, w.to = unfolded(raw.Bytes()), []string{c.s.Address}
	return w, nil
}

// arrived looks for a mail in the inbox until it is there, a few seconds long.
func (c *conn) arrived(ctx context.Context, id string) (bool, error) {
	ctx, stop := context.WithTimeout(ctx, c.most)
	defer stop()
	box, err := c.mailbox(ctx, nil)
	if err != nil {
		return false, err
	}
	defer box.close()
	for look := range c.returns {
		if look > 0 {
			select {
			case <-time.After(c.pause):
			case <-ctx.Done():
				return false, c.imapTrouble(ctx, "looking for the test", ctx.Err())
			}
		}
		if _, there, err := box.find("INBOX", id, "Message-ID", testHeader); err != nil || there {
			if err != nil {
				err = c.imapTrouble(ctx, "looking for the test", err)
			}
			return there, err
		}
	}
	return false, nil
}

// ofTest reports whether a mail is a test of ours, or a machine's word about one. Nobody else can sign such an id; a mail that only
// says to be one is from somebody else, or answers something, and is read like any other.
func (c *conn) ofTest(m channel.Message, h envelope) bool {
	about := func(id string) bool {
		t, ok, _ := c.tokens.read(id)
		return ok && isTest(t.key)
	}
	if m.Automatic && (about(m.Bounce) || about(m.ParentID)) {
		return true
	}
	return (about(h.id("Message-ID")) || about(h.id(testHeader))) && c.ours(m.From.RemoteID) && len(m.Refs) == 0
}
