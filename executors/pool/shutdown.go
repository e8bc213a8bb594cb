package pool

import (
	"context"

	"github.com/carillon-go/carillon/job"
)

// Shutdown waits for the last worker to leave, for none leaves while there is
// anything to execute or to report.
func (p *pool) Shutdown(ctx context.Context) error {
	defer p.cancel(job.ErrShutdown)
	idle := p.whenIdle()
	if idle == nil {
		return nil
	}
	err := p.host.Wait(ctx, idle)
	if err != nil {
		p.release()
	}
	return err
}

// whenIdle returns a channel that is closed when the last worker has left, or
// nil if it has.
func (p *pool) whenIdle() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.workers == 0 {
		return nil
	}
	p.idle = make(chan struct{})
	return p.idle
}

// release takes the runs back that have not been started, and reports them
// together with what there is to report anyway.
func (p *pool) release() {
	p.mu.Lock()
	results := p.results.take()
	for e := p.groups.Front(); e != nil; e = e.Next() {
		g := &e.Value.(*worker).group
		results = appendReleased(results, g.runs[g.at+1:g.end])
		g.end = g.at + 1
	}
	for p.queue.length > 0 {
		g := p.queue.pop()
		results = appendReleased(results, g.runs[g.at:g.end])
	}
	p.mu.Unlock()
	if len(results) > 0 {
		p.host.Report(results)
	}
}

func appendReleased(results []job.Result, runs []job.Run) []job.Result {
	for i := range runs {
		results = append(results, job.Result{Run: &runs[i], Outcome: job.Released, Err: job.ErrShutdown})
	}
	return results
}
