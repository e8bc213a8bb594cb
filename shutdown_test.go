package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// shutdownWithin calls Shutdown with a context that ends after d, and reports one
// that takes longer than it may: a second more for the runs, and one for the
// stores.
func (r *rig) shutdownWithin(d time.Duration) error {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	begun := time.Now()
	err := r.Shutdown(ctx)
	if took := time.Since(begun); took > d+2*time.Second {
		r.t.Errorf("Shutdown within %v has taken %v", d, took)
	}
	return err
}

// TestShutdownFromEverywhere shuts down from many goroutines at once: they share
// one shutdown, and who comes too late is told so.
func TestShutdownFromEverywhere(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		r.add("job", nothing)
		r.start()
		r.pass(time.Second)
		var shared, late atomic.Int64
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				switch err := r.Shutdown(patience(t)); {
				case err == nil:
					shared.Add(1)
				case errors.Is(err, carillon.ErrNotRunning):
					late.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if shared.Load() == 0 || shared.Load()+late.Load() != 50 {
			t.Errorf("%d have shared the shutdown, %d were late, of 50", shared.Load(), late.Load())
		}
		r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown")
	})
}

// TestShutdownFromJob shuts down from inside of a job, with its own context and
// with one that does not end.
func TestShutdownFromJob(t *testing.T) {
	for _, row := range []struct {
		name string
		with func(ctx context.Context) context.Context
	}{
		{"job's context", func(ctx context.Context) context.Context { return ctx }},
		{"background", func(context.Context) context.Context { return context.Background() }},
	} {
		t.Run(row.name, func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				var state carillon.State
				r.once("job", func(ctx context.Context) error {
					err := r.Shutdown(row.with(ctx))
					state = r.State()
					return err
				})
				r.must(r.Run(patience(t)))
				if state != carillon.Stopped {
					t.Errorf("state %v after Shutdown in the job", state)
				}
				if result := r.result("job"); result.Outcome != carillon.Executed {
					t.Errorf("the job was %v: %v", result.Outcome, result.Err)
				}
				r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown")
			})
		})
	}
}

// TestShutdownFromJobs shuts down from many jobs at once.
func TestShutdownFromJobs(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		const jobs = 20
		var together sync.WaitGroup
		together.Add(jobs)
		for i := range jobs {
			r.once(fmt.Sprint("job ", i), func(ctx context.Context) error {
				together.Done()
				together.Wait()
				return r.Shutdown(ctx)
			})
		}
		r.must(r.Run(patience(t)))
		for i := range jobs {
			if result := r.result(fmt.Sprint("job ", i)); result.Err != nil {
				t.Errorf("job %d: %v", i, result.Err)
			}
		}
		r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown")
	})
}

// TestShutdownFromListener shuts down from inside of a listener, at any depth.
func TestShutdownFromListener(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		var deep func(depth int) error
		deep = func(depth int) error {
			if depth > 0 {
				return deep(depth - 1)
			}
			return r.Shutdown(context.Background())
		}
		stopped := make(chan error, 1)
		_, err := carillon.On(r.Scheduler, func(*messages.JobExecuted) { stopped <- deep(500) })
		r.must(err)
		r.once("job", nothing)
		r.must(r.Run(patience(t)))
		r.must(<-stopped)
	})
}

// TestShutdownOfStubbornJob has a job that pays no heed to its context: the
// shutdown is bounded, says who is to blame, and can be followed by a start;
// when the job ends at last it has its outcome.
func TestShutdownOfStubbornJob(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		release := make(chan struct{})
		var cause error
		r.once("stubborn", func(ctx context.Context) error {
			<-release
			cause = context.Cause(ctx)
			return nil
		})
		r.start()
		r.pass(time.Second)
		err := r.shutdownWithin(5 * time.Second)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "stubborn@") {
			t.Errorf("Shutdown: %v, want one that was out of patience with the job", err)
		}
		if state := r.State(); state != carillon.Stopped {
			t.Errorf("state %v after Shutdown", state)
		}
		if err := r.shutdownWithin(0); !errors.Is(err, carillon.ErrNotRunning) {
			t.Errorf("second Shutdown: %v", err)
		}

		// In the new life there is another first run of a new memory store.
		r.start()
		g := newGate()
		r.once("young", func(context.Context) error { g.pass(); return nil })
		<-g.reached
		close(release)
		synctest.Wait()
		if !errors.Is(cause, carillon.ErrShutdown) {
			t.Errorf("the job's context was cancelled because of %v", cause)
		}
		if result := r.result("stubborn"); result.Outcome != carillon.Executed {
			t.Errorf("the job was %v in the end", result.Outcome)
		}
		shut := make(chan error, 1)
		go func() { shut <- r.Shutdown(context.Background()) }()
		synctest.Wait()
		select {
		case err := <-shut:
			t.Errorf("the second life was shut down with a job in it: %v", err)
		default:
		}
		close(g.open)
		r.must(<-shut)
		if result := r.result("young"); result.Outcome != carillon.Executed {
			t.Errorf("the job of the second life was %v", result.Outcome)
		}
	})
}

// TestShutdownCancels has a job that ends when its context does, and a caller
// who does not want to wait.
func TestShutdownCancels(t *testing.T) {
	for _, patience := range []time.Duration{0, time.Second} {
		inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
			r.once("obedient", func(ctx context.Context) error {
				<-ctx.Done()
				return context.Cause(ctx)
			})
			r.start()
			r.pass(time.Second)
			if err := r.shutdownWithin(patience); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Shutdown: %v, want one that was out of patience", err)
			}
			synctest.Wait()
			if result := r.result("obedient"); !errors.Is(result.Err, carillon.ErrShutdown) {
				t.Errorf("the job was %v: %v", result.Outcome, result.Err)
			}
			r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown")
		})
	}
}

