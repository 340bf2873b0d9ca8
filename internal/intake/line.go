package intake

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/store"
)

// Lines listens on every account: one goroutine each, on the node that holds the account's lease. One account's trouble is
// its own.
type Lines struct {
	Intake *Intake
	Book   *account.Book
	// Poll is how often an account is asked that says nothing about it; 0: 20 s. Streaming accounts are asked too, rarely.
	Poll time.Duration

	mu     sync.Mutex
	lines  map[account.ID]*line
	rounds map[account.ID]rounds // of reading again
}

// line is one account that is listened to.
type line struct {
	end  context.CancelFunc
	conn channel.Conn            // what it is listened to by; nil between two sessions
	turn context.CancelCauseFunc // ends that session

	deaf time.Time // its far side has no stream that we may have: it is not asked for one before then
}

// errChanged is why a session ends whose account has other settings by now. It is no trouble: the next one begins at once.
var errChanged = errors.New("the account's settings were changed")

const (
	leaseLife  = 20 * time.Second // a node that dies is followed by another in this time
	leaseRenew = 6 * time.Second
	slowPoll   = 2 * time.Minute // beside a stream
	settling   = time.Second     // after a stream came up, and then four times as long each time: servers say yes before they listen
	callLimit  = 30 * time.Second
	tokenCheck = 24 * time.Hour  // how often the far side is asked who we are: a token that died in silence is found
	streamless = time.Hour       // after which a far side that has no stream is asked for one again
	reread     = 5 * time.Minute // how often messages are read again where nobody tells of edits
)

// Run listens until ctx ends, and looks for new, changed and removed accounts.
func (l *Lines) Run(ctx context.Context) {
	wake, done := l.Book.Store.Hear(account.Topic)
	defer done()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		if err := l.look(ctx, &all); err != nil && ctx.Err() == nil {
			l.Intake.Log.Warn("the accounts could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-time.After(leaseRenew):
		}
	}
}

// look starts a line for each account whose lease can be had and that has none, and ends those of accounts that are gone.
func (l *Lines) look(ctx context.Context, all *sync.WaitGroup) error {
	list, err := account.All(ctx, l.Book.Store.Read())
	if err != nil {
		return err
	}
	there := map[account.ID]bool{}
	var free []account.ID
	for _, a := range list {
		there[a.ID] = true
		l.mu.Lock()
		_, has := l.lines[a.ID]
		l.mu.Unlock()
		if !has {
			free = append(free, a.ID)
		}
	}
	ours, err := l.lease(ctx, free...) // of all at once: a house may have hundreds
	if err != nil {
		return err
	}
	for _, a := range list {
		if slices.Contains(ours, a.ID) {
			l.begin(ctx, a, all)
		}
	}
	open := map[account.ID]channel.Conn{}
	l.mu.Lock()
	for id, x := range l.lines {
		switch {
		case !there[id]:
			x.end()
		case x.conn != nil:
			open[id] = x.conn
		}
	}
	l.mu.Unlock()
	old, err := l.Book.Outdated(ctx, open)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range old {
		if x := l.lines[id]; x != nil && x.conn == open[id] {
			x.turn(errChanged)
		}
	}
	return nil
}

func (l *Lines) begin(ctx context.Context, a account.Account, all *sync.WaitGroup) {
	ctx, end := context.WithCancel(ctx)
	l.mu.Lock()
	if l.lines == nil {
		l.lines = map[account.ID]*line{}
	}
	x := &line{end: end}
	l.lines[a.ID] = x
	l.mu.Unlock()
	all.Go(func() {
		defer func() {
			end()
			l.leave(a.ID)
			l.mu.Lock()
			delete(l.lines, a.ID)
			l.mu.Unlock()
		}()
		go l.keep(ctx, end, a.ID)
		l.follow(ctx, x, a)
	})
}

// lease returns those of some accounts that this node listens on from now, or goes on to.
func (l *Lines) lease(ctx context.Context, ids ...account.ID) (ours []account.ID, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	now := l.Book.Now()
	err = l.Book.Store.Tx(ctx, func(tx *store.Tx) error {
		ours, err = account.Lease(ctx, tx, ids, l.Book.Store.Node(), now, now.Add(leaseLife))
		return err
	})
	return ours, err
}

