package executortest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
)

var errJob = errors.New("the job's error")

var outcomeRules = []rule{
	{
		name:        "outcome/executed",
		explanation: "a run whose job returns nil is Executed, without an error",
		check: func(r *rig) error {
			result, err := r.outcome(succeed, job.Executed)
			if err == nil && result.Err != nil {
				err = fmt.Errorf("it has the error %w", result.Err)
			}
			return err
		},
	},
	{
		name:        "outcome/error",
		explanation: "a run whose job returns an error is Failed, with this error",
		check: func(r *rig) error {
			result, err := r.outcome(func(context.Context) error { return errJob }, job.Failed)
			if err == nil && !errors.Is(result.Err, errJob) {
				err = fmt.Errorf("its error is %v, want the job's", result.Err)
			}
			return err
		},
	},
	{
		name:        "outcome/error of a context",
		explanation: "an error that wraps context.Canceled is an error like others",
		check: func(r *rig) error {
			wrapped := fmt.Errorf("%w: %w", errJob, context.Canceled)
			result, err := r.outcome(func(context.Context) error { return wrapped }, job.Failed)
			if err == nil && !errors.Is(result.Err, errJob) {
				err = fmt.Errorf("its error is %v, want the job's", result.Err)
			}
			return err
		},
	},
	{
		name:        "outcome/panic",
		explanation: "a run whose job panics is Failed, with a *job.PanicError that has the value and the stack",
		check: func(r *rig) error {
			for _, value := range []any{"text", 42, errJob, (*job.Error)(nil), []int{1}} {
				result, err := r.outcome(func(context.Context) error { return misbehave(value) }, job.Failed)
				if err != nil {
					return fmt.Errorf("panic with %T: %w", value, err)
				}
				var failure *job.PanicError
				if !errors.As(result.Err, &failure) {
					return fmt.Errorf("panic with %T: its error is a %T", value, result.Err)
				}
				if fmt.Sprintf("%#v", failure.Value) != fmt.Sprintf("%#v", value) {
					return fmt.Errorf("panic with %#v: the error's Value is %#v", value, failure.Value)
				}
				if !bytes.Contains(failure.Stack, []byte("executortest.misbehave")) {
					return fmt.Errorf("panic with %T: the function that panics is not in the error's Stack:\n%s", value, failure.Stack)
				}
			}
			return nil
		},
	},
	{
		name:        "outcome/panic with nil",
		explanation: "a run whose job panics is Failed even if it does so with nil",
		check:       failsWithSomeError(func(context.Context) error { return misbehave(nil) }),
	},
	{
		name:        "outcome/goexit",
		explanation: "a run whose job ends its goroutine with runtime.Goexit (as t.FailNow does) is Failed",
		check:       failsWithSomeError(exit),
	},
	{
		name:        "outcome/nothing to call",
		explanation: "a run whose Do is nil is Failed, and was not started",
		check: func(r *rig) error {
			result, err := r.outcome(nil, job.Failed)
			if err == nil && (result.Err == nil || !result.Started.IsZero() || !result.Finished.IsZero()) {
				err = fmt.Errorf("its result is %+v, want an error and no times", result)
			}
			return err
		},
	},
	{
		name:        "outcome/robust",
		explanation: "nothing that a job does with its own goroutine harms the Executor or another run",
		check: func(r *rig) error {
			villains := []job.Func{
				func(context.Context) error { return misbehave("a panic") },
				func(context.Context) error { return misbehave(nil) },
				exit,
			}
			var runs []job.Run
			for i := range 60 {
				runs = append(runs, r.group(villains[i%3], succeed, villains[(i+1)%3], succeed)...)
			}
			results, err := r.finish(runs...)
			if err != nil {
				return err
			}
			count := map[job.Outcome]int{}
			for _, result := range results {
				count[result.Outcome]++
			}
			if count[job.Executed] != 120 || count[job.Failed] != 120 {
				return fmt.Errorf("of 120 good and 120 bad runs %d were Executed and %d Failed", count[job.Executed], count[job.Failed])
			}
			_, err = r.outcome(succeed, job.Executed)
			return err
		},
	},
}

// outcome executes a job by itself and checks how it ended.
func (r *rig) outcome(do job.Func, want job.Outcome) (job.Result, error) {
	results, err := r.finish(r.run(do))
	if err != nil {
		return job.Result{}, err
	}
	if got := results[0].Outcome; got != want {
		return results[0], fmt.Errorf("the run was reported as %v (error: %v), want %v", got, results[0].Err, want)
	}
	return results[0], nil
}

func failsWithSomeError(do job.Func) func(*rig) error {
	return func(r *rig) error {
		result, err := r.outcome(do, job.Failed)
		if err == nil && result.Err == nil {
			err = errors.New("it has no error")
		}
		return err
	}
}

//go:noinline
func misbehave(value any) error { panic(value) }
