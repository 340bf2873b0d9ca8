package board_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/board"
)

// lines are what was logged.
type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *lines) hold(part string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.all.String(), part)
}

// When the end of the journal can't be read at the start, what was written long ago is not news afterwards.
func TestWhatWasBeforeTheStartIsNoNews(t *testing.T) {
	house(t, func(t *testing.T, w *world) {
		for k := range 30 {
			w.says(t, 1, fmt.Sprintf("an ordinary matter number%d", k), 5*time.Minute)
		}
		w.says(t, 20, "my #kettleuno smells of burning", 20*time.Second)
		until(t, "the whole storm is one incident", func() bool {
			list := w.incidents(t, w.Boss)
			return len(list) == 1 && list[0].Conversations == 20
		})
		w.now.Add(time.Hour)
		if err := w.Board.EndQuiet(t.Context()); err != nil {
			t.Fatal(err)
		}
		do := func(statement string) {
			t.Helper()
			write, _ := w.Store.Pools()
			if _, err := write.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		log := &lines{}
		b := &board.Board{Store: w.Store, Staff: w.Staff, Desk: w.Desk, Now: w.now.Now, Log: slog.New(slog.NewTextHandler(log, nil))}
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		defer all.Wait()
		defer stop()
		do(`ALTER TABLE journal RENAME TO hidden`)
		all.Go(func() { b.Follow(ctx) })
		until(t, "it finds no journal", func() bool { return log.hold("tried again") })
		do(`ALTER TABLE hidden RENAME TO journal`)
		time.Sleep(3 * time.Second)
		var n int
		if err := w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM incident`).Scan(&n); err != nil || n != 1 {
			t.Errorf("there are %d incidents, of which one was, %v", n, err)
		}
	})
}
