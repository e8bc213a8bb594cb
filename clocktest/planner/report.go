package planner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
)

// Report is what comes of a plan. Its times are in the scheduler's time zone.
// As JSON, durations are nanoseconds.
type Report struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`

	// Counts and Concurrency are those of all jobs together.
	Counts
	Concurrency

	// Jobs are in the order of the table.
	Jobs []Job `json:"jobs"`

	// Runs are in the order of their scheduled times, those of the same time
	// in that of Jobs.
	Runs []Run `json:"runs"`

	// Executors are in the order of their aliases.
	Executors []Executor `json:"executors"`

	// Busiest are the minutes of the day in which most runs are due, at the
	// most ten and the busiest first; those with one run are left out.
	Busiest []Minute `json:"busiest"`

	// ClockChanges are those of the jobs' time zones, in order.
	ClockChanges []ClockChange `json:"clock_changes"`
}

// report makes the report of what the witness has seen.
func (p *planning) report() *Report {
	runs := p.runsInOrder()
	r := &Report{From: p.From, Until: p.Until, Runs: runs}
	ofJob := r.runsOfJobs()
	for i := range p.begin {
		r.Jobs = append(r.Jobs, p.summary(i, ofJob[keyOf(&p.begin[i])]))
	}
	all := make([]*Run, len(runs))
	for i := range runs {
		all[i] = &runs[i]
		r.count(all[i])
	}
	var executed curve
	r.Concurrency, executed = concurrency(p.whole(), all)
	ofExecutor := groupBy(runs, func(run *Run) string { return run.Executor })
	for _, alias := range slices.Sorted(maps.Keys(p.Executors)) {
		r.Executors = append(r.Executors, p.use(alias, ofExecutor[alias]))
	}
	r.Busiest = busiest(all, executed)
	r.ClockChanges = p.clockChanges(ofJob)
	return r
}

func (p *planning) whole() span { return span{p.From, p.Until} }

func (r *Report) whole() span { return span{r.From, r.Until} }

func (r *Report) runsOfJobs() map[key][]*Run { return groupBy(r.Runs, (*Run).key) }

// runsInOrder completes the runs that the witness has seen.
func (p *planning) runsInOrder() []Run {
	jobs := make(map[key]*carillon.Job, len(p.begin))
	place := make(map[key]int, len(p.begin))
	for i := range p.begin {
		k := keyOf(&p.begin[i])
		jobs[k], place[k] = &p.begin[i], i
	}
	for i := range p.runs {
		run := &p.runs[i]
		run.in(p.Location)
		if run.Outcome == carillon.Skipped {
			run.Reason = fmt.Sprintf("maximum number of running instances reached: %d", jobs[run.key()].MaxInstances)
		}
	}
	slices.SortStableFunc(p.runs, func(a, b Run) int {
		return cmp.Or(a.Scheduled.Compare(b.Scheduled), cmp.Compare(place[a.key()], place[b.key()]))
	})
	return p.runs
}

// groupBy divides runs, in their order, by what they have in common.
func groupBy[K comparable](runs []Run, by func(*Run) K) map[K][]*Run {
	groups := make(map[K][]*Run)
	for i := range runs {
		k := by(&runs[i])
		groups[k] = append(groups[k], &runs[i])
	}
	return groups
}
