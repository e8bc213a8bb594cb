package wrap

import (
	"context"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// Executor returns an opener of what open opens, with wrappers around every job
// that it runs, the first one outermost. They are put around it anew for each
// run. A job that comes too late for its MisfireGrace does not get to them.
func Executor(open executors.Opener, wrappers ...Wrapper) executors.Opener {
	if open == nil {
		return nil
	}
	return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
		inner, err := open(ctx, host)
		if err != nil {
			return nil, err
		}
		return &executor{inner, wrappers}, nil
	}
}

type executor struct {
	executors.Executor
	wrappers []Wrapper
}

// Execute hands on the runs, wrapped.
func (e *executor) Execute(runs []job.Run) {
	for i := range runs {
		runs[i].Do = Func(runs[i].Do, e.wrappers...)
	}
	e.Executor.Execute(runs)
}
