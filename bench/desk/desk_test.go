// Package desk measures deeds: a backlog handed out, an API key checked. See bench/README.md.
package desk

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

func BenchmarkBacklogSQLite(b *testing.B)   { backlog(b, "sqlite", storetest.SQLite(b)) }
func BenchmarkBacklogPostgres(b *testing.B) { backlog(b, "postgres", storetest.Durable(b)) }

const waiting = 25_000

// backlog hands out 25,000 conversations that stand in the operator's queue to twenty people who have room, and measures how
// long a stop in the middle of it takes.
func backlog(b *testing.B, name, dsn string) {
	h := apptest.Open(b, dsn, app.Options{})
	ctx := b.Context()
	r, err := h.Staff.Roster(ctx)
	if err != nil {
		b.Fatal(err)
	}
	d := r.Departments()[1].ID
	for k := range 20 {
		if err := h.Staff.Store.Tx(ctx, func(tx *store.Tx) error { return colleague(ctx, tx, h, d, k) }); err != nil {
			b.Fatal(err)
		}
	}
	time.Sleep(3 * time.Second) // the roster is looked at again after two
	stand(b, h, d)
	sheet := &figure.Sheet{Name: "backlog-" + name, Command: "go test ./bench/desk -run '^$' -bench " + b.Name()[len("Benchmark"):] + " -benchtime 1x"}
	b.ResetTimer()
	some, cancel := context.WithCancel(ctx)
	var stopped time.Time
	time.AfterFunc(300*time.Millisecond, func() { stopped = time.Now(); cancel() })
	first, err := h.Intake.HandOut(some, h.Boss, d)
	if err == nil || first == 0 {
		b.Fatalf("stopped in the middle: %d given out, %v", first, err)
	}
	sheet.Add("a stop in the middle of it takes", time.Since(stopped).Round(time.Millisecond).String(), "blocks nothing")
	start := time.Now()
	n, err := h.Intake.HandOut(ctx, h.Boss, d)
	if err != nil || n+first != waiting {
		b.Fatalf("%d and %d given out of %d, %v", first, n, waiting, err)
	}
	took := time.Since(start).Seconds() * waiting / float64(n)
	sheet.Add(fmt.Sprintf("a backlog of %d handed out", waiting), fmt.Sprintf("%.1f s", took), "< 10 s")
	b.ReportMetric(took, "s/backlog")
	sheet.Write(b)
}

func colleague(ctx context.Context, tx *store.Tx, h *apptest.House, d staff.DepartmentID, k int) error {
	id := h.Store.IDs.Next()
	if _, err := tx.ExecContext(ctx, `INSERT INTO person (id, name, email, password, role, state, zone, hours, skills, languages, capacity, here, epoch, created_at)
		SELECT $1, $2, $3, '', 'member', 'active', zone, hours, '[]', '[]', 0, 1, 0, created_at FROM person WHERE id = $4`,
		id, fmt.Sprintf("Colleague %d", k), fmt.Sprintf("c%d@acme.example", k), h.Boss.Person); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO membership (person, department) VALUES ($1, $2)`, id, d); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'staff version'`)
	tx.Wake(staff.Topic)
	return err
}

// stand lets 25,000 conversations stand in a queue.
func stand(b *testing.B, h *apptest.House, d staff.DepartmentID) {
	b.Helper()
	a := h.Shared(b)
	now := time.Now()
	for n := 0; n < waiting; n += 500 {
		err := h.Store.Tx(b.Context(), func(tx *store.Tx) error {
			var changes []desk.Change
			for k := range 500 {
				c := desk.Conversation{ID: desk.ConversationID(h.Store.IDs.Next()), Account: a.ID, Contact: 1, Thread: fmt.Sprint(n + k), State: desk.Open, Department: d,
					Intents: []string{"support"}, Needs: "must", Language: "en", Tags: []string{}, LastAt: now.Add(time.Duration(n+k) * time.Millisecond), OpenedAt: now,
					Clock: desk.Clock{Kind: desk.FirstResponse, Started: now, Warn: now.Add(time.Hour), Due: now.Add(2 * time.Hour), State: desk.Running}}
				changes = append(changes, desk.Change{Is: c})
			}
			return desk.Save(b.Context(), tx, changes...)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKey measures what an API key costs beyond the call itself: the same call with a key and without anybody.
func BenchmarkKey(b *testing.B) {
	h := apptest.Open(b, storetest.SQLite(b), app.Options{})
	_, secret, err := h.Staff.MakeKey(b.Context(), h.Boss, "bench", []staff.Scope{staff.Read})
	if err != nil {
		b.Fatal(err)
	}
	handler := h.API.Handler()
	call := func(key string) {
		r := httptest.NewRequest(http.MethodGet, "/api/session", nil)
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	for range 200 {
		call(secret)
		call("")
	}
	b.ResetTimer()
	with, without := figure.Of(5000, func(int) { call(secret) }), figure.Of(5000, func(int) { call("") })
	sheet := &figure.Sheet{Name: "key", Command: "go test ./bench/desk -run '^$' -bench Key -benchtime 1x"}
	sheet.Add("a call with an API key, beyond the same call without", (with.At(50)-without.At(50)).String()+" (median)", "< 0.2 ms")
	sheet.Write(b)
}
