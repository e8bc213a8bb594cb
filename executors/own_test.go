package executors_test

import (
	"cmp"
	"container/list"
	"context"
	"sync"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// own is a complete Executor in the plainest way: one goroutine for each run.
type own struct {
	host   executors.Host
	base   context.Context // the parent of every run's context
	cancel context.CancelCauseFunc

	mu        sync.Mutex // guards what follows; not held while calling the host or a job
	instances list.List  // of *instance: those with unfinished runs
	idle      chan struct{}
}

// instance is runs that are executed one after the other.
type instance struct {
	runs []job.Run // not started yet
	list *list.Element
}

func openOwn(_ context.Context, host executors.Host) (executors.Executor, error) {
	o := &own{host: host}
	o.base, o.cancel = context.WithCancelCause(cmp.Or(host.Context, context.Background()))
	return o, nil
}

func (o *own) Execute(runs []job.Run) {
	for len(runs) > 0 {
		n := 1
		for n < len(runs) && runs[n].Instance != 0 && runs[n].Instance == runs[0].Instance {
			n++
		}
		i := &instance{runs: runs[:n]}
		runs = runs[n:]

		o.mu.Lock()
		i.list = o.instances.PushBack(i)
		o.mu.Unlock()
		o.host.Go(func() { o.work(i) })
	}
}

// work executes the instance's runs.
func (o *own) work(i *instance) {
	for run := o.take(i); run != nil; run = o.take(i) {
		o.execute(run, i)
	}
}

// execute executes and reports one run. If the job ends the goroutine, another
// one takes over the rest of the instance.
func (o *own) execute(run *job.Run, i *instance) {
	var result job.Result
	returned := false
	defer func() {
		o.host.Report([]job.Result{result})
		if !returned {
			o.host.Go(func() { o.work(i) })
		}
	}()
	executors.Execute(o.base, o.host.Clock, o.host.Clock.Now(), new(job.Context), run, &result)
	returned = true
}

// take returns the instance's next run. When there is none, it takes the
// instance off the list.
func (o *own) take(i *instance) *job.Run {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(i.runs) == 0 {
		o.instances.Remove(i.list)
		if o.idle != nil && o.instances.Len() == 0 {
			close(o.idle)
			o.idle = nil
		}
		return nil
	}
	run := &i.runs[0]
	i.runs = i.runs[1:]
	return run
}

func (o *own) Shutdown(ctx context.Context) error {
	defer o.cancel(job.ErrShutdown)
	o.mu.Lock()
	if o.instances.Len() == 0 {
		o.mu.Unlock()
		return nil
	}
	idle := make(chan struct{})
	o.idle = idle
	o.mu.Unlock()

	err := o.host.Wait(ctx, idle)
	if err != nil {
		o.release()
	}
	return err
}

// release gives back what has not been started.
func (o *own) release() {
	var results []job.Result
	o.mu.Lock()
	for e := o.instances.Front(); e != nil; e = e.Next() {
		i := e.Value.(*instance)
		for k := range i.runs {
			results = append(results, job.Result{Run: &i.runs[k], Outcome: job.Released, Err: job.ErrShutdown})
		}
		i.runs = nil
	}
	o.mu.Unlock()
	if len(results) > 0 {
		o.host.Report(results)
	}
}