// keep renews the lease; when that fails until it has run out, the line ends, for another node may have it.
func (l *Lines) keep(ctx context.Context, end context.CancelFunc, id account.ID) {
	held := l.Book.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(leaseRenew):
		}
		ours, err := l.lease(ctx, id)
		switch {
		case err == nil && len(ours) == 1:
			held = l.Book.Now()
		case err == nil || l.Book.Now().Sub(held) > leaseLife-leaseRenew/2:
			end()
			return
		}
	}
}

func (l *Lines) leave(id account.ID) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := l.Book.Store.Tx(ctx, func(tx *store.Tx) error { return account.Leave(ctx, tx, id, l.Book.Store.Node()) })
	if err != nil {
		l.Intake.Log.Warn("a lease could not be given back; it ends by itself", "account", id.String(), "error", err)
	}
}

// follow fetches and streams one account until ctx ends. After each trouble it waits as the trouble says.
func (l *Lines) follow(ctx context.Context, x *line, a account.Account) {
	wake, done := l.Book.Store.Hear(account.Topic)
	defer done()
	last := a.FetchedAt // up to here nothing is missing
	for ctx.Err() == nil {
		next, err := l.session(ctx, x, a.ID, &last)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errChanged) {
			x.deaf = time.Time{}
			continue
		}
		if err != nil {
			next = l.Book.Ail(ctx, a.ID, err, last)
		}
		l.wait(ctx, a.ID, next, wake, err != nil)
	}
}

// wait sleeps until a time. While the account is in trouble a change of it (somebody connected it again) ends the sleep.
func (l *Lines) wait(ctx context.Context, id account.ID, until time.Time, wake <-chan struct{}, ill bool) {
	d := until.Sub(l.Book.Now())
	d += time.Duration(rand.Int64N(int64(max(d/10, 1)))) //nolint:gosec // jitter
	timer := time.NewTimer(max(d, 10*time.Millisecond))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case <-wake:
			a, err := account.One(ctx, l.Book.Store.Read(), id)
			if ill && err == nil && a.Trouble == nil {
				return
			}
		}
	}
}

