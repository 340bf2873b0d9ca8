package email

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"switchboard/internal/channel"
)

// Stream waits at the inbox and says when something has come; what it is, Fetch reads. Where the server has no IDLE it asks
// once a minute.
func (c *conn) Stream(ctx context.Context, up func(), deliver func(context.Context, []channel.Event) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	rang := make(chan struct{}, 1)
	box, err := c.mailbox(ctx, &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
		if d.NumMessages == nil {
			return
		}
		select {
		case rang <- struct{}{}:
		default: // it rings already
		}
	}})
	if err != nil {
		return err
	}
	defer box.close()
	if _, err := box.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return c.imapTrouble(ctx, "opening the inbox", err)
	}
	idle := box.Caps().Has(imap.CapIdle)
	up()
	for {
		rung, err := c.wait(ctx, box, idle, rang)
		if err != nil {
			return c.imapTrouble(ctx, "waiting for mail", err)
		}
		if !rung {
			continue
		}
		if err := deliver(ctx, nil); err != nil {
			return err
		}
	}
}

// wait waits for a ring, for as long as one IDLE may last; both ends prove by its end that the line is still alive.
func (c *conn) wait(ctx context.Context, box *mailbox, idle bool, rang <-chan struct{}) (rung bool, err error) {
	box.line.allow(chatMost)
	span := c.poll
	var cmd *imapclient.IdleCommand
	if idle {
		span = c.renew
		// a server that says nothing for so long is gone
		alive := time.AfterFunc(c.patience, box.close)
		defer alive.Stop()
		if cmd, err = box.Idle(); err != nil {
			return false, err
		}
		alive.Stop()
	}
	t := time.NewTimer(span)
	defer t.Stop()
	select {
	case <-rang:
		rung = true
	case <-t.C:
	case <-box.Closed():
	case <-ctx.Done():
		return false, ctx.Err()
	}
	alive := time.AfterFunc(c.patience, box.close)
	defer alive.Stop()
	if cmd == nil {
		return rung, box.Noop().Wait()
	}
	if err := cmd.Close(); err != nil {
		return false, err
	}
	return rung, cmd.Wait()
}
