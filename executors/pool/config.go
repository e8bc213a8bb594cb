package pool

import (
	"cmp"
	"context"
	"fmt"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// Config says how a pool is made. The zero value is the default pool, without
// a limit.
type Config struct {
	// Size is how many runs the pool executes at a time; the others wait
	// their turn, in the order in which they came. Zero: as many as there
	// are. A goroutine is cheap, so set a limit only to spare something that
	// the jobs use, such as a database; a run that waits may become too late
	// for its MisfireGrace. APScheduler: max_workers (which is 10 unless set).
	Size int
}

// Open returns the [executors.Opener] of a pool. The opener fails with a
// [*job.FieldError] when Size is negative.
func Open(config Config) executors.Opener {
	return func(_ context.Context, host executors.Host) (executors.Executor, error) {
		if config.Size < 0 {
			return nil, &job.FieldError{
				Field:  "pool.Config.Size",
				Reason: fmt.Sprintf("is %d; give the greatest number of runs at a time, or 0 for no limit", config.Size),
			}
		}
		p := &pool{host: host, size: config.Size}
		p.base, p.cancel = context.WithCancelCause(cmp.Or(host.Context, context.Background()))
		p.newWorker = func() { (&worker{pool: p, called: true}).work() }
		return p, nil
	}
}
