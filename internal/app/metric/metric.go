// Package metric gives figures of the running program to Prometheus, on a listener of its own.
//
// What never bends here: no label holds a name, a handle, an address, an id or anything else that is not one of a few words of ours;
// no figure tells a secret; what it costs to ask does not grow with what is kept. docs/metrics.md has every name.
package metric

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"switchboard/internal/app"
	"switchboard/internal/delivery"
	"switchboard/internal/intake"
)

const space = "switchboard"

// Metrics counts what happens on this node. Make it with Watch.
type Metrics struct {
	registry *prometheus.Registry

	messages  *prometheus.CounterVec
	lag       *prometheus.HistogramVec
	intake    prometheus.Observer
	decisions *prometheus.CounterVec
	moved     *prometheus.CounterVec
	answered  prometheus.Observer
	http      *prometheus.HistogramVec
	writes    *prometheus.HistogramVec
	standoffs prometheus.Counter
}

var (
	// quick are buckets for what takes milliseconds, in seconds; slow are for what people wait for.
	quick = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	slow  = []float64{60, 300, 900, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600}
	far   = []float64{.05, .1, .25, .5, 1, 2, 5, 10, 30, 60, 300, 900, 3600}
)

// Watch begins to count what happens in a. Call it once, before a is started.
func Watch(a *app.App, version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.messages = m.counters("messages_taken_total", "Messages that came in and are in the database.", "channel")
	m.lag = m.histograms("intake_lag_seconds", "From when a message was said, by the far side's clock, until it was in the database.", far, "channel")
	m.intake = m.histograms("intake_seconds", "From when events were handed to intake until they were in the database.", quick).WithLabelValues()
	m.decisions = m.counters("decisions_total", "Conversations that opened, by what decided whom they went to; operator: nothing was sure enough.", "by")
	m.moved = m.counters("deliveries_total", "Deliveries that came to a state.", "state")
	m.answered = m.histograms("answer_seconds", "How long contacts waited for an answer that was sent, by the wall clock.", slow).WithLabelValues()
	m.http = m.histograms("http_seconds", "Calls but the live feed's, by the pattern of their route.", quick, "method", "route", "status")
	m.writes = m.histograms("database_write_seconds", "Transactions that write, waiting for their turn included.", quick, "ended")
	m.standoffs = m.counters("database_standoffs_total", "Transactions that were begun again because two stood in each other's way.").WithLabelValues()
	m.hear(a)
	info := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: space, Name: "info", Help: "Always 1; the version is in its label.", ConstLabels: prometheus.Labels{"version": version}})
	info.Set(1)
	write, read := a.Store.Pools()
	m.registry.MustRegister(info, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(write, "write"), collectors.NewDBStatsCollector(read, "read"), newState(a))
	return m
}

func (m *Metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: space, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: space, Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(h)
	return h
}

// hear has the parts of a tell of what happens. Counters begin at nothing: one that is not there can't be seen to grow.
func (m *Metrics) hear(a *app.App) {
	for _, c := range a.Book.Channels() {
		m.messages.WithLabelValues(c.Name)
	}
	for _, by := range []string{"rule", "map", "model", "operator"} {
		m.decisions.WithLabelValues(by)
	}
	for _, s := range states {
		m.moved.WithLabelValues(string(s))
	}
	a.Intake.Took = m.took
	a.Delivery.Moved = func(d delivery.Delivery) { m.moved.WithLabelValues(string(d.State)).Inc() }
	a.Delivery.Answered = func(_ delivery.Delivery, waited time.Duration) { m.answered.Observe(waited.Seconds()) }
	a.API.Observe = func(method, route string, status int, took time.Duration) {
		m.http.WithLabelValues(method, route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
	}
	a.Store.Observe(func(took time.Duration, standoffs int, err error) {
		ended := "well"
		if err != nil {
			ended = "refused"
		}
		m.writes.WithLabelValues(ended).Observe(took.Seconds())
		m.standoffs.Add(float64(standoffs))
	})
}

// states are those a delivery comes to.
var states = []delivery.State{delivery.Held, delivery.Queued, delivery.Sending, delivery.Sent, delivery.Failed, delivery.Unknown, delivery.Cancelled}

func (m *Metrics) took(t intake.Taken) {
	for _, x := range t.Messages {
		m.messages.WithLabelValues(x.Channel).Inc()
		m.lag.WithLabelValues(x.Channel).Observe(x.Lag.Seconds())
	}
	for _, w := range t.Waits {
		m.intake.Observe(w.Seconds())
	}
	for _, by := range t.By {
		m.decisions.WithLabelValues(by).Inc()
	}
}
