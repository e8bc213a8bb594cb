package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/metrics"
)

// The collector is made before the scheduler is started. A handler of package
// promhttp serves what it has counted.
func ExampleNew() {
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC, Logger: slog.New(slog.DiscardHandler)})
	check(err)
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics.New(s, metrics.Config{}))
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})

	_, err = s.Every(time.Minute, func(ctx context.Context) error { return errors.New("disk full") }, carillon.Job{ID: "backup"})
	check(err)
	ctx := context.Background()
	check(s.Start(ctx))
	check(clocktest.Advance(ctx, s, clock, 5*time.Minute))

	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(answer.Body.String()) {
		if strings.HasPrefix(line, "carillon_runs_total") {
			fmt.Print(line)
		}
	}
	check(s.Shutdown(ctx))
	// Output:
	// carillon_runs_total{outcome="executed",task="backup"} 0
	// carillon_runs_total{outcome="failed",task="backup"} 5
	// carillon_runs_total{outcome="lost",task="backup"} 0
	// carillon_runs_total{outcome="missed",task="backup"} 0
	// carillon_runs_total{outcome="skipped",task="backup"} 0
}

// Runs are told apart by what the program knows of them.
func ExampleConfig() {
	s, err := carillon.New(carillon.Config{})
	check(err)
	c := metrics.New(s, metrics.Config{
		Label:           func(run *carillon.Run) string { return run.Executor },
		DurationBuckets: []float64{1, 10, 100},
	})
	prometheus.WrapRegistererWith(prometheus.Labels{"scheduler": "mail"}, prometheus.NewRegistry()).MustRegister(c)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
