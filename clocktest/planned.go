package clocktest

import (
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// planned is what a claim has planned for one job.
type planned struct {
	job     string
	live    int // instances, before
	next    time.Time
	ended   bool
	runs    []time.Time // those that the answer has not had yet
	skipped int
	first   time.Time
}

// plan checks one step of a job.
func (l *ledger) plan(now time.Time, j *job.Job, live int, step *stores.Step) {
	if step.Park != "" {
		return
	}
	s := l.sim
	if l.jobs[j.ID] == nil { // it was in the store before
		l.jobs[j.ID] = &account{due: j.NextRunTime}
	}
	due := l.jobs[j.ID].due
	s.Always(j.NextRunTime.Equal(due), "job %s is planned from %v, but it was due at %v", j.ID, j.NextRunTime, due)
	s.Always(!j.NextRunTime.After(now), "job %s is planned early: at %v for %v", j.ID, now, j.NextRunTime)
	s.Always(live < j.MaxInstances || len(step.Runs) == 0, "job %s is run though %d instances of it are unfinished", j.ID, live)
	s.Always(live >= j.MaxInstances || len(step.Skipped) == 0, "job %s is skipped though only %d instances of it are unfinished", j.ID, live)
	times := step.Runs
	if len(times) == 0 {
		times = step.Skipped
	}
	l.covers(now, j, times, step)
	p := planned{job: j.ID, live: live, next: step.Next, ended: step.Ended, first: step.First, skipped: len(step.Skipped)}
	p.runs = append(p.runs, step.Runs...)
	l.plans = append(l.plans, p)
}

// farthestWalk bounds how many times of a trigger are looked at to check one
// step.
const farthestWalk = 10_000

// covers checks that the times of a step are all those of the trigger from the
// job's next run time to before the step's; of a job that coalesces, the last.
func (l *ledger) covers(now time.Time, j *job.Job, times []time.Time, step *stores.Step) {
	s := l.sim
	if len(times) == 0 {
		s.Failf("job %s was due at %v and is neither run nor skipped", j.ID, j.NextRunTime)
		return
	}
	last := times[len(times)-1]
	at, ok := j.NextRunTime, true
	for i := 0; ok && i < farthestWalk && at.Before(last); i++ {
		if j.Coalesce == job.All {
			s.Always(i < len(times) && times[i].Equal(at), "job %s leaves out its run time %v", j.ID, at)
		}
		at, ok = following(j.Trigger, at)
	}
	if ok && at.Before(last) {
		return // too far to look
	}
	s.Always(ok && at.Equal(last), "job %s gets a run time that its trigger does not have: %v", j.ID, last)
	next, ok := following(j.Trigger, last)
	s.Always(ok != step.Ended && (!ok || next.Equal(step.Next)), "job %s goes on at %v, not %v", j.ID, step.Next, next)
	if j.Coalesce != job.All {
		s.Always(!ok || next.After(now), "job %s runs for %v though %v is due as well", j.ID, last, next)
	}
}

// following returns the run time that follows on another one, in the whole
// microseconds that stores keep.
func following(t triggers.Trigger, at time.Time) (time.Time, bool) {
	next, ok := t.Next(at, at)
	if whole := next.Truncate(time.Microsecond); whole.Before(next) {
		next = whole.Add(time.Microsecond)
	}
	return next, ok
}

// planOf crosses a run off that was planned.
func (l *ledger) planOf(run *job.Run) {
	for i := range l.plans {
		p := &l.plans[i]
		if p.job != run.JobID || len(p.runs) == 0 {
			continue
		}
		first := p.first
		if first.IsZero() {
			first = p.runs[0]
		}
		l.sim.Always(p.runs[0].Equal(run.Scheduled) && first.Equal(run.First), "run %s since %v was planned as %v since %v", name(run), run.First, p.runs[0], first)
		p.runs, p.first = p.runs[1:], time.Time{}
		return
	}
	l.sim.Failf("run %s was not planned", name(run))
}

// carriedOut checks that what was planned is what the claim has done, and moves
// the jobs on.
func (l *ledger) carriedOut(claimed *stores.Claimed) {
	s := l.sim
	skipped := make(map[string]int, len(claimed.Skipped))
	for _, skip := range claimed.Skipped {
		skipped[skip.JobID] += len(skip.Times)
	}
	for i := range l.plans {
		p := &l.plans[i]
		s.Always(len(p.runs) == 0, "job %s was to run for %v, and is not in the answer", p.job, p.runs)
		s.Always(skipped[p.job] == p.skipped, "job %s was to be skipped %d times, and is %d times", p.job, p.skipped, skipped[p.job])
		live := p.live
		if p.skipped == 0 {
			live++
		}
		s.Always(len(l.live[p.job]) == live, "job %s has %d unfinished instances, the store counts %d", p.job, len(l.live[p.job]), live)
		if a := l.jobs[p.job]; p.ended && len(l.live[p.job]) == 0 {
			delete(l.jobs, p.job)
		} else {
			a.due, a.ended, a.parked = p.next, p.ended, false
		}
	}
}
