package executortest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carillon-go/carillon/job"
)

var misfireRules = []rule{
	{
		name:        "misfire/at the grace",
		explanation: "a run that is late by exactly its MisfireGrace is executed",
		check: func(r *rig) error {
			results, err := r.finish(r.late(0))
			if err == nil && results[0].Outcome != job.Executed {
				err = fmt.Errorf("it was reported as %v", results[0].Outcome)
			}
			return err
		},
	},
	{
		name:        "misfire/beyond the grace",
		explanation: "a run that is later than its MisfireGrace is Missed, with an error that wraps job.ErrMissed and says how late it is",
		check: func(r *rig) error {
			results, err := r.finish(r.late(time.Nanosecond))
			if err != nil {
				return err
			}
			return checkMissed(results[0], time.Minute+time.Nanosecond)
		},
	},
	{
		name:        "misfire/no grace",
		explanation: "a run without a MisfireGrace is executed however late it is",
		check: func(r *rig) error {
			for _, grace := range []time.Duration{0, job.NoMisfireGrace} {
				run := r.late(1e6 * time.Hour)
				run.MisfireGrace = grace
				results, err := r.finish(run)
				if err != nil {
					return err
				}
				if results[0].Outcome != job.Executed {
					return fmt.Errorf("with MisfireGrace %d it was reported as %v", grace, results[0].Outcome)
				}
			}
			return nil
		},
	},
	{
		name:        "misfire/at the start",
		explanation: "a run is late or not when it comes to its start, not when it is accepted",
		check: func(r *rig) error {
			runs := r.group(r.sleep(time.Hour), succeed)
			runs[1].MisfireGrace = time.Minute
			results, err := r.finish(runs...)
			if err != nil {
				return err
			}
			return checkMissed(results[1], time.Hour)
		},
	},
}

func checkMissed(result job.Result, late time.Duration) error {
	switch {
	case result.Outcome != job.Missed:
		return fmt.Errorf("it was reported as %v, want missed", result.Outcome)
	case !errors.Is(result.Err, job.ErrMissed):
		return fmt.Errorf("its error is %v, which does not wrap job.ErrMissed", result.Err)
	case !strings.Contains(result.Err.Error(), late.String()):
		return fmt.Errorf("its error is %q, which does not say that it was late by %v", result.Err, late)
	case !result.Started.IsZero() || !result.Finished.IsZero():
		return fmt.Errorf("it was not executed but has the times %v and %v", result.Started, result.Finished)
	}
	return nil
}
