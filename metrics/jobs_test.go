package metrics_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/metrics"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// TestJobs has jobs in each state, one of which has been due for a while.
func TestJobs(t *testing.T) {
	r := newRig(t, carillon.Config{}, metrics.Config{})
	r.registry.MustRegister(metrics.NewJobs(r.Scheduler))
	r.every(time.Minute, nothing, carillon.Job{ID: "one"})
	r.every(time.Hour, nothing, carillon.Job{ID: "two"})
	r.every(time.Minute, nothing, carillon.Job{ID: "three", Paused: true})
	r.every(time.Minute, nothing, carillon.Job{ID: "four", Executor: "missing"})
	r.exposes(`
# HELP carillon_jobs Jobs in the stores, by their state.
# TYPE carillon_jobs gauge
carillon_jobs{state="parked"} 0
carillon_jobs{state="paused"} 0
carillon_jobs{state="pending"} 4
carillon_jobs{state="scheduled"} 0
`, "carillon_jobs")
	r.start()
	r.pass(90 * time.Second)
	r.must(r.Pause(t.Context()))
	r.pass(2 * time.Minute)
	r.exposes(`
# HELP carillon_jobs Jobs in the stores, by their state.
# TYPE carillon_jobs gauge
carillon_jobs{state="parked"} 1
carillon_jobs{state="paused"} 1
carillon_jobs{state="pending"} 0
carillon_jobs{state="scheduled"} 2
# HELP carillon_most_overdue_job_seconds How long the job has been due that has been due longest, of those that are scheduled; 0 if none is.
# TYPE carillon_most_overdue_job_seconds gauge
carillon_most_overdue_job_seconds 90
# HELP carillon_job_listings_failed_total Times that the jobs could not be read.
# TYPE carillon_job_listings_failed_total counter
carillon_job_listings_failed_total 0
`, "carillon_jobs", "carillon_most_overdue_job_seconds", "carillon_job_listings_failed_total")
	r.shutdown()
}

// unlisted is a store that does not list its jobs.
type unlisted struct{ stores.Store }

func (unlisted) List(context.Context, string, int) ([]carillon.Job, error) {
	return nil, errors.New("out of order")
}

// TestJobsUnlisted has a store fail: nothing is told of jobs, and everything else
// is.
func TestJobsUnlisted(t *testing.T) {
	open := func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := memory.New().Open(ctx, env)
		return unlisted{store}, err
	}
	r := newRig(t, carillon.Config{Stores: carillon.Stores{"default": open}}, metrics.Config{})
	jobs := metrics.NewJobs(r.Scheduler)
	r.registry.MustRegister(jobs)
	r.start()
	r.exposes(`
# HELP carillon_job_listings_failed_total Times that the jobs could not be read.
# TYPE carillon_job_listings_failed_total counter
carillon_job_listings_failed_total 1
`, "carillon_jobs", "carillon_most_overdue_job_seconds", "carillon_job_listings_failed_total")
	if n := testutil.CollectAndCount(r.Collector, "carillon_state"); n != 3 {
		t.Errorf("%d states are told of, want 3", n)
	}
	r.shutdown()
}

// hanging is a store that takes for ever to list its jobs.
type hanging struct{ stores.Store }

func (hanging) List(ctx context.Context, _ string, _ int) ([]carillon.Job, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

// TestJobsHang has a store that does not answer: the scrape goes on after a while.
func TestJobsHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open := func(ctx context.Context, env stores.Env) (stores.Store, error) {
			store, err := memory.New().Open(ctx, env)
			return hanging{store}, err
		}
		s, err := carillon.New(carillon.Config{Stores: carillon.Stores{"default": open}, Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			err = s.Start(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if n := testutil.CollectAndCount(metrics.NewJobs(s)); n != 1 {
			t.Errorf("%d series, want the failure alone", n)
		}
		if waited := time.Since(began); waited != 5*time.Second {
			t.Errorf("it has waited for %v", waited)
		}
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
