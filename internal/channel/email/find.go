package email

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"

	"switchboard/internal/channel"
)

// Find looks for the copy of o by its Message-ID. A copy proves the sending. That there is none proves something only where
// the provider makes the copies; our own is made after the sending, and may be missing for that reason alone.
func (c *conn) Find(ctx context.Context, o channel.Outgoing) (channel.Receipt, bool, error) {
	w, _, err := c.name(o)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	if c.s.Copies == "none" {
		return channel.Receipt{}, false, untold("this account keeps no copies of what it sends")
	}
	ctx, stop := context.WithTimeout(ctx, c.most)
	defer stop()
	box, err := c.mailbox(ctx, nil)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	defer box.close()
	f, err := c.folders(ctx, box)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	if f.sent == "" && f.all == "" {
		return channel.Receipt{}, false, untold("the mailbox has no sent folder")
	}
	for look := range c.looks { // a provider's copy may be a moment late
		if look > 0 {
			select {
			case <-time.After(c.pause):
			case <-ctx.Done():
				return channel.Receipt{}, false, c.imapTrouble(ctx, "looking for the copy", ctx.Err())
			}
		}
		for _, folder := range []string{f.sent, f.all} {
			if folder == "" {
				continue
			}
			at, ok, err := box.find(folder, w.id, "Message-ID")
			if err != nil {
				return channel.Receipt{}, false, c.imapTrouble(ctx, "looking for the copy", err)
			}
			if ok {
				return channel.Receipt{RemoteID: w.id, ThreadID: w.thread, At: at}, true, nil
			}
		}
	}
	if c.s.Copies == "save" {
		return channel.Receipt{}, false, untold("there is no copy in the sent folder, but it is put there only after the sending")
	}
	return channel.Receipt{}, false, nil
}

func untold(why string) error {
	return &channel.Trouble{Deed: channel.NotAllowed, Unclear: true,
		Message: "nobody can tell whether the message went out: " + why + ". Ask the recipient, or look at the mail server's log",
		Err:     errors.New("no proof")}
}

// find returns when the mail that has id in one of fields was put into folder.
func (m *mailbox) find(folder, id string, fields ...string) (at time.Time, ok bool, err error) {
	if _, err := m.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return at, false, err
	}
	var uids []imap.UID
	for _, field := range fields {
		got, err := m.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: field, Value: id}}}, nil).Wait()
		if err != nil {
			return at, false, err
		}
		if uids = got.AllUIDs(); len(uids) > 0 {
			break
		}
	}
	if len(uids) == 0 {
		return at, false, nil
	}
	metas, err := m.metas(imap.UIDSetNum(uids[0]))
	if err != nil || len(metas) == 0 {
		return at, err == nil, err
	}
	return metas[0].at.UTC(), true, nil
}