// TestShutdownWaitsForSleepers shuts down while a job sleeps on a fake clock: the
// clock can be moved meanwhile, and so the shutdown comes to its end.
func TestShutdownWaitsForSleepers(t *testing.T) {
	onFakeClocks(t, func(t *testing.T, r *rig) {
		r.once("sleeper", func(ctx context.Context) error { return carillon.Sleep(ctx, 10*time.Second) })
		r.start()
		r.settle()
		shut := make(chan error, 1)
		go func() { shut <- r.Shutdown(patience(t)) }()
		for r.State() != carillon.Stopped {
			runtime.Gosched()
		}
		r.pass(9 * time.Second)
		if len(shut) > 0 {
			t.Error("the shutdown has not waited for the job")
		}
		r.pass(time.Second)
		r.must(<-shut)
		if result := r.result("sleeper"); result.Outcome != carillon.Executed {
			t.Errorf("the job was %v", result.Outcome)
		}
	})
}

// TestShutdownReleases has runs that wait for their turn when the patience
// ends: they are not started, and due again in the next life.
func TestShutdownReleases(t *testing.T) {
	store := memory.New()
	config := carillon.Config{
		Stores:    carillon.Stores{"default": store.Open},
		Executors: carillon.Executors{"default": pool.Open(pool.Config{Size: 1})},
	}
	inBubble(t, config, func(t *testing.T, r *rig) {
		const waiting = 10
		r.once("first", func(ctx context.Context) error { <-ctx.Done(); return nil })
		for i := range waiting {
			r.once(fmt.Sprint("waiting ", i), nothing)
		}
		r.start()
		r.pass(time.Second)
		if err := r.shutdownWithin(time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown: %v", err)
		}
		for i := range waiting {
			if results := r.results(fmt.Sprint("waiting ", i)); len(results) > 0 {
				t.Errorf("job %d was %v", i, results[0].Outcome)
			}
		}
		r.start()
		r.pass(time.Second)
		r.shutdown()
		for i := range waiting {
			if result := r.result(fmt.Sprint("waiting ", i)); result.Outcome != carillon.Executed {
				t.Errorf("job %d was %v in the next life", i, result.Outcome)
			}
		}
	})
}

// TestShutdownDuringAdds shuts down while jobs are added from all sides: an
// addition is carried out before the end of it, or waits for the next start.
func TestShutdownDuringAdds(t *testing.T) {
	store := memory.New()
	config := carillon.Config{Stores: carillon.Stores{"default": store.Open}}
	for range 20 {
		inBubble(t, config, func(t *testing.T, r *rig) {
			r.start()
			const adders, each = 8, 50
			var all sync.WaitGroup
			for a := range adders {
				all.Go(func() {
					for i := range each {
						r.once(fmt.Sprintf("job %d/%d", a, i), nothing)
					}
				})
			}
			r.must(r.Shutdown(context.Background()))
			all.Wait()
			r.start()
			r.pass(time.Second)
			r.shutdown()
			for a := range adders {
				for i := range each {
					if result := r.result(fmt.Sprintf("job %d/%d", a, i)); result.Outcome != carillon.Executed {
						t.Errorf("job %d/%d was %v", a, i, result.Outcome)
					}
				}
			}
		})
	}
}

// TestShutdownDuringStart shuts down while a store or an executor does not open,
// and does not want to wait: the start fails.
func TestShutdownDuringStart(t *testing.T) {
	notOpened := errors.New("not opened")
	for _, member := range []struct {
		kind string
		add  func(r *rig, open func(ctx context.Context)) error
	}{
		{"store", func(r *rig, open func(ctx context.Context)) error {
			return r.AddStore(context.Background(), "slow", func(ctx context.Context, _ stores.Env) (stores.Store, error) {
				open(ctx)
				return nil, notOpened
			})
		}},
		{"executor", func(r *rig, open func(ctx context.Context)) error {
			return r.AddExecutor(context.Background(), "slow", func(ctx context.Context, _ executors.Host) (executors.Executor, error) {
				open(ctx)
				return nil, notOpened
			})
		}},
	} {
		for _, row := range []struct {
			name string
			heed bool // the opening ends when its context does
		}{{"heeds its context", true}, {"heeds nothing", false}} {
			t.Run(member.kind+" that "+row.name, func(t *testing.T) {
				inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
					g, release := newGate(), make(chan struct{})
					r.must(member.add(r, func(ctx context.Context) {
						g.pass()
						if row.heed {
							<-ctx.Done()
						} else {
							<-release
						}
					}))
					started := make(chan error, 1)
					go func() { started <- r.Start(context.Background()) }()
					close(g.open)
					<-g.reached
					if err := r.shutdownWithin(5 * time.Second); !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("Shutdown: %v, want one that was out of patience", err)
					} else if busy := fmt.Sprintf("%s %q is still busy", member.kind, "slow"); !row.heed && !strings.Contains(err.Error(), busy) {
						t.Errorf("Shutdown: %v, want that the %s", err, busy)
					}
					close(release)
					if err := <-started; err == nil || row.heed && !errors.Is(err, notOpened) {
						t.Errorf("Start: %v, want %v", err, notOpened)
					}
					if state := r.State(); state != carillon.Stopped {
						t.Errorf("state %v after a start that failed", state)
					}
				})
			})
		}
	}
}
