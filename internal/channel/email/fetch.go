package email

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

const (
	newest    = 20       // mails read at the first Fetch
	pageMost  = 50       // mails a page
	pageBytes = 24 << 20 // and their size, unless the first alone is larger
	rawMost   = 16 << 20 // of one mail; what is behind it is not read
	chatMost  = 1 << 20  // of what a server says beside what it is asked for
	listMost  = 16 << 20 // of a list of uids
	window    = 2000     // uids looked at in one go
	windows   = 100      // and how many times a page
)

// spot is how far a folder has been read. Uids grow within one validity; when a server starts again with another, uids say
// nothing, and the date of the last mail tells where to look again.
type spot struct {
	validity uint32
	uid      imap.UID
	at       int64 // the server's date of the newest mail read, Unix seconds
}

// parseCursor reads what cursor wrote: the inbox, and behind a space the sent folder, each validity:uid:seconds.
func parseCursor(s string) (inbox, sent spot, err error) {
	list := strings.Fields(s)
	for k, at := range list {
		var p spot
		if n, _ := fmt.Sscanf(at, "%d:%d:%d", &p.validity, &p.uid, &p.at); n < 2 || k > 1 {
			return inbox, sent, fault.Newf(fault.Invalid, "%.60q is no cursor of a mailbox", s)
		}
		if k == 0 {
			inbox = p
		} else {
			sent = p
		}
	}
	return inbox, sent, nil
}

func cursor(inbox, sent spot) string {
	s := fmt.Sprintf("%d:%d:%d", inbox.validity, inbox.uid, inbox.at)
	if sent != (spot{}) {
		s += fmt.Sprintf(" %d:%d:%d", sent.validity, sent.uid, sent.at)
	}
	return s
}

// Fetch reads the inbox, and the sent folder for what was answered by hand elsewhere.
func (c *conn) Fetch(ctx context.Context, from string) (channel.Page, error) {
	inbox, sent, err := parseCursor(from)
	if err != nil {
		return channel.Page{}, err
	}
	ctx, stop := context.WithTimeout(ctx, c.most)
	defer stop()
	box, err := c.mailbox(ctx, nil)
	if err != nil {
		return channel.Page{}, err
	}
	defer box.close()
	f, err := c.folders(ctx, box)
	if err != nil {
		return channel.Page{}, err
	}
	before := inbox
	letters, more, err := box.since("INBOX", &inbox)
	if err != nil {
		return channel.Page{}, c.imapTrouble(ctx, "reading the inbox", err)
	}
	page := channel.Page{More: more, Events: c.events(letters, inbox, false)}
	if f.sent != "" && !strings.EqualFold(f.sent, "INBOX") {
		next := sent
		letters, more, err := box.since(f.sent, &next)
		switch {
		case refused(err): // what people wrote to us does not wait for what we wrote ourselves; Check tells people of it
			if !c.shut.Swap(true) {
				c.log.Warn("the sent folder can't be read", "folder", f.sent, "error", err)
			}
			letters, more, next = nil, false, sent
		case err != nil && inbox != before: // what is there comes first
			letters, more, next = nil, true, sent
		case err != nil:
			return channel.Page{}, c.imapTrouble(ctx, "reading the sent folder", err)
		default:
			c.shut.Store(false)
		}
		sent = next
		page.More = page.More || more
		page.Events = append(page.Events, c.events(letters, sent, true)...)
		slices.SortStableFunc(page.Events, func(a, b channel.Event) int { return a.At.Compare(b.At) })
	}
	page.Next = cursor(inbox, sent)
	return page, nil
}

// since returns the next mails of folder after s, oldest first, and moves s behind them.
func (m *mailbox) since(folder string, s *spot) (_ []letter, more bool, err error) {
	sel, err := m.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, false, err
	}
	m.open = place{folder, sel.UIDValidity}
	was := *s
	var metas []meta
	switch {
	case *s == spot{}:
		metas, err = m.first(sel, s)
	case s.validity != sel.UIDValidity:
		if err = m.again(sel, s); err == nil {
			metas, more, err = m.next(sel, s)
		}
	default:
		metas, more, err = m.next(sel, s)
	}
	if err != nil {
		return nil, false, err
	}
	letters, err := m.letters(metas)
	if err == nil || len(letters) == 0 {
		return letters, more, err
	}
	s.uid, s.at = letters[len(letters)-1].uid, was.at // it broke off; what came whole need not come again
	for _, l := range letters {
		s.at = max(s.at, l.at.Unix())
	}
	return letters, true, nil
}

