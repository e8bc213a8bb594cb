package wrap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
)

// ErrTimeout is in the error of a job that has failed because of a [Timeout].
var ErrTimeout = errors.New("timed out")

// Timeout ends the job's context once d has elapsed; a d that is not positive
// ends it at once. Nothing in Go ends a function that does not look at its
// context: such a job goes on, and the run with it. If the job then returns an
// error, the run fails with that and [ErrTimeout]; if it returns nil, it has made
// it after all.
func Timeout(d time.Duration) Wrapper {
	return func(next job.Func) job.Func {
		return func(ctx context.Context) error {
			bounded, cancel := job.WithTimeout(ctx, d)
			defer cancel()
			err := next(bounded)
			if err != nil && ctx.Err() == nil && context.Cause(bounded) == context.DeadlineExceeded {
				return fmt.Errorf("%w after %v: %w", ErrTimeout, d, err)
			}
			return err
		}
	}
}
