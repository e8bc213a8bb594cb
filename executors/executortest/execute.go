package executortest

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/carillon-go/carillon/job"
)

var executeRules = []rule{
	{
		name:        "execute/nothing",
		explanation: "Execute of no runs does nothing",
		check: func(r *rig) error {
			for _, runs := range [][]job.Run{nil, {}} {
				if err := r.execute(runs...); err != nil {
					return err
				}
			}
			if _, err := r.finish(r.run(succeed)); err != nil {
				return err
			}
			if n := len(r.Results()); n != 1 {
				return fmt.Errorf("%d results were reported for one run", n)
			}
			return nil
		},
	},
	{
		name:        "execute/returns",
		explanation: "Execute accepts runs and returns without waiting for them",
		applies:     Options.apart,
		check: func(r *rig) error {
			if err := r.execute(r.run(r.hold(nil))); err != nil {
				return err
			}
			return r.execute(r.run(r.hold(nil)))
		},
	},
	{
		name:        "execute/again",
		explanation: "an Executor that has come to rest accepts runs as before",
		check: func(r *rig) error {
			for range 10 {
				if _, err := r.finish(r.repeat(3, succeed)...); err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		name:        "execute/many",
		explanation: "every accepted run is executed once, however many there are",
		check: func(r *rig) error {
			var executed atomic.Int64
			count := func(context.Context) error { executed.Add(1); return nil }
			sent := 0
			for i := range 300 {
				runs := r.repeat(1+i%40, count)
				sent += len(runs)
				if err := r.execute(runs...); err != nil {
					return err
				}
			}
			if err := r.reported(sent); err != nil {
				return err
			}
			if n := int(executed.Load()); n != sent {
				return fmt.Errorf("%d runs were accepted, and %d executed", sent, n)
			}
			return checkOnce(r.Results(), 1, sent)
		},
	},
}
