package executortest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// patience is how long a rule waits, by the clock of its bubble, which moves
// on only when nothing else does. It tells a hang at once.
const patience = 1000 * time.Hour

// A rig is what a rule works with: a Host, and an Executor opened for it.
type rig struct {
	*Host
	Options
	open     executors.Opener
	executor executors.Executor
	gate     chan struct{} // holds the jobs of hold until it is closed
	lastID   int64
}

func newRig(host *Host, open executors.Opener, options Options) (*rig, error) {
	r := &rig{Host: host, Options: options, open: open, gate: make(chan struct{})}
	return r, r.reopen()
}

func (r *rig) reopen() (err error) {
	r.executor, err = r.Open(r.open)
	return err
}

// dismantle ends what a rule, or the Executor that has broken it, left
// running.
func (r *rig) dismantle() {
	r.release()
	r.shutdown(ended(errors.New("end of the rule")))
	r.until("the end", func(ctx context.Context) error { return r.AwaitGoroutines(ctx, 0) })
}

// run makes a run, due now and without a grace, that is an instance of its own.
func (r *rig) run(do job.Func) job.Run {
	r.lastID++
	return job.Run{
		ID:           r.lastID,
		Instance:     r.lastID,
		JobID:        fmt.Sprint("job-", r.lastID),
		Scheduled:    r.clock.Now(),
		First:        r.clock.Now(),
		Attempt:      1,
		MisfireGrace: job.NoMisfireGrace,
		Do:           do,
	}
}

// group makes a run for each function, all of them one instance of one job.
func (r *rig) group(do ...job.Func) []job.Run {
	runs := make([]job.Run, len(do))
	for i, f := range do {
		runs[i] = r.run(f)
		runs[i].Instance, runs[i].JobID = runs[0].ID, runs[0].JobID
	}
	return runs
}

// repeat makes n runs, each an instance of its own.
func (r *rig) repeat(n int, do job.Func) []job.Run {
	runs := make([]job.Run, n)
	for i := range runs {
		runs[i] = r.run(do)
	}
	return runs
}

// submit calls Execute on a goroutine of its own; the channel is closed when
// Execute has returned or the goroutine has ended.
func (r *rig) submit(runs ...job.Run) (returned <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.executor.Execute(runs)
	}()
	return done
}

// execute calls Execute and waits until it returns.
func (r *rig) execute(runs ...job.Run) error {
	return r.receive("Execute to return", r.submit(runs...))
}

// finish executes runs and waits until as many results have been reported as
// there are runs; it returns these results.
func (r *rig) finish(runs ...job.Run) ([]job.Result, error) {
	before := len(r.Results())
	if err := r.execute(runs...); err != nil {
		return nil, err
	}
	if err := r.reported(before + len(runs)); err != nil {
		return nil, err
	}
	return r.Results()[before:], nil
}

// shutdown calls Shutdown and waits until it returns; err is what it returned.
func (r *rig) shutdown(ctx context.Context) (err, hang error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = r.executor.Shutdown(ctx)
	}()
	if hang := r.receive("Shutdown to return", done); hang != nil {
		return nil, hang
	}
	return err, nil
}

// hold is a job that signals its start, if started is not nil, and then
// deaf to its context waits for release.
func (r *rig) hold(started chan<- struct{}) job.Func {
	return func(context.Context) error {
		if started != nil {
			started <- struct{}{}
		}
		<-r.gate
		return nil
	}
}

// release lets the held jobs go, now and later.
func (r *rig) release() {
	select {
	case <-r.gate:
	default:
		close(r.gate)
	}
}

// sleep is a job that takes d by the rig's clock.
func (r *rig) sleep(d time.Duration) job.Func {
	return func(context.Context) error {
		done := make(chan struct{})
		r.clock.AfterFunc(d, func() { close(done) })
		<-done
		return nil
	}
}

// reported waits until n results have been reported in all.
func (r *rig) reported(n int) error {
	err := r.until("results", func(ctx context.Context) error { return r.AwaitResults(ctx, n) })
	if err != nil {
		return fmt.Errorf("%w: have %d of %d", err, len(r.Results()), n)
	}
	return nil
}

// receive waits until something comes from the channel or it is closed.
func (r *rig) receive(what string, from <-chan struct{}) error {
	return r.until(what, func(ctx context.Context) error { return wait(ctx, from) })
}

// until calls wait with a context that ends when patience does.
func (r *rig) until(what string, wait func(context.Context) error) error {
	ctx, cancel := clock.WithTimeout(context.Background(), r.clock, patience)
	defer cancel()
	if wait(ctx) != nil {
		return fmt.Errorf("nothing moves any more while waiting for %s", what)
	}
	return nil
}

// ended returns a context that has ended with this cause.
func ended(cause error) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	return ctx
}

// succeed is a job that does nothing, well.
func succeed(context.Context) error { return nil }

// untilCancelled is a job that returns its context's cause when that ends.
func untilCancelled(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}
