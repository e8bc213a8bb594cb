package claim

import (
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Plan asks what becomes of jobs that were admitted, in order of next run time
// and ID, until Limit is reached; then Wants is 0. It returns how many it has
// asked about.
func (d *Decision) Plan(jobs []Job) int {
	for i := range jobs {
		if len(d.Claimed.Runs) >= d.Limit {
			d.Claimed.More = true
			return i
		}
		j := &jobs[i]
		j.Spec.Job(&d.job, d.alias, j.Version, j.Next)
		d.step = stores.Step{Runs: d.step.Runs[:0], Skipped: d.step.Skipped[:0]}
		d.Claim.Plan(&d.job, j.Live.Instances, &d.step)
		if d.step.Park != "" {
			d.park(j, d.step.Park)
			continue
		}
		d.take(j, &d.step)
	}
	return len(jobs)
}

// take does what Plan has said about a job.
func (d *Decision) take(j *Job, step *stores.Step) {
	if len(step.Skipped) > 0 {
		d.skip(j, step)
	}
	live := j.Live.Instances
	if len(step.Runs) > 0 {
		live++
		d.start(j, step)
	}
	m := Move{ID: j.ID, Job: j, Runs: len(step.Runs), Version: j.Version + 1, Next: rows.Time(rows.Micros(step.Next))}
	switch {
	case step.Ended:
		m.Next, m.Ended = time.Time{}, true
		d.Claimed.Ended = append(d.Claimed.Ended, j.ID)
	case step.Wait && live > 0:
		m.Waiting = true
	}
	d.Moves = append(d.Moves, m)
}

// start adds the runs of one instance. They have no IDs yet.
func (d *Decision) start(j *Job, step *stores.Step) {
	for i, t := range step.Runs {
		scheduled := rows.Time(rows.Micros(t))
		r := rows.Run{
			JobID: j.ID, Born: j.Born, Node: d.Node, Attempt: 1,
			Instance: int64(-i), Scheduled: scheduled, First: scheduled,
		}
		if i == 0 && !step.First.IsZero() {
			r.First = rows.Time(rows.Micros(step.First))
		}
		d.Started = append(d.Started, r)
		d.Claimed.Runs = append(d.Claimed.Runs, r.Told(j.Spec, d.alias))
	}
}

// skip reports times that MaxInstances forbids.
func (d *Decision) skip(j *Job, step *stores.Step) {
	o := owed{skip: len(d.Claimed.Skipped), record: len(d.records), max: j.Spec.MaxInstances()}
	s := stores.Skip{
		JobID: j.ID, Executor: j.Spec.Executor(), Times: slices.Clone(step.Skipped),
		Running: j.Live.Oldest, RunningSince: j.Live.Since,
	}
	d.Claimed.Skipped = append(d.Claimed.Skipped, s)
	for i, t := range step.Skipped {
		d.records = append(d.records, job.Record{
			JobID: j.ID, Outcome: job.Skipped, Scheduled: t, First: step.SkippedSince(i), Node: d.Node, Reason: s.SkipReason(o.max),
		})
	}
	if j.Live.Instances == 0 && len(step.Runs) > 0 {
		o.run = len(d.Started)
		d.owed = append(d.owed, o)
	}
}

// owed is a skip whose unfinished run has been started by the same step, and
// has no ID yet.
type owed struct {
	skip, record, run int // indices
	max               int // MaxInstances of its job
}

// Unnumbered returns how many IDs Number needs.
func (d *Decision) Unnumbered() int { return len(d.Started) }

// Number gives the runs that are started their IDs: Unnumbered of them, in
// ascending order and greater than that of any other run of these jobs.
func (d *Decision) Number(ids []int64) {
	told := d.Claimed.Runs[len(d.Claimed.Runs)-len(d.Started):]
	for i := range d.Started {
		r := &d.Started[i]
		r.ID, r.Instance = ids[i], ids[i+int(r.Instance)]
		told[i].ID, told[i].Instance = r.ID, r.Instance
	}
	for _, o := range d.owed {
		s := &d.Claimed.Skipped[o.skip]
		s.Running, s.RunningSince = d.Started[o.run].ID, d.Started[o.run].Scheduled
		for i := range s.Times {
			d.records[o.record+i].Reason = s.SkipReason(o.max)
		}
	}
}

// Records is what goes into the history, as recorded at this time.
func (d *Decision) Records(at time.Time) []job.Record {
	for i := range d.records {
		d.records[i].At = at
	}
	return d.records
}
