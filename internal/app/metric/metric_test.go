package metric_test

import (
	"io"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/app/metric"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask reads the figures as Prometheus does.
func ask(t testing.TB, m *metric.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	b, err := io.ReadAll(w.Result().Body)
	must(t, err)
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, b)
	}
	return string(b)
}

func until(t testing.TB, m *metric.Metrics, line string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !strings.Contains(ask(t, m), line+"\n"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("there is no %q in\n%s", line, ask(t, m))
		}
	}
}

// A message comes in, is answered and is held: each is counted once, on both databases, and nothing tells whose it was.
func TestWhatHappensIsCountedAndNobodyIsNamed(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			var m *metric.Metrics
			h := apptest.Open(t, apptest.DSN(t, kind), app.Options{Watch: func(a *app.App) { m = metric.Watch(a, "1.2.3") }})
			a := h.Account(t, "hook", "@acme_marker")
			said := channel.Message{RemoteID: "marker-1", Kind: channel.Post, Text: "marker: where is my invoice?", At: time.Now().Add(-time.Minute),
				From: channel.Identity{RemoteID: "marker-kim", Handle: "@marker_kim", Name: "Marker Kim"}}
			must(t, h.Intake.Take(t.Context(), a, []channel.Event{{Kind: channel.Said, RemoteID: said.RemoteID, At: said.At, Message: said}}, nil))
			must(t, h.Intake.Take(t.Context(), a, []channel.Event{{Kind: channel.Said, RemoteID: said.RemoteID, At: said.At, Message: said}}, nil)) // a repeat is no message
			until(t, m, `switchboard_messages_taken_total{channel="hook"} 1`)
			until(t, m, `switchboard_intake_lag_seconds_count{channel="hook"} 1`)
			until(t, m, `switchboard_accounts{channel="hook",health="trouble"} 1`) // its settings are empty
			if by := regexp.MustCompile(`switchboard_decisions_total\{by="(rule|map|model|operator)"\} 1\n`); !by.MatchString(ask(t, m)) {
				t.Errorf("no decision was counted:\n%s", ask(t, m))
			}
			member := h.Boss
			list, err := h.Desk.List(t.Context(), h.Boss, desk.Query{View: "all", State: desk.Open, Limit: 10})
			must(t, err)
			d, err := h.Delivery.Reply(t.Context(), member, list.Rows[0].ID, delivery.Draft{Text: "marker: soon", Undo: time.Minute})
			must(t, err)
			until(t, m, `switchboard_deliveries_total{state="queued"} 1`)
			until(t, m, `switchboard_deliveries_waiting{state="queued"} 1`)
			until(t, m, `switchboard_jobs{state="scheduled"} 1`)
			_, err = h.Delivery.Cancel(t.Context(), member, d.ID)
			must(t, err)
			until(t, m, `switchboard_deliveries_total{state="cancelled"} 1`)
			must(t, h.Book.Stop(t.Context(), h.Boss, a.ID))
			until(t, m, `switchboard_accounts{channel="hook",health="paused"} 1`)
			w := httptest.NewRecorder()
			h.API.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/api/conversations/marker7?q=marker", nil))
			until(t, m, `switchboard_http_seconds_count{method="GET",route="/api/conversations/{id}",status="4xx"} 1`)
			h.API.Handler().ServeHTTP(w, httptest.NewRequest("MARKER", "/marker", nil))
			all := ask(t, m)
			if strings.Contains(strings.ToLower(all), "marker") || strings.Contains(all, account.ID(a.ID).String()) {
				t.Errorf("something is named in\n%s", all)
			}
			for _, name := range []string{"switchboard_database_write_seconds_count", "switchboard_live_streams 0", "switchboard_figures_missing 0", `switchboard_info{version="1.2.3"} 1`,
				"go_goroutines", "go_sql_wait_count_total", "process_resident_memory_bytes", "switchboard_intake_seconds_count", "switchboard_answer_seconds_count", "switchboard_database_standoffs_total"} {
				if !strings.Contains(all, name) {
					t.Errorf("there is no %s", name)
				}
			}
		})
	}
}

func TestEveryFigureIsInTheDocuments(t *testing.T) {
	var m *metric.Metrics
	apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{Watch: func(a *app.App) { m = metric.Watch(a, "1") }})
	text, err := os.ReadFile("../../../docs/metrics.md")
	must(t, err)
	for _, f := range regexp.MustCompile(`(?m)^# TYPE (switchboard_\w+)`).FindAllStringSubmatch(ask(t, m), -1) {
		if !strings.Contains(string(text), "`"+f[1]) {
			t.Errorf("docs/metrics.md does not say what %s is", f[1])
		}
	}
}

func TestNothingElseIsServedThere(t *testing.T) {
	var m *metric.Metrics
	apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{Watch: func(a *app.App) { m = metric.Watch(a, "1") }})
	for _, call := range [][2]string{{"GET", "/"}, {"GET", "/api/session"}, {"POST", "/metrics"}, {"GET", "/metrics/x"}} {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest(call[0], call[1], nil))
		if w.Code != 404 && w.Code != 405 {
			t.Errorf("%s %s: %d", call[0], call[1], w.Code)
		}
	}
}
