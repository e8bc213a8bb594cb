package planner

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
)

// Job is what the plan comes to for one job.
type Job struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Store    string `json:"store"`    // alias
	Executor string `json:"executor"` // alias
	Trigger  string `json:"trigger"`  // in words

	// State is what has become of the job when the plan ends.
	State State `json:"state"`

	// Reason says why a job is parked.
	Reason string `json:"reason,omitempty"`

	// Next is the first run time that does not belong to the plan any more. It
	// is before Until if the job is behind with its work. Zero: there is none.
	Next time.Time `json:"next,omitzero"`

	Counts

	// Overlaps is how many of its runs are started while another one of them
	// is being executed.
	Overlaps int `json:"overlaps"`

	// First and Last are scheduled times.
	First time.Time `json:"first,omitzero"`
	Last  time.Time `json:"last,omitzero"`

	// Busy is how long its runs are executed, all together; LongestRun and
	// LongestWait (from the scheduled time to the start) are the greatest of one
	// run.
	Busy        time.Duration `json:"busy"`
	LongestRun  time.Duration `json:"longest_run"`
	LongestWait time.Duration `json:"longest_wait"`
}

// State is whether a job goes on.
type State string

// The states of a job.
const (
	Active State = "active"
	Paused State = "paused" // it waits for ResumeJob
	Parked State = "parked" // it cannot be run; see Job.Reason
	Ended  State = "ended"  // its trigger has no further time
)

func (j *Job) key() key { return key{j.Store, j.ID} }

// summary sums up the runs of the job that is the i-th of the table.
func (p *planning) summary(i int, runs []*Run) Job {
	j := &p.begin[i]
	sum := Job{ID: j.ID, Name: j.Name, Store: j.Store, Executor: j.Executor, Trigger: fmt.Sprint(j.Trigger)}
	sum.State, sum.Reason = p.stateOf(i)
	if sum.State == Active {
		sum.Next = p.end[keyOf(j)].NextRunTime.In(p.Location)
	}
	for _, run := range runs {
		sum.count(run)
		sum.Busy += run.Duration()
		sum.LongestRun = max(sum.LongestRun, run.Duration())
		sum.LongestWait = max(sum.LongestWait, run.Wait())
	}
	sum.Overlaps = overlaps(runs)
	if len(runs) > 0 {
		sum.First, sum.Last = runs[0].Scheduled, runs[len(runs)-1].Scheduled
	}
	return sum
}

// overlaps counts the runs of a job that are started while another one is
// being executed.
func overlaps(runs []*Run) (n int) {
	executed := slices.DeleteFunc(slices.Clone(runs), func(r *Run) bool { return r.Outcome != carillon.Executed })
	slices.SortStableFunc(executed, func(a, b *Run) int { return a.Started.Compare(b.Started) })
	var busyUntil time.Time
	for _, run := range executed {
		if run.Started.Before(busyUntil) {
			n++
		}
		if run.Finished.After(busyUntil) {
			busyUntil = run.Finished
		}
	}
	return n
}

// stateOf returns what has become of a job by the end of the plan, and why.
func (p *planning) stateOf(i int) (State, string) {
	k := keyOf(&p.begin[i])
	end, there := p.end[k]
	reason := cmp.Or(p.Jobs[i].Parked, end.Parked, p.parked[k])
	switch {
	case !there:
		return Ended, ""
	case reason != "":
		return Parked, reason
	case end.Paused:
		return Paused, ""
	}
	return Active, ""
}
