package everystore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// TestFiltered has two schedulers share a store of which each knows the tasks of
// one half. Neither reports more than once that it cannot run a job of the
// other's, however often that runs.
func TestFiltered(t *testing.T) {
	onEach(t, testFiltered)
	t.Run("memory", func(t *testing.T) {
		testFiltered(t, engine{empty: func(*testing.T) stores.Opener { return memory.New().Open }})
	})
}

func testFiltered(t *testing.T, e engine) {
	const often = 40
	ctx, open := patient(t), e.empty(t)
	begin := time.Now().Add(50 * time.Millisecond)
	last := begin.Add((often - 1) * 25 * time.Millisecond)
	steady := triggers.Must(triggers.NewInterval(25*time.Millisecond, triggers.Options{Start: begin, End: last}))
	var schedulers [2]*carillon.Scheduler
	var done [2]chan struct{}
	for i := range schedulers {
		done[i] = make(chan struct{})
		work := carillon.NewTask(fmt.Sprint("work ", i), func(ctx context.Context, _ struct{}) error {
			if run, _ := carillon.FromContext(ctx); !run.Scheduled.Before(last.Truncate(time.Microsecond)) {
				close(done[i])
			}
			return nil
		})
		schedulers[i] = start(ctx, t, carillon.Config{
			Tasks:       carillon.NewTasks(work),
			Stores:      carillon.Stores{"default": open},
			Lease:       time.Minute,
			JobDefaults: carillon.JobDefaults{Coalesce: carillon.All, MaxInstances: often},
		})
		_, err := schedulers[i].AddJob(ctx, work.With(struct{}{}), steady, carillon.Job{ID: fmt.Sprint("job ", i), NextRunTime: begin})
		must(t, err)
	}
	for i := range done {
		select {
		case <-done[i]:
		case <-ctx.Done():
			t.Fatal("the jobs do not run")
		}
	}
	for who, n := range told(ctx, t, schedulers[0]) {
		if n > 1 {
			t.Errorf("%s is recorded %d times", who, n)
		}
	}
	for _, s := range schedulers {
		must(t, s.Shutdown(ctx))
	}
}

// told returns how often it is recorded of each job that a scheduler has parked
// it.
func told(ctx context.Context, t *testing.T, s *carillon.Scheduler) map[string]int {
	t.Helper()
	times := map[string]int{}
	for r, err := range s.History(ctx, carillon.HistoryQuery{Outcomes: []carillon.Outcome{job.Parked}}) {
		must(t, err)
		times[r.JobID+" parked by "+r.Node]++
	}
	return times
}
