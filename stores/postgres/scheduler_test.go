package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/triggers"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// scheduler starts a scheduler on the store, until the test ends.
func scheduler(t testing.TB, dsn string, lease time.Duration, tasks ...job.AnyTask) *carillon.Scheduler {
	t.Helper()
	s, err := carillon.New(carillon.Config{
		Tasks:              carillon.NewTasks(tasks...),
		Stores:             carillon.Stores{"default": postgres.Open(dsn)},
		Lease:              lease,
		StoreRetryInterval: 100 * time.Millisecond,
		Logger:             slog.New(slog.DiscardHandler),
	})
	must(t, err)
	must(t, s.Start(within(t, time.Minute)))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = s.Shutdown(ctx) // whose store may be out of reach
	})
	return s
}

// Two schedulers share the work, and each job runs once.
func TestSchedulersShare(t *testing.T) {
	db := testserver.Postgres(t)
	const jobs = 300
	var mu sync.Mutex
	ran := map[string]int{}
	all := make(chan struct{})
	work := carillon.NewTask("work", func(ctx context.Context, id string) error {
		mu.Lock()
		defer mu.Unlock()
		if ran[id]++; len(ran) == jobs && ran[id] == 1 {
			close(all)
		}
		return nil
	})
	a, b := scheduler(t, db.DSN, 0, work), scheduler(t, db.DSN, 0, work)
	ctx := within(t, time.Minute)
	for i := range jobs {
		id := fmt.Sprint("job ", i)
		_, err := []*carillon.Scheduler{a, b}[i%2].AddJob(ctx, work.With(id), triggers.At(time.Now()), carillon.Job{ID: id})
		must(t, err)
	}
	select {
	case <-all:
	case <-ctx.Done():
		t.Fatalf("%d of %d jobs have run", len(ran), jobs)
	}
	must(t, a.Shutdown(ctx))
	must(t, b.Shutdown(ctx))
	for id, n := range ran {
		if n != 1 {
			t.Errorf("%s has run %d times", id, n)
		}
	}
}

// A scheduler that only works off runs what another one adds, without being
// asked: it hears of it.
func TestWorkerHears(t *testing.T) {
	db := testserver.Postgres(t)
	ran := make(chan struct{})
	work := carillon.NewTask("work", func(context.Context, struct{}) error { close(ran); return nil })
	scheduler(t, db.DSN, time.Hour, work) // it looks by itself each 20 minutes
	other := scheduler(t, db.DSN, time.Hour)
	ctx := within(t, 30*time.Second)
	_, err := other.AddJob(ctx, work.With(struct{}{}), triggers.At(time.Now()), carillon.Job{ID: "a"})
	must(t, err)
	select {
	case <-ran:
	case <-ctx.Done():
		t.Error("the worker does not run it")
	}
}

// A run whose scheduler is cut off is taken over, as the next attempt; the one
// that is cut off gives it up.
func TestSchedulerIsCutOff(t *testing.T) {
	db := testserver.Postgres(t)
	line := testserver.Proxy(t, db.Address)
	attempts, gaveUp := make(chan int, 2), make(chan struct{})
	work := carillon.NewTask("work", func(ctx context.Context, _ struct{}) error {
		run, _ := carillon.FromContext(ctx)
		attempts <- run.Attempt
		if run.Attempt == 1 {
			<-ctx.Done()
			close(gaveUp)
		}
		return ctx.Err()
	})
	ctx := within(t, time.Minute)
	first := scheduler(t, db.DSNAt(line.Address), time.Second, work)
	_, err := first.AddJob(ctx, work.With(struct{}{}), triggers.At(time.Now()), carillon.Job{ID: "a", Delivery: carillon.AtLeastOnce})
	must(t, err)
	<-attempts
	scheduler(t, db.DSN, time.Second, work)
	line.Stall()
	for what, happened := range map[string]func() bool{
		"is not taken over": func() bool { return waitFor(ctx, attempts) == 2 },
		"is not given up":   func() bool { waitFor(ctx, gaveUp); return ctx.Err() == nil },
	} {
		if !happened() {
			t.Error("the run", what)
		}
	}
	line.Cut()
}

func waitFor[T any](ctx context.Context, c <-chan T) (v T) {
	select {
	case v = <-c:
	case <-ctx.Done():
	}
	return v
}
