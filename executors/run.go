package executors

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
)

// ErrGoexit is why a run failed whose job called [runtime.Goexit]. The FailNow
// and Skip methods of package testing do.
var ErrGoexit = errors.New("job ended its goroutine with runtime.Goexit")

// Execute executes one run from start to end and writes down in result how it
// ended. Every Executor uses it, so that all of them mean the same by "missed"
// and "failed":
//
//	admit    its scheduler has lost its lease: Released, with job.ErrLeaseExpired;
//	         later than its grace: Missed, with an error that says how late
//	perform  call run.Do, with a context under parent that knows the run
//	recover  from a panic: a *job.PanicError; from runtime.Goexit: ErrGoexit
//	classify Executed if there is no error, else Failed
//
// The run starts at now, which is the time that c shows or has shown a moment
// ago: an Executor that goes from one run straight to the next passes on
// result.Finished and saves a reading. The context is made in rc, which must
// not be used for anything else afterwards: the job may have kept it.
//
// When the job calls runtime.Goexit, result is complete all the same, but
// Execute does not return: its goroutine is ending. A deferred call has to see
// to the result and to the goroutine's other duties.
//
// What is not recovered is a panic in a goroutine that the job itself has
// started: it ends the process, as it does in every Go program.
func Execute(parent context.Context, c clock.Clock, now time.Time, rc *job.Context, run *job.Run, result *job.Result) {
	*result = job.Result{Run: run}
	if run.Lease == nil {
		start(parent, c, now, rc, run, result)
		return
	}
	ctx, leave, err := run.Lease.Enter(parent)
	if err != nil {
		result.Outcome, result.Err = job.Released, err
		return
	}
	defer leave()
	start(ctx, c, now, rc, run, result)
}

func start(parent context.Context, c clock.Clock, now time.Time, rc *job.Context, run *job.Run, result *job.Result) {
	if refused := admit(run, now, result); refused {
		return
	}
	rc.Init(parent, run)
	run.Start.Set(now)
	result.Started = now
	perform(rc, c, run, result)
}

// admit refuses a run that cannot be started, or not any more.
func admit(run *job.Run, now time.Time, result *job.Result) (refused bool) {
	switch {
	case run.Late(now):
		result.Outcome = job.Missed
		result.Err = fmt.Errorf("%w by %v; its grace is %v", job.ErrMissed, now.Sub(run.Scheduled), run.MisfireGrace)
	case run.Do == nil:
		result.Outcome = job.Failed
		result.Err = &job.FieldError{Field: "Run.Do", Reason: "is nil; bind the run's call to its function before it is executed"}
	default:
		return false
	}
	return true
}

// perform calls the job, and ends with a complete result in whatever way the
// job ends.
func perform(rc *job.Context, c clock.Clock, run *job.Run, result *job.Result) {
	returned := false
	defer func() {
		if !returned {
			result.Err = abnormalEnd(recover())
		}
		classify(rc, c, result)
	}()
	result.Err = callJob(rc, run.Do)
	returned = true
}

// abnormalEnd is the error of a job that did not return.
func abnormalEnd(recovered any) error {
	if recovered == nil {
		return ErrGoexit
	}
	return &job.PanicError{Value: recovered, Stack: debug.Stack()}
}

// classify completes the result of a job that has ended.
func classify(rc *job.Context, c clock.Clock, result *job.Result) {
	result.Finished = c.Now()
	result.Value = rc.Result()
	result.Outcome = job.Executed
	if result.Err != nil {
		result.Outcome = job.Failed
	}
}
