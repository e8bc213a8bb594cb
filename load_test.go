package carillon_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// TestManyDueAtOnce has very many jobs due at one instant: each is run once.
func TestManyDueAtOnce(t *testing.T) {
	many := 100_000
	if testing.Short() {
		many = 10_000
	}
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	c := clocktest.NewClock(start)
	r := newFakeRig(t, c, c, carillon.Config{})
	runs := make([]atomic.Int32, many)
	jobs := make([]carillon.Job, many)
	at := triggers.At(start.Add(time.Minute))
	for i := range jobs {
		jobs[i] = carillon.Job{ID: fmt.Sprint("job ", i), Trigger: at,
			Call: carillon.Func(func(context.Context) error { runs[i].Add(1); return nil })}
	}
	r.start()
	_, err := r.AddJobs(patience(t), jobs)
	r.must(err)
	r.pass(time.Minute)
	r.shutdown()
	for i := range jobs {
		if n := runs[i].Load(); n != 1 {
			t.Fatalf("job %d has run %d times", i, n)
		}
	}
	if n := len(r.outcomes); n != many {
		t.Errorf("%d jobs have had an outcome", n)
	}
	for id := range r.outcomes {
		if n := r.checkOutcomes(id, 0, carillon.Executed); n != 1 {
			t.Fatalf("%s has had %d outcomes", id, n)
		}
	}
}

// TestManyJobs keeps a million jobs: each takes no more memory than it is
// allowed, and those that are due are found among the others.
func TestManyJobs(t *testing.T) {
	if testing.Short() {
		t.Skip("a million jobs take a while")
	}
	const many, batch, allowed = 1_000_000, 10_000, 400 // bytes
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	c := clocktest.NewClock(start)
	s, err := carillon.New(carillon.Config{Clock: c, Location: time.UTC, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	must(s.Start(ctx))
	var runs, outcomes atomic.Int64
	_, err = s.AddListener(func(carillon.Event) { outcomes.Add(1) }, messages.MaskOutcomes)
	must(err)
	call := carillon.Func(func(context.Context) error { runs.Add(1); return nil })

	before := heap()
	for first := 0; first < many; first += batch {
		jobs := make([]carillon.Job, batch)
		for i := range jobs {
			n := first + i
			jobs[i] = carillon.Job{ID: fmt.Sprint("job ", n), Call: call, Trigger: triggers.At(start.Add(time.Duration(n%1000) * time.Hour))}
		}
		_, err := s.AddJobs(ctx, jobs)
		must(err)
	}
	each := (heap() - before) / many
	t.Logf("a job takes %d bytes", each)
	if each > allowed {
		t.Errorf("a job takes %d bytes", each)
	}
	must(clocktest.Advance(ctx, s, c, time.Hour))
	if n := runs.Load(); n != 2*many/1000 { // those of the start, and of an hour later
		t.Errorf("%d runs in an hour", n)
	}
	must(clocktest.Advance(ctx, s, c, 9*time.Hour))
	if n := runs.Load(); n != 11*many/1000 || n != outcomes.Load() {
		t.Errorf("%d runs and %d outcomes in ten hours", n, outcomes.Load())
	}
	must(s.Shutdown(ctx))
}

// heap returns how much memory is in use.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
