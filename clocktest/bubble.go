package clocktest

import (
	"context"
	"errors"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
)

// bubble lets jobs of a simulation be goroutines of a synctest bubble. Its time
// and the simulation's pass together: the simulation sleeps in the bubble until
// its next timer is due, or until a job has ended. It makes steps only when
// every job is blocked.
type bubble struct {
	machine clock.Clock // the bubble's, in a bubble
	start   time.Time
	running int           // jobs
	ended   chan struct{} // a job has
}

func newBubble() *bubble {
	machine := clock.Real()
	return &bubble{machine: machine, start: machine.Now(), ended: make(chan struct{}, 1)}
}

func (b *bubble) elapsed() time.Duration { return b.machine.Now().Sub(b.start) }

// rest waits until all jobs are blocked or have ended.
func (b *bubble) rest() {
	synctest.Wait()
	select {
	case <-b.ended:
	default:
	}
}

// pass lets time pass up to the given moment, but not beyond a job's end. It
// returns how late it is then.
func (b *bubble) pass(to time.Duration) time.Duration {
	over := make(chan struct{})
	timer := b.machine.AfterFunc(to-b.elapsed(), func() { close(over) })
	select {
	case <-over:
	case <-b.ended:
		timer.Stop()
	}
	return b.elapsed()
}

// errGoexit is the error of a job that has not returned.
var errGoexit = errors.New("simulation: the job has called runtime.Goexit")

// job has a job executed by a goroutine of the bubble.
func (b *bubble) job(do job.Func) job.Func {
	return func(ctx context.Context) error {
		n := ctx.Value(nodeKey{}).(*node)
		err, failure, done := errGoexit, any(nil), make(chan struct{})
		b.running++
		go func() {
			defer func() {
				failure = recover()
				close(done)
				select {
				case b.ended <- struct{}{}:
				default:
				}
			}()
			err = do(job.WithTimeouts(job.WithSleeper(ctx, b.sleep), b.withTimeout))
		}()
		if err := n.Wait(context.Background(), done); err != nil {
			return err
		}
		b.running--
		if failure != nil {
			panic(failure)
		}
		return err
	}
}

// sleep is carillon.Sleep in such a job.
func (b *bubble) sleep(ctx context.Context, d time.Duration) error {
	over := make(chan struct{})
	timer := b.machine.AfterFunc(d, func() { close(over) })
	defer timer.Stop()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// withTimeout is job.WithTimeout in such a job.
func (b *bubble) withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return clock.WithTimeout(ctx, b.machine, d)
}
