package inline

import (
	"context"
	"sync"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// Open opens an inline Executor; it is an [executors.Opener]. It never fails.
// APScheduler: DebugExecutor.
func Open(host executors.Host) (executors.Executor, error) {
	e := &executor{host: host}
	e.base, e.cancel = context.WithCancelCause(context.Background())
	return e, nil
}

type executor struct {
	host   executors.Host
	base   context.Context // the parent of every run's context
	cancel context.CancelCauseFunc

	mu    sync.Mutex    // guards what follows; not held while calling the host or a job
	queue []job.Run     // what Execute has not come to yet
	idle  chan struct{} // closed when Execute returns; nil while it is not at work
}

var _ executors.Executor = (*executor)(nil)

// Execute executes the runs one after the other and reports each of them
// before it goes on to the next.
func (e *executor) Execute(runs []job.Run) {
	defer e.begin(runs)()
	for run, ok := e.next(); ok; run, ok = e.next() {
		e.host.Report([]job.Result{e.execute(run)})
	}
}

// begin marks the time in which Execute is at work; the function that it
// returns ends it.
func (e *executor) begin(runs []job.Run) (end func()) {
	idle := make(chan struct{})
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queue, e.idle = runs, idle
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.idle = nil
		close(idle)
	}
}

func (e *executor) next() (run *job.Run, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) == 0 {
		return nil, false
	}
	run, e.queue = &e.queue[0], e.queue[1:]
	return run, true
}

// execute gives the job a goroutine, which it may end with runtime.Goexit, and
// stands still until it has.
func (e *executor) execute(run *job.Run) (result job.Result) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		executors.Execute(e.base, e.host.Clock, e.host.Clock.Now(), new(job.Context), run, &result)
	}()
	<-done
	return result
}

// Shutdown waits for Execute, if that is at work.
func (e *executor) Shutdown(ctx context.Context) error {
	defer e.cancel(job.ErrShutdown)
	e.mu.Lock()
	idle := e.idle
	e.mu.Unlock()
	if idle == nil {
		return nil
	}
	err := e.host.Wait(ctx, idle)
	if err != nil {
		e.release()
	}
	return err
}

// release reports the runs that Execute has not come to.
func (e *executor) release() {
	e.mu.Lock()
	runs := e.queue
	e.queue = nil
	e.mu.Unlock()
	results := make([]job.Result, len(runs))
	for i := range runs {
		results[i] = job.Result{Run: &runs[i], Outcome: job.Released, Err: job.ErrShutdown}
	}
	if len(results) > 0 {
		e.host.Report(results)
	}
}
