package executortest

import (
	"context"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
)

var reportRules = []rule{
	{
		name:        "report/once",
		explanation: "each accepted run is reported exactly once, however it ends",
		check: func(r *rig) error {
			runs := []job.Run{
				r.run(succeed),
				r.run(func(context.Context) error { return errJob }),
				r.run(func(context.Context) error { panic("a panic") }),
				r.run(exit),
				r.run(nil),
				r.late(time.Second),
			}
			runs = append(runs, r.group(succeed, succeed, succeed)...)
			if _, err := r.finish(runs...); err != nil {
				return err
			}
			if err := r.drain(context.Background()); err != nil {
				return err
			}
			return checkOnce(r.Results(), 1, len(runs))
		},
	},
	{
		name:        "report/value",
		explanation: "the result carries what the run gave to job.SetResult, and nothing of another run",
		check: func(r *rig) error {
			set := func(ctx context.Context) error { job.SetResult(ctx, "the value"); return nil }
			results, err := r.finish(append(r.group(set, succeed), r.run(set))...)
			if err != nil {
				return err
			}
			for _, result := range results {
				want := any("the value")
				if result.Run.ID == 2 {
					want = nil
				}
				if result.Value != want {
					return fmt.Errorf("run %d has the value %v, want %v", result.Run.ID, result.Value, want)
				}
			}
			return nil
		},
	},
	{
		name:        "report/times",
		explanation: "Started and Finished are the Host's time just before and after the job",
		check: func(r *rig) error {
			t0 := r.clock.Now()
			results, err := r.finish(r.group(r.sleep(time.Second), r.sleep(time.Minute))...)
			if err != nil {
				return err
			}
			want := []time.Time{t0, t0.Add(time.Second), t0.Add(time.Second + time.Minute)}
			for i, result := range results {
				if !result.Started.Equal(want[i]) || !result.Finished.Equal(want[i+1]) {
					return fmt.Errorf("a run from %v until %v was reported as from %v until %v",
						want[i], want[i+1], result.Started, result.Finished)
				}
			}
			return nil
		},
	},
	{
		name:        "report/times of a later batch",
		explanation: "a run starts when it is executed, not when the run before it ended",
		check: func(r *rig) error {
			for range 2 {
				results, err := r.finish(r.run(succeed))
				if err != nil {
					return err
				}
				if now := r.clock.Now(); !results[0].Started.Equal(now) {
					return fmt.Errorf("a run that was started at %v was reported as started at %v", now, results[0].Started)
				}
				r.sleep(time.Hour)(context.Background())
			}
			return nil
		},
	},
	{
		name:        "report/prompt",
		explanation: "the result of a run that has ended does not wait for a run that has not",
		applies:     Options.apart,
		check: func(r *rig) error {
			quick := r.repeat(5, succeed)
			if err := r.execute(append(quick, r.run(r.hold(nil)))...); err != nil {
				return err
			}
			return r.reported(len(quick))
		},
	},
	{
		name:        "report/prompt in an instance",
		explanation: "the result of a run that has ended does not wait for the next one of its instance",
		applies:     Options.apart,
		check: func(r *rig) error {
			if err := r.execute(r.group(succeed, succeed, r.hold(nil))...); err != nil {
				return err
			}
			return r.reported(2)
		},
	},
}

// late makes a run that is later than its grace allows by this much.
func (r *rig) late(by time.Duration) job.Run {
	run := r.run(succeed)
	run.MisfireGrace = time.Minute
	run.Scheduled = run.Scheduled.Add(-time.Minute - by)
	return run
}

// checkOnce checks that results are those of n runs, the first of which has
// this ID, each of them once.
func checkOnce(results []job.Result, first int64, n int) error {
	times := map[int64]int{}
	for _, result := range results {
		if result.Run == nil || result.Outcome == 0 {
			return fmt.Errorf("%+v was reported, which lacks its Run or Outcome", result)
		}
		times[result.Run.ID]++
	}
	for id := first; id < first+int64(n); id++ {
		if times[id] != 1 {
			return fmt.Errorf("run %d was reported %d times", id, times[id])
		}
	}
	if len(times) != n {
		return fmt.Errorf("%d runs were reported, but %d accepted", len(times), n)
	}
	return nil
}
