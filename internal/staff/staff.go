package staff

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// Topic is what wakes those who keep something about the staff in memory.
const Topic = "staff"

// Staff is the door to everything in this package. Set the exported fields before the first call; the methods may be called
// by several goroutines.
type Staff struct {
	Store *store.Store
	Now   func() time.Time
	Log   *slog.Logger

	// Retired is called in the transaction that retires a department: its conversations go to the other one.
	Retired func(ctx context.Context, tx *store.Tx, who Actor, from, to DepartmentID) error
	// Gone is called in the transaction that disables a person, or gives them a role that works on no conversations: what they
	// held goes back to its department.
	Gone func(ctx context.Context, tx *store.Tx, who Actor, p PersonID) error
	// Shifted is called in the transaction in which the hours or absences of a person change, 0: of everybody. Before it ends
	// the roster still says what was before.
	Shifted func(ctx context.Context, tx *store.Tx, p PersonID) error

	// Post writes to people about their way in; nil: nobody does.
	Post Post

	// Hashing is what a password costs; nil is 19 MiB and two rounds, which a modern core does in a few hundredths of a second.
	Hashing *argon2id.Params

	mu      sync.Mutex // held while the snapshot is read anew
	kept    atomic.Pointer[snapshot]
	news    atomic.Int64 // rises when something has changed, or may have
	once    sync.Once
	ear     <-chan struct{}
	guard   guard
	asks    guard          // for links to set a new password
	asked   []time.Time    // when letters were sent for them, under mu
	errands sync.WaitGroup // what is done after an answer
	dummy   func() string
	hashes  chan struct{}
	uses    uses
}

// start does what must be done once before anything else.
func (s *Staff) start() {
	s.once.Do(func() {
		s.ear, _ = s.Store.Hear(Topic)
		if s.Log == nil {
			s.Log = slog.Default()
		}
		s.asks.apart = true
		s.startHashing()
	})
}

// change runs f in a transaction in which nobody else changes the staff, and makes every node look again after it.
func (s *Staff) change(ctx context.Context, f func(tx *store.Tx) error) error {
	return s.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := raiseVersion(ctx, tx); err != nil {
			return err
		}
		tx.Wake(Topic)
		tx.After(func() { s.news.Add(1) })
		return f(tx)
	})
}

// shifted says that the times change at which p is at work; 0: everybody.
func (s *Staff) shifted(ctx context.Context, tx *store.Tx, p PersonID) error {
	if s.Shifted == nil {
		return nil
	}
	return s.Shifted(ctx, tx, p)
}

// tell writes to the journal in who's name. pairs is as for journal.Data.
func tell(ctx context.Context, tx *store.Tx, who Actor, what journal.What, about string, pairs ...any) error {
	if who.From != "" {
		pairs = append(pairs, "from", who.From)
	}
	if who.Key != 0 {
		pairs = append(pairs, "key", who.Key)
	}
	return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: what, About: about, Data: journal.Data(pairs...)})
}

// Run does what is done by the way, until ctx ends: it notes when keys were last used and removes what has expired.
func (s *Staff) Run(ctx context.Context) {
	s.start()
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			if err := s.NoteUses(last); err != nil {
				s.Log.Warn("when API keys were last used could not be noted", "error", err)
			}
			return
		case <-tick.C:
		}
		if err := s.NoteUses(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("when API keys were last used could not be noted", "error", err)
		}
		if err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("expired sessions and invitations could not be removed", "error", err)
		}
	}
}

// Tidy removes what has expired: sessions, known browsers, invitations and links to set a new password.
func (s *Staff) Tidy(ctx context.Context) error {
	return s.Store.Tx(ctx, func(tx *store.Tx) error { return removeExpired(ctx, tx, s.Now()) })
}
