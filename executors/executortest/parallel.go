package executortest

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

var parallelRules = []rule{
	{
		name:        "parallel/nobody waits",
		explanation: "a run does not wait for others to end, as long as the Executor's size allows",
		applies:     Options.parallel,
		check: func(r *rig) error {
			held := 100
			if r.Size > 0 {
				held = min(held, r.Size-1)
			}
			runs := append(r.repeat(held, r.hold(nil)), r.run(succeed))
			if err := r.execute(runs...); err != nil {
				return err
			}
			if err := r.reported(1); err != nil {
				return fmt.Errorf("%d jobs hang: %w", held, err)
			}
			r.release()
			return r.reported(len(runs))
		},
	},
	{
		name:        "parallel/full",
		explanation: "an Executor whose runs all hang executes the next one as soon as one of them ends",
		applies:     Options.apart,
		check: func(r *rig) error {
			size := max(r.Size, 1)
			if err := r.execute(r.repeat(size-1, r.hold(nil))...); err != nil {
				return err
			}
			if err := r.execute(r.repeat(10, r.sleep(time.Second))...); err != nil {
				return err
			}
			return r.reported(10)
		},
	},
	{
		name:        "parallel/size",
		explanation: "an Executor of a size executes as many runs at a time and no more, and all of them in the end",
		applies:     Options.limited,
		check: func(r *rig) error {
			var now, most atomic.Int64
			runs := r.repeat(5*r.Size, func(ctx context.Context) error {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				return r.sleep(time.Second)(ctx)
			})
			half := len(runs) / 2
			if err := r.execute(runs[:half:half]...); err != nil {
				return err
			}
			if _, err := r.finish(runs[half:]...); err != nil {
				return err
			}
			if n := int(most.Load()); n != r.Size {
				return fmt.Errorf("%d runs were executed at a time, want %d", n, r.Size)
			}
			return nil
		},
	},
	{
		name:        "parallel/size and goexit",
		explanation: "a job that ends its goroutine does not take the run's place with it",
		applies:     Options.limited,
		check: func(r *rig) error {
			_, err := r.finish(r.repeat(3*r.Size, exit)...)
			if err != nil {
				return err
			}
			_, err = r.finish(r.repeat(r.Size, succeed)...)
			return err
		},
	},
	{
		name:        "parallel/host",
		explanation: "an Executor starts goroutines with Host.Go only",
		applies:     Options.apart,
		check: func(r *rig) error {
			var counted atomic.Int64
			count := func(context.Context) error { counted.Store(int64(r.Goroutines())); return nil }
			if _, err := r.finish(r.run(count)); err != nil {
				return err
			}
			if counted.Load() == 0 {
				return fmt.Errorf("a job was executed while the Executor had no goroutine from Host.Go")
			}
			return nil
		},
	},
}