// first looks at the newest few mails of a folder never read before.
func (m *mailbox) first(sel *imap.SelectData, s *spot) ([]meta, error) {
	s.validity = sel.UIDValidity
	s.uid = max(sel.UIDNext, 1) - 1
	if sel.NumMessages == 0 {
		return nil, nil
	}
	var set imap.SeqSet
	set.AddRange(sel.NumMessages-min(newest, sel.NumMessages)+1, sel.NumMessages)
	metas, err := m.metas(set)
	if err != nil {
		return nil, err
	}
	for _, meta := range metas {
		s.uid, s.at = max(s.uid, meta.uid), max(s.at, meta.at.Unix())
	}
	return metas, nil
}

// again puts s where the mails begin that came since s.at, with two days to spare. The store knows those it has.
func (m *mailbox) again(sel *imap.SelectData, s *spot) error {
	s.validity, s.uid = sel.UIDValidity, max(sel.UIDNext, 1)-1
	if sel.NumMessages == 0 {
		return nil
	}
	what := &imap.SearchCriteria{}
	if s.at > 0 {
		what.Since = time.Unix(s.at, 0).UTC().Add(-48 * time.Hour)
	}
	m.line.allow(listMost)
	found, err := m.UIDSearch(what, nil).Wait()
	if err != nil {
		return err
	}
	if uids := found.AllUIDs(); len(uids) > 0 {
		s.uid = slices.Min(uids) - 1
	}
	return nil
}

// next looks at the mails with uids above s.uid.
func (m *mailbox) next(sel *imap.SelectData, s *spot) (take []meta, more bool, err error) {
	if sel.NumMessages == 0 || sel.UIDNext > 0 && sel.UIDNext <= s.uid+1 {
		return nil, false, nil
	}
	var size int64
	for range windows {
		var set imap.UIDSet
		end := imap.UID(0) // "*", for a server that does not tell its next uid
		if sel.UIDNext > 0 {
			end = min(s.uid+window, sel.UIDNext-1)
		}
		set.AddRange(s.uid+1, end)
		metas, err := m.metas(set)
		if err != nil {
			return nil, false, err
		}
		for _, meta := range metas {
			if meta.uid <= s.uid { // n:* is never empty: it gives the last mail when there is nothing new
				continue
			}
			if size += min(meta.size, rawMost); len(take) == pageMost || len(take) > 0 && size > pageBytes {
				return take, true, nil
			}
			take = append(take, meta)
			s.uid, s.at = meta.uid, max(s.at, meta.at.Unix())
		}
		if end == 0 || end+1 >= sel.UIDNext {
			return take, false, nil
		}
		s.uid = end
	}
	return take, true, nil
}

// events makes letters into events. A mail that cannot be read is told of, too: it must not vanish.
func (c *conn) events(letters []letter, s spot, sent bool) []channel.Event {
	events := make([]channel.Event, 0, len(letters))
	for _, l := range letters {
		if l.err != nil {
			events = append(events, c.unread(l, fmt.Sprintf("unread-%d-%d", s.validity, l.uid)))
			continue
		}
		e, ok := c.event(l.raw, arrival{at: l.at, sent: sent, cut: l.cut})
		if !ok {
			c.log.Debug("a mail is no message: a test, or sent by another account of this mailbox", "uid", l.uid)
			continue
		}
		events = append(events, e)
	}
	return events
}

func (c *conn) unread(l letter, id string) channel.Event {
	at := c.date(arrival{at: l.at}, nil)
	return channel.Event{Kind: channel.Said, RemoteID: id, At: at, Message: channel.Message{
		RemoteID: id, Kind: channel.Email, Private: true, At: at, Automatic: true,
		From:   channel.Identity{RemoteID: unknown, Handle: unknown},
		Doubts: []string{"The mail server has this message but does not hand it out. Look at it in the mailbox."},
	}}
}
