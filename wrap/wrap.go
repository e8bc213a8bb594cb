package wrap

import (
	"context"

	"github.com/carillon-go/carillon/job"
)

// Wrapper makes a function that calls next, with something before it, behind it
// or around it. [job.FromContext] tells it which run it is.
type Wrapper func(next job.Func) job.Func

// Func returns run with wrappers around it, the first one outermost. Of nil it
// returns nil. Give the job an ID or a Name: a function with something around it
// is another one, after which the job would be called.
func Func(run job.Func, wrappers ...Wrapper) job.Func {
	if run == nil {
		return nil
	}
	for i := range wrappers {
		run = wrappers[len(wrappers)-1-i](run)
	}
	return run
}

// Task is [Func] for the function of a task. The wrappers are put around it anew
// for each run.
func Task[A any](run func(ctx context.Context, args A) error, wrappers ...Wrapper) func(ctx context.Context, args A) error {
	if run == nil {
		return nil
	}
	return func(ctx context.Context, args A) error {
		return Func(func(ctx context.Context) error { return run(ctx, args) }, wrappers...)(ctx)
	}
}
