package bench

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// newScheduler returns a scheduler with everything on that a production has:
// panics are recovered, instances counted, misfires checked, and a listener
// counts the outcomes.
func newScheduler(b *testing.B) (s *carillon.Scheduler, outcomes *atomic.Int64) {
	b.Helper()
	s, err := carillon.New(carillon.Config{
		Logger:      slog.New(slog.DiscardHandler),
		JobDefaults: carillon.JobDefaults{MisfireGrace: time.Hour},
	})
	if err != nil {
		b.Fatal(err)
	}
	outcomes = new(atomic.Int64)
	if _, err := s.AddListener(func(messages.Event) { outcomes.Add(1) }, messages.MaskOutcomes); err != nil {
		b.Fatal(err)
	}
	return s, outcomes
}

// withResident returns a scheduler that is started, with so many jobs that are
// due later.
func withResident(b *testing.B, jobs int) (s *carillon.Scheduler, later time.Time) {
	b.Helper()
	s, _ = newScheduler(b)
	if err := s.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	later = time.Now().Add(24 * time.Hour)
	if _, err := s.AddJobs(b.Context(), oneShots(jobs, later, time.Millisecond, idle)); err != nil {
		b.Fatal(err)
	}
	return s, later
}

// oneShots returns n jobs that run once, spacing apart.
func oneShots(n int, first time.Time, spacing time.Duration, run carillon.Func) []carillon.Job {
	jobs := make([]carillon.Job, n)
	for i := range jobs {
		at := first.Add(time.Duration(i) * spacing)
		jobs[i] = carillon.Job{ID: "job-" + strconv.Itoa(i), Call: run, Trigger: triggers.At(at)}
	}
	return jobs
}

func idle(context.Context) error { return nil }

var sizes = []int{1_000, 10_000, 100_000, 1_000_000}

func perSize(b *testing.B, f func(b *testing.B, n int)) {
	for _, n := range sizes {
		b.Run("jobs="+strconv.Itoa(n), func(b *testing.B) { f(b, n) })
	}
}

func shutdown(b *testing.B, s *carillon.Scheduler) {
	if err := s.Shutdown(b.Context()); err != nil {
		b.Error(err)
	}
}
