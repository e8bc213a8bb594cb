package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
)

// TestRemoveExecutor removes an executor while its job runs: the job comes to its
// end. RemoveExecutor waits for it, DetachExecutor does not; the job's later
// times wait for an executor of that alias.
func TestRemoveExecutor(t *testing.T) {
	for _, row := range []struct {
		name   string
		remove func(*carillon.Scheduler, context.Context, string) error
		waits  bool
	}{
		{"RemoveExecutor", (*carillon.Scheduler).RemoveExecutor, true},
		{"DetachExecutor", (*carillon.Scheduler).DetachExecutor, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			config := carillon.Config{Executors: carillon.Executors{"own": pool.Open(pool.Config{})}}
			inBubble(t, config, func(t *testing.T, r *rig) {
				g, first := newGate(), true
				job := steady("job")
				job.Executor = "own"
				_, err := r.Every(time.Second, func(context.Context) error {
					if first {
						first = false
						g.pass()
					}
					return nil
				}, job)
				r.must(err)
				r.start()
				<-g.reached
				removed := make(chan error, 1)
				go func() { removed <- row.remove(r.Scheduler, context.Background(), "own") }()
				synctest.Wait()
				if waits := len(removed) == 0; waits != row.waits {
					t.Errorf("it waits: %v", waits)
				}
				r.pass(3 * time.Second)
				if n := r.total("job", carillon.Executed); n != 0 {
					t.Errorf("%d runs on an executor that was removed", n)
				}
				close(g.open)
				r.must(<-removed)
				synctest.Wait()
				if n := r.total("job", carillon.Executed); n != 1 {
					t.Errorf("%d runs were executed to their end, want 1", n)
				}
				if j, err := r.Job(context.Background(), "job"); err != nil || j.Parked == "" {
					t.Errorf("the job is %+v, %v; want it parked", j, err)
				}
				synctest.Wait() // for what the look at the job has brought to light
				if err := row.remove(r.Scheduler, context.Background(), "own"); !errors.Is(err, carillon.ErrUnknownExecutor) {
					t.Errorf("removed twice: %v", err)
				}

				r.must(r.AddExecutor(context.Background(), "own", pool.Open(pool.Config{})))
				r.pass(3 * time.Second)
				r.shutdown()
				if n := r.checkOutcomes("job", time.Second, carillon.Executed); n != 7 {
					t.Errorf("%d run times of 7 s have had their outcome", n)
				}
				r.checkTimeline(messages.MaskExecutorAdded|messages.MaskExecutorRemoved|messages.MaskJobParked,
					"ExecutorAdded", "ExecutorRemoved", "JobParked job", "ExecutorAdded")
			})
		})
	}
}

// TestRemoveExecutorFromJob removes a job's own executor: it does not wait for
// itself.
func TestRemoveExecutorFromJob(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		r.once("job", func(ctx context.Context) error { return r.RemoveExecutor(ctx, "default") })
		r.start()
		r.pass(time.Second)
		r.must(r.result("job").Err)
		r.shutdown()
	})
}

// TestRemoveStore removes a store while its job runs: the job comes to its end,
// its outcome is recorded in the store, and that is closed then. A store of the
// same alias that is added meanwhile is another one.
func TestRemoveStore(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		var operations []string
		open := hookedStore(memory.Open(), func(op string) error {
			if op == "finish" || op == "close" {
				operations = append(operations, op)
			}
			return nil
		})
		ctx := context.Background()
		r.must(r.AddStore(ctx, "own", open))
		old := newGate()
		_, err := r.AddJob(ctx, carillon.Func(func(context.Context) error { old.pass(); return nil }), nil, carillon.Job{ID: "old", Store: "own"})
		r.must(err)
		r.start()
		<-old.reached
		r.must(r.RemoveStore(ctx, "own"))
		if _, err := r.Job(ctx, "old", "own"); !errors.Is(err, carillon.ErrUnknownStore) {
			t.Errorf("a job of a store that was removed: %v", err)
		}
		if err := r.RemoveStore(ctx, "own"); !errors.Is(err, carillon.ErrUnknownStore) {
			t.Errorf("removed twice: %v", err)
		}

		r.must(r.AddStore(ctx, "own", memory.Open()))
		new := newGate()
		_, err = r.AddJob(ctx, carillon.Func(func(context.Context) error { new.pass(); return nil }), nil, carillon.Job{ID: "new", Store: "own"})
		r.must(err)
		<-new.reached
		close(new.open)
		synctest.Wait()
		if len(operations) != 0 {
			t.Errorf("the old store was asked to %v for the new one's job", operations)
		}
		close(old.open)
		synctest.Wait()
		if got := fmt.Sprint(operations); got != "[finish close]" {
			t.Errorf("the old store was asked to %v in the end", got)
		}
		for _, id := range []string{"old", "new"} {
			if outcome := r.result(id).Outcome; outcome != carillon.Executed {
				t.Errorf("job %q was %v", id, outcome)
			}
		}
		r.shutdown()
		r.checkTimeline(messages.MaskStoreAdded|messages.MaskStoreRemoved,
			"StoreAdded", "StoreAdded", "StoreRemoved", "StoreAdded")
	})
}

