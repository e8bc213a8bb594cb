package clocktest

import (
	"slices"
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
	runs    []time.Time
	given   int // how many of them the answer has had
	skipped int
	first   time.Time
}

// What is stated here is stated of every run, so it is written such that words
// are made only when it does not hold.

// plan checks one step of a job.
func (l *ledger) plan(now time.Time, j *job.Job, live int, step *stores.Step) {
	a := l.jobs[j.ID]
	if step.Park != "" {
		if a != nil {
			a.parked = true // which the claim tells of the first time only
		}
		return
	}
	if a == nil { // it was in the store before
		a = &account{due: j.NextRunTime}
		l.jobs[j.ID] = a
	}
	s := l.sim
	if !j.NextRunTime.Equal(a.due) {
		s.Failf("job %s is planned from %v, but it was due at %v", j.ID, j.NextRunTime, a.due)
	}
	if j.NextRunTime.After(now) {
		s.Failf("job %s is planned early: at %v for %v", j.ID, now, j.NextRunTime)
	}
	if live >= j.MaxInstances && len(step.Runs) > 0 {
		s.Failf("job %s is run though %d instances of it are unfinished", j.ID, live)
	}
	if live < j.MaxInstances && len(step.Skipped) > 0 {
		s.Failf("job %s is skipped though only %d instances of it are unfinished", j.ID, live)
	}
	times := step.Runs
	if len(times) == 0 {
		times = step.Skipped
	}
	l.covers(now, j, times, step)
	l.plans = slices.Grow(l.plans, 1)[:len(l.plans)+1]
	p := &l.plans[len(l.plans)-1]
	*p = planned{
		job: j.ID, live: live, next: step.Next, ended: step.Ended,
		runs: append(p.runs[:0], step.Runs...), skipped: len(step.Skipped), first: step.First,
	}
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
		if j.Coalesce == job.All && (i >= len(times) || !times[i].Equal(at)) {
			s.Failf("job %s leaves out its run time %v", j.ID, at)
		}
		at, ok = following(j.Trigger, at)
	}
	if ok && at.Before(last) {
		return // too far to look
	}
	if !ok || !at.Equal(last) {
		s.Failf("job %s gets a run time that its trigger does not have: %v", j.ID, last)
	}
	next, ok := following(j.Trigger, last)
	if ok == step.Ended || ok && !next.Equal(step.Next) {
		s.Failf("job %s goes on at %v, not %v", j.ID, step.Next, next)
	}
	if j.Coalesce != job.All && ok && !next.After(now) {
		s.Failf("job %s runs for %v though %v is due as well", j.ID, last, next)
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

// planOf crosses a run off that was planned. Runs come in the order of their
// plans, mostly.
func (l *ledger) planOf(run *job.Run) {
	for range l.plans {
		p := &l.plans[l.planned%len(l.plans)]
		if p.job == run.JobID && p.given < len(p.runs) {
			l.crossOff(p, run)
			return
		}
		l.planned++
	}
	l.sim.Failf("run %s was not planned", run)
}

func (l *ledger) crossOff(p *planned, run *job.Run) {
	scheduled, first := p.runs[p.given], p.first
	if first.IsZero() {
		first = scheduled
	}
	if !scheduled.Equal(run.Scheduled) || !first.Equal(run.First) {
		l.sim.Failf("run %s since %v was planned as %v since %v", run, run.First, scheduled, first)
	}
	p.given++
	p.first = time.Time{}
}

// carriedOut checks that what was planned is what the claim has done, and moves
// the jobs on.
func (l *ledger) carriedOut(claimed *stores.Claimed) {
	var skipped map[string]int
	if len(claimed.Skipped) > 0 {
		skipped = make(map[string]int, len(claimed.Skipped))
	}
	for _, skip := range claimed.Skipped {
		skipped[skip.JobID] += len(skip.Times)
	}
	for i := range l.plans {
		p := &l.plans[i]
		l.done(p, skipped[p.job])
		if a := l.jobs[p.job]; p.ended && len(l.live[p.job]) == 0 {
			delete(l.jobs, p.job)
		} else {
			a.due, a.ended, a.parked = p.next, p.ended, false
		}
	}
}

// done checks that a job's plan was carried out.
func (l *ledger) done(p *planned, skipped int) {
	s := l.sim
	if p.given < len(p.runs) {
		s.Failf("job %s was to run for %v, and is not in the answer", p.job, p.runs[p.given:])
	}
	if skipped != p.skipped {
		s.Failf("job %s was to be skipped %d times, and is %d times", p.job, p.skipped, skipped)
	}
	live := p.live
	if p.skipped == 0 {
		live++
	}
	if len(l.live[p.job]) != live {
		s.Failf("job %s has %d unfinished instances, the store counts %d", p.job, len(l.live[p.job]), live)
	}
}
