package executortest

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/carillon-go/carillon/job"
)

var stressRules = []rule{
	{
		name:        "stress/open and shut down",
		explanation: "an Executor can be opened and shut down again and again, at any moment, and no run is lost or reported twice",
		check: func(r *rig) error {
			random := rand.New(rand.NewPCG(1, 2))
			for round := range 150 {
				if err := r.reopen(); err != nil {
					return err
				}
				before, first := len(r.Results()), r.lastID+1
				runs := r.medley(random, 30)
				half := random.IntN(len(runs))
				<-r.submit(runs[:half:half]...)
				<-r.submit(runs[half:]...)
				bound, cancel := context.WithCancelCause(context.Background())
				timer := r.clock.AfterFunc(time.Duration(random.IntN(3))*time.Millisecond+1, func() { cancel(errBound) })
				_, hang := r.shutdown(bound)
				timer.Stop()
				if err := cmp.Or(hang, r.reported(before+len(runs))); err != nil {
					return fmt.Errorf("round %d: %w", round, err)
				}
				if err := checkOnce(r.Results()[before:], first, len(runs)); err != nil {
					return fmt.Errorf("round %d: %w", round, err)
				}
			}
			return nil
		},
	},
}

// medley makes runs of all kinds.
func (r *rig) medley(random *rand.Rand, n int) []job.Run {
	kinds := []job.Func{
		succeed,
		func(context.Context) error { return errJob },
		func(context.Context) error { panic("a panic") },
		exit,
		r.sleep(time.Millisecond),
		r.sleep(2 * time.Millisecond),
		nil,
	}
	kind := func() job.Func { return kinds[random.IntN(len(kinds))] }
	runs := []job.Run{r.run(kind())}
	for len(runs) < n {
		if random.IntN(3) > 0 {
			runs = append(runs, r.run(kind()))
			continue
		}
		runs = append(runs, r.group(kind(), kind(), kind())...)
	}
	return runs
}

// exit is a job that ends its goroutine.
func exit(context.Context) error {
	runtime.Goexit()
	return nil
}
