package executortest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
)

var errBound = errors.New("the bound of the shutdown")

const released = "are reported as Released, with job.ErrShutdown, before Shutdown returns, and are never started"

var shutdownRules = []rule{
	{
		name:        "shutdown/at rest",
		explanation: "Shutdown of an Executor that has nothing to do returns nil at once, even if its context has ended",
		check: func(r *rig) error {
			for _, ctx := range []context.Context{context.Background(), ended(errBound)} {
				if err := r.reopen(); err != nil {
					return err
				}
				if err := r.drain(ctx); err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		name:        "shutdown/drains",
		explanation: "Shutdown waits until all accepted runs have been executed and reported, and lets them",
		check: func(r *rig) error {
			slow := func(ctx context.Context) error {
				r.sleep(time.Second)(ctx)
				return ctx.Err()
			}
			runs := append(r.repeat(10, slow), r.group(slow, slow, slow)...)
			r.submit(runs...)
			if err := r.underWay(); err != nil {
				return err
			}
			if err := r.drain(context.Background()); err != nil {
				return err
			}
			for _, result := range r.Results() {
				if result.Outcome != job.Executed {
					return fmt.Errorf("run %d was reported as %v (error: %v), want executed", result.Run.ID, result.Outcome, result.Err)
				}
			}
			return checkOnce(r.Results(), 1, len(runs))
		},
	},
	{
		name:        "shutdown/cancels",
		explanation: "when its context ends, Shutdown returns the cause, and the jobs' contexts end with job.ErrShutdown as theirs",
		check: func(r *rig) error {
			r.submit(r.run(untilCancelled))
			if err := r.underWay(); err != nil {
				return err
			}
			if err := r.cutShort(); err != nil {
				return err
			}
			if err := r.reported(1); err != nil {
				return err
			}
			if result := r.Results()[0]; result.Outcome != job.Failed || !errors.Is(result.Err, job.ErrShutdown) {
				return fmt.Errorf("the job that was cancelled was reported as %v with the error %v, want failed with job.ErrShutdown, its cause",
					result.Outcome, result.Err)
			}
			return nil
		},
	},
	{
		name:        "shutdown/patient",
		explanation: "the jobs' contexts do not end before Shutdown's does",
		check: func(r *rig) error {
			r.submit(r.run(func(ctx context.Context) error {
				r.sleep(time.Minute)(ctx)
				return context.Cause(ctx)
			}))
			if err := r.underWay(); err != nil {
				return err
			}
			bound, cancel := context.WithCancelCause(context.Background())
			timer := r.clock.AfterFunc(time.Minute+time.Second, func() { cancel(errBound) })
			defer timer.Stop()
			if err := r.drain(bound); err != nil {
				return err
			}
			return r.Results()[0].Err
		},
	},
	{
		name:        "shutdown/releases an instance",
		explanation: "runs that wait for another of their instance when Shutdown's context ends " + released,
		check: func(r *rig) error {
			r.submit(r.group(r.hold(nil), never, never)...)
			return r.checkReleases(1)
		},
	},
	{
		name:        "shutdown/releases the queue",
		explanation: "runs that wait for their turn when Shutdown's context ends " + released,
		applies:     func(o Options) bool { return o.Inline || o.limited() },
		check: func(r *rig) error {
			held := r.Size
			if r.Inline {
				held = 1
			}
			runs := r.repeat(held, r.hold(nil))
			runs = append(runs, r.group(never, never)...)
			r.submit(append(runs, r.repeat(5, never)...)...)
			return r.checkReleases(held)
		},
	},
	{
		name:        "shutdown/stragglers",
		explanation: "a job that goes on after Shutdown has returned is reported when it ends, for what it returned",
		check: func(r *rig) error {
			deaf := r.hold(nil)
			r.submit(r.run(func(ctx context.Context) error { deaf(ctx); return errJob }))
			if err := r.underWay(); err != nil {
				return err
			}
			if err := r.cutShort(); err != nil {
				return err
			}
			r.release()
			if err := r.reported(1); err != nil {
				return err
			}
			if result := r.Results()[0]; result.Outcome != job.Failed || !errors.Is(result.Err, errJob) {
				return fmt.Errorf("it was reported as %v with the error %v, want failed with the job's", result.Outcome, result.Err)
			}
			return nil
		},
	},
	{
		name:        "shutdown/leaves nothing",
		explanation: "no goroutine of the Executor is left when it has been shut down and its jobs have ended",
		check: func(r *rig) error {
			if _, err := r.finish(r.repeat(100, succeed)...); err != nil {
				return err
			}
			if err := r.drain(context.Background()); err != nil {
				return err
			}
			return r.until("the Executor's goroutines to end", func(ctx context.Context) error {
				return r.AwaitGoroutines(ctx, 0)
			})
		},
	},
}

// never is a job that is not to be executed.
func never(context.Context) error { return errors.New("it was executed") }

// checkReleases shuts the Executor down while the first of the runs that it
// was given are held, and checks what becomes of the others.
func (r *rig) checkReleases(held int) error {
	if err := r.underWay(); err != nil {
		return err
	}
	if err := r.cutShort(); err != nil {
		return err
	}
	waiting := int(r.lastID) - held
	if n := len(r.Results()); n != waiting {
		return fmt.Errorf("%d runs were waiting, but %d reported when Shutdown returned", waiting, n)
	}
	for _, result := range r.Results() {
		if result.Outcome != job.Released || !errors.Is(result.Err, job.ErrShutdown) {
			return fmt.Errorf("a run that was not started was reported as %v with the error %v", result.Outcome, result.Err)
		}
	}
	r.release()
	if err := r.reported(int(r.lastID)); err != nil {
		return err
	}
	return checkOnce(r.Results(), 1, int(r.lastID))
}

// underWay waits until the Executor has got as far as it can with the runs
// that it has.
func (r *rig) underWay() error { return r.sleep(time.Millisecond)(context.Background()) }

// drain shuts the Executor down in a way that must succeed.
func (r *rig) drain(ctx context.Context) error {
	err, hang := r.shutdown(ctx)
	if hang != nil {
		return hang
	}
	if err != nil {
		return fmt.Errorf("Shutdown returned %w, want nil", err)
	}
	return nil
}

// cutShort shuts the Executor down in the middle of a job.
func (r *rig) cutShort() error {
	bound, cancel := context.WithCancelCause(context.Background())
	timer := r.clock.AfterFunc(time.Second, func() { cancel(errBound) })
	defer timer.Stop()
	err, hang := r.shutdown(bound)
	if hang == nil && !errors.Is(err, errBound) {
		return fmt.Errorf("Shutdown returned %v, want the cause of its context's end", err)
	}
	return hang
}
