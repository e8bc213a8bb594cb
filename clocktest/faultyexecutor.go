package clocktest

import (
	"context"
	"time"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
)

// Executor returns an opener of an unlimited pool at which, and at whose jobs,
// the simulation's faults strike.
func (s *Sim) Executor() executors.Opener { return s.FaultyExecutor(pool.Open(pool.Config{})) }

// FaultyExecutor has the simulation's faults strike at any executor that keeps
// to its host.
func (s *Sim) FaultyExecutor(open executors.Opener) executors.Opener {
	return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
		inner, err := open(ctx, host)
		if err != nil {
			return nil, err
		}
		return &faultyExecutor{inner, s, nodeOf(host.Clock)}, nil
	}
}

type faultyExecutor struct {
	inner executors.Executor
	sim   *Sim
	node  *node
}

func (f *faultyExecutor) Execute(runs []job.Run) {
	for i := range runs {
		f.node.told.submit(&runs[i])
	}
	if f.sim.Chance(ExecutorPanic) {
		panic(errFault)
	}
	for i := range runs {
		runs[i].Do = f.node.checkStart(&runs[i], f.sim.faultyJob(runs[i].Do))
	}
	f.inner.Execute(runs)
}

func (f *faultyExecutor) Shutdown(ctx context.Context) error {
	err := f.inner.Shutdown(ctx)
	if err != nil {
		f.node.told.halted = true
	}
	return err
}

// longest is how much longer a slow job takes at the most.
const longest = 2 * time.Minute

// never is how long a stuck job sleeps.
const never = 200 * 365 * 24 * time.Hour

func (s *Sim) faultyJob(do job.Func) job.Func {
	if b := s.loop.bubble; b != nil {
		do = b.job(do)
	}
	if len(s.fate.config.Faults) == 0 {
		return do
	}
	return func(ctx context.Context) error {
		if s.Chance(JobSlow) {
			if err := job.Sleep(ctx, s.fate.length(JobSlow, longest)); err != nil {
				return err
			}
		}
		switch {
		case s.Chance(JobStuck):
			return job.Sleep(ctx, never)
		case s.Chance(JobError):
			return errFault
		case s.Chance(JobPanic):
			panic(errFault)
		}
		return do(ctx)
	}
}
