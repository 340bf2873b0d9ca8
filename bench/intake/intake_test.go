// Package intake measures how many messages a second are taken in, everything included: normalise, dedupe, contact, triage,
// routing, clocks, journal, raw form, commit; the full text follows meanwhile. See bench/README.md.
package intake

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/store/storetest"
)

var texts = []string{
	"My parcel has not arrived and it was due on Monday, can you look into order 48213 please?",
	"Wo bleibt meine Rechnung? Ich brauche sie für die Steuer.",
	"Love the new app, great work!",
	"I'm a journalist at the Evening Post, who can I talk to about the recall?",
	"The login button does nothing since the last update, I tried three browsers and two phones",
	"Bonjour, je voudrais un devis pour 200 chaises de bureau",
	"Do you have any openings for a Go developer in Berlin?",
	"You charged me twice for the same invoice, please refund one of them",
}

func BenchmarkSQLite(b *testing.B)   { intake(b, "sqlite", storetest.SQLite(b)) }
func BenchmarkPostgres(b *testing.B) { intake(b, "postgres", storetest.Durable(b)) }

// intake gives b.N messages to Take from 64 callers at a time, eight a call, as pages of a poll or webhooks in a burst: seven
// in ten are of people who wrote before, in their conversation.
func intake(b *testing.B, name, dsn string) {
	h := apptest.Open(b, dsn, app.Options{})
	acc := []account.Account{h.Account(b, "hook", "@acme"), h.Account(b, "hook", "@acme_help")}
	const callers, each = 64, 8
	b.ResetTimer()
	start := time.Now()
	var wg sync.WaitGroup
	work := make(chan int, callers)
	for range callers {
		wg.Go(func() {
			for n := range work {
				events := make([]channel.Event, 0, each)
				for k := n; k < min(n+each, b.N); k++ {
					events = append(events, message(k))
				}
				if err := h.Intake.Take(b.Context(), acc[n/each%2], events, nil); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	for n := 0; n < b.N; n += each {
		work <- n
	}
	close(work)
	wg.Wait()
	rate := float64(b.N) / time.Since(start).Seconds()
	b.ReportMetric(rate, "messages/s")
	if b.N < 1000 {
		return // the run that finds out how long one takes
	}
	sheet := &figure.Sheet{Name: "intake-" + name, Command: fmt.Sprintf("go test ./bench/intake -run '^$' -bench %s -benchtime %dx", b.Name()[len("Benchmark"):], b.N)}
	sheet.Add("messages a second taken in, everything included", fmt.Sprintf("%.0f/s", rate), ">= 3,000/s")
	sheet.Write(b)
}

func message(k int) channel.Event {
	at := time.Now()
	who := k
	if k%10 >= 3 {
		who = k / 20 // somebody who wrote before
	}
	id := fmt.Sprintf("m%09d", k)
	return channel.Event{Kind: channel.Said, RemoteID: id, At: at, Raw: []byte(`{"id":"` + id + `","content":"` + texts[k%len(texts)] + `","visibility":"public","created_at":"2026-11-21T10:00:00Z"}`),
		Message: channel.Message{RemoteID: id, URI: "https://social.example/" + id, ThreadID: fmt.Sprintf("t%d", who), Kind: channel.Post,
			From: channel.Identity{RemoteID: fmt.Sprintf("https://social.example/u/%d", who), Handle: fmt.Sprintf("@u%d@social.example", who), Name: fmt.Sprintf("User %d", who), Followers: 120},
			Text: texts[k%len(texts)] + fmt.Sprintf(" (%d)", k), At: at}}
}
