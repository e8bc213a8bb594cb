package actors

import (
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// backlog is how many run times of one job are worked off at a time, if the
// job does not coalesce. The job's further ones wait until these have been
// executed; none is lost.
const backlog = 1000

// plan says what becomes of a job that is due at now, with live of its
// instances unfinished. It is the whole of the scheduling decision: a pure
// function of its arguments.
func plan(j *job.Job, live int, now time.Time, step *stores.Step) {
	defer parkPanic(step)
	if unknown, ok := j.Trigger.(*triggers.Unknown); ok {
		step.Park = unknown.Reason()
		return
	}
	if j.Coalesce == job.All {
		planAll(j, now, step)
	} else {
		planLatest(j, now, step)
	}
	if live >= j.MaxInstances {
		step.Runs, step.Skipped = step.Skipped, step.Runs
		step.Wait = false
	}
}

// planLatest runs the job once, for the latest of its due times.
func planLatest(j *job.Job, now time.Time, step *stores.Step) {
	latest := j.NextRunTime
	next, ok := following(j.Trigger, latest)
	if ok && !next.After(now) {
		step.First = j.NextRunTime
		if last, found := triggers.Latest(j.Trigger, next, now); found {
			latest = runTime(last)
		}
		next, ok = following(j.Trigger, latest)
	}
	step.Runs = append(step.Runs, latest)
	step.Next, step.Ended = next, !ok
}

// planAll runs the job for each of its due times, up to a backlog of them.
func planAll(j *job.Job, now time.Time, step *stores.Step) {
	next, ok := j.NextRunTime, true
	for ok && !next.After(now) && len(step.Runs) < backlog {
		step.Runs = append(step.Runs, next)
		next, ok = following(j.Trigger, next)
	}
	step.Next, step.Ended = next, !ok
	step.Wait = ok && !next.After(now)
}

// following returns the run time that follows on another one. A trigger that
// stands still would be due for ever.
func following(t triggers.Trigger, after time.Time) (time.Time, bool) {
	next, ok := asked(t, after, after)
	if ok && !next.After(after) {
		panic(standstill{next, after})
	}
	return next, ok
}

// asked asks a trigger for a run time. One outside of the years 1 to 9999 is none:
// stores do not keep it.
func asked(t triggers.Trigger, prev, now time.Time) (time.Time, bool) {
	next, ok := t.Next(prev, now)
	next = runTime(next)
	if !ok || next.Year() < 1 || next.Year() > 9999 {
		return time.Time{}, false
	}
	return next, true
}

// standstill is what a trigger is parked for that does not go forward.
type standstill struct{ next, after time.Time }

func (s standstill) String() string {
	return fmt.Sprintf("its trigger gives %s after %s; a trigger's times must grow", s.next.Format(time.RFC3339Nano), s.after.Format(time.RFC3339Nano))
}

// runTime makes a run time of a trigger's time: to the microsecond, which every
// store can keep, and never before the trigger's, which would then follow on
// itself.
func runTime(t time.Time) time.Time {
	if over := t.Nanosecond() % int(time.Microsecond); over > 0 {
		t = t.Add(time.Microsecond - time.Duration(over))
	}
	return t.Round(0)
}

// parkPanic, deferred, parks a job whose trigger panics or stands still.
func parkPanic(step *stores.Step) {
	switch r := recover().(type) {
	case nil:
	case standstill:
		*step = stores.Step{Park: r.String()}
	default:
		*step = stores.Step{Park: fmt.Sprintf("its trigger has panicked: %v", r)}
	}
}
