package email

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// mailbox is a signed-in IMAP connection.
type mailbox struct {
	*imapclient.Client
	line *line
	open place                 // the folder that is being read
	half *atomic.Pointer[half] // what the last reading left off at
}

// place is a folder as it is numbered now.
type place struct {
	folder   string
	validity uint32
}

// half is the beginning of a mail whose reading broke off. It is gone on with from there: over a slow line a large mail would
// otherwise be begun anew each time, and nothing behind it would ever be read.
type half struct {
	at  place
	uid imap.UID
	raw []byte
}

// close leaves without a word: LOGOUT would wait for an answer nobody needs. It closes the line, not the client, whose Close
// would wait for a reader that may wait for us.
func (m *mailbox) close() { _ = m.line.Close() }

// mailbox connects and signs in. The connection ends with ctx.
func (c *conn) mailbox(ctx context.Context, heard *imapclient.UnilateralDataHandler) (*mailbox, error) {
	patience := c.patience
	if heard != nil { // it is there to wait
		patience = 0
	}
	s := &c.s
	l, raw, err := c.dial(ctx, s.IMAPHost, s.IMAPPort, s.IMAPSecurity, patience)
	if err != nil {
		return nil, c.connectTrouble(ctx, s.IMAPHost, err)
	}
	options := &imapclient.Options{UnilateralDataHandler: heard, TLSConfig: c.tls(s.IMAPHost)}
	var client *imapclient.Client
	if s.IMAPSecurity == "starttls" {
		client, err = imapclient.NewStartTLS(l, options)
	} else {
		client = imapclient.New(l, options)
	}
	if err != nil {
		return nil, c.connectTrouble(ctx, s.IMAPHost, err)
	}
	m := &mailbox{Client: client, line: raw, half: &c.half}
	if err := m.signIn(s.Login, s.Password); err != nil {
		m.close()
		return nil, c.signInTrouble(ctx, err)
	}
	return m, nil
}

func (m *mailbox) signIn(login, password string) error {
	if err := m.WaitGreeting(); err != nil {
		return err
	}
	caps := m.Caps()
	if caps.Has(imap.AuthCap(sasl.Plain)) { // before LOGIN: it carries passwords that are not ASCII
		return m.Authenticate(sasl.NewPlainClient("", login, password))
	}
	if caps.Has(imap.CapLoginDisabled) {
		return errors.New("the server takes no password on this connection")
	}
	return m.Login(login, password).Wait()
}

// folders are the folders we read and search beside the inbox; "" where there is none.
type folders struct{ sent, all string }

// sentNames are what sent folders are called where the server does not mark its own.
var sentNames = []string{"sent", "sent items", "sent messages", "sent mail", "sent-mail", "gesendet", "gesendete elemente",
	"gesendete objekte", "envoyés", "éléments envoyés", "messages envoyés", "enviados", "elementos enviados", "itens enviados",
	"posta inviata", "inviati", "verzonden", "verzonden items", "skickat", "sendt", "lähetetyt", "wysłane", "odeslané",
	"отправленные", "gönderilmiş öğeler", "送信済み", "已发送", "보낸편지함"}

func (c *conn) folders(ctx context.Context, m *mailbox) (folders, error) {
	var options *imap.ListOptions
	if caps := m.Caps(); caps.Has(imap.CapSpecialUse) && caps.Has(imap.CapListExtended) {
		options = &imap.ListOptions{ReturnSpecialUse: true}
	}
	list, err := m.List("", "*", options).Collect()
	if err != nil {
		return folders{}, c.imapTrouble(ctx, "listing the folders", err)
	}
	f := folders{}
	named := ""
	for _, b := range list {
		if slices.Contains(b.Attrs, imap.MailboxAttrNoSelect) || slices.Contains(b.Attrs, imap.MailboxAttrNonExistent) {
			continue
		}
		name := b.Mailbox
		if k := strings.LastIndex(name, string(b.Delim)); b.Delim != 0 && k >= 0 {
			name = name[k+len(string(b.Delim)):]
		}
		switch {
		case b.Mailbox == c.s.SentFolder && c.s.SentFolder != "":
			f.sent = b.Mailbox
		case c.s.SentFolder == "" && slices.Contains(b.Attrs, imap.MailboxAttrSent):
			f.sent = b.Mailbox
		case slices.Contains(b.Attrs, imap.MailboxAttrAll):
			f.all = b.Mailbox
		case c.s.SentFolder == "" && named == "" && slices.Contains(sentNames, strings.ToLower(name)):
			named = b.Mailbox
		}
	}
	if f.sent == "" {
		f.sent = named
	}
	return f, nil
}

