package executortest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
)

// spoilt is a pool with something done to it.
type spoilt struct {
	executors.Executor
	host     executors.Host
	calls    int // of Execute, before this one
	execute  func(e *spoilt, runs []job.Run)
	shutdown func(e *spoilt, ctx context.Context) error
}

func (e *spoilt) Execute(runs []job.Run) {
	if e.execute == nil {
		e.Executor.Execute(runs)
		return
	}
	e.execute(e, runs)
	e.calls++
}

func (e *spoilt) Shutdown(ctx context.Context) error {
	if e.shutdown == nil {
		return e.Executor.Shutdown(ctx)
	}
	return e.shutdown(e, ctx)
}

// executing replaces Execute.
func executing(execute func(e *spoilt, runs []job.Run)) executors.Opener {
	return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
		e, err := pool.Open(pool.Config{})(ctx, host)
		return &spoilt{Executor: e, host: host, execute: execute}, err
	}
}

// shutting replaces Shutdown.
func shutting(shutdown func(e *spoilt, ctx context.Context) error) executors.Opener {
	return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
		e, err := pool.Open(pool.Config{})(ctx, host)
		return &spoilt{Executor: e, host: host, shutdown: shutdown}, err
	}
}

// accepting changes the runs on their way in.
func accepting(change func(run *job.Run)) executors.Opener {
	return executing(func(e *spoilt, runs []job.Run) {
		for i := range runs {
			change(&runs[i])
		}
		e.Executor.Execute(runs)
	})
}

// wrapping changes the jobs.
func wrapping(wrap func(do job.Func) job.Func) executors.Opener {
	return accepting(func(run *job.Run) { run.Do = wrap(run.Do) })
}

// hosted changes what the Executor gets to work with.
func hosted(size int, change func(host *executors.Host)) executors.Opener {
	return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
		change(&host)
		return pool.Open(pool.Config{Size: size})(ctx, host)
	}
}

// reporting changes the results on their way out.
func reporting(change func(results []job.Result) []job.Result) executors.Opener {
	return hosted(0, func(host *executors.Host) {
		report := host.Report
		host.Report = func(results []job.Result) { report(change(results)) }
	})
}

// result changes each result.
func result(change func(r *job.Result)) executors.Opener {
	return reporting(func(results []job.Result) []job.Result {
		for i := range results {
			change(&results[i])
		}
		return results
	})
}

// panics changes the errors of jobs that panic.
func panics(change func(p *job.PanicError) error) executors.Opener {
	return result(func(r *job.Result) {
		var p *job.PanicError
		if errors.As(r.Err, &p) {
			r.Err = change(p)
		}
	})
}

// unreleased keeps silent about what it releases.
func unreleased(size int) executors.Opener {
	return without(size, func(r job.Result) bool { return r.Outcome == job.Released })
}

// worn loses what comes after so many failures.
func worn(size, failures int) executors.Opener {
	return without(size, func(r job.Result) bool {
		if r.Outcome == job.Failed {
			failures--
		}
		return failures < 0
	})
}

// without keeps silent about some results.
func without(size int, lost func(job.Result) bool) executors.Opener {
	return hosted(size, func(host *executors.Host) {
		var mu sync.Mutex
		report := host.Report
		host.Report = func(results []job.Result) {
			mu.Lock()
			var rest []job.Result
			for _, r := range results {
				if !lost(r) {
					rest = append(rest, r)
				}
			}
			mu.Unlock()
			report(rest)
		}
	})
}

// inLots reports results when there are n of them.
func inLots(n int) executors.Opener {
	return hosted(0, func(host *executors.Host) {
		var mu sync.Mutex
		var lot []job.Result
		report := host.Report
		host.Report = func(results []job.Result) {
			mu.Lock()
			defer mu.Unlock()
			if lot = append(lot, results...); len(lot) >= n {
				report(lot)
				lot = nil
			}
		}
	})
}

// divided is two Executors of size 1, each with every second run.
func divided(ctx context.Context, host executors.Host) (executors.Executor, error) {
	one, err1 := pool.Open(pool.Config{Size: 1})(ctx, host)
	two, err2 := pool.Open(pool.Config{Size: 1})(ctx, host)
	return &spoilt{Executor: one, execute: func(_ *spoilt, runs []job.Run) {
		for i := range runs {
			[]executors.Executor{one, two}[i%2].Execute(runs[i : i+1 : i+1])
		}
	}, shutdown: func(_ *spoilt, ctx context.Context) error {
		return errors.Join(one.Shutdown(ctx), two.Shutdown(ctx))
	}}, errors.Join(err1, err2)
}

// forgetful does not report what ends after its Shutdown.
func forgetful(ctx context.Context, host executors.Host) (executors.Executor, error) {
	var over atomic.Bool
	report := host.Report
	host.Report = func(results []job.Result) {
		if !over.Load() {
			report(results)
		}
	}
	e, err := pool.Open(pool.Config{})(ctx, host)
	return &spoilt{Executor: e, shutdown: func(e *spoilt, ctx context.Context) error {
		defer over.Store(true)
		return e.Executor.Shutdown(ctx)
	}}, err
}

// stopped is a clock that stands still.
type stopped struct {
	clock.Clock
	at time.Time
}

func (s stopped) Now() time.Time { return s.at }
