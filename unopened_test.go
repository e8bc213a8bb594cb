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
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// deaf is a store or an executor whose first opening pays no heed to its context.
type deaf struct {
	kind   string
	gate   gate
	passed bool
	closed int // stores that were closed
}

func (d *deaf) pass() {
	if !d.passed {
		d.passed = true
		d.gate.pass()
	}
}

func (d *deaf) add(ctx context.Context, r *rig) error {
	if d.kind == "executor" {
		return r.AddExecutor(ctx, "deaf", func(ctx context.Context, host executors.Host) (executors.Executor, error) {
			d.pass()
			return pool.Open(pool.Config{})(ctx, host)
		})
	}
	return r.AddStore(ctx, "deaf", func(context.Context, stores.Env) (stores.Store, error) {
		d.pass()
		return hookedStore(memory.Open(), func(op string) error {
			if op == "close" {
				d.closed++
			}
			return nil
		})(context.Background(), stores.Env{})
	})
}

func (d *deaf) remove(ctx context.Context, r *rig) error {
	if d.kind == "executor" {
		return r.RemoveExecutor(ctx, "deaf")
	}
	return r.RemoveStore(ctx, "deaf")
}

func (d *deaf) job(id string) carillon.Job {
	if d.kind == "executor" {
		return carillon.Job{ID: id, Executor: "deaf"}
	}
	return carillon.Job{ID: id, Store: "deaf"}
}

// giveUp shuts down while the opening goes on: the shutdown ends in time, and
// names it.
func (d *deaf) giveUp(r *rig) {
	r.t.Helper()
	want := fmt.Sprintf("%s %q is still busy", d.kind, "deaf")
	if err := r.shutdownWithin(time.Second); err == nil || !strings.Contains(err.Error(), want) {
		r.t.Errorf("Shutdown: %v, want that the %s", err, want)
	}
}

// runs adds a job that is due at once, and waits for its run.
func (r *rig) runs(job carillon.Job) {
	r.t.Helper()
	_, err := r.AddJob(patience(r.t), carillon.Func(nothing), nil, job)
	r.must(err)
	r.pass(time.Second)
	if result := r.result(job.ID); result.Outcome != carillon.Executed {
		r.t.Errorf("job %q was %v", job.ID, result.Outcome)
	}
}

func whileDeaf(t *testing.T, test func(t *testing.T, r *rig, d *deaf)) {
	for _, kind := range []string{"store", "executor"} {
		t.Run(kind, func(t *testing.T) {
			inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
				d := &deaf{kind: kind, gate: newGate()}
				test(t, r, d)
				if d.kind == "store" && d.closed == 0 {
					t.Error("the store that was opened in the end was not closed")
				}
			})
		})
	}
}

// TestStartWhileOneDoesNotOpen removes what keeps a start waiting: the start goes
// on without it.
func TestStartWhileOneDoesNotOpen(t *testing.T) {
	whileDeaf(t, func(t *testing.T, r *rig, d *deaf) {
		r.must(d.add(patience(t), r))
		started := make(chan error, 1)
		go func() { started <- r.Start(patience(t)) }()
		<-d.gate.reached
		r.must(d.remove(patience(t), r))
		r.must(<-started)
		r.runs(carillon.Job{ID: "other"})
		d.giveUp(r)
		r.start()
		r.runs(carillon.Job{ID: "next life"})
		close(d.gate.open)
		synctest.Wait()
		r.shutdown()
	})
}

// TestOthersWhileOneDoesNotOpen adds something that does not open to a scheduler
// that is started: everything else goes on, and it can be removed and added anew.
func TestOthersWhileOneDoesNotOpen(t *testing.T) {
	whileDeaf(t, func(t *testing.T, r *rig, d *deaf) {
		r.start()
		added := make(chan error, 1)
		go func() { added <- d.add(patience(t), r) }()
		<-d.gate.reached
		r.must(r.AddStore(patience(t), "other", memory.Open()))
		r.runs(carillon.Job{ID: "other", Store: "other"})
		r.must(r.RemoveStore(patience(t), "other"))
		r.must(r.Pause(patience(t)))
		r.must(r.Resume(patience(t)))
		r.must(d.remove(patience(t), r))
		if err := <-added; err == nil || !strings.Contains(err.Error(), `"deaf" was removed while it was being opened`) {
			t.Errorf("added: %v", err)
		}
		r.must(d.add(patience(t), r))
		r.runs(d.job("anew"))
		close(d.gate.open)
		synctest.Wait()
		r.shutdown()
	})
}

// TestStartAfterGivingUp shuts down, in vain, while a start, or an addition, waits
// for something to open: both end then, and the scheduler can be started again. What
// opens late is closed, and changes nothing for what was opened since.
func TestStartAfterGivingUp(t *testing.T) {
	for _, started := range []bool{false, true} {
		whileDeaf(t, func(t *testing.T, r *rig, d *deaf) {
			asked := make(chan error, 1)
			if started {
				r.start()
				go func() { asked <- d.add(patience(t), r) }()
			} else {
				r.must(d.add(patience(t), r))
				go func() { asked <- r.Start(patience(t)) }()
			}
			<-d.gate.reached
			d.giveUp(r)
			if err := <-asked; err == nil || !strings.Contains(err.Error(), `"deaf" is still busy`) {
				t.Errorf("asked: %v", err)
			}
			if started {
				r.must(d.add(patience(t), r))
			}
			r.start()
			r.runs(d.job("first"))
			close(d.gate.open)
			synctest.Wait()
			r.runs(d.job("second"))
			r.shutdown()
			if err := r.Shutdown(patience(t)); !errors.Is(err, carillon.ErrNotRunning) {
				t.Errorf("second Shutdown: %v", err)
			}
		})
	}
}
