package main

import (
	"context"
	"net"

	"switchboard/internal/app"
	"switchboard/internal/app/metric"
	"switchboard/internal/config"
	"switchboard/internal/fault"
)

// figures serves the metrics where --metrics-listen says; without it, it does nothing. It is asked before the house is
// opened: watch goes into its options, and stop ends it.
func figures(ctx context.Context, c *config.Config) (watch func(*app.App), stop func(), err error) {
	if c.MetricsListen == "" {
		return nil, func() {}, nil
	}
	l, err := net.Listen("tcp", string(c.MetricsListen))
	if err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, "can't listen at "+string(c.MetricsListen)+" for metrics: stop what uses it, or choose another with --metrics-listen", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	log := logger(c)
	watch = func(a *app.App) {
		m := metric.Watch(a, version)
		go func() {
			if err := m.Serve(ctx, l, log); err != nil {
				log.Error("the metrics are served no more", "error", err)
			}
		}()
	}
	return watch, func() { cancel(); _ = l.Close() }, nil
}
