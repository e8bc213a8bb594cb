package job

import (
	"context"
	"time"
)

// Timeouts is how the scheduler bounds the time of its runs. The contexts of
// runs carry it.
type Timeouts func(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc)

type timeoutsKey struct{}

// WithTimeouts returns a context under which [WithTimeout] uses t.
func WithTimeouts(ctx context.Context, t Timeouts) context.Context {
	return context.WithValue(ctx, timeoutsKey{}, t)
}

// WithTimeout is [context.WithTimeout] on the scheduler's clock, for a run that
// is executed with ctx: the returned context ends with
// [context.DeadlineExceeded] once d has elapsed there. As with the original, the
// caller calls cancel when the work is done, and work that does not look at its
// context goes on.
//
// Unlike one on the machine's clock it makes a job testable: under a fake clock
// or a simulator it passes as [Sleep] does. Outside a run the returned context
// has ended, and its cause says so; a test that calls a job's function by itself
// makes a context with [WithTimeouts].
func WithTimeout(ctx context.Context, d time.Duration) (bounded context.Context, cancel context.CancelFunc) {
	if with, ok := ctx.Value(timeoutsKey{}).(Timeouts); ok {
		return with(ctx, d)
	}
	ended, end := context.WithCancelCause(ctx)
	end(&FieldError{"ctx", "is not of a run; give WithTimeout the context that the job was given, or in a test of the job alone one of job.WithTimeouts"})
	return ended, func() {}
}
