package postgres_test

import (
	"context"
	"log/slog"
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
