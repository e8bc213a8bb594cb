package executortest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

var contextRules = []rule{
	{
		name:        "context/run",
		explanation: "the job finds its run in its context",
		check: func(r *rig) error {
			var wrong atomic.Int64
			runs := r.repeat(10, nil)
			for i := range runs {
				id := runs[i].ID
				runs[i].Do = func(ctx context.Context) error {
					if run, ok := job.FromContext(ctx); !ok || run.ID != id {
						wrong.Add(1)
					}
					return nil
				}
			}
			_, err := r.finish(runs...)
			if n := wrong.Load(); err == nil && n != 0 {
				err = fmt.Errorf("%d of %d jobs did not", n, len(runs))
			}
			return err
		},
	},
	{
		name:        "context/host",
		explanation: "the contexts of runs derive from Host.Context and have its values",
		check: func(r *rig) error {
			result, err := r.outcome(func(ctx context.Context) error {
				if ctx.Value(hostKey{}) != r.Host {
					return errors.New("a value of Host.Context is not in the job's context")
				}
				return nil
			}, job.Executed)
			return cmp.Or(result.Err, err)
		},
	},
	{
		name:        "context/alive",
		explanation: "the job's context can be cancelled, and is not while nobody shuts the Executor down",
		check: func(r *rig) error {
			result, err := r.outcome(func(ctx context.Context) error {
				if ctx.Done() == nil {
					return errors.New("its context can never end")
				}
				return ctx.Err()
			}, job.Executed)
			return cmp.Or(result.Err, err)
		},
	},
	{
		name:        "context/in run",
		explanation: "jobs are called by executors.Execute, so that executors.InRun knows them",
		check: func(r *rig) error {
			result, err := r.outcome(func(context.Context) error {
				if !executors.InRun() {
					return errors.New("executors.InRun reports false in a job")
				}
				return nil
			}, job.Executed)
			return cmp.Or(result.Err, err)
		},
	},
}