// TestRemoveStoreWhileOpening removes a store, and an executor, that is being
// opened: who adds it is told so.
func TestRemoveStoreWhileOpening(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		ctx := context.Background()
		r.start()
		g, h := newGate(), newGate()
		added := make(chan error, 2)
		go func() { added <- r.AddStore(ctx, "slow", g.at(memory.Open())) }()
		go func() {
			added <- r.AddExecutor(ctx, "slow", func(ctx context.Context, host executors.Host) (executors.Executor, error) {
				h.pass()
				return pool.Open(pool.Config{})(ctx, host)
			})
		}()
		<-g.reached
		<-h.reached
		r.must(r.RemoveStore(ctx, "slow"))
		r.must(r.DetachExecutor(ctx, "slow"))
		close(g.open)
		close(h.open)
		for range 2 {
			if err := <-added; err == nil {
				t.Error("what was removed has been added")
			}
		}
		r.shutdown()
	})
}

// TestExecutorAddedLater has jobs wait for their executor.
func TestExecutorAddedLater(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		job := steady("job")
		job.Executor = "later"
		_, err := r.Every(time.Second, nothing, job)
		r.must(err)
		r.add("other", nothing)
		r.start()
		r.pass(3 * time.Second)
		if n := r.total("other", carillon.Executed); n != 3 {
			t.Errorf("the other job has run %d times in 3 s", n)
		}
		r.must(r.AddExecutor(patience(t), "later", pool.Open(pool.Config{})))
		r.pass(2 * time.Second)
		r.shutdown()
		if n := r.checkOutcomes("job", time.Second, carillon.Executed); n != 5 {
			t.Errorf("%d run times of 5 s have had their outcome", n)
		}
		r.checkTimeline(messages.MaskJobParked, "JobParked job")
	})
}

// badExecutor panics where it is told to.
type badExecutor struct {
	executors.Executor
	in string
}

func (b *badExecutor) Execute(runs []carillon.Run) {
	if b.in == "Execute" {
		panic("boom")
	}
	b.Executor.Execute(runs)
}

func (b *badExecutor) Shutdown(ctx context.Context) error {
	if b.in == "Shutdown" {
		panic("boom")
	}
	return b.Executor.Shutdown(ctx)
}

func openBad(in func() string) executors.Opener {
	return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
		good, err := pool.Open(pool.Config{})(ctx, host)
		if in() == "Open" {
			panic("boom")
		}
		return &badExecutor{good, in()}, err
	}
}

// TestExecutorThatPanics has an executor panic on its first runs: they are Lost,
// those before and behind them are executed.
func TestExecutorThatPanics(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		ctx := patience(t)
		openings := 0
		r.must(r.AddExecutor(ctx, "bad", openBad(func() string {
			openings++
			if openings <= 2 { // asked twice for the first opening
				return "Execute"
			}
			return ""
		})))
		job := steady("job")
		job.Executor = "bad"
		_, err := r.Every(time.Second, nothing, job)
		r.must(err)
		r.start()
		r.pass(5 * time.Second)
		r.shutdown()
		if n := r.checkOutcomes("job", time.Second, carillon.Executed, carillon.Lost); n != 5 {
			t.Errorf("%d run times of 5 s have had their outcome", n)
		}
		if n := r.total("job", carillon.Lost); n != 1 {
			t.Errorf("%d runs are lost, want 1", n)
		}
		if err := r.results("job")[0].Err; !errors.Is(err, carillon.ErrLost) {
			t.Errorf("the lost run's error is %v", err)
		}
		r.checkTimeline(messages.MaskExecutorRestarted|messages.MaskActorRestarted, "ExecutorRestarted")
	})
}

// TestExecutorThatCannotShutDown has an executor panic in its shutdown, with a
// run going on, and in its opening.
func TestExecutorThatCannotShutDown(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		ctx := context.Background()
		in := "Shutdown"
		r.must(r.AddExecutor(ctx, "bad", openBad(func() string { return in })))
		g := newGate()
		_, err := r.AddJob(ctx, carillon.Func(func(context.Context) error { g.pass(); return nil }), nil, carillon.Job{ID: "job", Executor: "bad"})
		r.must(err)
		r.start()
		<-g.reached
		err = r.Shutdown(ctx)
		if _, panicked := errors.AsType[*carillon.PanicError](err); !panicked {
			t.Errorf("Shutdown: %v, want the panic", err)
		}
		close(g.open)
		synctest.Wait()
		if outcome := r.result("job").Outcome; outcome != carillon.Lost {
			t.Errorf("the job was %v, want lost", outcome)
		}
		in = "Open"
		err = r.Start(ctx)
		if _, panicked := errors.AsType[*carillon.PanicError](err); !panicked {
			t.Errorf("Start: %v, want the panic", err)
		}
		in = ""
		r.start()
		r.shutdown()
	})
}

// TestNoExecutor has an opener say that all is well, and return nothing.
func TestNoExecutor(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		err := r.AddExecutor(patience(t), "none", func(context.Context, executors.Host) (executors.Executor, error) { return nil, nil })
		if err == nil || !strings.Contains(err.Error(), "neither an Executor nor an error") {
			t.Errorf("%v", err)
		}
		r.shutdown()
	})
}
