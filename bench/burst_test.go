package bench

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// How fast do many due jobs run? All of them are due when the clock starts:
// at one instant, or at instants of their own within the past second (equal
// times flatter a heap). The figure is up to the start of the last run.

func BenchmarkBurstOneInstant(b *testing.B) {
	perSize(b, func(b *testing.B, n int) { burst(b, n, 0) })
}

func BenchmarkBurstDistinctInstants(b *testing.B) {
	perSize(b, func(b *testing.B, n int) { burst(b, n, time.Second/time.Duration(n)) })
}

func burst(b *testing.B, n int, spacing time.Duration) {
	var running time.Duration
	for range b.N {
		running += oneBurst(b, n, spacing)
	}
	b.ReportMetric(float64(n)*float64(b.N)/running.Seconds(), "runs/s")
	b.ReportMetric(0, "ns/op")
}

func oneBurst(b *testing.B, n int, spacing time.Duration) time.Duration {
	s, outcomes := newScheduler(b)
	defer shutdown(b, s)
	if err := s.StartPaused(b.Context()); err != nil {
		b.Fatal(err)
	}
	var left atomic.Int64
	left.Store(int64(n))
	ended := make(chan time.Time, 1)
	run := func(context.Context) error {
		if left.Add(-1) == 0 {
			ended <- time.Now()
		}
		return nil
	}
	if _, err := s.AddJobs(b.Context(), oneShots(n, time.Now().Add(-time.Second), spacing, run)); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := s.Resume(b.Context()); err != nil {
		b.Fatal(err)
	}
	took := (<-ended).Sub(began)
	if err := s.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	if got := outcomes.Load(); got != int64(n) {
		b.Fatalf("%d outcomes of %d runs", got, n)
	}
	return took
}
