package pool

import (
	"container/list"
	"context"
	"sync"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// pool is the Executor. The package documentation says what holds whenever
// the mutex is free. It is never held while the host or a job is called. The
// methods of pool and worker expect that the caller holds it, except for those
// of the Executor and those in which it is seen to be locked.
type pool struct {
	host      executors.Host
	size      int    // 0: no limit
	newWorker func() // the life of a new worker

	base   context.Context // the parent of every run's context
	cancel context.CancelCauseFunc

	mu      sync.Mutex // guards what follows
	queue   queue
	busy    int           // workers that have a group
	groups  list.List     // of *worker: those whose group is of several runs
	workers int           // all that have been called and have not left
	called  bool          // one of them has not arrived yet
	idle    chan struct{} // to be closed when the last of them leaves; may be nil

	results   results // to be reported
	reporting bool    // somebody is reporting, and will look at results again
}

var _ executors.Executor = (*pool)(nil)

// Execute queues the runs and sees to it that a worker comes.
func (p *pool) Execute(runs []job.Run) {
	if len(runs) == 0 {
		return
	}
	b := newBatch(runs)
	p.mu.Lock()
	p.queue.push(b)
	call := p.call()
	p.mu.Unlock()
	if call {
		p.host.Go(p.newWorker)
	}
}

// call decides whether a worker is needed: there are runs that one more may
// execute, or results to report, and nobody is on the way. Who gets true must
// start p.newWorker once the mutex is released.
func (p *pool) call() bool {
	if p.called || p.results.len() == 0 && (p.queue.length == 0 || !p.hasRoom()) {
		return false
	}
	p.called = true
	p.workers++
	return true
}

// hasRoom reports whether one more worker may have a group.
func (p *pool) hasRoom() bool { return p.size == 0 || p.busy < p.size }

// leave is the end of a worker.
func (p *pool) leave() {
	p.workers--
	if p.workers == 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
}
