package redis_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/triggers"
)

// Two schedulers share a store: a job that one of them gets is run by either of
// them, each time once.
func TestSchedulers(t *testing.T) {
	db := testserver.Redis(t)
	const times = 20
	var mu sync.Mutex
	ran := map[time.Time]int{}
	enough := make(chan struct{})
	tick := carillon.NewTask("tick", func(ctx context.Context, _ int) error {
		run, _ := carillon.FromContext(ctx)
		mu.Lock()
		defer mu.Unlock()
		ran[run.Scheduled]++
		if len(ran) == times {
			close(enough)
		}
		return nil
	})
	start := func() *carillon.Scheduler {
		s, err := carillon.New(carillon.Config{
			Tasks:  carillon.NewTasks(tick),
			Stores: carillon.Stores{"default": redis.Open(db.DSN)},
			Logger: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, b := start(), start()
	job, err := a.AddJob(t.Context(), tick.With(1), triggers.Must(triggers.Every(50*time.Millisecond)), carillon.Job{})
	if err != nil {
		t.Fatal(err)
	}
	late := make(chan struct{})
	timer := clock.Real().AfterFunc(60*time.Second, func() { close(late) })
	defer timer.Stop()
	select {
	case <-enough:
	case <-late:
		t.Error("the job does not run often enough")
	}
	if jobs, err := b.Jobs(t.Context()); err != nil || len(jobs) != 1 || jobs[0].ID != job.ID {
		t.Errorf("the other scheduler has %v, %v", jobs, err)
	}
	if err := b.RemoveJob(t.Context(), job.ID); err != nil {
		t.Error(err)
	}
	for _, s := range []*carillon.Scheduler{a, b} {
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for at, n := range ran {
		if n != 1 {
			t.Errorf("%v ran %d times", at, n)
		}
	}
	if n := dial(t, db.DSN).HLen(t.Context(), "{carillon}:runs").Val(); n != 0 {
		t.Errorf("%d runs are unfinished after the shutdown", n)
	}
}
