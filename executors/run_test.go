package executors_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// execute executes a job on a goroutine of its own.
func execute(do job.Func) (result job.Result, returned bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		run := job.Run{Do: do}
		executors.Execute(context.Background(), clock.Real(), time.Now(), new(job.Context), &run, &result)
		returned = true
	}()
	<-done
	return result, returned
}

// What executortest says of outcomes is proved there; here is what an
// Executor has to know besides.
func TestExecuteGoexit(t *testing.T) {
	result, returned := execute(func(ctx context.Context) error {
		job.SetResult(ctx, "so far")
		runtime.Goexit()
		return nil
	})
	if returned {
		t.Error("Execute has returned although the job called Goexit")
	}
	if result.Outcome != job.Failed || result.Err != executors.ErrGoexit || result.Value != "so far" || result.Finished.IsZero() {
		t.Errorf("the result is %+v, want it complete, failed with ErrGoexit", result)
	}
}

func TestExecutePanic(t *testing.T) {
	if _, returned := execute(func(context.Context) error { panic("a panic") }); !returned {
		t.Error("Execute has not returned after a panic")
	}
}

func TestInRun(t *testing.T) {
	if executors.InRun() {
		t.Error("InRun reports true outside a run")
	}
	var direct, deep, apart bool
	execute(func(context.Context) error {
		direct = executors.InRun()
		deep = beneath(1000, executors.InRun)
		done := make(chan struct{})
		go func() {
			defer close(done)
			apart = executors.InRun()
		}()
		<-done
		return nil
	})
	if !direct || !deep {
		t.Errorf("InRun reports %v in a job and %v in a recursion in a job, want true", direct, deep)
	}
	if apart {
		t.Error("InRun reports true in a goroutine that the job has started")
	}
}

// beneath calls f with that many calls of itself on the stack.
func beneath(calls int, f func() bool) bool {
	if calls == 0 {
		return f()
	}
	found := beneath(calls-1, f)
	return found
}

func BenchmarkInRun(b *testing.B) {
	execute(func(context.Context) error {
		for b.Loop() {
			executors.InRun()
		}
		return nil
	})
}
