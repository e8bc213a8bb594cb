package inline

import (
	"cmp"
	"context"
	"sync"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// Open opens an inline Executor; it is an [executors.Opener]. It never fails.
// APScheduler: DebugExecutor.
func Open(_ context.Context, host executors.Host) (executors.Executor, error) {
	e := &executor{host: host}
	e.base, e.cancel = context.WithCancelCause(cmp.Or(host.Context, context.Background()))
	return e, nil
}

type executor struct {
	host   executors.Host
	base   context.Context // the parent of every run's context
	cancel context.CancelCauseFunc

	mu    sync.Mutex    // guards what follows; not held while calling the host or a job
	queue []job.Run     // what Execute has not come to yet
	idle  chan struct{} // if Execute is at work: closed when it is done; else nil
}

var _ executors.Executor = (*executor)(nil)

// Execute executes the runs one after the other and reports each of them
// before it goes on to the next.
func (e *executor) Execute(runs []job.Run) {
	idle := make(chan struct{})
	e.set(runs, idle)
	for run := e.next(); run != nil; run = e.next() {
		e.host.Report([]job.Result{e.execute(run)})
	}
	e.set(nil, nil)
	close(idle)
}

func (e *executor) set(queue []job.Run, idle chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queue, e.idle = queue, idle
}

// next takes the first run from the queue, or returns nil if there is none.
func (e *executor) next() *job.Run {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) == 0 {
		return nil
	}
	run := &e.queue[0]
	e.queue = e.queue[1:]
	return run
}

// execute gives the job a goroutine, which it may end with runtime.Goexit, and
// stands still until it has.
func (e *executor) execute(run *job.Run) (result job.Result) {
	done := make(chan struct{})
	e.host.Go(func() {
		defer close(done)
		executors.Execute(e.base, e.host.Clock, e.host.Clock.Now(), new(job.Context), run, &result)
	})
	_ = e.host.Wait(context.Background(), done)
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

// release gives back the runs that Execute has not come to.
func (e *executor) release() {
	var results []job.Result
	for run := e.next(); run != nil; run = e.next() {
		results = append(results, job.Result{Run: run, Outcome: job.Released, Err: job.ErrShutdown})
	}
	if len(results) > 0 {
		e.host.Report(results)
	}
}
