package store

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// The wake-ups. A wake-up says "look", never what: it may be lost or doubled, so whoever waits for one also looks by itself
// now and then, and after each reconnection everybody is woken.

type bus struct {
	mu   sync.Mutex
	ears map[string]map[chan struct{}]bool
}

// Wake wakes those who Hear topic, on every node, once t has committed.
func (t *Tx) Wake(topic string) {
	if !slices.Contains(t.topics, topic) {
		t.topics = append(t.topics, topic)
	}
}

func (t *Tx) notify(ctx context.Context) error {
	if len(t.topics) == 0 {
		return nil
	}
	if t.s.Dialect == SQLite {
		t.After(func() {
			for _, topic := range t.topics {
				t.s.bus.wake(topic)
			}
		})
		return nil
	}
	_, err := t.tx.ExecContext(ctx, `SELECT pg_notify('switchboard', $1)`, strings.Join(t.topics, " "))
	return err
}

// Hear returns a channel that gets a value after something woke topic, and what ends that.
func (s *Store) Hear(topic string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	if s.bus.ears == nil {
		s.bus.ears = map[string]map[chan struct{}]bool{}
	}
	if s.bus.ears[topic] == nil {
		s.bus.ears[topic] = map[chan struct{}]bool{}
	}
	s.bus.ears[topic][c] = true
	return c, func() {
		s.bus.mu.Lock()
		defer s.bus.mu.Unlock()
		delete(s.bus.ears[topic], c)
	}
}

func (b *bus) wake(topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.ears[topic] {
		select {
		case c <- struct{}{}:
		default: // it has one waiting
		}
	}
}

func (b *bus) wakeAll() {
	b.mu.Lock()
	topics := make([]string, 0, len(b.ears))
	for t := range b.ears {
		topics = append(topics, t)
	}
	b.mu.Unlock()
	for _, t := range topics {
		b.wake(t)
	}
}

// listen passes PostgreSQL's notifications on, until ctx ends; it reconnects by itself.
func (s *Store) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.listenOnce(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("the line that wakes this node broke; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (s *Store) listenOnce(ctx context.Context) error {
	c, err := pgx.Connect(ctx, s.dsn)
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, `LISTEN switchboard`); err != nil {
		return err
	}
	s.bus.wakeAll() // something may have happened while nobody listened
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		for _, topic := range strings.Fields(n.Payload) {
			s.bus.wake(topic)
		}
	}
}
