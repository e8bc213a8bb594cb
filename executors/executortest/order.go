package executortest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/carillon-go/carillon/job"
)

var orderRules = []rule{
	{
		name:        "order/of an instance",
		explanation: "runs of one instance are executed one after the other, in order, whatever becomes of each",
		check: func(r *rig) error {
			w := &witness{inside: map[int64]bool{}, last: map[int64]int64{}}
			endings := []func(){func() {}, func() { panic("a panic") }, runtime.Goexit}
			var runs []job.Run
			for range 20 {
				group := r.group(make([]job.Func, 15)...)
				for i, run := range group {
					group[i].Do = w.watch(run, func(ctx context.Context) error {
						r.sleep(time.Millisecond)(ctx)
						endings[i%len(endings)]()
						return nil
					})
				}
				runs = append(runs, group...)
			}
			if _, err := r.finish(runs...); err != nil {
				return err
			}
			return w.fault
		},
	},
	{
		name:        "order/of the reports of an instance",
		explanation: "the results of the runs of one instance are reported in the order of the runs",
		check: func(r *rig) error {
			var runs []job.Run
			for range 50 {
				runs = append(runs, r.group(succeed, succeed, succeed, succeed)...)
			}
			results, err := r.finish(runs...)
			if err != nil {
				return err
			}
			last := map[int64]int64{}
			for _, result := range results {
				if before := last[result.Run.Instance]; before > result.Run.ID {
					return fmt.Errorf("run %d was reported after run %d of the same instance", result.Run.ID, before)
				}
				last[result.Run.Instance] = result.Run.ID
			}
			return nil
		},
	},
	{
		name:        "order/of different instances",
		explanation: "runs of one instance do not wait for those of another",
		applies:     Options.parallel,
		check: func(r *rig) error {
			runs := append(r.group(r.hold(nil), succeed), r.group(succeed, succeed)...)
			if err := r.execute(runs...); err != nil {
				return err
			}
			return r.reported(2)
		},
	},
	{
		name:        "order/without an instance",
		explanation: "runs whose Instance is 0 stand alone and do not wait for each other",
		applies:     Options.parallel,
		check: func(r *rig) error {
			runs := r.group(r.hold(nil), succeed, succeed)
			for i := range runs {
				runs[i].ID, runs[i].Instance = 0, 0
			}
			if err := r.execute(runs...); err != nil {
				return err
			}
			return r.reported(2)
		},
	},
}

// A witness watches over the order within instances.
type witness struct {
	mu     sync.Mutex
	inside map[int64]bool  // by instance: one of its runs is being executed
	last   map[int64]int64 // by instance: the ID of the last run that was started
	fault  error
}

// watch makes a job for the run that testifies before and after it executes do.
func (w *witness) watch(run job.Run, do job.Func) job.Func {
	return func(ctx context.Context) error {
		w.enter(run.Instance, run.ID)
		defer w.leave(run.Instance)
		return do(ctx)
	}
}

func (w *witness) enter(instance, id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.inside[instance]:
		w.fault = fmt.Errorf("run %d of instance %d was started while another one was executed", id, instance)
	case w.last[instance] > id:
		w.fault = fmt.Errorf("run %d of instance %d was started after run %d", id, instance, w.last[instance])
	}
	w.inside[instance], w.last[instance] = true, id
}

func (w *witness) leave(instance int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inside[instance] = false
}
