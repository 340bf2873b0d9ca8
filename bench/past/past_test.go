// Package past measures what looks back: a month of a busy company, put through once more before a change of the
// responsibility map, and the scoreboard over it. The database is a real one, filled by intake. See bench/README.md.
package past

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/policy"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

const (
	days   = 30
	perDay = 10_000
	atOnce = 400
)

var texts = []string{
	"My parcel has not arrived and it was due on Monday, can you look into order 48213 please?",
	"Wo bleibt meine Rechnung? Ich brauche sie für die Steuer.",
	"Would be great if the app could export to a spreadsheet",
	"I'm a journalist at the Evening Post, who can I talk to about the recall?",
	"The login button does nothing since the last update, I tried three browsers and two phones",
	"Bonjour, je voudrais un devis pour 200 chaises de bureau",
	"Do you have any openings for a Go developer in Berlin?",
	"You charged me twice for the same invoice, please refund one of them",
}

func BenchmarkSQLite(b *testing.B)   { figures(b, "sqlite", storetest.SQLite(b)) }
func BenchmarkPostgres(b *testing.B) { figures(b, "postgres", storetest.Durable(b)) }

func figures(b *testing.B, name, dsn string) {
	now := clock.At(time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC))
	h := apptest.Open(b, dsn, app.Options{Now: now.Now})
	acc := h.Account(b, "hook", "@acme")
	for n := 0; n < days*perDay; n += 8 * atOnce {
		some(b, h, acc, now.Now(), n, min(8*atOnce, days*perDay-n))
		now.Add(8 * atOnce * 24 * time.Hour / perDay)
	}
	settle(b, h)
	b.ResetTimer()
	sheet := &figure.Sheet{Name: "past-" + name, Command: "go test ./bench/past -run '^$' -bench " + b.Name()[len("Benchmark"):] + " -benchtime 1x -timeout 1h"}
	m, err := h.Policy.Map(b.Context(), h.Boss)
	if err != nil {
		b.Fatal(err)
	}
	rows := m.Rows[:len(m.Rows)/2] // half of what departments answer falls to nobody
	began := time.Now()
	out, err := h.Policy.Rehearse(b.Context(), h.Boss, policy.Rehearsal{Rows: &rows, Days: days})
	if err != nil || out.Openings < days*perDay*95/100 {
		b.Fatalf("%d openings, %v", out.Openings, err)
	}
	sheet.Add(fmt.Sprintf("a replay of %d days at %d openings a day, before and after, read from the database", days, perDay), time.Since(began).Round(10*time.Millisecond).String(), "< 60 s")
	sheet.Note("%d openings, %d would move", out.Openings, out.Moves)
	for _, look := range []string{"the first", "the second"} {
		began = time.Now()
		board, err := h.Insight.Board(b.Context(), h.Boss, 90)
		if err != nil || board.Settled == 0 {
			b.Fatalf("%d settled, %v", board.Settled, err)
		}
		sheet.Add(fmt.Sprintf("the scoreboard of %d verdicts, %s look", board.Settled, look), time.Since(began).Round(100*time.Microsecond).String(), "")
	}
	sheet.Write(b)
}

// some takes messages in, each of somebody else.
func some(b *testing.B, h *apptest.House, a account.Account, at time.Time, from, n int) {
	var all sync.WaitGroup
	for first := from; first < from+n; first += atOnce {
		all.Go(func() {
			var events []channel.Event
			for k := first; k < min(first+atOnce, from+n); k++ {
				key := fmt.Sprintf("m%09d", k)
				events = append(events, channel.Event{Kind: channel.Said, RemoteID: key, At: at, Message: channel.Message{RemoteID: key, Kind: channel.Direct, Private: true,
					Text: texts[k%len(texts)] + " " + key, At: at, From: channel.Identity{RemoteID: "u" + key, Handle: "@u" + key, Name: "U " + key}}})
			}
			if err := h.Intake.Take(b.Context(), a, events, nil); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
}

// settle lets four of five decisions have been right, after ten minutes, and somebody have taken them in hand after four.
func settle(b *testing.B, h *apptest.House) {
	ctx := context.WithoutCancel(b.Context())
	const minute = int64(time.Minute / time.Microsecond)
	err := h.Store.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE verdict SET truth = decided, settled_at = at + $1 WHERE conversation % 5 <> 0`, 10*minute); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE conversation SET answered_at = opened_at + $1, claimed_at = opened_at + $2 WHERE id % 5 <> 0`, 10*minute, 4*minute)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}
