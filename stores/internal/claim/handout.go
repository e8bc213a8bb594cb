package claim

import "github.com/carillon-go/carillon/job"

// lostReason is the Reason of the records of lost runs.
const lostReason = "its scheduler has died; whether it was executed is unknown"

// Bury deals with the unfinished runs of nodes that have died, which are given
// in order of ID: they are lost, or held by nobody.
func (d *Decision) Bury(runs []Run) {
	d.buried = true
	for i := range runs {
		r := &runs[i]
		if r.Spec.Delivery() == job.AtLeastOnce && !r.Deleted {
			d.Freed = append(d.Freed, r.Run)
			continue
		}
		d.Lost = append(d.Lost, r.Run)
		d.Claimed.Lost = append(d.Claimed.Lost, r.Told(r.Spec, d.alias))
		d.records = append(d.records, job.Record{
			JobID: r.JobID, Outcome: job.Lost, Scheduled: r.Scheduled, First: r.First,
			RunID: r.ID, Attempt: r.Attempt, Node: r.Node, Reason: lostReason,
		})
	}
}

// HandOut gives the claimer runs that nobody holds, which are given in order of
// ID, as far as it can run them and Limit allows.
func (d *Decision) HandOut(runs []Run) {
	var instance int64
	for i := range runs {
		r := &runs[i]
		if r.Spec.Unfit(d.Known) != "" {
			continue
		}
		if len(d.Claimed.Runs) >= d.Limit && r.Instance != instance {
			d.Claimed.More = true
			return
		}
		instance = r.Instance
		taken := r.Run
		taken.Node = d.Node
		taken.Attempt++
		d.Taken = append(d.Taken, taken)
		d.Claimed.Runs = append(d.Claimed.Runs, taken.Told(r.Spec, d.alias))
	}
}
