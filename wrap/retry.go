package wrap

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/carillon-go/carillon/job"
)

// Backoff says how often a job is tried, and how long the pauses are. A field
// that is not positive takes its default.
type Backoff struct {
	// Tries is how often the job is called in one run, at most. Zero: 3.
	Tries int

	// Pause is how long the pause after the first try is; each further one is
	// twice as long. All pauses of a run are shortened by the same part, up to a
	// half, which follows from its key: jobs that fail together are not tried
	// again together. Zero: 1 s.
	Pause time.Duration

	// Longest bounds the pauses. Zero: 1 min.
	Longest time.Duration
}

// Retry calls the job again when it has returned an error, after a pause. It does
// not after a panic, after an error that is [Permanent], and when its context
// has ended, in the pause too. The error is the last try's.
func Retry(b Backoff) Wrapper {
	b = b.complete()
	return func(next job.Func) job.Func {
		return func(ctx context.Context) error {
			for try := 1; ; try++ {
				err := next(ctx)
				switch _, permanent := errors.AsType[*permanentError](err); {
				case err == nil || permanent || ctx.Err() != nil:
					return err
				case try >= b.Tries:
					return fmt.Errorf("try %d of %d: %w", try, b.Tries, err)
				}
				if end := job.Sleep(ctx, b.pause(ctx, try)); end != nil {
					return fmt.Errorf("try %d of %d: %w; not tried again: %w", try, b.Tries, err, end)
				}
			}
		}
	}
}

// Permanent returns err as one after which [Retry] does not try again. Its text,
// and what it wraps, stay the same. Of nil it returns nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ error }

func (p *permanentError) Unwrap() error { return p.error }

func (b Backoff) complete() Backoff {
	if b.Tries <= 0 {
		b.Tries = 3
	}
	if b.Pause <= 0 {
		b.Pause = time.Second
	}
	if b.Longest <= 0 {
		b.Longest = time.Minute
	}
	return b
}

// pause returns how long to wait after a try.
func (b Backoff) pause(ctx context.Context, try int) time.Duration {
	d := b.Pause
	for i := 1; i < try && d < b.Longest; i++ {
		d *= 2
	}
	d = min(d, b.Longest)
	run, _ := job.FromContext(ctx)
	h := fnv.New64a()
	h.Write([]byte(run.Key()))
	part := float64(h.Sum64()>>11) / (1 << 53) // of 1
	return d - time.Duration(part*float64(d)/2)
}
