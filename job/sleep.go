package job

import (
	"context"
	"time"
)

// Sleeper is how the scheduler lets time pass for its runs. The contexts of
// runs carry it.
type Sleeper func(ctx context.Context, d time.Duration) error

type sleeperKey struct{}

// WithSleeper returns a context under which [Sleep] uses s.
func WithSleeper(ctx context.Context, s Sleeper) context.Context {
	return context.WithValue(ctx, sleeperKey{}, s)
}

// Sleep blocks the run that is executed with ctx until d has elapsed on the
// scheduler's clock, or ctx ends, whose cause it returns. Unlike a sleep on
// the machine's clock, it makes a job testable: under a fake clock or a
// simulator it takes no time. Outside a run it fails at once; a test that calls
// a job's function by itself makes a context with [WithSleeper].
func Sleep(ctx context.Context, d time.Duration) error {
	sleep, ok := ctx.Value(sleeperKey{}).(Sleeper)
	if !ok {
		return &FieldError{"ctx", "is not of a run; give Sleep the context that the job was given, or in a test of the job alone one of job.WithSleeper"}
	}
	return sleep(ctx, d)
}