// session fetches once, and stays with the stream where there is one; it returns when to fetch again. It ends with errChanged
// when the account has other settings by now: what the old ones brought up is no trouble of the new ones.
func (l *Lines) session(ctx context.Context, x *line, id account.ID, last *time.Time) (next time.Time, err error) {
	conn, err := l.Book.Conn(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	a, err := account.One(ctx, l.Book.Store.Read(), id) // as it is with these settings: it may be another identity by now
	if err != nil {
		return time.Time{}, err
	}
	if a.FetchedAt.IsZero() {
		*last = time.Time{}
	}
	ctx, turn := context.WithCancelCause(ctx)
	l.attend(x, conn, turn)
	defer func() {
		l.attend(x, nil, nil)
		turned := errors.Is(context.Cause(ctx), errChanged)
		if err != nil && !turned && ctx.Err() == nil {
			old, e := l.Book.Outdated(ctx, map[account.ID]channel.Conn{id: conn})
			turned = e == nil && len(old) > 0
		}
		if turned {
			err = errChanged
		}
		turn(nil)
	}()
	s, streams := conn.(channel.Streamer)
	if !streams || l.Book.Now().Before(x.deaf) {
		poll, err := l.fetch(ctx, a, conn, last, false)
		return l.Book.Now().Add(poll), err
	}
	next, err = l.stream(ctx, a, conn, s, last)
	var none *noStream
	if errors.As(err, &none) {
		x.deaf = l.Book.Now().Add(streamless)
		l.Intake.Log.Info("an account is polled: there is no stream for it", "account", id.String(), "error", none.why)
		return l.Book.Now(), nil
	}
	return next, err
}

// noStream is why an account can't be heard by a stream, although it can be asked.
type noStream struct{ why error }

func (n *noStream) Error() string { return "no stream: " + n.why.Error() }

// withoutStream is err as a noStream when it says that there is no stream for us: that is none of an account's troubles as long as
// it can be asked.
func withoutStream(conn channel.Conn, err error) error {
	if _, asked := conn.(channel.Fetcher); !asked || err == nil {
		return err
	}
	switch channel.TroubleOf(err).Deed {
	case channel.Again, channel.Wait, channel.Reconnect:
		return err
	}
	return &noStream{err}
}

// attend notes what a line is listened to by, and how that ends.
func (l *Lines) attend(x *line, conn channel.Conn, turn context.CancelCauseFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x.conn, x.turn = conn, turn
}

// stream fetches whenever the stream has (re)connected, when it says so, and rarely by itself: a stream has no memory.
func (l *Lines) stream(ctx context.Context, a account.Account, conn channel.Conn, s channel.Streamer, last *time.Time) (time.Time, error) {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	kick := make(chan struct{}, 1)
	poke := func() {
		select {
		case kick <- struct{}{}:
		default:
		}
	}
	var up bool
	var mu sync.Mutex
	var fetching sync.WaitGroup
	defer fetching.Wait()
	defer end(nil)
	fetching.Go(func() {
		pause := time.Duration(0) // at once: what was said while nobody listened
		for next := settling; ; {
			select {
			case <-ctx.Done():
				return
			case <-kick:
			case <-time.After(pause):
			}
			mu.Lock()
			live := up
			mu.Unlock()
			poll, err := l.fetch(ctx, a, conn, last, live)
			if err != nil {
				end(err)
				return
			}
			switch pause = poll; {
			case live && next < slowPoll:
				pause, next = next, 4*next
			case live:
				pause = max(poll, slowPoll)
			}
		}
	})
	err := s.Stream(ctx, func() {
		mu.Lock()
		up = true
		mu.Unlock()
		poke()
	}, func(ctx context.Context, events []channel.Event) error {
		if len(events) == 0 {
			poke()
			return nil
		}
		return l.Intake.Take(ctx, a, events, nil)
	})
	switch cause := context.Cause(ctx); {
	case cause == nil:
		err = withoutStream(conn, err)
	case !errors.Is(cause, context.Canceled):
		err = cause
	}
	if err == nil && ctx.Err() == nil {
		err = &channel.Trouble{Deed: channel.Again, Message: "the live line to the other side ended"}
	}
	return l.Book.Now(), err
}

// fetch reads everything since the cursor, page by page, each stored with its cursor.
func (l *Lines) fetch(ctx context.Context, a account.Account, conn channel.Conn, last *time.Time, live bool) (time.Duration, error) {
	poll := l.Poll
	if poll == 0 {
		poll = 20 * time.Second
	}
	f, ok := conn.(channel.Fetcher)
	if !ok {
		return time.Hour, l.Book.Well(ctx, a.ID, live)
	}
	cursor, err := account.Cursor(ctx, l.Book.Store.Read(), a.ID)
	if err != nil {
		return 0, err
	}
	for ctx.Err() == nil {
		call, cancel := context.WithTimeout(ctx, callLimit)
		page, err := f.Fetch(call, cursor)
		cancel()
		if err != nil {
			return 0, err
		}
		if !page.Gap.IsZero() { // before the cursor moves on: it is told once
			if err := l.Book.Lost(ctx, a.ID, page.Gap); err != nil {
				return 0, err
			}
		}
		if err := l.Intake.Take(ctx, a, page.Events, &page.Next); err != nil {
			return 0, err
		}
		if page.Poll > 0 {
			poll = page.Poll
		}
		if stuck := page.More && page.Next == cursor && len(page.Events) == 0; !page.More || stuck {
			break
		}
		cursor = page.Next
	}
	*last = l.Book.Now()
	if err := l.Book.Well(ctx, a.ID, live); err != nil {
		return 0, err
	}
	l.recheck(ctx, a.ID)
	if w, ok := conn.(channel.Watcher); ok {
		l.reread(ctx, a, w)
	}
	return poll, ctx.Err()
}

// recheck asks the far side who we are, once a day, and more often while something keeps the account from speaking.
func (l *Lines) recheck(ctx context.Context, id account.ID) {
	a, err := account.One(ctx, l.Book.Store.Read(), id)
	if err != nil || l.Book.Now().Sub(a.CheckedAt) < tokenCheck && !doubted(a, l.Book.Now()) {
		return
	}
	if _, err := l.Book.Recheck(ctx, id); err != nil && ctx.Err() == nil {
		l.Intake.Log.Warn("an account could not be checked", "account", id.String(), "error", err)
	}
}

// doubted reports whether it is time to ask if an account may speak again.
func doubted(a account.Account, now time.Time) bool {
	return a.Mute != nil && !a.Mute.NextTry.After(now) && a.CheckedAt.Before(a.Mute.NextTry)
}
