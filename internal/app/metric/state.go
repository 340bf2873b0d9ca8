package metric

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/delivery"
)

// state tells how things stand when it is asked: what waits, how the accounts are, who listens.
type state struct {
	app                                         *app.App
	jobs, deliveries, accounts, streams, failed *prometheus.Desc
}

func newState(a *app.App) *state {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(space+"_"+name, help, labels, nil)
	}
	return &state{a,
		desc("jobs", "Jobs that wait or run, of all nodes; discarded: in quarantine.", "state"),
		desc("deliveries_waiting", "Deliveries that have not ended well, of all nodes.", "state"),
		desc("accounts", "Connected accounts by how well they are.", "channel", "health"),
		desc("live_streams", "Browsers that hear the live feed from this node."),
		desc("figures_missing", "How many of the groups of figures that come from the database could not be had for this answer.")}
}

// Describe tells Prometheus which figures there are.
func (s *state) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.jobs, s.deliveries, s.accounts, s.streams, s.failed} {
		out <- d
	}
}

// askLimit is how long the database may take; what is not there then is left out, and counted as missing.
const askLimit = 5 * time.Second

// Collect asks how things stand.
func (s *state) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	gauge := func(d *prometheus.Desc, v int, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), labels...)
	}
	missing := 0
	jobs, err := s.app.Jobs.Waiting(ctx)
	if err != nil {
		missing, jobs = missing+1, nil
	}
	for name, n := range jobs {
		gauge(s.jobs, n, name)
	}
	waiting, err := delivery.Waiting(ctx, s.app.Store.Read())
	if err != nil {
		missing, waiting = missing+1, nil
	}
	for name, n := range waiting {
		gauge(s.deliveries, n, string(name))
	}
	list, err := account.All(ctx, s.app.Store.Read())
	if err != nil {
		missing++
	}
	for k, n := range byHealth(list) {
		gauge(s.accounts, n, k.channel, k.health)
	}
	gauge(s.streams, s.app.API.Streams())
	gauge(s.failed, missing)
}

type kind struct{ channel, health string }

// byHealth counts accounts; one that is stopped is paused, however well it is.
func byHealth(list []account.Account) map[kind]int {
	out := map[kind]int{}
	for _, a := range list {
		health := string(a.State)
		if !a.StoppedAt.IsZero() {
			health = "paused"
		}
		for _, h := range []string{string(account.Active), string(account.Reconnect), string(account.Trouble), "paused"} {
			out[kind{a.Channel, h}] += 0
		}
		out[kind{a.Channel, health}]++
	}
	return out
}