// letter is a mail as the server keeps it.
type letter struct {
	uid imap.UID
	at  time.Time // when the server took it
	raw []byte
	cut bool  // raw is only the beginning
	err error // the server would not give it
}

// meta is what is known of a mail before it is read.
type meta struct {
	uid  imap.UID
	size int64
	at   time.Time
}

// metas returns the uids, sizes and dates of a set, in the order of the uids.
func (m *mailbox) metas(set imap.NumSet) (list []meta, err error) {
	m.line.allow(listMost)
	cmd := m.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var one meta
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				one.uid = item.UID
			case imapclient.FetchItemDataRFC822Size:
				one.size = item.Size
			case imapclient.FetchItemDataInternalDate:
				one.at = item.Time
			}
		}
		if one.uid > 0 {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b meta) int { return cmp.Compare(a.uid, b.uid) })
	return list, cmd.Close()
}

// letters reads the mails of metas without marking them as read. A mail that is gone by now is left out; one that the server
// will not give has err. When the reading breaks off, the mails before that are returned with the error.
func (m *mailbox) letters(metas []meta) (out []letter, err error) {
	got := map[imap.UID][]byte{}
	begun := m.begun(metas)
	var all imap.UIDSet
	due := int64(chatMost)
	for _, meta := range metas {
		due += min(meta.size, rawMost) + 64<<10
		if begun == nil || meta.uid != begun.uid {
			all.AddNum(meta.uid)
		}
	}
	m.line.allow(due)
	if begun != nil {
		if err := m.bodies(imap.UIDSetNum(begun.uid), begun.raw, got); err != nil && !refused(err) {
			return nil, err
		}
	}
	// All in one command: Dovecot ends commands that were sent together only after it has sent all their mails, and go-imap
	// waits for the end of the first before it hands out a mail of the second.
	if len(all) > 0 {
		if err = m.bodies(all, nil, got); refused(err) {
			err = nil
		}
	}
	for _, meta := range metas {
		l := letter{uid: meta.uid, at: meta.at}
		if got[l.uid] == nil {
			if err != nil {
				return out, err
			}
			if l.err = m.bodies(imap.UIDSetNum(l.uid), nil, got); l.err != nil && !refused(l.err) {
				return out, l.err
			}
		}
		l.raw = got[l.uid]
		l.cut = len(l.raw) >= rawMost
		if l.raw != nil || l.err != nil {
			out = append(out, l)
		}
	}
	return out, err
}

// begun is what is there already of the first of metas, nil if nothing is.
func (m *mailbox) begun(metas []meta) *half {
	h := m.half.Load()
	if h == nil || h.at != m.open {
		return nil
	}
	m.half.CompareAndSwap(h, nil)
	if len(metas) == 0 || metas[0].uid != h.uid || len(h.raw) >= rawMost {
		return nil
	}
	return h
}

func refused(err error) bool {
	var no *imap.Error
	return errors.As(err, &no) && no.Type == imap.StatusResponseTypeNo
}

// bodies reads the bytes of a set of mails, or of one mail those behind its beginning. Once a mail was cut short, the command is not looked at again: go-imap would read
// the rest of it in two places at once. Its own reader ends with the line.
func (m *mailbox) bodies(set imap.UIDSet, beginning []byte, got map[imap.UID][]byte) error {
	from := int64(len(beginning))
	what := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: from, Size: rawMost - from}}
	cmd := m.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{what}})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		uid, raw, err := m.body(msg, rawMost-from)
		if raw != nil {
			raw = append(beginning, raw...)
		}
		if err != nil {
			if len(raw) > 0 && uid > 0 {
				m.half.Store(&half{m.open, uid, raw})
			}
			return err
		}
		if raw != nil {
			got[uid] = raw
		}
	}
	return cmd.Close()
}

// body reads one mail of an answer, of up to most bytes. An error ends the connection, and comes with what was read until then.
// go-imap by itself would take any size into memory.
func (m *mailbox) body(msg *imapclient.FetchMessageData, most int64) (uid imap.UID, raw []byte, err error) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil { // NIL: there is a mail, and nothing in it
				raw = []byte{}
				continue
			}
			if size := item.Literal.Size(); size > most {
				m.close()
				_, _ = io.Copy(io.Discard, item.Literal)
				return uid, nil, fmt.Errorf("%w: %d bytes", errTooMuch, size)
			}
			raw, err = io.ReadAll(item.Literal)
			if err == nil && int64(len(raw)) < item.Literal.Size() {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				m.close()
				return uid, raw, err
			}
		}
	}
	return uid, raw, nil
}
