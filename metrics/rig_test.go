package metrics_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/metrics"
)

var start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// rig is a scheduler on a fake clock, with a collector.
type rig struct {
	*carillon.Scheduler
	*metrics.Collector
	t        *testing.T
	clock    *clocktest.Clock
	registry *prometheus.Registry
}

func newRig(t *testing.T, config carillon.Config, m metrics.Config) *rig {
	clock := clocktest.NewClock(start)
	config.Clock, config.Location, config.Logger = clock, time.UTC, slog.New(slog.DiscardHandler)
	s, err := carillon.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Scheduler: s, Collector: metrics.New(s, m), t: t, clock: clock, registry: prometheus.NewPedanticRegistry()}
	r.registry.MustRegister(r.Collector)
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) every(interval time.Duration, do carillon.Func, settings carillon.Job) {
	r.t.Helper()
	_, err := r.Every(interval, do, settings)
	r.must(err)
}

func (r *rig) start() {
	r.t.Helper()
	r.must(r.Start(r.t.Context()))
}

func (r *rig) pass(d time.Duration) {
	r.t.Helper()
	r.must(clocktest.Advance(r.t.Context(), r.Scheduler, r.clock, d))
}

func (r *rig) shutdown() {
	r.t.Helper()
	r.must(clocktest.Shutdown(r.t.Context(), r.Scheduler, r.clock))
}

// exposes compares metrics with the text that Prometheus would read of them.
func (r *rig) exposes(want string, names ...string) {
	r.t.Helper()
	if err := testutil.GatherAndCompare(r.registry, strings.NewReader(want), names...); err != nil {
		r.t.Error(err)
	}
}

// series calls f with the series of a metric that have the label.
func (r *rig) series(name, label, value string, f func(*dto.Metric)) {
	r.t.Helper()
	families, err := r.registry.Gather()
	if err != nil {
		r.t.Error(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.Metric {
			if labelOf(m, label) == value {
				f(m)
			}
		}
	}
}

func labelOf(m *dto.Metric, name string) string {
	for _, l := range m.Label {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

// value returns the sum of the series of a counter or gauge that have the label.
func (r *rig) value(name, label, value string) (sum float64) {
	r.t.Helper()
	r.series(name, label, value, func(m *dto.Metric) { sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() })
	return sum
}

func nothing(context.Context) error { return nil }

func fail(context.Context) error { return errors.New("no luck") }

// lasting returns a job that takes some time.
func lasting(d time.Duration) carillon.Func {
	return func(ctx context.Context) error { return carillon.Sleep(ctx, d) }
}
