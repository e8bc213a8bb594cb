package everystore_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// TestShared has two schedulers work off what both of them add: each run time
// is run once, by either of them.
func TestShared(t *testing.T) {
	const once, often = 100, 20
	onEach(t, func(t *testing.T, e engine) {
		var mu sync.Mutex
		ran := map[string]int{}
		all := make(chan struct{})
		work := carillon.NewTask("work", func(ctx context.Context, _ struct{}) error {
			run, _ := carillon.FromContext(ctx)
			mu.Lock()
			defer mu.Unlock()
			if ran[run.Key()]++; len(ran) == once+often && ran[run.Key()] == 1 {
				close(all)
			}
			return nil
		})
		ctx, open := patient(t), e.empty(t)
		var schedulers [2]*carillon.Scheduler
		for i := range schedulers {
			schedulers[i] = start(ctx, t, carillon.Config{
				Tasks:       carillon.NewTasks(work),
				Stores:      carillon.Stores{"default": open},
				JobDefaults: carillon.JobDefaults{Coalesce: carillon.All, MaxInstances: often},
			})
		}
		begin := time.Now()
		steady := triggers.Must(triggers.NewInterval(50*time.Millisecond, triggers.Options{Start: begin, End: begin.Add((often - 1) * 50 * time.Millisecond)}))
		_, err := schedulers[0].AddJob(ctx, work.With(struct{}{}), steady, carillon.Job{ID: "steady", NextRunTime: begin})
		must(t, err)
		for i := range once {
			_, err := schedulers[i%2].AddJob(ctx, work.With(struct{}{}), triggers.At(begin), carillon.Job{ID: fmt.Sprint("job ", i)})
			must(t, err)
		}
		select {
		case <-all:
		case <-ctx.Done():
			t.Error("not all have run")
		}
		for _, s := range schedulers {
			must(t, s.Shutdown(ctx))
		}
		maps.DeleteFunc(ran, func(_ string, n int) bool { return n == 1 })
		if len(ran) > 0 {
			t.Errorf("run more than once: %v", ran)
		}
	})
}

// TestWorkerHears has a scheduler work off what another one adds, long before
// it would look by itself.
func TestWorkerHears(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		if !e.hears {
			t.Skip("it is polled: a third of the lease may pass")
		}
		ran := make(chan struct{})
		work := carillon.NewTask("work", func(context.Context, struct{}) error { close(ran); return nil })
		ctx, config := patient(t), carillon.Config{Stores: carillon.Stores{"default": e.empty(t)}, Lease: time.Hour}
		other := start(ctx, t, config)
		config.Tasks = carillon.NewTasks(work)
		start(ctx, t, config)
		_, err := other.AddJob(ctx, work.With(struct{}{}), triggers.At(time.Now()), carillon.Job{})
		must(t, err)
		select {
		case <-ran:
		case <-ctx.Done():
			t.Error("the worker does not run it")
		}
	})
}
