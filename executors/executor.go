package executors

import (
	"context"
	"log/slog"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
)

// Executor executes runs. The package documentation has the contract; package
// executortest checks it rule by rule. APScheduler: BaseExecutor.
//
// Both methods are called from one goroutine at a time each; Execute is not
// called any more once Shutdown has been. Shutdown may be called while Execute
// is at work, by which only an Executor that executes on the spot is affected.
type Executor interface {
	// Execute accepts runs and returns without waiting for them. The slice
	// belongs to the Executor from now on. Each run is reported exactly once
	// through [Host.Report]. Runs with the same Instance stand together and
	// are executed one after the other, in order; all others side by side, as
	// far as the Executor's size allows. APScheduler: submit_job.
	Execute(runs []job.Run)

	// Shutdown waits until all accepted runs have been reported. When ctx
	// ends first, it cancels the contexts of the runs that are being executed,
	// with [job.ErrShutdown] as their cause, reports those that have not been
	// started as [job.Released], and returns the cause of ctx's end without
	// waiting any longer; what still runs is reported when it returns.
	// APScheduler: shutdown.
	Shutdown(ctx context.Context) error
}

// Opener makes an Executor. It is called each time the scheduler starts, and
// again after the Executor has panicked. ctx is for the opening only: it ends if
// the scheduler is shut down, and out of patience, meanwhile. Runs, and what the
// Executor has to wait for, have contexts that derive from [Host].Context.
type Opener func(ctx context.Context, host Host) (Executor, error)

// Host is what an Executor may use of the scheduler that it works for. With
// nothing but these, an Executor runs under a simulator as it does live. All
// of it may be used concurrently.
type Host struct {
	Alias  string // the alias under which the scheduler knows the Executor
	Clock  clock.Clock
	Logger *slog.Logger

	// Context is what the contexts of all runs derive from: the scheduler's
	// own values are in it. It does not end. Nil: the background.
	Context context.Context

	// Go starts a goroutine. An Executor starts none by itself. The goroutine
	// may end with [runtime.Goexit], because a job has called that.
	Go func(f func())

	// Wait blocks until ready is closed, or ctx ends, whose cause it returns.
	// It may be called from a goroutine that Go has started, in Shutdown, and,
	// by an Executor that executes on the spot, in Execute.
	Wait func(ctx context.Context, ready <-chan struct{}) error

	// Report tells the scheduler how runs ended. It does not block, may be
	// called from any goroutine, and owns the slice from then on.
	Report func(results []job.Result)
}
